#pragma once

#include "base/result.h"
#include "base/time.h"
#include "journal/journal.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// How a segment of the journal looks, byte by byte: docs/decisions/0002. All numbers are
/// little-endian. Pure functions on bytes; reading a whole segment is segment_scan.h.
///
///     0     header, 64 bytes        512   the same header again
///     1024  records, each on a multiple of 8, then zeros to the end of the file
namespace hearth::store {

constexpr std::uint16_t format_version = 1;
constexpr std::size_t header_size = 64;
constexpr std::size_t header_copy_at = 512;
constexpr std::size_t records_at = 1024;
constexpr std::size_t record_header_size = 32;
/// Largest segment that is read. One is about two checkpoints long at most.
constexpr std::uint64_t max_segment_file = 2ULL << 30;

/// Marks of the journal itself (journal::journal_kinds). They take no sequence number: their
/// `sequence` is that of the newest record when they were written.
constexpr journal::Kind checkpoint_begin_kind = 1; ///< starts each segment; payload CheckpointBegin
constexpr journal::Kind checkpoint_end_kind = 2;   ///< u64: how many state records came between
constexpr journal::Kind closed_kind = 3;           ///< an orderly end; empty
constexpr journal::Kind resumed_kind = 4;          ///< goes on after a loss; empty

struct SegmentHeader {
    std::uint16_t version = format_version;
    std::uint64_t home = 0;  ///< the home's number: a segment of another home is refused
    std::uint64_t first = 0; ///< the number in the file's name: the first after its checkpoint
    std::uint64_t salt = 0;  ///< random; goes into every record's CRC (see RecordHeader)
    Micros created = 0;      ///< UTC
    /// How long the file is from its first moment on; 0: not told. A shorter one has been cut.
    std::uint64_t size = 0;
};

std::string encode(const SegmentHeader& header);
/// One of the two copies. damaged: not such a header; newer: made by a newer hearth.
Result<SegmentHeader> decode_segment_header(std::string_view bytes);

/// "00000000000000000017.seg" and back.
std::string segment_name(std::uint64_t first);
std::optional<std::uint64_t> segment_first(std::string_view name);

/// What stands before each payload. Its CRC covers it, the segment's salt and its place in the
/// file: nothing that a payload holds, and no record from another place, can pass for a record.
struct RecordHeader {
    journal::Sequence sequence = 0;
    std::uint32_t length = 0;
    journal::Kind kind = 0;
    std::uint8_t version = 1;
    bool state = false;
    std::uint32_t payload_crc = 0;
    /// Of state records: the position within the checkpoint, from 1. Of others: how many of the
    /// records up to this one were not yet known to be committed when it was written. So a record
    /// proves that all up to sequence − uncommitted were committed: a gap there is damage, not the
    /// torn end of a write that nobody relied on.
    std::uint32_t order = 0;

    bool is_mark() const { return journal::journal_kinds.contains(kind); }
    /// The newest record that is known to be committed because this one exists.
    journal::Sequence proves() const {
        if (state) return sequence;
        return order == order_unknown ? 0 : sequence - order;
    }

    static constexpr std::uint32_t order_unknown = 0xFFFF'FFFF;
};

/// Whole length of a record in the file: header, payload, zeros up to a multiple of 8.
constexpr std::size_t record_size(std::size_t payload) {
    return record_header_size + (payload + 7) / 8 * 8;
}

/// Appends a record, of at most journal::max_payload, whose header CRC and order are still open:
/// seal_records() puts them in once the place in the file is known.
void append_record(std::string& out, const RecordHeader& header, std::string_view payload);

/// Finishes records, made by append_record(), that go to `offset` of a segment with that salt.
/// `committed` is the newest record known to be committed.
void seal_records(std::string& records, std::uint64_t salt, std::uint64_t offset,
                  journal::Sequence committed);

/// The record header at `offset` of a segment, or nothing where the bytes are none.
std::optional<RecordHeader> decode_record_header(std::string_view segment, std::uint64_t offset,
                                                 std::uint64_t salt);
/// The same where only the bytes from `offset` on are at hand.
std::optional<RecordHeader> record_header_of(std::string_view bytes, std::uint64_t offset,
                                             std::uint64_t salt);

/// Why a checkpoint was made: what its begin mark holds.
struct CheckpointBegin {
    journal::Sequence state_of = 0; ///< the state after this record
    Micros made = 0;                ///< UTC
    /// Records up to state_of that stand in no segment, because the disk was full. Their effect is
    /// in the checkpoint.
    bool heals = false;
};
std::string encode(const CheckpointBegin& begin);
Result<CheckpointBegin> decode_checkpoint_begin(std::string_view payload);

} // namespace hearth::store
