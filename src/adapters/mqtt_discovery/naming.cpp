#include "adapters/mqtt_discovery/naming.h"

#include "adapters/mqtt_discovery/templates.h"
#include "base/text.h"

#include <algorithm>
#include <array>
#include <functional>
#include <optional>
#include <vector>

namespace hearth::mqtt_discovery {
namespace {

constexpr std::size_t longest_name = 60;

struct PathWords {
    std::string_view path;
    std::vector<std::string_view> words; ///< longest first
};

/// What devices call the things that hearth has words for, as slugs.
const std::vector<PathWords>& path_words() {
    static const std::vector<PathWords> table = {
        {"on_off.on",
         {"on_off", "switch", "socket", "output", "outlet", "light", "relay", "power", "state",
          "onoff", "plug", "gang", "out", "fan", "on", "rl", "sw"}},
        {"temperature.celsius", {"temperature", "temp"}},
        {"humidity.percent", {"humidity", "hum"}},
        {"illuminance.lux", {"illuminance_lux", "illuminance", "ambient_light", "lux"}},
        {"pressure.hpa", {"atmospheric_pressure", "pressure", "press"}},
        {"battery.percent",
         {"battery_percentage", "battery_level", "battery_percent", "battery", "batt"}},
        {"battery.low", {"battery_low", "battery", "batt"}},
        {"battery.volts", {"battery_voltage", "voltage", "volt"}},
        {"power.watts", {"active_power", "power"}},
        {"power.apparent_va", {"apparent_power", "power_apparent", "apparentpower"}},
        {"power.reactive_var", {"reactive_power", "power_reactive", "reactivepower"}},
        {"power.factor", {"power_factor", "powerfactor", "factor"}},
        {"energy.kwh", {"energy_consumption", "energy"}},
        {"current.amperes", {"current"}},
        {"voltage.volts", {"voltage", "volt"}},
        {"frequency.hertz", {"ac_frequency", "frequency", "freq"}},
        {"carbon_dioxide.ppm", {"carbon_dioxide", "co2"}},
        {"carbon_monoxide.ppm", {"carbon_monoxide", "co"}},
        {"carbon_monoxide.detected", {"carbon_monoxide", "co"}},
        {"particulates.pm1", {"pm1"}},
        {"particulates.pm25", {"pm2_5", "pm25"}},
        {"particulates.pm10", {"pm10"}},
        {"volatile_organics.ppb", {"tvoc", "voc"}},
        {"volatile_organics.ugm3", {"tvoc", "voc"}},
        {"moisture.percent", {"soil_moisture", "moisture"}},
        {"water.litres", {"water_consumed", "water"}},
        {"signal.rssi_dbm", {"rssi", "signal"}},
        {"occupancy.occupied", {"occupancy", "presence", "motion", "pir"}},
        {"contact.open", {"contact", "window", "door", "opening", "open"}},
        {"leak.wet", {"water_leak", "leak", "water", "moisture"}},
        {"smoke.detected", {"smoke"}},
        {"gas.detected", {"gas"}},
        {"vibration.detected", {"vibration"}},
        {"sound.detected", {"sound"}},
        {"tamper.detected", {"tamper"}},
        {"problem.detected", {"problem"}},
        {"battery.charging", {"battery_charging", "charging"}},
        {"button.press", {"button", "press"}},
        {"cover.position", {"cover"}},
        {"lock.state", {"lock"}},
        {"thermostat.target", {"climate", "thermostat"}},
        {"level.percent", {"brightness", "level"}},
    };
    return table;
}

std::vector<std::string_view> words_of(std::string_view path) {
    for (const PathWords& entry : path_words())
        if (entry.path == path) return entry.words;
    return {};
}

bool is_number(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// The key without the word; empty where it is the word itself; nothing where it has none.
std::optional<std::string> without(std::string_view key, std::string_view word) {
    if (key == word) return std::string();
    const std::size_t at = key.find(word);
    if (at == key.npos) return std::nullopt;
    std::string_view before = key.substr(0, at);
    std::string_view after = key.substr(at + word.size());
    const bool starts = before.empty() || before.back() == '_';
    const bool ends = after.empty() || after.front() == '_' || is_number(after);
    if (!starts || !ends) return std::nullopt;
    if (before.ends_with('_')) before.remove_suffix(1);
    if (after.starts_with('_')) after.remove_prefix(1);
    if (before.empty() || after.empty()) return std::string(before) + std::string(after);
    return std::string(before) + "_" + std::string(after);
}

/// What stands beside the word where a device has only one of a thing, or means the main one.
bool is_main_qualifier(std::string_view rest) {
    constexpr auto main_words = std::to_array<std::string_view>(
        {"local", "room", "current", "indoor", "air", "total", "main", "measured", "actual",
         "ambient", "inside", "instantaneous", "consumption", "active"});
    return std::ranges::find(main_words, rest) != main_words.end();
}

/// Drops what only repeats the device: "0x00158d_contact", "kitchen_plug_power".
std::string without_device(std::string name, const DiscoveryTopic& topic,
                           const DeviceInfo& device) {
    std::vector<std::string> parts;
    for (const std::string& id : device.ids)
        parts.push_back(slug(id));
    if (!device.name.empty()) parts.push_back(slug(device.name));
    if (!topic.node_id.empty()) parts.push_back(slug(topic.node_id));
    if (topic.is_device_form()) parts.push_back(slug(topic.object_id));
    std::ranges::sort(parts, std::greater<>{}, &std::string::size);
    for (const std::string& part : parts) {
        if (name.size() > part.size() + 1 && name.starts_with(part) && name[part.size()] == '_')
            return name.substr(part.size() + 1);
        if (name.size() > part.size() + 1 && name.ends_with(part) &&
            name[name.size() - part.size() - 1] == '_')
            return name.substr(0, name.size() - part.size() - 1);
    }
    return name;
}

/// Only a value that comes from a single place is called after it.
std::string place_of(const ValueMap& options) {
    const Value* source = options.find("value_template");
    if (source == nullptr) source = options.find("state_value_template");
    const std::string* text = source != nullptr ? source->as_string() : nullptr;
    if (text == nullptr) return {};
    const std::vector<std::string> places = json_places(*text);
    return places.size() == 1 ? short_slug(places.front()) : std::string();
}

/// These read several places or have one of no meaning ("state"): they are called by their object.
bool is_compound(std::string_view platform) {
    constexpr auto compound = std::to_array<std::string_view>(
        {"climate", "cover", "fan", "humidifier", "lawn_mower", "light", "lock", "siren", "update",
         "vacuum", "valve", "water_heater", "alarm_control_panel"});
    return std::ranges::find(compound, platform) != compound.end();
}

} // namespace

std::string label_of(std::string_view name, std::string_view device_name) {
    constexpr std::string_view between = " -_:.,/";
    if (device_name.empty() || !equal_fold(name.substr(0, device_name.size()), device_name))
        return std::string(name);
    std::string_view rest = name.substr(device_name.size());
    // A "Lampion" is no part of a "Lamp"; from U+3000 on are scripts that set nothing between
    // words.
    const bool ends = rest.empty() || between.contains(rest.front()) ||
                      static_cast<unsigned char>(rest.front()) >= 0xE3;
    if (!ends) return std::string(name);
    rest.remove_prefix(std::min(rest.find_first_not_of(between), rest.size()));
    std::string label(rest);
    const bool is_capital = name.front() >= 'A' && name.front() <= 'Z';
    if (is_capital && !label.empty() && label.front() >= 'a' && label.front() <= 'z')
        label.front() = static_cast<char>(label.front() - 'a' + 'A');
    return label;
}

std::string short_slug(std::string_view text) {
    std::string name = slug(text);
    if (name.size() <= longest_name) return name;
    std::size_t end = longest_name;
    while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xC0) == 0x80)
        --end; // not in the middle of a character
    name.resize(end);
    return name;
}

