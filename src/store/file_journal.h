#pragma once

#include "base/metrics.h"
#include "base/random.h"
#include "base/time.h"
#include "journal/cursor_book.h"
#include "journal/durable_journal.h"
#include "net/workers.h"
#include "store/cursor_read.h"
#include "store/journal_metrics.h"
#include "store/journal_reader.h"
#include "store/segment_install.h"
#include "store/shared_file.h"
#include "store/waiting_list.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

/// The journal of a home in files: segments that begin with a checkpoint. The format and the
/// reasons are in docs/decisions/0002-journal-and-checkpoint-format.md.
namespace hearth::store {

struct JournalOptions {
    /// The home's number: segments of another home are refused.
    std::uint64_t home = 1;
    /// Room for records in a segment, after its checkpoint; preallocated. When it is nearly used up
    /// the next segment is begun. A home whose checkpoint is larger gets as much room as that, so
    /// that checkpoints never cost more than the records themselves.
    std::uint64_t segment_bytes = 8ULL << 20;
    /// What nobody waits for is committed after so long at the latest.
    Micros commit_interval = 5 * seconds;
    /// Segments that are no longer needed are kept for so long, and up to so many bytes.
    Micros keep = 7 * days;
    std::uint64_t keep_bytes = 256ULL << 20;
    /// What a cursor has still to read is kept beyond that, up to so many bytes of the folder. Then
    /// the oldest go, and the cursor is told what it lost; so too where the disk is full.
    std::uint64_t hold_bytes = 1ULL << 30;
    /// How far a cursor has come is written with what is written anyway; where nothing is, after so
    /// long.
    Micros position_interval = 30 * seconds;
    /// How long after a failed attempt to make a segment the next one is tried.
    Micros retry_interval = 10 * seconds;
    /// While a full disk is being healed, so many bytes of new records wait in memory at most.
    std::size_t max_open_bytes = 64U << 20;
    /// No file grows beyond that: a longer one could not be read. A state that leaves no room for a
    /// segment in it gets no checkpoint; the hub goes on in the segment that it has.
    std::uint64_t max_segment_bytes = max_segment_file;
    /// Where the folder holds more than keep_bytes, the live state is measured after so long: where
    /// it has become much smaller, new segments let the old ones go. Then after twice as long, and
    /// so on up to an hour.
    Micros shrink_interval = 1 * minutes;
};

/// What replay() found, and what it did with it.
struct ReplayReport : JournalReport {
    /// Records that an owner refused (the reasons are in `damaged`, without `lost`), and records of
    /// a kind that no owner claims.
    std::size_t refused = 0;
    std::size_t unclaimed = 0;
};

/// `journal::DurableJournal` on disk. How it is used:
///
///     auto opened = FileJournal::open(dir + "/journal", options, clock, random, workers, metrics);
///     FileJournal& journal = **opened;
///     Home home(clock, random, journal, …);
///     journal.add(home);
///     auto report = journal.replay();          // blocks; before the shard runs
///     shard.each_turn([&] { home.run(); });
///     shard.each_turn([&] { (void)journal.write(); });   // before the sockets are flushed
///     shard.wake_by([&] { return journal.next_deadline(); });
///     …
///     journal.close();                         // after the shard has stopped
///
/// **Thread.** Everything belongs to the shard's thread. fdatasync and the making of segments run
/// on the workers; one of each is under way at most. The owners, the clock, the randomness, the
/// workers and the registry of metrics must outlive the journal, the owners until close().
///
/// **Written, committed.** append() numbers a record and keeps it in the open batch; write(), a
/// step of every turn, hands the batch to the operating system in one call; a commit (fdatasync)
/// follows at once if somebody waits, else within commit_interval. What comes while one commit is
/// under way goes with the next. Callbacks run from write(), from what a worker posts back, and
/// from close(); never from append() or when_committed().
///
/// **Segments.** When the current segment is nearly full, the owners' state is gathered in that
/// turn (snapshot(): about 1 ms for 1,000 devices) and a worker makes the next segment of it, while
/// records still go to the current one. Only when its checkpoint is on the disk does the new
/// segment get its name and take over. Killed at any instruction, the journal has either the old
/// segment or both.
///
/// **Full disk** (ENOSPC, EDQUOT). Records only go where the disk has promised room. When it
/// promises no more, accepts() turns false while a reserve is left: what was asked for before is
/// still written. When the reserve is used up too, who waits gets Code::unavailable, and the state
/// goes on in memory. At once and every retry_interval a new segment with a checkpoint of
/// everything is tried; the space for one is kept ready (`next.tmp`), and old segments give way.
/// When it is there, accepts() is true again and nothing is missing. A file system that cannot
/// promise room says so in write(): see write_now(). A payload longer than max_payload, or a
/// segment as long as a reader takes, is handled in the same way.
///
/// **I/O error** in write or fdatasync. accepts() turns false for good, who waits gets Code::io,
/// and is_broken() is true: what the disk has is not known until a restart reads it. The hub has to
/// end; going on would promise what nobody can keep. Said in the log ("journal.io") and in
/// hearth_journal_failures_total.
///
/// **Cursors** (journal/cursors.h). A listener's read costs the shard's thread a job for the
/// workers and its answer; a worker reads pieces of 64 KiB, from where the last batch ended. After
/// a start, or where it begins another segment, it passes over the records and the checkpoint
/// before.
///
/// **Damage.** A damaged record is found by its CRC, named in the report and skipped alone; so is
/// what the disk cannot read. A segment that is gone or cut short is named too (journal_state.h).
/// Numbers are never used twice, also not that of a lost record, as far as it can be known.
class FileJournal final : public journal::DurableJournal, private journal::CursorHost {
public:
    /// Looks at the folder (made where it does not exist) and at each segment's header; changes
    /// nothing else. The folder must be locked by the caller: see data_folder.h.
    /// Errors: newer (nothing is touched), conflict (segments of another home), io, unavailable.
    static Result<std::unique_ptr<FileJournal>>
    open(std::string folder, const JournalOptions& options, const Clock& clock, Random& random,
         net::Workers& workers, Metrics& metrics, Files& files = system_files());

