#include "broker/broker_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hearth::broker::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class PublishTest : public testing::Test {
protected:
    World world;
    Client alice{world};
    Client bob{world, Version::v5};

    void SetUp() override {
        alice.connect("alice").take();
        bob.connect("bob").take();
    }
};

TEST_F(PublishTest, Qos0ReachesASubscriberAtOnce) {
    bob.subscribe("kitchen/+");
    alice.publish("kitchen/light", "on");
    EXPECT_THAT(bob.take(), ElementsAre("SUBACK 0x00", "PUBLISH kitchen/light q0 = on"));
}

TEST_F(PublishTest, QosIsTheLowerOfPublicationAndSubscription) { // 3.8.4-8
    bob.subscribe("t", {.qos = 1});
    bob.take();
    alice.publish("t", "a", {.qos = 2, .id = 5});
    alice.publish("t", "b", {.qos = 1, .id = 6});
    alice.publish("t", "c", {.qos = 0});
    EXPECT_THAT(bob.take(),
                ElementsAre("PUBLISH t q1 #1 = a", "PUBLISH t q1 #2 = b", "PUBLISH t q0 = c"));
    EXPECT_THAT(alice.take(), ElementsAre("PUBREC #5", "PUBACK #6"));
}

TEST_F(PublishTest, NobodyListeningIsSaidInVersion5) { // 3.4.2.1
    bob.publish("nobody/here", "x", {.qos = 1, .id = 1});
    bob.publish("nobody/here", "x", {.qos = 2, .id = 2});
    EXPECT_THAT(bob.take(), ElementsAre("PUBACK #1 0x10", "PUBREC #2 0x10"));
}

TEST_F(PublishTest, Qos2ComesOnceHoweverOftenItIsSent) { // 4.3.3
    bob.subscribe("t", {.qos = 2});
    bob.take();
    for (int i = 0; i < 100; ++i)
        alice.publish("t", "once", {.qos = 2, .id = 9, .duplicate = i > 0});
    EXPECT_THAT(bob.take(), ElementsAre("PUBLISH t q2 #1 = once"));
    EXPECT_EQ(alice.take().size(), 100U);
    alice.pubrel(9);
    EXPECT_THAT(alice.take(), ElementsAre("PUBCOMP #9"));
    alice.publish("t", "again", {.qos = 2, .id = 9});
    EXPECT_THAT(bob.take(), ElementsAre("PUBLISH t q2 #2 = again"));
}

TEST_F(PublishTest, Qos2GoesThroughAllItsSteps) {
    bob.subscribe("t", {.qos = 2});
    bob.take();
    alice.publish("t", "x", {.qos = 2, .id = 1});
    EXPECT_THAT(bob.take(), ElementsAre("PUBLISH t q2 #1 = x"));
    bob.pubrec(1);
    EXPECT_THAT(bob.take(), ElementsAre("PUBREL #1"));
    bob.pubcomp(1);
    EXPECT_THAT(bob.take(), IsEmpty());
    bob.pubrec(1); // it knows no such message any more
    EXPECT_THAT(bob.take(), ElementsAre("PUBREL #1 0x92"));
}

TEST_F(PublishTest, ReleasingWhatWasNeverSentIsAnsweredAllTheSame) { // 3.7.2.1
    alice.pubrel(77);
    bob.pubrel(77);
    EXPECT_THAT(alice.take(), ElementsAre("PUBCOMP #77"));
    EXPECT_THAT(bob.take(), ElementsAre("PUBCOMP #77 0x92"));
}

TEST_F(PublishTest, OverlappingSubscriptionsGiveOneCopyWithAllIdentifiers) { // 3.3.4-4
    bob.subscribe("a/#", {.qos = 0, .identifier = 7});
    bob.subscribe("a/+", {.qos = 1, .identifier = 300});
    bob.subscribe("+/b", {.qos = 0});
    bob.take();
    alice.publish("a/b", "x", {.qos = 1});
    const Lines lines = bob.take();
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_THAT(lines[0], HasSubstr("q1 #1"));
    EXPECT_THAT(lines[0], HasSubstr("sub=7"));
    EXPECT_THAT(lines[0], HasSubstr("sub=300"));
}

TEST_F(PublishTest, NoLocalKeepsAMessageFromItsPublisher) { // 3.8.3-3
    bob.subscribe("t", {.no_local = true});
    alice.subscribe("t");
    bob.take(), alice.take();
    bob.publish("t", "mine");
    EXPECT_THAT(bob.take(), IsEmpty());
    EXPECT_THAT(alice.take(), ElementsAre("PUBLISH t q0 = mine"));
    alice.publish("t", "yours");
    EXPECT_THAT(bob.take(), ElementsAre("PUBLISH t q0 = yours"));
}

