#include "broker/broker_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hearth::broker::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Message message(std::string topic, std::string payload, Qos qos = Qos::at_most_once,
                bool retain = false) {
    return {std::move(topic), std::move(payload), qos, retain, {}};
}

class LocalTest : public testing::Test {
protected:
    World world;
    Broker& broker = *world.broker;
    Client client{world};
    Ear ear;

    void SetUp() override { client.connect("plug").take(); }
};

TEST_F(LocalTest, HearsWhatClientsPublishAndWho) {
    broker.subscribe("a/#", ear);
    client.publish("a/b", "x", {.qos = 1, .id = 1});
    EXPECT_THAT(ear.heard, ElementsAre("a/b = x from plug"));
    EXPECT_THAT(client.take(), ElementsAre("PUBACK #1"));
}

TEST_F(LocalTest, RetainedMessagesComeBeforeSubscribeReturns) {
    client.publish("a", "1", {.retain = true});
    broker.subscribe("+", ear);
    EXPECT_THAT(ear.heard, ElementsAre("a = 1 (retained)"));
}

TEST_F(LocalTest, EachMatchingSubscriptionHearsItOnce) {
    broker.subscribe("a", ear);
    const auto second = broker.subscribe("+", ear);
    client.publish("a", "1");
    EXPECT_EQ(ear.heard.size(), 2U);
    broker.unsubscribe(second);
    client.publish("a", "2");
    EXPECT_EQ(ear.heard.size(), 3U);
    broker.unsubscribe(12'345); // none of ours: nothing happens
}

TEST_F(LocalTest, WhatIsPublishedFromWithinComesAfterTheMessageUnderWay) {
    Ear second;
    ear.then = [&](std::string_view topic) {
        if (topic == "first") EXPECT_EQ(broker.publish(message("second", "2")), 2U);
    };
    broker.subscribe("#", ear);
    broker.subscribe("#", second);
    client.publish("first", "1");
    EXPECT_THAT(second.heard, ElementsAre("first = 1 from plug", "second = 2"));
}

TEST_F(LocalTest, SubscribingAndUnsubscribingFromWithinIsSafe) {
    Ear late;
    LocalBus::SubscriptionId mine = 0;
    ear.then = [&](std::string_view) {
        broker.unsubscribe(mine);
        for (int i = 0; i < 100; ++i)
            broker.subscribe("t/" + std::to_string(i), late);
        broker.subscribe("#", late);
    };
    mine = broker.subscribe("#", ear);
    client.publish("t/1", "x", {.retain = true});
    client.publish("t/1", "y");
    EXPECT_EQ(ear.heard.size(), 1U);
    EXPECT_THAT(late.heard, ElementsAre("t/1 = y from plug", "t/1 = y from plug"));
}

TEST_F(LocalTest, PublishingWhileRetainedMessagesAreHandedOverIsSafe) {
    client.publish("a", "1", {.retain = true});
    client.publish("b", "2", {.retain = true});
    ear.then = [&](std::string_view) {
        if (ear.heard.size() > 2) return; // not of what it publishes itself
        broker.publish(message("a", "", Qos::at_most_once, true));
        broker.publish(message("b", "", Qos::at_most_once, true));
    };
    broker.subscribe("+", ear);
    EXPECT_EQ(world.broker->stats().retained, 0U);
}

TEST_F(LocalTest, AdaptersThatFeedEachOtherWithoutEndAreCutOff) {
    world.limits.local_backlog = 10;
    World small(world.limits);
    Ear loop;
    loop.then = [&](std::string_view) {
        for (int i = 0; i < 3; ++i)
            small.broker->publish(message("t", "x"));
    };
    small.broker->subscribe("t", loop);
    small.broker->publish(message("t", "x"));
    EXPECT_EQ(loop.heard.size(), 1U + world.limits.local_backlog);
    small.broker->publish(message("t", "x")); // the next one begins anew
    EXPECT_EQ(loop.heard.size(), 2U * (1U + world.limits.local_backlog));
    EXPECT_NE(small.metrics.render().find("hearth_mqtt_dropped_total{reason=\"local_backlog\"}"),
              std::string::npos);
}

TEST_F(LocalTest, PropertiesOfTheProgramReachClients) {
    Client five(world, Version::v5);
    five.connect("five");
    five.subscribe("t");
    five.take();
    Message sent = message("t", "x");
    sent.properties.content_type = "text/plain";
    sent.properties.expiry_s = 30;
    sent.properties.user = {{"unit", "K"}};
    EXPECT_EQ(broker.publish(sent), 1U);
    EXPECT_THAT(five.take(), ElementsAre("PUBLISH t q0 expiry=30 type=text/plain unit=K = x"));
}

TEST_F(LocalTest, AnAcknowledgementWaitsForWhatAListenerJournaled) {
    ear.then = [&](std::string_view) { world.journal.append(106, 1, "a fact"); };
    broker.subscribe("a", ear);
    client.publish("a", "1", {.qos = 1, .id = 9});
    EXPECT_THAT(client.take(), IsEmpty());
    world.commit();
    EXPECT_THAT(client.take(), ElementsAre("PUBACK #9"));
}

TEST_F(LocalTest, RevokingFromWithinHappensAfterTheMessage) {
    ConnectOptions named;
    named.user = "bad";
    Client bad(world);
    bad.connect("bad-client", named);
    ear.then = [&](std::string_view) { broker.drop_sessions_of("bad"); };
    broker.subscribe("a", ear);
    bad.publish("a", "1", {.qos = 1});
    EXPECT_TRUE(bad.is_closed());
    EXPECT_EQ(world.broker->stats().sessions, 1U);
}

} // namespace
} // namespace hearth::broker::test
