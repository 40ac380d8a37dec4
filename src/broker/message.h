#pragma once

#include "base/result.h"
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
    /// UTC; 0: never. From then on nobody is given it: not from a queue, not as a retained message,
    /// and not again where a connection ended before it was acknowledged.
    Micros expires_at = 0;
    /// Not 0: hearth's own number of this publication. A session that is kept and was given it with
    /// QoS 1 or 2 is not given it again under the same number, also after a restart.
    std::uint64_t number = 0;

    bool operator==(const Message&) const = default;
};

class Authorizer;

/// Whose word a message is. Views are good for as long as the call that hands it over.
struct Origin {
    enum class By : std::uint8_t { client, hearth };

    By by = By::client;
    /// It had been kept from before the subscription; else it is being published now.
    bool retained = false;
    /// It is being published now and changes what is retained on its topic: from now on it is
    /// this, or nothing where its payload is empty.
    bool keeps = false;
    /// It is being published now with QoS 1 or 2: once this call returns and the journal is
    /// committed, its publisher is told that it may forget it.
    bool promised = false;
    /// Of a client's message the credential that published it, empty for a client without a name.
    /// Of hearth's own the credential on whose behalf, empty for nobody's.
    std::string_view credential;
    std::string_view client_id; ///< empty for what is retained and for hearth's own
};

/// Whoever inside the program listens to topics: the adapters. All comes on the home's shard, in
/// order. May publish and subscribe from within.
class LocalSubscriber {
public:
    virtual ~LocalSubscriber() = default;

    /// A message on a subscribed topic. The broker has made sure that its publisher may speak
    /// there; hearth's own messages come too, and are no device's word.
    ///
    /// An error refuses a client's message: nobody else gets it, it is not retained, and its
    /// publisher is told "not authorized" (3.1.1: it is acknowledged and dropped). Who refuses has
    /// listed why. Of what was retained, and of hearth's own, an error means nothing.
    virtual Result<void> received(std::string_view topic, std::string_view payload,
                                  const Origin& origin) = 0;

    /// What was retained on a topic is gone though nobody has cleared it: it expired, or the
    /// credential that published it was revoked.
    virtual void dropped(std::string_view /*topic*/) {}
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

    /// Publishes as hearth itself; never fails. Returns how many clients it was handed or queued
    /// to, now or under the same number before: who listens inside the program takes nothing.
    virtual std::size_t publish(Message message) = 0;
    /// Publishes as hearth itself what a credential's device asked to be told. Code::refused where
    /// that credential may not (or no longer) subscribe to the topic: hearth lends nobody its
    /// voice. What is retained of it goes with the credential.
    virtual Result<std::size_t> publish_for(std::string_view credential, Message message) = 0;

    /// Whether something is retained on a topic.
    virtual bool retains(std::string_view topic) const = 0;
    /// What is retained on a topic is another credential's from now on. False if there is none.
    virtual bool hand_retained(std::string_view topic, std::string_view credential) = 0;

    /// Who may do what, as the broker itself decides it.
    virtual const Authorizer& rights() const = 0;
};

} // namespace hearth::broker
