#pragma once

#include "broker/limits.h"
#include "broker/ring.h"
#include "broker/stored_message.h"

#include <cstdint>
#include <string>

namespace hearth::broker {

/// One message of QoS 1 or 2 on its way to one session.
struct Delivery {
    MessageRef message;           ///< none once it is released
    std::string subscription_ids; ///< encoded as mqtt::SubscriptionIds; mostly empty
    std::uint16_t packet_id = 0;  ///< 0 while it waits
    Qos qos = Qos::at_least_once;
    bool retain = false;
    bool released = false; ///< QoS 2: PUBREC has come, PUBREL goes out until PUBCOMP comes
};

/// What a session is still owed, in order: those in flight (sent, not acknowledged), then those
/// that wait. A session has one only while it is owed something.
class Outbound {
public:
    /// Whether one more may wait.
    bool has_room(std::size_t bytes, const BrokerLimits& limits) const {
        return waiting.size() < limits.queued_messages &&
               waiting_bytes_ + bytes <= limits.queued_bytes;
    }
    Delivery& wait(Delivery delivery) {
        waiting_bytes_ += delivery.message->size();
        return waiting.push_back(std::move(delivery));
    }
    /// The oldest that waits.
    Delivery take() {
        waiting_bytes_ -= waiting.front().message->size();
        return waiting.pop_front();
    }
    /// Position among those in flight, or -1.
    std::ptrdiff_t find(std::uint16_t packet_id) const {
        for (std::size_t i = 0; i < in_flight.size(); ++i)
            if (in_flight[i].packet_id == packet_id) return static_cast<std::ptrdiff_t>(i);
        return -1;
    }
    bool empty() const { return in_flight.empty() && waiting.empty(); }

    Ring<Delivery> in_flight;
    Ring<Delivery> waiting;

private:
    std::size_t waiting_bytes_ = 0;
};

} // namespace hearth::broker
