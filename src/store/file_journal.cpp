#include "store/file_journal.h"

#include "base/check.h"
#include "base/log.h"

#include <algorithm>

namespace hearth::store {

using journal::Sequence;

FileJournal::FileJournal(std::string folder, const JournalOptions& options, const Clock& clock,
                         Random& random, net::Workers& workers, Metrics& metrics, Files& files)
    : folder_(std::move(folder))
    , options_(options)
    , clock_(clock)
    , random_(random)
    , workers_(workers)
    , files_(files)
    , metrics_(metrics) {
    owners_.push_back(&cursors_);
}

FileJournal::~FileJournal() {
    const std::scoped_lock lock(gate_->mutex);
    gate_->open = false;
    gate_->alive = false;
}

void FileJournal::add(journal::Owner& owner) {
    owners_.push_back(&owner);
}

Sequence FileJournal::append(journal::Kind kind, std::uint8_t version, std::string_view payload) {
    HEARTH_CHECK(!closed_ && current_.file != nullptr);
    if (payload.size() > journal::max_payload) return take_too_long(kind, payload.size());
    if (health_ == Health::good) make_room(record_size(payload.size()));
    cursors_.appended(kind, ++last_);
    metrics_.records.add();
    const bool keeps = health_ == Health::good || (health_ == Health::full && segment_under_way_);
    if (!keeps) {
        heals_from_ = last_;
        return last_;
    }
    RecordHeader header;
    header.sequence = last_;
    header.kind = kind;
    header.version = version;
    append_record(open_, header, payload);
    if (!uncommitted_since_) uncommitted_since_ = clock_.steady();
    if (health_ == Health::full && open_.size() > options_.max_open_bytes) drop_open();
    return last_;
}

void FileJournal::when_committed(Committed then) {
    std::optional<Error> failure;
    if (health_ != Health::good && last_ > commits_up_to_) failure = failure_;
    waiting_.add(last_, std::move(then), std::move(failure));
}

Result<void> FileJournal::write() {
    if (health_ == Health::good)
        cursors_.put_marks(clock_.steady(), options_.position_interval, open_.empty());
    auto outcome = put_batch();
    if (health_ == Health::good && !has_reserve()) make_room(0);
    consider_checkpoint();
    consider_commit();
    tell_acceptance();
    metrics_.cursor_lag(cursors_.longest_lag());
    waiting_.answer(committed_);
    return outcome;
}

bool FileJournal::write_now() {
    return put_batch().has_value() && health_ == Health::good;
}

std::optional<Micros> FileJournal::next_deadline() const {
    std::optional<Micros> next;
    const bool open = health_ == Health::good && !open_.empty();
    if (uncommitted_since_ && !commit_under_way_ && (open || reachable() > committed_))
        next = *uncommitted_since_ + options_.commit_interval;
    if (retry_at_ && (!next || *retry_at_ < *next)) next = retry_at_;
    const auto mark = cursors_.next_mark(options_.position_interval);
    if (mark && health_ == Health::good && (!next || *mark < *next)) next = mark;
    return next;
}

Result<void> FileJournal::put_batch() {
    if (open_.empty()) return {};
    if (health_ == Health::good) {
        auto done = put(open_);
        if (done) {
            written_ = last_;
            open_.clear();
            return {};
        }
        // What was there before may still be committed, unless the disk is known to be bad.
        trouble(done.error(), written_);
    }
    return std::unexpected(failure_);
}

/// Writes sealed records at the end of the current segment.
Result<void> FileJournal::put(std::string& records) {
    seal_records(records, current_.header.salt, current_.end, committed_);
    auto done = current_.file->write(current_.end, records);
    if (!done) {
        // A part of them may be there, which would look torn.
        if (done.error().code == Code::unavailable) (void)current_.file->clear(current_.end);
        return done;
    }
    current_.end += records.size();
    current_.allocated = std::max(current_.allocated, current_.end);
    segments_.back().bytes = std::max(segments_.back().bytes, current_.end);
    metrics_.bytes.add(records.size());
    return {};
}

/// The newest record that a commit may still promise.
Sequence FileJournal::reachable() const {
    return health_ == Health::good ? written_ : commits_up_to_;
}

void FileJournal::consider_commit() {
    if (commit_under_way_ || reachable() <= committed_) return;
    const bool due =
        uncommitted_since_ && clock_.steady() >= *uncommitted_since_ + options_.commit_interval;
    if (due || waiting_.urgent(committed_)) start_commit();
}

void FileJournal::start_commit() {
    struct Job {
        std::vector<std::shared_ptr<File>> files;
        Result<void> outcome;
    };
    // The older segment first, so that records reach the disk in their order.
    auto job = std::make_shared<Job>(Job{unsynced_, {}});
    job->files.push_back(current_.file);
    unsynced_.clear();
    commit_under_way_ = true;
    uncommitted_since_.reset();
    if (!open_.empty()) uncommitted_since_ = clock_.steady();
    workers_.run(
        [job] {
            for (const auto& file : job->files) {
                job->outcome = file->sync();
                if (!job->outcome) return;
            }
        },
        [this, job, gate = gate_, target = written_, started = clock_.steady()] {
            if (gate->alive) finish_commit(target, started, job->outcome);
        });
}

void FileJournal::finish_commit(Sequence target, Micros started, const Result<void>& outcome) {
    commit_under_way_ = false;
    if (outcome) {
        committed_ = std::max(committed_, target);
        metrics_.committed(clock_.steady() - started);
        if (cursors_.committed(committed_)) prune();
    } else {
        trouble(outcome.error(), committed_);
    }
    consider_commit();
    waiting_.answer(committed_);
}

Result<void> FileJournal::close() {
    HEARTH_CHECK(!closed_);
    if (current_.file == nullptr) return {};
    if (health_ == Health::good) cursors_.put_last_marks();
    (void)put_batch();
    Result<void> outcome;
    if (health_ == Health::good) outcome = commit_now();
    if (outcome && health_ == Health::good) outcome = put_closing_mark();
    if (!outcome) trouble(outcome.error(), committed_);
    if (health_ != Health::good) {
        waiting_.fail_above(committed_, failure_);
        outcome = std::unexpected(failure_);
    }
    waiting_.answer(committed_);
    closed_ = true;
    const std::scoped_lock lock(gate_->mutex);
    if (outcome) note_state(last_);
    gate_->open = false;
    gate_->alive = false;
    return outcome;
}

Result<void> FileJournal::commit_now() {
    for (const auto& file : unsynced_) {
        auto done = file->sync();
        if (!done) return done;
    }
    auto done = current_.file->sync();
    if (done) committed_ = written_;
    return done;
}

Result<void> FileJournal::put_closing_mark() {
    std::string mark;
    RecordHeader header;
    header.sequence = last_;
    header.kind = closed_kind;
    append_record(mark, header, {});
    const auto put_down = put(mark);
    if (!put_down) return put_down;
    return current_.file->sync();
}

} // namespace hearth::store
