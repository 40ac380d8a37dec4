#include "broker/broker_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

/// What hearth publishes until a moment (its commands) is given to nobody later, however it waited.
namespace hearth::broker::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class LateTest : public testing::TestWithParam<Version> {
protected:
    World world;
    ConnectOptions kept;

    void SetUp() override {
        kept.clean = false;
        if (GetParam() == Version::v5) kept.properties.session_expiry_s = 3'600;
        Client lock(world, GetParam());
        lock.connect("lock", kept).subscribe("lock/set", {.qos = 2});
        lock.vanish();
        world.commit();
    }
    Message command(std::string payload, Micros good_for, Qos qos = Qos::at_least_once) const {
        Message made{"lock/set", std::move(payload), qos, false, {}};
        made.expires_at = world.clock.utc() + good_for;
        return made;
    }
    /// What the lock is sent as it comes back, after CONNACK. It is online then.
    Lines wakes(Client& lock) {
        lock.connect("lock", kept);
        Lines lines = lock.take();
        EXPECT_EQ(lines.at(0), "CONNACK present");
        lines.erase(lines.begin());
        return lines;
    }
    Lines wakes(World& in) {
        Client lock(in, GetParam());
        return wakes(lock);
    }
    Lines publish_of(const std::string& payload, int packet_id, int seconds_left) const {
        const std::string expiry =
            GetParam() == Version::v5 ? fmt::format(" expiry={}", seconds_left) : "";
        return {fmt::format("PUBLISH lock/set q1 #{}{} = {}", packet_id, expiry, payload)};
    }
};

INSTANTIATE_TEST_SUITE_P(Versions, LateTest, testing::Values(Version::v311, Version::v5),
                         [](const auto& of) { return of.param == Version::v5 ? "v5" : "v311"; });

TEST_P(LateTest, WhoSleptTooLongIsNotToldAndWhoWakesInTimeIs) {
    world.broker->publish(command("OPEN", 10 * seconds));
    world.broker->publish(command("CLOSE", 60 * seconds));
    world.pass(10 * seconds);
    EXPECT_EQ(wakes(world), publish_of("CLOSE", 1, 50));
}

TEST_P(LateTest, NorAfterARestartNorFromACheckpoint) {
    world.broker->publish(command("OPEN", 10 * seconds));
    world.broker->publish(command("CLOSE", 60 * seconds));
    world.pass(10 * seconds);
    World again(world.journal, world.clock.utc());
    EXPECT_EQ(wakes(again), publish_of("CLOSE", 1, 50));
    world.journal.checkpoint({world.broker.get()});
    World later(world.journal, world.clock.utc());
    EXPECT_EQ(wakes(later), publish_of("CLOSE", 1, 50));
}

/// A device whose network goes away is taken for connected until its keep-alive is over.
TEST_P(LateTest, WhatWasSentIntoALostConnectionIsNotSentAgain) {
    const auto lose = [&](World& in, std::string payload) {
        Client lock(in, GetParam());
        wakes(lock);
        in.broker->publish(command(std::move(payload), 10 * seconds));
        in.commit();
        EXPECT_EQ(lock.take().size(), 1U);
        lock.vanish();
    };
    lose(world, "OPEN");
    world.pass(9 * seconds);
    Client lock(world, GetParam());
    EXPECT_EQ(wakes(lock).size(), 1U) << "in time it comes again";
    lock.vanish();
    World again(world.journal, world.clock.utc() + seconds);
    EXPECT_THAT(wakes(again), IsEmpty());
    world.journal.checkpoint({world.broker.get()});
    World later(world.journal, world.clock.utc() + seconds);
    EXPECT_THAT(wakes(later), IsEmpty());
    world.pass(seconds);
    Client back(world, GetParam());
    EXPECT_THAT(wakes(back), IsEmpty());
    world.broker->publish(command("CLOSE", 10 * seconds));
    EXPECT_EQ(back.take(), publish_of("CLOSE", 2, 10)) << "and holds nothing up";
}

TEST_P(LateTest, OfQos2TheClientIsAskedToForgetTheIdentifier) {
    Client lock(world, GetParam());
    wakes(lock);
    world.broker->publish(command("OPEN", 10 * seconds, Qos::exactly_once));
    world.commit();
    EXPECT_EQ(lock.take().size(), 1U);
    lock.vanish();
    world.pass(10 * seconds);
    Client back(world, GetParam());
    EXPECT_THAT(wakes(back), ElementsAre("PUBREL #1"));
    back.pubcomp(1);
    world.commit();
    World again(world.journal, world.clock.utc());
    EXPECT_THAT(wakes(again), IsEmpty());
}

/// 4.4: what was sent and not acknowledged must be sent again. Only of hearth's own is that
/// given up.
TEST_P(LateTest, AClientsMessageThatWasSentComesAgainThoughItHasExpired) {
    Client sender(world, Version::v5);
    sender.connect("sender");
    Client lock(world, GetParam());
    wakes(lock);
    PublishOptions brief{.qos = 1};
    brief.properties.message_expiry_s = 10;
    sender.publish("lock/set", "OPEN", brief);
    world.commit();
    EXPECT_EQ(lock.take().size(), 1U);
    lock.vanish();
    world.pass(20 * seconds);
    EXPECT_EQ(wakes(world).size(), 1U);
}

TEST_P(LateTest, NorIsItKeptForNewSubscribers) {
    Message kept_one = command("OPEN", 10 * seconds);
    kept_one.retain = true;
    world.broker->publish(kept_one);
    world.pass(10 * seconds);
    Client other(world, GetParam());
    other.connect("other").subscribe("lock/set", {.qos = 1});
    EXPECT_THAT(other.take(), ElementsAre("CONNACK", "SUBACK 0x01"));
}

TEST_P(LateTest, WhatIsLateAlreadyIsGivenToNobody) {
    Client lock(world, GetParam());
    wakes(lock);
    EXPECT_EQ(world.broker->publish(command("OPEN", 0)), 0U);
    EXPECT_THAT(lock.take(), IsEmpty());
}

TEST_P(LateTest, AQueueFullOfWhatIsLateHasRoom) {
    BrokerLimits limits;
    limits.queued_messages = 2;
    World small(world.journal, world.clock.utc(), limits);
    const auto give = [&](std::string payload) {
        Message made = command(std::move(payload), 10 * seconds);
        made.expires_at = small.clock.utc() + 10 * seconds;
        return small.broker->publish(std::move(made));
    };
    EXPECT_EQ(give("1") + give("2"), 2U);
    EXPECT_EQ(give("3"), 0U) << "it is full";
    small.pass(10 * seconds);
    EXPECT_EQ(give("4"), 1U);
    World again(small.journal, small.clock.utc(), limits);
    EXPECT_EQ(wakes(again), publish_of("4", 1, 10));
}

} // namespace
} // namespace hearth::broker::test
