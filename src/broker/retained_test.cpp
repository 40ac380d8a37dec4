#include "broker/broker_fixture.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <malloc.h>

namespace hearth::broker::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class RetainedTest : public testing::Test {
protected:
    World world;
    Client alice{world};
    Client bob{world, Version::v5};

    void SetUp() override {
        alice.connect("alice").take();
        bob.connect("bob").take();
    }
};

TEST_F(RetainedTest, ANewSubscriptionGetsTheLastOfEachTopic) { // 3.3.1-6
    alice.publish("a/x", "old", {.retain = true});
    alice.publish("a/x", "new", {.qos = 1, .retain = true});
    alice.publish("a/y", "y", {.retain = true});
    alice.publish("b", "b", {.retain = true});
    bob.subscribe("a/#", {.qos = 2});
    EXPECT_THAT(bob.take(), UnorderedElementsAre("SUBACK 0x02", "PUBLISH a/x q1 #1 retain = new",
                                                 "PUBLISH a/y q0 retain = y"));
}

TEST_F(RetainedTest, AnEmptyPayloadRemovesIt) { // 3.3.1-7
    alice.publish("t", "x", {.retain = true});
    alice.publish("t", "", {.retain = true});
    EXPECT_EQ(world.broker->stats().retained, 0U);
    EXPECT_EQ(world.broker->stats().retained_bytes, 0U);
    bob.subscribe("t");
    EXPECT_THAT(bob.take(), ElementsAre("SUBACK 0x00"));
}

TEST_F(RetainedTest, TheFlagIsClearedForOldSubscriptionsUnlessAsked) { // 3.3.1-12, 3.3.1-13
    Client carol(world, Version::v5);
    carol.connect("carol");
    bob.subscribe("t");
    carol.subscribe("t", {.as_published = true});
    bob.take(), carol.take();
    alice.publish("t", "x", {.retain = true});
    EXPECT_THAT(bob.take(), ElementsAre("PUBLISH t q0 = x"));
    EXPECT_THAT(carol.take(), ElementsAre("PUBLISH t q0 retain = x"));
}

TEST_F(RetainedTest, RetainHandlingSaysWhenTheyAreSent) { // 3.3.1-9 to 11
    alice.publish("t", "x", {.retain = true});
    bob.subscribe("t", {.retain_handling = mqtt::RetainHandling::never});
    EXPECT_THAT(bob.take(), ElementsAre("SUBACK 0x00"));
    bob.subscribe("t", {.retain_handling = mqtt::RetainHandling::send_if_new});
    EXPECT_THAT(bob.take(), ElementsAre("SUBACK 0x00"));
    bob.subscribe("t", {.retain_handling = mqtt::RetainHandling::send});
    EXPECT_THAT(bob.take(), ElementsAre("SUBACK 0x00", "PUBLISH t q0 retain = x"));
    bob.unsubscribe("t");
    bob.subscribe("t", {.retain_handling = mqtt::RetainHandling::send_if_new});
    EXPECT_THAT(bob.take(), ElementsAre("UNSUBACK 0x00", "SUBACK 0x00", "PUBLISH t q0 retain = x"));
}

TEST_F(RetainedTest, WhoSharesASubscriptionGetsNone) { // 4.8.2
    alice.publish("t", "x", {.retain = true});
    bob.subscribe("$share/g/t");
    EXPECT_THAT(bob.take(), ElementsAre("SUBACK 0x00"));
}

TEST_F(RetainedTest, AnExpiredOneIsGone) {
    PublishOptions options{.retain = true};
    options.properties.message_expiry_s = 10;
    bob.publish("t", "x", options);
    bob.publish("u", "x", {.retain = true});
    world.pass(11 * seconds);
    bob.subscribe("#");
    EXPECT_THAT(bob.take(), ElementsAre("SUBACK 0x00", "PUBLISH u q0 retain = x"));
    EXPECT_EQ(world.broker->stats().retained, 1U);
}

