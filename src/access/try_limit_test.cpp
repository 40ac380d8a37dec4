#include "access/try_limit.h"

#include <gtest/gtest.h>

namespace hearth::access {
namespace {

TEST(TryLimit, TheTryBeyondTheLimitWaitsUntilTheFirstIsOld) {
    TryLimit limit(3, 10 * minutes);
    for (Micros now : {1 * minutes, 2 * minutes, 3 * minutes})
        EXPECT_EQ(limit.begin("a", now), 0);
    EXPECT_EQ(limit.begin("a", 4 * minutes), 7 * minutes);
    EXPECT_EQ(limit.begin("a", 11 * minutes), 0);
    EXPECT_EQ(limit.begin("a", 11 * minutes), 1 * minutes) << "until the second is old";
}

TEST(TryLimit, OneDoesNotUseUpAnothersTries) {
    TryLimit limit(1, 10 * minutes);
    EXPECT_EQ(limit.begin("a", 0), 0);
    EXPECT_GT(limit.begin("a", 0), 0);
    EXPECT_EQ(limit.begin("b", 0), 0);
}

TEST(TryLimit, WhoSucceedsIsForgiven) {
    TryLimit limit(1, 10 * minutes);
    for (int i = 0; i < 5; ++i) {
        EXPECT_EQ(limit.begin("a", 0), 0);
        limit.forgive("a");
    }
    EXPECT_EQ(limit.begin("a", 0), 0);
    EXPECT_GT(limit.begin("a", 0), 0);
}

TEST(TryLimit, MoreNamesThanItRemembersShareOneCount) {
    TryLimit limit(1, 10 * minutes, 2);
    EXPECT_EQ(limit.begin("a", 0), 0);
    EXPECT_EQ(limit.begin("b", 0), 0);
    EXPECT_EQ(limit.begin("c", 0), 0);
    EXPECT_GT(limit.begin("d", 0), 0);
    EXPECT_EQ(limit.begin("d", 10 * minutes), 0) << "the old ones are forgotten";
}

} // namespace
} // namespace hearth::access
