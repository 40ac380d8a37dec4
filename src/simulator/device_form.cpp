#include "base/json.h"
#include "base/text.h"
#include "simulator/firmware.h"

namespace hearth::simulator {
namespace {

/// Firmware that announces itself in Home Assistant's device form (one retained message with all
/// components, https://www.home-assistant.io/integrations/mqtt#device-discovery-payload) and speaks
/// MQTT 5.0 with QoS 1. The curtain's words are written out, the others' abbreviated.
class DeviceForm final : public Firmware {
public:
    DeviceForm(Thing& one, Outbox& out, std::uint64_t seed)
        : Firmware({&one}, out, seed)
        , topic_(one.plan().topic) {}

    ClientOptions client_options() const override {
        ClientOptions options;
        options.client_id = topic_;
        options.version = mqtt::Version::v5;
        options.will = Message{topic_ + "/available", "offline", mqtt::Qos::at_least_once, true};
        options.subscriptions = {{topic_ + "/set", mqtt::Qos::at_least_once},
                                 {topic_ + "/position/set", mqtt::Qos::at_least_once},
                                 {topic_ + "/get", mqtt::Qos::at_most_once},
                                 {"homeassistant/status", mqtt::Qos::at_most_once}};
        return options;
    }
    std::string_view credential_name() const override { return topic_; }

    void say_offline() override {
        publish(topic_ + "/available", "offline", true, mqtt::Qos::at_least_once);
    }

protected:
    void announce() override {
        const DevicePlan& plan = thing().plan();
        ValueMap components;
        if (plan.kind == Kind::curtain) components = curtain();
        if (plan.kind == Kind::lock) components = lock();
        if (plan.kind == Kind::thermometer) components = thermometer();
        const ValueMap device{{"ids", ValueList{Value(plan.id)}},
                              {"name", topic_},
                              {"mf", "hearth simulator"},
                              {"mdl", fmt::format("SIM {}", to_string(plan.kind))},
                              {"sw", "2.3.1"},
                              {"hw", "B"},
                              {"sn", plan.id}};
        const ValueMap origin{{"name", "hearth simulator"}, {"sw", HEARTH_VERSION}};
        publish_json(fmt::format("homeassistant/device/{}/config", plan.id),
                     ValueMap{{"dev", device},
                              {"o", origin},
                              {"cmps", components},
                              {"availability_topic", topic_ + "/available"},
                              {"state_topic", topic_ + "/state"},
                              {"qos", 1}},
                     true, mqtt::Qos::at_least_once);
    }

    void say_online() override {
        publish(topic_ + "/available", "online", true, mqtt::Qos::at_least_once);
    }

    void tell(const Thing& one, Micros now) override {
        const ValueMap state = one.state(now);
        ValueMap message;
        if (one.plan().kind == Kind::curtain) {
            const double position = state.find("position")->number_or(0);
            const std::string_view motion = state.find("motion")->string_or("");
            message.set("state", motion != "stopped" ? motion : (position > 0 ? "open" : "closed"));
            message.set("position", *state.find("position"));
        } else if (one.plan().kind == Kind::lock) {
            message.set("lock", upper(state.find("lock")->string_or("")));
            message.set("battery", *state.find("battery"));
        } else {
            message = state;
        }
        publish_json(topic_ + "/state", message, true, mqtt::Qos::at_least_once);
    }

    void handle(std::string_view topic, std::string_view payload, Micros now) override {
        if (topic.ends_with("/get")) {
            tell(thing(), now);
            return;
        }
        Result<ValueMap> request = read(topic, payload);
        Result<void> asked;
        if (request)
            asked = thing().ask(std::move(*request), now);
        else
            asked = fail(request);
        if (!asked)
            publish(topic_ + "/log",
                    fmt::format("refused {}: {}", printable(payload, 60), asked.error().detail),
                    false);
    }

private:
    static std::string upper(std::string_view text) {
        std::string out(text);
        for (char& c : out)
            c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        return out;
    }

    Result<ValueMap> read(std::string_view topic, std::string_view payload) const {
        if (topic.ends_with("/position/set")) {
            double position = 0;
            if (!parse_number(trim(payload), position))
                return fail(Code::invalid, "position must be a number from 0 to 100");
            return ValueMap{{"position", position}};
        }
        if (thing().plan().kind == Kind::curtain) return ValueMap{{"move", to_lower(payload)}};
        if (payload == "LOCK" || payload == "UNLOCK")
            return ValueMap{{"locked", payload == "LOCK"}};
        return fail(Code::invalid, "only LOCK and UNLOCK are understood");
    }

    std::string unique(std::string_view what) const {
        return fmt::format("{}_{}", thing().plan().id, what);
    }

    ValueMap curtain() const {
        return {{"cover", ValueMap{{"platform", "cover"},
                                   {"name", nullptr},
                                   {"unique_id", unique("cover")},
                                   {"device_class", "curtain"},
                                   {"command_topic", topic_ + "/set"},
                                   {"payload_open", "OPEN"},
                                   {"payload_close", "CLOSE"},
                                   {"payload_stop", "STOP"},
                                   {"value_template", "{{ value_json.state }}"},
                                   {"position_topic", topic_ + "/state"},
                                   {"position_template", "{{ value_json.position }}"},
                                   {"set_position_topic", topic_ + "/position/set"}}}};
    }

    ValueMap lock() const {
        return {{"lock", ValueMap{{"p", "lock"},
                                  {"name", nullptr},
                                  {"uniq_id", unique("lock")},
                                  {"cmd_t", topic_ + "/set"},
                                  {"pl_lock", "LOCK"},
                                  {"pl_unlk", "UNLOCK"},
                                  {"val_tpl", "{{ value_json.lock }}"},
                                  {"stat_locked", "LOCKED"},
                                  {"stat_locking", "LOCKING"},
                                  {"stat_unlocked", "UNLOCKED"},
                                  {"stat_unlocking", "UNLOCKING"}}},
                {"battery", sensor("battery", "battery", "%", "{{ value_json.battery }}")}};
    }

    ValueMap thermometer() const {
        return {
            {"temperature", sensor("temperature", "temperature", "°C", "{{ value_json.celsius }}")},
            {"humidity", sensor("humidity", "humidity", "%", "{{ value_json.humidity }}")},
            {"battery", sensor("battery", "battery", "%", "{{ value_json.battery }}")}};
    }

    Value sensor(std::string_view what, std::string_view device_class, std::string_view unit,
                 std::string_view value) const {
        return ValueMap{
            {"p", "sensor"},        {"uniq_id", unique(what)},   {"dev_cla", device_class},
            {"unit_of_meas", unit}, {"stat_cla", "measurement"}, {"val_tpl", value}};
    }

    std::string topic_;
};

} // namespace

std::unique_ptr<Firmware> make_device_form(Thing& thing, Outbox& out, std::uint64_t seed) {
    return std::make_unique<DeviceForm>(thing, out, seed);
}

} // namespace hearth::simulator
