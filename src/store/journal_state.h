#pragma once

#include "journal/journal.h"
#include "store/files.h"
#include "store/segment_format.h"

#include <optional>
#include <string>
#include <vector>

/// DIR/journal.state: what the journal's folder is known to hold, so that a segment that is gone or
/// cut short does not pass for one that never was. Beside the folder, not in it: who empties the
/// folder does not take the knowledge along.
///
/// Small, replaced as a whole (old or new, never a part), lasting only after what it tells of. It
/// is advice: without it, or where it is damaged, the journal is read as it is.
namespace hearth::store {

struct JournalState {
    /// The newest record that was committed when this was written; the journal may be far beyond.
    journal::Sequence last = 0;
    /// The newest segments, oldest first: their headers, from which a segment whose own header
    /// cannot be read is read nevertheless.
    std::vector<SegmentHeader> segments;

    bool names(std::uint64_t first) const;
};

/// DIR/journal → DIR/journal.state
std::string state_path(const std::string& folder);

/// Errors: io, unavailable.
Result<void> write_state(Files& files, const std::string& folder, const JournalState& state);

/// Nothing where there is none, or none that can be believed.
std::optional<JournalState> read_state(Files& files, const std::string& folder);

} // namespace hearth::store
