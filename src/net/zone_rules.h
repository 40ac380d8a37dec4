#pragma once

#include "base/result.h"
#include "base/time.h"
#include "net/posix_zone.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace hearth::net {

/// The local time of one place, as its zone file tells it (TZif, RFC 9636): the changes that were
/// and are known, and a line of rules for what comes after. A value of some kilobytes that asks
/// nobody: each home has its own, and may be asked from any thread.
class ZoneRules final : public TimeZone {
public:
    /// Longest file that is read; the longest there is has 4 KiB.
    static constexpr std::size_t most_bytes = 64U << 10;

    /// UTC.
    ZoneRules() = default;
    /// Always by these rules.
    explicit ZoneRules(const PosixZone& zone)
        : after_(zone) {}

    /// A zone file's content, of any version. Leap seconds are left aside, as in the C library's
    /// offsets. Errors: damaged.
    static Result<ZoneRules> read(std::string_view file);

    Micros offset_at(Micros utc) const override;

private:
    /// From a moment on, in seconds since 1970; the offset too.
    struct Change {
        std::int64_t at = 0;
        std::int32_t offset = 0;
    };
    class Reader;

    std::int32_t before_ = 0; ///< the offset before the first change
    std::vector<Change> changes_;
    std::optional<PosixZone> after_; ///< from the last change on
};

} // namespace hearth::net
