#include "app/home_setup.h"

#include "app/hub_options.h"
#include "automations/seed.h"
#include "net/system_zone.h"

namespace hearth::app {

Result<HomeSetup> read_home_setup(const ServeOptions& options, const Settings& settings) {
    HomeSetup setup{.settings = settings, .anonymous = options.anonymous};
    if (!options.home.empty()) {
        auto seed = read_home_file(options.home);
        if (!seed) return std::unexpected(seed.error());
        setup.seed = std::move(*seed);
    }
    auto place = read_place(settings);
    if (place && !*place && setup.seed) place = automations::parse_place(setup.seed->place);
    if (!place) return std::unexpected(place.error());
    setup.place = *place;
    auto zone = net::system_zone(settings.text("home.time_zone"));
    if (!zone) return std::unexpected(zone.error());
    setup.zone = std::move(*zone);
    return setup;
}

} // namespace hearth::app
