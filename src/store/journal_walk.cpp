#include "store/journal_walk.h"

#include <algorithm>
#include <functional>

namespace hearth::store {

using journal::Sequence;

Result<JournalReport> JournalWalk::run() {
    const auto stated = state_first();
    if (!stated) return std::unexpected(stated.error());
    for (index_ = plan_.start; index_ < reader_.segments_.size(); ++index_) {
        const auto done = segment(index_);
        if (!done) return std::unexpected(done.error());
        reader_.loaded_.erase(index_);
    }
    const auto finished = finish();
    if (!finished) return std::unexpected(finished.error());
    report_.last = last_;
    report_.newest = std::max(report_.newest, last_) + unknown_;
    compare_with_known();
    return std::move(report_);
}

/// Records that came while the checkpoint was made stand in the segment before it: the state has to
/// be shown before them.
Result<void> JournalWalk::state_first() {
    if (plan_.base == none || plan_.base == plan_.start) return {};
    auto base = reader_.load(plan_.base);
    if (!base) return fail(base);
    if (*base == nullptr) return fail(Code::io, "a segment went away during replay");
    index_ = plan_.base;
    bytes_ = (*base)->bytes;
    for (const ScanItem& item : (*base)->scan->items) {
        if (!item.header.state) continue;
        const auto shown = show(item);
        if (!shown) return shown;
    }
    return {};
}

Result<void> JournalWalk::segment(std::size_t index) {
    auto loaded = reader_.load(index);
    if (!loaded) return fail(loaded);
    if (*loaded == nullptr) return {};
    ++report_.segments;
    report_.bytes += (*loaded)->bytes.size();
    const auto& scanned = (*loaded)->scan;
    if (!scanned) {
        if (scanned.error().code == Code::newer) return std::unexpected(scanned.error());
        unreadable_segment(index, scanned.error());
        return {};
    }
    const Scan& scan = *scanned;
    const auto later = proven_later(index);
    if (!later) return std::unexpected(later.error());
    proven_.assign(scan.items.size() + 1, *later);
    for (std::size_t i = scan.items.size(); i-- > 0;) {
        const ScanItem& found = scan.items[i];
        const Sequence own = found.what == ScanItem::What::gap ? 0 : found.header.proves();
        proven_[i] = std::max(proven_[i + 1], own);
    }
    bytes_ = (*loaded)->bytes;
    auto& end = reader_.ends_[reader_.segments_[index].name];
    end = {.end = torn_ ? scan.checkpoint_end : scan.end,
           .checkpoint_end = scan.checkpoint_end,
           .clean = !torn_ || scan.end == scan.checkpoint_end,
           .header = scan.header,
           .readable = true,
           .checkpoint_complete = scan.checkpoint_complete};
    ++(scan.checkpoint_complete ? report_.checkpoints : report_.incomplete_checkpoints);
    harmless(scan);
    unsound(**loaded);
    if (!torn_) covered(scan.state_of(), scan.heals);
    for (position_ = 0; position_ < scan.items.size(); ++position_) {
        const auto done = item(scan.items[position_]);
        if (!done) return done;
    }
    return {};
}

/// Two segments on, everything here was committed long ago: a segment is begun only when the one
/// before has taken over for good.
Result<Sequence> JournalWalk::proven_later(std::size_t index) {
    if (index + 2 < reader_.segments_.size()) return std::numeric_limits<Sequence>::max();
    if (index + 1 >= reader_.segments_.size()) return 0;
    auto next = reader_.load(index + 1);
    if (!next) return fail(next);
    if (*next == nullptr || !(*next)->scan) return reader_.segments_[index + 1].first - 1;
    return (*next)->scan->proves;
}

void JournalWalk::unreadable_segment(std::size_t index, const Error& why) {
    reader_.ends_[reader_.segments_[index].name] = {};
    report(0, header_size, why.detail).lost = true;
    open_gaps_.push_back({report_.damaged.size() - 1, index, false});
}

void JournalWalk::harmless(const Scan& scan) {
    for (const std::uint64_t at : scan.bad_header_bytes)
        report(at, 1, "bytes around the segment's header are wrong, which its copy makes good");
    if (scan.bad_unused_at != 0) {
        report(scan.bad_unused_at, 1, "unused space at the end is not all zeros");
        reader_.ends_[reader_.segments_[index_].name].clean = false;
    }
}

void JournalWalk::unsound(const JournalReader::Loaded& loaded) {
    const Scan& scan = *loaded.scan;
    auto& end = reader_.ends_[reader_.segments_[index_].name];
    const bool newest = index_ + 1 == reader_.segments_.size();
    if (loaded.header_from_state)
        report(0, header_size, "the header cannot be read; it was taken from journal.state");
    if (scan.unread_unused_at != 0)
        report(scan.unread_unused_at, 0, "the disk cannot read unused space: " + loaded.why);
    if (!loaded.unreadable.empty()) {
        end.sound = false;
        if (newest)
            for (const ByteRange& range : loaded.unreadable)
                unknown_ += (range.to - range.from) / record_header_size + 1;
    }
    if (scan.cut() == 0) return;
    end.sound = false;
    Damage& cut = report(scan.bytes, scan.cut(),
                         fmt::format("the file is cut short: it had {} bytes", scan.header.size));
    // What stood in an older one is in the checkpoints since, or is missed there.
    cut.lost = newest;
    if (newest) unknown_ += scan.cut() / record_header_size + 1;
}

void JournalWalk::compare_with_known() {
    if (!reader_.state_) return;
    const Sequence known = reader_.state_->last;
    const auto& there = reader_.segments_;
    const auto is_there = [&](const SegmentHeader& segment) {
        return std::ranges::find(there, segment.first, &SegmentFile::first) != there.end();
    };
    std::optional<JournalState> now;
    for (const SegmentHeader& segment : reader_.state_->segments) {
        if (is_there(segment)) continue;
        // The running hub may have let it go meanwhile.
        if (!now) now = read_state(reader_.files_, reader_.folder_);
        if (now && !now->names(segment.first)) continue;
        report_gone(segment);
        report_.newest = std::max(report_.newest, segment.first - 1);
    }
    const bool told = std::ranges::any_of(report_.damaged, [&](const Damage& damage) {
        return damage.lost && damage.first > report_.last && damage.last >= known;
    });
    if (known > report_.last && !told) {
        Damage missing;
        missing.segment = there.empty() ? "journal" : there.back().name;
        missing.first = report_.last + 1;
        missing.last = known;
        missing.lost = true;
        missing.what = "records are gone that were committed";
        report_.damaged.push_back(std::move(missing));
    }
    report_.newest = std::max(report_.newest, known);
}

void JournalWalk::report_gone(const SegmentHeader& segment) {
    const auto& there = reader_.segments_;
    Damage gone;
    gone.segment = segment_name(segment.first);
    gone.length = segment.size;
    gone.what = "the segment is gone";
    gone.lost = there.empty() || segment.first > there.back().first;
    if (gone.lost && segment.first - 1 > report_.last) {
        gone.first = report_.last + 1;
        gone.last = std::max(segment.first - 1, reader_.state_->last);
    }
    report_.damaged.push_back(std::move(gone));
}

void JournalWalk::covered(Sequence state_of, bool heals) {
    if (report_.segments == 1) {
        last_ = state_of;
        last_is_exact_ = state_of == 0;
        return;
    }
    if (last_ >= state_of) return;
    if (!open_gaps_.empty())
        settle_gaps(last_ + 1, state_of);
    else if (!heals && last_is_exact_ && state_of > plan_.after) {
        Damage& missing = report(0, 0, "records before this segment are missing");
        missing.first = last_ + 1;
        missing.last = state_of;
    }
    last_ = state_of;
    last_is_exact_ = true;
}

Result<void> JournalWalk::item(const ScanItem& item) {
    if (torn_) {
        dropped(item);
        return {};
    }
    if (item.bad_padding) report(item.offset, item.length, "padding after a record is not zeros");
    switch (item.what) {
    case ScanItem::What::record:
        return good(item);
    case ScanItem::What::unreadable:
        bad_payload(item);
        return {};
    case ScanItem::What::gap:
        gap(item);
        return {};
    }
    return {};
}

Result<void> JournalWalk::good(const ScanItem& item) {
    if (item.header.is_mark()) {
        mark(item);
        return {};
    }
    if (item.header.state) {
        ++report_.state_records;
        settle_checkpoint_gaps();
        const bool in_place = plan_.base == index_ && plan_.base == plan_.start;
        return plan_.all_state || in_place ? show(item) : Result<void>();
    }
    report_.closed = false;
    const Sequence sequence = item.header.sequence;
    if (last_is_exact_ && sequence <= last_) return {};
    if (!arrive(sequence, item.offset)) {
        dropped(item);
        return {};
    }
    last_ = sequence;
    if (sequence <= plan_.after) return {};
    ++report_.records;
    if (report_.first == 0) report_.first = sequence;
    return show(item);
}

void JournalWalk::mark(const ScanItem& item) {
    const Sequence sequence = item.header.sequence;
    if (item.header.kind == checkpoint_begin_kind || item.header.kind == checkpoint_end_kind) {
        settle_checkpoint_gaps();
        return;
    }
    if (item.header.kind == resumed_kind) {
        settle_gaps(last_ + 1, sequence);
    } else if (!arrive(sequence + 1, item.offset)) {
        return;
    }
    last_ = std::max(last_, sequence);
    last_is_exact_ = true;
    report_.closed = item.header.kind == closed_kind;
}

Result<void> JournalWalk::show(const ScanItem& item) {
    if (!visitor_) return {};
    const RecordHeader& header = item.header;
    return visitor_(
        {{header.sequence, header.kind, header.version, header.state, payload_of(bytes_, item)},
         reader_.segments_[index_].name,
         item.offset});
}

void JournalWalk::bad_payload(const ScanItem& item) {
    const RecordHeader& header = item.header;
    const bool ordinary = !header.state && !header.is_mark();
    if (ordinary) {
        if (!arrive(header.sequence, item.offset)) return dropped(item);
        if (item.torn_like && proven_[position_ + 1] < header.sequence) {
            tear(item.offset);
            return dropped(item);
        }
        last_ = header.sequence;
    }
    Damage& damage = report(item.offset, item.length,
                            item.unread ? "the disk cannot read the payload"
                                        : "the payload does not match its CRC");
    damage.first = damage.last = header.is_mark() ? 0 : header.sequence;
    damage.kind = header.kind;
    damage.state = header.state;
    damage.lost = ordinary ? header.sequence > plan_.after : header.state && plan_.base == index_;
}

void JournalWalk::gap(const ScanItem& item) {
    report(item.offset, item.length,
           item.unread ? "bytes that the disk cannot read" : "bytes that are no record")
        .lost = true;
    open_gaps_.push_back({report_.damaged.size() - 1, index_, item.torn_like});
}

bool JournalWalk::arrive(Sequence sequence, std::uint64_t offset) {
    if (!last_is_exact_) {
        last_is_exact_ = true;
        settle_gaps(sequence - 1, sequence - 1);
        return true;
    }
    if (sequence <= last_ + 1) {
        settle_gaps(0, 0);
        return true;
    }
    const bool proven = proven_[position_] > last_;
    if (proven || !all_torn_like()) {
        if (!open_gaps_.empty()) {
            settle_gaps(last_ + 1, sequence - 1);
        } else {
            Damage& missing = report(offset, 0, "records before this one are missing");
            missing.first = last_ + 1;
            missing.last = sequence - 1;
            missing.lost = missing.last > plan_.after;
        }
        return true;
    }
    tear(offset);
    return false;
}

void JournalWalk::settle_gaps(Sequence first, Sequence last) {
    for (const OpenGap& gap : open_gaps_)
        settle(gap, first, last);
    open_gaps_.clear();
}

void JournalWalk::settle_checkpoint_gaps() {
    const auto is_before = [&](const OpenGap& gap) { return gap.segment + 1 == index_; };
    for (const OpenGap& gap : open_gaps_)
        if (!is_before(gap)) settle(gap, 0, 0);
    std::erase_if(open_gaps_, std::not_fn(is_before));
}

void JournalWalk::settle(const OpenGap& gap, Sequence first, Sequence last) {
    Damage& damage = report_.damaged[gap.damage];
    damage.first = first;
    damage.last = last;
    damage.lost = last > plan_.after;
    if (first != 0) return;
    damage.state = true;
    damage.what = "a mark or a part of a checkpoint is no longer readable";
    const auto& end = reader_.ends_[damage.segment];
    damage.lost =
        plan_.base == gap.segment && !end.checkpoint_complete && damage.offset < end.checkpoint_end;
}

bool JournalWalk::all_torn_like() const {
    return std::ranges::all_of(open_gaps_, &OpenGap::torn_like);
}

/// Everything from here on is dropped; from the first open gap on, where there is one, for nothing
/// is known of what it held.
void JournalWalk::tear(std::uint64_t offset) {
    torn_ = true;
    Place at{reader_.segments_[index_].name, offset};
    end_at(at);
    for (auto gap = open_gaps_.rbegin(); gap != open_gaps_.rend(); ++gap) {
        const auto damage = report_.damaged.begin() + static_cast<std::ptrdiff_t>(gap->damage);
        at = {damage->segment, damage->offset};
        end_at(at);
        report_.damaged.erase(damage);
    }
    open_gaps_.clear();
    report_.torn = {at.segment, at.offset, last_ + 1, last_ + 1, !reader_.ends_[at.segment].sound};
    report_.newest = last_ + 1;
}

void JournalWalk::end_at(const Place& place) {
    reader_.ends_[place.segment].end = place.offset;
    reader_.ends_[place.segment].clean = false;
}

void JournalWalk::dropped(const ScanItem& item) {
    if (item.what == ScanItem::What::gap || item.header.state) return;
    report_.torn->last = std::max(report_.torn->last, item.header.sequence);
    report_.newest = std::max(report_.newest, item.header.sequence);
}

/// Nothing follows the open gaps that would tell what they held.
Result<void> JournalWalk::finish() {
    if (open_gaps_.empty() || torn_) return {};
    const auto first = open_gaps_.front();
    const auto later = proven_later(first.segment);
    if (!later) return std::unexpected(later.error());
    if (all_torn_like() && *later <= last_) {
        index_ = open_gaps_.back().segment;
        tear(report_.damaged[open_gaps_.back().damage].offset);
        return {};
    }
    for (const OpenGap& gap : open_gaps_) {
        Damage& damage = report_.damaged[gap.damage];
        damage.first = damage.last = last_ + 1;
        damage.what += ", or only the closing mark";
    }
    report_.newest = last_ + 1;
    return {};
}

Damage& JournalWalk::report(std::uint64_t offset, std::uint64_t length, std::string what) {
    Damage damage;
    damage.segment = reader_.segments_[index_].name;
    damage.offset = offset;
    damage.length = length;
    damage.what = std::move(what);
    report_.damaged.push_back(std::move(damage));
    return report_.damaged.back();
}

} // namespace hearth::store
