#pragma once

#include "base/time.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hearth::broker {

enum class Qos : std::uint8_t { at_most_once = 0, at_least_once = 1, exactly_once = 2 };

/// What travels with a message in MQTT 5 (section 3.3.2.3) from its publisher to its subscribers.
struct MessageProperties {
    bool utf8_payload = false;
    std::uint32_t expiry_s = 0; ///< 0: never
    std::string content_type;
    std::string response_topic;
    std::string correlation_data;
    std::vector<std::pair<std::string, std::string>> user;

    bool operator==(const MessageProperties&) const = default;
};

struct Message {
    std::string topic;
    std::string payload;
    Qos qos = Qos::at_most_once;
    bool retain = false;
    MessageProperties properties;

    bool operator==(const Message&) const = default;
};

/// Whoever inside the program listens to topics: the adapters.
class LocalSubscriber {
public:
    virtual ~LocalSubscriber() = default;

    /// A message on a subscribed topic; `retained` for one that had been kept before the
    /// subscription. `publisher` is the client id, or empty for hearth itself. All comes on the
    /// home's shard, in order. May publish and subscribe from within.
    virtual void received(std::string_view topic, std::string_view payload, bool retained,
                          std::string_view publisher) = 0;
};

/// What the program inside sees of its broker. (The clients' side is broker/broker.h.)
class LocalBus {
public:
    using SubscriptionId = std::uint64_t;

    virtual ~LocalBus() = default;

    /// Retained messages that match are handed over before this returns. One message that matches
    /// several subscriptions of a subscriber comes once for each. The filter must be valid.
    virtual SubscriptionId subscribe(std::string_view filter, LocalSubscriber& subscriber) = 0;
    virtual void unsubscribe(SubscriptionId subscription) = 0;

    /// Publishes as hearth itself; never fails. Returns how many others it was handed or queued to.
    virtual std::size_t publish(Message message) = 0;
};

} // namespace hearth::broker
