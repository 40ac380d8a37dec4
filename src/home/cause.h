#pragma once

#include "base/value.h"
#include "home/ids.h"

#include <optional>
#include <string>
#include <string_view>

namespace hearth::home {

/// Who or what led to something.
struct Cause {
    enum class By : std::uint8_t { device, person, automation, sentence, api, agent };

    By by = By::device;
    /// Which device, person, automation… ; for `api` the name of the token or the part of hearth.
    std::string id;
    /// The event that it answers; 0 for none.
    EventId event = 0;

    bool operator==(const Cause&) const = default;
};

std::string_view to_string(Cause::By by);
std::optional<Cause::By> parse_cause_by(std::string_view text);

/// {"by": "device", "id": "…", "event": 12}; `event` only where there is one.
Value to_value(const Cause& cause);

} // namespace hearth::home
