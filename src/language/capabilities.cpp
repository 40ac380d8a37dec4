#include "language/capabilities.h"

#include "catalog/device_types.h"
#include "language/ranges.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <utility>

namespace hearth::language {
namespace {

/// All attributes of that name; the main endpoint's alone where there is one.
std::vector<const home::Attribute*> find_all(const Part& part, std::string_view name) {
    std::vector<const home::Attribute*> found;
    for (const home::Attribute& attribute : part.attributes) {
        if (attribute.spec->path.capability_attribute() != name) continue;
        if (attribute.spec->path.endpoint().empty()) return {&attribute};
        found.push_back(&attribute);
    }
    return found;
}

std::optional<home::Path> find_path(const Part& part, std::string_view name) {
    const auto found = find_all(part, name);
    if (found.empty()) return std::nullopt;
    return found.front()->spec->path;
}

/// The first of these that it has.
std::optional<home::Path> find_first(const Part& part, std::span<const std::string> names) {
    for (const std::string& name : names)
        if (auto path = find_path(part, name)) return path;
    return std::nullopt;
}

std::vector<home::Ask> set(const Part& part, std::string_view name, const Value& value) {
    std::vector<home::Ask> asks;
    for (const home::Attribute* attribute : find_all(part, name))
        if (attribute->spec->writable && home::check_value(*attribute->spec, value))
            asks.push_back({attribute->spec->path, value});
    return asks;
}

std::vector<home::Ask> open_or_close(const Part& part, bool open) {
    auto asks = set(part, "cover.position", open ? 100 : 0);
    return asks.empty() ? set(part, "cover.motion", open ? "opening" : "closing") : asks;
}

std::vector<home::Ask> turn(const Part& part, std::string_view domain, bool on) {
    if (domain == "cover") return open_or_close(part, on);
    if (domain == "lock") return set(part, "lock.state", on ? "locked" : "unlocked");
    auto asks = set(part, "on_off.on", on);
    return asks.empty() ? set(part, "media.state", on ? "on" : "off") : asks;
}

const Value* slot(const Wish& wish, std::string_view name) {
    const auto found = std::ranges::find(wish.slots, name, &Slot::name);
    return found == wish.slots.end() ? nullptr : &found->value;
}

/// Numbers without needless digits: 21, 20.5.
std::string number_text(double number) {
    const double rounded = std::round(number * 10) / 10;
    return fmt::format("{}", rounded == 0 ? 0.0 : rounded);
}

} // namespace

bool is_action(std::string_view intent) {
    constexpr std::array<std::string_view, 4> known{"HassTurnOn", "HassTurnOff", "HassLightSet",
                                                    "HassSetPosition"};
    return contains(known, intent);
}

bool is_query(std::string_view intent) {
    return intent == "HassGetState" || intent == "HassClimateGetTemperature";
}

std::vector<home::Ask> asks_of(const Part& part, const Wish& wish) {
    if (wish.intent == "HassTurnOn") return turn(part, wish.domain, true);
    if (wish.intent == "HassTurnOff") return turn(part, wish.domain, false);
    if (wish.intent == "HassLightSet")
        if (const Value* brightness = slot(wish, "brightness"))
            return set(part, "level.percent", *brightness);
    if (wish.intent == "HassSetPosition")
        if (const Value* position = slot(wish, "position"))
            return set(part, "cover.position", *position);
    return {};
}

std::string domain_in(const Part& part, const std::vector<std::string>& wanted) {
    const auto own = domains_of(part);
    for (const std::string& domain : wanted)
        if (contains(own, domain)) return domain;
    return own.empty() ? "" : std::string(own.front());
}

std::optional<home::Path> path_of_domain(const Part& part, std::string_view domain) {
    const catalog::Domain* known = catalog::DeviceTypes::builtin().domain(domain);
    return known != nullptr ? find_first(part, known->state) : std::nullopt;
}

std::optional<home::Path> path_of_class(const Part& part, std::string_view device_class) {
    return find_first(part, catalog::DeviceTypes::builtin().of_class(device_class));
}

std::string state_of(const home::Device& device, const home::Path& path) {
    const home::Attribute* attribute = device.find(path.text);
    if (!attribute || attribute->reported.is_null()) return "unknown";
    const Value& value = attribute->reported;
    if (path.capability_attribute() == "cover.position")
        return value.number_or(0) > 0 ? "open" : "closed";
    if (value.is_bool()) return *value.as_bool() ? "on" : "off";
    if (value.is_number()) return number_text(value.number_or(0));
    return std::string(value.string_or("unknown"));
}

} // namespace hearth::language
