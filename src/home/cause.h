#pragma once

#include "base/value.h"
#include "home/ids.h"

#include <optional>
#include <string>
#include <string_view>

namespace hearth::home {

/// Somebody who asks for things or tells them.
struct Subject {
    enum class Kind : std::uint8_t {
        nobody,
        person,
        token, ///< an API token; its rights are those of the person who made it
        agent, ///< a language model or another program that acts by itself
        automation,
        device,
        hub, ///< hearth itself, and who holds the token of its data folder
    };

    Kind kind = Kind::nobody;
    /// The person's, automation's or device's id, or the token's name; of `hub` which part of it.
    std::string id = {};

    bool operator==(const Subject&) const = default;
};

/// The way by which somebody asked. `none` is no way between: a device that reports, hearth itself;
/// and what older journals do not tell.
enum class Via : std::uint8_t { none, page, api, sentence, rule, cli, mcp };

/// Who led to something, how, and in answer to what.
struct Cause {
    Subject subject = {};
    Via via = Via::none;
    std::string said = {}; ///< the words of a sentence; empty but for Via::sentence
    EventId event = 0;     ///< the event that it answers; 0 for none

    static Cause of_device(DeviceId id, EventId event = 0);
    static Cause of_automation(std::string id, EventId event = 0);
    static Cause of_person(std::string id, Via via = Via::page);
    /// What hearth does by itself, as one of its parts (`limit of devices`).
    static Cause of_hub(std::string part, Via via = Via::none);

    bool is_by(Subject::Kind kind) const { return subject.kind == kind; }

    bool operator==(const Cause&) const = default;
};

/// The parts of hearth that ask for something under a name of their own. No token is called so: who
/// asked must be plain.
bool is_own_part(std::string_view name);
/// Who holds the token of the data folder: the command line on the hub's machine.
constexpr std::string_view admin_part = "admin token";

std::string_view to_string(Subject::Kind kind);
std::string_view to_string(Via via);

/// {"subject": {"kind": "person", "id": "…"}, "via": "sentence", "said": "…", "event": 12}; what
/// there is not is left out.
Value to_value(const Cause& cause);

} // namespace hearth::home