Identity identify(const DiscoveryTopic& topic, const ComponentConfig& component,
                  const DeviceInfo& device) {
    Identity identity;
    identity.platform = component.platform;
    identity.object = short_slug(without_device(slug(component.object_id), topic, device));
    const std::string prefix = component.platform + "_";
    if (identity.object.size() > prefix.size() && identity.object.starts_with(prefix))
        identity.object.erase(0, prefix.size());
    if (!is_compound(component.platform)) identity.place = place_of(component.options);
    const Value* name = component.options.find("name");
    identity.main = name != nullptr && name->is_null();
    const std::string_view category = component.options.find("entity_category") != nullptr
                                          ? component.options.find("entity_category")->string_or("")
                                          : std::string_view();
    identity.setting = category == "config";
    identity.diagnostic = category == "diagnostic";
    return identity;
}

bool speaks_of(std::string_view key, std::string_view path) {
    // A limit or a wish in °C is no temperature that was measured.
    constexpr auto no_measurement = std::to_array<std::string_view>(
        {"limit", "setpoint", "threshold", "calibration", "offset", "target", "max", "min",
         "maximum", "minimum", "correction", "delta", "set"});
    for (const std::string_view part : split(key, '_'))
        if (std::ranges::find(no_measurement, part) != no_measurement.end()) return false;
    return std::ranges::any_of(words_of(path), [&](std::string_view word) {
        return (key.starts_with(word) || key.ends_with(word)) && without(key, word).has_value();
    });
}

Claim claim_of(std::string_view key, std::string_view path) {
    for (const std::string_view word : words_of(path)) {
        const std::optional<std::string> rest = without(key, word);
        if (!rest) continue;
        if (rest->empty()) return Claim::own;
        return is_main_qualifier(*rest) ? Claim::likely : Claim::plain;
    }
    return Claim::plain;
}

std::string endpoint_of(std::string_view key, std::string_view path, std::string_view platform) {
    std::vector<std::string_view> words = words_of(path);
    words.push_back(platform);
    for (const std::string_view word : words) {
        const std::optional<std::string> rest = without(key, word);
        if (rest && !rest->empty()) return *rest;
    }
    return std::string(key);
}

} // namespace hearth::mqtt_discovery
