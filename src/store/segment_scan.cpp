#include "store/segment_scan.h"

#include "base/bytes.h"
#include "base/crypto.h"

#include <algorithm>

namespace hearth::store {
namespace {

constexpr std::uint64_t sector_size = 512;
/// Fewer bytes that are not zero than any record header has: so few are a bit flipped in space that
/// no record ever used.
constexpr std::ptrdiff_t stray_bytes = 2;
/// Where the payload's CRC ends in a record header: the last field that is not likely to be zero.
constexpr std::size_t payload_crc_end = 28;
constexpr std::size_t length_at = 16; ///< of the payload's length in a record header

bool all_zero(std::string_view bytes) {
    return bytes.find_first_not_of('\0') == std::string_view::npos;
}

class Scanner {
public:
    Scanner(std::string_view bytes, std::span<const ByteRange> unreadable)
        : bytes_(bytes)
        , unreadable_(unreadable) {
        const auto last = bytes.find_last_not_of('\0');
        content_end_ = last == std::string_view::npos ? 0 : (last + 8) / 8 * 8;
        if (!unreadable.empty()) content_end_ = std::max(content_end_, unreadable.back().to);
        content_end_ = std::min<std::uint64_t>(content_end_, bytes.size());
    }

    Result<Scan> run() {
        const auto header = read_header();
        if (!header) return std::unexpected(header.error());
        scan_.header = *header;
        scan_.bytes = bytes_.size();
        std::uint64_t at = records_at;
        while (at < content_end_)
            at = step(at);
        look_for_cut();
        drop_stray_bytes();
        check_checkpoint();
        summarise();
        return std::move(scan_);
    }

private:
    Result<SegmentHeader> read_header() {
        const auto second_at = std::min(bytes_.size(), header_copy_at);
        const auto first = decode_segment_header(bytes_);
        const auto second = decode_segment_header(bytes_.substr(second_at));
        if (!first && !second) return first.error().code == Code::newer ? first : second;
        if (!first) scan_.bad_header_bytes.push_back(0);
        if (!second) scan_.bad_header_bytes.push_back(second_at);
        check_zero(header_size, header_copy_at);
        check_zero(header_copy_at + header_size, records_at);
        return first ? first : second;
    }

    void check_zero(std::size_t from, std::size_t to) {
        if (from >= bytes_.size()) return;
        const auto bad = bytes_.substr(from, to - from).find_first_not_of('\0');
        if (bad != std::string_view::npos) scan_.bad_header_bytes.push_back(from + bad);
    }

    /// A good header that may follow what was read so far. Numbers never go back.
    std::optional<RecordHeader> header_at(std::uint64_t at) const {
        auto header = decode_record_header(bytes_, at, scan_.header.salt);
        if (header && !header->state && header->sequence < newest_) header.reset();
        return header;
    }

    std::uint64_t step(std::uint64_t at) {
        const auto header = header_at(at);
        if (!header) return gap(at);
        ScanItem item{.offset = at, .length = record_size(header->length), .header = *header};
        if (item.length > bytes_.size() - at) {
            item.what = ScanItem::What::unreadable;
            item.length = bytes_.size() - at;
            item.unread = is_unread(at, bytes_.size());
            item.torn_like = !item.unread;
        } else if (crc32c(payload_of(bytes_, item)) != header->payload_crc) {
            item.what = ScanItem::What::unreadable;
            item.unread = is_unread(at, at + item.length);
            item.torn_like = !item.unread && torn_like(at, at + item.length);
        } else {
            const auto used = record_header_size + header->length;
            item.bad_padding = !all_zero(bytes_.substr(at + used, item.length - used));
        }
        if (!header->state) newest_ = header->sequence;
        scan_.items.push_back(item);
        return at + item.length;
    }

    std::uint64_t gap(std::uint64_t from) {
        std::uint64_t to = from + 8;
        while (to < content_end_ && !header_at(to))
            to += 8;
        to = std::min(to, content_end_);
        if (is_unused(from, to)) {
            scan_.unread_unused_at = unreadable_.back().from;
            return to;
        }
        const bool unread = is_unread(from, to);
        // At the end zeros may be the rest of it.
        const auto header_end =
            std::min<std::uint64_t>(std::max(to, from + record_header_size), bytes_.size());
        scan_.items.push_back(
            {.what = ScanItem::What::gap,
             .offset = from,
             .length = to - from,
             .header = {},
             .torn_like = !unread && (to == bytes_.size() || torn_like(from, header_end)),
             .unread = unread});
        return to;
    }

    bool is_unread(std::uint64_t from, std::uint64_t to) const {
        return std::ranges::any_of(
            unreadable_, [&](const ByteRange& range) { return range.overlaps(from, to); });
    }

    /// Records follow each other without a hole: where the next one would begin and zeros can be
    /// read, there is none, nor behind, where the disk cannot read.
    bool is_unused(std::uint64_t from, std::uint64_t to) const {
        if (to != content_end_ || !is_unread(from, to) || scan_.items.empty()) return false;
        if (scan_.items.back().what != ScanItem::What::record) return false;
        return !is_unread(from, from + record_header_size) &&
               all_zero(bytes_.substr(from, to - from));
    }

