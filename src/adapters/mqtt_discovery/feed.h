#pragma once

#include "adapters/mqtt_discovery/entity.h"
#include "broker/message.h"

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace hearth::mqtt_discovery {

struct Component;
struct DeviceRecord;

/// A component that reads a topic.
struct Listener {
    Component* component = nullptr;
    std::size_t reading = 0;
    SharedTemplate value_template;
    bool json = false;
    bool ignore_kept = false;
    /// It began to listen after the subscription was made, or was away: it has not seen what was
    /// kept.
    bool missed_kept = false;
};

/// All that one device reads from one topic.
struct DeviceListeners {
    std::vector<Listener> listeners;
    bool availability = false;
    bool missed_kept = false; ///< one of the listeners did, or the availability
};

/// One subscription to one distinct topic, however many components and devices listen to it.
class Feed final : public broker::LocalSubscriber {
public:
    using Deliver = std::function<void(Feed&, std::string_view topic, std::string_view payload,
                                       const broker::Origin& origin)>;

    Feed(std::string filter, Deliver deliver)
        : filter_(std::move(filter))
        , deliver_(std::move(deliver)) {}

    const std::string& filter() const { return filter_; }

    /// What hearth says itself is no device's word: were a command taken for the answer to it, a
    /// lamp that is off would be confirmed to be on.
    Result<void> received(std::string_view topic, std::string_view payload,
                          const broker::Origin& origin) override {
        if (origin.by == broker::Origin::By::client) deliver_(*this, topic, payload, origin);
        return {};
    }

    broker::LocalBus::SubscriptionId subscription = 0;
    /// While set, only devices that missed it take a retained message.
    bool catching_up = false;
    std::unordered_map<DeviceRecord*, DeviceListeners> devices;

private:
    std::string filter_;
    Deliver deliver_;
};

} // namespace hearth::mqtt_discovery
