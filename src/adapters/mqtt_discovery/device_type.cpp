#include "adapters/mqtt_discovery/assembly.h"

#include <algorithm>
#include <array>

namespace hearth::mqtt_discovery {
namespace {

struct TypeOf {
    std::string_view what;
    std::string_view type;
};

/// What a device is that has such a component: the first that it has decides.
constexpr auto by_platform = std::to_array<TypeOf>({
    {"lock", "lock"},
    {"cover", "cover"},
    {"climate", "thermostat"},
    {"water_heater", "thermostat"},
    {"vacuum", "vacuum"},
    {"lawn_mower", "lawn_mower"},
    {"humidifier", "humidifier"},
    {"fan", "fan"},
    {"light", "light"},
    {"alarm_control_panel", "alarm_panel"},
    {"valve", "valve"},
});

/// What lets somebody in is no mere curtain: sentences ask before they open it.
constexpr auto by_cover_class =
    std::to_array<TypeOf>({{"garage", "garage_door"}, {"gate", "gate"}, {"door", "door"}});

/// Else what it tells: what warns before what measures.
constexpr auto by_capability = std::to_array<TypeOf>({
    {"smoke.detected", "smoke_sensor"},
    {"carbon_monoxide.detected", "gas_sensor"},
    {"gas.detected", "gas_sensor"},
    {"leak.wet", "leak_sensor"},
    {"occupancy.occupied", "motion_sensor"},
    {"contact.open", "contact_sensor"},
    {"vibration.detected", "vibration_sensor"},
    {"temperature.celsius", "sensor"},
    {"humidity.percent", "sensor"},
    {"illuminance.lux", "sensor"},
    {"pressure.hpa", "sensor"},
    {"moisture.percent", "sensor"},
    {"carbon_dioxide.ppm", "sensor"},
    {"carbon_monoxide.ppm", "sensor"},
    {"particulates.pm25", "sensor"},
    {"volatile_organics.ppb", "sensor"},
    {"volatile_organics.ugm3", "sensor"},
    {"sound.detected", "sensor"},
    {"power.watts", "meter"},
    {"energy.kwh", "meter"},
    {"current.amperes", "meter"},
    {"water.litres", "meter"},
});

/// Of these every battery-powered device has some; they say nothing of what it is for.
bool is_upkeep(const AssembledAttribute& attribute) {
    constexpr auto upkeep =
        std::to_array<std::string_view>({"battery", "signal", "tamper", "problem", "button"});
    const home::Path& path = attribute.spec.path;
    const std::string_view capability =
        path.capability_attribute().substr(0, path.capability_attribute().find('.'));
    if (std::ranges::find(upkeep, capability) != upkeep.end()) return true;
    const Component& component = *attribute.sources.front().component;
    return !component.identity.is_plain() || component.identity.platform == "update" ||
           component.identity.platform == "device_automation" ||
           component.identity.platform == "event";
}

/// Remote controls tell what was done to them in words of their own: "action", "click_l1".
bool is_press(const AssembledAttribute& attribute) {
    constexpr auto words = std::to_array<std::string_view>({"action", "button", "click", "press"});
    const home::Path& path = attribute.spec.path;
    if (!path.capability_attribute().starts_with("untyped.")) return false;
    const std::string_view name = path.attribute();
    return std::ranges::any_of(words, [&](std::string_view word) {
        return name == word || (name.starts_with(word) && name[word.size()] == '_');
    });
}

} // namespace

std::string device_type(const std::vector<Component*>& components,
                        const std::vector<AssembledAttribute>& attributes) {
    const auto has_platform = [&](std::string_view platform) {
        return std::ranges::any_of(components, [&](const Component* component) {
            return component->identity.platform == platform && component->identity.is_plain();
        });
    };
    const auto has = [&](std::string_view path) {
        return std::ranges::any_of(attributes, [&](const AssembledAttribute& attribute) {
            return attribute.spec.path.capability_attribute() == path;
        });
    };
    for (const auto& [device_class, type] : by_cover_class)
        if (std::ranges::any_of(components, [&](const Component* component) {
                return component->identity.platform == "cover" && component->identity.is_plain() &&
                       component->device_class == device_class;
            }))
            return std::string(type);
    for (const auto& [platform, type] : by_platform)
        if (has_platform(platform)) return std::string(type);
    const bool relay = has("on_off.on") && has_platform("switch");
    if (relay) return has("power.watts") || has("energy.kwh") ? "plug" : "switch";
    for (const auto& [path, type] : by_capability)
        if (has(path)) return std::string(type);
    if (has_platform("siren")) return "siren";
    if (!std::ranges::all_of(attributes, is_upkeep)) return "sensor";
    // It tells of its battery, its presses or nothing else: a remote control.
    if (has_platform("button") || has_platform("event") || has_platform("device_automation") ||
        has("battery.percent") || has("battery.low") || std::ranges::any_of(attributes, is_press))
        return "button";
    return "unknown";
}

} // namespace hearth::mqtt_discovery
