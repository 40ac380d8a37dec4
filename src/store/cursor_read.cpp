#include "store/cursor_read.h"

#include "base/crypto.h"
#include "store/segment_format.h"
#include "store/segment_read.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

namespace hearth::store {
namespace {

using journal::BatchBuilder;
using journal::Sequence;

/// What is read of a file at once. A longer record is read as a whole.
constexpr std::uint64_t piece = 64U << 10;

/// A segment's file, of which one piece is in memory.
class SegmentWindow {
public:
    SegmentWindow(std::unique_ptr<File> file, std::uint64_t size)
        : file_(std::move(file))
        , size_(size) {}

    std::uint64_t size() const { return size_; }

    /// Fewer bytes where the file ends before. A view: until the next call.
    std::string_view at(std::uint64_t offset, std::uint64_t length) {
        if (offset < from_ || offset + length > from_ + bytes_.size()) {
            from_ = offset;
            bytes_ = read_range(*file_, offset, std::max(length, piece)).bytes;
        }
        return std::string_view(bytes_).substr(offset - from_, length);
    }

    Result<SegmentHeader> header() {
        auto header = decode_segment_header(at(0, header_size));
        if (!header) header = decode_segment_header(at(header_copy_at, header_size));
        return header;
    }

    /// The first place from there on, a multiple of 8, where there is anything but zeros.
    std::uint64_t skip_zeros(std::uint64_t offset) {
        while (offset < size_) {
            const auto bytes = at(offset, std::min(piece, size_ - offset));
            if (bytes.empty()) return size_;
            const auto found = bytes.find_first_not_of('\0');
            if (found != std::string_view::npos) return offset + found / 8 * 8;
            offset += bytes.size() / 8 * 8 + (bytes.size() < 8 ? 8 : 0);
        }
        return size_;
    }

private:
    std::unique_ptr<File> file_;
    std::uint64_t size_;
    std::uint64_t from_ = 0;
    std::string bytes_;
};

/// One record of a segment, in its window.
struct Found {
    RecordHeader header;
    std::uint64_t offset = 0;

    std::uint64_t end() const { return offset + record_size(header.length); }
};

/// Goes from record to record. Where there is none it looks for the next one: that something was
/// damaged shows in the numbers.
class SegmentSteps {
public:
    SegmentSteps(SegmentWindow& window, std::uint64_t salt)
        : window_(window)
        , salt_(salt) {}

    /// Nothing where no record follows.
    std::optional<Found> next(std::uint64_t offset) {
        for (auto at = offset; at + record_header_size <= window_.size(); at += 8) {
            const auto header = record_header_of(window_.at(at, record_header_size), at, salt_);
            const bool fits = header && (header->state || header->sequence >= newest_) &&
                              at + record_size(header->length) <= window_.size();
            if (fits) {
                if (!header->state) newest_ = header->sequence;
                garbage_ = garbage_ || at != offset;
                return Found{*header, at};
            }
            const auto full = window_.skip_zeros(at);
            if (full >= window_.size()) return {};
            // Zeros end where a record begins, or within one whose beginning is gone.
            if (full > at) at = full - 8;
        }
        return {};
    }

    /// The payload, or nothing where it is not what was written.
    std::optional<std::string_view> payload(const Found& found) {
        const auto bytes = window_.at(found.offset + record_header_size, found.header.length);
        const bool good =
            bytes.size() == found.header.length && crc32c(bytes) == found.header.payload_crc;
        garbage_ = !good;
        return good ? std::optional(bytes) : std::nullopt;
    }

    /// Something that cannot be read stands before the last one.
    bool garbage() const { return garbage_; }
    void forgive() { garbage_ = false; }

private:
    SegmentWindow& window_;
    std::uint64_t salt_;
    Sequence newest_ = 0;
    bool garbage_ = false;
};

class CursorRead {
public:
    explicit CursorRead(CursorReadJob& job)
        : job_(job)
        , builder_(job.request)
        , adjacent_(job.adjacent) {}

