#include "simulator/firmware.h"

#include "base/json.h"

#include <utility>

namespace hearth::simulator {

Firmware::Firmware(std::vector<Thing*> things, Outbox& out, std::uint64_t seed)
    : things_(std::move(things))
    , out_(out)
    , chance_(seed_for(seed, "firmware " + things_.front()->plan().id)) {
    for (Thing* one : things_)
        one->tells = [this, one](Micros now) { tell(*one, now); };
}

void Firmware::connected(Micros now) {
    announce();
    say_online();
    for (const Thing* one : things_)
        tell(*one, now);
}

void Firmware::received(std::string_view topic, std::string_view payload, Micros now) {
    if (topic != "homeassistant/status") {
        handle(topic, payload, now);
    } else if (payload == "online") {
        greeting_ =
            now + static_cast<Micros>(chance_.between(0.2, 2) * static_cast<double>(seconds));
        reschedule();
    }
}

void Firmware::act(Micros now) {
    greeting_ = never;
    connected(now);
}

void Firmware::publish(std::string topic, std::string payload, bool retain, mqtt::Qos qos) {
    out_.publish({std::move(topic), std::move(payload), qos, retain});
}

void Firmware::publish_json(std::string topic, const Value& payload, bool retain, mqtt::Qos qos) {
    publish(std::move(topic), to_json(payload), retain, qos);
}

} // namespace hearth::simulator
