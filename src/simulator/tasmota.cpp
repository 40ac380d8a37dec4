#include "base/json.h"
#include "base/text.h"
#include "simulator/firmware.h"

#include <algorithm>

namespace hearth::simulator {
namespace {

/// Tasmota (https://tasmota.github.io/docs/MQTT): cmnd/…, stat/… and tele/…, one relay, and with a
/// metering plug the ENERGY telemetry. Discovery in Home Assistant's words (SetOption19), states in
/// tele/…/STATE on every change (SetOption59).
class Tasmota final : public Firmware {
public:
    Tasmota(Thing& one, Outbox& out, std::uint64_t seed)
        : Firmware({&one}, out, seed)
        , topic_(one.plan().topic)
        , meters_(one.plan().kind == Kind::metering_plug) {}

    ClientOptions client_options() const override {
        ClientOptions options;
        const std::string_view id = thing().plan().id;
        options.client_id =
            fmt::format("DVES_{}", id.substr(id.size() - std::min<std::size_t>(id.size(), 6)));
        options.keep_alive_s = 30;
        options.will = Message{tele("LWT"), "Offline", mqtt::Qos::at_least_once, true};
        options.subscriptions = {{fmt::format("cmnd/{}/#", topic_), mqtt::Qos::at_most_once},
                                 {"homeassistant/status", mqtt::Qos::at_most_once}};
        return options;
    }
    std::string_view credential_name() const override { return topic_; }

    void say_offline() override { publish(tele("LWT"), "Offline", true); }

protected:
    void announce() override {
        ValueMap relay = entity("RL_1", "STATE", "{{ value_json.POWER }}");
        relay.set("name", thing().plan().name);
        relay.set("cmd_t", fmt::format("cmnd/{}/POWER", topic_));
        relay.set("pl_on", "ON");
        relay.set("pl_off", "OFF");
        send(meters_ ? "switch" : "light", "RL_1", std::move(relay));
        if (!meters_) return;
        announce_meter("Power", "power", "W", "measurement");
        announce_meter("Voltage", "voltage", "V", "measurement");
        announce_meter("Current", "current", "A", "measurement");
        announce_meter("Total", "energy", "kWh", "total_increasing");
    }

    void say_online() override { publish(tele("LWT"), "Online", true); }

    void tell(const Thing& one, Micros now) override {
        const ValueMap state = one.state(now);
        const bool on = state.find("on")->bool_or(false);
        if (told_ && on != told_on_) answer_power(on);
        told_ = true;
        told_on_ = on;
        publish_json(tele("STATE"),
                     ValueMap{{"Time", local_time(now)},
                              {"POWER", on ? "ON" : "OFF"},
                              {"Wifi", ValueMap{{"AP", 1}, {"RSSI", 72}, {"Signal", -64}}}},
                     false);
        if (meters_) publish_json(tele("SENSOR"), sensor(state, now), false);
    }

    void handle(std::string_view topic, std::string_view payload, Micros now) override {
        const std::string command = to_lower(topic.substr(topic.rfind('/') + 1));
        if (command == "power" || command == "power1")
            power(to_lower(trim(payload)), now);
        else if (command == "state")
            tell(thing(), now);
        else if (command == "status" && meters_ && (payload == "8" || payload == "10"))
            publish_json(stat(fmt::format("STATUS{}", payload)),
                         ValueMap{{"StatusSNS", sensor(thing().state(now), now)}}, false);
        else
            publish_json(stat("RESULT"), ValueMap{{"Command", "Unknown"}}, false);
    }

private:
    std::string tele(std::string_view what) const {
        return fmt::format("tele/{}/{}", topic_, what);
    }
    std::string stat(std::string_view what) const {
        return fmt::format("stat/{}/{}", topic_, what);
    }

    /// As Tasmota writes it: without an offset.
    static std::string local_time(Micros now) {
        std::string time = to_rfc3339(now / seconds * seconds);
        time.pop_back();
        return time;
    }

    ValueMap entity(std::string_view object, std::string_view source, std::string_view value) {
        return {{"~", fmt::format("tele/{}/", topic_)},
                {"stat_t", fmt::format("~{}", source)},
                {"val_tpl", value},
                {"avty_t", "~LWT"},
                {"pl_avail", "Online"},
                {"pl_not_avail", "Offline"},
                {"uniq_id", fmt::format("{}_{}", thing().plan().id, object)}};
    }

    void announce_meter(std::string_view word, std::string_view device_class, std::string_view unit,
                        std::string_view state_class) {
        const std::string object = fmt::format("ENERGY_{}", word);
        ValueMap config =
            entity(object, "SENSOR", fmt::format("{{{{ value_json['ENERGY']['{}'] }}}}", word));
        config.set("name", fmt::format("{} {}", thing().plan().name, word));
        config.set("dev_cla", device_class);
        config.set("stat_cla", state_class);
        config.set("unit_of_meas", unit);
        send("sensor", object, std::move(config));
    }

    void send(std::string_view component, std::string_view object, ValueMap config) {
        config.set("dev", ValueMap{{"ids", ValueList{Value(thing().plan().id)}},
                                   {"name", topic_},
                                   {"mdl", meters_ ? "Metering plug" : "Relay"},
                                   {"sw", "15.1.0(tasmota)"},
                                   {"mf", "hearth simulator"}});
        publish_json(
            fmt::format("homeassistant/{}/{}_{}/config", component, thing().plan().id, object),
            config, true);
    }

    Value sensor(const ValueMap& state, Micros now) const {
        const auto number = [&](std::string_view key) { return state.find(key)->number_or(0); };
        const double watts = number("watts");
        const ValueMap energy{
            {"Total", number("kwh")},       {"Yesterday", number("kwh_yesterday")},
            {"Today", number("kwh_today")}, {"Power", watts},
            {"ApparentPower", watts},       {"Factor", watts > 0 ? 1.0 : 0.0},
            {"Voltage", number("volts")},   {"Current", number("amperes")}};
        return ValueMap{{"Time", local_time(now)}, {"ENERGY", energy}};
    }

    void power(std::string_view word, Micros now) {
        ValueMap request;
        if (word == "on" || word == "1" || word == "true")
            request.set("on", true);
        else if (word == "off" || word == "0" || word == "false")
            request.set("on", false);
        else if (word == "toggle" || word == "2")
            request.set("toggle", true);
        // Asked for nothing, or for nonsense, it answers with how it is.
        const bool asked = !request.empty() && thing().ask(std::move(request), now).has_value();
        if (!asked) answer_power(thing().state(now).find("on")->bool_or(false));
    }

    void answer_power(bool on) {
        publish_json(stat("RESULT"), ValueMap{{"POWER", on ? "ON" : "OFF"}}, false);
        publish(stat("POWER"), on ? "ON" : "OFF", false);
    }

    std::string topic_;
    bool meters_;
    bool told_ = false;
    bool told_on_ = false;
};

} // namespace

std::unique_ptr<Firmware> make_tasmota(Thing& thing, Outbox& out, std::uint64_t seed) {
    return std::make_unique<Tasmota>(thing, out, seed);
}

} // namespace hearth::simulator