TEST_F(PublishTest, PropertiesTravelAndAliasesDoNot) { // 3.3.2-7, 3.3.2-15 to 20
    Client carol(world, Version::v5);
    carol.connect("carol");
    carol.subscribe("t");
    alice.subscribe("t");
    carol.take(), alice.take();
    std::string user;
    ASSERT_TRUE(mqtt::append_user_property(user, "unit", "K"));
    PublishOptions options;
    options.properties.content_type = "text/plain";
    options.properties.response_topic = "answers";
    options.properties.user_properties = mqtt::UserProperties(user);
    options.properties.topic_alias = 3;
    bob.publish("t", "first", options);
    bob.publish("", "second", options);
    EXPECT_THAT(carol.take(),
                ElementsAre("PUBLISH t q0 type=text/plain answer=answers unit=K = first",
                            "PUBLISH t q0 type=text/plain answer=answers unit=K = second"));
    EXPECT_THAT(alice.take(), ElementsAre("PUBLISH t q0 = first", "PUBLISH t q0 = second"));
}

TEST_F(PublishTest, AnAliasThatWasNeverSetOrIsTooHighClosesTheConnection) { // 3.3.2-8 to 10
    PublishOptions options;
    options.properties.topic_alias = 1;
    bob.publish("", "x", options);
    EXPECT_THAT(bob.take(), ElementsAre("DISCONNECT 0x82"));
    EXPECT_TRUE(bob.is_closed());
    Client carol(world, Version::v5);
    carol.connect("carol").take();
    options.properties.topic_alias = 33;
    carol.publish("t", "x", options);
    EXPECT_THAT(carol.take(), ElementsAre("DISCONNECT 0x94"));
}

TEST_F(PublishTest, AnExpiredMessageIsNotDeliveredAndWhatIsLeftIsSaid) { // 3.3.2-5, 3.3.2-6
    ConnectOptions kept;
    kept.clean = false;
    kept.properties.session_expiry_s = 3'600;
    Client carol(world, Version::v5);
    carol.connect("carol", kept);
    carol.subscribe("t", {.qos = 1});
    world.commit();
    carol.vanish();
    PublishOptions options{.qos = 1};
    options.properties.message_expiry_s = 10;
    bob.publish("t", "short", options);
    options.properties.message_expiry_s = 100;
    bob.publish("t", "long", options);
    world.pass(30 * seconds);
    Client again(world, Version::v5);
    again.connect("carol", kept);
    EXPECT_THAT(again.take(), ElementsAre("CONNACK present", "PUBLISH t q1 #1 expiry=70 = long"));
}

TEST_F(PublishTest, AClientIsNotSentMoreThanItsReceiveMaximum) { // 3.3.4-9
    ConnectOptions two;
    two.properties.receive_maximum = 2;
    Client carol(world, Version::v5);
    carol.connect("carol", two);
    carol.subscribe("t", {.qos = 2});
    carol.take();
    for (const char* text : {"1", "2", "3", "4"})
        alice.publish("t", text, {.qos = 1});
    EXPECT_THAT(carol.take(), ElementsAre("PUBLISH t q1 #1 = 1", "PUBLISH t q1 #2 = 2"));
    carol.puback(1);
    EXPECT_THAT(carol.take(), ElementsAre("PUBLISH t q1 #3 = 3"));
    carol.puback(2);
    carol.puback(3);
    EXPECT_THAT(carol.take(), ElementsAre("PUBLISH t q1 #4 = 4"));
}

