#pragma once

#include "journal/batch_builder.h"
#include "store/files.h"
#include "store/journal_reader.h"

#include <cstdint>
#include <string>
#include <vector>

/// What a worker does for a listener: reads some records from the segments, in pieces, without
/// loading a segment whole. The files may be written to and deleted meanwhile.
namespace hearth::store {

/// Where a batch may begin: records numbered above `after` stand at `offset` of that segment, or
/// later.
struct ReadPlace {
    journal::Sequence after = 0;
    std::uint64_t segment = 0; ///< SegmentFile::first
    std::uint64_t offset = 0;
};

/// Moves between the two threads as a whole.
struct CursorReadJob {
    // Handed in
    Files* files = nullptr;
    std::string folder;
    journal::ReadRequest request;
    /// In order; to be read from `offset` of the first one on. For a state: the one with it.
    std::vector<SegmentFile> segments;
    std::uint64_t offset = 0;
    /// The record `after` stands right before `offset`.
    bool adjacent = false;

    // Handed back
    Result<journal::ReadAnswer> answer;
    ReadPlace next; ///< where the next batch begins
};
void read_for_cursor(CursorReadJob& job);

} // namespace hearth::store
