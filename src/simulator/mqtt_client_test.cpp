#include "codec/mqtt/decoder.h"
#include "codec/mqtt/encoder.h"
#include "simulator/mqtt_client.h"

#include <gmock/gmock.h>

namespace hearth::simulator {
namespace {

using mqtt::PacketType;
using mqtt::Qos;
using mqtt::ReasonCode;
using mqtt::Version;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// A broker's end of the link, whose answers the test gives; and whom the client serves.
class ClientTest : public testing::Test, public Link, public ClientOwner {
protected:
    static ClientOptions plain(Version version = Version::v311) {
        ClientOptions options;
        options.client_id = "lamp";
        options.version = version;
        options.keep_alive_s = 20;
        options.will = Message{"lamp/status", "offline", Qos::at_least_once, true};
        options.subscriptions = {{"lamp/set", Qos::at_least_once}};
        return options;
    }
    MqttClient& make(ClientOptions options = plain(), ClientLimits limits = {}) {
        version_ = options.version;
        client_ = std::make_unique<MqttClient>(std::move(options), *this, *this, random_, limits);
        return *client_;
    }
    MqttClient& client() { return *client_; }

    /// Up to "connected".
    void connect() {
        client().start(now_);
        client().opened(now_);
        answer(mqtt::Connack());
        suback(ReasonCode::granted_qos_1);
        sent.clear();
    }
    template <class Packet>
    void answer(const Packet& packet) {
        std::string bytes;
        ASSERT_TRUE(mqtt::encode(bytes, packet, version_));
        EXPECT_EQ(client().received(bytes, now_), bytes.size());
    }
    void suback(ReasonCode reason) {
        std::string block;
        mqtt::append_reason(block, reason);
        mqtt::Suback suback;
        suback.packet_id = 1;
        suback.reasons = mqtt::ReasonList(block);
        answer(suback);
    }
    void puback(std::uint16_t id, ReasonCode reason = ReasonCode::success) {
        mqtt::Ack ack;
        ack.packet_id = id;
        ack.reason = reason;
        answer(ack);
    }
    void turn(Micros by) {
        for (const Micros end = now_ + by; now_ < end;) {
            now_ += 250 * milliseconds;
            client().advance(now_);
        }
    }
    void lose() { client().closed("lost", now_); }
    /// The types of what was sent, since they were last asked for.
    std::vector<PacketType> types() {
        std::vector<PacketType> all;
        for (const std::string& packet : std::exchange(sent, {}))
            all.push_back(mqtt::next_frame(packet, packet.size()).frame.type());
        return all;
    }
    mqtt::Publish publish_in(const std::string& packet) {
        return *mqtt::decode_publish(mqtt::next_frame(packet, packet.size()).frame, version_);
    }

    void open() override { ++opens; }
    void send(std::string_view bytes) override { sent.emplace_back(bytes); }
    void close() override { ++closes; }
    void connected(Micros) override { ++connections; }
    void received(const mqtt::Publish& message, Micros) override {
        messages.push_back(fmt::format("{} {}", message.topic, message.payload));
    }
    void lost(std::string_view why) override { losses.emplace_back(why); }
    void refused(const Error& error) override { refusals.push_back(error.detail); }
    void rejected(std::string_view topic, std::string_view why) override {
        rejections.push_back(fmt::format("{}: {}", topic, why));
    }