    /// Like a crash: nothing more is written, nobody is called. See close().
    ~FileJournal() override;
    FileJournal(const FileJournal&) = delete;
    FileJournal& operator=(const FileJournal&) = delete;

    /// Before replay().
    void add(journal::Owner& owner) override;

    /// Resets the owners and hands them their records, from the newest complete checkpoint on; then
    /// drops a torn end, commits what was found and gets ready to write. Once, before anything is
    /// appended. Damage is no error, but is in the report, the log and the metrics, and leads to a
    /// new checkpoint soon.
    /// Errors: newer (a record that an owner is too old for), io, unavailable (no room for the
    /// first segment).
    Result<ReplayReport> replay();
    /// replay(), told in the interface's words.
    Result<journal::Restored> restore() override;

    journal::Sequence append(journal::Kind kind, std::uint8_t version,
                             std::string_view payload) override;
    void when_committed(Committed then) override;
    bool accepts() const override { return health_ == Health::good && has_reserve(); }
    bool write_now() override;
    journal::Sequence last() const override { return last_; }
    journal::Cursors* cursors() override { return &cursors_; }

    /// Hands the open batch to the operating system, starts commits and segments that are due.
    Result<void> write() override;

    /// A turn once a second does as well.
    std::optional<Micros> next_deadline() const override;

    /// After an I/O error.
    bool is_broken() const override { return health_ == Health::broken; }
    const Error& failure() const override { return failure_; }

    /// See shrink_interval.
    void state_shrank() override { look_at_ = 0; }

    /// Begins a new segment with a checkpoint in the next write(). Does nothing where there is no
    /// record since the last one.
    void checkpoint() { want_checkpoint_ = true; }

    Result<void> close() override;

    journal::Sequence committed() const { return committed_; }
    journal::Sequence written() const { return written_; }

private:
    enum class Health { good, full, broken };

    /// The newest segments always stay: the newest checkpoint, the one before that stands in for it
    /// when it is damaged, and the segment with what came while that one was made.
    static constexpr std::size_t always_kept = 3;

    struct Segment {
        std::uint64_t first = 0;
        std::string name;
        std::uint64_t bytes = 0;
        Micros created = 0;
    };

    /// The segment that is written to.
    struct Current {
        std::shared_ptr<File> file; ///< shared with the commit under way on a worker
        SegmentHeader header;
        std::uint64_t end = 0;
        std::uint64_t checkpoint_end = 0;
        std::uint64_t room = 0;      ///< for records, from checkpoint_end on
        std::uint64_t allocated = 0; ///< the file's length: up to there the disk has promised room
    };

    FileJournal(std::string folder, const JournalOptions& options, const Clock& clock,
                Random& random, net::Workers& workers, Metrics& metrics, Files& files);

    // file_journal_replay.cpp
    Result<void> look();
    Result<Segment> look_at(const SegmentFile& found);
    Result<void> hand_out(const JournalReader::Entry& entry, ReplayReport& report);
    journal::Owner* owner_of(journal::Kind kind) const;
    Result<void> resume(const JournalReader& reader, const ReplayReport& report);
    Result<void> tidy_segment(const Segment& segment, const JournalReader::End& end);
    Result<void> claim_room(const JournalReader::End& end);
    Result<void> go_on(const JournalReader::End& newest, const ReplayReport& report);
    Result<void> first_segment();
    JournalState known_state(journal::Sequence last) const;
    void note_state(journal::Sequence last);
    void tell(const ReplayReport& report);

