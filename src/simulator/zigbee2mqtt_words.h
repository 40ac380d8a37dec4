#pragma once

#include "base/result.h"
#include "simulator/firmware.h"

#include <string>
#include <string_view>
#include <vector>

/// The words of Zigbee2MQTT 2.x
/// (https://www.zigbee2mqtt.io/guide/usage/mqtt_topics_and_messages.html and its Home Assistant
/// extension), apart from who says them when.
namespace hearth::simulator::zigbee2mqtt {

inline constexpr std::string_view base_topic = "zigbee2mqtt";
inline constexpr std::string_view bridge_address = "0x00124b0014aa01b7";

/// "zigbee2mqtt_0x00158d…" → "0x00158d…".
std::string_view address_of(const DevicePlan& plan);

/// The discovery messages of a device: one for each entity.
std::vector<Message> discovery_of(const DevicePlan& plan);

/// What stands in the device's state message.
ValueMap state_message(const DevicePlan& plan, const ValueMap& state, int link_quality);

/// What "…/set" asks for, out of JSON or of a plain "ON". Errors: invalid, in Zigbee2MQTT's words.
Result<ValueMap> read_set(const DevicePlan& plan, std::string_view payload);
/// The same of one attribute, "…/set/brightness".
Result<ValueMap> read_set(const DevicePlan& plan, std::string_view attribute,
                          std::string_view payload);

} // namespace hearth::simulator::zigbee2mqtt
