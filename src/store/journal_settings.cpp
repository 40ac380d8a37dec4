#include "store/journal_settings.h"

#include <array>

namespace hearth::store {
namespace {

constexpr std::int64_t mebibyte = 1 << 20;

} // namespace

std::span<const SettingInfo> journal_settings() {
    using Kind = SettingInfo::Kind;
    static const std::array<SettingInfo, 6> table{{
        {"journal.commit_interval", Kind::duration, 5 * seconds, 0, 10 * minutes,
         "what nobody waits for is on the disk after so long at the latest"},
        {"journal.segment_mib", Kind::integer, std::int64_t{8}, 1, 256,
         "room for records in one segment file, in MiB"},
        {"journal.keep", Kind::duration, 7 * days, 0, 366 * days,
         "how long segments are kept that are no longer needed"},
        {"journal.keep_mib", Kind::integer, std::int64_t{256}, 0, 1 << 20,
         "how much of them is kept, in MiB"},
        {"journal.hold_mib", Kind::integer, std::int64_t{1024}, 0, 1 << 20,
         "how much is kept for a history that lags behind, in MiB"},
        {"journal.retry_interval", Kind::duration, 10 * seconds, 1 * seconds, 1 * hours,
         "how long after a failed attempt a full disk is tried again"},
    }};
    return table;
}

JournalOptions journal_options(const Settings& settings) {
    const auto bytes = [&](std::string_view key) {
        return static_cast<std::uint64_t>(settings.integer(key) * mebibyte);
    };
    JournalOptions options;
    options.commit_interval = settings.duration("journal.commit_interval");
    options.segment_bytes = bytes("journal.segment_mib");
    options.keep = settings.duration("journal.keep");
    options.keep_bytes = bytes("journal.keep_mib");
    options.hold_bytes = bytes("journal.hold_mib");
    options.retry_interval = settings.duration("journal.retry_interval");
    return options;
}

} // namespace hearth::store
