#include "base/text.h"
#include "broker/core.h"
#include "codec/mqtt/encoder.h"

#include <algorithm>
#include <new>
#include <utility>

namespace hearth::broker {

namespace {

Code code_of(mqtt::ReasonCode reason) {
    switch (reason) {
    case mqtt::ReasonCode::packet_too_large:
    case mqtt::ReasonCode::quota_exceeded:
    case mqtt::ReasonCode::receive_maximum_exceeded:
        return Code::limit;
    case mqtt::ReasonCode::not_authorized:
    case mqtt::ReasonCode::bad_user_name_or_password:
        return Code::refused;
    case mqtt::ReasonCode::keep_alive_timeout:
        return Code::timed_out;
    case mqtt::ReasonCode::server_unavailable:
        return Code::unavailable;
    default:
        return Code::invalid;
    }
}

/// What the codec cannot know: which limit it was handed, and how to change it.
mqtt::PacketError with_limit(mqtt::PacketError error, bool silent) {
    if (error.reason == mqtt::ReasonCode::packet_too_large)
        error.detail += silent ? " until CONNECT is accepted" : " (setting broker.packet_bytes)";
    return error;
}

} // namespace

Broker::Core::Core(const BrokerParts& parts, const BrokerLimits& limits)
    : parts_(parts)
    , limits_(limits)
    , counters_(parts.metrics)
    , quotas_(limits, parts.memory)
    , failures_by_name_(limits.password_tries)
    , failures_by_address_(limits.password_tries)
    , routes_(limits.cached_routes, limits.cached_route_bytes)
    , gate_(parts.journal, [this](const AckGate::Held& held, std::string_view bytes,
                                  const Result<void>& done) { release(held, bytes, done); }) {
    Metrics& metrics = parts_.metrics;
    metrics.gauge("hearth_mqtt_clients", "Connected MQTT clients",
                  [this] { return static_cast<double>(connected_); });
    metrics.gauge("hearth_mqtt_silent_connections", "Connections whose CONNECT has not come",
                  [this] { return static_cast<double>(peers_.silent()); });
    metrics.gauge("hearth_mqtt_incoming_bytes", "Of packets that have come in part",
                  [this] { return static_cast<double>(quotas_.used(Resource::incoming_bytes)); });
    metrics.gauge("hearth_mqtt_sessions", "MQTT sessions, connected or kept",
                  [this] { return static_cast<double>(sessions_.size()); });
    metrics.gauge("hearth_mqtt_subscriptions", "Subscriptions of MQTT clients",
                  [this] { return static_cast<double>(subscriptions_.size()); });
    metrics.gauge("hearth_mqtt_subscription_bytes", "Memory of these subscriptions, about", [this] {
        return static_cast<double>(quotas_.used(Resource::subscription_bytes));
    });
    metrics.gauge("hearth_mqtt_queued_messages",
                  "Messages that wait for sessions or are not acknowledged",
                  [this] { return static_cast<double>(quotas_.used(Resource::queued_messages)); });
    metrics.gauge("hearth_mqtt_queued_bytes", "Topics and payloads of these",
                  [this] { return static_cast<double>(quotas_.used(Resource::queued_bytes)); });
    metrics.gauge("hearth_mqtt_retained_messages", "Retained messages",
                  [this] { return static_cast<double>(retained_.size()); });
    metrics.gauge("hearth_mqtt_retained_bytes", "Topics and payloads of retained messages",
                  [this] { return static_cast<double>(retained_.bytes()); });
}

void Broker::Core::opened(ConnectionId id, const net::Address& peer) {
    Connection& connection = connections_.make(id);
    connection.heard_at = parts_.clock.steady();
    connection.loopback = peer.is_loopback();
    connection.more().peer = peer.to_string();
    connection.peer = peers_.came(peer.network(), id);
    timers_.set(connection.heard_at + limits_.connect_timeout, Timers::Kind::connect, id);
    make_room(connections_.find(id));
}

/// One silent connection goes for one that comes, be it itself: of its own address where that has
/// too many, else of the address with the largest crowd.
void Broker::Core::make_room(Index newcomer) {
    const Connection& connection = connections_[newcomer];
    if (peers_.from_same(connection.peer) > limits_.connections_per_address)
        turn_away(peers_.oldest_silent_beside(connection.peer), "broker.connections_per_address");
    else if (connections_.size() > limits_.connections)
        turn_away(peers_.oldest_silent(), "broker.connections");
}

void Broker::Core::turn_away(ConnectionId id, std::string_view setting) {
    constexpr Micros told_every = 10 * seconds;
    const Index at = connections_.find(id);
    const Micros now = parts_.clock.steady();
    if (told_crowd_at_ == 0 || now - told_crowd_at_ >= told_every) {
        told_crowd_at_ = now;
        parts_.refusals.add(
            "mqtt", peers_.address(connections_[at].peer),
            Error{Code::limit, fmt::format("there is no room for more connections, so those that "
                                           "have said nothing are closed, oldest first: more are "
                                           "allowed by {}",
                                           setting)});
    }
    counters_.turned_away.add();
    detach(at, Parting::lost);
    parts_.outlet.turn_away(id, "no room for more connections");
}

/// A packet that comes in pieces costs what has come of it. False when that is too much.
bool Broker::Core::hold_incoming(Index at, std::size_t bytes) {
    constexpr std::size_t free_bytes = 4U << 10;
    Connection& connection = connections_[at];
    const auto held = static_cast<std::uint32_t>(bytes > free_bytes ? bytes : 0);
    if (held == connection.incoming) return true;
    const IdentityIndex owner =
        connection.session != none ? sessions_[connection.session].owner : Quotas::strangers;
    quotas_.give_back(owner, Resource::incoming_bytes, std::exchange(connection.incoming, 0));
    if (held != 0 && !quotas_.has_room(owner, Resource::incoming_bytes, held))
        return fail_connection(
            at, mqtt::ReasonCode::quota_exceeded,
            quotas_.why_full(owner, owner == Quotas::strangers ? "" : identities_.name(owner),
                             Resource::incoming_bytes, held));
    quotas_.take(owner, Resource::incoming_bytes, held);
    connection.incoming = held;
    return true;
}

std::size_t Broker::Core::received(ConnectionId id, std::string_view bytes) {
    const Index at = connections_.find(id);
    if (at == none) return bytes.size();
    if (connections_[at].phase == Connection::Phase::refused) return bytes.size();
    connections_[at].heard_at = parts_.clock.steady();
    std::size_t done = 0;
    while (done < bytes.size()) {
        const bool silent = connections_[at].phase == Connection::Phase::silent;
        const std::string_view rest = bytes.substr(done);
        const mqtt::FrameResult next = mqtt::next_frame(
            rest, silent ? limits_.connect_bytes : limits_.packet_bytes, connections_[at].v31);
        if (next.status == mqtt::FrameResult::Status::incomplete) break;
        const bool good = next.status == mqtt::FrameResult::Status::frame;
        if (!good) refuse_frame(at, with_limit(next.error, silent), rest);
        if (!good || !handle_or_drop(at, next.frame) || connections_[at].id != id) {
            done = bytes.size();
            break;
        }
        done += next.frame.size;
    }
    if (connections_[at].id == id && !hold_incoming(at, bytes.size() - done)) done = bytes.size();
    counters_.bytes_in.add(done);
    drain_pending();
    return done;
}

/// The last resort: what is large is asked for beforehand (memory_for()), and the program keeps
/// some memory aside for the rest.
bool Broker::Core::handle_or_drop(Index at, const mqtt::Frame& frame) {
    const ConnectionId id = connections_[at].id;
    try {
        return handle(at, frame);
    } catch (const std::bad_alloc&) {
        drop_out_of_memory(id);
        return false;
    }
}

void Broker::Core::drop_out_of_memory(ConnectionId id) {
    distributing_ = false;
    stored_ = MessageRef();
    leaving_.clear();
    if (parts_.memory != nullptr) parts_.memory->look();
    const Index at = connections_.find(id);
    if (at == none) return;
    counters_.out_of_memory.add();
    refused(connections_[at], Code::limit, "no memory is left for its packet: it is disconnected");
    part(at, Parting::lost, "no memory left");
}

bool Broker::Core::handle(Index at, const mqtt::Frame& frame) {
    const Connection& connection = connections_[at];
    const bool silent = connection.phase == Connection::Phase::silent;
    if (silent && frame.type() == mqtt::PacketType::connect) return handle_connect(at, frame);
    if (silent) { // 3.1.0-1: nothing may be answered
        refused(connection, Code::invalid,
                fmt::format("the first packet is {}: it must be CONNECT",
                            mqtt::to_string(frame.type())));
        part(at, Parting::lost, "not MQTT");
        return false;
    }
    return handle_connected(at, frame);
}

bool Broker::Core::handle_connected(Index at, const mqtt::Frame& frame) {
    Connection& connection = connections_[at];
    using Type = mqtt::PacketType;
    if (frame.type() == Type::connect || frame.type() == Type::auth ||
        !mqtt::may_send(mqtt::Sender::client, frame.type(), connection.version))
        return fail_connection(
            at, mqtt::ReasonCode::protocol_error,
            fmt::format("{} is not a client's to send here", mqtt::to_string(frame.type())));
    switch (frame.type()) {
    case Type::publish:
        return handle_publish(at, frame);
    case Type::puback:
    case Type::pubrec:
    case Type::pubrel:
    case Type::pubcomp:
        return handle_ack(at, frame);
    case Type::subscribe:
        return handle_subscribe(at, frame);
    case Type::unsubscribe:
        return handle_unsubscribe(at, frame);
    case Type::disconnect:
        return handle_disconnect(at, frame);
    default:
        return handle_pingreq(at, frame);
    }
}

bool Broker::Core::handle_pingreq(Index at, const mqtt::Frame& frame) {
    Connection& connection = connections_[at];
    if (!frame.body.empty())
        return fail_connection(at, mqtt::ReasonCode::malformed_packet, "PINGREQ has a body");
    bytes_.clear();
    if (mqtt::encode(bytes_, mqtt::Pingresp{}, connection.version)) send(connection, bytes_);
    return true;
}

bool Broker::Core::handle_disconnect(Index at, const mqtt::Frame& frame) {
    const Connection& connection = connections_[at];
    const auto disconnect = mqtt::decode_disconnect(frame, connection.version);
    if (!disconnect) {
        refuse_frame(at, disconnect.error(), frame.body);
        return false;
    }
    Session& session = sessions_[connection.session];
    if (const auto expiry = disconnect->properties.session_expiry_s) {
        // 3.14.2.2.2: who began without one cannot ask for one now.
        if (session.expiry_s == 0 && *expiry != 0)
            return fail_connection(at, mqtt::ReasonCode::protocol_error,
                                   "DISCONNECT gives the session an expiry that CONNECT did not");
        session.expiry_s = std::min(*expiry, limits_.session_expiry_s);
    }
    const bool with_will = disconnect->reason != mqtt::ReasonCode::success;
    const bool kept = session.persistent() && session.expiry_s != 0;
    const ConnectionId id = connection.id;
    detach(at, with_will ? Parting::lost : Parting::graceful);
    // Closing is the only answer that DISCONNECT has; of a session that is kept it means "kept".
    if (kept && parts_.journal.accepts())
        gate_.hold(id, AckGate::Kind::close, {});
    else
        parts_.outlet.close(id, "disconnected by the client");
    return false;
}

void Broker::Core::refuse_frame(Index at, const mqtt::PacketError& error, std::string_view bytes) {
    Connection& connection = connections_[at];
    if (connection.phase == Connection::Phase::silent) {
        refused(connection, code_of(error.reason), error.detail, bytes.substr(0, 64));
        part(at, Parting::lost, "malformed packet");
        return;
    }
    fail_connection(at, error.reason, error.detail, bytes.substr(0, 64));
}

bool Broker::Core::fail_connection(Index at, mqtt::ReasonCode reason, std::string_view detail,
                                   std::string_view excerpt) {
    Connection& connection = connections_[at];
    refused(connection, code_of(reason), std::string(detail), excerpt);
    send_disconnect(connection, reason, detail);
    part(at, Parting::lost, mqtt::to_string(reason));
    return false;
}

void Broker::Core::send_disconnect(Connection& connection, mqtt::ReasonCode reason,
                                   std::string_view detail) {
    // 3.1.1 has no DISCONNECT of a server; before a CONNACK there can be none either.
    if (connection.version != mqtt::Version::v5 || connection.phase != Connection::Phase::connected)
        return;
    mqtt::Disconnect disconnect;
    disconnect.reason = mqtt::reason_allowed(mqtt::PacketType::disconnect, reason)
                            ? reason
                            : mqtt::ReasonCode::unspecified_error;
    disconnect.properties.reason_string = detail;
    bytes_.clear();
    if (mqtt::encode(bytes_, disconnect, connection.version, connection.packet_bytes))
        parts_.outlet.send(connection.id, bytes_);
}

void Broker::Core::part(Index at, Parting parting, std::string_view why) {
    const ConnectionId id = connections_[at].id;
    detach(at, parting);
    parts_.outlet.close(id, why);
}

void Broker::Core::detach(Index at, Parting parting) {
    Connection& connection = connections_[at];
    const SessionIndex index = connection.session;
    std::unique_ptr<Will> will;
    if (index != none) {
        if (connection.extras) will = std::move(connection.extras->will);
        queue_rest_of_retained(sessions_[index]);
        sessions_[index].connection = none;
        quotas_.give_back(sessions_[index].owner, Resource::connections);
        --connected_;
    }
    quotas_.give_back(index != none ? sessions_[index].owner : Quotas::strangers,
                      Resource::incoming_bytes, connection.incoming);
    if (index != none)
        peers_.left(connection.peer);
    else
        peers_.left_silent(connection.peer);
    connections_.erase(at);
    if (index == none) return;
    if (will && parting == Parting::graceful)
        record_will_over(will->number);
    else if (will)
        schedule_will(std::move(will), index);
    leave_session(index);
}

void Broker::Core::closed(ConnectionId id, std::string_view) {
    const Index at = connections_.find(id);
    if (at != none) detach(at, Parting::lost);
    drain_pending();
}

void Broker::Core::send(Connection& connection, std::string_view bytes) {
    if (connection.phase == Connection::Phase::connecting)
        connection.more().behind_connack += bytes;
    else
        parts_.outlet.send(connection.id, bytes);
}

std::string Broker::Core::who(const Connection& connection) const {
    if (connection.session != none) return sessions_[connection.session].client_id;
    return connection.extras ? connection.extras->peer : std::string();
}

void Broker::Core::refused(const Connection& connection, Code code, std::string detail,
                           std::string_view excerpt) {
    parts_.refusals.add("mqtt", who(connection), Error{code, std::move(detail)}, excerpt);
}

void Broker::Core::end_turn() {
    drain_pending();
    retained_steps_ = retained_steps_per_turn;
    more_retained_ = false;
    std::vector<ConnectionId> starving;
    starving.swap(starving_);
    std::size_t served = 0;
    for (const ConnectionId id : starving) {
        const Index at = connections_.find(id);
        if (at == none) continue;
        connections_[at].starved = false;
        if (retained_steps_ != 0) ++served;
        pump(at);
    }
    // Those whose walks had no steps left begin the next turn.
    if (retained_steps_ == 0)
        std::rotate(starving_.begin(),
                    starving_.begin() +
                        static_cast<std::ptrdiff_t>(std::min(served, starving_.size())),
                    starving_.end());
    gate_.end_turn();
}

void Broker::Core::close_all() {
    for (Index at = 0; at < connections_.capacity(); ++at) {
        if (connections_[at].id == 0) continue;
        send_disconnect(connections_[at], mqtt::ReasonCode::server_shutting_down,
                        "hearth is stopping");
        part(at, Parting::lost, "hearth is stopping");
    }
    drain_pending();
}

} // namespace hearth::broker