    // file_journal_room.cpp
    std::uint64_t reserve() const { return options_.segment_bytes / 32; }
    bool has_reserve() const {
        return current_.end + open_.size() + reserve() <= current_.allocated;
    }
    void make_room(std::uint64_t bytes);
    void grow(std::uint64_t wanted);
    journal::Sequence take_too_long(journal::Kind kind, std::size_t bytes);
    void tell_acceptance();
    std::uint64_t folder_bytes() const;
    std::uint64_t segment_for(std::uint64_t state_bytes) const;
    bool is_oversized();
    std::uint64_t measure() const;

    // file_journal.cpp
    Result<void> put_batch();
    Result<void> put(std::string& records);
    journal::Sequence reachable() const;
    void consider_commit();
    void start_commit();
    void finish_commit(journal::Sequence target, Micros started, const Result<void>& outcome);
    Result<void> commit_now();
    Result<void> put_closing_mark();

    // file_journal_checkpoint.cpp
    void consider_checkpoint();
    void start_segment();
    Result<std::shared_ptr<SegmentJob>> gather();
    void no_segment(const Error& error);
    void finish_segment(SegmentJob& job);
    void segment_failed(const SegmentJob& job);
    void take_over(SegmentJob& job);
    void forget(const std::vector<std::string>& paths);
    enum class Removable { expired, unread_by_none, all };
    std::vector<std::string> removable(Removable which) const;
    void prune();
    void trouble(const Error& error, journal::Sequence safe);
    void drop_open();
    std::string path(std::string_view name) const { return folder_ + "/" + std::string(name); }

    // file_journal_cursors.cpp
    journal::Sequence append_mark(journal::Kind kind, std::string_view payload) override;
    journal::Sequence newest_committed() const override { return committed_; }
    journal::Sequence newest_record() const override { return last_; }
    journal::Sequence oldest_record() const override { return segments_.front().first; }
    void fetch(const journal::ReadRequest& request, Answer answer) override;
    void cursor_lost(std::string_view cursor, const journal::SequenceRange& range) override;
    void plan_read(CursorReadJob& job) const;
    Result<void> plan_state(CursorReadJob& job);
    void finish_read(CursorReadJob& job, const Answer& answer);
    std::size_t index_of(std::uint64_t segment) const;
    void tell_losing();

    const std::string folder_;
    const JournalOptions options_;
    const Clock& clock_;
    Random& random_;
    net::Workers& workers_;
    Files& files_;
    JournalMetrics metrics_;
    std::vector<journal::Owner*> owners_;
    std::vector<Segment> segments_; ///< oldest first; the last one is current
    Current current_;
    std::shared_ptr<Gate> gate_ = std::make_shared<Gate>(); ///< outlives this in workers' jobs

    std::string open_; ///< records that are not written yet, unsealed
    journal::Sequence last_ = 0;
    journal::Sequence written_ = 0;
    journal::Sequence committed_ = 0;
    /// Segments before the current one that hold records not yet committed.
    std::vector<std::shared_ptr<File>> unsynced_;
    WaitingList waiting_;
    bool commit_under_way_ = false;
    std::optional<Micros> uncommitted_since_; ///< steady; of the oldest record not yet committed

    Health health_ = Health::good;
    Error failure_;
    std::optional<Error> unread_;         ///< the disk could not read a segment's beginning
    journal::Sequence commits_up_to_ = 0; ///< while not good: what the disk may still promise
    journal::Sequence heals_from_ = 0;    ///< a checkpoint must hold all up to here to heal
    bool want_checkpoint_ = false;
    bool force_checkpoint_ = false; ///< also when there is no record since the last one
    bool segment_under_way_ = false;
    std::size_t last_image_bytes_ = 0;
    std::optional<Micros> retry_at_; ///< steady; no new segment before
    std::optional<Micros> grow_at_;  ///< steady; no more room is asked for before
    Error no_room_;                  ///< why there is no more
    bool told_accepts_ = true;
    std::uint64_t live_bytes_ = ~std::uint64_t{0}; ///< of the state, when it was last measured
    std::uint64_t spare_bytes_ = 0;                ///< kept ready for the next segment
    std::optional<Micros> look_at_;                ///< steady; the state is not measured before
    Micros look_pause_ = 0;
    std::vector<SegmentHeader> headers_; ///< of the newest segments, oldest first
    std::vector<std::uint64_t> noted_;   ///< the segments that journal.state names: they stay
    journal::CursorBook cursors_{*this};
    /// Where batches began and ended, by cursor: of the last read, and of a state read in part.
    struct ReadPlaces {
        ReadPlace begin;
        ReadPlace end;
        ReadPlace state;
    };
    std::map<std::string, ReadPlaces, std::less<>> places_;
    bool closed_ = false;
};

} // namespace hearth::store
