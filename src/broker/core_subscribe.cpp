#include "base/text.h"
#include "broker/core.h"
#include "codec/mqtt/encoder.h"
#include "codec/mqtt/topic.h"

namespace hearth::broker {

namespace {

using mqtt::ReasonCode;

bool same(const Subscription& old, const SubscriptionOptions& options) {
    return old.qos == options.qos && old.no_local == options.no_local &&
           old.retain_as_published == options.retain_as_published &&
           old.identifier == options.identifier;
}

} // namespace

bool Broker::Core::handle_subscribe(Index at, const mqtt::Frame& frame) {
    Connection& connection = connections_[at];
    mqtt::DecodeLimits decode_limits;
    decode_limits.max_topic_levels = limits_.topic_levels;
    decode_limits.max_filters = limits_.filters_per_packet;
    const auto packet = mqtt::decode_subscribe(frame, connection.version, decode_limits);
    if (!packet) {
        refuse_frame(at, packet.error(), frame.body);
        return false;
    }
    for (const mqtt::Subscription& wanted : packet->subscriptions)
        if (wanted.no_local && mqtt::shared_filter(wanted.filter)) // 3.8.3-4
            return fail_connection(at, ReasonCode::protocol_error,
                                   "a shared subscription cannot be no local");
    const journal::Sequence before = parts_.journal.last();
    std::string reasons;
    for (const mqtt::Subscription& wanted : packet->subscriptions)
        mqtt::append_reason(
            reasons, subscribe_one(at, wanted, packet->properties.subscription_id.value_or(0)));
    mqtt::Suback suback;
    suback.packet_id = packet->packet_id;
    suback.reasons = mqtt::ReasonList(reasons);
    bytes_.clear();
    if (mqtt::encode(bytes_, suback, connection.version, connection.packet_bytes))
        answer(connection, AckGate::Kind::answer, bytes_, must_wait(before));
    pump(at);
    return true;
}

std::optional<ReasonCode> Broker::Core::check_subscription(Connection& connection,
                                                           const mqtt::Subscription& wanted) {
    const Session& session = sessions_[connection.session];
    const auto shared = mqtt::shared_filter(wanted.filter);
    const std::string_view filter = shared ? shared->filter : wanted.filter;
    const std::string& credential = identities_.name(session.owner);
    if (wanted.filter.size() > limits_.topic_bytes) {
        refused(connection, Code::limit,
                fmt::format("filter of {} bytes; at most {} are allowed by broker.topic_bytes",
                            wanted.filter.size(), limits_.topic_bytes));
        return ReasonCode::topic_filter_invalid;
    }
    if (filter.starts_with('$') || !parts_.authorizer.may_subscribe(credential, filter)) {
        refused(connection, Code::refused,
                fmt::format("subscribe to {} by credential {} is not allowed: add --topic {}",
                            printable(filter), credential, printable(filter)));
        return ReasonCode::not_authorized;
    }
    const std::uint32_t old = subscriptions_.find(session, wanted.filter);
    if (old == none && session.subscriptions >= limits_.subscriptions_per_session) {
        refused(connection, Code::limit,
                fmt::format("a client may have {} subscriptions: more are allowed by "
                            "broker.subscriptions_per_session",
                            limits_.subscriptions_per_session));
        return ReasonCode::quota_exceeded;
    }
    for (const auto& [what, amount] :
         {std::pair(Resource::subscriptions, std::size_t{1}),
          std::pair(Resource::subscription_bytes, subscription_cost(wanted.filter))}) {
        if (old != none || quotas_.has_room(session.owner, what, amount)) continue;
        refused(connection, Code::limit, quotas_.why_full(session.owner, credential, what, amount));
        return ReasonCode::quota_exceeded;
    }
    if (old == none && session.persistent() && !parts_.journal.accepts())
        return ReasonCode::quota_exceeded;
    return std::nullopt;
}

ReasonCode Broker::Core::subscribe_one(Index at, const mqtt::Subscription& wanted,
                                       std::uint32_t identifier) {
    Connection& connection = connections_[at];
    Session& session = sessions_[connection.session];
    if (const auto refusal = check_subscription(connection, wanted)) return *refusal;
    // A bridge mirrors: it must see what is retained there, and not get back what it brought. In
    // 3.1.1 it has no other way to say so.
    const bool mirrors = connection.bridge && !mqtt::shared_filter(wanted.filter);
    const SubscriptionOptions options{static_cast<Qos>(wanted.qos), wanted.no_local || mirrors,
                                      wanted.retain_as_published || mirrors, wanted.retain_handling,
                                      identifier};
    const std::uint32_t old = subscriptions_.find(session, wanted.filter);
    std::uint32_t subscription = old;
    if (old == none || !same(subscriptions_[old], options)) {
        subscription =
            subscriptions_.add(connection.session, session, wanted.filter, options).index;
        record_subscription(session, wanted.filter, options);
    }
    const bool asked =
        options.retain_handling == mqtt::RetainHandling::send ||
        (options.retain_handling == mqtt::RetainHandling::send_if_new && old == none);
    // 4.8.2: who shares a subscription gets no retained messages.
    if (asked && !mqtt::shared_filter(wanted.filter)) owe_retained(session, subscription);
    return static_cast<ReasonCode>(wanted.qos);
}

void Broker::Core::record_subscription(const Session& session, std::string_view filter,
                                       const SubscriptionOptions& options) {
    if (!session.persistent()) return;
    append(RecordKind::subscribed, encode(SubscribedRecord{session.number, filter, options}));
}

bool Broker::Core::handle_unsubscribe(Index at, const mqtt::Frame& frame) {
    Connection& connection = connections_[at];
    mqtt::DecodeLimits decode_limits;
    decode_limits.max_topic_levels = limits_.topic_levels;
    decode_limits.max_filters = limits_.filters_per_packet;
    const auto packet = mqtt::decode_unsubscribe(frame, connection.version, decode_limits);
    if (!packet) {
        refuse_frame(at, packet.error(), frame.body);
        return false;
    }
    const journal::Sequence before = parts_.journal.last();
    std::string reasons;
    for (const std::string_view filter : packet->filters)
        mqtt::append_reason(reasons, unsubscribe_one(sessions_[connection.session], filter));
    mqtt::Unsuback unsuback;
    unsuback.packet_id = packet->packet_id;
    unsuback.reasons = mqtt::ReasonList(reasons);
    bytes_.clear();
    if (mqtt::encode(bytes_, unsuback, connection.version, connection.packet_bytes))
        answer(connection, AckGate::Kind::answer, bytes_,
               must_wait(before) && parts_.journal.accepts());
    return true;
}

ReasonCode Broker::Core::unsubscribe_one(Session& session, std::string_view filter) {
    const std::uint32_t found = subscriptions_.find(session, filter);
    if (found == none) return ReasonCode::no_subscription_existed;
    forget_owed(session, found);
    subscriptions_.remove(found, session);
    if (session.persistent())
        append(RecordKind::unsubscribed, encode(SubscribedRecord{session.number, filter, {}}));
    return ReasonCode::success;
}

} // namespace hearth::broker
