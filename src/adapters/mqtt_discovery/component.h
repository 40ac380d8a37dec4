#pragma once

#include "adapters/mqtt_discovery/discovery_message.h"
#include "adapters/mqtt_discovery/entity.h"
#include "base/time.h"

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace hearth::mqtt_discovery {

/// One topic that says whether a component can be reached.
struct Availability {
    std::string topic;
    SharedTemplate value_template;
    std::string available = "online";
    std::string not_available = "offline";

    bool operator==(const Availability&) const = default;
};

enum class AvailabilityMode { all, any, latest };

/// What a component says about being reachable. Components of one device mostly say the same.
struct AvailabilityRule {
    std::vector<Availability> topics;
    AvailabilityMode mode = AvailabilityMode::latest;

    bool operator==(const AvailabilityRule&) const = default;
};

/// An accepted component.
struct Component {
    std::string id;    ///< its discovery topic; in the device form with "#" and its own name
    std::string topic; ///< its discovery topic
    Identity identity;
    std::string name;
    std::string unique_id;
    std::string device_class; ///< as it calls it: "garage", "temperature"
    DeviceInfo device;
    AvailabilityRule availability;
    broker::Qos qos = broker::Qos::at_most_once;
    bool retain = false;
    Micros expire_after = 0; ///< its value is unknown so long after the last message; 0: never
    std::optional<Micros> off_delay; ///< it is off so long after it was on
    /// About to be announced in the other form; gives way to it.
    bool migrating = false;
    std::unique_ptr<Entity> entity;
    /// Which of its offers that wait until they are told have been.
    std::set<std::size_t> told;
    /// By offer: where it stands among its device's attributes. Set by assembly.
    std::vector<std::size_t> slots;
    /// Which of its device's availability rules is its own. Set by fit_availability().
    std::optional<std::size_t> rule;

    bool is_timed() const { return expire_after > 0 || off_delay; }
};

/// What its device is known by. A component that names no device is one by itself.
std::vector<std::string> device_ids(const Component& component);

/// Reads a component's options, common and its own. Errors: what makes no sense, with the option.
Result<Component> read_component(const DiscoveryTopic& topic, const ComponentConfig& config,
                                 const DeviceInfo& device, TemplateCache& templates);

} // namespace hearth::mqtt_discovery
