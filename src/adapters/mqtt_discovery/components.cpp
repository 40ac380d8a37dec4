#include "adapters/mqtt_discovery/components.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace hearth::mqtt_discovery {
namespace {

struct Maker {
    std::string_view platform;
    MadeEntity (*make)(const Identity&, ConfigReader&);
};

constexpr auto makers = std::to_array<Maker>({
    {"alarm_control_panel", make_alarm_control_panel},
    {"binary_sensor", make_binary_sensor},
    {"button", make_button},
    {"climate", make_climate},
    {"cover", make_cover},
    {"device_automation", make_device_automation},
    {"event", make_event},
    {"fan", make_fan},
    {"humidifier", make_humidifier},
    {"lawn_mower", make_lawn_mower},
    {"light", make_light},
    {"lock", make_lock},
    {"number", make_number},
    {"scene", make_scene},
    {"select", make_select},
    {"sensor", make_sensor},
    {"siren", make_siren},
    {"switch", make_switch},
    {"tag", make_tag},
    {"text", make_text},
    {"update", make_update},
    {"vacuum", make_vacuum},
    {"valve", make_valve},
    {"water_heater", make_climate},
});

/// Options that every component may have and that are checked, though hearth has no use for them.
void check_common(ConfigReader& config) {
    config.text("unique_id");
    config.filter("json_attributes_topic");
    config.compiled("json_attributes_template");
    const double expire_after = config.number("expire_after", 0);
    if (expire_after < 0) config.refuse({Code::invalid, "expire_after must not be negative"});
}

} // namespace

Result<std::unique_ptr<Entity>> make_entity(const Identity& identity, ConfigReader& config) {
    check_common(config);
    const auto maker = std::ranges::find(makers, identity.platform, &Maker::platform);
    const bool is_known = maker != makers.end();
    MadeEntity entity = is_known ? maker->make(identity, config) : make_other(identity, config);
    if (config.error()) return std::unexpected(*config.error());
    const bool is_empty = entity == nullptr || entity->offers().empty();
    if (is_empty && !is_known)
        return fail(Code::refused, "{} is not supported yet", identity.platform);
    if (is_empty)
        return fail(Code::refused, "a {} without a topic to read or to set says nothing",
                    identity.platform);
    return entity;
}

} // namespace hearth::mqtt_discovery
