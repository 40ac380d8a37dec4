#include "base/bytes.h"
#include "base/json.h"

#include <limits>

#include <gtest/gtest.h>

namespace hearth {
namespace {

TEST(Bytes, WhatIsWrittenReadsBackTheSame) {
    std::string bytes;
    ByteWriter out(bytes);
    out.u8(7);
    out.fixed32(0xDEADBEEF);
    out.fixed64(0x0123456789ABCDEF);
    for (const std::uint64_t number : {std::uint64_t{0}, std::uint64_t{127}, std::uint64_t{128},
                                       std::numeric_limits<std::uint64_t>::max()})
        out.varint(number);
    for (const std::int64_t number :
         {std::int64_t{0}, std::int64_t{-1}, std::numeric_limits<std::int64_t>::min(),
          std::numeric_limits<std::int64_t>::max()})
        out.zigzag(number);
    out.real(-1.5);
    out.string("text");
    const Value value = *parse_json(R"({"a":[1,-2.5,"x",null,true],"b":{}})");
    out.value(value);

    ByteReader in(bytes);
    EXPECT_EQ(in.u8(), 7);
    EXPECT_EQ(in.fixed32(), 0xDEADBEEF);
    EXPECT_EQ(in.fixed64(), 0x0123456789ABCDEFU);
    for (const std::uint64_t number : {std::uint64_t{0}, std::uint64_t{127}, std::uint64_t{128},
                                       std::numeric_limits<std::uint64_t>::max()})
        EXPECT_EQ(in.varint(), number);
    for (const std::int64_t number :
         {std::int64_t{0}, std::int64_t{-1}, std::numeric_limits<std::int64_t>::min(),
          std::numeric_limits<std::int64_t>::max()})
        EXPECT_EQ(in.zigzag(), number);
    EXPECT_EQ(in.real(), -1.5);
    EXPECT_EQ(in.string(), "text");
    EXPECT_EQ(in.value(), value);
    EXPECT_TRUE(in.finish("test"));
}

TEST(Bytes, ACutAnywhereIsNoticedAndReadsNothingBeyond) {
    std::string bytes;
    ByteWriter out(bytes);
    out.value(*parse_json(R"({"a":[1,-2.5,"xyz"]})"));
    for (std::size_t length = 0; length < bytes.size(); ++length) {
        ByteReader in(std::string_view(bytes).substr(0, length));
        (void)in.value();
        EXPECT_FALSE(in.finish("test")) << length;
    }
}

TEST(Bytes, ALengthThatLiesAllocatesNothing) {
    std::string bytes;
    ByteWriter(bytes).varint(std::numeric_limits<std::uint64_t>::max());
    EXPECT_EQ(ByteReader(bytes).string(), "");
    EXPECT_EQ(ByteReader(bytes).count(), 0U);
}

TEST(Bytes, WhatIsRefusedIsDamageAndReadsNothingMore) {
    std::string bytes;
    ByteWriter out(bytes);
    out.string("no name");
    out.varint(7);
    ByteReader in(bytes);
    EXPECT_EQ(in.string(), "no name");
    in.refuse();
    EXPECT_EQ(in.varint(), 0U);
    EXPECT_EQ(in.finish("a record").error().code, Code::damaged);
}

TEST(Bytes, NestingHasALimit) {
    std::string bytes;
    for (int i = 0; i < 100'000; ++i)
        bytes += "\x05\x01";
    ByteReader in(bytes);
    (void)in.value();
    EXPECT_FALSE(in.ok());
}

} // namespace
} // namespace hearth
