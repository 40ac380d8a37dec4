// A sequence of messages into the discovery adapter of a home in memory. The input is lines:
//
//     TOPIC PAYLOAD     published; a topic that begins with "/" stands for homeassistant/….
//     !TOPIC PAYLOAD    published and retained
//     ?PATH VALUE       the value (JSON) asked of every device that has the attribute
//     .MILLISECONDS     time passes
//
// Properties: it ends; whatever is announced, told or asked, every attribute fits its own spec; all
// that the adapter holds stays within its limits; no message waits for ever; stopping leaves no
// subscription behind.
#include "adapters/mqtt_discovery/config_reader.h"
#include "adapters/mqtt_discovery/test_home.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace {

using namespace hearth;
using mqtt_discovery::Limits;
using mqtt_discovery::Options;
using mqtt_discovery::testing::TestHome;

constexpr std::size_t most_lines = 60;

/// Small, so that the fuzzer reaches them.
Limits small_limits() {
    return {.config_bytes = 8'192,
            .state_bytes = 4'096,
            .components_per_device = 12,
            .devices = 6,
            .topics = 40,
            .template_bytes = 1'024,
            .pending_commands = 3,
            .waiting_messages = 10,
            .waiting_bytes = 8'192,
            .template_steps_per_message = 20'000,
            .template_steps_burst = 50'000,
            .value_timers = 4};
}

void require(bool holds) {
    if (!holds) __builtin_trap();
}

void check(TestHome& hub, const Limits& limits) {
    const auto counts = hub.adapter.counts();
    require(counts.devices <= limits.devices);
    require(counts.topics <= limits.topics);
    require(counts.components <= limits.devices * limits.components_per_device);
    require(counts.pending_commands <= limits.pending_commands);
    require(counts.waiting_messages <= limits.waiting_messages);
    require(counts.value_timers <= limits.value_timers);
    for (const home::Device* device : hub.home.devices())
        for (const home::Attribute& attribute : device->attributes)
            if (!attribute.reported.is_null())
                require(home::check_reported(*attribute.spec, attribute.reported).has_value());
}

void ask(TestHome& hub, std::string_view path, std::string_view json) {
    const auto value = parse_json(json, {.bytes = 1'000, .depth = 4});
    if (!value) return;
    std::vector<home::DeviceId> devices;
    for (const home::Device* device : hub.home.devices())
        if (device->find(path) != nullptr) devices.push_back(device->id);
    for (const home::DeviceId& device : devices) {
        home::CommandRequest request;
        request.device = device;
        request.asks.push_back({home::Path{std::string(path)}, *value});
        static_cast<void>(hub.home.issue(home::Cause::of_person("anna"), std::move(request)));
        hub.journal.commit();
    }
}

void play(TestHome& hub, std::string_view line) {
    const std::size_t space = line.find(' ');
    std::string_view first = line.substr(0, space);
    const std::string_view rest = space == line.npos ? std::string_view() : line.substr(space + 1);
    if (first.starts_with('.')) {
        std::int64_t time = 0;
        for (const char c : first.substr(1, 4))
            time = time * 10 + (c >= '0' && c <= '9' ? c - '0' : 0);
        hub.broker.takers = time % 2 == 0 ? 1 : 0;
        return hub.pass(time * milliseconds);
    }
    if (first.starts_with('?')) return ask(hub, first.substr(1), rest);
    const bool retained = first.starts_with('!');
    if (retained) first.remove_prefix(1);
    std::string topic(first);
    if (topic.starts_with('/')) topic.insert(0, "homeassistant");
    // The broker lets no other topic through.
    if (mqtt_discovery::is_topic_name(topic)) hub.broker.send(topic, rest, retained);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view text(reinterpret_cast<const char*>(data), size);
    Options options;
    options.limits = small_limits();
    TestHome hub(options);
    hub.start();
    for (std::size_t i = 0; i < most_lines && !text.empty(); ++i) {
        const std::size_t end = text.find('\n');
        play(hub, text.substr(0, end));
        check(hub, options.limits);
        text.remove_prefix(end == text.npos ? text.size() : end + 1);
    }
    hub.pass(2 * seconds);
    check(hub, options.limits);
    require(hub.adapter.counts().waiting_messages == 0);
    for (const home::Device* device : hub.home.devices())
        static_cast<void>(hub.adapter.sources(*device));
    hub.adapter.stop();
    require(hub.broker.subscriptions() == 0);
    return 0;
}
