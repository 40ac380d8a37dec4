#include "broker/broker_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hearth::broker::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class HostileTest : public testing::Test {
protected:
    World world;
    Client client{world, Version::v5};

    void SetUp() override { client.connect("hostile").take(); }
};

TEST_F(HostileTest, AnEmptyTopicClosesTheConnection) { // CVE-2021-34432
    Client old(world);
    old.connect("old").take();
    old.raw(std::string_view("\x30\x03\x00\x00x", 5));
    EXPECT_TRUE(old.is_closed());
    client.raw(std::string_view("\x30\x04\x00\x00\x00x", 6));
    EXPECT_TRUE(client.is_closed());
}

TEST_F(HostileTest, WildcardsInATopicCloseTheConnection) { // 3.3.2-2
    client.publish("a/#", "x");
    EXPECT_THAT(client.take(), ElementsAre("DISCONNECT 0x90"));
}

TEST_F(HostileTest, ATruncatedPublishClosesTheConnection) { // NanoMQ #2270
    client.raw(std::string_view("\x32\x03\x00\x05t", 5));
    EXPECT_THAT(client.take(), ElementsAre("DISCONNECT 0x81"));
}

TEST_F(HostileTest, ALengthOfFiveBytesClosesTheConnection) { // CVE-2026-21888
    client.raw(std::string_view("\x30\x80\x80\x80\x80\x01", 6));
    EXPECT_THAT(client.take(), ElementsAre("DISCONNECT 0x81"));
}

TEST_F(HostileTest, AcknowledgingWhatWasNeverSentDoesNothing) {
    client.puback(1);
    client.pubcomp(1);
    client.ack(mqtt::PacketType::pubrec, 1, mqtt::ReasonCode::unspecified_error);
    EXPECT_THAT(client.take(), IsEmpty());
    EXPECT_FALSE(client.is_closed());
}

TEST_F(HostileTest, AcknowledgingInTheWrongWayIsAProtocolError) { // EMQX CVE-2026-8741
    Client sender(world);
    sender.connect("sender");
    client.subscribe("t", {.qos = 2});
    sender.publish("t", "1", {.qos = 1});
    sender.publish("t", "2", {.qos = 2});
    client.take();
    client.pubrec(1);
    EXPECT_THAT(client.take(), ElementsAre("DISCONNECT 0x82"));
    Client again(world, Version::v5);
    again.connect("hostile");
    again.subscribe("t", {.qos = 2});
    sender.publish("t", "2", {.qos = 2});
    again.take();
    again.pubcomp(1);
    EXPECT_THAT(again.take(), ElementsAre("DISCONNECT 0x82"));
}

TEST_F(HostileTest, ASharedSubscriptionCannotBeNoLocal) { // 3.8.3-4
    client.subscribe("$share/g/t", {.no_local = true});
    EXPECT_THAT(client.take(), ElementsAre("DISCONNECT 0x82"));
}

TEST_F(HostileTest, BytesAfterTheEndOfAConnectionAreIgnored) {
    client.disconnect();
    client.publish("t", "x");
    client.raw("anything");
    world.broker->closed(client.id, "twice");
    world.broker->closed(999'999, "never opened");
    EXPECT_THAT(client.take(), IsEmpty());
}

TEST_F(HostileTest, RandomBytesNeverHarmOthers) {
    Client good(world);
    good.connect("good");
    good.subscribe("#");
    good.take();
    SeededRandom random(11);
    for (int i = 0; i < 3'000; ++i) {
        Client bad(world, Version::v5);
        ConnectOptions options;
        options.properties.session_expiry_s = i % 2 == 0 ? 60 : 0;
        bad.connect("bad-" + std::to_string(i % 7), options, i % 3 == 0);
        std::string bytes;
        mqtt::Publish publish;
        publish.topic = "a/b";
        publish.qos = static_cast<mqtt::Qos>(i % 3);
        publish.packet_id = 1;
        ASSERT_TRUE(mqtt::encode(bytes, publish, Version::v5));
        bytes += std::string("\x82\x09\x00\x01\x00\x00\x03t/+\x02", 11);
        for (std::uint64_t flips = random.next() % 4; flips > 0; --flips)
            bytes[random.next() % bytes.size()] = static_cast<char>(random.next());
        bad.raw(bytes);
        if (i % 5 == 0) bad.vanish();
    }
    world.commit();
    good.take();
    good.publish("still/here", "yes");
    EXPECT_THAT(good.take(), ElementsAre("PUBLISH still/here q0 = yes"));
}

} // namespace
} // namespace hearth::broker::test
