// Cursors: where a batch is read from, and who is told what is gone.
#include "base/log.h"
#include "store/file_journal.h"

#include <algorithm>

namespace hearth::store {

using journal::Sequence;

Sequence FileJournal::append_mark(journal::Kind kind, std::string_view payload) {
    return append(kind, 1, payload);
}

void FileJournal::fetch(const journal::ReadRequest& request, Answer answer) {
    // Names of cursors that are forgotten: where they were need not be known.
    if (places_.size() > journal::max_cursors) places_.clear();
    if (closed_) return;
    auto job = std::make_shared<CursorReadJob>();
    job->files = &files_;
    job->folder = folder_;
    job->request = request;
    Result<void> planned;
    request.state ? void(planned = plan_state(*job)) : plan_read(*job);
    if (!planned) job->answer = std::unexpected(planned.error());
    workers_.run(
        [job] {
            if (job->answer) read_for_cursor(*job);
        },
        [this, job, answer = std::move(answer), gate = gate_] {
            if (gate->alive) finish_read(*job, answer);
        });
}

/// How many segments there are, where this one is not among them.
std::size_t FileJournal::index_of(std::uint64_t segment) const {
    const auto found = std::ranges::find(segments_, segment, &Segment::first);
    return static_cast<std::size_t>(found - segments_.begin());
}

/// From where the last batch of the cursor ended, or began, if that is not beyond its position.
void FileJournal::plan_read(CursorReadJob& job) const {
    const Sequence after = job.request.after;
    std::size_t start = 0;
    // Records that came while a segment was being made stand at the end of the one before.
    while (start + 2 < segments_.size() && segments_[start + 2].first <= after + 1)
        ++start;
    job.offset = records_at;
    const auto known = places_.find(job.request.cursor);
    if (known != places_.end()) {
        for (const ReadPlace& place : {known->second.begin, known->second.end}) {
            const auto index = index_of(place.segment);
            if (place.after > after || index < start || index == segments_.size()) continue;
            start = index;
            job.offset = place.offset;
            job.adjacent = place.after == after;
        }
    }
    for (std::size_t i = start; i < segments_.size(); ++i)
        job.segments.push_back({segments_[i].first, segments_[i].name});
}

/// From the newest checkpoint, or from where the last batch of it ended.
Result<void> FileJournal::plan_state(CursorReadJob& job) {
    const ReadPlace& place = places_[job.request.cursor].state;
    const auto index = index_of(place.segment);
    if (!job.request.state_begins && index < segments_.size()) {
        job.segments.push_back({place.segment, segments_[index].name});
        job.offset = place.offset;
        return {};
    }
    if (job.request.after >= current_.header.first) {
        checkpoint();
        return fail(Code::refused,
                    "the newest checkpoint is the state after record {}, and the cursor is at {}; "
                    "the next one is being made",
                    current_.header.first - 1, job.request.after);
    }
    job.segments.push_back({segments_.back().first, segments_.back().name});
    job.offset = records_at;
    return {};
}

void FileJournal::finish_read(CursorReadJob& job, const Answer& answer) {
    if (job.answer) {
        ReadPlaces& places = places_[job.request.cursor];
        if (job.request.state) {
            places.state = job.next;
        } else {
            places.begin = {job.request.after, job.segments.front().first, job.offset};
            places.end = job.next;
        }
    }
    answer(std::move(job.answer));
}

void FileJournal::cursor_lost(std::string_view cursor, const journal::SequenceRange& range) {
    metrics_.cursor_lost(cursor, range.count());
    log::warn("journal.cursor_lost", "the cursor {} has lost records {} to {}: they are gone",
              cursor, range.first, range.last);
}

/// Once for each cursor, until it is done with something again.
void FileJournal::tell_losing() {
    if (segments_.empty()) return;
    for (const std::string& name : cursors_.newly_losing(segments_.front().first - 1))
        log::warn(
            "journal.cursor_behind",
            "the cursor {} is so far behind that records go which it has not read: at most {} "
            "MiB are held, less on a full disk; where nothing reads by it, forget it",
            name, options_.hold_bytes >> 20);
}

} // namespace hearth::store
