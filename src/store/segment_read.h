#pragma once

#include "store/files.h"

#include <cstdint>
#include <string>
#include <vector>

/// Reading a whole segment from a disk that cannot read all of it.
namespace hearth::store {

struct ByteRange {
    std::uint64_t from = 0;
    std::uint64_t to = 0; ///< the first byte after it

    bool overlaps(std::uint64_t first, std::uint64_t end) const { return first < to && from < end; }
};

struct SegmentBytes {
    std::string bytes;                 ///< zeros where the disk could not read
    std::vector<ByteRange> unreadable; ///< in order, none touches the next
    std::string why;                   ///< of the first of them
};

/// Reads [from, from + length); fewer bytes where the file ends before. A block that cannot be read
/// costs that block alone.
SegmentBytes read_range(File& file, std::uint64_t from, std::uint64_t length);

/// Reads `size` bytes, in blocks; a block that cannot be read costs that block alone. Fewer bytes
/// where the file ends before.
SegmentBytes read_segment(File& file, std::uint64_t size);

} // namespace hearth::store
