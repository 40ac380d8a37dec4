#include "broker/broker_fixture.h"

#include <algorithm>

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hearth::broker::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// What one credential takes is its own affair: the others go on, and it has all back in the end.
class SharesTest : public testing::Test {
protected:
    static BrokerLimits shares() {
        BrokerLimits limits;
        limits.connections = 16;
        limits.connections_per_credential = 8;
        limits.sessions = 12;
        limits.sessions_per_credential = 6;
        limits.subscriptions_per_credential = 6;
        limits.subscription_bytes_per_credential = 10'000;
        limits.queued_messages_per_credential = 16;
        limits.queued_bytes_per_credential = 4'000;
        limits.queued_bytes_in_all = 8'000;
        limits.retained_messages_per_credential = 4;
        limits.retained_bytes_per_credential = 2'000;
        return limits;
    }
    static ConnectOptions as(const char* name, bool keeps = true) {
        ConnectOptions options;
        options.user = name;
        options.clean = false;
        if (keeps) options.properties.session_expiry_s = 100;
        return options;
    }
    /// A session that is away and asked for a topic.
    void away(std::string_view client_id, const char* name, std::string_view filter) {
        Client client(world, Version::v5);
        client.connect(client_id, as(name));
        client.subscribe(filter, {.qos = 1});
        client.vanish();
    }

    World world{shares()};
    Client good{world, Version::v5};

    void SetUp() override { good.connect("good", as("good")).take(); }
};

TEST_F(SharesTest, SessionsOfOneCredential) {
    for (int i = 0; i < 6; ++i)
        away(fmt::format("evil-{}", i), "evil", "t");
    Client more(world, Version::v5);
    EXPECT_THAT(more.connect("evil-more", as("evil")).take(), ElementsAre("CONNACK 0x97"));
    EXPECT_THAT(world.refusal(), HasSubstr("broker.sessions_per_credential"));
    Client other(world, Version::v5);
    EXPECT_THAT(other.connect("other", as("other")).take(), ElementsAre("CONNACK"));
    Client known(world, Version::v5);
    EXPECT_THAT(known.connect("evil-1", as("evil")).take(), ElementsAre("CONNACK present"));
    world.broker->drop_sessions_of("evil");
    Client anew(world, Version::v5);
    EXPECT_THAT(anew.connect("evil-more", as("evil")).take(), ElementsAre("CONNACK"));
}

TEST_F(SharesTest, ConnectionsOfOneCredential) {
    BrokerLimits limits = shares();
    limits.connections_per_credential = 2;
    World small(limits);
    Client one(small, Version::v5);
    Client two(small, Version::v5);
    Client three(small, Version::v5);
    one.connect("1", as("evil")), two.connect("2", as("evil"));
    EXPECT_THAT(three.connect("3", as("evil")).take(), ElementsAre("CONNACK 0x97"));
    EXPECT_THAT(small.refusal(), HasSubstr("broker.connections_per_credential"));
    Client other(small, Version::v5);
    EXPECT_THAT(other.connect("1", as("good")).take(), ElementsAre("CONNACK"));
    Client taker(small, Version::v5);
    EXPECT_THAT(taker.connect("2", as("evil")).take(), ElementsAre("CONNACK present"))
        << "in the place of the one that it takes over from";
    one.vanish();
    Client again(small, Version::v5);
    EXPECT_THAT(again.connect("3", as("evil")).take(), ElementsAre("CONNACK"));
}

TEST_F(SharesTest, SilentConnectionsOfOneAddressMakeRoomForOthers) {
    std::vector<std::unique_ptr<Client>> crowd;
    for (int i = 0; i < 30; ++i) {
        crowd.push_back(std::make_unique<Client>(world));
        crowd.back()->open(false);
    }
    EXPECT_TRUE(crowd.front()->is_closed());
    EXPECT_FALSE(crowd.back()->is_closed());
    EXPECT_THAT(world.metrics.render(), HasSubstr("hearth_mqtt_silent_connections 15"));
    EXPECT_THAT(world.metrics.render(), HasSubstr("hearth_mqtt_turned_away_total 15"));
    EXPECT_THAT(world.refusal(), HasSubstr("broker.connections"));
    Client slow(world, Version::v5);
    slow.open();
    for (int i = 0; i < 30; ++i) {
        crowd.push_back(std::make_unique<Client>(world));
        crowd.back()->open(false);
    }
    EXPECT_FALSE(slow.is_closed()) << "the crowd pushes out its own";
    EXPECT_THAT(slow.connect("slow", as("slow")).take(), ElementsAre("CONNACK"));
    EXPECT_FALSE(good.is_closed());
}

