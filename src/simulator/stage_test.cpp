#include "base/yaml.h"
#include "codec/mqtt/decoder.h"
#include "codec/mqtt/encoder.h"
#include "net/test_turns.h"
#include "simulator/stage.h"

#include <map>

#include <gmock/gmock.h>

namespace hearth::simulator {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::StartsWith;

/// Just enough of a broker: it accepts, acknowledges, and remembers.
class Broker final : public net::StreamHandler {
public:
    explicit Broker(net::Shard& shard)
        : sockets_(shard, *this, {}) {
        shard.each_turn([this] { sockets_.flush(); });
        address = *sockets_.listen({"127.0.0.1", 0});
    }

    void opened(net::ConnectionId, const net::Address&) override {}
    std::size_t received(net::ConnectionId id, std::string_view bytes) override {
        std::size_t done = 0;
        for (;;) {
            const auto next = mqtt::next_frame(bytes.substr(done), 1 << 20);
            EXPECT_NE(next.status, mqtt::FrameResult::Status::error) << next.error.detail;
            if (next.status != mqtt::FrameResult::Status::frame) return done;
            done += next.frame.size;
            auto packet = mqtt::decode(next.frame, versions_[id]);
            EXPECT_TRUE(packet) << packet.error().detail;
            if (packet) std::visit([&](const auto& one) { take(id, one); }, *packet);
        }
    }
    void closed(net::ConnectionId id, std::string_view) override { clients.erase(id); }

    /// Hangs up on the client of that id.
    void drop(std::string_view client_id) {
        for (const auto& [id, name] : clients)
            if (name == client_id) sockets_.abort(id, "test");
    }

    net::Address address;
    mqtt::ReasonCode answer = mqtt::ReasonCode::success;
    std::map<net::ConnectionId, std::string> clients;
    std::vector<std::string> connects;
    std::vector<std::string> messages; ///< "topic payload"
    int goodbyes = 0;

private:
    template <class Packet>
    void take(net::ConnectionId, const Packet&) {}
    void take(net::ConnectionId id, const mqtt::Connect& connect) {
        versions_[id] = connect.version;
        clients[id] = connect.client_id;
        connects.push_back(
            fmt::format("{} as {}", connect.client_id, connect.user_name.value_or("nobody")));
        mqtt::Connack connack;
        connack.reason = answer;
        send(id, connack);
    }
    void take(net::ConnectionId id, const mqtt::Subscribe& subscribe) {
        std::string block;
        for (const mqtt::Subscription& subscription : subscribe.subscriptions)
            mqtt::append_reason(block, static_cast<mqtt::ReasonCode>(subscription.qos));
        mqtt::Suback suback;
        suback.packet_id = subscribe.packet_id;
        suback.reasons = mqtt::ReasonList(block);
        send(id, suback);
    }
    void take(net::ConnectionId id, const mqtt::Publish& publish) {
        messages.push_back(fmt::format("{} {}", publish.topic, publish.payload));
        if (publish.qos == mqtt::Qos::at_most_once) return;
        mqtt::Ack ack;
        ack.packet_id = publish.packet_id;
        send(id, ack);
    }
    void take(net::ConnectionId, const mqtt::Disconnect&) { ++goodbyes; }

    template <class Packet>
    void send(net::ConnectionId id, const Packet& packet) {
        std::string bytes;
        ASSERT_TRUE(mqtt::encode(bytes, packet, versions_[id]));
        sockets_.send(id, bytes);
    }

    std::map<net::ConnectionId, mqtt::Version> versions_;
    net::StreamSockets sockets_;
};

class StageTest : public testing::Test {
protected:
    static HomePlan plan() {
        auto yaml = parse_yaml(R"(
name: Test home
areas: [{name: Hall}]
devices:
  - {name: Lamp, id: lamp-1, area: Hall, simulate: {kind: light, speaks: esphome, topic: lamp}}
  - {name: Door, id: door-1, area: Hall, simulate: {kind: lock, speaks: device_form, topic: door}}
  - {name: Air, id: zigbee2mqtt_0x1, simulate: {kind: thermometer, speaks: zigbee2mqtt, topic: air}}
)");
        return *parse_home_plan(*yaml);
    }
    template <class Condition>
    bool until(Condition condition) {
        return net::turn_until(shard_, std::move(condition));
    }
    bool has(std::string_view message) {
        return std::ranges::find(broker_.messages, message) != broker_.messages.end();
    }

    net::SystemClock clock_;
    net::Shard shard_{1};
    Broker broker_{shard_};
};

TEST_F(StageTest, ConnectsAnnouncesPlaysAndSaysGoodbye) {
    const auto logins = Credentials::parse(
        "username: all\npassword: x\nclients: {lamp: {username: lamp, password: y}}");
    ASSERT_TRUE(logins);
    Stage stage(shard_, clock_, plan(), *logins, broker_.address, 1, 100);
    stage.start();
    ASSERT_TRUE(until([&] { return has(R"(zigbee2mqtt/bridge/state {"state":"online"})"); }));
    ASSERT_TRUE(until([&] { return has("lamp/status online") && has("door/available online"); }));
    EXPECT_THAT(broker_.connects, Contains("lamp-lamp-1 as lamp"));
    EXPECT_THAT(broker_.connects, Contains("door as all"));
    EXPECT_THAT(broker_.messages, Contains(StartsWith("homeassistant/device/door-1/config ")));
    // A hundred times as fast: a reading a minute comes within a second.
    broker_.messages.clear();
    ASSERT_TRUE(until([&] { return !broker_.messages.empty(); }));
    EXPECT_THAT(broker_.messages, Contains(HasSubstr("\"temperature\"")));

    stage.end();
    ASSERT_TRUE(until([&] { return broker_.goodbyes == 3; }));
    EXPECT_TRUE(has("lamp/status offline"));
    EXPECT_TRUE(has("door/available offline"));
    EXPECT_EQ(stage.exit_code(), 0);
}

TEST_F(StageTest, ConnectsAgainAndTellsEverythingAgain) {
    Stage stage(shard_, clock_, plan(), {}, broker_.address, 1, 1);
    stage.start();
    ASSERT_TRUE(until([&] { return has("lamp/status online"); }));
    broker_.messages.clear();
    broker_.connects.clear();
    broker_.drop("lamp-lamp-1");
    ASSERT_TRUE(until([&] { return has("lamp/status online"); }));
    EXPECT_THAT(broker_.connects, testing::ElementsAre("lamp-lamp-1 as nobody"));
    EXPECT_THAT(broker_.messages, Contains(StartsWith("lamp/light/lamp/state ")));
}

TEST_F(StageTest, EndsWithOneWhereItIsNotLetIn) {
    broker_.answer = mqtt::ReasonCode::not_authorized;
    Stage stage(shard_, clock_, plan(), {}, broker_.address, 1, 1);
    stage.start();
    shard_.run(); // it stops by itself
    EXPECT_EQ(stage.exit_code(), 1);
}

} // namespace
} // namespace hearth::simulator
