#include "broker/core.h"
#include "codec/mqtt/encoder.h"

namespace hearth::broker {

namespace {

using mqtt::ReasonCode;

} // namespace

bool Broker::Core::handle_publish(Index at, const mqtt::Frame& frame) {
    Connection& connection = connections_[at];
    mqtt::DecodeLimits decode_limits;
    decode_limits.max_topic_levels = limits_.topic_levels;
    auto publish = mqtt::decode_publish(frame, connection.version, decode_limits);
    if (!publish) {
        refuse_frame(at, publish.error(), frame.body);
        return false;
    }
    if (const auto sender = mqtt::check_sender(*publish, mqtt::Sender::client); !sender) {
        refuse_frame(at, sender.error(), frame.body);
        return false;
    }
    if (!resolve_alias(at, *publish) || !within_receive_maximum(at, *publish)) return false;
    counters_.messages_in[static_cast<std::size_t>(publish->qos)]->add();

    const Session& session = sessions_[connection.session];
    if (publish->qos != mqtt::Qos::at_most_once && !parts_.journal.accepts())
        return refuse_publish(at, *publish, ReasonCode::quota_exceeded,
                              {Code::unavailable, "nothing can be made durable now (disk full?): "
                                                  "QoS 1 and 2 are refused"});
    if (publish->qos == mqtt::Qos::exactly_once && session.has_received(publish->packet_id)) {
        // 4.3.3: told before, so only answered; not before the first time is committed.
        const bool wait = session.persistent() && must_wait(gate_.committed());
        send_ack(connection, mqtt::PacketType::pubrec, publish->packet_id, ReasonCode::success,
                 wait);
        return true;
    }
    return deliver_publish(at, *publish);
}

bool Broker::Core::resolve_alias(Index at, mqtt::Publish& publish) {
    if (!publish.properties.topic_alias) return true;
    Connection& connection = connections_[at];
    const std::uint16_t alias = *publish.properties.topic_alias;
    if (alias > limits_.topic_aliases)
        return fail_connection(
            at, ReasonCode::topic_alias_invalid,
            fmt::format("topic alias {}; the highest allowed is {}", alias, limits_.topic_aliases));
    std::vector<std::string>& aliases = connection.more().aliases;
    if (aliases.size() < alias) aliases.resize(alias);
    std::string& topic = aliases[alias - 1U];
    if (!publish.topic.empty()) topic = publish.topic;
    if (topic.empty())
        return fail_connection(at, ReasonCode::protocol_error,
                               fmt::format("topic alias {} has not been set", alias));
    publish.topic = topic;
    return true;
}

bool Broker::Core::within_receive_maximum(Index at, const mqtt::Publish& publish) {
    if (publish.qos == mqtt::Qos::at_most_once) return true;
    const Connection& connection = connections_[at];
    const Session& session = sessions_[connection.session];
    if (session.has_received(publish.packet_id)) return true;
    const std::size_t unreleased = session.received ? session.received->size() : 0;
    const bool v5 = connection.version == mqtt::Version::v5;
    const std::size_t open = unreleased + (v5 ? connection.waiting_pubacks : 0U);
    const std::size_t most = v5 ? limits_.receive_maximum : limits_.unreleased_v311;
    if (open < most) return true;
    return fail_connection(
        at, ReasonCode::receive_maximum_exceeded,
        fmt::format("{} messages are unacknowledged; {} are allowed", open + 1, most));
}

bool Broker::Core::may_publish(Route& route, IdentityIndex identity) {
    if (route.topic.starts_with('$')) return false;
    const std::uint64_t epoch = parts_.authorizer.epoch();
    if (route.rights_epoch != epoch) {
        route.verdicts.clear();
        route.rights_epoch = epoch;
    }
    if (const Route::Verdict* known = route.verdict(identity)) return known->allowed;
    const bool allowed = parts_.authorizer.may_publish(identities_.name(identity), route.topic);
    route.remember(identity, allowed);
    return allowed;
}

MessageView Broker::Core::view_of(const mqtt::Publish& publish) {
    MessageView message;
    message.topic = publish.topic;
    message.payload = publish.payload;
    message.qos = static_cast<Qos>(publish.qos);
    message.retain = publish.retain;
    if (publish.raw_properties.empty()) return message;
    if (const auto expiry = publish.properties.message_expiry_s)
        message.expires_at = parts_.clock.utc() + *expiry * seconds;
    mqtt::PublishProperties kept = publish.properties;
    kept.message_expiry_s.reset();
    kept.topic_alias.reset();
    properties_.clear();
    if (mqtt::encode_publish_properties(properties_, kept)) message.properties = properties_;
    return message;
}

bool Broker::Core::deliver_publish(Index at, const mqtt::Publish& publish) {
    const Connection& connection = connections_[at];
    const ConnectionId id = connection.id;
    const Session& session = sessions_[connection.session];
    if (!may_publish(route_of(publish.topic), session.owner))
        return refuse_publish(
            at, publish, ReasonCode::not_authorized,
            {Code::refused,
             fmt::format("publish to {} by credential {} is not allowed: add "
                         "--topic {}",
                         publish.topic, identities_.name(session.owner), publish.topic)});
    const MessageView message = view_of(publish);
    const bool acknowledges = publish.qos != mqtt::Qos::at_most_once;
    if (message.retain && !message.payload.empty() &&
        !retained_.has_room(message, limits_.retained_messages, limits_.retained_bytes)) {
        const Error full{Code::limit,
                         fmt::format("no room to retain {} ({} messages, {} bytes)", publish.topic,
                                     retained_.size(), retained_.bytes())};
        if (acknowledges && connection.version == mqtt::Version::v5)
            return refuse_publish(at, publish, ReasonCode::quota_exceeded, full);
        refused(connection, full.code, full.detail);
    }
    const journal::Sequence before = parts_.journal.last();
    const bool qos2 = publish.qos == mqtt::Qos::exactly_once;
    const std::size_t receivers =
        distribute(message, {connection.session, session.owner, session.client_id,
                             qos2 ? publish.packet_id : std::uint16_t{0}});
    drain_pending();
    if (acknowledges) acknowledge_publish(id, publish, receivers, must_wait(before));
    return connections_[at].id == id;
}

void Broker::Core::acknowledge_publish(ConnectionId id, const mqtt::Publish& publish,
                                       std::size_t receivers, bool wait) {
    const Index at = connections_.find(id);
    if (at == none) return;
    const bool qos1 = publish.qos == mqtt::Qos::at_least_once;
    send_ack(connections_[at], qos1 ? mqtt::PacketType::puback : mqtt::PacketType::pubrec,
             publish.packet_id,
             receivers == 0 ? ReasonCode::no_matching_subscribers : ReasonCode::success, wait);
}

bool Broker::Core::refuse_publish(Index at, const mqtt::Publish& publish, ReasonCode reason,
                                  const Error& why) {
    Connection& connection = connections_[at];
    refused(connection, why.code, why.detail);
    if (publish.qos == mqtt::Qos::at_most_once) return true;
    const bool v5 = connection.version == mqtt::Version::v5;
    if (!v5 && reason != ReasonCode::not_authorized) {
        part(at, Parting::lost, mqtt::to_string(reason));
        return false;
    }
    Session& session = sessions_[connection.session];
    if (session.has_received(publish.packet_id)) {
        session.received->erase(publish.packet_id);
        step(RecordKind::released, session, publish.packet_id);
    }
    const bool qos1 = publish.qos == mqtt::Qos::at_least_once;
    send_ack(connection, qos1 ? mqtt::PacketType::puback : mqtt::PacketType::pubrec,
             publish.packet_id, v5 ? reason : ReasonCode::success, false, why.detail);
    return true;
}

} // namespace hearth::broker
