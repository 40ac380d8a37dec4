#include "broker/core.h"
#include "codec/mqtt/encoder.h"

namespace hearth::broker {

void Broker::Core::answer(Connection& connection, AckGate::Kind kind, std::string_view bytes,
                          bool wait) {
    // Answers keep the order of what they answer (4.6): one that need not wait for the disk waits
    // for those before it.
    if (!wait && connection.waiting == 0) {
        send(connection, bytes);
        return;
    }
    gate_.hold(connection.id, kind, bytes);
    ++connection.waiting;
    if (kind == AckGate::Kind::puback) ++connection.waiting_pubacks;
    if (connection.waiting < limits_.waiting_answers || connection.paused) return;
    connection.paused = true;
    parts_.outlet.pause(connection.id);
}

void Broker::Core::release(const AckGate::Held& held, std::string_view bytes,
                           const Result<void>& committed) {
    if (held.kind == AckGate::Kind::close) {
        parts_.outlet.close(held.connection, "disconnected by the client");
        return;
    }
    const Index at = connections_.find(held.connection);
    if (at == none) return;
    Connection& connection = connections_[at];
    if (!committed) {
        // The client keeps what it has no answer for, and comes again.
        refused(connection, committed.error().code,
                fmt::format("not durable, so not acknowledged: {}", committed.error().detail));
        send_disconnect(connection, mqtt::ReasonCode::quota_exceeded, "cannot be made durable");
        part(at, Parting::lost, "cannot be made durable");
        return;
    }
    if (held.shared)
        parts_.outlet.send(connection.id, held.shared);
    else
        parts_.outlet.send(connection.id, bytes);
    if (held.kind == AckGate::Kind::connack) {
        connection.phase = Connection::Phase::connected;
        if (connection.extras && !connection.extras->behind_connack.empty())
            parts_.outlet.send(connection.id, std::exchange(connection.extras->behind_connack, {}));
    }
    if (held.kind == AckGate::Kind::publish)
        connection.extras->held_bytes -= held.size;
    else
        ease(connection, held);
}

void Broker::Core::ease(Connection& connection, const AckGate::Held& held) {
    --connection.waiting;
    if (held.kind == AckGate::Kind::puback) --connection.waiting_pubacks;
    if (!connection.paused || connection.waiting > limits_.waiting_answers / 2) return;
    connection.paused = false;
    parts_.outlet.resume(connection.id);
}

} // namespace hearth::broker
