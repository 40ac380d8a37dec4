#include "store/segment_install.h"

#include "base/bytes.h"

namespace hearth::store {
namespace {

/// Header, its copy and the zeros between them.
std::string head_of(const SegmentHeader& header) {
    std::string head(records_at, '\0');
    const auto encoded = encode(header);
    head.replace(0, encoded.size(), encoded);
    head.replace(header_copy_at, encoded.size(), encoded);
    return head;
}

Result<void> fill(SegmentJob& job, File& file) {
    const auto head = file.write(0, head_of(job.header));
    if (!head) return head;
    const auto records = file.write(records_at, job.records);
    if (!records) return records;
    job.end = records_at + job.records.size();
    const auto room = file.allocate(job.end + job.room);
    if (!room) return room;
    return file.sync();
}

Result<void> name_it(SegmentJob& job, const std::string& spare) {
    const std::scoped_lock lock(job.gate->mutex);
    if (!job.gate->open) return fail(Code::unavailable, "the journal is closed");
    const auto renamed =
        job.files->rename(spare, job.folder + "/" + segment_name(job.header.first));
    if (!renamed) return renamed;
    job.renamed = true;
    return job.files->sync_folder(job.folder);
}

Result<void> make(SegmentJob& job) {
    const auto spare = job.folder + "/" + std::string(spare_name);
    auto file = job.files->open(spare, Files::Mode::create);
    if (!file) return std::unexpected(file.error());
    job.file = std::move(*file);
    auto done = fill(job, *job.file);
    if (done) done = name_it(job, spare);
    // A part of it may be written: the next attempt must find zeros only.
    if (!done && !job.renamed) (void)job.files->remove(spare);
    return done;
}

/// Lets old segments go for want of room. False where there are none, or none any more.
bool sacrifice(SegmentJob& job) {
    if (job.sacrificed || job.may_go.empty()) return false;
    const std::scoped_lock lock(job.gate->mutex);
    if (!job.gate->open) return false;
    for (const std::string& path : job.may_go)
        (void)job.files->remove(path);
    job.sacrificed = true;
    return true;
}

} // namespace

CheckpointImage::CheckpointImage(const SegmentHeader& header, bool heals,
                                 std::size_t expected_bytes)
    : header_(header) {
    records_.reserve(expected_bytes);
    RecordHeader mark;
    mark.kind = checkpoint_begin_kind;
    mark.sequence = header.first - 1;
    append_record(records_, mark, encode(CheckpointBegin{mark.sequence, header.created, heals}));
}

void CheckpointImage::put(journal::Kind kind, std::uint8_t version, std::string_view payload) {
    RecordHeader record;
    record.sequence = header_.first - 1;
    record.kind = kind;
    record.version = version;
    record.state = true;
    record.order = ++count_;
    append_record(records_, record, payload);
}

void CheckpointImage::finish() {
    RecordHeader mark;
    mark.kind = checkpoint_end_kind;
    mark.sequence = header_.first - 1;
    std::string count;
    ByteWriter(count).fixed64(count_);
    append_record(records_, mark, count);
}

void install_segment(SegmentJob& job) {
    for (const auto& file : job.sync_first) {
        job.synced = file->sync();
        if (!job.synced) return;
    }
    // When the new segment counts, all up to its state is committed: that is what its marks say.
    seal_records(job.records, job.header.salt, records_at, job.header.first - 1);
    job.made = make(job);
    const bool full = !job.made && job.made.error().code == Code::unavailable;
    if (full && !job.renamed && sacrifice(job)) job.made = make(job);
    if (!job.made) return;
    const auto bytes = job.end + job.room;
    job.spare = prepare_spare(*job.files, job.folder, bytes);
    const bool none = !job.spare && job.spare.error().code == Code::unavailable;
    if (none && sacrifice(job)) job.spare = prepare_spare(*job.files, job.folder, bytes);
}

Result<void> prepare_spare(Files& files, const std::string& folder, std::uint64_t bytes) {
    auto file = files.open(folder + "/" + std::string(spare_name), Files::Mode::create);
    if (!file) return std::unexpected(file.error());
    return (*file)->allocate(bytes);
}

} // namespace hearth::store
