// Segments: when one is made, how it takes over, when old ones go, and what happens when the disk
// is full.
#include "base/log.h"
#include "store/file_journal.h"

#include <algorithm>

namespace hearth::store {

using journal::Sequence;

namespace {

constexpr std::size_t always_kept = 3;

} // namespace

void FileJournal::consider_checkpoint() {
    if (segment_under_way_ || health_ == Health::broken) return;
    if (retry_at_ && clock_.steady() < *retry_at_) return;
    const auto used = current_.end - current_.checkpoint_end;
    // The last eighth is for what comes while the next segment is being made.
    const bool full = used >= current_.room - current_.room / 8;
    const bool wanted = want_checkpoint_ || force_checkpoint_;
    if (full || wanted || health_ == Health::full) start_segment();
}

void FileJournal::start_segment() {
    const bool heals = health_ == Health::full;
    const bool news = last_ + 1 != current_.header.first || force_checkpoint_ || heals;
    want_checkpoint_ = force_checkpoint_ = false;
    if (!news) return;
    if (heals) drop_open();
    auto job = gather();
    segment_under_way_ = true;
    retry_at_.reset();
    workers_.run([job] { install_segment(*job); },
                 [this, job, gate = gate_] {
                     if (gate->alive) finish_segment(*job);
                 });
}

std::shared_ptr<SegmentJob> FileJournal::gather() {
    SegmentHeader header;
    header.home = options_.home;
    header.first = last_ + 1;
    header.salt = random_.next();
    header.created = clock_.utc();
    const bool heals = health_ == Health::full;
    CheckpointImage image(header, heals, last_image_bytes_ + last_image_bytes_ / 8);
    for (const journal::Owner* owner : owners_)
        owner->snapshot(image);
    image.finish();
    last_image_bytes_ = image.size();

    auto job = std::make_shared<SegmentJob>();
    job->files = &files_;
    job->folder = folder_;
    job->header = header;
    job->room = std::max<std::uint64_t>(options_.segment_bytes, image.size());
    job->records = image.take();
    job->gate = gate_;
    if (!heals && current_.file != nullptr) {
        job->sync_first = unsynced_;
        job->sync_first.push_back(current_.file);
    }
    job->may_go = removable(true);
    return job;
}

void FileJournal::finish_segment(SegmentJob& job) {
    segment_under_way_ = false;
    if (job.sacrificed) forget(job.may_go);
    if (!job.synced)
        trouble(job.synced.error(), committed_);
    else if (!job.made)
        segment_failed(job);
    else if (health_ != Health::broken)
        take_over(job);
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
    force_checkpoint_ = true;
    retry_at_ = clock_.steady() + options_.retry_interval;
    if (health_ == Health::full) drop_open();
    log::warn("journal.checkpoint", "no new segment: {}; next try in {} s", error.detail,
              options_.retry_interval / seconds);
}

/// The new segment's checkpoint is on the disk: from now on records go there.
void FileJournal::take_over(SegmentJob& job) {
    const Sequence state_of = job.header.first - 1;
    committed_ = std::max(committed_, state_of);
    if (written_ > committed_ && reachable() == written_) unsynced_.push_back(current_.file);
    written_ = std::max(written_, state_of);
    current_ = {job.file, job.header, job.end, job.end, job.room};
    const auto name = segment_name(job.header.first);
    if (!segments_.empty() && segments_.back().name == name) segments_.pop_back();
    segments_.push_back({job.header.first, name, job.end + job.room, job.header.created});
    metrics_.checkpoints.add();
    metrics_.bytes.add(job.end);
    if (!job.spare)
        log::warn("journal.spare", "no space is kept ready for the next segment: {}",
                  job.spare.error().detail);
    if (health_ == Health::full && state_of >= heals_from_) {
        health_ = Health::good;
        metrics_.accepts(true);
        log::info("journal.healed", "there is room again: everything up to record {} is on disk",
                  state_of);
    }
    prune();
}

void FileJournal::forget(const std::vector<std::string>& paths) {
    std::erase_if(segments_, [&](const Segment& segment) {
        return std::ranges::find(paths, path(segment.name)) != paths.end();
    });
    metrics_.segments(segments_.size());
}

/// Segments that nothing needs, oldest first, without holes: by age and size, or `all` of them. The
/// newest checkpoint, the one before that stands in for it when it is damaged, and the segment with
/// what came while that one was made always stay.
std::vector<std::string> FileJournal::removable(bool all) const {
    std::vector<std::string> paths;
    std::uint64_t total = 0;
    for (const Segment& segment : segments_)
        total += segment.bytes;
    for (std::size_t i = 0; i + always_kept < segments_.size(); ++i) {
        const bool held = segments_[i + 2].first > hold_from_ && total <= options_.hold_bytes;
        const bool expired = clock_.utc() - segments_[i + 1].created > options_.keep;
        if (held || !(all || expired || total > options_.keep_bytes)) break;
        paths.push_back(path(segments_[i].name));
        total -= segments_[i].bytes;
    }
    return paths;
}

void FileJournal::prune() {
    auto paths = removable(false);
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
    const bool news = health_ == Health::good || !full;
    commits_up_to_ = health_ == Health::full ? std::min(commits_up_to_, safe) : safe;
    health_ = full ? Health::full : Health::broken;
    failure_ = {full ? Code::unavailable : Code::io, error.detail};
    // With a segment under way the open batch goes there; what is lost must be in a checkpoint.
    heals_from_ = std::max(heals_from_, safe < written_ ? written_ : 0);
    if (!full || !segment_under_way_) drop_open();
    if (!full) commits_up_to_ = committed_;
    waiting_.fail_above(commits_up_to_, failure_);
    metrics_.accepts(false);
    if (!news) return;
    (full ? metrics_.disk_full : metrics_.io_errors).add();
    if (full)
        log::error("journal.full",
                   "the disk is full: {}; nothing is acknowledged until there is room, tried "
                   "every {} s",
                   error.detail, options_.retry_interval / seconds);
    else
        log::error("journal.io",
                   "{}; nothing is acknowledged any more: check the disk, then restart hearth",
                   error.detail);
}

void FileJournal::drop_open() {
    open_.clear();
    heals_from_ = last_;
}

} // namespace hearth::store
