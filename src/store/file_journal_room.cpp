// Room: what the disk has promised, what is asked for before it is needed, and how the folder
// becomes small again when the state has.
#include "base/log.h"
#include "store/file_journal.h"

#include <algorithm>
#include <ranges>

namespace hearth::store {

using journal::Sequence;

namespace {

constexpr Micros longest_look_pause = 1 * hours;

/// Counts what a checkpoint would take.
class Measure final : public journal::SnapshotSink {
public:
    void put(journal::Kind, std::uint8_t, std::string_view payload) override {
        bytes += record_size(payload.size());
    }
    std::uint64_t bytes = records_at;
};

} // namespace

/// Sees to it that so many bytes more find room beside the reserve, or at least in it. Where they
/// do not, what was appended before is written where it has its place, and from here on nothing is
/// promised.
void FileJournal::make_room(std::uint64_t bytes) {
    const auto wanted = current_.end + open_.size() + bytes;
    if (wanted + reserve() <= current_.allocated) return;
    if (!grow_at_ || clock_.steady() >= *grow_at_) grow(wanted + reserve());
    if (wanted <= current_.allocated || health_ != Health::good) return;
    (void)put_batch();
    if (health_ == Health::good) trouble(no_room_, written_);
}

void FileJournal::grow(std::uint64_t wanted) {
    const auto most = options_.max_segment_bytes;
    const auto target = std::min(wanted + options_.segment_bytes / 8, most);
    Result<void> grown;
    if (target <= current_.allocated)
        grown = fail(Code::unavailable, "{} is as long as a segment may be",
                     path(segments_.back().name));
    else
        grown = current_.file->allocate(target);
    if (grown) {
        current_.allocated = target;
        segments_.back().bytes = std::max(segments_.back().bytes, target);
        return;
    }
    grow_at_ = clock_.steady() + options_.retry_interval;
    no_room_ = grown.error();
    if (grown.error().code != Code::unavailable) trouble(grown.error(), committed_);
}

/// A record that no reader would take. Its effect is in the state, so a checkpoint has to hold it
/// before anything is promised again.
Sequence FileJournal::take_too_long(journal::Kind kind, std::size_t bytes) {
    (void)put_batch();
    cursors_.appended(kind, ++last_);
    metrics_.records.add();
    if (health_ == Health::good)
        trouble({Code::unavailable, fmt::format("a record of kind {} has {} bytes, at most {} can "
                                                "be read back",
                                                kind, bytes, journal::max_payload)},
                written_);
    heals_from_ = last_;
    return last_;
}

/// Says it when accepts() changes.
void FileJournal::tell_acceptance() {
    const bool does = accepts();
    metrics_.accepts(does);
    if (does == told_accepts_) return;
    told_accepts_ = does;
    if (does) return log::info("journal.healed", "there is room again: what happens is kept");
    metrics_.disk_full.add();
    failure_ = {Code::unavailable, no_room_.detail};
    log::error("journal.full",
               "there is no more room: {}; nothing new is accepted until there is, "
               "tried every {} s",
               no_room_.detail, options_.retry_interval / seconds);
}

std::uint64_t FileJournal::folder_bytes() const {
    std::uint64_t total = spare_bytes_;
    for (const Segment& segment : segments_)
        total += segment.bytes;
    return total;
}

/// How long the file of a segment with such a checkpoint is: it has as much room for records, so
/// that checkpoints at most double what is written.
std::uint64_t FileJournal::segment_for(std::uint64_t state_bytes) const {
    const auto room = std::max(options_.segment_bytes, state_bytes);
    return std::max(state_bytes, std::min(state_bytes + room, options_.max_segment_bytes));
}

/// Whether the folder holds more than it may, and the newest segments, which always stay, would
/// take less than half if they were made of the state as it is now. The state is measured now and
/// then only: it takes as long as a checkpoint.
bool FileJournal::is_oversized() {
    if (health_ != Health::good || folder_bytes() <= options_.keep_bytes) return false;
    std::uint64_t newest = spare_bytes_;
    for (const Segment& segment : std::views::reverse(segments_) | std::views::take(always_kept))
        newest += segment.bytes;
    const auto much_less = [&] {
        return live_bytes_ < newest && segment_for(live_bytes_) * (always_kept + 1) <= newest / 2;
    };
    if (much_less()) return true;
    const Micros now = clock_.steady();
    if (!look_at_) {
        look_pause_ = options_.shrink_interval;
        look_at_ = now + look_pause_;
    }
    if (now < *look_at_) return false;
    live_bytes_ = measure();
    look_pause_ = std::min(2 * std::max(look_pause_, options_.shrink_interval), longest_look_pause);
    look_at_ = now + look_pause_;
    return much_less();
}

std::uint64_t FileJournal::measure() const {
    Measure measure;
    for (const journal::Owner* owner : owners_)
        owner->snapshot(measure);
    return measure.bytes;
}

} // namespace hearth::store
