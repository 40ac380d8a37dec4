#include "broker/core.h"
#include "codec/mqtt/encoder.h"

namespace hearth::broker {

namespace {

using mqtt::PacketType;
using mqtt::ReasonCode;

} // namespace

bool Broker::Core::handle_ack(Index at, const mqtt::Frame& frame) {
    const auto ack = mqtt::decode_ack(frame, connections_[at].version);
    if (!ack) {
        refuse_frame(at, ack.error(), frame.body);
        return false;
    }
    switch (ack->type) {
    case PacketType::puback:
        return handle_puback(at, *ack);
    case PacketType::pubrec:
        return handle_pubrec(at, *ack);
    case PacketType::pubrel:
        return handle_pubrel(at, *ack);
    default:
        return handle_pubcomp(at, *ack);
    }
}

void Broker::Core::send_ack(Connection& connection, PacketType type, std::uint16_t packet_id,
                            ReasonCode reason, bool wait, std::string_view detail) {
    mqtt::Ack ack;
    ack.type = type;
    ack.packet_id = packet_id;
    ack.reason = reason;
    if (!detail.empty() && connection.problem_information) ack.properties.reason_string = detail;
    bytes_.clear();
    if (!mqtt::encode(bytes_, ack, connection.version, connection.packet_bytes)) return;
    answer(connection, type == PacketType::puback ? AckGate::Kind::puback : AckGate::Kind::answer,
           bytes_, wait);
}

void Broker::Core::finish_delivery(Index at, Session& session, std::size_t position) {
    const Ring<Delivery>& in_flight = session.out->in_flight();
    const std::uint16_t packet_id = in_flight[position].packet_id;
    Connection& connection = connections_[at];
    if (position + connection.again >= in_flight.size()) --connection.again;
    session.out->finish(position);
    step(RecordKind::acknowledged, session, packet_id);
    pump(at);
}

bool Broker::Core::handle_puback(Index at, const mqtt::Ack& ack) {
    Session& session = sessions_[connections_[at].session];
    const std::ptrdiff_t found = session.out ? session.out->find(ack.packet_id) : -1;
    if (found < 0) return true; // of a message that this session does not know any more
    const auto position = static_cast<std::size_t>(found);
    if (session.out->in_flight()[position].qos != Qos::at_least_once)
        return fail_connection(at, ReasonCode::protocol_error,
                               fmt::format("PUBACK {} for a message of QoS 2", ack.packet_id));
    finish_delivery(at, session, position);
    return true;
}

bool Broker::Core::handle_pubrec(Index at, const mqtt::Ack& ack) {
    Connection& connection = connections_[at];
    Session& session = sessions_[connection.session];
    const std::ptrdiff_t found = session.out ? session.out->find(ack.packet_id) : -1;
    if (found < 0) {
        if (!mqtt::is_failure(ack.reason))
            send_ack(connection, PacketType::pubrel, ack.packet_id,
                     ReasonCode::packet_identifier_not_found, false);
        return true;
    }
    const auto position = static_cast<std::size_t>(found);
    const Delivery& delivery = session.out->in_flight()[position];
    if (delivery.qos != Qos::exactly_once)
        return fail_connection(at, ReasonCode::protocol_error,
                               fmt::format("PUBREC {} for a message of QoS 1", ack.packet_id));
    if (mqtt::is_failure(ack.reason)) { // 4.3.3: the identifier is free again
        finish_delivery(at, session, position);
        return true;
    }
    if (!delivery.released) {
        session.out->release(position);
        step(RecordKind::received, session, ack.packet_id);
    }
    // Were PUBREL to leave before this is kept, the client would forget the identifier, and a
    // power cut make the message come again.
    const bool wait =
        session.persistent() && parts_.journal.accepts() && must_wait(gate_.committed());
    send_ack(connection, PacketType::pubrel, ack.packet_id, ReasonCode::success, wait);
    return true;
}

bool Broker::Core::handle_pubrel(Index at, const mqtt::Ack& ack) {
    Connection& connection = connections_[at];
    Session& session = sessions_[connection.session];
    const journal::Sequence before = parts_.journal.last();
    if (!session.has_received(ack.packet_id)) {
        // A release that was told before may still be on its way to the disk.
        const bool wait =
            session.persistent() && parts_.journal.accepts() && must_wait(gate_.committed());
        send_ack(connection, PacketType::pubcomp, ack.packet_id,
                 ReasonCode::packet_identifier_not_found, wait);
        return true;
    }
    // PUBCOMP frees the identifier for another message, which must not be taken for this one after
    // a restart. Without an answer the client asks again.
    if (session.persistent() && !parts_.journal.accepts()) return true;
    session.received->erase(ack.packet_id);
    step(RecordKind::released, session, ack.packet_id);
    send_ack(connection, PacketType::pubcomp, ack.packet_id, ReasonCode::success,
             must_wait(before));
    return true;
}

bool Broker::Core::handle_pubcomp(Index at, const mqtt::Ack& ack) {
    Session& session = sessions_[connections_[at].session];
    const std::ptrdiff_t found = session.out ? session.out->find(ack.packet_id) : -1;
    if (found < 0) return true;
    const auto position = static_cast<std::size_t>(found);
    if (!session.out->in_flight()[position].released)
        return fail_connection(at, ReasonCode::protocol_error,
                               fmt::format("PUBCOMP {} before PUBREC", ack.packet_id));
    finish_delivery(at, session, position);
    return true;
}

} // namespace hearth::broker
