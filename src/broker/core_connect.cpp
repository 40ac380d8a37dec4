#include "base/text.h"
#include "broker/core.h"
#include "codec/mqtt/encoder.h"
#include "codec/mqtt/topic.h"

#include <algorithm>
#include <utility>

namespace hearth::broker {

namespace {

using mqtt::ReasonCode;

constexpr std::size_t made_up_id_length = 16;

ReasonCode reason_of(Code code) {
    if (code == Code::refused) return ReasonCode::not_authorized;
    if (code == Code::invalid) return ReasonCode::bad_user_name_or_password;
    return ReasonCode::server_unavailable;
}

/// 3.1.1 answers only what it has a return code for (3.1.1: 3.2.2.3); else it closes.
bool has_return_code(ReasonCode reason) {
    return reason != ReasonCode::malformed_packet && reason != ReasonCode::protocol_error;
}

} // namespace

bool Broker::Core::handle_connect(Index at, const mqtt::Frame& frame) {
    mqtt::DecodeLimits decode_limits;
    decode_limits.max_topic_levels = limits_.topic_levels;
    const auto connect = mqtt::decode_connect(frame, decode_limits);
    if (!connect)
        return refuse_connect(at, mqtt::answer_version(frame), connect.error().reason,
                              connect.error().detail);
    connections_[at].version = connect->version;
    if (!check_connect(at, *connect)) return false;
    const auto credential = parts_.authorizer.authenticate(
        {connect->client_id, connect->user_name, connect->password, connections_[at].loopback});
    if (!credential && credential.error().code == Code::invalid)
        return refuse_login(at, *connect, credential.error());
    if (!credential)
        return refuse_connect(at, connect->version, reason_of(credential.error().code),
                              credential.error().detail);
    return accept(at, *connect, *credential);
}

/// Counts a failure for the name and for the address. Only failures are counted and only they wait,
/// so nobody is kept out by what others do.
bool Broker::Core::refuse_login(Index at, const mqtt::Connect& connect, const Error& why) {
    constexpr std::size_t told_name = 64;
    constexpr Micros told_every = 10 * seconds;
    counters_.login_failures.add();
    const Micros now = parts_.clock.steady();
    Connection& connection = connections_[at];
    const std::string_view name = connect.user_name.value_or("").substr(0, told_name);
    const std::string& address = peers_.address(connection.peer);
    const bool many_of_name = failures_by_name_.add(name, now);
    const bool many_of_address = failures_by_address_.add(address, now);
    if (!many_of_name && !many_of_address)
        return refuse_connect(at, connect.version, reason_of(why.code), why.detail);
    if (told_failures_at_ == 0 || now - told_failures_at_ >= told_every) {
        told_failures_at_ = now;
        parts_.refusals.add(
            "mqtt", address,
            Error{Code::refused,
                  fmt::format("more than {} wrong passwords in 10 minutes, now for {}: such are "
                              "answered late; more are allowed by broker.password_tries",
                              limits_.password_tries, printable(name))});
    }
    connection.phase = Connection::Phase::refused;
    connection.more().refusal = why.detail;
    parts_.outlet.pause(connection.id);
    timers_.set(now + limits_.password_delay, Timers::Kind::connect, connection.id);
    return false;
}

void Broker::Core::answer_late(Index at) {
    const std::string why = connections_[at].more().refusal;
    send_refusal(at, connections_[at].version, ReasonCode::bad_user_name_or_password, why);
    part(at, Parting::lost, mqtt::to_string(ReasonCode::bad_user_name_or_password));
}

bool Broker::Core::check_connect(Index at, const mqtt::Connect& connect) {
    if (connect.client_id.size() > limits_.client_id_bytes)
        return refuse_connect(at, connect.version, ReasonCode::client_identifier_not_valid,
                              fmt::format("client id of {} bytes; at most {} are allowed",
                                          connect.client_id.size(), limits_.client_id_bytes));
    if (connect.properties.authentication_method)
        return refuse_connect(at, connect.version, ReasonCode::bad_authentication_method,
                              "no authentication method is known; use user name and password");
    if (connect.will && connect.will->topic.size() > limits_.topic_bytes)
        return refuse_connect(
            at, connect.version, ReasonCode::topic_name_invalid,
            fmt::format("will on a topic of {} bytes; at most {} are allowed by broker.topic_bytes",
                        connect.will->topic.size(), limits_.topic_bytes));
    if (connect.will && connect.will->payload.size() > limits_.will_bytes)
        return refuse_connect(at, connect.version, ReasonCode::packet_too_large,
                              fmt::format("will of {} bytes; at most {} are allowed",
                                          connect.will->payload.size(), limits_.will_bytes));
    return true;
}

bool Broker::Core::check_will(Index at, const mqtt::Connect& connect, IdentityIndex identity) {
    // One on a '$' topic is not taken (see take_will), but keeps nobody out: a bridge of mosquitto
    // has one unless told otherwise.
    if (!connect.will || connect.will->topic.starts_with('$')) return true;
    const std::string_view topic = connect.will->topic;
    const std::string& credential = identities_.name(identity);
    if (parts_.authorizer.may_publish(credential, topic)) return true;
    return refuse_connect(at, connect.version, ReasonCode::not_authorized,
                          fmt::format("will on {} by credential {} is not allowed: add --topic {}",
                                      topic, credential, topic));
}

bool Broker::Core::refuse_connect(Index at, mqtt::Version version, ReasonCode reason,
                                  std::string_view detail) {
    Connection& connection = connections_[at];
    refused(connection,
            reason == ReasonCode::not_authorized || reason == ReasonCode::bad_user_name_or_password
                ? Code::refused
            : reason == ReasonCode::quota_exceeded ? Code::limit
                                                   : Code::invalid,
            std::string(detail));
    send_refusal(at, version, reason, detail);
    part(at, Parting::lost, mqtt::to_string(reason));
    return false;
}

void Broker::Core::send_refusal(Index at, mqtt::Version version, ReasonCode reason,
                                std::string_view detail) {
    if (version != mqtt::Version::v5 && !has_return_code(reason)) return;
    mqtt::Connack connack;
    connack.reason = mqtt::reason_allowed(mqtt::PacketType::connack, reason)
                         ? reason
                         : ReasonCode::unspecified_error;
    connack.properties.reason_string = detail;
    bytes_.clear();
    if (mqtt::encode(bytes_, connack, version)) parts_.outlet.send(connections_[at].id, bytes_);
}

bool Broker::Core::has_room_for(Index at, SessionIndex existing, const mqtt::Connect& connect,
                                IdentityIndex identity) {
    const bool takes_over = existing != none && sessions_[existing].connected();
    for (const auto& [what, needed] : {std::pair(Resource::sessions, existing == none),
                                       std::pair(Resource::connections, !takes_over)})
        if (needed && !quotas_.has_room(identity, what))
            return refuse_connect(at, connect.version, ReasonCode::quota_exceeded,
                                  quotas_.why_full(identity, identities_.name(identity), what));
    return true;
}

std::uint32_t Broker::Core::expiry_of(const mqtt::Connect& connect) const {
    if (connect.version == mqtt::Version::v311)
        return connect.clean_start ? 0 : limits_.session_expiry_s;
    return std::min(connect.properties.session_expiry_s.value_or(0), limits_.session_expiry_s);
}

bool Broker::Core::may_take(Index at, SessionIndex existing, const mqtt::Connect& connect,
                            IdentityIndex identity) {
    if (!has_room_for(at, existing, connect, identity)) return false;
    const bool resumes =
        existing != none && sessions_[existing].persistent() && !connect.clean_start;
    if (expiry_of(connect) != 0 && !resumes && !parts_.journal.accepts())
        return refuse_connect(at, connect.version, ReasonCode::server_unavailable,
                              "nothing can be kept now (disk full?): a new session that outlives "
                              "its connection is refused");
    return true;
}

bool Broker::Core::accept(Index at, const mqtt::Connect& connect, const std::string& credential) {
    const IdentityIndex identity = identities_.of(credential);
    std::string made_up;
    if (connect.client_id.empty()) made_up = "auto-" + random_id(parts_.random, made_up_id_length);
    const std::string_view client_id = made_up.empty() ? connect.client_id : made_up;
    SessionIndex existing = sessions_.find(client_id, identity);
    if (!check_will(at, connect, identity) || !may_take(at, existing, connect, identity))
        return false;

    const journal::Sequence before = parts_.journal.last();
    if (existing != none) {
        if (sessions_[existing].connected()) take_over(existing);
        existing = sessions_.find(client_id, identity); // it may have ended with its connection
    }
    if (existing != none && connect.clean_start) {
        end_session(existing);
        existing = none;
    }
    const std::uint32_t expiry_s = expiry_of(connect);
    const bool present = existing != none;
    if (present)
        resume_session(existing, expiry_s);
    else
        existing = open_session(client_id, identity, expiry_s);
    settle_connection(connections_[at], existing, connect);
    // A will is written before CONNACK leaves, as all that a turn appends; it does not make it wait
    // for the disk.
    const bool wait = must_wait(before) && parts_.journal.accepts();
    forget_orphan(client_id, identity);
    take_will(connections_[at], connect, identity);
    send_connack(at, connect, present, wait, made_up);
    redeliver(at);
    return true;
}

void Broker::Core::take_over(SessionIndex existing) {
    const Index at = sessions_[existing].connection;
    Connection& old = connections_[at];
    send_disconnect(old, ReasonCode::session_taken_over, "another client has this client id");
    part(at, Parting::lost, "session taken over");
}

SessionIndex Broker::Core::open_session(std::string_view client_id, IdentityIndex owner,
                                        std::uint32_t expiry_s) {
    const SessionNumber number = expiry_s == 0 ? 0 : next_session_number_++;
    const SessionIndex index = sessions_.make(client_id, owner, number);
    Session& session = sessions_[index];
    session.expiry_s = expiry_s;
    if (!session.persistent()) return index;
    ++persistent_sessions_;
    record_session(RecordKind::session_opened, session);
    return index;
}

void Broker::Core::resume_session(SessionIndex index, std::uint32_t expiry_s) {
    Session& session = sessions_[index];
    session.expiry_s = expiry_s;
    session.left_at = 0;
    session.ends_at = 0;
    forget_will(index); // 3.1.3.2.2: back before its delay has passed
    if (session.persistent()) record_session(RecordKind::session_resumed, session);
}

void Broker::Core::settle_connection(Connection& connection, SessionIndex index,
                                     const mqtt::Connect& connect) {
    const mqtt::ConnectProperties& asked = connect.properties;
    quotas_.give_back(Quotas::strangers, Resource::incoming_bytes,
                      std::exchange(connection.incoming, 0));
    connection.session = index;
    connection.keep_alive_s = connect.keep_alive_s;
    connection.packet_bytes = asked.maximum_packet_bytes.value_or(0xFFFFFFFFU);
    connection.in_flight =
        std::min(asked.receive_maximum.value_or(std::uint16_t{0xFFFF}), limits_.in_flight);
    connection.problem_information = asked.request_problem_information.value_or(true);
    connection.v31 = connect.v31;
    connection.bridge = connect.bridge;
    connection.phase = Connection::Phase::connecting;
    connection.extras.reset();
    connection.peer = peers_.was_heard(connection.peer);
    sessions_[index].connection = connections_.find(connection.id);
    quotas_.take(sessions_[index].owner, Resource::connections);
    ++connected_;
    counters_.connects.add();
    if (connection.keep_alive_s != 0)
        timers_.set(connection.heard_at + connection.keep_alive_s * seconds * 3 / 2,
                    Timers::Kind::keep_alive, connection.id);
}

void Broker::Core::send_connack(Index at, const mqtt::Connect& connect, bool present, bool wait,
                                std::string_view assigned_id) {
    Connection& connection = connections_[at];
    const Session& session = sessions_[connection.session];
    mqtt::Connack connack;
    connack.session_present = present && !connect.v31; // 3.1 reserves the bit
    if (connect.version == mqtt::Version::v5) {
        mqtt::ConnackProperties& told = connack.properties;
        if (connect.properties.session_expiry_s.value_or(0) != session.expiry_s)
            told.session_expiry_s = session.expiry_s;
        told.receive_maximum = limits_.receive_maximum;
        told.maximum_packet_bytes = static_cast<std::uint32_t>(limits_.packet_bytes);
        if (limits_.topic_aliases != 0) told.topic_alias_maximum = limits_.topic_aliases;
        if (!assigned_id.empty()) told.assigned_client_id = assigned_id;
    }
    bytes_.clear();
    if (!mqtt::encode(bytes_, connack, connect.version, connection.packet_bytes)) return;
    if (!wait) connection.phase = Connection::Phase::connected;
    answer(connection, AckGate::Kind::connack, bytes_, wait);
}

void Broker::Core::redeliver(Index at) {
    Connection& connection = connections_[at];
    const Session& session = sessions_[connection.session];
    if (!session.out) return;
    connection.again = static_cast<std::uint16_t>(session.out->in_flight().size());
    pump(at);
}

} // namespace hearth::broker
