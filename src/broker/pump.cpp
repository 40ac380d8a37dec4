#include "broker/core.h"

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
    if (pump_waiting(at, session)) pump_retained(at, session);
}

/// True when nothing waits any more.
bool Broker::Core::pump_waiting(Index at, Session& session) {
    Connection& connection = connections_[at];
    if (!session.out) return true;
    Outbound& out = *session.out;
    while (!out.waiting.empty()) {
        const Micros now = parts_.clock.utc();
        if (out.waiting.front().message->expired(now)) {
            out.take();
            counters_.dropped_expired.add();
            step(RecordKind::skipped, session, 0);
            continue;
        }
        if (out.in_flight.size() >= connection.in_flight) return false;
        if (!socket_has_room(connection)) {
            starve(at);
            return false;
        }
        Delivery taken = out.take();
        taken.packet_id = new_packet_id(session);
        const Delivery& delivery = out.in_flight.push_back(std::move(taken));
        step(RecordKind::sent, session, delivery.packet_id);
        encoder_.begin(delivery.message->view(), now);
        send_publish(connection, session,
                     {connection.session, delivery.packet_id, delivery.qos, delivery.retain,
                      delivery.subscription_ids},
                     false);
    }
    session.told_full = false;
    return true;
}

bool Broker::Core::pump_retained(Index at, Session& session) {
    Connection& connection = connections_[at];
    if (!connection.extras) return true;
    Ring<RetainedReply>& replies = connection.extras->retained;
    while (!replies.empty()) {
        const bool counted = replies.front().qos != Qos::at_most_once;
        if (counted && session.out && session.out->in_flight.size() >= connection.in_flight)
            return false;
        if (!socket_has_room(connection)) {
            starve(at);
            return false;
        }
        const RetainedReply reply = replies.pop_front();
        const Retained::Entry* now = retained_.find(reply.message->topic());
        // One that has been replaced meanwhile went out as a live message: the old one is stale.
        if (now == nullptr || &*now->message != &*reply.message) continue;
        send_retained_reply(connection, session, reply);
    }
    return true;
}

void Broker::Core::send_retained_reply(Connection& connection, Session& session,
                                       const RetainedReply& reply) {
    Leaving leaving{connection.session, 0, reply.qos, true, reply.subscription_ids};
    if (reply.qos != Qos::at_most_once) {
        leaving.packet_id = new_packet_id(session);
        record_retained_reply(session, reply, leaving.packet_id);
        session.outbound().in_flight.push_back(
            {reply.message, reply.subscription_ids, leaving.packet_id, reply.qos, true, false});
    }
    encoder_.begin(reply.message->view(), parts_.clock.utc());
    send_publish(connection, session, leaving, false);
}

void Broker::Core::record_retained_reply(const Session& session, const RetainedReply& reply,
                                         std::uint16_t packet_id) {
    if (!session.persistent()) return;
    append(RecordKind::retained_queued,
           encode(RetainedQueuedRecord{
               reply.message->topic(),
               {session.number, packet_id, reply.qos, true, reply.subscription_ids}}));
}

/// The client has gone before it got all: what it may still claim waits with its other messages.
void Broker::Core::queue_rest_of_retained(Connection& connection, Session& session) {
    if (!connection.extras || session.expiry_s == 0) return;
    Ring<RetainedReply>& replies = connection.extras->retained;
    while (!replies.empty()) {
        const RetainedReply reply = replies.pop_front();
        const Retained::Entry* now = retained_.find(reply.message->topic());
        if (reply.qos == Qos::at_most_once || now == nullptr || &*now->message != &*reply.message ||
            !session.outbound().has_room(reply.message->size(), limits_))
            continue;
        record_retained_reply(session, reply, 0);
        session.outbound().wait({reply.message, reply.subscription_ids, 0, reply.qos, true, false});
    }
}

} // namespace hearth::broker
