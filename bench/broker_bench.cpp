// What the broker itself costs, without sockets and disk: bytes in, bytes out.
//
// Each figure is per delivered message: `items_per_second` and ns, and `allocs` counted through
// operator new. Run: build/release/broker_bench --benchmark_min_time=1

#include "allocations.h"
#include "broker/broker.h"
#include "codec/mqtt/encoder.h"
#include "journal/memory_journal.h"

#include <vector>

#include <benchmark/benchmark.h>
#include <fmt/core.h>
#include <malloc.h>

namespace hearth::broker {
namespace {

/// Takes what the broker sends as a socket's output chunk would: copies it, and starts again.
class Sink final : public Outlet {
public:
    Sink() { chunk_.reserve(limit); }
    void send(ConnectionId, std::string_view bytes) override {
        if (chunk_.size() + bytes.size() > limit) chunk_.clear();
        chunk_ += bytes;
    }
    void send(ConnectionId, SharedBytes bytes) override { benchmark::DoNotOptimize(bytes); }
    void close(ConnectionId, std::string_view) override {}
    void turn_away(ConnectionId, std::string_view) override {}
    void pause(ConnectionId) override {}
    void resume(ConnectionId) override {}
    std::size_t unsent(ConnectionId) const override { return 0; }

private:
    static constexpr std::size_t limit = 64U << 10;
    std::string chunk_;
};

class Everybody final : public Authorizer {
public:
    Result<std::string> authenticate(const Login&) override { return std::string(); }
    bool knows(std::string_view) const override { return true; }
    bool may_publish(std::string_view, std::string_view) const override { return true; }
    bool may_subscribe(std::string_view, std::string_view) const override { return true; }
    std::uint64_t epoch() const override { return 1; }
};

struct Hub {
    ManualClock clock;
    SeededRandom random{1};
    journal::MemoryJournal journal;
    Everybody authorizer;
    Sink sink;
    Metrics metrics;
    Refusals refusals{clock, metrics};
    Broker broker{{clock, random, journal, authorizer, sink, metrics, refusals}, BrokerLimits{}};
    ConnectionId next = 1;

