#include "broker/peers.h"

#include <vector>

#include <gtest/gtest.h>

namespace hearth::broker {
namespace {

TEST(PeersTest, TheLargestCrowdsOldestMakesRoom) {
    Peers peers;
    EXPECT_EQ(peers.oldest_silent(), 0U);
    const auto one = peers.came("a", 1);
    peers.came("b", 2);
    const auto three = peers.came("b", 3);
    peers.came("b", 4);
    EXPECT_EQ(peers.oldest_silent(), 2U);
    EXPECT_EQ(peers.oldest_silent_beside(one), 1U);
    EXPECT_EQ(peers.oldest_silent_beside(three), 2U);
    EXPECT_EQ(peers.from_same(three), 3U);
    EXPECT_EQ(peers.address(three), "b");
    EXPECT_EQ(peers.silent(), 4U);
}

TEST(PeersTest, WhoIsHeardOrLeavesIsInNoCrowd) {
    Peers peers;
    const auto one = peers.came("a", 1);
    const auto two = peers.came("a", 2);
    const auto three = peers.came("a", 3);
    const auto a = peers.was_heard(one);
    EXPECT_EQ(peers.oldest_silent(), 2U);
    EXPECT_EQ(peers.from_same(two), 3U) << "it is still there";
    peers.left_silent(three);
    EXPECT_EQ(peers.was_heard(two), a);
    EXPECT_EQ(peers.oldest_silent(), 0U);
    peers.left(a);
    peers.left(a);
    const auto four = peers.came("a", 4);
    EXPECT_EQ(peers.from_same(four), 1U);
    EXPECT_EQ(peers.oldest_silent_beside(four), 4U);
}

TEST(PeersTest, TenThousandComeAndGoInAnyOrder) {
    Peers peers;
    std::vector<std::uint32_t> there;
    for (ConnectionId id = 1; id <= 10'000; ++id)
        there.push_back(peers.came(id % 3 == 0 ? "a" : "b", id));
    EXPECT_EQ(peers.oldest_silent(), 1U);
    for (std::size_t i = 0; i < there.size(); i += 2)
        peers.left_silent(there[i]);
    EXPECT_EQ(peers.oldest_silent(), 2U);
    EXPECT_EQ(peers.silent(), 5'000U);
    for (std::size_t i = 1; i < there.size(); i += 2)
        peers.left_silent(there[i]);
    EXPECT_EQ(peers.silent(), 0U);
    EXPECT_EQ(peers.oldest_silent(), 0U);
}

} // namespace
} // namespace hearth::broker
