#pragma once

#include "journal/journal.h"
#include "store/files.h"
#include "store/journal_state.h"
#include "store/segment_scan.h"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Reading a journal without owning it: for replay at start, for `hearth journal verify|cat` and
/// for listeners that have to catch up. Works on a folder in use and on a copy; never changes it.
namespace hearth::store {

/// Something in the journal's files that is not what was written.
struct Damage {
    std::string segment; ///< the file's name
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
    journal::Sequence first = 0; ///< the record, or the first of those missing; 0: none or unknown
    journal::Sequence last = 0;
    journal::Kind kind = 0; ///< 0: unknown
    bool state = false;     ///< a part of a checkpoint
    /// A record's content is gone. False for padding, copies, marks, unused space, and for what the
    /// checkpoint that is read from holds anyway.
    bool lost = false;
    std::string what;
};
/// One line: what, which record, which file and where.
std::string to_string(const Damage& damage);

/// The end of the last write before a crash, of which not everything reached the disk. Nobody was
/// told that it is committed, unless the file has been cut short since: then `damaged` says so. It
/// is dropped from the first hole on, so that what is left is a beginning of what was written, in
/// order.
struct TornTail {
    std::string segment;
    std::uint64_t offset = 0;
    journal::Sequence first = 0; ///< the first that is not there or is dropped
    journal::Sequence last = 0;  ///< the highest number seen among what is dropped
    bool cut = false;            ///< the file is shorter than it was: see `damaged`
};

/// What was found on the way through the journal.
struct JournalReport {
    std::size_t segments = 0;
    std::uint64_t bytes = 0; ///< of the files, with their preallocated space
    std::uint64_t records = 0;
    std::uint64_t state_records = 0;
    std::size_t checkpoints = 0; ///< complete ones
    std::size_t incomplete_checkpoints = 0;
    journal::Sequence first = 0;  ///< the oldest record that was read; 0: none
    journal::Sequence last = 0;   ///< the newest that counts, also if only a checkpoint holds it
    journal::Sequence newest = 0; ///< the highest number ever seen: the next one follows it
    std::string base;             ///< the segment whose checkpoint was read from; empty: none
    bool closed = false;          ///< ended in an orderly way
    std::vector<Damage> damaged;
    std::optional<TornTail> torn;

    std::size_t lost() const; ///< records whose content is gone
};

struct SegmentFile {
    std::uint64_t first = 0;
    std::string name;
};
/// The segments of a folder by their names, oldest first.
Result<std::vector<SegmentFile>> list_segments(Files& files, const std::string& folder);

class JournalReader {
public:
    struct Entry {
        journal::Record record;
        std::string_view segment;
        std::uint64_t offset = 0;
    };
    /// An error ends the visit and becomes its result. Marks are not shown.
    using Visitor = std::function<Result<void>(const Entry&)>;

    /// How far the segments hold what counts: for the journal that goes on writing.
    struct End {
        std::uint64_t end = records_at;
        std::uint64_t checkpoint_end = records_at;
        bool clean = true; ///< only zeros follow
        SegmentHeader header;
        bool readable = false;
        bool checkpoint_complete = false;
        /// False for a file that is cut short or that the disk cannot read everywhere: nothing more
        /// should be written to it.
        bool sound = true;
    };

    /// `folder` holds the segments: DIR/journal.
    JournalReader(Files& files, std::string folder)
        : files_(files)
        , folder_(std::move(folder)) {}

    /// Reads everything there is and checks each byte. Damage is in the report, not an error.
    /// Errors: newer, io, not_found (no such folder).
    Result<JournalReport> verify();

    /// Shows every record there is, oldest first, with the state records of every checkpoint where
    /// `with_state`.
    Result<JournalReport> cat(const Visitor& visitor, bool with_state);

    /// Shows, in order, the records numbered above `after` that are still kept; never state. The
    /// first may be higher than after + 1 where segments have been deleted.
    Result<JournalReport> since(journal::Sequence after, const Visitor& visitor);

    /// Shows what rebuilds the state: the newest complete checkpoint, then every record after it.
    /// Without a complete one the oldest checkpoint, as far as it is there, and every record after.
    Result<JournalReport> replay(const Visitor& visitor);

    /// After a visit: where each visited segment ends.
    const std::map<std::string, End>& ends() const { return ends_; }

private:
    friend class JournalWalk;
    struct Loaded {
        std::string bytes;
        Result<Scan> scan;
        std::vector<ByteRange> unreadable;
        std::string why; ///< the disk cannot read them
        bool header_from_state = false;
    };

    Result<void> list();
    Loaded read(File& file, std::uint64_t size, const SegmentFile& segment) const;
    /// Nothing where the file went away meanwhile: the oldest do.
    Result<const Loaded*> load(std::size_t index);
    Result<std::size_t> find_base(bool& complete);

    Files& files_;
    std::string folder_;
    std::optional<JournalState> state_; ///< what the folder is known to hold
    std::vector<SegmentFile> segments_;
    std::map<std::size_t, Loaded> loaded_; ///< at most three
    std::map<std::string, End> ends_;
};

} // namespace hearth::store