TEST_F(RetainedTest, ALargeReplyComesAsFastAsTheClientReadsAndWhole) {
    for (int i = 0; i < 5'000; ++i)
        alice.publish(fmt::format("many/{}", i), std::string(500, 'r'), {.retain = true});
    world.outlet.stuck[bob.id] = world.limits.unsent_bytes; // it does not read
    bob.subscribe("many/#");
    EXPECT_EQ(bob.take().size(), 1U);
    world.broker->end_turn();
    EXPECT_EQ(bob.take().size(), 0U);
    world.outlet.stuck[bob.id] = 0;
    world.broker->end_turn();
    EXPECT_EQ(bob.take().size(), 5'000U);
}

TEST_F(RetainedTest, AReplyThatWaitsNeverOvertakesANewerValue) {
    alice.publish("t", "old", {.retain = true});
    world.outlet.stuck[bob.id] = world.limits.unsent_bytes;
    bob.subscribe("t", {.qos = 1});
    alice.publish("t", "new", {.qos = 1, .retain = true});
    world.outlet.stuck[bob.id] = 0;
    world.broker->end_turn();
    EXPECT_THAT(bob.take(), ElementsAre("SUBACK 0x01", "PUBLISH t q1 #1 = new"));
}

TEST_F(RetainedTest, OfQosOneTheyObserveTheReceiveMaximum) {
    ConnectOptions one;
    one.properties.receive_maximum = 1;
    Client carol(world, Version::v5);
    carol.connect("carol", one).take();
    for (const char* topic : {"t/1", "t/2", "t/3"})
        alice.publish(topic, "x", {.qos = 1, .retain = true});
    carol.subscribe("t/#", {.qos = 1});
    EXPECT_EQ(carol.take().size(), 2U); // SUBACK and one
    carol.puback(1);
    EXPECT_EQ(carol.take().size(), 1U);
    carol.puback(2);
    EXPECT_EQ(carol.take().size(), 1U);
    carol.puback(3);
    EXPECT_THAT(carol.take(), IsEmpty());
}

TEST_F(RetainedTest, TheyOutliveARestart) {
    alice.publish("a", "1", {.qos = 1, .retain = true});
    alice.publish("b", "2", {.qos = 1, .retain = true});
    alice.publish("b", "", {.qos = 1, .retain = true});
    world.commit();
    World after(world.journal, world.clock.utc());
    Client carol(after);
    carol.connect("carol");
    carol.subscribe("#");
    EXPECT_THAT(carol.take(), ElementsAre("CONNACK", "SUBACK 0x00", "PUBLISH a q0 retain = 1"));
}

TEST_F(RetainedTest, ManyFiltersOfOnePacketCostNoMoreThanTheirSubscriptions) {
    for (int i = 0; i < 20'000; ++i)
        alice.publish(fmt::format("many/{}", i), "r", {.retain = true});
    world.outlet.stuck[bob.id] = world.limits.unsent_bytes; // it does not read
    std::string block;
    for (int i = 0; i < 500; ++i)
        ASSERT_TRUE(mqtt::append_subscription(block, {.filter = "many/#"}));
    const struct mallinfo2 before = mallinfo2();
    for (std::uint16_t packet = 1; packet <= 100; ++packet)
        bob.send(mqtt::Subscribe{packet, {}, mqtt::SubscriptionList(block)});
    const struct mallinfo2 after = mallinfo2();
    EXPECT_LT(after.uordblks + after.hblkhd, before.uordblks + before.hblkhd + 4'000'000);
    bob.take();
    world.outlet.stuck[bob.id] = 0;
    std::size_t got = 0;
    for (int turn = 0; turn < 20; ++turn) {
        world.broker->end_turn();
        got += bob.take().size();
    }
    EXPECT_GE(got, 20'000U);
    EXPECT_LE(got, 40'000U) << "once for the filter, once more because it was said again meanwhile";
}

TEST_F(RetainedTest, ALongReplyIsSharedOutOverTurnsAndComesWhole) {
    for (int i = 0; i < 50'000; ++i)
        alice.publish(fmt::format("many/{}", i), "r", {.retain = true});
    bob.subscribe("many/#");
    std::size_t got = bob.take().size() - 1;
    EXPECT_LT(got, 50'000U);
    for (int turn = 0; turn < 10 && (turn == 0 || world.broker->has_more()); ++turn) {
        world.broker->end_turn();
        got += bob.take().size();
    }
    EXPECT_EQ(got, 50'000U);
    EXPECT_FALSE(world.broker->has_more());
}

TEST_F(RetainedTest, WhatChangesDuringAReplyIsNeitherLostNorTold) {
    for (int i = 0; i < 40'000; ++i)
        alice.publish(fmt::format("many/{}", i), "r", {.retain = true});
    bob.subscribe("many/+");
    std::size_t got = bob.take().size() - 1;
    ASSERT_LT(got, 30'000U);
    for (int i = 0; i < 40'000; ++i) // also the one where the reply stands
        if (i % 2 == 0) alice.publish(fmt::format("many/{}", i), "", {.retain = true});
    for (int i = 0; i < 1'000; ++i)
        alice.publish(fmt::format("other/{}", i), "", {.retain = true});
    std::size_t live = 0;
    std::size_t retained = 0;
    for (int turn = 0; turn < 10; ++turn) {
        for (const std::string& line : bob.take())
            (line.find("retain") == std::string::npos ? live : retained) += 1;
        world.broker->end_turn();
    }
    EXPECT_EQ(live, 20'000U);
    EXPECT_EQ(world.broker->stats().retained, 20'000U);
    EXPECT_GT(got + retained, 20'000U);
    Client carol(world);
    carol.connect("carol");
    carol.subscribe("#");
    std::size_t all = 0;
    for (int turn = 0; turn < 10; ++turn) {
        all += carol.take().size();
        world.broker->end_turn();
    }
    EXPECT_EQ(all, 20'002U);
}

TEST_F(RetainedTest, AReplyGoesOnWhenItsClientComesBack) {
    for (int i = 0; i < 300; ++i)
        alice.publish(fmt::format("many/{}", i), "r", {.qos = 1, .retain = true});
    ConnectOptions kept;
    kept.clean = false;
    kept.properties.session_expiry_s = 100;
    kept.properties.receive_maximum = 10;
    Client carol(world, Version::v5);
    carol.connect("carol", kept);
    carol.subscribe("many/+", {.qos = 1});
    EXPECT_EQ(carol.take().size(), 11U) << "the SUBACK waits for the disk";
    carol.vanish();
    Client back(world, Version::v5);
    kept.properties.receive_maximum = 1'000;
    std::size_t got = back.connect("carol", kept).take().size() - 1;
    for (std::uint16_t id = 1; id <= 400; ++id) {
        back.puback(id);
        got += back.take().size();
    }
    EXPECT_EQ(got, 300U);
}

TEST_F(RetainedTest, UnsubscribingEndsTheReply) {
    for (int i = 0; i < 100; ++i)
        alice.publish(fmt::format("many/{}", i), "r", {.retain = true});
    world.outlet.stuck[bob.id] = world.limits.unsent_bytes;
    bob.subscribe("many/+");
    bob.unsubscribe("many/+");
    bob.subscribe("many/1");
    world.outlet.stuck[bob.id] = 0;
    bob.take();
    world.broker->end_turn();
    EXPECT_THAT(bob.take(), ElementsAre("PUBLISH many/1 q0 retain = r"));
}

TEST_F(RetainedTest, ThoseThatExpireGoAlsoWhileNewOnesOfTheirKindKeepComing) {
    PublishOptions brief{.retain = true};
    brief.properties.message_expiry_s = 2;
    for (int second = 0; second < 60; ++second) {
        bob.publish(fmt::format("t/{}", second), "x", brief);
        world.pass(1 * seconds);
    }
    EXPECT_LE(world.broker->stats().retained, 15U);
}

} // namespace
} // namespace hearth::broker::test
