#pragma once

#include "journal/journal.h"
#include "store/files.h"
#include "store/journal_state.h"
#include "store/segment_format.h"

#include <memory>
#include <mutex>
#include <string>
#include <vector>

/// Making a new segment with its checkpoint: the bytes are gathered on the shard's thread, the
/// files are made on a worker's.
namespace hearth::store {

/// The name under which a segment is made, and under which the next one's space is kept ready. It
/// is no segment until it is renamed, which happens when its checkpoint is on the disk.
constexpr std::string_view spare_name = "next.tmp";

/// Gathers a checkpoint: hand it to each owner's snapshot(), then call finish(). Takes no more than
/// `largest` bytes and no payload that could not be read back: then failure() says so.
class CheckpointImage final : public journal::SnapshotSink {
public:
    CheckpointImage(const SegmentHeader& header, bool heals, std::size_t expected_bytes,
                    std::uint64_t largest);

    void put(journal::Kind kind, std::uint8_t version, std::string_view payload) override;
    /// Adds the end mark. The records are sealed later, by install_segment().
    void finish();

    const SegmentHeader& header() const { return header_; }
    std::string take() { return std::move(records_); }
    std::size_t size() const { return records_at + records_.size(); }
    /// Code::limit: there is no checkpoint of this.
    const std::optional<Error>& failure() const { return failure_; }

private:
    SegmentHeader header_;
    std::uint64_t largest_;
    std::optional<Error> failure_;
    std::string records_;
    std::uint32_t count_ = 0;
};

/// Whether a job of a worker may still change the folder. close() shuts it, so that no late job
/// touches a folder that another journal may have opened by then.
struct Gate {
    std::mutex mutex; ///< held while names change
    bool open = true;
    bool alive = true; ///< of the shard's thread alone: the journal is still there
};

/// What a worker does to make a segment, and how it went. Moves between the two threads as a whole.
struct SegmentJob {
    // Handed in
    Files* files = nullptr;
    std::string folder;
    SegmentHeader header;
    std::string records; ///< of the checkpoint, unsealed
    std::uint64_t room = 0;
    /// Synced before all else: what was written before the checkpoint was gathered.
    std::vector<std::shared_ptr<File>> sync_first;
    /// Old segments that may be deleted if there is no room otherwise.
    std::vector<std::string> may_go;
    /// The same with what a cursor has still to read: where there is no room even then.
    std::vector<std::string> may_go_last;
    std::shared_ptr<Gate> gate;
    JournalState state; ///< what journal.state is to say then

    // Handed back
    Result<void> synced;
    Result<void> made;
    bool renamed = false; ///< the segment may be there, whatever `made` says
    int sacrificed = 0;   ///< 1: may_go, 2: may_go_last
    Result<void> spare;   ///< whether the next one's space is kept ready
    Result<void> noted;   ///< whether journal.state names it
    std::shared_ptr<File> file;
    std::uint64_t end = 0;
};
void install_segment(SegmentJob& job);

/// Keeps space ready for a segment of that many bytes.
Result<void> prepare_spare(Files& files, const std::string& folder, std::uint64_t bytes);

} // namespace hearth::store
