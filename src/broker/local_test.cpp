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
        if (topic == "first") EXPECT_EQ(broker.publish(message("second", "2")), 0U);
    };
    broker.subscribe("#", ear);
    broker.subscribe("#", second);
    client.publish("first", "1");
    EXPECT_THAT(second.heard, ElementsAre("first = 1 from plug", "second = 2 by hearth"));
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
    sent.expires_at = world.clock.utc() + 30 * seconds;
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

ConnectOptions as(const char* name) {
    ConnectOptions options;
    options.user = name;
    return options;
}

TEST_F(LocalTest, HearsWhoseWordAMessageIs) {
    Client lock(world, Version::v5);
    lock.connect("front", as("lock1"));
    broker.subscribe("#", ear);
    lock.publish("a", "1", {.qos = 1, .id = 1});
    EXPECT_TRUE(ear.last.promised);
    EXPECT_FALSE(ear.last.keeps);
    lock.publish("b", "2", {.retain = true});
    EXPECT_FALSE(ear.last.promised);
    EXPECT_TRUE(ear.last.keeps);
    broker.publish(message("c", "3", Qos::at_least_once, true));
    EXPECT_FALSE(ear.last.promised);
    EXPECT_TRUE(broker.publish_for("lock1", message("d", "4", Qos::at_most_once, true)));
    EXPECT_THAT(ear.heard, ElementsAre("a = 1 from front of lock1", "b = 2 from front of lock1",
                                       "c = 3 by hearth", "d = 4 by hearth of lock1"));
}

TEST_F(LocalTest, WhoseARetainedMessageIsIsKnownAfterARestartToo) {
    Client lock(world, Version::v5);
    lock.connect("front", as("lock1"));
    lock.publish("b", "2", {.retain = true});
    client.publish("a", "1", {.retain = true});
    broker.publish(message("c", "3", Qos::at_most_once, true));
    EXPECT_TRUE(broker.publish_for("lock1", message("d", "4", Qos::at_most_once, true)));
    world.commit();
    World after(world.journal, world.clock.utc());
    after.broker->subscribe("+", ear);
    EXPECT_THAT(ear.heard,
                testing::UnorderedElementsAre("a = 1 (retained)", "b = 2 (retained) of lock1",
                                              "c = 3 (retained) by hearth",
                                              "d = 4 (retained) by hearth of lock1"));
}

TEST_F(LocalTest, NobodyInsideTakesWhatHearthPublishes) {
    broker.subscribe("#", ear);
    EXPECT_EQ(broker.publish(message("t", "x")), 0U);
    client.subscribe("t");
    EXPECT_EQ(broker.publish(message("t", "x")), 1U);
    EXPECT_EQ(ear.heard.size(), 2U);
}

TEST_F(LocalTest, HearthLendsItsVoiceOnlyWhereItsCredentialMayListen) {
    world.authorizer.forbidden.insert("evil < lock1/set");
    client.subscribe("#");
    client.take();
    const auto refused = broker.publish_for("evil", message("lock1/set", "UNLOCK"));
    ASSERT_FALSE(refused.has_value());
    EXPECT_THAT(refused.error().detail, testing::HasSubstr("--topic lock1/set"));
    EXPECT_FALSE(broker.publish_for("evil", message("$SYS/x", "y")).has_value());
    EXPECT_THAT(client.take(), IsEmpty());
    EXPECT_EQ(broker.publish_for("lock1", message("lock1/set", "LOCK")).value_or(0), 1U);
}

TEST_F(LocalTest, WhatASubscriberRefusesGoesNowhereAndIsNotRetained) {
    ear.refused.insert("t");
    broker.subscribe("t", ear);
    Client watcher(world);
    watcher.connect("watcher");
    watcher.subscribe("#", {.qos = 2});
    watcher.take();
    Client five(world, Version::v5);
    five.connect("five").take();
    for (int qos = 0; qos <= 2; ++qos) {
        const auto id = static_cast<std::uint16_t>(qos + 1);
        five.publish("t", "x", {.qos = qos, .retain = true, .id = id});
        client.publish("t", "x", {.qos = qos, .retain = true, .id = id});
    }
    EXPECT_THAT(five.take(), ElementsAre("PUBACK #2 0x87", "PUBREC #3 0x87"));
    EXPECT_THAT(client.take(), ElementsAre("PUBACK #2", "PUBREC #3"));
    EXPECT_THAT(watcher.take(), IsEmpty());
    EXPECT_FALSE(broker.retains("t"));
    EXPECT_FALSE(client.is_closed());
}

TEST_F(LocalTest, AWillThatASubscriberRefusesGoesNowhere) {
    ear.refused.insert("t");
    broker.subscribe("t", ear);
    ConnectOptions options = as("evil");
    options.will = mqtt::Will{.topic = "t", .payload = "x", .retain = true, .properties = {}};
    Client evil(world, Version::v5);
    evil.connect("evil", options);
    client.subscribe("#");
    client.take();
    evil.vanish();
    broker.end_turn();
    EXPECT_EQ(ear.heard.size(), 1U);
    EXPECT_THAT(client.take(), IsEmpty());
    EXPECT_FALSE(broker.retains("t"));
}

TEST_F(LocalTest, HearsThatARetainedMessageHasExpired) {
    Client five(world, Version::v5);
    five.connect("five");
    PublishOptions options;
    options.retain = true;
    options.properties.message_expiry_s = 30;
    five.publish("t", "x", options);
    broker.subscribe("t", ear);
    world.pass(60 * seconds);
    EXPECT_THAT(ear.heard, ElementsAre("t = x (retained)", "t is dropped"));
}

TEST_F(LocalTest, HearsThatARetainedMessageWentWithItsCredential) {
    Client lock(world, Version::v5);
    lock.connect("front", as("lock1"));
    lock.publish("a", "1", {.retain = true});
    lock.publish("b", "2", {.retain = true});
    client.publish("c", "3", {.retain = true});
    EXPECT_TRUE(broker.publish_for("lock1", message("d", "4", Qos::at_most_once, true)));
    broker.subscribe("+", ear);
    ear.heard.clear();
    // Whoever hears of it may publish and unsubscribe at once.
    ear.then = [&](std::string_view) { EXPECT_FALSE(broker.retains("b")); };
    broker.drop_sessions_of("lock1");
    EXPECT_THAT(ear.heard,
                testing::UnorderedElementsAre("a is dropped", "b is dropped", "d is dropped"));
    EXPECT_TRUE(broker.retains("c"));
}

TEST_F(LocalTest, WhatIsRetainedCanBeHandedToAnotherCredentialForGood) {
    Client lock(world, Version::v5);
    lock.connect("front", as("lock1"));
    lock.publish("a", "1", {.retain = true});
    EXPECT_TRUE(broker.hand_retained("a", "lock2"));
    EXPECT_FALSE(broker.hand_retained("b", "lock2"));
    broker.drop_sessions_of("lock1");
    world.commit();
    World after(world.journal, world.clock.utc());
    after.broker->subscribe("+", ear);
    EXPECT_THAT(ear.heard, ElementsAre("a = 1 (retained) of lock2"));
}

} // namespace
} // namespace hearth::broker::test
