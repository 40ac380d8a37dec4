#pragma once

#include "adapters/mqtt_discovery/assembly.h"
#include "adapters/mqtt_discovery/component.h"
#include "base/time.h"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace hearth::mqtt_discovery {

class Feed;

/// A message that came before its device was announced.
struct WaitingMessage {
    Feed* feed = nullptr;
    std::string topic;
    std::string payload;
    std::string publisher;
    bool retained = false;
};

/// What one availability rule knows.
struct Reachable {
    AvailabilityRule rule;
    std::vector<std::optional<bool>> states; ///< by topic of the rule; nothing until it was told
    std::optional<bool> latest;
    /// Its components are away while others of the device are there: their values were taken back.
    bool away = false;

    /// Whether the rule says that the device can be reached; nothing while it does not know.
    std::optional<bool> verdict() const;
};

/// What the adapter knows of one device.
struct DeviceRecord {
    std::string owner; ///< credential of who announced it, empty for clients without a name
    std::set<std::string, std::less<>> ids; ///< identifiers and connections of its components
    std::string external_id;                ///< of these, the one it is announced by
    home::DeviceId home_id;                 ///< empty until it is announced
    std::map<std::string, std::unique_ptr<Component>, std::less<>> components; ///< by their id
    std::vector<Feed*> feeds; ///< that it listens to, each once

    /// Something changed that the home has not been told yet.
    bool changed = false;
    Micros changed_first = 0; ///< steady clock
    Micros changed_last = 0;
    std::vector<WaitingMessage> waiting;

    home::DeviceDescription description;
    std::vector<AssembledAttribute> attributes; ///< sorted by path
    /// Types of flexible attributes, as far as the device's messages have shown them.
    std::map<std::string, catalog::AttributeType, std::less<>> learned;
    std::vector<Reachable> reachable;
};

/// What is known of a component's own rule; nullptr where it has none.
const Reachable* reachable_of(const DeviceRecord& record, const Component& component);

/// Fits the availability rules to the components, and keeps what was known.
void fit_availability(DeviceRecord& record);

/// Whether a device can be reached, as far as it says: where any of its components can be.
std::optional<bool> reachable(const DeviceRecord& record);

} // namespace hearth::mqtt_discovery
