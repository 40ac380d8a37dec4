#include "broker/broker_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

/// What came as QoS 2 from a session that is kept reaches nobody before a power cut can no longer
/// make the hub forget that it came.
namespace hearth::broker::test {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

ConnectOptions kept() {
    ConnectOptions options;
    options.clean = false;
    options.properties.session_expiry_s = 3'600;
    return options;
}

class OnceTest : public testing::Test {
protected:
    World world;
    Client alice{world, Version::v5};
    Client bob{world, Version::v5};

    void SetUp() override {
        alice.connect("alice", kept());
        bob.connect("bob");
        world.commit();
        alice.take(), bob.take();
    }
    /// The power is cut: what is not committed is gone.
    World after_cut(journal::Sequence committed) {
        world.journal.cut_after(committed);
        return {world.journal, world.clock.utc()};
    }
};

TEST_F(OnceTest, ToNobodyDoesItLeaveBeforeItsRecordIsCommitted) {
    Client carol(world);
    carol.connect("carol").subscribe("t", {.qos = 1});
    bob.subscribe("t", {.qos = 0});
    carol.take(), bob.take();
    alice.publish("t", "x", {.qos = 2, .id = 1});
    world.broker->end_turn();
    EXPECT_THAT(bob.take(), IsEmpty());
    EXPECT_THAT(carol.take(), IsEmpty());
    EXPECT_THAT(alice.take(), IsEmpty());
    world.journal.commit();
    EXPECT_THAT(bob.take(), ElementsAre("PUBLISH t q0 = x"));
    EXPECT_THAT(carol.take(), ElementsAre("PUBLISH t q1 #1 = x"));
    EXPECT_THAT(alice.take(), ElementsAre("PUBREC #1"));
}

TEST_F(OnceTest, WhatWasTakenIsNotRefusedWhenItComesAgainOnAFullDisk) {
    bob.subscribe("t", {.qos = 0});
    alice.publish("t", "x", {.qos = 2, .id = 1});
    world.commit();
    alice.vanish();
    bob.take();
    Client again(world, Version::v5);
    again.connect("alice", kept());
    again.publish("other", "y", {.qos = 1, .retain = true, .id = 2}); // kept, and so all before it
    world.commit();
    again.take();
    world.journal.fail({Code::unavailable, "disk full"});
    again.publish("t", "x", {.qos = 2, .id = 1, .duplicate = true});
    EXPECT_THAT(again.take(), ElementsAre("PUBREC #1"));
    EXPECT_THAT(bob.take(), IsEmpty());
}

TEST_F(OnceTest, WhatIsNotYetKeptIsNotAnsweredWhenItComesAgainOnAFullDisk) {
    bob.subscribe("t", {.qos = 0});
    alice.publish("t", "x", {.qos = 2, .id = 1});
    alice.vanish();
    Client again(world, Version::v5);
    again.connect("alice", kept(), false);
    again.publish("t", "x", {.qos = 2, .id = 1, .duplicate = true});
    world.broker->end_turn();
    world.journal.fail({Code::unavailable, "disk full"});
    EXPECT_THAT(again.take(), Not(Contains("PUBREC #1")));
}

TEST_F(OnceTest, AfterAPowerCutWhoSendsItAgainIsHeardOnce) {
    bob.subscribe("t", {.qos = 0});
    bob.take();
    const journal::Sequence committed = world.journal.last();
    alice.publish("t", "x", {.qos = 2, .id = 1});
    world.broker->end_turn();
    EXPECT_THAT(bob.take(), IsEmpty()); // so it may come once more
    World after = after_cut(committed);
    Client bob2(after, Version::v5);
    bob2.connect("bob").subscribe("t", {.qos = 0});
    Client alice2(after, Version::v5);
    alice2.connect("alice", kept());
    bob2.take(), alice2.take();
    alice2.publish("t", "x", {.qos = 2, .id = 1, .duplicate = true});
    after.commit();
    EXPECT_THAT(bob2.take(), ElementsAre("PUBLISH t q0 = x"));
}

TEST_F(OnceTest, WhatFollowsToTheSameClientDoesNotOvertakeIt) {
    bob.subscribe("#", {.qos = 2});
    bob.take();
    alice.publish("t", "1", {.qos = 2});
    alice.publish("t", "2", {.qos = 0});
    alice.publish("t", "3", {.qos = 1});
    alice.publish("other", "4");
    EXPECT_THAT(bob.take(), IsEmpty());
    world.commit();
    EXPECT_THAT(bob.take(), ElementsAre("PUBLISH t q2 #1 = 1", "PUBLISH t q0 = 2",
                                        "PUBLISH t q1 #2 = 3", "PUBLISH other q0 = 4"));
    alice.publish("t", "5");
    EXPECT_THAT(bob.take(), ElementsAre("PUBLISH t q0 = 5"));
}

TEST_F(OnceTest, OtherClientsDoNotWaitWithIt) {
    Client carol(world);
    carol.connect("carol").subscribe("other");
    bob.subscribe("t");
    carol.take(), bob.take();
    alice.publish("t", "1", {.qos = 2});
    alice.publish("other", "2");
    EXPECT_THAT(carol.take(), ElementsAre("PUBLISH other q0 = 2"));
}

TEST_F(OnceTest, OfASessionThatEndsWithItsConnectionNothingIsKeptSoNothingWaits) {
    bob.subscribe("t");
    bob.take();
    Client carol(world);
    carol.connect("carol").publish("t", "x", {.qos = 2});
    EXPECT_THAT(bob.take(), ElementsAre("PUBLISH t q0 = x"));
}

TEST_F(OnceTest, WhatWaitedForRoomInTheWindowWaitsForTheDiskToo) {
    Client carol(world, Version::v5);
    ConnectOptions one;
    one.properties.receive_maximum = 1;
    carol.connect("carol", one).subscribe("t", {.qos = 1});
    carol.take();
    alice.publish("t", "1", {.qos = 1});
    EXPECT_THAT(carol.take(), ElementsAre("PUBLISH t q1 #1 = 1"));
    alice.publish("t", "2", {.qos = 2});
    carol.puback(1);
    world.broker->end_turn();
    EXPECT_THAT(carol.take(), IsEmpty());
    world.journal.commit();
    EXPECT_THAT(carol.take(), ElementsAre("PUBLISH t q1 #2 = 2"));
}

TEST_F(OnceTest, AsARetainedMessageItWaitsToo) {
    alice.publish("t", "x", {.qos = 2, .retain = true});
    bob.subscribe("t");
    world.broker->end_turn();
    EXPECT_THAT(bob.take(), ElementsAre("SUBACK 0x00"));
    world.journal.commit();
    EXPECT_THAT(bob.take(), ElementsAre("PUBLISH t q0 retain = x"));
}

TEST_F(OnceTest, ToWhoComesBackMeanwhileItWaitsToo) {
    Client carol(world, Version::v5);
    carol.connect("carol", kept()).subscribe("t", {.qos = 2});
    world.commit();
    alice.publish("t", "x", {.qos = 2});
    carol.vanish();
    Client back(world, Version::v5);
    back.connect("carol", kept(), false);
    world.broker->end_turn();
    EXPECT_THAT(back.take(), IsEmpty());
    world.journal.commit();
    EXPECT_THAT(back.take(), ElementsAre("CONNACK present", "PUBLISH t q2 #1 dup = x"));
}

TEST_F(OnceTest, WhatHearthPublishesBecauseOfItWaitsToo) {
    Ear rule;
    rule.then = [this](std::string_view) { world.broker->publish({"lamp/set", "ON"}); };
    world.broker->subscribe("button", rule);
    bob.subscribe("lamp/set");
    bob.take();
    alice.publish("button", "pressed", {.qos = 2});
    world.broker->publish({"lamp/set", "OFF"}); // later in the turn, as rules do
    world.broker->end_turn();
    EXPECT_THAT(rule.heard, ElementsAre("button = pressed from alice"));
    EXPECT_THAT(bob.take(), IsEmpty());
    world.journal.commit();
    EXPECT_THAT(bob.take(), ElementsAre("PUBLISH lamp/set q0 = ON", "PUBLISH lamp/set q0 = OFF"));
    world.broker->publish({"lamp/set", "ON"});
    EXPECT_THAT(bob.take(), ElementsAre("PUBLISH lamp/set q0 = ON"));
}

TEST_F(OnceTest, LongOnesAreSharedAndComeWhole) {
    const std::string text(300'000, 'x');
    bob.subscribe("t");
    bob.take();
    alice.publish("t", text, {.qos = 2});
    alice.publish("t", "short");
    world.commit();
    EXPECT_THAT(bob.take(), ElementsAre("PUBLISH t q0 = " + text, "PUBLISH t q0 = short"));
}

TEST_F(OnceTest, WhileTheDiskIsSlowNoMoreWaitsForAClientThanItsSocketMayHold) {
    bob.subscribe("t");
    bob.take();
    const std::string text(10'000, 'x');
    alice.publish("t", text, {.qos = 2});
    for (int i = 0; i < 1'000; ++i)
        alice.publish("t", text);
    world.commit();
    EXPECT_LT(bob.take().size() * text.size(), world.limits.unsent_bytes + (100U << 10));
}

TEST_F(OnceTest, WhenItCannotBeCommittedItsReceiversAreClosed) {
    bob.subscribe("t");
    bob.take();
    alice.publish("t", "x", {.qos = 2});
    world.broker->end_turn();
    world.journal.fail({Code::io, "write error"});
    EXPECT_THAT(bob.take(), ElementsAre("DISCONNECT 0x97"));
    EXPECT_THAT(alice.take(), ElementsAre("DISCONNECT 0x97"));
}

} // namespace
} // namespace hearth::broker::test
