#include "base/time.h"

#include <gtest/gtest.h>

namespace hearth {
namespace {

TEST(Rfc3339, IsWrittenInUtc) {
    EXPECT_EQ(to_rfc3339(0), "1970-01-01T00:00:00Z");
    EXPECT_EQ(to_rfc3339(1'750'000'000 * seconds + 120), "2025-06-15T15:06:40.000120Z");
    EXPECT_EQ(to_rfc3339(-1), "1969-12-31T23:59:59.999999Z");
}

TEST(Rfc3339, ReadsOffsetsAndFractions) {
    EXPECT_EQ(*parse_rfc3339("1970-01-01T01:00:00+01:00"), 0);
    EXPECT_EQ(*parse_rfc3339("1970-01-01T00:00:00.5Z"), 500'000);
    EXPECT_EQ(*parse_rfc3339("1970-01-01T00:00:00.123456789z"), 123'456);
    for (const Micros time : {Micros{0}, 1'764'000'000'000'123})
        EXPECT_EQ(*parse_rfc3339(to_rfc3339(time)), time);
}

TEST(Rfc3339, WhatIsNoTimeIsRefused) {
    for (const char* text :
         {"", "2026-11-24", "2026-02-30T00:00:00Z", "2026-11-24T24:00:00Z", "2026-11-24T00:00:00",
          "2026-11-24T00:00:00.Z", "2026-11-24T00:00:00Zx", "2026-11-24T00:00:00+25:00"})
        EXPECT_FALSE(parse_rfc3339(text)) << text;
}

TEST(ManualClock, AJumpMovesTheWallClockAlone) {
    ManualClock clock(5 * seconds);
    const Micros before = clock.steady();
    clock.turn(2);
    clock.jump_to(0);
    EXPECT_EQ(clock.utc(), 0);
    EXPECT_EQ(clock.steady(), before + 2);
}

/// One hour ahead, two in summer: the clocks go forward at 1,000 h and back at 2,000 h.
class SummerTime final : public TimeZone {
public:
    Micros offset_at(Micros utc) const override {
        return utc >= 1'000 * hours && utc < 2'000 * hours ? 2 * hours : hours;
    }
};

TEST(TimeZone, LocalTimeAndBack) {
    const SummerTime zone;
    EXPECT_EQ(FixedZone(3 * hours).to_utc(10 * hours), 7 * hours);
    for (const Micros utc : {500 * hours, 999 * hours, 1'000 * hours, 1'500 * hours, 2'001 * hours})
        EXPECT_EQ(zone.to_utc(zone.to_local(utc)), utc);
}

TEST(TimeZone, OfATimeThatComesTwiceTheFirstCounts) {
    EXPECT_EQ(SummerTime().to_utc(2'001 * hours + 30 * minutes), 1'999 * hours + 30 * minutes);
}

TEST(TimeZone, ATimeThatIsLeftOutComesAsLongAfterTheChange) {
    EXPECT_EQ(SummerTime().to_utc(1'001 * hours + 30 * minutes), 1'000 * hours + 30 * minutes);
}

} // namespace
} // namespace hearth
