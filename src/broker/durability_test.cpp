#include "broker/broker_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hearth::broker::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

ConnectOptions kept() {
    ConnectOptions options;
    options.clean = false;
    options.properties.session_expiry_s = 3'600;
    return options;
}

class DurabilityTest : public testing::Test {
protected:
    World world;
    Client alice{world, Version::v5};
    Client bob{world, Version::v5};

    void SetUp() override {
        alice.connect("alice", kept());
        bob.connect("bob", kept());
        bob.subscribe("t/#", {.qos = 2});
        world.commit();
        alice.take(), bob.take();
    }
    World restarted() { return {world.journal, world.clock.utc()}; }
};

TEST_F(DurabilityTest, APubackWaitsForTheCommitOfWhatItsMessageLedTo) {
    alice.publish("t/x", "1", {.qos = 1, .id = 7});
    world.broker->end_turn();
    EXPECT_THAT(alice.take(), IsEmpty());
    world.journal.commit();
    EXPECT_THAT(alice.take(), ElementsAre("PUBACK #7"));
}

TEST_F(DurabilityTest, WithNothingToKeepAnAnswerLeavesAtOnce) {
    alice.publish("nobody", "1", {.qos = 1, .id = 7});
    EXPECT_THAT(alice.take(), ElementsAre("PUBACK #7 0x10"));
}

TEST_F(DurabilityTest, AnswersKeepTheirOrder) { // 4.6.0-2
    alice.publish("t/x", "1", {.qos = 1, .id = 1});
    alice.publish("nobody", "2", {.qos = 1, .id = 2}); // alone it would not wait
    EXPECT_THAT(alice.take(), IsEmpty());
    world.commit();
    EXPECT_THAT(alice.take(), ElementsAre("PUBACK #1", "PUBACK #2 0x10"));
}

TEST_F(DurabilityTest, Qos0NeverWaits) {
    alice.publish("t/x", "1", {.retain = true});
    EXPECT_THAT(bob.take(), ElementsAre("PUBLISH t/x q0 = 1"));
}

TEST_F(DurabilityTest, ManyAnswersOfATurnAskForOneCommit) {
    for (std::uint16_t id = 1; id <= 50; ++id)
        alice.publish("t/x", "1", {.qos = 1, .id = id});
    world.broker->end_turn();
    EXPECT_EQ(world.journal.waiting(), 1U);
    world.journal.commit();
    EXPECT_EQ(alice.take().size(), 50U);
}

TEST_F(DurabilityTest, OneMessageToManySessionsIsOneRecord) {
    for (int i = 0; i < 20; ++i) {
        Client client(world);
        client.connect("client-" + std::to_string(i), kept());
        client.subscribe("t/#", {.qos = 1});
    }
    const journal::Sequence before = world.journal.last();
    alice.publish("t/x", "1", {.qos = 2, .retain = true, .id = 1});
    EXPECT_EQ(world.journal.last(), before + 1);
}

TEST_F(DurabilityTest, ConnackSubackAndUnsubackOfAPersistentSessionWait) {
    Client carol(world, Version::v5);
    carol.connect("carol", kept(), false);
    carol.subscribe("t/#", {.qos = 0});
    alice.publish("t/x", "live");
    EXPECT_THAT(carol.take(), IsEmpty());
    world.commit();
    EXPECT_THAT(carol.take(), ElementsAre("CONNACK", "PUBLISH t/x q0 = live", "SUBACK 0x00"));
    carol.unsubscribe("t/#");
    EXPECT_THAT(carol.take(), IsEmpty());
    world.commit();
    EXPECT_THAT(carol.take(), ElementsAre("UNSUBACK 0x00"));
}

TEST_F(DurabilityTest, SubscribingAgainToTheSameCostsNothing) {
    const journal::Sequence before = world.journal.last();
    bob.subscribe("t/#", {.qos = 2});
    EXPECT_THAT(bob.take(), ElementsAre("SUBACK 0x02"));
    EXPECT_EQ(world.journal.last(), before);
}

TEST_F(DurabilityTest, ADisconnectThatKeepsASessionClosesOnceThatIsKept) {
    bob.disconnect();
    EXPECT_FALSE(bob.is_closed());
    world.commit();
    EXPECT_TRUE(bob.is_closed());
}

TEST_F(DurabilityTest, ASessionThatEndsWithItsConnectionIsNotInTheJournal) {
    const journal::Sequence before = world.journal.last();
    Client carol(world);
    carol.connect("carol");
    carol.subscribe("u", {.qos = 2});
    alice.publish("u", "x", {.qos = 1});
    carol.vanish();
    EXPECT_EQ(world.journal.last(), before);
}

TEST_F(DurabilityTest, AQos2MessageAndItsReleaseWaitUntilTheyAreKept) {
    alice.publish("t/x", "1", {.qos = 2, .id = 3});
    EXPECT_THAT(bob.take(), IsEmpty());
    world.commit();
    EXPECT_THAT(bob.take(), ElementsAre("PUBLISH t/x q2 #1 = 1"));
    bob.pubrec(1);
    EXPECT_THAT(bob.take(), IsEmpty());
    world.commit();
    EXPECT_THAT(bob.take(), ElementsAre("PUBREL #1"));
    alice.pubrel(3);
    EXPECT_THAT(alice.take(), ElementsAre("PUBREC #3"));
    world.commit();
    EXPECT_THAT(alice.take(), ElementsAre("PUBCOMP #3"));
}

