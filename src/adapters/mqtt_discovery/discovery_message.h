#pragma once

#include "adapters/mqtt_discovery/limits.h"
#include "base/result.h"
#include "base/value.h"

#include <string>
#include <string_view>
#include <vector>

/// A discovery message, from its topic and payload to full option names, before any component's own
/// rules. See https://www.home-assistant.io/integrations/mqtt/#mqtt-discovery
namespace hearth::mqtt_discovery {

/// PREFIX/COMPONENT/[NODE_ID/]OBJECT_ID/config
struct DiscoveryTopic {
    std::string component; ///< "light", "sensor"…; "device" for the form with many components
    std::string node_id;   ///< empty where the topic has none
    std::string object_id;

    bool is_device_form() const { return component == "device"; }
};

/// Errors: invalid, where the topic is no discovery topic.
Result<DiscoveryTopic> parse_discovery_topic(std::string_view prefix, std::string_view topic);

/// What a message says of the device itself.
struct DeviceInfo {
    /// Its identifiers, then its connections as "TYPE:VALUE"; sorted, each once. Two components
    /// with one in common belong to the same device. Empty where the component names no device.
    std::vector<std::string> ids;
    std::string name;
    std::string manufacturer;
    std::string model;
    std::string version;
    std::string suggested_area;

    bool operator==(const DeviceInfo&) const = default;
};

struct ComponentConfig {
    std::string key;       ///< in the device form the component's own name; else empty
    std::string platform;  ///< "light", "sensor"…
    std::string object_id; ///< in the device form the component's own name
    bool removed = false;  ///< only its platform was given: it goes
    ValueMap options;      ///< full names, topics with their base
};

struct Announcement {
    /// Nothing but `migrate_discovery: true`: its components are about to be announced in the other
    /// form and wait for that.
    bool migrate = false;
    DeviceInfo device;
    std::vector<ComponentConfig> components;
};

/// Reads a payload that is not empty. Errors: invalid; limit. Each names what is wrong.
Result<Announcement> parse_announcement(const DiscoveryTopic& topic, std::string_view payload,
                                        const Limits& limits);

} // namespace hearth::mqtt_discovery
