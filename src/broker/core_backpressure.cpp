#include "broker/core.h"

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

} // namespace hearth::broker
