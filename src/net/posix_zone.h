#pragma once

#include "base/result.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace hearth::net {

/// A time zone as one line of rules, "CET-1CEST,M3.5.0,M10.5.0/3": POSIX.1-2017, section 8.3, with
/// the hours from -167 to 167 of RFC 9636, section 3.3.1. It stands at the end of a zone file, for
/// the time after the last change that the file lists, or in $TZ. A value; in seconds.
class PosixZone {
public:
    /// Summer time without rules ("EST5EDT") follows those of the United States, as in the C
    /// library. Errors: invalid.
    static Result<PosixZone> parse(std::string_view text);

    /// How far local clocks are ahead of UTC at a moment, in seconds since 1970.
    std::int32_t offset_at(std::int64_t utc) const;

private:
    /// A day of each year, and the time on local clocks at which they are changed.
    struct Change {
        enum class By { weekday, day_without_leap, day };

        std::int64_t in_year(int number) const; ///< seconds since 1970, on local clocks

        By by = By::weekday;
        unsigned month = 1;
        unsigned week = 1; ///< 5 is the last
        unsigned day = 0;  ///< of the week, 0 is Sunday; else of the year
        std::int32_t time = 2 * 3600;
    };
    struct Summer {
        std::int32_t offset = 0;
        Change begin; ///< on clocks of the standard time
        Change end;   ///< on clocks of the summer time
    };
    class Parser;

    std::int32_t standard_ = 0;
    std::optional<Summer> summer_;
};

} // namespace hearth::net
