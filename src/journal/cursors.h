#pragma once

#include "journal/journal.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Named cursors: how a history, a learner or a mirror listens to the journal at a pace of its own.
/// Each reads committed records in order, in batches, does its slow work elsewhere, and says how
/// far it has come. The journal remembers that over restarts, and keeps what a cursor has still to
/// read, up to a limit. Why it is so: docs/decisions/0009-named-cursors.md.
///
///     auto cursor = journal.cursors()->open("history", CursorStart::oldest);
///     shard.each_turn([&] {
///         if (busy || (*cursor)->lag() == 0) return;
///         busy = true;
///         (*cursor)->read({}, [&](Result<Batch> batch) {
///             …                                       // elsewhere; then, back on the shard:
///             (void)(*cursor)->done(batch->last);
///             busy = false;
///         });
///     });
///
/// **At least once.** A position is written with what is written anyway, not for each record.
/// Killed, a listener goes back to the last position that was written, and reads some records
/// again, never fewer. It tells them by their numbers.
///
/// **Thread.** Everything here belongs to the shard's thread.
namespace hearth::journal {

/// Cursors that one journal keeps, those that no listener has opened for long included.
constexpr std::size_t max_cursors = 32;
/// A name: letters, digits, "-", "_" and ".", at most so many bytes.
constexpr std::size_t max_cursor_name = 64;
/// What one read() asks for at most, whatever its limits say.
constexpr std::size_t max_batch_records = 10'000;
constexpr std::size_t max_batch_bytes = 16U << 20;

struct SequenceRange {
    Sequence first = 0;
    Sequence last = 0;

    std::uint64_t count() const { return last - first + 1; }
    bool operator==(const SequenceRange&) const = default;
};

/// One record of a batch, which owns its payload.
struct BatchRecord {
    Sequence sequence = 0;
    Kind kind = 0;
    std::uint8_t version = 1;
    bool state = false; ///< a part of a checkpoint: only from read_state()
    std::string payload;

    Record view() const { return {sequence, kind, version, state, payload}; }
};

struct Batch {
    /// These are gone, before `records`: more than the journal holds came meanwhile, or the disk
    /// damaged them, or there was no room for them when they happened. Read again until done() with
    /// them. Some of the numbers may be fillers or cursors' own records.
    std::optional<SequenceRange> lost;
    /// In order. Empty with no `lost`: there is nothing to read now.
    std::vector<BatchRecord> records;
    /// What to hand to done() when all of this is dealt with. 0: nothing (an empty batch, or a
    /// part of a state that is not the last one).
    Sequence last = 0;
    /// There is more to read now.
    bool more = false;
    /// Of read_state(): a state begins (forget the parts seen before), or is whole with this batch.
    bool state_begins = false;
    bool state_ends = false;
};

/// A batch ends before the record with which it would exceed one of them; it has one record at
/// least, however long.
struct BatchLimits {
    std::size_t records = 500;
    std::size_t bytes = 256U << 10; ///< of payload
};

/// A listener's place in the journal, open. Letting go of it keeps the position, and drops a read
/// that is under way without an answer. Nothing but its destructor may be called once the journal
/// is gone.
class Cursor {
public:
    using Read = std::function<void(Result<Batch>)>;

    virtual ~Cursor() = default;

    virtual const std::string& name() const = 0;

    /// All up to this record is dealt with.
    virtual Sequence position() const = 0;

    /// How many committed records come after the position; 0 where none of them is for listeners.
    virtual std::uint64_t lag() const = 0;

    /// All up to `sequence` is dealt with: it is not read again, unless the program is killed
    /// before that is written (soon: with the next records, else within a named time). An older one
    /// than the position changes nothing. Cheap: may be called for each record.
    /// Errors: invalid (not committed yet).
    virtual Result<void> done(Sequence sequence) = 0;

    /// Reads committed records after the position; the position moves by done() alone, so that the
    /// same ones come again until then. Records that are nobody's (fillers, cursors' positions) are
    /// passed over. Calls `then` on the shard's thread, never from within this call; not once the
    /// journal is closed. One read of a cursor is under way at a time: asking again before the
    /// answer is a bug. Takes some microseconds of the shard's thread; the files are read on a
    /// worker, in pieces, from where the last batch ended.
    /// Errors: io (no file can be opened), unavailable. The position stays: read again.
    virtual void read(const BatchLimits& limits, Read then) = 0;

    /// Reads the newest checkpoint, the whole state as records, instead of what led to it: for who
    /// has `lost` something, or begins. Batch by batch, like read(), until state_ends; done(last)
    /// then goes on behind it. It begins anew (state_begins) where it was not read to its end
    /// before read(), a restart, or the end of the segment that it stands in. Errors: refused (the
    /// position is beyond the newest checkpoint, whose state would be older than what was read: the
    /// next one is asked for, try again later), damaged, and as for read().
    virtual void read_state(const BatchLimits& limits, Read then) = 0;
};

/// Where a cursor begins that the journal has not seen before.
enum class CursorStart {
    oldest, ///< with the oldest record that is there
    now,    ///< with what is appended from now on
};

struct CursorInfo {
    std::string name;
    Sequence position = 0;
    std::uint64_t lag = 0;
    bool open = false; ///< a listener of this program has it

    bool operator==(const CursorInfo&) const = default;
};

/// The cursors of a journal. Use after the journal's replay and before its close.
class Cursors {
public:
    virtual ~Cursors() = default;

    /// Goes on where the cursor of this name is, or makes it at `start`.
    /// Errors: invalid (name), conflict (it is open), limit (max_cursors).
    virtual Result<std::unique_ptr<Cursor>> open(std::string_view name, CursorStart start) = 0;

    /// Lets go of a cursor whose listener is no part of the program any more: nothing is kept for
    /// it. Until then a cursor that nobody opens holds what it has not read, up to the limit.
    /// Errors: not_found, conflict (it is open).
    virtual Result<void> forget(std::string_view name) = 0;

    /// All of them by name, also those of another version of the program.
    virtual std::vector<CursorInfo> list() const = 0;
};

} // namespace hearth::journal
