#include "broker/core.h"
#include "codec/mqtt/lists.h"

#include <algorithm>
#include <utility>

namespace hearth::broker {

void Broker::Core::step(RecordKind kind, const Session& session, std::uint16_t packet_id) {
    if (!session.persistent()) return;
    record_.clear();
    encode(record_, StepRecord{session.number, packet_id});
    append(kind, record_);
}

void Broker::Core::starve(Index at) {
    Connection& connection = connections_[at];
    if (connection.starved) return;
    connection.starved = true;
    starving_.push_back(connection.id);
}

void Broker::Core::pump(Index at) {
    Session& session = sessions_[connections_[at].session];
    // Retained messages of a new subscription come after what waited before it.
    if (pump_again(at, session) && pump_waiting(at, session)) pump_retained(at, session);
}

/// 4.4: whatever is not acknowledged comes again, in order, with its old packet identifier; as fast
/// as the socket takes it. True when all of it has gone out.
bool Broker::Core::pump_again(Index at, Session& session) {
    Connection& connection = connections_[at];
    while (connection.again != 0) {
        const Ring<Delivery>& in_flight = session.out->in_flight();
        const Delivery& delivery = in_flight[in_flight.size() - connection.again];
        if (delivery.released) {
            --connection.again;
            send_ack(connection, mqtt::PacketType::pubrel, delivery.packet_id,
                     mqtt::ReasonCode::success, false);
            continue;
        }
        if (delivery.message->is_placeholder() || // dropped at the start
            delivery.message->lapsed(parts_.clock.utc())) {
            let_go(connection, session);
            continue;
        }
        if (!socket_has_room(connection)) {
            starve(at);
            return false;
        }
        --connection.again; // before it is sent: one that is longer than the client takes is erased
        encoder_.begin(delivery.message->view(), parts_.clock.utc());
        send_publish(connection, session,
                     {connection.session, delivery.packet_id, delivery.qos, delivery.retain,
                      delivery.subscription_ids, delivery.message->after()},
                     true);
    }
    return true;
}

/// The next one that would come again does not. Of QoS 2 the client may have had it, and would take
/// the next message under its identifier for the same one: it is asked to forget that (PUBREL).
void Broker::Core::let_go(Connection& connection, Session& session) {
    const std::size_t position = session.out->in_flight().size() - connection.again;
    const Delivery& delivery = session.out->in_flight()[position];
    const std::uint16_t packet_id = delivery.packet_id;
    const bool placeholder = delivery.message->is_placeholder(); // is counted already
    if (!placeholder) counters_.dropped_expired.add();
    if (!placeholder && delivery.qos == Qos::exactly_once) {
        session.out->release(position);
        step(RecordKind::received, session, packet_id);
        return;
    }
    session.out->finish(position);
    --connection.again;
    step(RecordKind::acknowledged, session, packet_id);
}

void Broker::Core::skip_expired(Session& session) {
    Outbound& out = *session.out;
    const Micros now = parts_.clock.utc();
    while (!out.waiting().empty() && out.waiting().front().message->expired(now)) {
        out.drop_oldest();
        counters_.dropped_expired.add();
        step(RecordKind::skipped, session, 0);
    }
}

/// True when nothing waits any more.
bool Broker::Core::pump_waiting(Index at, Session& session) {
    Connection& connection = connections_[at];
    if (!session.out) return true;
    Outbound& out = *session.out;
    for (skip_expired(session); !out.waiting().empty(); skip_expired(session)) {
        if (out.in_flight().size() >= connection.in_flight) return false;
        if (!socket_has_room(connection)) {
            starve(at);
            return false;
        }
        const Delivery& delivery = out.fly_oldest(new_packet_id(session));
        step(RecordKind::sent, session, delivery.packet_id);
        encoder_.begin(delivery.message->view(), parts_.clock.utc());
        send_publish(connection, session,
                     {connection.session, delivery.packet_id, delivery.qos, delivery.retain,
                      delivery.subscription_ids, delivery.message->after()},
                     false);
    }
    session.told_full = false;
    return true;
}

bool Broker::Core::pump_retained(Index at, Session& session) {
    while (session.retained) {
        RetainedOwed& owed = session.retained->front();
        if (walk_retained(at, session, owed) == Walked::blocked) {
            retained_.rest(owed.walk);
            return false;
        }
        session.retained->pop_front();
        if (session.retained->empty()) session.retained.reset();
    }
    return true;
}

/// As far as the client, its quota and the turn allow.
Broker::Core::Walked Broker::Core::walk_retained(Index at, Session& session, RetainedOwed& owed) {
    if (!std::exchange(owed.begun, true))
        subscriptions_.set_retained_owed(owed.subscription, false);
    const std::string filter = subscriptions_.filter(owed.subscription);
    TopicTree::split(filter, levels_);
    std::size_t steps = std::min(retained_steps_, retained_steps_at_a_time);
    const std::size_t before = steps;
    Walked walked = Walked::blocked;
    while (true) {
        const Retained::Entry* entry = owed.looked ? nullptr : retained_.here(owed.walk, levels_);
        if (entry != nullptr && !hand_over_retained(at, session, owed, *entry)) break;
        owed.looked = true;
        if (steps == 0) {
            more_retained_ = true;
            starve(at);
            break;
        }
        --steps;
        if (!retained_.step(owed.walk, levels_)) {
            walked = Walked::through;
            break;
        }
        owed.looked = false;
    }
    retained_steps_ -= before - steps;
    return walked;
}

/// False when it must wait.
bool Broker::Core::hand_over_retained(Index at, Session& session, const RetainedOwed& owed,
                                      const Retained::Entry& entry) {
    Connection& connection = connections_[at];
    const Subscription& subscription = subscriptions_[owed.subscription];
    const Qos qos = std::min(subscription.qos, entry.message->qos());
    if (entry.message->expired(parts_.clock.utc())) return true;
    const bool counted = qos != Qos::at_most_once;
    if (counted && session.out && session.out->in_flight().size() >= connection.in_flight)
        return false; // an acknowledgement opens the window
    if (!socket_has_room(connection) ||
        (counted && !quotas_.has_queue_room(session.owner, entry.message->size(), true))) {
        starve(at);
        return false;
    }
    Leaving leaving{connection.session, 0, qos, true, {}, entry.message->after()};
    if (subscription.identifier != 0)
        (void)mqtt::append_subscription_id(leaving.subscription_ids, subscription.identifier);
    const MessageRef message = entry.message;
    if (counted) {
        leaving.packet_id = new_packet_id(session);
        record_retained_reply(
            session, message->topic(),
            {session.number, leaving.packet_id, qos, true, leaving.subscription_ids});
        session.outbound(quotas_).fly(
            {message, leaving.subscription_ids, leaving.packet_id, qos, true, false});
    }
    encoder_.begin(message->view(), parts_.clock.utc());
    send_publish(connection, session, leaving, false);
    return true;
}

void Broker::Core::record_retained_reply(const Session& session, std::string_view topic,
                                         const PublishedTarget& target) {
    if (!session.persistent()) return;
    append(RecordKind::retained_queued, encode(RetainedQueuedRecord{topic, target}));
}

/// The client has gone before it got all: what it may still claim waits with its other messages, as
/// far as there is room and no longer than a moment. The rest waits for it to come back, but not
/// over a restart.
void Broker::Core::queue_rest_of_retained(Session& session) {
    if (session.expiry_s == 0) session.retained.reset();
    std::size_t steps = retained_steps_at_a_time;
    while (session.retained) {
        RetainedOwed& owed = session.retained->front();
        if (!std::exchange(owed.begun, true))
            subscriptions_.set_retained_owed(owed.subscription, false);
        const std::string filter = subscriptions_.filter(owed.subscription);
        TopicTree::split(filter, levels_);
        bool more = true;
        while (more && steps > 0) {
            const Retained::Entry* entry =
                owed.looked ? nullptr : retained_.here(owed.walk, levels_);
            if (entry != nullptr && !queue_retained(session, owed, *entry)) break;
            --steps;
            more = retained_.step(owed.walk, levels_);
            owed.looked = false;
        }
        if (more) {
            retained_.rest(owed.walk);
            return;
        }
        session.retained->pop_front();
        if (session.retained->empty()) session.retained.reset();
    }
}

/// False when there is no room for it.
bool Broker::Core::queue_retained(Session& session, const RetainedOwed& owed,
                                  const Retained::Entry& entry) {
    const Subscription& subscription = subscriptions_[owed.subscription];
    const Qos qos = std::min(subscription.qos, entry.message->qos());
    if (qos == Qos::at_most_once || entry.message->expired(parts_.clock.utc())) return true;
    const std::size_t size = entry.message->size();
    if (!session.outbound(quotas_).has_room(size, limits_) ||
        !quotas_.has_queue_room(session.owner, size, false))
        return false;
    std::string ids;
    if (subscription.identifier != 0)
        (void)mqtt::append_subscription_id(ids, subscription.identifier);
    record_retained_reply(session, entry.message->topic(), {session.number, 0, qos, true, ids});
    session.outbound(quotas_).wait({entry.message, ids, 0, qos, true, false});
    return true;
}

} // namespace hearth::broker
