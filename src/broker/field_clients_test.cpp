#include "broker/broker_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

/// Clients that people have although no standard of ours describes them: MQTT 3.1, and bridges.
namespace hearth::broker::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(Mqtt31, ItsClientIsServedAsOneOf311) {
    World world;
    Client old(world);
    EXPECT_THAT(old.connect("old", {.v31 = true}).take(), ElementsAre("CONNACK"));
    old.subscribe("t", {.qos = 1});
    old.publish("t", "x", {.qos = 1, .id = 9});
    EXPECT_THAT(old.take(), ElementsAre("SUBACK 0x01", "PUBLISH t q1 #1 = x", "PUBACK #9"));
}

TEST(Mqtt31, ItsClientMaySayOfASubscribeThatItComesAgain) {
    World world;
    Client old(world);
    old.connect("old", {.v31 = true}).take();
    old.raw(std::string_view("\x8A\x06\x00\x07\x00\x01t\x00", 8));
    EXPECT_THAT(old.take(), ElementsAre("SUBACK 0x00"));
}

TEST(Mqtt31, ItsSessionIsKeptButNotAnnounced) { // the bit is reserved there
    World world;
    Client old(world);
    old.connect("old", {.clean = false, .v31 = true});
    old.subscribe("t", {.qos = 1});
    old.vanish();
    Client other(world);
    other.connect("other").publish("t", "meanwhile", {.qos = 1});
    Client back(world);
    EXPECT_THAT(back.connect("old", {.clean = false, .v31 = true}).take(),
                ElementsAre("CONNACK", "PUBLISH t q1 #1 = meanwhile"));
}

TEST(Mqtt31, ItsClientMustNameItself) {
    World world;
    Client old(world);
    EXPECT_THAT(old.connect("", {.v31 = true}).take(), ElementsAre("CONNACK 0x85"));
    EXPECT_TRUE(old.is_closed());
}

class Bridge : public testing::TestWithParam<bool> {
protected:
    World world;
    Client bridge{world};
    Client plug{world};
    ConnectOptions options{.bridge = true};

    void SetUp() override {
        options.v31 = GetParam();
        plug.connect("plug").take();
    }
};

TEST_P(Bridge, SeesWhatIsRetainedAsItWasPublished) {
    bridge.connect("house", options);
    bridge.subscribe("plug/#", {.qos = 1});
    bridge.take();
    plug.publish("plug/state", "ON", {.retain = true});
    plug.publish("plug/press", "1");
    EXPECT_THAT(bridge.take(),
                ElementsAre("PUBLISH plug/state q0 retain = ON", "PUBLISH plug/press q0 = 1"));
}

TEST_P(Bridge, DoesNotGetBackWhatItBrought) {
    bridge.connect("house", options);
    bridge.subscribe("#", {.qos = 1});
    plug.subscribe("#");
    bridge.take(), plug.take();
    bridge.publish("there/state", "ON");
    EXPECT_THAT(bridge.take(), IsEmpty());
    EXPECT_THAT(plug.take(), ElementsAre("PUBLISH there/state q0 = ON"));
}

TEST_P(Bridge, WithAWillOnADollarTopicIsLetInWithoutIt) {
    plug.subscribe("#");
    plug.take();
    options.will = mqtt::Will{.topic = "$SYS/broker/connection/house/state",
                              .payload = "0",
                              .qos = mqtt::Qos::at_least_once,
                              .retain = true};
    EXPECT_THAT(bridge.connect("house", options).take(), ElementsAre("CONNACK"));
    EXPECT_THAT(world.refusal(), HasSubstr("$SYS/broker/connection/house/state"));
    bridge.publish("$SYS/broker/connection/house/state", "1", {.qos = 1, .retain = true, .id = 4});
    EXPECT_THAT(bridge.take(), ElementsAre("PUBACK #4"));
    EXPECT_FALSE(bridge.is_closed());
    bridge.vanish();
    EXPECT_THAT(plug.take(), IsEmpty());
    EXPECT_EQ(world.broker->stats().retained, 0U);
}

