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
    std::vector<MessageRef> messages;
    const Micros now = parts_.clock.utc();
    for (const Retained::Entry* entry : found)
        if (!entry->message->expired(now)) messages.push_back(entry->message);
    for (const MessageRef& message : messages) {
        if (!locals_.contains(id)) break; // it has unsubscribed from within
        subscriber.received(message->topic(), message->payload(), true, {});
    }
    return id;
}

void Broker::Core::unsubscribe(SubscriptionId subscription) {
    const auto found = locals_.find(subscription);
    if (found == locals_.end()) return;
    subscriptions_.remove_local(found->second.subscription);
    locals_.erase(found);
}

std::size_t Broker::Core::publish(Message message) {
    Pending pending;
    pending.properties = encode_properties(message.properties);
    if (message.properties.expiry_s != 0)
        pending.expires_at = parts_.clock.utc() + message.properties.expiry_s * seconds;
    pending.message = std::move(message);
    if (!distributing_) {
        const Message& now = pending.message;
        drain_pending(); // what came before goes before
        const std::size_t receivers = distribute(
            {now.topic, now.payload, pending.properties, now.qos, now.retain, pending.expires_at},
            {none, 0, {}, 0});
        drain_pending();
        return receivers;
    }
    if (drained_ + pending_.size() >= limits_.local_backlog) {
        counters_.dropped_local.add();
        return 0;
    }
    Route scratch;
    scratch.topic = pending.message.topic;
    subscriptions_.build(scratch);
    pending_.push_back(std::move(pending));
    return scratch.locals.size() + scratch.groups.size() + scratch.targets.size();
}

} // namespace hearth::broker
