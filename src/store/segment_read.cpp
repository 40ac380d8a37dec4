#include "store/segment_read.h"

#include <algorithm>

namespace hearth::store {
namespace {

constexpr std::uint64_t large_block = 8U << 20;
/// What the system's cache reads at once: a bad sector costs no less.
constexpr std::uint64_t small_block = 4096;

/// Reads [at, at + length); false where the file ends there.
bool read_block(File& file, std::uint64_t at, std::uint64_t length, SegmentBytes& into) {
    const auto part = file.read(at, static_cast<std::size_t>(length));
    if (part) {
        into.bytes += *part;
        return part->size() == length;
    }
    if (length > small_block) {
        for (std::uint64_t from = at; from < at + length; from += small_block)
            if (!read_block(file, from, std::min(small_block, at + length - from), into))
                return false;
        return true;
    }
    into.bytes.append(static_cast<std::size_t>(length), '\0');
    if (into.unreadable.empty()) into.why = part.error().detail;
    if (!into.unreadable.empty() && into.unreadable.back().to == at)
        into.unreadable.back().to = at + length;
    else
        into.unreadable.push_back({at, at + length});
    return true;
}

} // namespace

SegmentBytes read_range(File& file, std::uint64_t from, std::uint64_t length) {
    SegmentBytes range;
    (void)read_block(file, from, length, range);
    return range;
}

SegmentBytes read_segment(File& file, std::uint64_t size) {
    SegmentBytes segment;
    segment.bytes.reserve(static_cast<std::size_t>(size));
    for (std::uint64_t at = 0; at < size; at += large_block)
        if (!read_block(file, at, std::min(large_block, size - at), segment)) break;
    return segment;
}

} // namespace hearth::store
