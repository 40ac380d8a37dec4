// Opening the folder, and rebuilding the state from it.
#include "base/check.h"
#include "base/log.h"
#include "store/file_journal.h"

#include <algorithm>

namespace hearth::store {

using journal::Sequence;

Result<std::unique_ptr<FileJournal>>
FileJournal::open(std::string folder, const JournalOptions& options, const Clock& clock,
                  Random& random, net::Workers& workers, Metrics& metrics, Files& files) {
    const auto made = files.make_folder(folder);
    if (!made) return std::unexpected(made.error());
    std::unique_ptr<FileJournal> journal(
        new FileJournal(std::move(folder), options, clock, random, workers, metrics, files));
    const auto looked = journal->look();
    if (!looked) return std::unexpected(looked.error());
    return journal;
}

Result<void> FileJournal::look() {
    auto found = list_segments(files_, folder_);
    if (!found) return std::unexpected(found.error());
    for (const SegmentFile& file : *found) {
        auto segment = look_at(file);
        if (!segment) return std::unexpected(segment.error());
        segments_.push_back(std::move(*segment));
    }
    // One bad sector costs what lies on it; a disk that reads nothing is no reason to begin anew.
    const auto readable = [](const Segment& segment) { return segment.created != 0; };
    if (unread_ && std::ranges::none_of(segments_, readable)) return std::unexpected(*unread_);
    metrics_.segments(segments_.size());
    return {};
}

/// A header that cannot be read is no error here: replay says what it means.
Result<FileJournal::Segment> FileJournal::look_at(const SegmentFile& found) {
    Segment segment{found.first, found.name, 0, 0};
    auto file = files_.open(path(found.name), Files::Mode::read);
    if (!file) return std::unexpected(file.error());
    const auto size = (*file)->size();
    if (!size) return std::unexpected(size.error());
    segment.bytes = *size;
    const auto head = (*file)->read(0, records_at);
    if (!head) {
        unread_ = head.error();
        return segment;
    }
    auto header = decode_segment_header(*head);
    if (!header && header.error().code == Code::damaged && head->size() > header_copy_at)
        header = decode_segment_header(std::string_view(*head).substr(header_copy_at));
    if (!header && header.error().code == Code::newer) return fail_in(path(found.name), header);
    if (!header) return segment;
    segment.created = header->created;
    if (header->home != options_.home)
        return fail(Code::conflict, "{} belongs to home {}, not to home {}; was it copied here?",
                    path(found.name), header->home, options_.home);
    return segment;
}

Result<ReplayReport> FileJournal::replay() {
    HEARTH_CHECK(current_.file == nullptr);
    ReplayReport report;
    for (journal::Owner* owner : owners_)
        owner->reset();
    JournalReader reader(files_, folder_);
    auto read =
        reader.replay([&](const JournalReader::Entry& entry) { return hand_out(entry, report); });
    if (!read) return std::unexpected(read.error());
    // What the owners refused was noted on the way.
    read->damaged.insert(read->damaged.end(), report.damaged.begin(), report.damaged.end());
    static_cast<JournalReport&>(report) = std::move(*read);
    tell(report);
    const auto resumed = resume(reader, report);
    if (!resumed) return std::unexpected(resumed.error());
    cursors_.replayed(last_);
    return report;
}

Result<journal::Restored> FileJournal::restore() {
    const auto report = replay();
    if (!report) return std::unexpected(report.error());
    journal::Restored restored;
    restored.was_empty = report->segments == 0 && report->damaged.empty();
    for (const Damage& damage : report->damaged)
        restored.damaged.push_back({damage.segment, to_string(damage)});
    return restored;
}

Result<void> FileJournal::hand_out(const JournalReader::Entry& entry, ReplayReport& report) {
    if (entry.record.kind == journal::filler_kind) return {};
    journal::Owner* owner = owner_of(entry.record.kind);
    if (owner == nullptr) {
        ++report.unclaimed;
        return {};
    }
    const auto taken = owner->replay(entry.record);
    if (taken) return {};
    const Error& error = taken.error();
    if (error.code == Code::newer || error.code == Code::internal)
        return fail(error.code, "record {} of kind {}: {}", entry.record.sequence,
                    entry.record.kind, error.detail);
    ++report.refused;
    Damage damage;
    damage.segment = entry.segment;
    damage.offset = entry.offset;
    damage.length = record_size(entry.record.payload.size());
    damage.first = damage.last = entry.record.sequence;
    damage.kind = entry.record.kind;
    damage.state = entry.record.state;
    damage.what = "cannot be applied: " + error.detail;
    report.damaged.push_back(std::move(damage));
    return {};
}

journal::Owner* FileJournal::owner_of(journal::Kind kind) const {
    for (journal::Owner* owner : owners_)
        if (owner->kinds().contains(kind)) return owner;
    return nullptr;
}

void FileJournal::tell(const ReplayReport& report) {
    metrics_.damaged.add(report.damaged.size());
    constexpr std::size_t lines = 20;
    for (std::size_t i = 0; i < std::min(report.damaged.size(), lines); ++i)
        log::warn("journal.damaged", "{}", to_string(report.damaged[i]));
    if (report.damaged.size() > lines)
        log::warn("journal.damaged", "and {} more places: see `hearth journal verify`",
                  report.damaged.size() - lines);
    if (report.torn && report.torn->cut)
        log::warn("journal.torn", "{}: records from {} on are dropped: the file ends there",
                  report.torn->segment, report.torn->first);
    else if (report.torn)
        log::warn("journal.torn",
                  "{}: the last write before the crash is incomplete from byte {} on; records from "
                  "{} on, which nobody was promised, are dropped",
                  report.torn->segment, report.torn->offset, report.torn->first);
}

/// Drops torn ends, makes sure that what was replayed is on the disk, and opens the newest segment.
Result<void> FileJournal::resume(const JournalReader& reader, const ReplayReport& report) {
    (void)files_.remove(path(spare_name));
    last_ = report.newest;
    // A segment that cannot be read tells by its name which numbers were used before it.
    if (!segments_.empty()) last_ = std::max(last_, segments_.back().first - 1);
    written_ = committed_ = last_;
    const JournalReader::End* newest = nullptr;
    for (const Segment& segment : segments_) {
        const auto end = reader.ends().find(segment.name);
        newest = end == reader.ends().end() ? nullptr : &end->second;
        if (newest == nullptr || !newest->readable) continue;
        headers_.push_back(newest->header);
        if (headers_.size() > always_kept) headers_.erase(headers_.begin());
        const auto tidied = tidy_segment(segment, *newest);
        if (!tidied) return tidied;
    }
    if (newest == nullptr || !newest->readable) return first_segment();
    if (!newest->sound) {
        // It stays as it is, to be seen, unless there is no room for another.
        const Current found = current_;
        auto made = first_segment();
        if (made || made.error().code == Code::io) return made;
        current_ = found;
    }
    return go_on(*newest, report);
}

/// In the newest segment.
Result<void> FileJournal::go_on(const JournalReader::End& newest, const ReplayReport& report) {
    force_checkpoint_ = !newest.checkpoint_complete || !report.damaged.empty();
    if (last_ > report.last) {
        std::string mark;
        RecordHeader header;
        header.sequence = last_;
        header.kind = resumed_kind;
        append_record(mark, header, {});
        auto put_down = put(mark);
        // Were the mark torn by the next crash and a record behind it not, that record would prove
        // numbers that nothing was ever promised under.
        if (put_down) put_down = current_.file->sync();
        if (!put_down) return put_down;
    }
    const auto spare =
        prepare_spare(files_, folder_, records_at + current_.room + current_.checkpoint_end);
    spare_bytes_ = spare ? records_at + current_.room + current_.checkpoint_end : 0;
    if (!spare) log::warn("journal.spare", "{}", spare.error().detail);
    note_state(report.last);
    return {};
}

/// Of the newest segments, as they are before another one is made.
JournalState FileJournal::known_state(Sequence last) const {
    JournalState state;
    state.last = last;
    const auto older = std::min(headers_.size(), always_kept - 1);
    state.segments.assign(headers_.end() - static_cast<std::ptrdiff_t>(older), headers_.end());
    return state;
}

void FileJournal::note_state(Sequence last) {
    const JournalState state{last, headers_};
    const auto noted = write_state(files_, folder_, state);
    if (!noted) return log::warn("journal.state", "{}", noted.error().detail);
    noted_.clear();
    for (const SegmentHeader& segment : headers_)
        noted_.push_back(segment.first);
}

Result<void> FileJournal::tidy_segment(const Segment& segment, const JournalReader::End& end) {
    auto file = files_.open(path(segment.name), Files::Mode::write);
    if (!file) return std::unexpected(file.error());
    current_.file = std::make_shared<SharedFile>(std::move(*file));
    current_.header = end.header;
    current_.end = (end.end + 7) / 8 * 8;
    current_.checkpoint_end = end.checkpoint_end;
    current_.room = std::max(options_.segment_bytes, end.checkpoint_end);
    current_.allocated = current_.end;
    if (!end.clean) {
        const auto cleared = current_.file->clear(current_.end);
        if (!cleared) return cleared;
    }
    if (segment.name == segments_.back().name && end.sound) {
        const auto room = claim_room(end);
        if (!room) return room;
    }
    return current_.file->sync();
}

/// Of the newest segment. Where the disk promises none it is full: the hub starts, and accepts
/// nothing until there is room.
Result<void> FileJournal::claim_room(const JournalReader::End& end) {
    const auto had = current_.file->size();
    if (!had) return std::unexpected(had.error());
    const auto wanted = std::max(*had, end.checkpoint_end + current_.room);
    const auto room = current_.file->allocate(std::min(wanted, options_.max_segment_bytes));
    if (!room && room.error().code != Code::unavailable) return room;
    if (!room) {
        no_room_ = room.error();
        return {};
    }
    current_.allocated = std::min(wanted, options_.max_segment_bytes);
    segments_.back().bytes = std::max(segments_.back().bytes, current_.allocated);
    return {};
}

/// Of an empty folder, or in place of a segment that cannot be read at all.
Result<void> FileJournal::first_segment() {
    current_ = {};
    const auto gathered = gather();
    if (!gathered) return std::unexpected(gathered.error());
    SegmentJob& job = **gathered;
    install_segment(job);
    if (!job.made) return job.made;
    if (job.noted)
        for (const SegmentHeader& known : job.state.segments)
            noted_.push_back(known.first);
    take_over(job);
    return {};
}

} // namespace hearth::store
