#include "base/json.h"
#include "base/text.h"
#include "simulator/firmware.h"

#include <algorithm>
#include <cmath>

namespace hearth::simulator {
namespace {

/// A light of ESPHome's (https://esphome.io/components/mqtt, /components/light): states are
/// retained, discovery uses the short words, errors go to the node's debug topic.
class EspHome final : public Firmware {
public:
    EspHome(Thing& one, Outbox& out, std::uint64_t seed)
        : Firmware({&one}, out, seed)
        , node_(one.plan().topic)
        , light_(fmt::format("{}/light/{}", node_, slug(one.plan().name)))
        , dims_(one.plan().kind == Kind::dimmable_light) {}

    ClientOptions client_options() const override {
        ClientOptions options;
        options.client_id = fmt::format("{}-{}", node_, thing().plan().id);
        options.keep_alive_s = 15;
        options.will = Message{node_ + "/status", "offline", mqtt::Qos::at_most_once, true};
        options.subscriptions = {{light_ + "/command", mqtt::Qos::at_most_once},
                                 {"homeassistant/status", mqtt::Qos::at_most_once}};
        return options;
    }
    std::string_view credential_name() const override { return node_; }

    void say_offline() override { publish(node_ + "/status", "offline", true); }

protected:
    void announce() override {
        const std::string object = slug(thing().plan().name);
        const ValueMap device{{"ids", thing().plan().id},   {"name", node_},
                              {"sw", "esphome v2026.10.1"}, {"mdl", "esp32dev"},
                              {"mf", "hearth simulator"},   {"sa", thing().plan().area}};
        publish_json(fmt::format("homeassistant/light/{}/{}/config", node_, object),
                     ValueMap{{"schema", "json"},
                              {"sup_clrm", ValueList{dims_ ? "brightness" : "onoff"}},
                              {"brightness", dims_},
                              {"name", thing().plan().name},
                              {"stat_t", light_ + "/state"},
                              {"cmd_t", light_ + "/command"},
                              {"avty_t", node_ + "/status"},
                              {"uniq_id", fmt::format("{}-light-{}", thing().plan().id, object)},
                              {"dev", device}},
                     true);
    }

    void say_online() override { publish(node_ + "/status", "online", true); }

    void tell(const Thing& one, Micros now) override {
        const ValueMap state = one.state(now);
        ValueMap message{{"color_mode", dims_ ? "brightness" : "onoff"},
                         {"state", state.find("on")->bool_or(false) ? "ON" : "OFF"}};
        if (dims_)
            message.set("brightness",
                        std::lround(state.find("brightness")->number_or(0) * 255 / 254));
        publish_json(light_ + "/state", message, true);
    }

    void handle(std::string_view, std::string_view payload, Micros now) override {
        const auto json = parse_json(payload, {.bytes = 5'120, .depth = 8, .values = 100});
        if (!json || !json->is_map()) {
            debug("[E][json:090]: Parsing JSON failed.");
            return;
        }
        ValueMap request;
        // What it has no word for it passes over, as ESPHome does.
        const std::string word = to_lower(json->at("state").string_or(""));
        if (word == "on" || word == "off") request.set("on", word == "on");
        if (word == "toggle") request.set("toggle", true);
        const Value& brightness = json->at("brightness");
        if (brightness.is_number() && dims_)
            request.set("brightness", std::clamp(brightness.number_or(0), 0.0, 255.0) * 254 / 255);
        const Value& transition = json->at("transition");
        if (transition.is_number())
            request.set("transition_s", std::clamp(transition.number_or(0), 0.0, 6'000.0));
        if (auto asked = thing().ask(std::move(request), now); !asked)
            debug("[W][light:020]: " + asked.error().detail);
    }

private:
    void debug(std::string text) { publish(node_ + "/debug", std::move(text), false); }

    std::string node_;
    std::string light_;
    bool dims_;
};

} // namespace

std::unique_ptr<Firmware> make_esphome(Thing& thing, Outbox& out, std::uint64_t seed) {
    return std::make_unique<EspHome>(thing, out, seed);
}

} // namespace hearth::simulator
