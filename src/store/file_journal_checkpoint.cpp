// Segments: when one is made, how it takes over, when old ones go, and what happens when the disk
// is full.
#include "base/log.h"
#include "store/file_journal.h"

#include <algorithm>

namespace hearth::store {

using journal::Sequence;

void FileJournal::consider_checkpoint() {
    if (segment_under_way_ || health_ == Health::broken) return;
    if (retry_at_ && clock_.steady() < *retry_at_) return;
    const auto used = current_.end - current_.checkpoint_end;
    // The last eighth is for what comes while the next segment is being made.
    const bool full = used >= current_.room - current_.room / 8;
    const bool wanted = want_checkpoint_ || force_checkpoint_;
    if (full || wanted || health_ == Health::full || is_oversized()) start_segment();
}

void FileJournal::start_segment() {
    const bool heals = health_ == Health::full;
    const bool same = last_ + 1 == current_.header.first;
    const bool oversized = !heals && is_oversized();
    const bool news = !same || force_checkpoint_ || heals || oversized;
    want_checkpoint_ = force_checkpoint_ = false;
    if (!news) return;
    // Without a record between, the new one would take the name and the place of the current one.
    if (same && oversized) {
        append(journal::filler_kind, 1, {});
        if (!put_batch()) return;
    }
    if (heals) drop_open();
    auto gathered = gather();
    if (!gathered) return no_segment(gathered.error());
    segment_under_way_ = true;
    retry_at_.reset();
    workers_.run([job = *gathered] { install_segment(*job); },
                 [this, job = *gathered, gate = gate_] {
                     if (gate->alive) finish_segment(*job);
                 });
}

/// Errors: limit, where the state fits in no segment.
Result<std::shared_ptr<SegmentJob>> FileJournal::gather() {
    SegmentHeader header;
    header.home = options_.home;
    header.first = last_ + 1;
    header.salt = random_.next();
    header.created = clock_.utc();
    const bool heals = health_ == Health::full;
    const auto largest = options_.max_segment_bytes -
                         std::min(options_.max_segment_bytes / 2, options_.segment_bytes);
    CheckpointImage image(header, heals, last_image_bytes_ + last_image_bytes_ / 8, largest);
    for (const journal::Owner* owner : owners_)
        owner->snapshot(image);
    cursors_.gathered();
    image.finish();
    if (image.failure()) return std::unexpected(*image.failure());
    live_bytes_ = last_image_bytes_ = image.size();
    look_at_.reset();

    auto job = std::make_shared<SegmentJob>();
    job->files = &files_;
    job->folder = folder_;
    job->room = segment_for(image.size()) - image.size();
    job->header = header;
    job->header.size = image.size() + job->room;
    job->state = known_state(header.first - 1);
    job->state.segments.push_back(job->header);
    job->records = image.take();
    job->gate = gate_;
    if (!heals && current_.file != nullptr) {
        job->sync_first = unsynced_;
        job->sync_first.push_back(current_.file);
    }
    job->may_go = removable(Removable::unread_by_none);
    job->may_go_last = removable(Removable::all);
    return job;
}

void FileJournal::finish_segment(SegmentJob& job) {
    segment_under_way_ = false;
    if (job.sacrificed > 0) forget(job.sacrificed > 1 ? job.may_go_last : job.may_go);
    if (job.noted) {
        noted_.clear();
        for (const SegmentHeader& segment : job.state.segments)
            noted_.push_back(segment.first);
    }
    if (!job.synced)
        trouble(job.synced.error(), committed_);
    else if (!job.made)
        segment_failed(job);
    else if (health_ != Health::broken)
        take_over(job);
    tell_acceptance();
    waiting_.answer(committed_);
}

void FileJournal::segment_failed(const SegmentJob& job) {
    const Error& error = job.made.error();
    if (job.renamed) {
        // The new segment may or may not be there after a power cut. Going on in the old one would
        // let a later segment stand between it and its records.
        trouble({Code::io, error.detail}, committed_);
        return;
    }
    no_segment(error);
}

/// The hub goes on in the segment that it has, as long as that has room.
void FileJournal::no_segment(const Error& error) {
    force_checkpoint_ = true;
    // A state that is too large stays so for a while, and gathering it takes long.
    const bool limit = error.code == Code::limit;
    const Micros pause = limit ? options_.retry_interval * 30 : options_.retry_interval;
    retry_at_ = clock_.steady() + pause;
    if (health_ == Health::full) drop_open();
    if (limit)
        log::error("journal.checkpoint", "{}; next try in {} s", error.detail, pause / seconds);
    if (!limit)
        log::warn("journal.checkpoint", "no new segment: {}; next try in {} s", error.detail,
                  pause / seconds);
}

/// The new segment's checkpoint is on the disk: from now on records go there.
void FileJournal::take_over(SegmentJob& job) {
    const Sequence state_of = job.header.first - 1;
    committed_ = std::max(committed_, state_of);
    if (written_ > committed_ && reachable() == written_) unsynced_.push_back(current_.file);
    written_ = std::max(written_, state_of);
    current_ = {job.file, job.header, job.end, job.end, job.room, job.end + job.room};
    grow_at_.reset();
    headers_.push_back(job.header);
    if (headers_.size() > always_kept) headers_.erase(headers_.begin());
    const auto name = segment_name(job.header.first);
    if (!segments_.empty() && segments_.back().name == name) segments_.pop_back();
    segments_.push_back({job.header.first, name, job.end + job.room, job.header.created});
    metrics_.checkpoints.add();
    metrics_.bytes.add(job.end);
    spare_bytes_ = job.spare ? job.end + job.room : 0;
    if (!job.noted)
        log::warn("journal.state", "{}: a segment that is lost may not be missed",
                  job.noted.error().detail);
    if (!job.spare)
        log::warn("journal.spare", "no space is kept ready for the next segment: {}",
                  job.spare.error().detail);
    if (health_ == Health::full && state_of >= heals_from_) health_ = Health::good;
    cursors_.committed(committed_);
    cursors_.checkpointed();
    prune();
}

void FileJournal::forget(const std::vector<std::string>& paths) {
    std::erase_if(segments_, [&](const Segment& segment) {
        return std::ranges::find(paths, path(segment.name)) != paths.end();
    });
    if (!paths.empty()) tell_losing();
    metrics_.segments(segments_.size());
}

/// Segments that nothing needs, oldest first, without holes: by age and size, or all that no cursor
/// has still to read, or all. The newest checkpoint, the one before that stands in for it when it
/// is damaged, and the segment with what came while that one was made always stay.
std::vector<std::string> FileJournal::removable(Removable which) const {
    std::vector<std::string> paths;
    const Sequence needed = cursors_.needed();
    std::uint64_t total = folder_bytes();
    for (std::size_t i = 0; i + always_kept < segments_.size(); ++i) {
        // Were it gone, the next start would miss it.
        if (std::ranges::find(noted_, segments_[i].first) != noted_.end()) break;
        const bool held = segments_[i + 2].first > needed && total <= options_.hold_bytes;
        const bool expired = clock_.utc() - segments_[i + 1].created > options_.keep;
        const bool old = expired || total > options_.keep_bytes;
        if (which != Removable::all && (held || (which == Removable::expired && !old))) break;
        paths.push_back(path(segments_[i].name));
        total -= segments_[i].bytes;
    }
    return paths;
}

void FileJournal::prune() {
    auto paths = removable(Removable::expired);
    forget(paths);
    if (paths.empty()) return;
    workers_.run(
        [&files = files_, paths = std::move(paths), gate = gate_] {
            const std::scoped_lock lock(gate->mutex);
            if (!gate->open) return;
            for (const std::string& old : paths) {
                const auto gone = files.remove(old);
                if (!gone) log::warn("journal.prune", "{}", gone.error().detail);
            }
        },
        [] {});
}

/// Nothing can be made durable any more. What waits for a record above `safe` is told so.
void FileJournal::trouble(const Error& error, Sequence safe) {
    const bool full = error.code == Code::unavailable;
    if (health_ == Health::broken) return;
    const bool news = told_accepts_ || !full;
    commits_up_to_ = health_ == Health::full ? std::min(commits_up_to_, safe) : safe;
    health_ = full ? Health::full : Health::broken;
    failure_ = {full ? Code::unavailable : Code::io, error.detail};
    // With a segment under way the open batch goes there; what is lost must be in a checkpoint.
    heals_from_ = std::max(heals_from_, safe < written_ ? written_ : 0);
    if (!full || !segment_under_way_) drop_open();
    if (!full) commits_up_to_ = committed_;
    waiting_.fail_above(commits_up_to_, failure_);
    metrics_.accepts(false);
    told_accepts_ = false;
    if (!news) return;
    (full ? metrics_.disk_full : metrics_.io_errors).add();
    if (full)
        log::error("journal.full",
                   "there is no room: {}; nothing is acknowledged until there is, tried every {} s",
                   error.detail, options_.retry_interval / seconds);
    else
        log::error("journal.io", "{}; nothing is acknowledged any more: check the disk",
                   error.detail);
}

void FileJournal::drop_open() {
    open_.clear();
    heals_from_ = last_;
}

} // namespace hearth::store