    int opens = 0;
    int closes = 0;
    int connections = 0;
    std::vector<std::string> sent;
    std::vector<std::string> messages;
    std::vector<std::string> losses;
    std::vector<std::string> refusals;
    std::vector<std::string> rejections;

private:
    Version version_ = Version::v311;
    SeededRandom random_{1};
    Micros now_ = 1'000 * seconds;
    std::unique_ptr<MqttClient> client_;
};

TEST_F(ClientTest, ConnectsWithWillKeepAliveAndLoginThenSubscribes) {
    for (const Version version : {Version::v311, Version::v5}) {
        ClientOptions options = plain(version);
        options.user_name = "demo";
        options.password = "secret";
        make(options).start(0);
        client().opened(0);
        ASSERT_EQ(sent.size(), 1U);
        const auto connect = mqtt::decode_connect(mqtt::next_frame(sent[0], 1'000).frame);
        ASSERT_TRUE(connect);
        EXPECT_EQ(connect->version, version);
        EXPECT_EQ(connect->client_id, "lamp");
        EXPECT_EQ(connect->keep_alive_s, 20);
        EXPECT_EQ(connect->will->topic, "lamp/status");
        EXPECT_TRUE(connect->will->retain);
        EXPECT_EQ(connect->user_name, "demo");
        EXPECT_EQ(connect->password, "secret");
        sent.clear();
        answer(mqtt::Connack());
        EXPECT_THAT(types(), ElementsAre(PacketType::subscribe));
        EXPECT_EQ(connections, 0);
        suback(ReasonCode::granted_qos_1);
        EXPECT_TRUE(client().is_connected());
        EXPECT_EQ(std::exchange(connections, 0), 1);
    }
}

TEST_F(ClientTest, DropsQos0WithoutAConnection) {
    make();
    EXPECT_EQ(client().publish({"a", "b"}).error().code, Code::unavailable);
    connect();
    EXPECT_TRUE(client().publish({"a", "b"}));
    EXPECT_THAT(types(), ElementsAre(PacketType::publish));
}

TEST_F(ClientTest, SendsQos1AgainOnTheNextConnectionUntilItIsAcknowledged) {
    make();
    connect();
    ASSERT_TRUE(client().publish({"a", "first", Qos::at_least_once, true}));
    ASSERT_TRUE(client().publish({"a", "second", Qos::at_least_once}));
    ASSERT_EQ(sent.size(), 2U);
    puback(publish_in(sent[0]).packet_id);
    EXPECT_EQ(client().unacknowledged(), 1U);
    lose();
    connect();
    connections = 0;
    lose();
    client().start(0);
    client().opened(0);
    answer(mqtt::Connack());
    sent.clear();
    suback(ReasonCode::granted_qos_1);
    ASSERT_EQ(sent.size(), 1U);
    const mqtt::Publish again = publish_in(sent[0]);
    EXPECT_EQ(again.payload, "second");
    EXPECT_FALSE(again.duplicate);
    puback(again.packet_id);
    EXPECT_EQ(client().unacknowledged(), 0U);
}

TEST_F(ClientTest, HasNoMoreInFlightThanTheBrokerTakes) {
    make(plain(Version::v5));
    client().start(0);
    client().opened(0);
    mqtt::Connack connack;
    connack.properties.receive_maximum = 2;
    answer(connack);
    suback(ReasonCode::granted_qos_1);
    sent.clear();
    for (int i = 0; i < 5; ++i)
        ASSERT_TRUE(client().publish({"a", "b", Qos::at_least_once}));
    EXPECT_EQ(sent.size(), 2U);
    puback(publish_in(sent[0]).packet_id);
    EXPECT_EQ(sent.size(), 3U);
    EXPECT_EQ(client().unacknowledged(), 4U);
}

TEST_F(ClientTest, RefusesMoreThanItsQueueHolds) {
    ClientLimits limits;
    limits.queued = 3;
    make(plain(), limits);
    for (int i = 0; i < 3; ++i)
        ASSERT_TRUE(client().publish({"a", "b", Qos::at_least_once}));
    EXPECT_EQ(client().publish({"a", "b", Qos::at_least_once}).error().code, Code::limit);
    connect();
    EXPECT_TRUE(client().publish({"a", "b", Qos::at_least_once}));
    const std::string large(limits.packet_bytes, 'x');
    EXPECT_EQ(client().publish({"a", large}).error().code, Code::limit);
}

TEST_F(ClientTest, AcknowledgesQos1) {
    make();
    connect();
    mqtt::Publish publish;
    publish.topic = "lamp/set";
    publish.payload = "ON";
    publish.qos = Qos::at_least_once;
    publish.packet_id = 77;
    answer(publish);
    EXPECT_THAT(messages, ElementsAre("lamp/set ON"));
    ASSERT_EQ(sent.size(), 1U);
    const auto ack = mqtt::decode_ack(mqtt::next_frame(sent[0], 100).frame, Version::v311);
    ASSERT_TRUE(ack);
    EXPECT_EQ(ack->packet_id, 77);
}

TEST_F(ClientTest, PingsWhenNothingIsSaidAndHangsUpWithoutAnAnswer) {
    make();
    connect();
    turn(9 * seconds);
    EXPECT_THAT(types(), IsEmpty());
    turn(2 * seconds);
    EXPECT_THAT(types(), ElementsAre(PacketType::pingreq));
    answer(mqtt::Pingresp());
    turn(11 * seconds);
    EXPECT_THAT(types(), ElementsAre(PacketType::pingreq));
    EXPECT_EQ(closes, 0);
    turn(11 * seconds);
    EXPECT_EQ(closes, 1);
    lose();
    EXPECT_THAT(losses, ElementsAre(HasSubstr("did not answer a ping")));
}

TEST_F(ClientTest, TriesAgainWithLongerAndLongerPauses) {
    make().start(0);
    Micros longest = 0;
    for (int attempt = 1; attempt < 12; ++attempt) {
        ASSERT_EQ(opens, attempt);
        client().closed("connection refused", 0);
        Micros waited = 0;
        while (opens == attempt) {
            waited += 100 * milliseconds;
            client().advance(waited);
        }
        if (attempt == 1) {
            EXPECT_LE(waited, 1'300 * milliseconds);
        }
        longest = std::max(longest, waited);
    }
    EXPECT_GE(longest, 24 * seconds);
    EXPECT_LE(longest, 37 * seconds);
}

TEST_F(ClientTest, StopsForGoodWhereItIsNotLetIn) {
    for (const ReasonCode reason :
         {ReasonCode::bad_user_name_or_password, ReasonCode::not_authorized}) {
        for (const Version version : {Version::v311, Version::v5}) {
            make(plain(version)).start(0);
            client().opened(0);
            mqtt::Connack connack;
            connack.reason = reason;
            answer(connack);
            EXPECT_THAT(refusals, ElementsAre(HasSubstr("does not let \"lamp\" in")));
            client().closed("done", 0);
            EXPECT_TRUE(client().is_stopped());
            refusals.clear();
        }
    }
}

TEST_F(ClientTest, StopsForGoodWhereItMayNotSubscribe) {
    make().start(0);
    client().opened(0);
    answer(mqtt::Connack());
    suback(ReasonCode::unspecified_error);
    EXPECT_THAT(refusals, ElementsAre(HasSubstr("subscribe to lamp/set")));
}

TEST_F(ClientTest, TriesAgainWhereTheBrokerIsOnlyBusy) {
    make().start(0);
    client().opened(0);
    mqtt::Connack connack;
    connack.reason = ReasonCode::server_unavailable;
    answer(connack);
    lose();
    EXPECT_THAT(refusals, IsEmpty());
    EXPECT_THAT(losses, ElementsAre(HasSubstr("server unavailable")));
}

TEST_F(ClientTest, TellsOfAMessageThatWasNotTaken) {
    make(plain(Version::v5));
    connect();
    ASSERT_TRUE(client().publish({"secret/topic", "b", Qos::at_least_once}));
    puback(publish_in(sent[0]).packet_id, ReasonCode::not_authorized);
    EXPECT_THAT(rejections, ElementsAre("secret/topic: not authorized"));
    EXPECT_EQ(client().unacknowledged(), 0U);
}

TEST_F(ClientTest, HangsUpOnWhatIsNoMqtt) {
    make().start(0);
    client().opened(0);
    EXPECT_EQ(client().received("HTTP/1.1 400 Bad Request\r\n", 0), 26U);
    EXPECT_EQ(closes, 1);
}

TEST_F(ClientTest, HangsUpOnAnAnswerOutOfTurn) {
    make().start(0);
    client().opened(0);
    puback(3);
    EXPECT_EQ(closes, 1);
}

TEST_F(ClientTest, HangsUpOnABrokerThatDoesNotAnswer) {
    make().start(1'000 * seconds);
    client().opened(1'000 * seconds);
    turn(11 * seconds);
    EXPECT_EQ(closes, 1);
}

TEST_F(ClientTest, ReadsPacketsThatComeInPieces) {
    make();
    connect();
    mqtt::Publish publish;
    publish.topic = "lamp/set";
    publish.payload = "OFF";
    std::string bytes;
    ASSERT_TRUE(mqtt::encode(bytes, publish, Version::v311));
    for (std::size_t length = 0; length < bytes.size(); ++length)
        EXPECT_EQ(client().received(bytes.substr(0, length), 0), 0U);
    EXPECT_EQ(client().received(bytes + bytes, 0), 2 * bytes.size());
    EXPECT_THAT(messages, ElementsAre("lamp/set OFF", "lamp/set OFF"));
}

TEST_F(ClientTest, SaysGoodbye) {
    make();
    connect();
    client().stop();
    EXPECT_THAT(types(), ElementsAre(PacketType::disconnect));
    EXPECT_EQ(closes, 1);
    client().closed("done", 0);
    EXPECT_TRUE(client().is_stopped());
    turn(100 * seconds);
    EXPECT_EQ(opens, 1);
    EXPECT_THAT(losses, IsEmpty());
}

} // namespace
} // namespace hearth::simulator