    void run() {
        job_.next = {job_.request.after, job_.segments.front().first, job_.offset};
        for (const SegmentFile& segment : job_.segments) {
            if (builder_.is_done()) break;
            const auto from =
                segment.first == job_.segments.front().first ? job_.offset : records_at;
            const auto going_on = read(segment, from);
            if (!going_on) {
                job_.answer = std::unexpected(going_on.error());
                return;
            }
            if (!*going_on) return finish(false);
        }
        finish(true);
    }

private:
    void finish(bool at_end) {
        job_.answer = builder_.finish(at_end);
        job_.next.after = job_.answer->seen;
    }

    /// False where the batch ends before the segment does.
    Result<bool> read(const SegmentFile& segment, std::uint64_t from) {
        auto file = job_.files->open(job_.folder + "/" + segment.name, Files::Mode::read);
        // It may have gone since the read was planned: what it held is missed by its numbers, as is
        // that of one whose header cannot be read.
        if (!file && file.error().code == Code::not_found) return true;
        if (!file) return std::unexpected(file.error());
        const auto size = (*file)->size();
        if (!size) return std::unexpected(size.error());
        SegmentWindow window(std::move(*file), *size);
        const auto header = window.header();
        if (!header) return true;
        job_.next = {0, segment.first, from};
        SegmentSteps steps(window, header->salt);
        while (!builder_.is_done()) {
            const auto found = steps.next(job_.next.offset);
            if (!found) return true;
            if (!take(steps, *found)) return false;
            job_.next.offset = found->end();
        }
        return false;
    }

    /// False where the batch ends before this one.
    bool take(SegmentSteps& steps, const Found& found) {
        const RecordHeader& header = found.header;
        if (header.state) return true;
        if (header.is_mark()) {
            // Numbers of a write that the power cut are skipped, unless something stood there.
            if (header.kind == resumed_kind && adjacent_ && !steps.garbage())
                builder_.never_was(header.sequence);
            return true;
        }
        const auto next = builder_.consider(header.sequence, header.kind, header.length);
        if (next == BatchBuilder::Next::stop) return false;
        if (next == BatchBuilder::Next::pass) {
            steps.forgive();
        } else if (const auto payload = steps.payload(found)) {
            builder_.take({header.sequence, header.kind, header.version, false, *payload});
        }
        adjacent_ = header.sequence + 1 == builder_.expected();
        return true;
    }

    CursorReadJob& job_;
    BatchBuilder builder_;
    bool adjacent_; ///< the record before the one expected stands right before this place
};

/// The parts of a checkpoint.
class StateRead {
public:
    explicit StateRead(CursorReadJob& job)
        : job_(job)
        , segment_(job.segments.front())
        , builder_(job.request, job.offset == records_at) {}

    void run() {
        job_.next = {segment_.first - 1, segment_.first, job_.offset};
        const auto read = parts();
        if (!read)
            job_.answer = std::unexpected(read.error());
        else
            job_.answer = builder_.finish();
    }

private:
    Result<void> parts() {
        auto file = job_.files->open(job_.folder + "/" + segment_.name, Files::Mode::read);
        if (!file) return std::unexpected(file.error());
        const auto size = (*file)->size();
        if (!size) return std::unexpected(size.error());
        SegmentWindow window(std::move(*file), *size);
        const auto header = window.header();
        if (!header) return fail_in(segment_.name, header);
        SegmentSteps steps(window, header->salt);
        while (true) {
            const auto found = steps.next(job_.next.offset);
            if (!found || found->offset != job_.next.offset) return incomplete();
            if (found->header.kind == checkpoint_end_kind) {
                builder_.ends(segment_.first - 1);
                return {};
            }
            const bool begins = found->header.kind == checkpoint_begin_kind;
            if (!begins && !found->header.state) return incomplete();
            const auto payload = steps.payload(*found);
            if (!payload) return incomplete();
            const journal::Record record{found->header.sequence, found->header.kind,
                                         found->header.version, true, *payload};
            if (!begins && !builder_.take(record)) return {};
            job_.next.offset = found->end();
        }
    }

    Result<void> incomplete() const {
        return fail(Code::damaged, "{}: its checkpoint cannot be read from byte {} on",
                    segment_.name, job_.next.offset);
    }

    CursorReadJob& job_;
    SegmentFile segment_;
    journal::StateBuilder builder_;
};

} // namespace

void read_for_cursor(CursorReadJob& job) {
    if (job.request.state) return StateRead(job).run();
    CursorRead(job).run();
}

} // namespace hearth::store
