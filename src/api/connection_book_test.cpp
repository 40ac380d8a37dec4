#include "api/connection_book.h"

#include <gtest/gtest.h>

namespace hearth::api {
namespace {

struct Fake final : OpenConnection {
    void end() override {}
    void drop() override {}
};

struct ConnectionBookTest : testing::Test {
    ConnectionBook book;
    Fake one, two, three, four;
};

TEST_F(ConnectionBookTest, WhoHasWaitedLongestMakesRoom) {
    book.add(one, "a");
    book.add(two, "a");
    EXPECT_EQ(book.longest_waiting_of("a"), &one);
    book.set_waiting(one, false);
    EXPECT_EQ(book.longest_waiting_of("a"), &two);
    book.set_waiting(one, true); // answered, and waits anew
    EXPECT_EQ(book.longest_waiting_of("a"), &two);
}

TEST_F(ConnectionBookTest, TheHouseholdWithTheMostWaitingMakesRoom) {
    book.add(one, "a");
    book.add(two, "b");
    book.add(three, "b");
    EXPECT_EQ(book.longest_waiting(), &two);
    book.remove(two);
    book.remove(three);
    EXPECT_EQ(book.longest_waiting(), &one);
}

TEST_F(ConnectionBookTest, WhatIsBeingAnsweredNeverMakesRoom) {
    book.add(one, "a");
    book.set_waiting(one, false);
    EXPECT_EQ(book.longest_waiting(), nullptr);
    EXPECT_EQ(book.longest_waiting_of("a"), nullptr);
    EXPECT_EQ(book.longest_waiting_of("b"), nullptr);
}

TEST_F(ConnectionBookTest, CountsByHouseholdAndForgetsWhoHasGone) {
    book.add(one, "a");
    book.add(two, "a");
    book.add(three, "b");
    EXPECT_EQ(book.size(), 3U);
    EXPECT_EQ(book.size_of("a"), 2U);
    book.remove(one);
    book.remove(one);
    book.remove(four);
    EXPECT_EQ(book.size_of("a"), 1U);
    EXPECT_EQ(book.size_of("c"), 0U);
    EXPECT_EQ(book.all().size(), 2U);
}

TEST_F(ConnectionBookTest, OneHouseholdOfIPv6IsItsSlash64) {
    EXPECT_EQ(household_of("2001:db8:1:2:aaaa::1"), household_of("2001:db8:1:2::7"));
    EXPECT_NE(household_of("2001:db8:1:2::7"), household_of("2001:db8:1:3::7"));
    EXPECT_EQ(household_of("192.0.2.7"), "192.0.2.7");
}

} // namespace
} // namespace hearth::api
