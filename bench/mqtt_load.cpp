// Loads a broker on the loopback; bench/ground.py runs it. Anonymous, MQTT 3.1.1.
//
//   mqtt_load acks PORT CONNECTIONS OUTSTANDING SECONDS
//       QoS 1 messages, so many unacknowledged on each connection; prints one JSON object
//   mqtt_load announce PORT FIRST COUNT      these devices of house_messages.h announce themselves
//   mqtt_load report PORT FIRST COUNT ROUNDS they report so often, at QoS 1
//   mqtt_load idle PORT FIRST COUNT
//       so many connections with one subscription each, numbered from FIRST; prints "open", and
//       holds them until standard input ends
#include "load_client.h"

#include <span>

namespace {

using namespace hearth::bench;

std::size_t number(const char* text) {
    return static_cast<std::size_t>(std::strtoull(text, nullptr, 10));
}

int acks(std::uint16_t port, std::span<char*> arguments) {
    AckLoad load(port, number(arguments[0]), number(arguments[1]));
    const LoadResult result = load.run(std::strtod(arguments[2], nullptr));
    fmt::print(R"({{"acks":{},"seconds":{:.3f},"p50_us":{:.0f},"p99_us":{:.0f},)"
               R"("client_cpu_us":{:.2f}}})"
               "\n",
               result.acks, result.wall_us / 1e6, result.p50_us, result.p99_us,
               result.client_cpu_us / static_cast<double>(std::max<std::uint64_t>(result.acks, 1)));
    return 0;
}

int announce(std::uint16_t port, std::size_t first, std::size_t count) {
    const LoadConnection bridge(port, "bridge");
    send_all(bridge, {{"zigbee2mqtt/bridge/state", R"({"state":"online"})", true}});
    for (std::size_t device = first; device < first + count; ++device) {
        auto messages = discovery_of(device);
        messages.push_back({topic_of(device) + "/availability", R"({"state":"online"})", true});
        send_all(bridge, messages);
    }
    return 0;
}

int report(std::uint16_t port, std::size_t first, std::size_t count, std::size_t rounds) {
    const LoadConnection bridge(port, "bridge");
    for (std::size_t round = 1; round <= rounds; ++round) {
        std::vector<Message> messages;
        for (std::size_t device = first; device < first + count; ++device)
            messages.push_back(state_of(device, round));
        send_all(bridge, messages);
    }
    return 0;
}

int idle(std::uint16_t port, std::size_t first, std::size_t count) {
    std::vector<std::unique_ptr<LoadConnection>> connections;
    for (std::size_t i = 0; i < count; ++i) {
        const std::string name = fmt::format("idle-{:05}", first + i);
        connections.push_back(std::make_unique<LoadConnection>(port, name));
        connections.back()->subscribe(name + "/set");
    }
    fmt::print("open\n");
    std::fflush(stdout);
    while (std::getchar() != EOF) {
    }
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    const std::string_view mode = argc > 2 ? argv[1] : "";
    const std::span<char*> rest(argv + 3, argc > 3 ? static_cast<std::size_t>(argc - 3) : 0);
    const auto port = static_cast<std::uint16_t>(argc > 2 ? number(argv[2]) : 0);
    if (mode == "acks" && rest.size() == 3) return acks(port, rest);
    if (mode == "announce" && rest.size() == 2)
        return announce(port, number(rest[0]), number(rest[1]));
    if (mode == "report" && rest.size() == 3)
        return report(port, number(rest[0]), number(rest[1]), number(rest[2]));
    if (mode == "idle" && rest.size() == 2) return idle(port, number(rest[0]), number(rest[1]));
    fmt::print(stderr, "wrong usage; see the top of bench/mqtt_load.cpp\n");
    return 2;
}
