#pragma once

#include "base/result.h"
#include "base/value.h"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

/// The one journal of a home: everything that must survive is appended here, in one order, before
/// anyone hears of it. This room holds the interface and an in-memory journal for tests; the files
/// are store/file_journal.h.
///
/// A record is *journaled* when append() has returned, *written* when the operating system has it
/// (kill -9 loses nothing written) and *committed* when the disk has it (a power cut loses nothing
/// committed). A shard writes once a turn, before any socket is flushed.
namespace hearth::journal {

/// The number of a record: from 1, without gaps, for the life of the home.
using Sequence = std::uint64_t;

/// What a record is. Each owner has a range of its own; a number, once used, never changes its
/// meaning. See the owners' own lists: home/records.h, broker/records.h,
/// automations/records.h.
using Kind = std::uint16_t;

struct KindRange {
    Kind first = 0;
    Kind last = 0;

    bool contains(Kind kind) const { return kind >= first && kind <= last; }
};

constexpr KindRange journal_kinds{1, 99};
constexpr KindRange home_kinds{100, 199};
constexpr KindRange broker_kinds{200, 299};
constexpr KindRange access_kinds{300, 399};
constexpr KindRange automation_kinds{400, 499};

/// A number in which nothing happened: the files take one where a segment has to follow another
/// without a record between. Nobody's, and skipped by replay.
constexpr Kind filler_kind = 500;

/// How far the cursors are: cursor_book.h. Kept by the journal itself, and shown to no listener.
constexpr KindRange cursor_kinds{501, 509};

/// One record, as appended or as read back. `payload` is a view: it lives as long as the call that
/// hands the record over.
struct Record {
    Sequence sequence = 0;
    Kind kind = 0;
    std::uint8_t version = 1;
    /// Part of a checkpoint: the state as it was, not something that happened.
    bool state = false;
    std::string_view payload;
};

/// Longest payload of one record, in bytes: what is longer cannot be read back. Appending it is a
/// bug of the caller: who takes bytes from outside has refused them before.
constexpr std::size_t max_payload = 16U << 20;

/// Takes the records of a checkpoint.
class SnapshotSink {
public:
    virtual ~SnapshotSink() = default;
    virtual void put(Kind kind, std::uint8_t version, std::string_view payload) = 0;
};

/// A part of the home whose state lives in the journal.
class Owner {
public:
    virtual ~Owner() = default;

    /// The kinds that this owner writes and reads.
    virtual KindRange kinds() const = 0;

    /// Applies one record at start, in order; both what happened and parts of a checkpoint. Before
    /// the first part of a checkpoint, reset() is called. Must not append, send or call listeners.
    virtual Result<void> replay(const Record& record) = 0;

    /// Forgets everything: a checkpoint follows.
    virtual void reset() = 0;

    /// Writes the whole state as records from which replay() rebuilds it exactly.
    virtual void snapshot(SnapshotSink& sink) const = 0;
};

class Cursors;

/// What the core sees. Belongs to the home's shard and is called from its thread only.
class Journal {
public:
    using Committed = std::function<void(const Result<void>&)>;

    virtual ~Journal() = default;

    /// Numbers a record and puts it into the open batch. Never fails and never waits: trouble with
    /// the disk shows in accepts() and in when_committed(). What is longer than max_payload is
    /// never written: it counts as what a full disk did not take.
    virtual Sequence append(Kind kind, std::uint8_t version, std::string_view payload) = 0;

    /// Hands what is appended to the operating system now instead of at the end of the turn: for
    /// what must not be done unless it is written. False where it is not written; then it is in
    /// memory only.
    virtual bool write_now() { return accepts(); }

    /// Calls `then` on the shard's thread, never from within this call, once everything that is
    /// appended so far is committed; or with an error (Code::unavailable for a full disk, Code::io)
    /// when it will not be. Asking makes the batch urgent. Calls come in the order of asking.
    virtual void when_committed(Committed then) = 0;

    /// False while nothing can be made durable (disk full, I/O error): who would have to
    /// acknowledge refuses instead. What is appended meanwhile lives in memory only.
    virtual bool accepts() const = 0;

    /// The newest record's number; 0 in an empty journal.
    virtual Sequence last() const = 0;

    /// For who reads what was committed, later and at a pace of their own: cursors.h. nullptr where
    /// this journal keeps no records to be read.
    virtual Cursors* cursors() { return nullptr; }
};

} // namespace hearth::journal
