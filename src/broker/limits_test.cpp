#include "broker/broker_fixture.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hearth::broker::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

BrokerLimits small() {
    BrokerLimits limits;
    limits.packet_bytes = 2'000;
    limits.connect_bytes = 500;
    limits.topic_levels = 4;
    limits.client_id_bytes = 10;
    limits.will_bytes = 20;
    limits.sessions = 3;
    limits.session_expiry_s = 100;
    limits.subscriptions_per_session = 2;
    limits.filters_per_packet = 3;
    limits.queued_messages = 3;
    limits.queued_bytes = 1'000;
    limits.in_flight = 2;
    limits.unsent_bytes = 10'000;
    limits.receive_maximum = 5;
    limits.unreleased_v311 = 6;
    limits.waiting_answers = 4;
    limits.retained_messages = 2;
    limits.retained_bytes = 100;
    limits.cached_routes = 8;
    return limits;
}

class LimitsTest : public testing::Test {
protected:
    World world{small()};
    Client alice{world};
    Client bob{world, Version::v5};

    void SetUp() override {
        alice.connect("alice").take();
        bob.connect("bob").take();
    }
    ConnectOptions kept() {
        ConnectOptions options;
        options.clean = false;
        options.properties.session_expiry_s = 100;
        return options;
    }
    bool counted(std::string_view reason, int times) {
        return world.metrics.render().find(
                   fmt::format("hearth_mqtt_dropped_total{{reason=\"{}\"}} {}", reason, times)) !=
               std::string::npos;
    }
};