TEST_F(SharesTest, ConnectionsOfOneAddress) {
    BrokerLimits limits = shares();
    limits.connections_per_address = 2;
    World small(limits);
    Client one(small, Version::v5);
    one.connect("1", as("one"));
    Client silent(small);
    silent.open();
    Client two(small, Version::v5);
    EXPECT_EQ(two.connect("2", as("two")).take(), Lines{"CONNACK"});
    EXPECT_TRUE(silent.is_closed()) << "it makes room";
    EXPECT_THAT(small.refusal(), HasSubstr("broker.connections_per_address"));
    Client three(small, Version::v5);
    three.open();
    EXPECT_TRUE(three.is_closed()) << "nobody silent is left but itself";
    ConnectOptions elsewhere = as("three");
    elsewhere.loopback = false;
    Client other(small, Version::v5);
    EXPECT_EQ(other.connect("3", elsewhere).take(), Lines{"CONNACK"});
}

TEST_F(SharesTest, PacketsOfOneCredentialThatComeInPart) {
    BrokerLimits limits = shares();
    limits.incoming_bytes_per_credential = 16'000;
    World small(limits);
    Client one(small, Version::v5);
    Client two(small, Version::v5);
    Client other(small, Version::v5);
    one.connect("1", as("evil")).take();
    two.connect("2", as("evil")).take();
    other.connect("1", as("good")).take();
    const std::string part =
        std::string("\x30\xA0\x9C\x01\x00\x01t\x00", 8) + std::string(9'000, 'x');
    one.raw(part);
    other.raw(part);
    EXPECT_THAT(small.metrics.render(), HasSubstr("hearth_mqtt_incoming_bytes 18016"));
    two.raw(part);
    EXPECT_THAT(two.take(), ElementsAre("DISCONNECT 0x97"));
    EXPECT_THAT(small.refusal(), HasSubstr("broker.incoming_bytes_per_credential"));
    EXPECT_FALSE(one.is_closed() || other.is_closed());
    one.raw(part.substr(0, 8) + std::string(19'996, 'x')); // the rest has come
    EXPECT_THAT(small.metrics.render(), HasSubstr("hearth_mqtt_incoming_bytes 9008"));
    other.vanish();
    EXPECT_THAT(small.metrics.render(), HasSubstr("hearth_mqtt_incoming_bytes 0"));
    std::string connect = std::string("\x10\x90\x4E\x00\x04MQTT", 9) + std::string(5'000, 'x');
    Client stranger(small, Version::v5);
    stranger.open();
    stranger.raw(connect);
    EXPECT_TRUE(stranger.is_closed()) << "strangers have a sixteenth";
}

TEST_F(SharesTest, SubscriptionsOfOneCredential) {
    Client evil(world, Version::v5);
    evil.connect("evil", as("evil")).take();
    for (int i = 0; i < 7; ++i)
        evil.subscribe(fmt::format("t/{}", i));
    world.commit();
    EXPECT_EQ(evil.take().back(), "SUBACK 0x97");
    EXPECT_THAT(world.refusal(), HasSubstr("broker.subscriptions_per_credential"));
    evil.subscribe("t/1", {.qos = 1}); // not a new one
    evil.unsubscribe("t/2");
    evil.subscribe("t/8");
    world.commit();
    EXPECT_THAT(evil.take(), ElementsAre("SUBACK 0x01", "UNSUBACK 0x00", "SUBACK 0x00"));
    good.subscribe("t/9");
    world.commit();
    EXPECT_THAT(good.take(), ElementsAre("SUBACK 0x00"));
}

TEST_F(SharesTest, BytesOfSubscriptionsOfOneCredential) {
    Client evil(world, Version::v5);
    evil.connect("evil", as("evil")).take();
    for (const char letter : {'a', 'b', 'c'})
        evil.subscribe(std::string(4'000, letter));
    world.commit();
    EXPECT_EQ(evil.take().back(), "SUBACK 0x97");
    EXPECT_THAT(world.refusal(), HasSubstr("broker.subscription_bytes_per_credential"));
    world.broker->drop_sessions_of("evil");
    EXPECT_THAT(world.metrics.render(), HasSubstr("hearth_mqtt_subscription_bytes 0"));
}

TEST_F(SharesTest, BytesQueuedForAllSessionsOfOneCredential) {
    for (int i = 0; i < 5; ++i)
        away(fmt::format("evil-{}", i), "evil", "big");
    good.subscribe("small", {.qos = 1});
    good.publish("big", std::string(1'000, 'x'), {.qos = 1}); // 3 of 5 are within three quarters
    good.publish("small", "s", {.qos = 1});
    world.commit();
    EXPECT_THAT(good.take(), ElementsAre("PUBLISH small q1 #1 = s", "SUBACK 0x01", "PUBACK #1000",
                                         "PUBACK #1001"));
    EXPECT_THAT(world.metrics.render(),
                HasSubstr("hearth_mqtt_dropped_total{reason=\"queue_full\"} 3"));
    EXPECT_THAT(world.refusal(), HasSubstr("broker.queued_bytes_per_credential"));
    away("other", "other", "big");
    good.publish("big", std::string(1'000, 'y'), {.qos = 1});
    Client other(world, Version::v5);
    EXPECT_EQ(other.connect("other", as("other")).take().size(), 2U) << "has its own share";
    good.puback(1);
    other.puback(1);
    world.broker->drop_sessions_of("evil");
    EXPECT_THAT(world.metrics.render(), HasSubstr("hearth_mqtt_queued_bytes 0"));
    EXPECT_THAT(world.metrics.render(), HasSubstr("hearth_mqtt_queued_messages 0"));
}

TEST_F(SharesTest, WhatExpiresIsGivenBack) {
    away("evil-1", "evil", "t");
    good.publish("t", std::string(1'000, 'x'), {.qos = 1});
    EXPECT_THAT(world.metrics.render(), HasSubstr("hearth_mqtt_queued_messages 1"));
    world.pass(101 * seconds);
    EXPECT_THAT(world.metrics.render(), HasSubstr("hearth_mqtt_queued_messages 0"));
    EXPECT_THAT(world.metrics.render(), HasSubstr("hearth_mqtt_queued_bytes 0"));
}

TEST_F(SharesTest, RetainedMessagesOfOneCredential) {
    Client evil(world, Version::v5);
    evil.connect("evil", as("evil")).take();
    for (int i = 0; i < 5; ++i)
        evil.publish(fmt::format("t/{}", i), "x", {.qos = 1, .retain = true});
    evil.publish("u", std::string(3'000, 'x'), {.qos = 1, .retain = true});
    world.commit();
    EXPECT_THAT(evil.take(),
                ElementsAre("PUBACK #1000 0x10", "PUBACK #1001 0x10", "PUBACK #1002 0x10",
                            "PUBACK #1003 0x10", "PUBACK #1004 0x97", "PUBACK #1005 0x97"));
    EXPECT_THAT(world.refusal(), HasSubstr("broker.retained_messages_per_credential"));
    good.publish("t/9", "y", {.qos = 1, .retain = true});
    good.publish("t/1", "mine", {.qos = 1, .retain = true}); // from then on it is good's to pay
    evil.publish("t/5", "x", {.qos = 1, .retain = true});
    world.commit();
    EXPECT_THAT(good.take(), ElementsAre("PUBACK #1000 0x10", "PUBACK #1001 0x10"));
    EXPECT_THAT(evil.take(), ElementsAre("PUBACK #1006 0x10"));
    world.broker->drop_sessions_of("evil");
    EXPECT_EQ(world.broker->stats().retained, 2U);
}

TEST_F(SharesTest, WhileMemoryIsUsedUpNothingIsAddedAndAllElseGoesOn) {
    std::size_t used = 50;
    MemoryWatch memory(100, [&] { return used; });
    World scarce(shares(), &memory);
    Client here(scarce, Version::v5);
    here.connect("here", as("good")).take();
    here.subscribe("t", {.qos = 1});
    Client away(scarce, Version::v5);
    away.connect("away", as("good")).take();
    away.subscribe("t", {.qos = 1});
    away.vanish();
    here.publish("kept", "1", {.qos = 1, .retain = true});
    scarce.commit();
    here.take();
    used = 100;
    memory.look();
    here.subscribe("more");
    here.publish("kept/too", "1", {.qos = 1, .retain = true});
    here.publish("t", "flows", {.qos = 1});
    scarce.commit();
    Lines lines = here.take();
    std::ranges::sort(lines);
    EXPECT_THAT(lines, ElementsAre("PUBACK #1001 0x97", "PUBACK #1002", "PUBLISH t q1 #1 = flows",
                                   "SUBACK 0x97"));
    EXPECT_THAT(scarce.refusal(), HasSubstr("memory.budget_bytes"));
    Client fresh(scarce, Version::v5);
    EXPECT_THAT(fresh.connect("fresh", as("good")).take(), ElementsAre("CONNACK 0x97"));
    Client back(scarce, Version::v5);
    EXPECT_THAT(back.connect("away", as("good")).take(), ElementsAre("CONNACK present"));
    used = 10;
    memory.look();
    Client again(scarce, Version::v5);
    EXPECT_THAT(again.connect("fresh", as("good")).take(), ElementsAre("CONNACK"));
}

TEST_F(SharesTest, ManyWrongPasswordsAreAnsweredLateAndTheRightOneAtOnce) {
    BrokerLimits limits = shares();
    limits.password_tries = 3;
    World strict(limits);
    ConnectOptions wrong = as("plug");
    wrong.password = "guess";
    for (int i = 0; i < 3; ++i) {
        Client guesser(strict, Version::v5);
        EXPECT_THAT(guesser.connect("g", wrong).take(), ElementsAre("CONNACK 0x86"));
    }
    Client late(strict, Version::v5);
    EXPECT_THAT(late.connect("g", wrong).take(), testing::IsEmpty());
    late.publish("t", "x");
    EXPECT_THAT(strict.refusal(), HasSubstr("broker.password_tries"));
    EXPECT_THAT(strict.metrics.render(), HasSubstr("hearth_mqtt_login_failures_total 4"));
    Client right(strict, Version::v5);
    EXPECT_THAT(right.connect("plug", as("plug")).take(), ElementsAre("CONNACK"))
        << "same name, same address";
    ConnectOptions elsewhere = wrong;
    elsewhere.loopback = false;
    Client by_name(strict, Version::v5);
    EXPECT_THAT(by_name.connect("g", elsewhere).take(), testing::IsEmpty());
    elsewhere.user = "other";
    Client another(strict, Version::v5);
    EXPECT_THAT(another.connect("g", elsewhere).take(), ElementsAre("CONNACK 0x86"));
    strict.pass(3 * seconds);
    EXPECT_THAT(late.take(), ElementsAre("CONNACK 0x86"));
    EXPECT_TRUE(late.is_closed() && by_name.is_closed());
    strict.pass(601 * seconds);
    Client later(strict, Version::v5);
    EXPECT_THAT(later.connect("g", wrong).take(), ElementsAre("CONNACK 0x86"));
}

TEST_F(SharesTest, AReplayDropsWhatThereIsNoRoomForAndTheRestStaysRight) {
    World roomy;
    Client sender(roomy);
    sender.connect("sender", as("good")).take();
    Client keeper(roomy, Version::v5);
    keeper.connect("keeper", as("evil"));
    keeper.subscribe("t", {.qos = 1});
    keeper.vanish();
    for (const char* text : {"1", "2", "3"})
        sender.publish("t", std::string(text) + std::string(2'000, 'x'), {.qos = 1});
    sender.publish("t", "small", {.qos = 1});
    roomy.commit();
    for (const bool through_checkpoint : {false, true}) {
        World small(roomy.journal, roomy.clock.utc(), shares());
        EXPECT_THAT(small.refusal(), HasSubstr("2 queued messages of the journal are dropped"));
        if (through_checkpoint) small.journal.checkpoint({small.broker.get()});
        World after(small.journal, small.clock.utc());
        for (World* one : {&small, &after}) {
            Client back(*one, Version::v5);
            Lines lines = back.connect("keeper", as("evil")).take();
            if (one == &after && !through_checkpoint) {
                EXPECT_EQ(lines.size(), 5U) << "the journal still has them, and now there is room";
                continue;
            }
            ASSERT_EQ(lines.size(), 3U);
            EXPECT_THAT(lines[1], HasSubstr("PUBLISH t q1 #1 = 1xx"));
            EXPECT_EQ(lines[2], "PUBLISH t q1 #2 = small");
            if (one == &after) continue;
            back.puback(1), back.puback(2);
            small.commit();
            World last(small.journal, small.clock.utc());
            Client once_more(last, Version::v5);
            EXPECT_THAT(once_more.connect("keeper", as("evil")).take(),
                        ElementsAre("CONNACK present"));
        }
    }
}

} // namespace
} // namespace hearth::broker::test
