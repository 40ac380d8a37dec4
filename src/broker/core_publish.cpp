#include "broker/core.h"
#include "codec/mqtt/encoder.h"

#include <cstdlib>

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
    if (publish->topic.size() > limits_.topic_bytes)
        return refuse_publish(
            at, *publish, ReasonCode::topic_name_invalid,
            {Code::limit,
             fmt::format("topic of {} bytes; at most {} are allowed by broker.topic_bytes",
                         publish->topic.size(), limits_.topic_bytes)});
    if (!resolve_alias(at, *publish) || !within_receive_maximum(at, *publish)) return false;
    counters_.messages_in[static_cast<std::size_t>(publish->qos)]->add();

    const Session& session = sessions_[connection.session];
    if (publish->qos == mqtt::Qos::exactly_once && session.has_received(publish->packet_id)) {
        // 4.3.3: told before, so only answered, also while the disk is full: everybody has it, and
        // were it refused its client would send it anew. Not before the first time is committed.
        const bool wait = session.persistent() && must_wait(gate_.committed());
        send_ack(connection, mqtt::PacketType::pubrec, publish->packet_id, ReasonCode::success,
                 wait);
        return true;
    }
    if (publish->qos != mqtt::Qos::at_most_once && !parts_.journal.accepts())
        return refuse_publish(at, *publish, ReasonCode::quota_exceeded,
                              {Code::unavailable, "nothing can be made durable now (disk full?): "
                                                  "QoS 1 and 2 are refused"});
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

/// Verdicts are kept with the routes. A topic without one gets it once somebody may publish to it:
/// what is refused costs nothing that stays.
bool Broker::Core::may_publish(std::string_view topic, IdentityIndex identity) {
    if (topic.starts_with('$')) return false;
    Route* route = routes_.find(topic);
    const std::uint64_t epoch = parts_.authorizer.epoch();
    if (route != nullptr && route->rights_epoch != epoch) {
        route->verdicts.clear();
        route->rights_epoch = epoch;
    }
    const Route::Verdict* known = route != nullptr ? route->verdict(identity) : nullptr;
    if (known != nullptr) return known->allowed;
    const bool allowed = parts_.authorizer.may_publish(identities_.name(identity), topic);
    if (route == nullptr && !allowed) return false;
    if (route == nullptr) route = &route_of(topic);
    route->rights_epoch = epoch;
    route->remember(identity, allowed);
    routes_.measure(*route);
    return allowed;
}

/// A message is copied for its receivers, the journal and the sockets before anything of it can be
/// taken back. For a long one the memory is tried first.
bool Broker::Core::memory_for(const MessageView& message) const {
    constexpr std::size_t is_long = 64U << 10;
    constexpr std::size_t copies = 4;
    const std::size_t size =
        message.topic.size() + message.properties.size() + message.payload.size();
    if (size < is_long) return true;
    // Not new, which would use what is kept aside; and written to, lest the compiler see through
    // it.
    void* const tried = std::malloc(copies * size);
    if (tried == nullptr) return false;
    *static_cast<volatile char*>(tried) = 0;
    std::free(tried);
    return true;
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
    if (!may_publish(publish.topic, session.owner))
        return refuse_publish(
            at, publish, ReasonCode::not_authorized,
            {Code::refused,
             fmt::format("publish to {} by credential {} is not allowed: add "
                         "--topic {}",
                         publish.topic, identities_.name(session.owner), publish.topic)});
    const MessageView message = view_of(publish);
    const bool acknowledges = publish.qos != mqtt::Qos::at_most_once;
    if (!memory_for(message))
        return refuse_publish(at, publish, ReasonCode::quota_exceeded,
                              {Code::limit, "no memory is left for so long a message"});
    const auto lacking = message.retain && !message.payload.empty()
                             ? no_room_to_retain(message, session.owner)
                             : std::nullopt;
    if (lacking) {
        const Error full{
            Code::limit,
            fmt::format("no room to retain {}: {}", publish.topic,
                        quotas_.why_full(session.owner, identities_.name(session.owner), *lacking,
                                         retained_.cost(message, session.owner).bytes))};
        if (acknowledges && connection.version == mqtt::Version::v5)
            return refuse_publish(at, publish, ReasonCode::quota_exceeded, full);
        refused(connection, full.code, full.detail);
    }
    const journal::Sequence before = parts_.journal.last();
    const bool qos2 = publish.qos == mqtt::Qos::exactly_once;
    const auto receivers =
        distribute(message, {connection.session, session.owner, session.client_id,
                             qos2 ? publish.packet_id : std::uint16_t{0}});
    drain_pending();
    if (connections_[at].id != id) return false;
    if (!receivers)
        return turn_down(at, publish, ReasonCode::not_authorized, receivers.error().detail);
    if (acknowledges) acknowledge_publish(id, publish, *receivers, must_wait(before));
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
    refused(connections_[at], why.code, why.detail);
    return turn_down(at, publish, reason, why.detail);
}

/// Answers a message that goes to nobody, where it is to be answered.
bool Broker::Core::turn_down(Index at, const mqtt::Publish& publish, ReasonCode reason,
                             std::string_view detail) {
    Connection& connection = connections_[at];
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
             publish.packet_id, v5 ? reason : ReasonCode::success, false, detail);
    return true;
}

} // namespace hearth::broker
