#pragma once

#include "base/value.h"
#include "home/ids.h"

#include <optional>
#include <string>
#include <string_view>

namespace hearth::home {

/// Somebody who asks for things.
struct Subject {
    enum class Kind : std::uint8_t {
        nobody,
        person,
        token, ///< an API token
        admin, ///< who has the token of the data folder: the command line on the hub's machine
    };

    Kind kind = Kind::nobody;
    std::string id; ///< the person's, or the token's name; empty for `admin`

    bool operator==(const Subject&) const = default;
};

/// Who or what led to something.
struct Cause {
    enum class By : std::uint8_t { device, person, automation, sentence, api, agent };

    By by = By::device;
    /// Which device, person, automation… ; for `api` the name of the token or the part of hearth;
    /// for `sentence` its words.
    std::string id;
    /// The event that it answers; 0 for none.
    EventId event = 0;
    /// Where `by` and `id` tell how and not who, as of a sentence: who it was. Else nobody.
    Subject subject = {};

    bool operator==(const Cause&) const = default;
};

/// What of hearth itself asks through `api`. No token is called so: who asked must be plain.
bool is_own_part(std::string_view api_id);

std::string_view to_string(Cause::By by);
std::optional<Cause::By> parse_cause_by(std::string_view text);
std::string_view to_string(Subject::Kind kind);

/// {"by": "sentence", "id": "…", "event": 12, "subject": {"kind": "person", "id": "…"}}; `event`
/// and `subject` only where there is one.
Value to_value(const Cause& cause);

} // namespace hearth::home
