#pragma once

#include "store/segment_format.h"
#include "store/segment_read.h"

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

/// What the bytes of one segment hold, told apart into records and places that cannot be read.
/// Whether such a place is damage or only the torn end of the last write depends on the other
/// segments too: that is decided in journal_reader.h.
namespace hearth::store {

/// A stretch of a segment.
struct ScanItem {
    enum class What {
        record,     ///< good
        unreadable, ///< a record with a good header and a payload that does not fit its CRC
        gap,        ///< bytes that are no record, up to the next good header or the end
    };

    What what = What::record;
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
    RecordHeader header; ///< not for a gap
    /// Looks like a write that the power cut: a piece of it, from one sector's edge to the next, is
    /// all zeros, as preallocated space is, or the file ends within it.
    bool torn_like = false;
    /// The disk could not read all of it: what stood there is not known, and never looks torn.
    bool unread = false;
    /// The zeros after the payload are not all zeros. Nothing is lost by that.
    bool bad_padding = false;
};

struct Scan {
    SegmentHeader header;
    std::vector<ScanItem> items;
    /// Harmless damage outside the records: a copy of the header, the space around it, the unused
    /// end of the file. Offsets of its first byte.
    std::vector<std::uint64_t> bad_header_bytes;
    std::uint64_t bad_unused_at = 0;    ///< 0: none
    std::uint64_t unread_unused_at = 0; ///< where the disk cannot read unused space; 0: none
    std::uint64_t end = records_at;     ///< where the last item ends
    std::uint64_t bytes = 0;            ///< of the file

    /// Its checkpoint is there with every record: replay may begin here.
    bool checkpoint_complete = false;
    bool heals = false;                        ///< CheckpointBegin::heals
    std::uint64_t checkpoint_end = records_at; ///< where the checkpoint's last record ends
    journal::Sequence proves = 0; ///< newest record that is known to be committed from this segment
    journal::Sequence newest = 0; ///< highest number of any record that is not state

    /// The checkpoint is the state after this record.
    journal::Sequence state_of() const { return header.first - 1; }
    /// How many bytes of the file are gone: it is shorter than it was from its first moment on.
    std::uint64_t cut() const { return header.size > bytes ? header.size - bytes : 0; }
};

/// Reads a segment, of which the disk could not read some ranges: they are zeros in `bytes`. Takes
/// time and memory in proportion to its bytes, whatever they hold.
/// Errors: damaged (neither copy of the header can be read), newer.
Result<Scan> scan_segment(std::string_view bytes, std::span<const ByteRange> unreadable = {});

/// The payload of an item of that segment.
inline std::string_view payload_of(std::string_view segment, const ScanItem& item) {
    return segment.substr(item.offset + record_header_size, item.header.length);
}

} // namespace hearth::store
