#include "broker/broker_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hearth::broker::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

ConnectOptions as(const char* name) {
    ConnectOptions options;
    options.user = name;
    options.clean = false;
    options.properties.session_expiry_s = 3'600;
    return options;
}

class RevokeTest : public testing::Test {
protected:
    World world;
    Client plug{world, Version::v5};
    Client other{world, Version::v5};

    void SetUp() override {
        ConnectOptions options = as("plug");
        options.will = mqtt::Will{.topic = "plug/online", .payload = "no", .properties = {}};
        plug.connect("p1", options);
        other.connect("o1", as("other"));
        plug.subscribe("#", {.qos = 1});
        other.subscribe("#", {.qos = 1});
        world.commit();
        plug.take(), other.take();
    }
};

TEST_F(RevokeTest, LiveSessionsEndAtOnceAndTheirSubscriptionsWithThem) { // CVE-2021-34434
    world.broker->drop_sessions_of("plug");
    EXPECT_THAT(plug.take(), ElementsAre("DISCONNECT 0x98"));
    EXPECT_TRUE(plug.is_closed());
    other.publish("t", "secret", {.qos = 1});
    EXPECT_THAT(plug.take(), IsEmpty());
    const Broker::Stats stats = world.broker->stats();
    EXPECT_EQ(stats.sessions, 1U);
    EXPECT_EQ(stats.subscriptions, 1U);
    EXPECT_EQ(stats.connections, 1U);
}

TEST_F(RevokeTest, TheWillOfARevokedClientIsNotPublished) {
    world.broker->drop_sessions_of("plug");
    EXPECT_THAT(other.take(), IsEmpty());
}

TEST_F(RevokeTest, WhatItRetainedGoesToo) { // CVE-2018-12546
    plug.publish("plug/state", "on", {.qos = 1, .retain = true});
    other.publish("other/state", "on", {.qos = 1, .retain = true});
    world.commit();
    world.broker->drop_sessions_of("plug");
    world.commit();
    EXPECT_EQ(world.broker->stats().retained, 1U);
    World after(world.journal, world.clock.utc());
    EXPECT_EQ(after.broker->stats().retained, 1U);
    EXPECT_EQ(after.broker->stats().sessions, 1U);
}

TEST_F(RevokeTest, ASessionThatIsAwayIsForgottenWithItsQueue) {
    plug.vanish();
    other.publish("t", "kept for it", {.qos = 1});
    world.broker->drop_sessions_of("plug");
    world.commit();
    Client again(world, Version::v5);
    EXPECT_THAT(again.connect("p1", as("plug")).take(), ElementsAre("CONNACK"));
}

TEST_F(RevokeTest, RightsTakenAwayEndTheSubscription) {
    world.authorizer.forbidden.insert("plug < #");
    ++world.authorizer.now;
    world.broker->recheck_subscriptions();
    other.publish("t", "secret");
    EXPECT_THAT(plug.take(), IsEmpty());
    EXPECT_FALSE(plug.is_closed());
    EXPECT_THAT(world.refusal(), HasSubstr("no longer allowed"));
}

TEST_F(RevokeTest, AnonymousSessionsAreNobodysToRevoke) {
    Client nobody(world);
    nobody.connect("nobody");
    world.broker->drop_sessions_of("");
    EXPECT_FALSE(nobody.is_closed());
}

TEST_F(RevokeTest, SubscribingToWhatIsNotAllowedIsRefusedAlsoWhenShared) {
    world.authorizer.forbidden.insert("plug < door/#");
    plug.subscribe("door/#");
    plug.subscribe("$share/g/door/#");
    EXPECT_THAT(plug.take(), ElementsAre("SUBACK 0x87", "SUBACK 0x87"));
    EXPECT_THAT(world.refusal(), HasSubstr("subscribe to door/# by credential plug"));
}

} // namespace
} // namespace hearth::broker::test
