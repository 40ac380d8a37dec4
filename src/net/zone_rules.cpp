#include "net/zone_rules.h"

#include <algorithm>
#include <string>

namespace hearth::net {
namespace {

constexpr std::size_t header_bytes = 44;
constexpr std::size_t type_bytes = 6;
/// RFC 9636, section 3.2: further from UTC no clock goes.
constexpr std::int32_t furthest = 26 * 3600;

/// Big-endian, two's complement.
std::int64_t number_at(std::string_view bytes, std::size_t at, std::size_t length) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < length; ++i)
        value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
    return length == 4 ? static_cast<std::int32_t>(static_cast<std::uint32_t>(value))
                       : static_cast<std::int64_t>(value);
}

std::unexpected<Error> damaged(std::string_view what) {
    return fail(Code::damaged, "it is no zone file (TZif) that can be read: {}", what);
}

} // namespace

/// One header with its data: a file has two from version 2 on, the first in 32 bits for old
/// programs.
class ZoneRules::Reader {
public:
    explicit Reader(std::string_view bytes)
        : bytes_(bytes) {}

    /// Of a header whose times have `width` bytes.
    Result<void> open(std::size_t width) {
        if (bytes_.size() < header_bytes || !bytes_.starts_with("TZif"))
            return damaged("it does not begin as one");
        width_ = width;
        utc_marks_ = count(20);
        standard_marks_ = count(24);
        leaps_ = count(28);
        times_ = count(32);
        types_ = count(36);
        characters_ = count(40);
        if (size() > bytes_.size()) return damaged("it ends too early");
        if (types_ == 0 || types_ > 256) return damaged("it has no kinds of local time");
        return {};
    }

    bool is_of_version_1() const { return bytes_[4] == '\0'; }
    std::string_view rest() const { return bytes_.substr(size()); }

    Result<void> read(ZoneRules& rules) const {
        const std::size_t kinds_at = header_bytes + times_ * width_;
        const std::size_t types_at = kinds_at + times_;
        const auto offset_of = [&](std::size_t type) {
            return static_cast<std::int32_t>(number_at(bytes_, types_at + type * type_bytes, 4));
        };
        for (std::size_t type = 0; type < types_; ++type)
            if (offset_of(type) < -furthest || offset_of(type) > furthest)
                return damaged("a clock is more than a day off");
        rules.before_ = offset_of(0);
        rules.changes_.reserve(times_);
        for (std::size_t i = 0; i < times_; ++i) {
            const auto type = static_cast<unsigned char>(bytes_[kinds_at + i]);
            const std::int64_t at = number_at(bytes_, header_bytes + i * width_, width_);
            if (type >= types_) return damaged("it names a kind of local time that it has not");
            if (i > 0 && at <= rules.changes_.back().at) return damaged("it is out of order");
            rules.changes_.push_back({at, offset_of(type)});
        }
        return {};
    }

private:
    std::size_t count(std::size_t at) const {
        return static_cast<std::uint32_t>(number_at(bytes_, at, 4));
    }
    /// Counts have 32 bits and file sizes are small: no overflow.
    std::uint64_t size() const {
        return header_bytes + std::uint64_t{times_} * (width_ + 1) +
               std::uint64_t{types_} * type_bytes + characters_ +
               std::uint64_t{leaps_} * (width_ + 4) + standard_marks_ + utc_marks_;
    }

    std::string_view bytes_;
    std::size_t width_ = 4;
    std::size_t utc_marks_ = 0;
    std::size_t standard_marks_ = 0;
    std::size_t leaps_ = 0;
    std::size_t times_ = 0;
    std::size_t types_ = 0;
    std::size_t characters_ = 0;
};

Result<ZoneRules> ZoneRules::read(std::string_view file) {
    if (file.size() > most_bytes) return damaged("it is too long");
    ZoneRules rules;
    Reader old(file);
    if (const auto opened = old.open(4); !opened) return std::unexpected(opened.error());
    if (old.is_of_version_1()) {
        const auto read = old.read(rules);
        return read ? Result<ZoneRules>(std::move(rules)) : std::unexpected(read.error());
    }
    Reader reader(old.rest());
    if (const auto opened = reader.open(8); !opened) return std::unexpected(opened.error());
    if (const auto read = reader.read(rules); !read) return std::unexpected(read.error());
    const std::string_view footer = reader.rest();
    const std::size_t end = footer.find('\n', 1);
    if (!footer.starts_with('\n') || end == std::string_view::npos)
        return damaged("its last line is missing");
    const std::string_view line = footer.substr(1, end - 1);
    if (line.empty()) return rules;
    const auto after = PosixZone::parse(line);
    if (!after) return damaged(after.error().detail);
    rules.after_ = *after;
    return rules;
}

Micros ZoneRules::offset_at(Micros utc) const {
    const std::int64_t moment = utc / seconds - (utc % seconds < 0 ? 1 : 0);
    if (after_ && (changes_.empty() || moment >= changes_.back().at))
        return after_->offset_at(moment) * seconds;
    const auto next = std::ranges::upper_bound(changes_, moment, {}, &Change::at);
    return (next == changes_.begin() ? before_ : std::prev(next)->offset) * seconds;
}

} // namespace hearth::net
