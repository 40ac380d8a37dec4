#include "broker/rights.h"

#include <gtest/gtest.h>

namespace hearth::broker {
namespace {

TEST(RightsTest, AFilterIsCoveredOnlyIfAllThatItMatchesIsAllowed) {
    EXPECT_TRUE(covers("a/#", "a"));
    EXPECT_TRUE(covers("a/#", "a/b/c"));
    EXPECT_TRUE(covers("a/#", "a/+/c"));
    EXPECT_TRUE(covers("a/#", "a/#"));
    EXPECT_TRUE(covers("a/+", "a/b"));
    EXPECT_TRUE(covers("a/+", "a/+"));
    EXPECT_TRUE(covers("+/b", "a/b"));
    EXPECT_TRUE(covers("#", "+/x/#"));
    EXPECT_TRUE(covers("+/#", "a"));
    EXPECT_TRUE(covers("a/", "a/"));

    EXPECT_FALSE(covers("a/#", "#"));
    EXPECT_FALSE(covers("a/#", "+/b"));
    EXPECT_FALSE(covers("a/+", "a/#"));
    EXPECT_FALSE(covers("a/+", "a"));
    EXPECT_FALSE(covers("a/+", "a/b/c"));
    EXPECT_FALSE(covers("a", "a/b"));
    EXPECT_FALSE(covers("a/b", "a"));
    EXPECT_FALSE(covers("a/b", "a/+"));
    EXPECT_FALSE(covers("a", "a/"));
    EXPECT_FALSE(covers("+/b/#", "a"));
}

TEST(RightsTest, NothingOpensTopicsWithADollar) {
    EXPECT_FALSE(covers("#", "$SYS/x"));
    EXPECT_FALSE(covers("+/x", "$SYS/x"));
    const Rights all = rights_of_anonymous();
    EXPECT_FALSE(all.may_publish("$SYS/x"));
    EXPECT_FALSE(all.may_subscribe("$SYS/#"));
    EXPECT_TRUE(all.may_publish("kitchen/light"));
    EXPECT_TRUE(all.may_subscribe("#"));
}

TEST(RightsTest, WhatIsNotListedIsNotAllowed) {
    const Rights rights{{"plug/#"}, {"plug/#", "homeassistant/status"}};
    EXPECT_TRUE(rights.may_publish("plug/state"));
    EXPECT_FALSE(rights.may_publish("plugs/state"));
    EXPECT_FALSE(rights.may_publish("homeassistant/status"));
    EXPECT_TRUE(rights.may_subscribe("homeassistant/status"));
    EXPECT_FALSE(rights.may_subscribe("homeassistant/#"));
    EXPECT_FALSE(rights.may_subscribe("#"));
    EXPECT_TRUE(rights.may_publish("plug/+/state")) << "a filter: all that it matches";
    EXPECT_FALSE(rights.may_publish("+/state"));
    EXPECT_FALSE(rights.may_publish("#"));
    EXPECT_FALSE(Rights{}.may_publish("a"));
    EXPECT_FALSE(Rights{}.may_subscribe("a"));
}

TEST(RightsTest, EveryoneMayAnnounceButNothingElseBelowHomeassistant) {
    const Rights rights = rights_of({"lamp", "", {}, 0});
    EXPECT_TRUE(rights.may_publish("homeassistant/light/x/config"));
    EXPECT_TRUE(rights.may_publish("homeassistant/light/x/y/config"));
    EXPECT_TRUE(rights.may_publish("homeassistant/light/lamp/state")) << "its own";
    EXPECT_TRUE(rights.may_subscribe("homeassistant/light/lamp/set"));
    EXPECT_FALSE(rights.may_publish("homeassistant/status"));
    EXPECT_FALSE(rights.may_publish("homeassistant/lock/front/state"));
    EXPECT_FALSE(rights.may_subscribe("homeassistant/lock/front/config"));
}

} // namespace
} // namespace hearth::broker
