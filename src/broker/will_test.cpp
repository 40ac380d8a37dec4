#include "broker/broker_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hearth::broker::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class WillTest : public testing::Test {
protected:
    World world;
    Client watcher{world, Version::v5};
    Client plug{world, Version::v5};
    ConnectOptions options;

    void SetUp() override {
        watcher.connect("watcher");
        watcher.subscribe("plug/#");
        watcher.take();
        options.will = mqtt::Will{.topic = "plug/online",
                                  .payload = "no",
                                  .qos = mqtt::Qos::at_most_once,
                                  .retain = true,
                                  .properties = {}};
    }
};

TEST_F(WillTest, IsPublishedWhenTheNetworkIsLost) { // 3.1.2-8
    plug.connect("plug", options);
    plug.vanish();
    EXPECT_THAT(watcher.take(), ElementsAre("PUBLISH plug/online q0 = no"));
    EXPECT_EQ(world.broker->stats().retained, 1U);
}

TEST_F(WillTest, IsForgottenAfterAGoodDisconnect) { // 3.1.2-10
    plug.connect("plug", options);
    plug.disconnect();
    EXPECT_THAT(watcher.take(), IsEmpty());
}

TEST_F(WillTest, IsPublishedAfterADisconnectThatSaysSo) { // 3.14.4-3
    plug.connect("plug", options);
    plug.send(mqtt::Disconnect{mqtt::ReasonCode::disconnect_with_will, {}});
    EXPECT_THAT(watcher.take(), ElementsAre("PUBLISH plug/online q0 = no"));
}

TEST_F(WillTest, IsPublishedForAMalformedPacketAndForSilence) { // 3.1.2.5
    options.keep_alive_s = 10;
    plug.connect("plug", options);
    plug.raw(std::string_view("\x00\x00", 2));
    EXPECT_THAT(watcher.take(), ElementsAre("PUBLISH plug/online q0 = no"));
    Client again(world, Version::v5);
    again.connect("plug", options);
    world.pass(16 * seconds);
    EXPECT_THAT(watcher.take(), ElementsAre("PUBLISH plug/online q0 = no"));
}

TEST_F(WillTest, ADelayedOneIsNotPublishedForWhoIsBackInTime) { // 3.1.3-9
    options.clean = false;
    options.properties.session_expiry_s = 100;
    options.will->properties.delay_s = 10;
    plug.connect("plug", options);
    plug.vanish();
    world.pass(9 * seconds);
    EXPECT_THAT(watcher.take(), IsEmpty());
    Client again(world, Version::v5);
    again.connect("plug", options);
    world.pass(5 * seconds);
    EXPECT_THAT(watcher.take(), IsEmpty());
    again.vanish();
    world.pass(9 * seconds); // the first delay's timer must not cut the second short
    EXPECT_THAT(watcher.take(), IsEmpty());
    world.pass(2 * seconds);
    EXPECT_THAT(watcher.take(), ElementsAre("PUBLISH plug/online q0 = no"));
}

TEST_F(WillTest, ADelayEndsWithTheSession) { // 3.1.3.2.2
    options.properties.session_expiry_s = 5;
    options.will->properties.delay_s = 1'000;
    plug.connect("plug", options);
    plug.vanish();
    world.pass(6 * seconds);
    EXPECT_THAT(watcher.take(), ElementsAre("PUBLISH plug/online q0 = no"));
}

TEST_F(WillTest, ACleanStartEndsTheSessionAndPublishesADelayedOne) {
    options.properties.session_expiry_s = 100;
    options.will->properties.delay_s = 50;
    plug.connect("plug", options);
    plug.vanish();
    Client again(world, Version::v5);
    again.connect("plug", options); // clean
    EXPECT_THAT(watcher.take(), ElementsAre("PUBLISH plug/online q0 = no"));
}

TEST_F(WillTest, TakingOverPublishesOneWithoutDelay) {
    plug.connect("plug", options);
    Client again(world, Version::v5);
    again.connect("plug", options);
    EXPECT_THAT(watcher.take(), ElementsAre("PUBLISH plug/online q0 = no"));
}

TEST_F(WillTest, OnATopicThatIsNotAllowedTheConnectIsRefused) {
    world.authorizer.forbidden.insert(" > plug/online");
    EXPECT_THAT(plug.connect("plug", options).take(), ElementsAre("CONNACK 0x87"));
}

TEST_F(WillTest, ManyWhoVanishAtOnceAreAllMourned) {
    std::vector<Client> plugs(300, Client(world));
    for (std::size_t i = 0; i < plugs.size(); ++i)
        plugs[i].connect("plug-" + std::to_string(i), options);
    watcher.take();
    for (Client& one : plugs)
        one.vanish();
    EXPECT_EQ(watcher.take().size(), 300U);
}

} // namespace
} // namespace hearth::broker::test
