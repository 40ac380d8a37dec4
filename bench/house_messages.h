#pragma once

#include "base/json.h"
#include "base/text.h"
#include "base/value.h"
#include "codec/mqtt/encoder.h"

#include <cstdint>
#include <string>
#include <vector>

#include <fmt/format.h>

/// The house that the benchmarks measure: any number of Zigbee devices behind one bridge, announced
/// and reporting as Zigbee2MQTT does. Device `n` is of kind `n % 4`; the same number gives the same
/// bytes. Values differ from report to report, so that each of them moves its twin.
namespace hearth::bench {

struct Message {
    std::string topic;
    std::string payload;
    bool retain = false;
};

enum class Kind : std::uint8_t { thermometer, motion_sensor, metering_plug, color_light };
constexpr std::size_t kinds = 4;

inline Kind kind_of(std::size_t device) {
    return static_cast<Kind>(device % kinds);
}

inline std::string_view name_of(Kind kind) {
    switch (kind) {
    case Kind::thermometer:
        return "thermometer";
    case Kind::motion_sensor:
        return "motion sensor";
    case Kind::metering_plug:
        return "metering plug";
    case Kind::color_light:
        return "colour light";
    }
    return "";
}

inline std::string topic_of(std::size_t device) {
    return fmt::format("zigbee2mqtt/device_{}", device);
}

/// The announcement of one component; what all have in common is added here.
inline Message component(std::size_t device, std::string_view type, std::string_view object,
                         ValueMap config) {
    const std::string address = fmt::format("0x00158d{:010x}", device);
    const auto source = [](const std::string& topic) {
        return ValueMap{{"topic", topic}, {"value_template", "{{ value_json.state }}"}};
    };
    config.set("availability", ValueList{source("zigbee2mqtt/bridge/state"),
                                         source(topic_of(device) + "/availability")});
    config.set("availability_mode", "all");
    config.set("device", ValueMap{{"identifiers", ValueList{"zigbee2mqtt_" + address}},
                                  {"manufacturer", "Example"},
                                  {"model", name_of(kind_of(device))},
                                  {"name", fmt::format("device_{}", device)},
                                  {"sw_version", "1.0.4"},
                                  {"via_device", "zigbee2mqtt_bridge_0x00124b0000000001"}});
    config.set("object_id", fmt::format("device_{}_{}", device, object));
    config.set(
        "origin",
        ValueMap{{"name", "Zigbee2MQTT"}, {"sw", "2.6.3"}, {"url", "https://www.zigbee2mqtt.io"}});
    config.set("state_topic", topic_of(device));
    config.set("unique_id", fmt::format("{}_{}_zigbee2mqtt", address, object));
    return {fmt::format("homeassistant/{}/{}/{}/config", type, address, object), to_json(config),
            true};
}

inline Message reading(std::size_t device, std::string_view object, std::string_view unit) {
    return component(device, "sensor", object,
                     {{"device_class", object},
                      {"enabled_by_default", true},
                      {"state_class", "measurement"},
                      {"unit_of_measurement", unit},
                      {"value_template", fmt::format("{{{{ value_json.{} }}}}", object)}});
}

inline Message link_quality(std::size_t device) {
    return component(device, "sensor", "linkquality",
                     {{"enabled_by_default", false},
                      {"entity_category", "diagnostic"},
                      {"name", "Linkquality"},
                      {"unit_of_measurement", "lqi"},
                      {"value_template", "{{ value_json.linkquality }}"}});
}

/// What a device announces when it joins: retained, one message for each component.
inline std::vector<Message> discovery_of(std::size_t device) {
    std::vector<Message> out{link_quality(device)};
    switch (kind_of(device)) {
    case Kind::thermometer:
        out.push_back(reading(device, "temperature", "°C"));
        out.push_back(reading(device, "humidity", "%"));
        out.push_back(reading(device, "battery", "%"));
        break;
    case Kind::motion_sensor:
        out.push_back(component(device, "binary_sensor", "occupancy",
                                {{"device_class", "occupancy"},
                                 {"payload_off", false},
                                 {"payload_on", true},
                                 {"value_template", "{{ value_json.occupancy }}"}}));
        out.push_back(reading(device, "illuminance", "lx"));
        out.push_back(reading(device, "battery", "%"));
        break;
    case Kind::metering_plug:
        out.push_back(component(device, "switch", "switch",
                                {{"command_topic", topic_of(device) + "/set"},
                                 {"name", nullptr},
                                 {"payload_off", "OFF"},
                                 {"payload_on", "ON"},
                                 {"value_template", "{{ value_json.state }}"}}));
        out.push_back(reading(device, "power", "W"));
        out.push_back(reading(device, "voltage", "V"));
        out.push_back(reading(device, "current", "A"));
        out.push_back(reading(device, "energy", "kWh"));
        break;
    case Kind::color_light:
        out.push_back(component(device, "light", "light",
                                {{"brightness", true},
                                 {"brightness_scale", 254},
                                 {"command_topic", topic_of(device) + "/set"},
                                 {"name", nullptr},
                                 {"schema", "json"},
                                 {"supported_color_modes", ValueList{"xy", "color_temp"}},
                                 {"min_mireds", 153},
                                 {"max_mireds", 500}}));
        break;
    }
    return out;
}

/// What it says in its report number `round`.
inline Message state_of(std::size_t device, std::size_t round) {
    const std::size_t n = round * 7 + device;
    const auto link = 60 + n % 120;
    std::string payload;
    switch (kind_of(device)) {
    case Kind::thermometer:
        payload = fmt::format(R"({{"battery":{},"humidity":{:.2f},"linkquality":{},)"
                              R"("temperature":{:.2f},"voltage":3005}})",
                              60 + n % 40, 35 + 0.01 * double(n % 3000), link,
                              18 + 0.01 * double(n % 900));
        break;
    case Kind::motion_sensor:
        payload = fmt::format(R"({{"battery":{},"illuminance":{},"linkquality":{},)"
                              R"("occupancy":{},"voltage":3005}})",
                              60 + n % 40, n % 2000, link, round % 2 == 1);
        break;
    case Kind::metering_plug:
        payload = fmt::format(R"({{"current":{:.2f},"energy":{:.2f},"linkquality":{},)"
                              R"("power":{:.1f},"state":"{}","voltage":{}}})",
                              0.01 * double(n % 900), 0.01 * double(n), link,
                              0.1 * double(n % 20000), round % 2 == 1 ? "ON" : "OFF", 225 + n % 12);
        break;
    case Kind::color_light:
        payload = fmt::format(R"({{"brightness":{},"color":{{"x":{:.4f},"y":0.3214}},)"
                              R"("color_mode":"xy","linkquality":{},"state":"{}"}})",
                              1 + n % 254, 0.2 + 0.0001 * double(n % 4000), link,
                              round % 2 == 1 ? "ON" : "OFF");
        break;
    }
    return {topic_of(device), std::move(payload), false};
}

/// The whole PUBLISH of MQTT 3.1.1; `packet_id` counts for QoS 1 only.
inline std::string publish_bytes(const Message& message, int qos, std::uint16_t packet_id = 1) {
    mqtt::Publish packet;
    packet.topic = message.topic;
    packet.payload = message.payload;
    packet.retain = message.retain;
    packet.qos = static_cast<mqtt::Qos>(qos);
    packet.packet_id = qos == 0 ? std::uint16_t{0} : packet_id;
    std::string bytes;
    (void)mqtt::encode(bytes, packet, mqtt::Version::v311);
    return bytes;
}

inline std::string connect_bytes(std::string_view client_id) {
    mqtt::Connect packet;
    packet.client_id = client_id;
    packet.keep_alive_s = 600;
    std::string bytes;
    (void)mqtt::encode(bytes, packet);
    return bytes;
}

inline std::string subscribe_bytes(std::string_view filter, int qos) {
    std::string block;
    (void)mqtt::append_subscription(block, {.filter = filter, .qos = static_cast<mqtt::Qos>(qos)});
    std::string bytes;
    (void)mqtt::encode(bytes, mqtt::Subscribe{1, {}, mqtt::SubscriptionList(block)},
                       mqtt::Version::v311);
    return bytes;
}

} // namespace hearth::bench
