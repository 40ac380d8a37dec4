#include "broker/broker_fixture.h"
#include "broker/records.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

/// hearth's own publications that have a number are not given twice to who keeps them.
namespace hearth::broker::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class NumberTest : public testing::Test {
protected:
    World world;
    ConnectOptions kept;

    void SetUp() override {
        kept.clean = false;
        kept.properties.session_expiry_s = 3'600;
        Client lock(world, Version::v5);
        lock.connect("lock", kept).subscribe("lock/set", {.qos = 1});
        lock.vanish();
        world.commit();
    }
    static Message command(std::uint64_t number, Qos qos = Qos::at_least_once) {
        Message made{"lock/set", "OPEN", qos, false, {}};
        made.number = number;
        return made;
    }
    World after() { return {world.journal, world.clock.utc()}; }
    static Lines lock_gets(World& from) {
        Client lock(from, Version::v5);
        ConnectOptions options;
        options.clean = false;
        options.properties.session_expiry_s = 3'600;
        lock.connect("lock", options);
        return lock.take();
    }
};

TEST_F(NumberTest, AfterARestartASessionThatHoldsItIsNotGivenItAgain) {
    EXPECT_EQ(world.broker->publish(command(7)), 1U);
    World later = after();
    EXPECT_EQ(later.broker->publish(command(7)), 1U) << "it has a receiver";
    EXPECT_THAT(lock_gets(later), ElementsAre("CONNACK present", "PUBLISH lock/set q1 #1 = OPEN"));
}

TEST_F(NumberTest, NorIsOneThatHasAcknowledgedIt) {
    world.broker->publish(command(7));
    Client lock(world, Version::v5);
    lock.connect("lock", kept).puback(1);
    world.commit();
    World later = after();
    later.broker->publish(command(7));
    EXPECT_THAT(lock_gets(later), ElementsAre("CONNACK present"));
}

TEST_F(NumberTest, WhatDidNotReachTheJournalIsGiven) {
    const journal::Sequence before = world.journal.last();
    world.broker->publish(command(7));
    world.journal.cut_after(before); // the hub died before it wrote
    World later = after();
    later.broker->publish(command(7));
    EXPECT_THAT(lock_gets(later), ElementsAre("CONNACK present", "PUBLISH lock/set q1 #1 = OPEN"));
}

TEST_F(NumberTest, WhoIsNotKeptIsGivenItAgain) {
    world.broker->publish(command(7));
    World later = after();
    Client relay(later);
    relay.connect("relay").subscribe("lock/set", {.qos = 1});
    relay.take();
    EXPECT_EQ(later.broker->publish(command(7)), 2U);
    EXPECT_THAT(relay.take(), ElementsAre("PUBLISH lock/set q1 #1 = OPEN"));
}

TEST_F(NumberTest, AnotherNumberOrNoneIsAnotherMessage) {
    world.broker->publish(command(7));
    world.broker->publish(command(8));
    world.broker->publish(command(0));
    world.broker->publish(command(0));
    EXPECT_EQ(lock_gets(world).size(), 5U);
}

TEST_F(NumberTest, OfQos0NothingIsKeptSoItGoesAgain) {
    Client lock(world, Version::v5);
    lock.connect("lock", kept).take();
    EXPECT_EQ(world.broker->publish(command(7, Qos::at_most_once)), 1U);
    EXPECT_EQ(world.broker->publish(command(7, Qos::at_most_once)), 1U);
    EXPECT_THAT(lock.take(),
                ElementsAre("PUBLISH lock/set q0 = OPEN", "PUBLISH lock/set q0 = OPEN"));
}

TEST_F(NumberTest, AGroupWithAMemberThatIsKeptIsNotGivenItAgain) {
    Client one(world, Version::v5);
    one.connect("one", kept).subscribe("$share/g/lock/set", {.qos = 1});
    world.commit();
    one.take();
    world.broker->publish(command(7));
    world.commit();
    EXPECT_EQ(one.take().size(), 1U);
    World later = after();
    Client two(later, Version::v5);
    two.connect("two").subscribe("$share/g/lock/set", {.qos = 1});
    two.take();
    later.broker->publish(command(7));
    EXPECT_THAT(two.take(), IsEmpty());
}

TEST_F(NumberTest, StandsInACheckpoint) {
    world.broker->publish(command(7));
    world.journal.checkpoint({world.broker.get()});
    World later = after();
    later.broker->publish(command(7));
    EXPECT_EQ(lock_gets(later).size(), 2U);
}

TEST_F(NumberTest, NoMoreAreRememberedThanTheLimit) {
    BrokerLimits limits;
    limits.remembered_numbers = 2;
    World small(world.journal, world.clock.utc(), limits);
    for (const std::uint64_t number : {1U, 2U, 3U, 2U, 3U, 1U})
        small.broker->publish(command(number));
    EXPECT_EQ(lock_gets(small).size(), 5U); // CONNACK, 1, 2, 3 and 1 again
}

TEST_F(NumberTest, OldRecordsOfPublicationsAreRead) {
    PublishedRecord record;
    record.message = {"lock/set", "OPEN", {}, Qos::at_least_once, false, 0};
    std::string targets;
    append_target(targets, {1, 0, Qos::at_least_once, false, {}});
    std::string payload;
    encode(payload, record, 1, targets);
    world.journal.append(static_cast<journal::Kind>(RecordKind::published), 1, payload);
    World later = after();
    EXPECT_THAT(lock_gets(later), ElementsAre("CONNACK present", "PUBLISH lock/set q1 #1 = OPEN"));
}

} // namespace
} // namespace hearth::broker::test
