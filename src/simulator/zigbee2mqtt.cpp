#include "base/text.h"
#include "simulator/zigbee2mqtt_words.h"

#include <cmath>
#include <unordered_map>

namespace hearth::simulator {
namespace {

using namespace zigbee2mqtt;

/// Zigbee2MQTT with its bridge state, availability, discovery, and "/set" and "/get" of each
/// device. Its own bridge entities are left out, so that a home shows its devices and nothing else.
class Zigbee2Mqtt final : public Firmware {
public:
    Zigbee2Mqtt(std::vector<Thing*> all, Outbox& out, std::uint64_t seed)
        : Firmware(std::move(all), out, seed)
        , seed_(seed) {
        for (Thing* one : things())
            by_topic_[one->plan().topic] = one;
    }

    ClientOptions client_options() const override {
        ClientOptions options;
        options.client_id = fmt::format("mqttjs_{:08x}", seed_for(seed_, "client id") >> 32);
        options.will =
            Message{bridge("state"), R"({"state":"offline"})", mqtt::Qos::at_least_once, true};
        for (const char* what : {"+/set", "+/set/+", "+/get", "+/get/+"})
            options.subscriptions.emplace_back(fmt::format("{}/{}", base_topic, what),
                                               mqtt::Qos::at_most_once);
        options.subscriptions.emplace_back("homeassistant/status", mqtt::Qos::at_most_once);
        return options;
    }
    std::string_view credential_name() const override { return base_topic; }

    void say_offline() override {
        publish(bridge("state"), R"({"state":"offline"})", true, mqtt::Qos::at_least_once);
    }

protected:
    void announce() override {
        for (const Thing* one : things()) {
            for (Message& message : discovery_of(one->plan()))
                publish(std::move(message.topic), std::move(message.payload), message.retain,
                        message.qos);
        }
    }

    void say_online() override {
        publish(bridge("state"), R"({"state":"online"})", true, mqtt::Qos::at_least_once);
        publish_json(bridge("info"),
                     ValueMap{{"version", "2.6.3"},
                              {"coordinator",
                               ValueMap{{"ieee_address", bridge_address}, {"type", "Simulated"}}},
                              {"permit_join", false}},
                     true);
        for (const Thing* one : things())
            publish(topic_of(*one) + "/availability", R"({"state":"online"})", true,
                    mqtt::Qos::at_least_once);
    }

    void tell(const Thing& one, Micros now) override {
        const std::uint64_t seed = seed_for(seed_, one.plan().id);
        const double minute = static_cast<double>(now) / static_cast<double>(minutes);
        const auto quality = static_cast<int>(110 + 60 * smooth_noise(seed, minute / 7));
        publish_json(topic_of(one), state_message(one.plan(), one.state(now), quality), false);
    }

    void handle(std::string_view topic, std::string_view payload, Micros now) override {
        const std::vector<std::string_view> levels = split(topic, '/');
        if (levels.size() < 3 || levels[0] != base_topic) return;
        const auto found = by_topic_.find(std::string(levels[1]));
        if (found == by_topic_.end()) {
            log("error", fmt::format("Entity '{}' is unknown", printable(levels[1], 60)));
            return;
        }
        Thing& one = *found->second;
        if (levels[2] == "get") {
            tell(one, now);
            return;
        }
        auto request = levels.size() > 3 ? read_set(one.plan(), levels[3], payload)
                                         : read_set(one.plan(), payload);
        Result<void> asked;
        if (request)
            asked = one.ask(std::move(*request), now);
        else
            asked = fail(request);
        if (!asked)
            log("error", fmt::format("Publish 'set' to '{}' failed: '{}'", one.plan().topic,
                                     asked.error().detail));
    }

private:
    static std::string bridge(std::string_view what) {
        return fmt::format("{}/bridge/{}", base_topic, what);
    }
    static std::string topic_of(const Thing& one) {
        return fmt::format("{}/{}", base_topic, one.plan().topic);
    }
    void log(std::string_view level, const std::string& text) {
        publish_json(bridge("logging"),
                     ValueMap{{"level", level}, {"message", "z2m: " + text}, {"namespace", "z2m"}},
                     false);
    }

    std::uint64_t seed_;
    std::unordered_map<std::string, Thing*> by_topic_;
};

} // namespace

std::unique_ptr<Firmware> make_zigbee2mqtt(std::vector<Thing*> things, Outbox& out,
                                           std::uint64_t seed) {
    return std::make_unique<Zigbee2Mqtt>(std::move(things), out, seed);
}

} // namespace hearth::simulator
