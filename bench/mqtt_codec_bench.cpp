#include "allocations.h"
#include "codec/mqtt/decoder.h"
#include "codec/mqtt/encoder.h"

#include <string>

#include <benchmark/benchmark.h>

/// What one packet costs the codec. The counter `allocs` is allocations per packet: 0 is the rule.
namespace {

using namespace hearth::mqtt;

constexpr std::string_view topic = "zigbee2mqtt/0x00158d0001a2b3c4/state";

Publish message(Qos qos) {
    static const std::string payload(64, 'x');
    Publish made{.topic = topic, .payload = payload, .qos = qos};
    made.packet_id = qos == Qos::at_most_once ? 0 : 7;
    return made;
}

std::string encoded(const Packet& packet, Version version) {
    std::string out;
    if (!encode(out, packet, version)) std::abort();
    return out;
}

/// Runs `step` and says how often it allocated. One run before the count fills buffers.
template <class Step>
void measure(benchmark::State& state, Step&& step) {
    step();
    const std::size_t before = allocations;
    for (auto _ : state)
        step();
    state.counters["allocs"] = benchmark::Counter(static_cast<double>(allocations - before),
                                                  benchmark::Counter::kAvgIterations);
}

void decode_one(benchmark::State& state, const std::string& input, Version version) {
    measure(state, [&] {
        const FrameResult next = next_frame(input, 65'536);
        auto packet = decode_publish(next.frame, version);
        benchmark::DoNotOptimize(packet);
    });
}

void decode_publish_v311(benchmark::State& state) {
    const auto qos = static_cast<Qos>(state.range(0));
    decode_one(state, encoded(message(qos), Version::v311), Version::v311);
}

void decode_publish_v5(benchmark::State& state) {
    const auto qos = static_cast<Qos>(state.range(0));
    decode_one(state, encoded(message(qos), Version::v5), Version::v5);
}

void decode_publish_v5_with_properties(benchmark::State& state) {
    std::string block;
    if (!append_user_property(block, "unit", "celsius")) std::abort();
    Publish publish = message(Qos::at_least_once);
    publish.properties.message_expiry_s = 60;
    publish.properties.content_type = "application/json";
    publish.properties.topic_alias = 3;
    publish.properties.user_properties = UserProperties(block);
    decode_one(state, encoded(publish, Version::v5), Version::v5);
}

void decode_publish_as_variant(benchmark::State& state) {
    const std::string input = encoded(message(Qos::at_least_once), Version::v311);
    measure(state, [&] {
        auto packet = decode(next_frame(input, 65'536).frame, Version::v311);
        benchmark::DoNotOptimize(packet);
    });
}

void decode_puback(benchmark::State& state) {
    const std::string input = encoded(Ack{.packet_id = 7}, Version::v311);
    measure(state, [&] {
        auto packet = decode_ack(next_frame(input, 65'536).frame, Version::v311);
        benchmark::DoNotOptimize(packet);
    });
}

template <class P>
void encode_one(benchmark::State& state, const P& packet, Version version) {
    std::string out;
    measure(state, [&] {
        out.clear();
        auto done = encode(out, packet, version);
        benchmark::DoNotOptimize(done);
        benchmark::DoNotOptimize(out.data());
    });
}

void encode_publish_v311(benchmark::State& state) {
    encode_one(state, message(static_cast<Qos>(state.range(0))), Version::v311);
}

void encode_publish_v5(benchmark::State& state) {
    encode_one(state, message(static_cast<Qos>(state.range(0))), Version::v5);
}

void encode_puback(benchmark::State& state) {
    encode_one(state, Ack{.packet_id = 7}, Version::v311);
}

/// One more receiver of a PUBLISH that is encoded already: a copy with its own identifier.
void share_publish(benchmark::State& state) {
    const std::string shared = encoded(message(Qos::at_least_once), Version::v311);
    const std::size_t offset = packet_id_offset(shared);
    std::string out;
    std::uint16_t id = 0;
    measure(state, [&] {
        out.assign(shared);
        patch_packet_id(out.data(), offset, ++id);
        benchmark::DoNotOptimize(out.data());
    });
}

void match_topic(benchmark::State& state, std::string_view filter) {
    measure(state, [&] {
        benchmark::DoNotOptimize(filter);
        benchmark::DoNotOptimize(matches(filter, topic));
    });
}

void check_topic(benchmark::State& state) {
    measure(state, [&] {
        std::string_view checked = topic;
        benchmark::DoNotOptimize(checked);
        benchmark::DoNotOptimize(check_topic_name(checked));
    });
}

BENCHMARK(decode_publish_v311)->ArgName("qos")->Arg(0)->Arg(1);
BENCHMARK(decode_publish_v5)->ArgName("qos")->Arg(0)->Arg(1);
BENCHMARK(decode_publish_v5_with_properties);
BENCHMARK(decode_publish_as_variant);
BENCHMARK(decode_puback);
BENCHMARK(encode_publish_v311)->ArgName("qos")->Arg(0)->Arg(1);
BENCHMARK(encode_publish_v5)->ArgName("qos")->Arg(0)->Arg(1);
BENCHMARK(encode_puback);
BENCHMARK(share_publish);
BENCHMARK_CAPTURE(match_topic, exact, topic);
BENCHMARK_CAPTURE(match_topic, plus, "zigbee2mqtt/+/state");
BENCHMARK_CAPTURE(match_topic, hash, "zigbee2mqtt/#");
BENCHMARK_CAPTURE(match_topic, other, "zigbee2mqtt/0x00158d0001a2b3ff/state");
BENCHMARK(check_topic);

} // namespace

BENCHMARK_MAIN();