    ConnectionId connect() {
        const ConnectionId id = next++;
        broker.opened(id, {"127.0.0.1", 1});
        mqtt::Connect connect;
        const std::string client_id = fmt::format("client-{:06}", id);
        connect.client_id = client_id;
        connect.keep_alive_s = 60;
        std::string bytes;
        (void)mqtt::encode(bytes, connect);
        broker.received(id, bytes);
        return id;
    }
    void subscribe(ConnectionId id, std::string_view filter, int qos) {
        std::string block;
        (void)mqtt::append_subscription(block,
                                        {.filter = filter, .qos = static_cast<mqtt::Qos>(qos)});
        std::string bytes;
        (void)mqtt::encode(bytes, mqtt::Subscribe{1, {}, mqtt::SubscriptionList(block)},
                           mqtt::Version::v311);
        broker.received(id, bytes);
    }
};

std::string publish(std::string_view topic, int qos) {
    mqtt::Publish packet;
    const std::string payload(64, 'x');
    packet.topic = topic;
    packet.payload = payload;
    packet.qos = static_cast<mqtt::Qos>(qos);
    packet.packet_id = qos == 0 ? 0 : 1;
    std::string bytes;
    (void)mqtt::encode(bytes, packet, mqtt::Version::v311);
    return bytes;
}

class Count {
public:
    explicit Count(benchmark::State& state)
        : state_(state)
        , before_(allocations) {}
    void end(std::size_t per_iteration) {
        const double messages =
            static_cast<double>(state_.iterations()) * static_cast<double>(per_iteration);
        state_.SetItemsProcessed(static_cast<std::int64_t>(messages));
        state_.counters["allocs"] = static_cast<double>(allocations - before_) / messages;
        state_.counters["ns/message"] = benchmark::Counter(
            messages * 1e-9, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
    }

private:
    benchmark::State& state_;
    std::uint64_t before_;
};

/// 100 publishers, each on its own topic, one subscriber to all.
void fan_in(benchmark::State& state) {
    Hub hub;
    const int qos = static_cast<int>(state.range(0));
    const ConnectionId subscriber = hub.connect();
    hub.subscribe(subscriber, "in/#", qos);
    std::vector<ConnectionId> publishers;
    std::vector<std::string> packets;
    for (int i = 0; i < 100; ++i) {
        publishers.push_back(hub.connect());
        packets.push_back(publish(fmt::format("in/{:03}", i), qos));
    }
    std::string ack = std::string("\x40\x02\x00\x00", 4);
    std::uint16_t id = 0;
    const auto once = [&](std::size_t i) {
        hub.broker.received(publishers[i], packets[i]);
        if (qos == 0) return;
        if (++id == 0) ++id;
        ack[2] = static_cast<char>(id >> 8);
        ack[3] = static_cast<char>(id & 0xFF);
        hub.broker.received(subscriber, ack);
    };
    for (std::size_t i = 0; i < 1'000; ++i)
        once(i % 100);
    Count count(state);
    for (auto _ : state) {
        for (std::size_t i = 0; i < 100; ++i)
            once(i);
        hub.broker.end_turn();
    }
    count.end(100);
}
BENCHMARK(fan_in)->Arg(0)->Arg(1);

/// One publisher, 1,000 subscribers.
void fan_out(benchmark::State& state) {
    Hub hub;
    const int qos = static_cast<int>(state.range(0));
    const ConnectionId publisher = hub.connect();
    std::vector<ConnectionId> subscribers;
    for (int i = 0; i < 1'000; ++i) {
        subscribers.push_back(hub.connect());
        hub.subscribe(subscribers.back(), "out", qos);
    }
    const std::string packet = publish("out", qos);
    std::uint16_t id = 0;
    std::string ack = std::string("\x40\x02\x00\x00", 4);
    const auto once = [&] {
        hub.broker.received(publisher, packet);
        if (qos == 0) return;
        if (++id == 0) ++id;
        ack[2] = static_cast<char>(id >> 8);
        ack[3] = static_cast<char>(id & 0xFF);
        for (const ConnectionId subscriber : subscribers)
            hub.broker.received(subscriber, ack);
    };
    for (int i = 0; i < 10; ++i)
        once();
    Count count(state);
    for (auto _ : state) {
        once();
        hub.broker.end_turn();
    }
    count.end(1'000);
}
BENCHMARK(fan_out)->Arg(0)->Arg(1);

/// 500 pairs.
void pairs(benchmark::State& state) {
    Hub hub;
    const int qos = static_cast<int>(state.range(0));
    std::vector<std::pair<ConnectionId, ConnectionId>> ends;
    std::vector<std::string> packets;
    for (int i = 0; i < 500; ++i) {
        const std::string topic = fmt::format("pair/{:03}", i);
        ends.emplace_back(hub.connect(), hub.connect());
        hub.subscribe(ends.back().second, topic, qos);
        packets.push_back(publish(topic, qos));
    }
    std::uint16_t id = 0;
    std::string ack = std::string("\x40\x02\x00\x00", 4);
    const auto round = [&] {
        if (++id == 0) ++id;
        ack[2] = static_cast<char>(id >> 8);
        ack[3] = static_cast<char>(id & 0xFF);
        for (std::size_t i = 0; i < ends.size(); ++i) {
            hub.broker.received(ends[i].first, packets[i]);
            if (qos != 0) hub.broker.received(ends[i].second, ack);
        }
        hub.broker.end_turn();
    };
    for (int i = 0; i < 10; ++i)
        round();
    Count count(state);
    for (auto _ : state)
        round();
    count.end(500);
}
BENCHMARK(pairs)->Arg(0)->Arg(1);

/// Heap that an idle connection with one subscription of its own costs, without its socket.
void idle_session(benchmark::State& state) {
    const std::size_t many = 20'000;
    double bytes = 0;
    for (auto _ : state) {
        Hub hub;
        const struct mallinfo2 before = mallinfo2();
        for (std::size_t i = 0; i < many; ++i)
            hub.subscribe(hub.connect(), fmt::format("device-{}/set", i), 1);
        const struct mallinfo2 after = mallinfo2();
        bytes =
            static_cast<double>(after.uordblks - before.uordblks + (after.hblkhd - before.hblkhd)) /
            static_cast<double>(many);
    }
    state.counters["bytes/session"] = bytes;
}
BENCHMARK(idle_session)->Iterations(1)->Unit(benchmark::kMillisecond);

} // namespace
} // namespace hearth::broker

BENCHMARK_MAIN();
