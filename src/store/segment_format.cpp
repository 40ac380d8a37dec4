#include "store/segment_format.h"

#include "base/bytes.h"
#include "base/check.h"
#include "base/crypto.h"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cstring>

namespace hearth::store {
namespace {

static_assert(std::endian::native == std::endian::little, "journal numbers are copied as they are");

constexpr std::string_view segment_magic = "HEARTHJ\n";
constexpr std::uint32_t record_magic = 0x3152'4A48U; // "HJR1"
constexpr std::uint8_t state_flag = 1;

// Offsets in the record header.
constexpr std::size_t crc_at = 4;
constexpr std::size_t sequence_at = 8;
constexpr std::size_t length_at = 16;
constexpr std::size_t kind_at = 20;
constexpr std::size_t version_at = 22;
constexpr std::size_t flags_at = 23;
constexpr std::size_t payload_crc_at = 24;
constexpr std::size_t order_at = 28;

template <class T>
T load(const char* from) {
    T number = 0;
    std::memcpy(&number, from, sizeof number);
    return number;
}

template <class T>
void store_number(char* to, T number) {
    std::memcpy(to, &number, sizeof number);
}

std::uint32_t header_crc(const char* header, std::uint64_t salt, std::uint64_t offset) {
    std::array<char, 16> place{};
    store_number(place.data(), salt);
    store_number(place.data() + 8, offset);
    const auto sum = crc32c({place.data(), place.size()});
    return crc32c({header + sequence_at, record_header_size - sequence_at}, sum);
}

} // namespace

std::string encode(const SegmentHeader& header) {
    std::string out(segment_magic);
    ByteWriter writer(out);
    writer.u8(static_cast<std::uint8_t>(header.version & 0xFF));
    writer.u8(static_cast<std::uint8_t>(header.version >> 8));
    out.append(6, '\0');
    writer.fixed64(header.home);
    writer.fixed64(header.first);
    writer.fixed64(header.salt);
    writer.fixed64(static_cast<std::uint64_t>(header.created));
    writer.fixed64(header.size);
    out.resize(header_size - 4, '\0');
    writer.fixed32(crc32c(out));
    return out;
}

Result<SegmentHeader> decode_segment_header(std::string_view bytes) {
    if (bytes.size() < header_size || !bytes.starts_with(segment_magic))
        return fail(Code::damaged, "not the header of a journal segment");
    bytes = bytes.substr(0, header_size);
    ByteReader reader(bytes.substr(segment_magic.size()));
    SegmentHeader header;
    header.version = reader.u8();
    header.version = static_cast<std::uint16_t>(header.version | reader.u8() << 8);
    for (int i = 0; i < 6; ++i)
        reader.u8();
    header.home = reader.fixed64();
    header.first = reader.fixed64();
    header.salt = reader.fixed64();
    header.created = static_cast<Micros>(reader.fixed64());
    header.size = reader.fixed64();
    const auto sum = crc32c(bytes.substr(0, header_size - 4));
    if (load<std::uint32_t>(bytes.data() + header_size - 4) != sum)
        return fail(Code::damaged, "the segment header's CRC does not match");
    if (header.version > format_version)
        return fail(Code::newer,
                    "written in journal format {}, this hearth reads up to {}; start the newer "
                    "hearth, or restore the copy made before the upgrade",
                    header.version, format_version);
    if (header.first == 0) return fail(Code::damaged, "the segment header names no first record");
    return header;
}

std::string segment_name(std::uint64_t first) {
    return fmt::format("{:020}.seg", first);
}

std::optional<std::uint64_t> segment_first(std::string_view name) {
    if (name.size() != 24 || !name.ends_with(".seg")) return {};
    const std::string_view digits = name.substr(0, 20);
    std::uint64_t first = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), first);
    if (error != std::errc() || end != digits.data() + digits.size()) return {};
    return first;
}

void append_record(std::string& out, const RecordHeader& header, std::string_view payload) {
    HEARTH_CHECK(payload.size() <= journal::max_payload);
    std::array<char, record_header_size> head{};
    store_number(head.data(), record_magic);
    store_number(head.data() + sequence_at, header.sequence);
    store_number(head.data() + length_at, static_cast<std::uint32_t>(payload.size()));
    store_number(head.data() + kind_at, header.kind);
    store_number(head.data() + version_at, header.version);
    store_number(head.data() + flags_at, header.state ? state_flag : std::uint8_t{0});
    store_number(head.data() + payload_crc_at, crc32c(payload));
    store_number(head.data() + order_at, header.order);
    out.append(head.data(), head.size());
    out.append(payload);
    out.append(record_size(payload.size()) - record_header_size - payload.size(), '\0');
}

void seal_records(std::string& records, std::uint64_t salt, std::uint64_t offset,
                  journal::Sequence committed) {
    for (std::size_t at = 0; at < records.size();) {
        char* const head = records.data() + at;
        const auto sequence = load<std::uint64_t>(head + sequence_at);
        const auto flags = load<std::uint8_t>(head + flags_at);
        if ((flags & state_flag) == 0) {
            const auto behind = sequence - std::min(committed, sequence);
            const auto order = std::min<std::uint64_t>(behind, RecordHeader::order_unknown);
            store_number(head + order_at, static_cast<std::uint32_t>(order));
        }
        store_number(head + crc_at, header_crc(head, salt, offset + at));
        at += record_size(load<std::uint32_t>(head + length_at));
    }
}

std::optional<RecordHeader> decode_record_header(std::string_view segment, std::uint64_t offset,
                                                 std::uint64_t salt) {
    if (offset > segment.size()) return {};
    return record_header_of(segment.substr(offset), offset, salt);
}

std::optional<RecordHeader> record_header_of(std::string_view bytes, std::uint64_t offset,
                                             std::uint64_t salt) {
    if (bytes.size() < record_header_size) return {};
    const char* const head = bytes.data();
    if (load<std::uint32_t>(head) != record_magic) return {};
    if (load<std::uint32_t>(head + crc_at) != header_crc(head, salt, offset)) return {};
    RecordHeader header;
    header.sequence = load<std::uint64_t>(head + sequence_at);
    header.length = load<std::uint32_t>(head + length_at);
    header.kind = load<std::uint16_t>(head + kind_at);
    header.version = load<std::uint8_t>(head + version_at);
    header.state = (load<std::uint8_t>(head + flags_at) & state_flag) != 0;
    header.payload_crc = load<std::uint32_t>(head + payload_crc_at);
    header.order = load<std::uint32_t>(head + order_at);
    if (header.length > journal::max_payload) return {};
    if (header.proves() > header.sequence) return {};
    return header;
}

std::string encode(const CheckpointBegin& begin) {
    std::string out;
    ByteWriter writer(out);
    writer.fixed64(begin.state_of);
    writer.fixed64(static_cast<std::uint64_t>(begin.made));
    writer.boolean(begin.heals);
    return out;
}

Result<CheckpointBegin> decode_checkpoint_begin(std::string_view payload) {
    ByteReader reader(payload);
    CheckpointBegin begin;
    begin.state_of = reader.fixed64();
    begin.made = static_cast<Micros>(reader.fixed64());
    begin.heals = reader.boolean();
    const auto read = reader.finish("checkpoint begin");
    if (!read) return std::unexpected(read.error());
    return begin;
}

} // namespace hearth::store
