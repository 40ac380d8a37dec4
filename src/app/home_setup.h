#pragma once

#include "app/serve.h"
#include "automations/sun.h"
#include "base/settings.h"
#include "home/seed.h"
#include "net/zone_rules.h"

#include <cstddef>
#include <optional>

namespace hearth::app {

/// How one home is set up, as its settings and its home file say.
struct HomeSetup {
    Settings settings;
    net::ZoneRules zone;
    std::optional<automations::Place> place;
    std::optional<home::HomeSeed> seed;     ///< the home file, still to be planted
    std::size_t mqtt_connections = 100'000; ///< that there may be at once
    bool anonymous = false;                 ///< MQTT clients need no name
};

/// Reads the home file and looks up zone and place: as the settings say, else as the home file
/// does. Errors: invalid, not_found, io; they name the file or the setting.
Result<HomeSetup> read_home_setup(const ServeOptions& options, const Settings& settings);

} // namespace hearth::app
