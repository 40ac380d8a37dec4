#pragma once

#include "language/language.h"
#include "language/names.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What the packages' intents, domains and device classes are in hearth's capabilities.
namespace hearth::language {

/// Intents that change something: HassTurnOn, HassTurnOff, HassLightSet, HassSetPosition.
bool is_action(std::string_view intent);
/// Intents that ask: HassGetState, HassClimateGetTemperature.
bool is_query(std::string_view intent);

/// An intent for a device, seen as one of a domain.
struct Wish {
    std::string_view intent;
    std::string domain;
    const std::vector<Slot>& slots;
};

/// What to ask of a device or a part of it; empty where it cannot, or where a value does not fit
/// it. To turn a cover on is to open it, to turn a lock on is to lock it.
std::vector<home::Ask> asks_of(const Part& part, const Wish& wish);

/// The first of the wanted domains that a device has; else what it is in the first place.
std::string domain_in(const Part& part, const std::vector<std::string>& wanted);

/// The attribute that tells the state of a device as one of a domain.
std::optional<home::Path> path_of_domain(const Part& part, std::string_view domain);
/// The attribute that tells a measure or a state of that class: "temperature", "door", "battery".
std::optional<home::Path> path_of_class(const Part& part, std::string_view device_class);

} // namespace hearth::language
