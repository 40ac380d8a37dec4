#pragma once

#include "broker/limits.h"
#include "broker/quotas.h"
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
/// that wait. A session has one only while it is owed something. Its owner's quota pays for all,
/// and has it back when this ends.
class Outbound {
public:
    Outbound(Quotas& quotas, IdentityIndex owner)
        : quotas_(quotas)
        , owner_(owner) {}
    ~Outbound() { give_back(in_flight_.size() + waiting_.size(), flying_bytes_ + waiting_bytes_); }
    Outbound(const Outbound&) = delete;
    Outbound& operator=(const Outbound&) = delete;

    const Ring<Delivery>& in_flight() const { return in_flight_; }
    const Ring<Delivery>& waiting() const { return waiting_; }
    bool empty() const { return in_flight_.empty() && waiting_.empty(); }

    /// Whether one more may wait, as far as this session goes. Where nothing waits, one may that is
    /// longer than all together.
    bool has_room(std::size_t bytes, const BrokerLimits& limits) const {
        return waiting_.size() < limits.queued_messages &&
               (waiting_.empty() || waiting_bytes_ + bytes <= limits.queued_bytes);
    }
    void wait(Delivery delivery) {
        const std::size_t bytes = delivery.message->size();
        quotas_.take(owner_, Resource::queued_messages);
        quotas_.take(owner_, Resource::queued_bytes, bytes);
        waiting_bytes_ += bytes;
        waiting_.push_back(std::move(delivery));
    }
    /// Good until the next change.
    const Delivery& fly(Delivery delivery) {
        const std::size_t bytes = delivery.message ? delivery.message->size() : 0;
        quotas_.take(owner_, Resource::queued_messages);
        quotas_.take(owner_, Resource::queued_bytes, bytes);
        flying_bytes_ += bytes;
        return in_flight_.push_back(std::move(delivery));
    }
    /// The oldest that waits flies.
    const Delivery& fly_oldest(std::uint16_t packet_id) {
        const std::size_t bytes = waiting_.front().message->size();
        waiting_bytes_ -= bytes;
        flying_bytes_ += bytes;
        Delivery delivery = waiting_.pop_front();
        delivery.packet_id = packet_id;
        return in_flight_.push_back(std::move(delivery));
    }
    /// The oldest that waits is dropped.
    void drop_oldest() {
        const std::size_t bytes = waiting_.front().message->size();
        waiting_bytes_ -= bytes;
        waiting_.pop_front();
        give_back(1, bytes);
    }
    /// PUBREC has come: of the one in flight at that position only the packet id is left.
    void release(std::size_t position) {
        Delivery& delivery = in_flight_[position];
        delivery.released = true;
        drop_bytes(delivery);
        delivery.message = MessageRef();
    }
    /// The one in flight at that position is done with.
    void finish(std::size_t position) {
        drop_bytes(in_flight_[position]);
        in_flight_.erase(position);
        quotas_.give_back(owner_, Resource::queued_messages);
    }
    /// Position among those in flight, or -1.
    std::ptrdiff_t find(std::uint16_t packet_id) const {
        for (std::size_t i = 0; i < in_flight_.size(); ++i)
            if (in_flight_[i].packet_id == packet_id) return static_cast<std::ptrdiff_t>(i);
        return -1;
    }

private:
    void give_back(std::size_t messages, std::size_t bytes) {
        quotas_.give_back(owner_, Resource::queued_messages, messages);
        quotas_.give_back(owner_, Resource::queued_bytes, bytes);
    }
    void drop_bytes(const Delivery& delivery) {
        if (!delivery.message) return;
        flying_bytes_ -= delivery.message->size();
        quotas_.give_back(owner_, Resource::queued_bytes, delivery.message->size());
    }

    Quotas& quotas_;
    IdentityIndex owner_;
    Ring<Delivery> in_flight_;
    Ring<Delivery> waiting_;
    std::size_t waiting_bytes_ = 0;
    std::size_t flying_bytes_ = 0;
};

} // namespace hearth::broker
