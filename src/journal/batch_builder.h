#pragma once

#include "journal/cursors.h"

#include <string>

/// Putting together what a cursor reads, the same for every journal. Inner part of them.
namespace hearth::journal {

/// What a cursor asks its journal for.
struct ReadRequest {
    std::string cursor;
    Sequence after = 0;
    Sequence up_to = 0; ///< the newest that is committed
    BatchLimits limits;
    bool state = false;        ///< read_state()
    bool state_begins = false; ///< and not the next part of what was read before
    /// Where its first record is, is not known: what is missing before it is not lost.
    bool fresh = false;
};

struct ReadAnswer {
    Batch batch;
    /// All up to here was looked at, and is in the batch or nobody's.
    Sequence seen = 0;
};

/// Records that no listener reads.
constexpr bool is_nobodys(Kind kind) {
    return kind == filler_kind || cursor_kinds.contains(kind);
}

/// Takes the records that come after a position, in order, notices which are missing, and stops
/// where the batch is full or would hold two things that are lost.
class BatchBuilder {
public:
    enum class Next {
        take, ///< hand it to take()
        pass, ///< it is not for this batch: show the next one
        stop, ///< the batch ends before it
    };

    explicit BatchBuilder(const ReadRequest& request);

    /// The next record that is there, and how long its payload is.
    Next consider(Sequence sequence, Kind kind, std::size_t bytes);
    /// What consider() wanted. A record that cannot be read after all is simply not handed over:
    /// the next one shows that it is missing.
    void take(const Record& record);
    /// The numbers up to this one were never promised to anyone: they are not missed.
    void never_was(Sequence up_to);

    /// The number that comes next.
    Sequence expected() const { return expected_; }
    bool is_done() const { return expected_ > up_to_; }

    /// `at_end`: there are no more records, so that what has not come by then is lost.
    ReadAnswer finish(bool at_end);

private:
    bool lose(Sequence last);

    ReadAnswer answer_;
    BatchLimits limits_;
    Sequence expected_;
    Sequence up_to_;
    std::size_t bytes_ = 0;
    bool fresh_;
};

/// The same for the parts of a checkpoint, which are the state after `state_of`.
class StateBuilder {
public:
    StateBuilder(const ReadRequest& request, bool begins);

    /// False where the batch is full: it ends before this one.
    bool take(const Record& record);
    /// The checkpoint has no more parts.
    void ends(Sequence state_of);
    ReadAnswer finish();

private:
    Batch batch_;
    BatchLimits limits_;
    std::size_t bytes_ = 0;
};

} // namespace hearth::journal
