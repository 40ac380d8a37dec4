#include "broker/broker_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hearth::broker::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

ConnectOptions kept(std::uint32_t expiry_s = 3'600) {
    ConnectOptions options;
    options.clean = false;
    options.properties.session_expiry_s = expiry_s;
    return options;
}

TEST(ConnectTest, AnotherPacketFirstClosesWithoutAnAnswer) { // 3.1.0-1
    World world;
    for (const std::string_view bytes :
         {std::string_view("\x40\x02\x00\x01", 4), std::string_view("\xC0\x00", 2),
          std::string_view("\x30\x03\x00\x01t", 5), std::string_view("GET / HTTP/1.1\r\n\r\n")}) {
        Client client(world);
        client.open();
        client.raw(bytes);
        EXPECT_TRUE(client.is_closed());
        EXPECT_THAT(client.take(), IsEmpty());
    }
    EXPECT_EQ(world.refusals.total(), 4U);
}

TEST(ConnectTest, ASecondConnectIsAProtocolError) { // 3.1.0-2
    World world;
    Client client(world, Version::v5);
    client.connect("a").take();
    client.connect("a");
    EXPECT_THAT(client.take(), ElementsAre("DISCONNECT 0x82"));
    EXPECT_TRUE(client.is_closed());
}

TEST(ConnectTest, PacketsThatOnlyAServerSendsCloseTheConnection) { // CVE-2021-28166
    World world;
    for (const mqtt::Packet& packet :
         {mqtt::Packet(mqtt::Connack{}), mqtt::Packet(mqtt::Pingresp{}),
          mqtt::Packet(mqtt::Auth{mqtt::ReasonCode::success, {}})}) {
        Client client(world, Version::v5);
        client.connect("a").take();
        client.send(packet);
        EXPECT_THAT(client.take(), ElementsAre("DISCONNECT 0x82"));
        EXPECT_TRUE(client.is_closed());
    }
}

TEST(ConnectTest, AConnectThatPromisesHugeLengthsIsRefusedBeforeItComes) { // CVE-2023-0809
    World world;
    Client client(world);
    client.open();
    client.raw(std::string_view("\x10\xFF\xFF\xFF\x7F", 5));
    EXPECT_TRUE(client.is_closed());
    Client five(world);
    five.open();
    five.raw(std::string_view("\x10\xFF\xFF\xFF\xFF\x01", 6));
    EXPECT_TRUE(five.is_closed());
}

TEST(ConnectTest, WithoutAClientIdOneIsMadeUp) { // 3.1.3-6, 3.1.3-7
    World world;
    Client client(world, Version::v5);
    client.connect("");
    EXPECT_THAT(client.take(), ElementsAre("CONNACK assigned"));
    Client old(world);
    old.connect("");
    EXPECT_THAT(old.take(), ElementsAre("CONNACK"));
    EXPECT_EQ(world.broker->stats().sessions, 2U);
}

TEST(ConnectTest, AWrongKeyOrNoNameIsRefused) {
    World world;
    world.authorizer.anonymous = false;
    ConnectOptions wrong;
    wrong.user = "plug";
    wrong.password = "guess";
    Client one(world, Version::v5);
    EXPECT_THAT(one.connect("a", wrong).take(), ElementsAre("CONNACK 0x86"));
    Client two(world, Version::v5);
    EXPECT_THAT(two.connect("a").take(), ElementsAre("CONNACK 0x87"));
    Client three(world);
    EXPECT_THAT(three.connect("a").take(), ElementsAre("CONNACK 0x87")); // return code 5
    EXPECT_TRUE(one.is_closed() && two.is_closed() && three.is_closed());
    EXPECT_EQ(world.broker->stats().connections, 0U);
}

TEST(ConnectTest, AnUnknownProtocolLevelIsSaid) { // 3.1.2-2
    World world;
    Client client(world);
    client.open();
    client.raw(std::string_view("\x10\x0F\x00\x04MQTT\x03\x02\x00\x3C\x00\x03"
                                "abc",
                                17));
    EXPECT_TRUE(client.is_closed());
    EXPECT_THAT(world.outlet.out[client.id], HasSubstr(std::string("\x20\x02\x00\x01", 4)));
}

