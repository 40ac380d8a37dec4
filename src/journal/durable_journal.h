#pragma once

#include "base/time.h"
#include "journal/journal.h"

#include <optional>
#include <string>
#include <vector>

namespace hearth::journal {

/// What restore() found.
struct Restored {
    /// Something in the store that is not what was written.
    struct Damage {
        std::string where; ///< a file, a row; for people
        std::string what;  ///< one line that names the place too
    };

    bool was_empty = false; ///< there was nothing, not even something damaged: the home begins
    std::vector<Damage> damaged;
};

/// A journal with its life: what whoever runs a home calls on the store behind it, be it files
/// (store/file_journal.h) or a database. Made by the store's own open(), which hands it its folder
/// or connection; then
///
///     journal.add(home);                       // every owner
///     auto found = journal.restore();          // blocks; before the shard runs
///     … at the end of every turn: write(), before a socket is flushed; and a turn comes by
///     next_deadline() at the latest …
///     journal.close();                         // after the last turn
///
/// All on the home's shard. What is slow goes to workers and comes back as a turn. The owners must
/// outlive it until close().
class DurableJournal : public Journal {
public:
    /// Before restore(). Kinds of two owners must not overlap.
    virtual void add(Owner& owner) = 0;

    /// Resets the owners, hands them their records and gets ready to write. Once, before anything
    /// is appended. Damage is no error: the rest is restored.
    /// Errors: newer (a record that an owner is too old for), io, unavailable.
    virtual Result<Restored> restore() = 0;

    /// The step at the end of every turn: hands on what was appended, starts what is due, and calls
    /// those whose commit is known. Errors: unavailable, io: what was appended is in memory only.
    virtual Result<void> write() = 0;

    /// The steady time by which write() should be called again though nothing else happens; nothing
    /// where there is no need.
    virtual std::optional<Micros> next_deadline() const = 0;

    /// What the store has is not known any more: nothing that this turn led to may leave, and the
    /// home has to end. Only a new start reads what there is.
    virtual bool is_broken() const = 0;
    /// Why accepts() is false.
    virtual const Error& failure() const = 0;

    /// Tells that much of the live state may be gone, so that a checkpoint would be much smaller.
    virtual void state_shrank() = 0;

    /// Writes and commits all there is, marks the orderly end, calls who waits. After that nothing
    /// may be appended. Blocks. Errors: io, unavailable.
    virtual Result<void> close() = 0;
};

} // namespace hearth::journal
