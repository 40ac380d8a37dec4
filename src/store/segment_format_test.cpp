#include "store/segment_format.h"
#include "store/segment_scan.h"

#include <gtest/gtest.h>

namespace hearth::store {
namespace {

SegmentHeader some_header() {
    SegmentHeader header;
    header.home = 5;
    header.first = 17;
    header.salt = 0x0123'4567'89AB'CDEFULL;
    header.created = 1'750'000'000 * seconds;
    return header;
}

RecordHeader some_record() {
    RecordHeader record;
    record.sequence = 17;
    record.kind = 106;
    record.version = 3;
    return record;
}

/// A segment with nothing but those records.
std::string segment_of(std::string records, journal::Sequence committed) {
    const auto header = some_header();
    std::string bytes(records_at, '\0');
    bytes.replace(0, header_size, encode(header));
    bytes.replace(header_copy_at, header_size, encode(header));
    seal_records(records, header.salt, records_at, committed);
    return bytes + records;
}

TEST(SegmentFormat, HeaderIsReadBackAsWritten) {
    const auto bytes = encode(some_header());
    EXPECT_EQ(bytes.size(), header_size);
    EXPECT_EQ(bytes.substr(0, 8), "HEARTHJ\n");
    const auto read = decode_segment_header(bytes);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->home, 5U);
    EXPECT_EQ(read->first, 17U);
    EXPECT_EQ(read->salt, some_header().salt);
    EXPECT_EQ(read->created, some_header().created);
}

TEST(SegmentFormat, NamesSortLikeTheirNumbers) {
    EXPECT_EQ(segment_name(17), "00000000000000000017.seg");
    EXPECT_EQ(segment_first(segment_name(17)), 17U);
    EXPECT_LT(segment_name(9), segment_name(10));
    for (const char* other : {"next.tmp", "17.seg", "0000000000000000001x.seg", ""})
        EXPECT_FALSE(segment_first(other)) << other;
    EXPECT_FALSE(segment_first("99999999999999999999.seg")) << "more than 64 bits";
}

TEST(SegmentFormat, RecordIsReadBackAsWritten) {
    std::string records;
    append_record(records, some_record(), "payload");
    EXPECT_EQ(records.size(), record_size(7));
    const auto bytes = segment_of(records, 15);
    const auto read = decode_record_header(bytes, records_at, some_header().salt);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->sequence, 17U);
    EXPECT_EQ(read->length, 7U);
    EXPECT_EQ(read->kind, 106);
    EXPECT_EQ(read->version, 3);
    EXPECT_FALSE(read->state);
    EXPECT_EQ(read->proves(), 15U) << "that all up to 15 was committed when it was written";
}

TEST(SegmentFormat, RecordHoldsOnlyInItsPlaceAndItsSegment) {
    std::string records;
    append_record(records, some_record(), "payload");
    auto bytes = segment_of(records, 0);
    EXPECT_FALSE(decode_record_header(bytes, records_at, some_header().salt + 1));
    bytes += bytes.substr(records_at);
    EXPECT_FALSE(decode_record_header(bytes, records_at + record_size(7), some_header().salt));
}

TEST(SegmentScan, FindsTheNextRecordBehindAPlaceThatCannotBeRead) {
    std::string records;
    auto record = some_record();
    for (int i = 0; i < 3; ++i) {
        append_record(records, record, "payload");
        ++record.sequence;
    }
    auto bytes = segment_of(records, 0);
    bytes[records_at + record_size(7) + 9] ^= 1; // in the second record's number
    const auto scan = scan_segment(bytes);
    ASSERT_TRUE(scan);
    ASSERT_EQ(scan->items.size(), 3U);
    EXPECT_EQ(scan->items[1].what, ScanItem::What::gap);
    EXPECT_EQ(scan->items[1].length, record_size(7));
    EXPECT_FALSE(scan->items[1].torn_like);
    EXPECT_EQ(scan->items[2].header.sequence, 19U);
}

TEST(SegmentScan, ASectorOfZerosWithinARecordLooksTorn) {
    std::string records;
    append_record(records, some_record(), std::string(2'000, 'x'));
    auto bytes = segment_of(records, 0);
    bytes.replace(1536, 512, 512, '\0');
    const auto scan = scan_segment(bytes);
    ASSERT_TRUE(scan);
    ASSERT_EQ(scan->items.size(), 1U);
    EXPECT_EQ(scan->items[0].what, ScanItem::What::unreadable);
    EXPECT_TRUE(scan->items[0].torn_like);
}

TEST(SegmentScan, TheLongestPayloadIsReadAndALongerOneIsNoRecord) {
    std::string records;
    append_record(records, some_record(), std::string(journal::max_payload, 'x'));
    auto bytes = segment_of(records, 0);
    auto scan = scan_segment(bytes);
    ASSERT_TRUE(scan);
    ASSERT_EQ(scan->items.size(), 1U);
    EXPECT_EQ(scan->items[0].what, ScanItem::What::record);

    // One byte more, with a CRC that fits.
    std::string forged = records.substr(0, record_header_size);
    const std::uint32_t length = journal::max_payload + 1;
    for (int i = 0; i < 4; ++i)
        forged[16 + static_cast<std::size_t>(i)] = static_cast<char>(length >> (8 * i) & 0xFF);
    std::string sealed = forged;
    seal_records(sealed, some_header().salt, records_at, 0);
    EXPECT_FALSE(decode_record_header(std::string(records_at, '\0') + sealed, records_at,
                                      some_header().salt));
}

} // namespace
} // namespace hearth::store
