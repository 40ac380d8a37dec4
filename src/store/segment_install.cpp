#include "store/segment_install.h"

#include "base/bytes.h"
#include "store/shared_file.h"

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

/// What an attempt before this one has left, if it could not be removed, must not stand behind what
/// is written now.
Result<void> wipe(File& file) {
    const auto head = file.read(0, header_size);
    if (!head) return std::unexpected(head.error());
    const bool used = head->find_first_not_of('\0') != std::string::npos;
    return used ? file.clear(0) : Result<void>();
}

Result<void> fill(SegmentJob& job, File& file) {
    const auto wiped = wipe(file);
    if (!wiped) return wiped;
    const auto head = file.write(0, head_of(job.header));
    if (!head) return head;
    const auto records = file.write(records_at, job.records);
    if (!records) return records;
    job.end = records_at + job.records.size();
    const auto room = file.allocate(job.header.size);
    if (!room) return room;
    // The space kept ready may be larger, from a time when the state was.
    const auto size = file.size();
    if (!size) return std::unexpected(size.error());
    if (*size > job.header.size) {
        const auto cut = file.truncate(job.header.size);
        if (!cut) return cut;
    }
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
    job.file = std::make_shared<SharedFile>(std::move(*file));
    auto done = fill(job, *job.file);
    if (done) done = name_it(job, spare);
    // A part of it may be written: the next attempt must find zeros only.
    if (!done && !job.renamed) (void)job.files->remove(spare);
    return done;
}

/// Lets old segments go for want of room. False where there are none, or none any more.
bool sacrifice(SegmentJob& job, int stage) {
    const auto& paths = stage == 1 ? job.may_go : job.may_go_last;
    if (job.sacrificed >= stage || paths.empty()) return false;
    const std::scoped_lock lock(job.gate->mutex);
    if (!job.gate->open) return false;
    for (const std::string& path : paths)
        (void)job.files->remove(path);
    job.sacrificed = stage;
    return true;
}

/// Makes the segment; where there is no room for it, in place of old ones.
Result<void> make_with_room(SegmentJob& job) {
    auto made = make(job);
    for (const int stage : {1, 2}) {
        const bool full = !made && made.error().code == Code::unavailable;
        if (full && !job.renamed && sacrifice(job, stage)) made = make(job);
    }
    return made;
}

void note(SegmentJob& job) {
    const std::scoped_lock lock(job.gate->mutex);
    if (job.gate->open) job.noted = write_state(*job.files, job.folder, job.state);
}

} // namespace

CheckpointImage::CheckpointImage(const SegmentHeader& header, bool heals,
                                 std::size_t expected_bytes, std::uint64_t largest)
    : header_(header)
    , largest_(largest) {
    records_.reserve(expected_bytes);
    RecordHeader mark;
    mark.kind = checkpoint_begin_kind;
    mark.sequence = header.first - 1;
    append_record(records_, mark, encode(CheckpointBegin{mark.sequence, header.created, heals}));
}

void CheckpointImage::put(journal::Kind kind, std::uint8_t version, std::string_view payload) {
    if (failure_) return;
    if (payload.size() > journal::max_payload) {
        failure_ = {Code::limit, fmt::format("no checkpoint: a part of the state (kind {}) has {} "
                                             "bytes, at most {} can be read back",
                                             kind, payload.size(), journal::max_payload)};
        return;
    }
    if (size() + record_size(payload.size()) > largest_) {
        failure_ = {Code::limit,
                    fmt::format("no checkpoint: the state has more than {} bytes", largest_)};
        return;
    }
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
    job.made = make_with_room(job);
    if (!job.made) return;
    note(job);
    const auto bytes = job.header.size;
    job.spare = prepare_spare(*job.files, job.folder, bytes);
    const bool none = !job.spare && job.spare.error().code == Code::unavailable;
    if (none && sacrifice(job, 1)) job.spare = prepare_spare(*job.files, job.folder, bytes);
}

Result<void> prepare_spare(Files& files, const std::string& folder, std::uint64_t bytes) {
    auto file = files.open(folder + "/" + std::string(spare_name), Files::Mode::create);
    if (!file) return std::unexpected(file.error());
    return (*file)->allocate(bytes);
}

} // namespace hearth::store
