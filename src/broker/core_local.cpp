#include "base/text.h"
#include "broker/core.h"
#include "codec/mqtt/encoder.h"

namespace hearth::broker {

namespace {

/// The program's way to say properties, as the wire has them.
std::string encode_properties(const MessageProperties& from) {
    if (from == MessageProperties{}) return {};
    mqtt::PublishProperties to;
    if (from.utf8_payload) to.payload_is_text = true;
    if (!from.content_type.empty()) to.content_type = from.content_type;
    if (!from.response_topic.empty()) to.response_topic = from.response_topic;
    if (!from.correlation_data.empty()) to.correlation_data = from.correlation_data;
    std::string user;
    for (const auto& [name, value] : from.user)
        (void)mqtt::append_user_property(user, name, value);
    to.user_properties = mqtt::UserProperties(user);
    std::string encoded;
    if (!mqtt::encode_publish_properties(encoded, to)) encoded.clear();
    return encoded;
}

} // namespace

LocalBus::SubscriptionId Broker::Core::subscribe(std::string_view filter,
                                                 LocalSubscriber& subscriber) {
    const SubscriptionId id = next_local_++;
    locals_[id] = {&subscriber, subscriptions_.add_local(filter, id)};
    std::vector<const Retained::Entry*> found;
    retained_.match(filter, found);
    // What is told may publish, and so change what is retained: hold the messages, not the entries.
    std::vector<std::pair<MessageRef, IdentityIndex>> messages;
    const Micros now = parts_.clock.utc();
    for (const Retained::Entry* entry : found)
        if (!entry->message->expired(now)) messages.emplace_back(entry->message, entry->owner);
    for (const auto& [message, owner] : messages) {
        if (!locals_.contains(id)) break; // it has unsubscribed from within
        Origin origin = origin_of(identities_.name(owner));
        origin.retained = true;
        (void)subscriber.received(message->topic(), message->payload(), origin);
    }
    return id;
}

void Broker::Core::unsubscribe(SubscriptionId subscription) {
    const auto found = locals_.find(subscription);
    if (found == locals_.end()) return;
    subscriptions_.remove_local(found->second.subscription);
    locals_.erase(found);
}

bool Broker::Core::retains(std::string_view topic) const {
    const Retained::Entry* entry = retained_.find(topic);
    return entry != nullptr && !entry->message->expired(parts_.clock.utc());
}

bool Broker::Core::hand_retained(std::string_view topic, std::string_view credential) {
    const Retained::Entry* entry = retained_.find(topic);
    if (entry == nullptr) return false;
    const MessageRef message = entry->message;
    PublishedRecord record;
    record.message = message->view();
    record.retain = RetainAction::keep;
    record.owner = credential;
    record_.clear();
    encode(record_, record, 0, {});
    append(RecordKind::published, record_, version_of(record));
    retained_.keep(message, identities_.of(credential));
    return true;
}

std::size_t Broker::Core::publish(Message message) {
    return publish_as(identities_.of(hearth_for({})), std::move(message));
}

Result<std::size_t> Broker::Core::publish_for(std::string_view credential, Message message) {
    if (message.topic.starts_with('$') ||
        !parts_.authorizer.may_subscribe(credential, message.topic))
        return fail(Code::refused,
                    "nothing is published on {0} for {1}, which may not subscribe to it: make the "
                    "credential again with --topic {0}",
                    printable(message.topic, 120),
                    credential.empty() ? "clients without a name"
                                       : fmt::format("credential {}", credential));
    return publish_as(identities_.of(hearth_for(credential)), std::move(message));
}

std::size_t Broker::Core::publish_as(IdentityIndex identity, Message message) {
    Pending pending;
    pending.identity = identity;
    pending.properties = encode_properties(message.properties);
    pending.expires_at = message.expires_at;
    if (message.expires_at != 0 && message.expires_at <= parts_.clock.utc()) {
        counters_.dropped_expired.add();
        return 0;
    }
    pending.message = std::move(message);
    if (!distributing_) {
        const Message& now = pending.message;
        drain_pending(); // what came before goes before
        const auto receivers = distribute({now.topic, now.payload, pending.properties, now.qos,
                                           now.retain, now.expires_at, now.expires_at != 0},
                                          {none, identity, {}, 0, now.number});
        drain_pending();
        return receivers.value_or(0);
    }
    if (drained_ + pending_.size() >= limits_.local_backlog) {
        counters_.dropped_local.add();
        return 0;
    }
    Route scratch;
    scratch.topic = pending.message.topic;
    subscriptions_.build(scratch);
    pending_.push_back(std::move(pending));
    return scratch.groups.size() + scratch.targets.size();
}

} // namespace hearth::broker