TEST_F(LimitsTest, PacketBytes) {
    bob.publish("t", std::string(1'900, 'x'));
    EXPECT_FALSE(bob.is_closed());
    bob.publish("t", std::string(2'000, 'x'));
    EXPECT_THAT(bob.take(), ElementsAre("DISCONNECT 0x95"));
    EXPECT_TRUE(bob.is_closed());
}

TEST_F(LimitsTest, ConnectBytes) {
    ConnectOptions options;
    options.user = std::string(600, 'u');
    Client client(world);
    client.connect("c", options);
    EXPECT_TRUE(client.is_closed());
    EXPECT_THAT(client.take(), IsEmpty());
}

TEST_F(LimitsTest, TopicLevels) { // CVE-2019-11779
    bob.publish("a/b/c/d", "x");
    EXPECT_FALSE(bob.is_closed());
    bob.publish("a/b/c/d/e", "x");
    EXPECT_THAT(bob.take(), ElementsAre("DISCONNECT 0x90"));
    Client carol(world, Version::v5);
    carol.connect("carol").take();
    carol.subscribe("a/b/c/d/#");
    EXPECT_THAT(carol.take(), ElementsAre("DISCONNECT 0x8F"));
    Client dave(world, Version::v5);
    dave.connect("dave").take();
    dave.publish(std::string(1'500, '/'), "x");
    EXPECT_TRUE(dave.is_closed());
}

TEST_F(LimitsTest, TopicBytes) {
    BrokerLimits limits;
    limits.topic_bytes = 100;
    World brief(limits);
    Client five(brief, Version::v5);
    five.connect("five").take();
    const std::string longer(101, 't');
    five.publish(longer, "x", {.qos = 1, .id = 1});
    five.publish(longer, "x");
    five.publish(longer.substr(1), "x", {.qos = 1, .id = 2});
    five.subscribe(longer);
    five.subscribe("$share/g/" + longer.substr(5));
    five.subscribe(longer.substr(1));
    EXPECT_THAT(five.take(), ElementsAre("PUBACK #1 0x90", "PUBACK #2 0x10", "SUBACK 0x8F",
                                         "SUBACK 0x8F", "SUBACK 0x00"));
    EXPECT_THAT(brief.refusal(), HasSubstr("broker.topic_bytes"));
    ConnectOptions options;
    options.will = mqtt::Will{.topic = longer, .payload = "w", .properties = {}};
    Client willing(brief, Version::v5);
    EXPECT_THAT(willing.connect("w", options).take(), ElementsAre("CONNACK 0x90"));
}

TEST_F(LimitsTest, ClientIdBytes) {
    Client client(world, Version::v5);
    EXPECT_THAT(client.connect("12345678901").take(), ElementsAre("CONNACK 0x85"));
}

TEST_F(LimitsTest, WillBytes) {
    ConnectOptions options;
    const std::string payload(21, 'w');
    options.will = mqtt::Will{.topic = "t", .payload = payload, .properties = {}};
    Client client(world, Version::v5);
    EXPECT_THAT(client.connect("c", options).take(), ElementsAre("CONNACK 0x95"));
}

TEST_F(LimitsTest, Sessions) {
    Client third(world, Version::v5);
    EXPECT_THAT(third.connect("third").take(), ElementsAre("CONNACK"));
    Client fourth(world, Version::v5);
    EXPECT_THAT(fourth.connect("fourth").take(), ElementsAre("CONNACK 0x97"));
    third.disconnect();
    Client again(world, Version::v5);
    EXPECT_THAT(again.connect("fourth").take(), ElementsAre("CONNACK"));
}

TEST_F(LimitsTest, SubscriptionsPerSession) {
    bob.subscribe("a");
    bob.subscribe("b");
    bob.subscribe("c");
    bob.subscribe("a", {.qos = 1}); // not a new one
    EXPECT_THAT(bob.take(),
                ElementsAre("SUBACK 0x00", "SUBACK 0x00", "SUBACK 0x97", "SUBACK 0x01"));
}

TEST_F(LimitsTest, FiltersPerPacket) {
    std::string block;
    for (const char* filter : {"a", "b", "c", "d"})
        ASSERT_TRUE(mqtt::append_subscription(block, {.filter = filter}));
    bob.send(mqtt::Subscribe{1, {}, mqtt::SubscriptionList(block)});
    EXPECT_THAT(bob.take(), ElementsAre("DISCONNECT 0x97"));
}

TEST_F(LimitsTest, QueuedMessagesTheNewestIsDropped) {
    Client carol(world, Version::v5);
    carol.connect("carol", kept());
    carol.subscribe("t", {.qos = 1});
    world.commit();
    carol.vanish();
    for (const char* text : {"1", "2", "3", "4", "5"})
        alice.publish("t", text, {.qos = 1});
    EXPECT_TRUE(counted("queue_full", 2));
    EXPECT_THAT(world.refusal(), HasSubstr("its queue is full (3 messages)"));
    Client again(world, Version::v5);
    again.connect("carol", kept());
    again.puback(1), again.puback(2);
    EXPECT_THAT(again.take(), ElementsAre("CONNACK present", "PUBLISH t q1 #1 = 1",
                                          "PUBLISH t q1 #2 = 2", "PUBLISH t q1 #3 = 3"));
}

TEST_F(LimitsTest, QueuedBytes) {
    Client carol(world, Version::v5);
    carol.connect("carol", kept());
    carol.subscribe("t", {.qos = 1});
    carol.vanish();
    alice.publish("t", std::string(600, 'x'), {.qos = 1});
    alice.publish("t", std::string(600, 'x'), {.qos = 1});
    EXPECT_TRUE(counted("queue_full", 1));
}

TEST_F(LimitsTest, UnsentBytesASlowConsumerLosesQos0AndKeepsTheRest) {
    bob.subscribe("t", {.qos = 1});
    bob.take();
    world.outlet.stuck[bob.id] = 10'000;
    alice.publish("t", "q0");
    alice.publish("t", "q1", {.qos = 1});
    EXPECT_THAT(bob.take(), IsEmpty());
    EXPECT_TRUE(counted("slow", 1));
    world.outlet.stuck[bob.id] = 100;
    world.broker->end_turn();
    EXPECT_THAT(bob.take(), ElementsAre("PUBLISH t q1 #1 = q1"));
}

TEST_F(LimitsTest, ReceiveMaximum) {
    for (std::uint16_t id = 1; id <= 5; ++id)
        bob.publish("t", "x", {.qos = 2, .id = id});
    EXPECT_FALSE(bob.is_closed());
    bob.publish("t", "x", {.qos = 1, .id = 6});
    EXPECT_TRUE(bob.is_closed());
}

TEST_F(LimitsTest, UnreleasedOf311) { // CVE-2023-28366
    for (std::uint16_t id = 1; id <= 6; ++id)
        alice.publish("t", "x", {.qos = 2, .id = id});
    EXPECT_FALSE(alice.is_closed());
    alice.publish("t", "x", {.qos = 2, .id = 3, .duplicate = true}); // known: costs nothing
    EXPECT_FALSE(alice.is_closed());
    alice.publish("t", "x", {.qos = 2, .id = 7});
    EXPECT_TRUE(alice.is_closed());
}

TEST_F(LimitsTest, WaitingAnswersPauseReading) {
    for (std::uint16_t id = 1; id <= 4; ++id)
        alice.publish("t", "x", {.qos = 1, .retain = true, .id = id});
    EXPECT_TRUE(world.outlet.paused.contains(alice.id));
    world.commit();
    EXPECT_FALSE(world.outlet.paused.contains(alice.id));
    EXPECT_EQ(alice.take().size(), 4U);
}

TEST_F(LimitsTest, RetainedMessages) {
    bob.publish("a", "1", {.qos = 1, .retain = true, .id = 1});
    bob.publish("b", "1", {.qos = 1, .retain = true, .id = 2});
    bob.publish("c", "1", {.qos = 1, .retain = true, .id = 3});
    bob.publish("a", "2", {.qos = 1, .retain = true, .id = 4}); // in the other's place
    world.commit();
    EXPECT_THAT(bob.take(), ElementsAre("PUBACK #1 0x10", "PUBACK #2 0x10", "PUBACK #3 0x97",
                                        "PUBACK #4 0x10"));
    EXPECT_EQ(world.broker->stats().retained, 2U);
    EXPECT_THAT(world.refusal(), HasSubstr("no room to retain c"));
    bob.subscribe("c");
    bob.take();
    alice.publish("c", "live", {.qos = 1, .retain = true}); // 3.1.1 cannot be told
    EXPECT_THAT(bob.take(), ElementsAre("PUBLISH c q0 = live"));
    EXPECT_EQ(world.broker->stats().retained, 2U);
}

TEST_F(LimitsTest, RetainedBytes) {
    bob.publish("a", std::string(99, 'x'), {.qos = 1, .retain = true, .id = 1});
    bob.publish("b", std::string(99, 'x'), {.qos = 1, .retain = true, .id = 2});
    world.commit();
    EXPECT_THAT(bob.take(), ElementsAre("PUBACK #1 0x10", "PUBACK #2 0x97"));
}

TEST_F(LimitsTest, RefusedTopicsLeaveNothingBehind) {
    World strict;
    Client client(strict);
    client.connect("client").take();
    ConnectOptions options;
    for (int i = 0; i < 10; ++i)
        strict.authorizer.forbidden.insert(fmt::format(" > no/{}", i));
    for (int i = 0; i < 10; ++i)
        client.publish(fmt::format("no/{}", i), "x");
    const int asked = strict.authorizer.asked;
    client.publish("no/1", "x");
    EXPECT_EQ(strict.authorizer.asked, asked + 1) << "nothing is remembered of it";
    client.publish("yes", "x");
    client.publish("yes", "x");
    EXPECT_EQ(strict.authorizer.asked, asked + 2);
}

TEST_F(LimitsTest, CachedRoutesAreForgottenAndMadeAgain) {
    bob.subscribe("#");
    bob.take();
    for (int i = 0; i < 100; ++i)
        alice.publish(fmt::format("t/{}", i % 20), "x");
    EXPECT_EQ(bob.take().size(), 100U);
}

} // namespace
} // namespace hearth::broker::test