TEST(ConnectTest, ASecondClientWithTheSameIdTakesOver) { // 3.1.4-3
    World world;
    Client first(world, Version::v5);
    first.connect("a", kept()).take();
    Client second(world, Version::v5);
    second.connect("a", kept());
    EXPECT_THAT(first.take(), ElementsAre("DISCONNECT 0x8E"));
    EXPECT_TRUE(first.is_closed());
    EXPECT_THAT(second.take(), ElementsAre("CONNACK present"));
    first.vanish(); // the socket's end comes later, and must not touch the new connection
    EXPECT_EQ(world.broker->stats().connections, 1U);
    second.send(mqtt::Pingreq{});
    EXPECT_THAT(second.take(), ElementsAre("PINGRESP"));
}

TEST(ConnectTest, TakingOverAndOverLeavesNothingDangling) { // NanoMQ CVE-2025-59946
    World world;
    Client sender(world);
    sender.connect("sender");
    for (int i = 0; i < 200; ++i) {
        Client client(world, Version::v5);
        ConnectOptions options = kept(i % 2 == 0 ? 3'600 : 0);
        options.clean = i % 3 == 0;
        client.connect("same", options, i % 5 != 0);
        client.subscribe("t/+", {.qos = i % 3});
        sender.publish("t/x", "m", {.qos = i % 3});
        if (i % 7 == 0) client.vanish();
    }
    world.commit();
    EXPECT_LE(world.broker->stats().sessions, 2U);
    EXPECT_LE(world.broker->stats().subscriptions, 1U);
}

TEST(ConnectTest, AClientIdIsACredentialsOwnSoNobodyTakesItFromAnother) {
    World world;
    ConnectOptions theirs = kept();
    theirs.user = "thief";
    Client thief(world, Version::v5);
    EXPECT_THAT(thief.connect("plug-1", theirs).take(), ElementsAre("CONNACK")) << "first";
    ConnectOptions mine = kept();
    mine.user = "plug";
    Client owner(world, Version::v5);
    EXPECT_THAT(owner.connect("plug-1", mine).take(), ElementsAre("CONNACK")) << "a new session";
    EXPECT_FALSE(thief.is_closed());
    owner.subscribe("t", {.qos = 1});
    owner.take();
    owner.vanish();
    thief.publish("t", "x", {.qos = 1});
    world.commit();
    EXPECT_THAT(thief.take(), ElementsAre("PUBACK #1000"));
    World after(world.journal, world.clock.utc());
    Client again(after, Version::v5);
    EXPECT_THAT(again.connect("plug-1", theirs).take(), ElementsAre("CONNACK present"));
    Client back(after, Version::v5);
    EXPECT_THAT(back.connect("plug-1", mine).take(),
                ElementsAre("CONNACK present", "PUBLISH t q1 #1 = x"));
    Client nameless(after, Version::v5);
    EXPECT_THAT(nameless.connect("plug-1", kept()).take(), ElementsAre("CONNACK"));
    Client taker(after, Version::v5);
    EXPECT_EQ(taker.connect("plug-1", mine).take().front(), "CONNACK present");
    EXPECT_TRUE(back.is_closed()) << "within a credential the newest has it";
    EXPECT_FALSE(again.is_closed() || nameless.is_closed());
}

TEST(ConnectTest, ACleanStartForgetsTheOldSession) { // 3.1.2-4
    World world;
    Client first(world, Version::v5);
    first.connect("a", kept());
    first.subscribe("t");
    first.vanish();
    ConnectOptions clean = kept();
    clean.clean = true;
    Client second(world, Version::v5);
    EXPECT_THAT(second.connect("a", clean).take(), ElementsAre("CONNACK"));
    EXPECT_EQ(world.broker->stats().subscriptions, 0U);
}

TEST(ConnectTest, ASessionEndsWhenItsExpiryHasPassed) { // 3.1.2-23
    World world;
    Client client(world, Version::v5);
    client.connect("a", kept(60)).take();
    client.vanish();
    world.pass(59 * seconds);
    EXPECT_EQ(world.broker->stats().sessions, 1U);
    Client again(world, Version::v5);
    EXPECT_THAT(again.connect("a", kept(60)).take(), ElementsAre("CONNACK present"));
    world.pass(3'600 * seconds); // as long as it is connected it does not end
    EXPECT_EQ(world.broker->stats().sessions, 1U);
    again.vanish();
    world.pass(59 * seconds);
    EXPECT_EQ(world.broker->stats().sessions, 1U);
    world.pass(2 * seconds);
    EXPECT_EQ(world.broker->stats().sessions, 0U);
}

TEST(ConnectTest, AnExpiryOfNeverIsCutToTheLongestAndSaid) { // 3.2.2.3.2
    World world;
    Client client(world, Version::v5);
    EXPECT_THAT(client.connect("a", kept(0xFFFFFFFF)).take(), ElementsAre("CONNACK expiry=604800"));
}

TEST(ConnectTest, DisconnectMayChangeTheExpiryButNotBeginOne) { // 3.14.2.2.2
    World world;
    Client client(world, Version::v5);
    client.connect("a", kept(60));
    mqtt::Disconnect disconnect;
    disconnect.properties.session_expiry_s = 0;
    client.send(disconnect);
    EXPECT_EQ(world.broker->stats().sessions, 0U);
    Client other(world, Version::v5);
    other.connect("b").take();
    disconnect.properties.session_expiry_s = 60;
    other.send(disconnect);
    EXPECT_THAT(other.take(), ElementsAre("DISCONNECT 0x82"));
}

TEST(ConnectTest, WhoIsSilentForOneAndAHalfKeepAlivesIsClosed) { // 3.1.2-22
    World world;
    ConnectOptions options;
    options.keep_alive_s = 10;
    Client client(world, Version::v5);
    client.connect("a", options).take();
    world.pass(14 * seconds);
    client.send(mqtt::Pingreq{});
    world.pass(14 * seconds);
    EXPECT_FALSE(client.is_closed());
    world.pass(2 * seconds);
    EXPECT_TRUE(client.is_closed());
    EXPECT_THAT(client.take(), ElementsAre("PINGRESP", "DISCONNECT 0x8D"));
}

TEST(ConnectTest, WithoutAKeepAliveSilenceIsGolden) { // 3.1.2.10
    World world;
    Client client(world);
    client.connect("a");
    world.pass(30 * days);
    EXPECT_FALSE(client.is_closed());
}

TEST(ConnectTest, WhoDoesNotConnectInTimeIsClosed) {
    World world;
    Client silent(world);
    silent.open();
    Client good(world);
    good.connect("a");
    world.pass(world.limits.connect_timeout);
    EXPECT_TRUE(silent.is_closed());
    EXPECT_FALSE(good.is_closed());
    EXPECT_THAT(world.refusal(), HasSubstr("no CONNECT within 10 s"));
}

TEST(ConnectTest, AnAuthenticationMethodIsRefused) { // 3.1.2.11.9
    World world;
    ConnectOptions options;
    options.properties.authentication_method = "SCRAM";
    Client client(world, Version::v5);
    EXPECT_THAT(client.connect("a", options).take(), ElementsAre("CONNACK 0x8C"));
}

TEST(ConnectTest, AConnectInPiecesIsAConnect) {
    World world;
    Client client(world);
    client.open();
    mqtt::Connect connect;
    connect.client_id = "slow";
    std::string bytes;
    ASSERT_TRUE(mqtt::encode(bytes, connect));
    std::string kept_bytes;
    for (const char byte : bytes) {
        kept_bytes += byte;
        kept_bytes.erase(0, world.broker->received(client.id, kept_bytes));
    }
    EXPECT_THAT(client.take(), ElementsAre("CONNACK"));
}

TEST(ConnectTest, ClosingAllTellsWhy) {
    World world;
    Client five(world, Version::v5);
    Client three(world);
    five.connect("a").take();
    three.connect("b").take();
    world.broker->close_all();
    EXPECT_THAT(five.take(), ElementsAre("DISCONNECT 0x8B"));
    EXPECT_TRUE(five.is_closed() && three.is_closed());
}

} // namespace
} // namespace hearth::broker::test