TEST_F(DurabilityTest, AfterARestartUnacknowledgedMessagesComeAgainInOrder) { // 4.4.0-1
    for (const char* text : {"1", "2", "3"})
        alice.publish("t/x", text, {.qos = 1});
    alice.publish("t/x", "4", {.qos = 2});
    world.commit();
    bob.puback(2);
    world.commit();
    World after = restarted();
    Client again(after, Version::v5);
    again.connect("bob", kept());
    EXPECT_THAT(again.take(),
                ElementsAre("CONNACK present", "PUBLISH t/x q1 #1 dup = 1",
                            "PUBLISH t/x q1 #3 dup = 3", "PUBLISH t/x q2 #4 dup = 4"));
}

TEST_F(DurabilityTest, AfterARestartAReleasedMessageIsReleasedAgainNotSent) {
    alice.publish("t/x", "1", {.qos = 2});
    world.commit();
    bob.pubrec(1);
    world.commit();
    World after = restarted();
    Client again(after, Version::v5);
    again.connect("bob", kept());
    EXPECT_THAT(again.take(), ElementsAre("CONNACK present", "PUBREL #1"));
    again.pubcomp(1);
    after.commit();
    World third(after.journal, after.clock.utc());
    Client once_more(third, Version::v5);
    once_more.connect("bob", kept());
    EXPECT_THAT(once_more.take(), ElementsAre("CONNACK present"));
}

TEST_F(DurabilityTest, AfterARestartASecondSendingOfAQos2MessageIsNotDelivered) {
    alice.publish("t/x", "1", {.qos = 2, .id = 5});
    world.commit();
    World after = restarted();
    Client alice2(after, Version::v5);
    Client bob2(after, Version::v5);
    alice2.connect("alice", kept());
    bob2.connect("bob", kept());
    bob2.take(), alice2.take();
    alice2.publish("t/x", "1", {.qos = 2, .id = 5, .duplicate = true});
    after.commit();
    EXPECT_THAT(alice2.take(), ElementsAre("PUBREC #5"));
    EXPECT_THAT(bob2.take(), IsEmpty());
}

TEST_F(DurabilityTest, AfterARestartSessionsExpireFromWhenTheirClientLeft) {
    bob.vanish();
    world.commit();
    world.clock.turn(3'000 * seconds);
    World after(world.journal, world.clock.utc());
    EXPECT_EQ(after.broker->stats().sessions, 2U); // alice was connected: hers begins now
    after.pass(601 * seconds);
    EXPECT_EQ(after.broker->stats().sessions, 1U);
    after.pass(3'000 * seconds);
    EXPECT_EQ(after.broker->stats().sessions, 0U);
}

TEST_F(DurabilityTest, AClockThatJumpsBackKeepsNoSessionForEver) {
    bob.vanish();
    world.commit();
    World after(world.journal, world.clock.utc() - 3'650 * days);
    after.pass(3'601 * seconds);
    EXPECT_EQ(after.broker->stats().sessions, 0U);
}

TEST_F(DurabilityTest, RetainedMessagesOwedToAClientThatLeavesWaitForIt) {
    for (const char* topic : {"r/1", "r/2"})
        alice.publish(topic, "x", {.qos = 1, .retain = true});
    world.commit();
    Client carol(world, Version::v5);
    ConnectOptions one = kept();
    one.properties.receive_maximum = 1;
    carol.connect("carol", one);
    carol.subscribe("r/#", {.qos = 1});
    world.commit();
    carol.take();
    carol.vanish();
    world.commit();
    World after = restarted();
    Client again(after, Version::v5);
    again.connect("carol", kept());
    EXPECT_EQ(again.take().size(), 3U); // CONNACK, one with DUP, the other
}

TEST_F(DurabilityTest, WhileNothingCanBeKeptQos1And2AreRefused) {
    Client old(world);
    old.connect("old");
    old.take();
    world.journal.fail({Code::unavailable, "disk full"});
    alice.publish("t/x", "1", {.qos = 1, .id = 1});
    alice.publish("t/x", "1", {.qos = 2, .id = 2});
    EXPECT_THAT(alice.take(), ElementsAre("PUBACK #1 0x97", "PUBREC #2 0x97"));
    EXPECT_FALSE(alice.is_closed());
    old.publish("t/x", "1", {.qos = 1, .id = 1});
    EXPECT_THAT(old.take(), IsEmpty());
    EXPECT_TRUE(old.is_closed());
    EXPECT_THAT(bob.take(), IsEmpty());
    EXPECT_THAT(world.refusal(), HasSubstr("disk full?"));
    alice.publish("t/x", "live", {.retain = true});
    EXPECT_THAT(bob.take(), ElementsAre("PUBLISH t/x q0 = live"));
    EXPECT_EQ(world.broker->stats().retained, 0U);
}

TEST_F(DurabilityTest, WhileNothingCanBeKeptKnownSessionsComeBackAndNewOnesAreRefused) {
    bob.vanish();
    world.commit();
    world.journal.fail({Code::unavailable, "disk full"});
    Client again(world, Version::v5);
    EXPECT_THAT(again.connect("bob", kept(), false).take(), ElementsAre("CONNACK present"));
    Client fresh(world, Version::v5);
    EXPECT_THAT(fresh.connect("fresh", kept(), false).take(), ElementsAre("CONNACK 0x88"));
    Client brief(world);
    EXPECT_THAT(brief.connect("brief", {}, false).take(), ElementsAre("CONNACK"));
}

TEST_F(DurabilityTest, ACommitThatFailsAcknowledgesNothing) {
    alice.publish("t/x", "1", {.qos = 1, .id = 1});
    world.broker->end_turn();
    world.journal.fail({Code::io, "write error"});
    EXPECT_THAT(alice.take(), ElementsAre("DISCONNECT 0x97"));
    EXPECT_TRUE(alice.is_closed());
}

} // namespace
} // namespace hearth::broker::test
