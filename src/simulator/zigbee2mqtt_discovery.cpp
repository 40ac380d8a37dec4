#include "base/json.h"
#include "base/text.h"
#include "simulator/zigbee2mqtt_words.h"

#include <utility>

namespace hearth::simulator::zigbee2mqtt {
namespace {

std::string topic_of(const DevicePlan& plan) {
    return fmt::format("{}/{}", base_topic, plan.topic);
}

std::string_view model_of(Kind kind) {
    switch (kind) {
    case Kind::color_light:
        return "Colour bulb E27";
    case Kind::dimmable_light:
        return "Dimmable bulb E27";
    case Kind::light:
        return "Ceiling switch";
    case Kind::motion_sensor:
        return "Motion and light sensor";
    case Kind::thermometer:
        return "Temperature and humidity sensor";
    default:
        return "Metering plug";
    }
}

/// Collects the messages of one device; what all have in common comes in by itself.
class Announcer {
public:
    explicit Announcer(const DevicePlan& plan)
        : plan_(plan) {}

    void add(std::string_view component, std::string_view object, ValueMap config) {
        const std::string_view address = address_of(plan_);
        // The main entity of a device carries the device's name alone.
        const bool main = component == "light" || component == "switch";
        const std::string id =
            main ? std::string(plan_.topic) : fmt::format("{}_{}", plan_.topic, object);
        config.set("availability", availability());
        config.set("availability_mode", "all");
        config.set("default_entity_id", fmt::format("{}.{}", component, id));
        config.set("device", device());
        config.set("object_id", id);
        config.set("origin", ValueMap{{"name", "Zigbee2MQTT"},
                                      {"sw", "2.6.3"},
                                      {"url", "https://www.zigbee2mqtt.io"}});
        config.set("state_topic", topic_of(plan_));
        config.set("unique_id", fmt::format("{}_{}_zigbee2mqtt", address, object));
        messages_.push_back(
            {fmt::format("homeassistant/{}/{}/{}/config", component, address, object),
             to_json(config), mqtt::Qos::at_least_once, true});
    }

    void reading(std::string_view object, ValueMap config) {
        config.set("enabled_by_default", true);
        config.set("state_class", "measurement");
        config.set("value_template", fmt::format("{{{{ value_json.{} }}}}", object));
        add("sensor", object, std::move(config));
    }

    void battery() {
        reading("battery", {{"device_class", "battery"},
                            {"entity_category", "diagnostic"},
                            {"unit_of_measurement", "%"}});
    }
    void link_quality() {
        ValueMap config{{"enabled_by_default", false},
                        {"entity_category", "diagnostic"},
                        {"icon", "mdi:signal"},
                        {"name", "Linkquality"},
                        {"state_class", "measurement"},
                        {"unit_of_measurement", "lqi"},
                        {"value_template", "{{ value_json.linkquality }}"}};
        add("sensor", "linkquality", std::move(config));
    }

    std::vector<Message> take() { return std::move(messages_); }

private:
    Value availability() const {
        return ValueList{ValueMap{{"topic", fmt::format("{}/bridge/state", base_topic)},
                                  {"value_template", "{{ value_json.state }}"}},
                         ValueMap{{"topic", topic_of(plan_) + "/availability"},
                                  {"value_template", "{{ value_json.state }}"}}};
    }
    Value device() const {
        return ValueMap{{"identifiers", ValueList{Value(plan_.id)}},
                        {"manufacturer", "hearth simulator"},
                        {"model", model_of(plan_.kind)},
                        {"model_id", fmt::format("SIM-{}", slug(to_string(plan_.kind)))},
                        {"name", plan_.topic},
                        {"sw_version", "1.0.4"},
                        {"via_device", fmt::format("zigbee2mqtt_bridge_{}", bridge_address)}};
    }

    const DevicePlan& plan_;
    std::vector<Message> messages_;
};

void add_light(Announcer& announcer, const DevicePlan& plan) {
    ValueMap config{{"command_topic", topic_of(plan) + "/set"},
                    {"name", nullptr},
                    {"schema", "json"},
                    {"brightness", plan.kind != Kind::light}};
    if (plan.kind != Kind::light) config.set("brightness_scale", 254);
    if (plan.kind == Kind::color_light) {
        config.set("supported_color_modes", ValueList{"hs", "color_temp"});
        config.set("min_mireds", 153);
        config.set("max_mireds", 500);
    } else if (plan.kind == Kind::dimmable_light) {
        config.set("supported_color_modes", ValueList{"brightness"});
    }
    announcer.add("light", "light", std::move(config));
}

void add_plug(Announcer& announcer, const DevicePlan& plan) {
    announcer.add("switch", "switch",
                  {{"command_topic", topic_of(plan) + "/set"},
                   {"name", nullptr},
                   {"payload_off", "OFF"},
                   {"payload_on", "ON"},
                   {"value_template", "{{ value_json.state }}"}});
    announcer.reading("power", {{"device_class", "power"}, {"unit_of_measurement", "W"}});
    announcer.reading("voltage", {{"device_class", "voltage"}, {"unit_of_measurement", "V"}});
    announcer.reading("current", {{"device_class", "current"}, {"unit_of_measurement", "A"}});
    ValueMap energy{{"device_class", "energy"},
                    {"enabled_by_default", true},
                    {"state_class", "total_increasing"},
                    {"unit_of_measurement", "kWh"},
                    {"value_template", "{{ value_json.energy }}"}};
    announcer.add("sensor", "energy", std::move(energy));
}

} // namespace

std::string_view address_of(const DevicePlan& plan) {
    const std::string_view id = plan.id;
    constexpr std::string_view prefix = "zigbee2mqtt_";
    return id.starts_with(prefix) ? id.substr(prefix.size()) : id;
}

std::vector<Message> discovery_of(const DevicePlan& plan) {
    Announcer announcer(plan);
    switch (plan.kind) {
    case Kind::motion_sensor:
        announcer.add("binary_sensor", "occupancy",
                      {{"device_class", "occupancy"},
                       {"payload_off", false},
                       {"payload_on", true},
                       {"value_template", "{{ value_json.occupancy }}"}});
        announcer.reading("illuminance",
                          {{"device_class", "illuminance"}, {"unit_of_measurement", "lx"}});
        announcer.battery();
        break;
    case Kind::thermometer:
        announcer.reading("temperature",
                          {{"device_class", "temperature"}, {"unit_of_measurement", "°C"}});
        announcer.reading("humidity", {{"device_class", "humidity"}, {"unit_of_measurement", "%"}});
        announcer.battery();
        break;
    case Kind::metering_plug:
        add_plug(announcer, plan);
        break;
    default:
        add_light(announcer, plan);
    }
    announcer.link_quality();
    return announcer.take();
}

} // namespace hearth::simulator::zigbee2mqtt
