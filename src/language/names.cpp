#include "language/names.h"

#include "language/normalize.h"
#include "language/ranges.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace hearth::language {
namespace {

/// What makes a device one of a domain: an attribute that it has. The first that fits is what the
/// device is in the first place.
constexpr std::array<std::pair<std::string_view, std::string_view>, 13> domain_attributes{{
    {"lock.state", "lock"},
    {"cover.position", "cover"},
    {"cover.motion", "cover"},
    {"thermostat.target", "climate"},
    {"fan.speed", "fan"},
    {"media.state", "media_player"},
    {"media.volume", "media_player"},
    {"occupancy.occupied", "binary_sensor"},
    {"contact.open", "binary_sensor"},
    {"leak.wet", "binary_sensor"},
    {"smoke.detected", "binary_sensor"},
    {"vibration.detected", "binary_sensor"},
    {"gas.detected", "binary_sensor"},
}};

constexpr std::array<std::string_view, 10> measured{
    "temperature.celsius", "humidity.percent",  "illuminance.lux", "pressure.hpa",
    "power.watts",         "energy.kwh",        "battery.percent", "moisture.percent",
    "carbon_dioxide.ppm",  "particulates.pm25",
};

bool has(const home::Device& device, std::string_view capability_attribute) {
    return std::ranges::any_of(device.attributes, [&](const home::Attribute& attribute) {
        return attribute.spec->path.capability_attribute() == capability_attribute;
    });
}

bool is_one_of(const Value& value, std::string_view word) {
    return value.string_or("") == word;
}

bool wants(const ContextNeed& need, const Named& device) {
    return std::ranges::any_of(need.values, [&](const Value& value) {
        if (need.key == "device_class") return is_one_of(value, device.device_class);
        return std::ranges::any_of(device.domains,
                                   [&](std::string_view own) { return is_one_of(value, own); });
    });
}

/// A device is excluded where nothing of it is left: a plug that measures is no mere sensor.
bool excludes(const ContextNeed& need, const Named& device) {
    if (need.key == "device_class") return wants(need, device);
    return !device.domains.empty() &&
           std::ranges::all_of(device.domains, [&](std::string_view own) {
               return std::ranges::any_of(
                   need.values, [&](const Value& value) { return is_one_of(value, own); });
           });
}

} // namespace

std::vector<std::string_view> domains_of(const home::Device& device) {
    std::vector<std::string_view> domains;
    const auto add = [&](std::string_view domain) {
        if (std::ranges::find(domains, domain) == domains.end()) domains.push_back(domain);
    };
    for (const auto& [attribute, domain] : domain_attributes)
        if (has(device, attribute)) add(domain);
    const bool switches = has(device, "on_off.on");
    const bool shines =
        has(device, "level.percent") || has(device, "color.hue") || has(device, "color.kelvin");
    const bool is_other = !domains.empty() && domains.front() != "binary_sensor";
    if (device.type == "light" || (switches && shines && !is_other))
        add("light");
    else if (switches && !is_other)
        add("switch");
    for (const std::string_view attribute : measured)
        if (has(device, attribute)) add("sensor");
    return domains;
}

bool has_domain(const home::Device& device, std::string_view domain) {
    return contains(domains_of(device), domain);
}

bool fits(const Named& device, const Filter& filter) {
    return std::ranges::all_of(filter.requires_context,
                               [&](const ContextNeed& need) {
                                   return need.values.empty() || wants(need, device);
                               }) &&
           std::ranges::none_of(filter.excludes_context,
                                [&](const ContextNeed& need) { return excludes(need, device); });
}

/// Gathers the things of one kind by their text.
class HomeNames::Builder {
public:
    explicit Builder(Kind& kind)
        : kind_(kind) {}

    void add(std::string_view spelling, Named thing) {
        std::string text = normalize_name(spelling);
        if (text.empty()) return;
        const auto [entry, is_new] =
            texts_.emplace(std::move(text), static_cast<std::uint32_t>(kind_.things.size()));
        if (is_new) kind_.things.emplace_back();
        std::vector<Named>& things = kind_.things[entry->second];
        // "Salon" and "salon" of one area are one name.
        if (contains(things, thing.id, &Named::id)) return;
        thing.spelling = spelling;
        things.push_back(std::move(thing));
    }

    void finish() { kind_.trie = Trie({texts_.begin(), texts_.end()}); }

private:
    Kind& kind_;
    std::map<std::string, std::uint32_t> texts_;
};

HomeNames::HomeNames(const home::Home& home) {
    Builder devices(kinds_[0]);
    Builder areas(kinds_[1]);
    Builder floors(kinds_[2]);
    for (const home::Device* device : home.devices()) {
        const Named named{device->id, "", domains_of(*device), device->type};
        devices.add(device->name(), named);
        for (const std::string& alias : device->aliases)
            devices.add(alias, named);
    }
    for (const auto& [id, area] : home.areas()) {
        areas.add(area.name, {id, "", {}, ""});
        for (const std::string& alias : area.aliases)
            areas.add(alias, {id, "", {}, ""});
        floors.add(area.floor, {area.floor, "", {}, ""});
    }
    devices.finish();
    areas.finish();
    floors.finish();
}

} // namespace hearth::language