    bool torn_like(std::uint64_t from, std::uint64_t to) const {
        while (from < to) {
            const auto edge = std::min(to, (from / sector_size + 1) * sector_size);
            if (all_zero(bytes_.substr(from, edge - from))) return true;
            from = edge;
        }
        return false;
    }

    /// The last item may be cut within a sector, as by a write that failed: then its own last bytes
    /// are zeros. (If they were zeros anyway, it is called torn instead of damaged: all the same to
    /// those who read on, for nothing follows.)
    void look_for_cut() {
        if (scan_.items.empty()) return;
        ScanItem& last = scan_.items.back();
        if (last.what == ScanItem::What::record || last.torn_like || last.unread) return;
        last.torn_like = is_header_alone(last);
        if (last.torn_like) return;
        const auto size = last.what == ScanItem::What::gap
                              ? payload_crc_end
                              : record_header_size + last.header.length;
        const auto at = last.offset + size - 1;
        last.torn_like = at >= bytes_.size() || bytes_[at] == '\0';
    }

    /// It speaks of a payload of which nothing is there: the write ended within its header.
    bool is_header_alone(const ScanItem& item) const {
        const auto head = bytes_.substr(item.offset, record_header_size);
        if (item.what != ScanItem::What::gap || head.size() < record_header_size) return false;
        ByteReader reader(head.substr(length_at));
        return reader.fixed32() != 0 && all_zero(bytes_.substr(item.offset + head.size()));
    }

    /// Bytes after the last record that cannot have been one.
    void drop_stray_bytes() {
        if (!scan_.items.empty() && is_stray(scan_.items.back())) {
            const auto at = scan_.items.back().offset;
            scan_.bad_unused_at = at + bytes_.substr(at).find_first_not_of('\0');
            scan_.items.pop_back();
        }
        if (!scan_.items.empty()) scan_.end = scan_.items.back().offset + scan_.items.back().length;
    }

    bool is_stray(const ScanItem& last) const {
        if (last.what != ScanItem::What::gap || last.unread) return false;
        return used_bytes(last.offset, record_header_size) <= stray_bytes &&
               !is_rest_of_write(last);
    }

    /// The power cut a write of which a later sector is on the disk and the first is not.
    bool is_rest_of_write(const ScanItem& gap) const {
        if (is_closed()) return false;
        const auto from = gap.offset + bytes_.substr(gap.offset).find_first_not_of('\0');
        if (from / sector_size == gap.offset / sector_size) return false;
        return from % sector_size == 0 || used_bytes(from, bytes_.size() - from) > stray_bytes;
    }

    /// The last record is the mark of an orderly end: no write came after it.
    bool is_closed() const {
        const auto& items = scan_.items;
        if (items.size() < 2) return false;
        const ScanItem& record = items[items.size() - 2];
        return record.what == ScanItem::What::record && record.header.kind == closed_kind;
    }

    std::ptrdiff_t used_bytes(std::uint64_t from, std::uint64_t length) const {
        return std::ranges::count_if(bytes_.substr(from, length), [](char c) { return c != '\0'; });
    }

    void check_checkpoint() {
        bool whole = !scan_.items.empty() && is_begin(scan_.items.front());
        std::uint32_t count = 0;
        for (const ScanItem& item : scan_.items) {
            const bool good = item.what == ScanItem::What::record;
            const bool gap = item.what == ScanItem::What::gap;
            const bool begin = !gap && item.header.kind == checkpoint_begin_kind;
            const bool end = !gap && item.header.kind == checkpoint_end_kind;
            if (!gap && !begin && !end && !item.header.state) return;
            scan_.checkpoint_end = item.offset + item.length;
            if (end) {
                scan_.checkpoint_complete = whole && good && counts(item, count);
                return;
            }
            if (!begin && (!good || item.header.order != ++count)) whole = false;
        }
    }

    bool counts(const ScanItem& end, std::uint32_t count) const {
        ByteReader reader(payload_of(bytes_, end));
        return reader.fixed64() == count && reader.ok();
    }

    bool is_begin(const ScanItem& item) {
        if (item.what != ScanItem::What::record) return false;
        if (item.header.kind != checkpoint_begin_kind) return false;
        const auto begin = decode_checkpoint_begin(payload_of(bytes_, item));
        if (!begin || begin->state_of != scan_.state_of()) return false;
        scan_.heals = begin->heals;
        return true;
    }

    void summarise() {
        scan_.proves = scan_.state_of();
        for (const ScanItem& item : scan_.items) {
            if (item.what == ScanItem::What::gap) continue;
            scan_.proves = std::max(scan_.proves, item.header.proves());
            if (!item.header.state) scan_.newest = std::max(scan_.newest, item.header.sequence);
        }
    }

    std::string_view bytes_;
    std::span<const ByteRange> unreadable_;
    std::uint64_t content_end_ = 0;
    journal::Sequence newest_ = 0;
    Scan scan_;
};

} // namespace

Result<Scan> scan_segment(std::string_view bytes, std::span<const ByteRange> unreadable) {
    return Scanner(bytes, unreadable).run();
}

} // namespace hearth::store