INSTANTIATE_TEST_SUITE_P(OfBothLevels, Bridge, testing::Bool(),
                         [](const auto& level) { return level.param ? "Of31" : "Of311"; });

TEST(BridgeOfMqtt5, IsAnsweredInTheFormOf5) {
    World world;
    Client bridge(world, Version::v5);
    EXPECT_THAT(bridge.connect("house", {.bridge = true}).take(), ElementsAre("CONNACK"));
    bridge.subscribe("$share/g/t");
    EXPECT_THAT(bridge.take(), ElementsAre("SUBACK 0x00"));
}

/// A message as long as Zigbee2MQTT's list of a hundred devices.
const std::string long_list(434'136, 'z');

TEST(LongMessage, IsKeptAndReachesWhoIsAwayAndWhoIsSlow) {
    World world;
    Client away(world);
    away.connect("away", {.clean = false});
    away.subscribe("list", {.qos = 1});
    away.vanish();
    Client slow(world);
    slow.connect("slow").subscribe("list", {.qos = 1});
    slow.take();
    world.outlet.stuck[slow.id] = world.limits.unsent_bytes;
    Client bridge(world);
    bridge.connect("bridge").take();
    bridge.publish("list", long_list, {.qos = 1, .retain = true, .id = 1});
    world.commit();
    EXPECT_THAT(bridge.take(), ElementsAre("PUBACK #1"));
    EXPECT_THAT(slow.take(), IsEmpty());
    world.outlet.stuck.clear();
    world.commit();
    EXPECT_THAT(slow.take(), ElementsAre("PUBLISH list q1 #1 = " + long_list));
    World after(world.journal, world.clock.utc());
    Client back(after);
    EXPECT_THAT(back.connect("away", {.clean = false}).take(),
                ElementsAre("CONNACK present", "PUBLISH list q1 #1 = " + long_list));
    Client late(after);
    late.connect("late").subscribe("list", {.qos = 1});
    EXPECT_THAT(late.take(),
                ElementsAre("CONNACK", "SUBACK 0x01", "PUBLISH list q1 #1 retain = " + long_list));
}

TEST(LongMessage, ComesAgainNoFasterThanItsClientReads) {
    World world;
    Client reader(world);
    reader.connect("reader", {.clean = false}).subscribe("list", {.qos = 1});
    Client bridge(world);
    bridge.connect("bridge");
    for (int i = 0; i < 20; ++i)
        bridge.publish("list", long_list, {.qos = 1});
    world.commit();
    EXPECT_EQ(reader.take().size(), 22U);
    reader.vanish();
    Client back(world);
    back.connect("reader", {.clean = false}, false);
    world.outlet.stuck[back.id] = world.limits.unsent_bytes;
    world.commit();
    const std::size_t at_once = back.take().size();
    EXPECT_LT(at_once, 6U);
    bridge.publish("list", "new", {.qos = 1});
    back.puback(20); // of one that has not come again yet
    world.outlet.stuck.clear();
    world.commit();
    const Lines rest = back.take();
    EXPECT_EQ(at_once + rest.size(), 21U); // CONNACK, 19 again, the new one
    EXPECT_EQ(rest.back(), "PUBLISH list q1 #21 = new");
}

TEST(LongMessage, BeyondTheLimitIsRefusedByTheNameOfItsSetting) {
    World world;
    Client bridge(world, Version::v5);
    bridge.connect("bridge").take();
    bridge.publish("list", std::string(world.limits.packet_bytes, 'z'), {.qos = 1});
    EXPECT_THAT(bridge.take(), ElementsAre("DISCONNECT 0x95"));
    EXPECT_THAT(world.refusal(), HasSubstr("broker.packet_bytes"));
}

} // namespace
} // namespace hearth::broker::test
