#include "net/zone_rules.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace hearth::net {
namespace {

struct Data {
    std::vector<std::int64_t> times;
    std::vector<int> kinds;
    std::vector<std::int32_t> offsets;
};

void put(std::string& out, std::int64_t number, int bytes) {
    for (int i = bytes - 1; i >= 0; --i)
        out += static_cast<char>(static_cast<std::uint64_t>(number) >> (8 * i));
}

std::string block(char version, int width, const Data& data) {
    std::string out = "TZif";
    out += version;
    out += std::string(15, '\0');
    for (const std::size_t count : {std::size_t{0}, std::size_t{0}, std::size_t{0},
                                    data.times.size(), data.offsets.size(), std::size_t{4}})
        put(out, static_cast<std::int64_t>(count), 4);
    for (const std::int64_t time : data.times)
        put(out, time, width);
    for (const int kind : data.kinds)
        put(out, kind, 1);
    for (const std::int32_t offset : data.offsets) {
        put(out, offset, 4);
        put(out, 0, 2);
    }
    return out + std::string("LMT\0", 4);
}

std::string file(const Data& data, const std::string& last_line) {
    return block('2', 4, {{}, {}, {0}}) + block('2', 8, data) + "\n" + last_line + "\n";
}

TEST(ZoneRules, IsUtcUntilToldOtherwise) {
    EXPECT_EQ(ZoneRules().offset_at(0), 0);
}

TEST(ZoneRules, BeforeTheFirstChangeTheFirstKindCountsAndAfterTheLastTheLine) {
    const auto rules =
        ZoneRules::read(file({{-1000, 5'000'000'000}, {1, 0}, {561, 3600}}, "XYZ-2"));
    ASSERT_TRUE(rules) << rules.error().detail;
    EXPECT_EQ(rules->offset_at(-1001 * seconds), 561 * seconds);
    EXPECT_EQ(rules->offset_at(-1000 * seconds - 1), 561 * seconds);
    EXPECT_EQ(rules->offset_at(-1000 * seconds), 1 * hours);
    EXPECT_EQ(rules->offset_at(5'000'000'000 * seconds - 1), 1 * hours);
    EXPECT_EQ(rules->offset_at(5'000'000'000 * seconds), 2 * hours);
}

TEST(ZoneRules, WithoutALineTheLastChangeStays) {
    const auto rules = ZoneRules::read(file({{10}, {1}, {0, -7200}}, ""));
    ASSERT_TRUE(rules);
    EXPECT_EQ(rules->offset_at(1'000'000 * days), -2 * hours);
}

TEST(ZoneRules, AnOldFileHas32BitsAndNoLine) {
    const auto rules = ZoneRules::read(block('\0', 4, {{-5, 10}, {1, 0}, {0, -3600}}));
    ASSERT_TRUE(rules);
    EXPECT_EQ(rules->offset_at(-5 * seconds), -1 * hours);
    EXPECT_EQ(rules->offset_at(10 * seconds), 0);
}

TEST(ZoneRules, RefusesWhatIsDamaged) {
    const Data good{{10, 20}, {1, 0}, {0, 3600}};
    const std::string whole = file(good, "UTC0");
    ASSERT_TRUE(ZoneRules::read(whole));
    for (std::size_t length = 0; length < whole.size(); ++length)
        EXPECT_FALSE(ZoneRules::read(whole.substr(0, length))) << length;
    for (const std::string& bytes :
         {file(good, "UTC"), file({{20, 10}, {1, 0}, {0, 3600}}, "UTC0"),
          file({{10}, {2}, {0, 3600}}, "UTC0"), file({{}, {}, {}}, "UTC0"),
          file({{10}, {0}, {100'000}}, "UTC0"), whole + std::string(ZoneRules::most_bytes, ' ')}) {
        const auto rules = ZoneRules::read(bytes);
        ASSERT_FALSE(rules);
        EXPECT_EQ(rules.error().code, Code::damaged);
    }
}

} // namespace
} // namespace hearth::net