TEST_F(PublishTest, MoreThanOurReceiveMaximumClosesTheConnection) { // 3.3.4-7
    for (std::uint16_t id = 1; id <= world.limits.receive_maximum; ++id)
        bob.publish("t", "x", {.qos = 2, .id = id});
    EXPECT_FALSE(bob.is_closed());
    bob.publish("t", "x", {.qos = 2, .id = 5'000});
    EXPECT_TRUE(bob.is_closed());
    EXPECT_EQ(bob.take().back(), "DISCONNECT 0x93");
}

TEST_F(PublishTest, WhatIsLongerThanAClientTakesIsNotSentAndCountsAsDelivered) { // 3.1.2-25
    ConnectOptions small;
    small.properties.maximum_packet_bytes = 40;
    Client carol(world, Version::v5);
    carol.connect("carol", small);
    carol.subscribe("t", {.qos = 1});
    carol.take();
    alice.publish("t", std::string(100, 'x'), {.qos = 1, .id = 1});
    alice.publish("t", "short", {.qos = 1, .id = 2});
    EXPECT_THAT(carol.take(), ElementsAre("PUBLISH t q1 #2 = short"));
    EXPECT_THAT(alice.take(), ElementsAre("PUBACK #1", "PUBACK #2"));
}

TEST_F(PublishTest, ALargePayloadArrivesWholeAtEveryQos) {
    Client carol(world);
    carol.connect("carol");
    carol.subscribe("t", {.qos = 2});
    bob.subscribe("t", {.qos = 0});
    carol.take(), bob.take();
    const std::string payload(100'000, 'y');
    alice.publish("t", payload, {.qos = 2, .id = 1});
    EXPECT_THAT(carol.take(), ElementsAre("PUBLISH t q2 #1 = " + payload));
    EXPECT_THAT(bob.take(), ElementsAre("PUBLISH t q0 = " + payload));
}

TEST_F(PublishTest, SharedSubscriptionsTakeTurns) { // 4.8.2
    Client carol(world, Version::v5);
    carol.connect("carol");
    bob.subscribe("$share/g/t/#");
    carol.subscribe("$share/g/t/#");
    alice.subscribe("t/#");
    bob.take(), carol.take(), alice.take();
    for (int i = 0; i < 10; ++i)
        alice.publish("t/x", "m");
    EXPECT_EQ(bob.take().size(), 5U);
    EXPECT_EQ(carol.take().size(), 5U);
    EXPECT_EQ(alice.take().size(), 10U);
    carol.vanish();
    alice.publish("t/x", "m");
    EXPECT_EQ(bob.take().size(), 1U);
}

TEST_F(PublishTest, OneWhoIsAwayDoesNotStallItsGroup) {
    ConnectOptions kept;
    kept.clean = false;
    kept.properties.session_expiry_s = 100;
    Client carol(world, Version::v5);
    carol.connect("carol", kept);
    carol.subscribe("$share/g/t", {.qos = 1});
    bob.subscribe("$share/g/t", {.qos = 1});
    world.commit();
    bob.take();
    carol.vanish();
    for (int i = 0; i < 4; ++i)
        alice.publish("t", "m", {.qos = 1});
    EXPECT_EQ(bob.take().size(), 4U);
    bob.disconnect();
    alice.publish("t", "kept", {.qos = 1});
    Client again(world, Version::v5);
    again.connect("carol", kept);
    EXPECT_THAT(again.take(), ElementsAre("CONNACK present", "PUBLISH t q1 #1 = kept"));
}

TEST_F(PublishTest, TopicsWithADollarAreNotForClients) { // 4.7.2
    bob.subscribe("#");
    bob.take();
    bob.publish("$SYS/x", "x", {.qos = 1, .id = 4});
    EXPECT_THAT(bob.take(), ElementsAre("PUBACK #4 0x87"));
    bob.subscribe("$SYS/#");
    EXPECT_THAT(bob.take(), ElementsAre("SUBACK 0x87"));
    world.broker->publish({.topic = "$SYS/x", .payload = "x", .properties = {}});
    EXPECT_THAT(bob.take(), IsEmpty());
}

TEST_F(PublishTest, WhatIsNotAllowedIsRefusedAndSaysWhatToDo) {
    world.authorizer.forbidden.insert(" > door/lock");
    bob.subscribe("door/#");
    bob.take();
    bob.publish("door/lock", "open", {.qos = 1, .id = 1});
    bob.publish("door/lock", "open", {.qos = 2, .id = 2});
    bob.publish("door/lock", "open");
    EXPECT_THAT(bob.take(), ElementsAre("PUBACK #1 0x87", "PUBREC #2 0x87"));
    EXPECT_THAT(world.refusal(), HasSubstr("add --topic door/lock"));
    alice.publish("door/lock", "open", {.qos = 1, .id = 3});
    EXPECT_THAT(alice.take(), ElementsAre("PUBACK #3")); // 3.1.1: 3.3.5-2
    EXPECT_THAT(bob.take(), IsEmpty());
}

TEST_F(PublishTest, AVerdictIsAskedForOnceUntilRightsChange) {
    for (int i = 0; i < 10; ++i)
        alice.publish("t", "x");
    EXPECT_EQ(world.authorizer.asked, 1);
    world.authorizer.forbidden.insert(" > t");
    ++world.authorizer.now;
    bob.subscribe("t");
    bob.take();
    alice.publish("t", "x");
    EXPECT_THAT(bob.take(), IsEmpty());
}

} // namespace
} // namespace hearth::broker::test
