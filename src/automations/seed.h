#pragma once

#include "automations/automations.h"

/// The `automations:` of a home file: a list of definitions, each with a name of its own.
namespace hearth::automations {

/// Checks the whole list as far as it can be checked without devices. Errors name the place:
/// "automations[1] "Sunset": triggers[0]: unknown key "att"; known are …".
Result<void> check_seed(const Value& list, const Limits& limits = {});

/// The `place:` of a home file, {latitude, longitude} in degrees; nothing where there is none.
/// Errors: invalid.
Result<std::optional<Place>> parse_place(const Value& value);

/// Adds what the home does not have yet, to wait for devices that have not joined. Call it after
/// the replay and before resume(). Each is planted once in the life of the home, and that it was is
/// kept in the journal (a note), so one that a person removed stays away. Where the file's words
/// have changed since, they become a new version, unless a person has changed the automation.
/// Errors: those of check_seed(); else the first one of those that could not be planted.
Result<void> plant(Automations& automations, home::Home& home, const Value& list,
                   const home::Cause& cause);

} // namespace hearth::automations
