#pragma once

#include "adapters/mqtt_discovery/adapter.h"
#include "base/random.h"
#include "base/refusals.h"
#include "broker/broker.h"
#include "house_messages.h"
#include "journal/journal.h"

#include <cstdlib>
#include <functional>
#include <string>
#include <utility>

namespace hearth::bench {

/// Where the broker's bytes end: they are looked at, not kept.
class Sink final : public broker::Outlet {
public:
    void send(broker::ConnectionId id, std::string_view bytes) override {
        if (on_send) on_send(id, bytes);
    }
    void send(broker::ConnectionId id, broker::SharedBytes bytes) override { send(id, *bytes); }
    void close(broker::ConnectionId, std::string_view why) override {
        fmt::print(stderr, "the broker closes a connection: {}\n", why);
        std::exit(1);
    }
    void turn_away(broker::ConnectionId id, std::string_view why) override { close(id, why); }
    void pause(broker::ConnectionId) override {}
    void resume(broker::ConnectionId) override {}
    std::size_t unsent(broker::ConnectionId) const override { return 0; }

    std::function<void(broker::ConnectionId, std::string_view)> on_send;
};

class Everybody final : public broker::Authorizer {
public:
    Result<std::string> authenticate(const broker::Login&) override { return std::string(); }
    bool knows(std::string_view) const override { return true; }
    bool may_publish(std::string_view, std::string_view) const override { return true; }
    bool may_subscribe(std::string_view, std::string_view) const override { return true; }
    std::uint64_t epoch() const override { return 1; }
};

/// The whole hub but for its sockets and its API: bytes of one bridge's connection go into the
/// broker, from there through `mqtt_discovery` into the home. The journal is handed in; what is
/// written and committed is its owner's affair. Time stands still unless the clock is turned.
class House : private home::Sender {
public:
    House(ManualClock& clock, journal::Journal& journal)
        : refusals(clock, metrics_)
        , broker({clock, random_, journal, authorizer_, sink, metrics_, refusals})
        , home(clock, random_, journal, *this)
        , adapter(broker)
        , port_("mqtt_discovery", home, refusals, clock)
        , clock_(clock) {}

    /// After replay.
    void start() {
        broker.start();
        require(adapter.start(port_).has_value(), "the adapter does not start");
        broker.opened(bridge, {"127.0.0.1", 1});
        receive(connect_bytes("bridge"));
        receive(subscribe_bytes("zigbee2mqtt/+/set", 0));
        receive(publish_bytes({"zigbee2mqtt/bridge/state", R"({"state":"online"})", true}, 0));
    }

    /// Devices 0 to count - 1 announce themselves and are all there.
    void announce(std::size_t count) {
        for (std::size_t device = 0; device < count; ++device) {
            for (const Message& message : discovery_of(device))
                receive(publish_bytes(message, 0));
            receive(publish_bytes(
                {topic_of(device) + "/availability", R"({"state":"online"})", true}, 0));
            turn();
        }
        clock_.turn(100 * milliseconds); // the burst of announcements is over
        turn();
        require(home.devices().size() == count, "not every device has joined");
    }

    void receive(std::string_view bytes) {
        require(broker.received(bridge, bytes) == bytes.size(), "the broker leaves bytes over");
    }

    /// What the program does at the end of each turn of its shard, before the journal writes.
    void turn() {
        adapter.tick();
        home.advance();
        broker.advance();
        broker.end_turn();
    }

    const home::Device& device(std::size_t number) const {
        for (const home::Device* one : home.devices())
            if (one->name() == fmt::format("device_{}", number)) return *one;
        require(false, "no such device");
        std::abort();
    }

    static void require(bool holds, std::string_view what) {
        if (holds) return;
        fmt::print(stderr, "nothing was measured: {}\n", what);
        std::exit(1);
    }

    static constexpr broker::ConnectionId bridge = 1;

private:
    SeededRandom random_{1};
    Metrics metrics_;
    Everybody authorizer_;

public:
    Refusals refusals;
    Sink sink;
    broker::Broker broker;
    home::Home home;
    mqtt_discovery::Adapter adapter;

private:
    void send(const home::Device& device, const home::Command& command) override {
        adapter.send(device, command);
    }

    adapters::Port port_;
    ManualClock& clock_;
};

} // namespace hearth::bench
