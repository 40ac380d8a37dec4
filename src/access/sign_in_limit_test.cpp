#include "access/sign_in_limit.h"

#include <gtest/gtest.h>

namespace hearth::access {
namespace {

constexpr SignInLimit::Options small{.free_tries = 3,
                                     .free_tries_in_all = 6,
                                     .longest_wait = 4 * seconds,
                                     .longest_line = 8 * seconds,
                                     .window = 10 * minutes,
                                     .names = 4};

struct SignInLimitTest : testing::Test {
    SignInLimit limit{small};
    Micros now = hours;

    Micros wait(std::string_view name, std::string_view address) {
        const auto verdict = limit.begin(name, address, now);
        EXPECT_FALSE(verdict.refused);
        return verdict.wait;
    }
    /// Fails, each time after having waited as long as it has to.
    void fail(int times, std::string_view name, std::string_view address) {
        for (int i = 0; i < times; ++i)
            now += wait(name, address);
    }
};

TEST_F(SignInLimitTest, TheFirstFailuresCostNothingAndEachFurtherOneMore) {
    for (const Micros expected : {0, 0, 0, 1, 2, 4, 4, 4}) {
        const Micros waited = wait("ann", "home");
        EXPECT_EQ(waited, expected * seconds);
        now += waited;
    }
}

TEST_F(SignInLimitTest, TheRightPasswordWaitsForSecondsAndThenStartsAnew) {
    fail(5, "ann", "home");
    now += wait("ann", "home");
    limit.succeeded("ann", "home", now);
    EXPECT_EQ(limit.free_tries_left("ann", "home", now), small.free_tries);
    EXPECT_EQ(wait("ann", "home"), 0);
}

TEST_F(SignInLimitTest, AnothersFailuresAtTheSameAddressCostNothingBeforeTheyAreMany) {
    fail(4, "eve", "home");
    EXPECT_EQ(wait("ann", "home"), 0);
}

TEST_F(SignInLimitTest, ManyNamesAtOneAddressCostAsOneName) {
    for (const char* name : {"a", "b", "c", "d", "e", "f"})
        EXPECT_EQ(wait(name, "elsewhere"), 0);
    EXPECT_GT(wait("g", "elsewhere"), 0);
}

TEST_F(SignInLimitTest, ManyAddressesBuyNoMoreTriesAtOneName) {
    for (const char* address : {"1", "2", "3", "4", "5", "6"})
        EXPECT_EQ(wait("ann", address), 0);
    EXPECT_GT(wait("Ann", "7"), 0);
}

TEST_F(SignInLimitTest, AStrangerElsewhereDoesNotSlowDownAKnownPlace) {
    EXPECT_EQ(wait("ann", "home"), 0);
    limit.succeeded("ann", "home", now);
    fail(20, "ann", "elsewhere");
    fail(20, "bob", "home");
    EXPECT_EQ(wait("ann", "home"), 0);
}

TEST_F(SignInLimitTest, TriesStandInLineAndAreRefusedWhereItIsLong) {
    fail(6, "ann", "home"); // the next one waits four seconds
    EXPECT_EQ(wait("ann", "home"), 4 * seconds);
    EXPECT_EQ(wait("ann", "home"), 8 * seconds);
    const auto refused = limit.begin("ann", "home", now);
    EXPECT_TRUE(refused.refused);
    EXPECT_GT(refused.wait, 0);
    EXPECT_LE(refused.wait, small.longest_line);
    now += refused.wait;
    EXPECT_FALSE(limit.begin("ann", "home", now).refused);
}

TEST_F(SignInLimitTest, WhatIsLongAgoIsForgotten) {
    fail(8, "ann", "home");
    EXPECT_EQ(limit.free_tries_left("ann", "home", now), 0U);
    now += small.window + small.longest_wait;
    EXPECT_EQ(limit.free_tries_left("ann", "home", now), small.free_tries);
    EXPECT_EQ(wait("ann", "home"), 0);
}

TEST_F(SignInLimitTest, CountsDownTheFreeTries) {
    EXPECT_EQ(limit.free_tries_left("ann", "home", now), 3U);
    fail(2, "ann", "home");
    EXPECT_EQ(limit.free_tries_left("ann", "home", now), 1U);
    fail(4, "ann", "home");
    EXPECT_EQ(limit.free_tries_left("ann", "home", now), 0U);
}

TEST_F(SignInLimitTest, BeyondWhatItRemembersAllShareOneCount) {
    for (const char* name : {"a", "b", "c", "d"})
        fail(1, name, name);
    fail(3, "e", "e");
    EXPECT_GT(wait("f", "f"), 0);
}

} // namespace
} // namespace hearth::access
