#include "net/posix_zone.h"

#include <chrono>

#include <gtest/gtest.h>

namespace hearth::net {
namespace {

constexpr std::int32_t hour = 3600;

std::int64_t at(int year, unsigned month, unsigned day, int seconds = 0) {
    const std::chrono::sys_days on{std::chrono::year(year) / static_cast<int>(month) /
                                   static_cast<int>(day)};
    return std::chrono::sys_seconds(on).time_since_epoch().count() + seconds;
}

std::int32_t offset(std::string_view rules, std::int64_t moment) {
    const auto zone = PosixZone::parse(rules);
    EXPECT_TRUE(zone) << rules;
    return zone ? zone->offset_at(moment) : -1;
}

TEST(PosixZone, CountsToTheWest) {
    EXPECT_EQ(offset("UTC0", 0), 0);
    EXPECT_EQ(offset("JST-9", 0), 9 * hour);
    EXPECT_EQ(offset("<-03>3", 0), -3 * hour);
    EXPECT_EQ(offset("<+0545>-5:45", 0), 5 * hour + 45 * 60);
    EXPECT_EQ(offset("ABC+1:02:03", 0), -(hour + 2 * 60 + 3));
}

TEST(PosixZone, SummerBeginsAndEndsToTheSecond) {
    constexpr std::string_view paris = "CET-1CEST,M3.5.0,M10.5.0/3";
    const std::int64_t begin = at(2026, 3, 29, hour);
    const std::int64_t end = at(2026, 10, 25, hour);
    EXPECT_EQ(offset(paris, begin - 1), hour);
    EXPECT_EQ(offset(paris, begin), 2 * hour);
    EXPECT_EQ(offset(paris, end - 1), 2 * hour);
    EXPECT_EQ(offset(paris, end), hour);
}

TEST(PosixZone, SummerInTheSouthGoesOverTheNewYear) {
    constexpr std::string_view sydney = "AEST-10AEDT,M10.1.0,M4.1.0/3";
    EXPECT_EQ(offset(sydney, at(2026, 1, 1)), 11 * hour);
    EXPECT_EQ(offset(sydney, at(2026, 7, 1)), 10 * hour);
    EXPECT_EQ(offset(sydney, at(2026, 12, 31, 23 * hour)), 11 * hour);
}

TEST(PosixZone, SummerTimeMayBeTheEarlierOne) {
    constexpr std::string_view dublin = "IST-1GMT0,M10.5.0,M3.5.0/1";
    EXPECT_EQ(offset(dublin, at(2026, 1, 1)), 0);
    EXPECT_EQ(offset(dublin, at(2026, 7, 1)), hour);
}

TEST(PosixZone, DaysOfTheYearCountWithAndWithoutTheLeapDay) {
    // J60 is March 1 of each year, 59 the 60th day.
    EXPECT_EQ(offset("AAA0BBB,J60/0,J300", at(2028, 3, 1) - 1), 0);
    EXPECT_EQ(offset("AAA0BBB,J60/0,J300", at(2028, 3, 1)), hour);
    EXPECT_EQ(offset("AAA0BBB,59/0,300", at(2028, 2, 29)), hour);
    EXPECT_EQ(offset("AAA0BBB,59/0,300", at(2027, 3, 1) - 1), 0);
}

TEST(PosixZone, SummerMayLastAllYear) {
    for (const std::int64_t moment : {at(2026, 1, 1), at(2026, 7, 1), at(2026, 12, 31, 86'399),
                                      at(2027, 1, 1, 3 * hour), at(2027, 1, 1, 3 * hour - 1)})
        EXPECT_EQ(offset("XXX3EDT4,0/0,J365/23", moment), -4 * hour) << moment;
}

TEST(PosixZone, AChangeMayLieDaysFromItsDay) {
    // Gaza: 50 hours after the fourth Thursday begins.
    EXPECT_EQ(offset("EET-2EEST,M3.4.4/50,M10.4.4/50", at(2026, 3, 28) - 1), 2 * hour);
    EXPECT_EQ(offset("EET-2EEST,M3.4.4/50,M10.4.4/50", at(2026, 3, 28)), 3 * hour);
    // Nuuk: an hour before the last Sunday begins.
    EXPECT_EQ(offset("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", at(2026, 3, 29, hour) - 1), -2 * hour);
    EXPECT_EQ(offset("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", at(2026, 3, 29, hour)), -hour);
}

TEST(PosixZone, SummerWithoutRulesFollowsTheUnitedStates) {
    EXPECT_EQ(offset("EST5EDT", at(2026, 3, 8, 7 * hour) - 1), -5 * hour);
    EXPECT_EQ(offset("EST5EDT", at(2026, 3, 8, 7 * hour)), -4 * hour);
}

TEST(PosixZone, MomentsFarFromNowHaveAnOffset) {
    for (const std::int64_t moment :
         {std::int64_t{-9'000'000'000'000}, std::int64_t{9'000'000'000'000}}) {
        const std::int32_t there = offset("CET-1CEST,M3.5.0,M10.5.0/3", moment);
        EXPECT_TRUE(there == hour || there == 2 * hour) << there;
    }
}

TEST(PosixZone, RefusesWhatIsNoRule) {
    for (const char* text :
         {"", "CET", "CE-1", "CET-25", "CET-1:60", "CET-1CEST,", "CET-1CEST,M3.5.0",
          "CET-1CEST,M13.5.0,M10.5.0", "CET-1CEST,M3.6.0,M10.5.0", "CET-1CEST,M3.5.7,M10.5.0",
          "CET-1CEST,J0,J365", "CET-1CEST,366,1", "CET-1CEST,M3.5.0/168,M10.5.0",
          "CET-1CEST,M3.5.0,M10.5.0/3 ", "<CET-1", "Europe/Paris", "C1T-1"}) {
        const auto zone = PosixZone::parse(text);
        ASSERT_FALSE(zone) << text;
        EXPECT_EQ(zone.error().code, Code::invalid) << text;
    }
}

} // namespace
} // namespace hearth::net
