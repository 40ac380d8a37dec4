#include "base/text.h"
#include "broker/core.h"
#include "codec/mqtt/topic.h"

namespace hearth::broker {

void Broker::Core::drop_sessions_of(std::string_view credential) {
    if (credential.empty()) return;
    if (distributing_) { // asked from within received(): after the message under way
        revoked_.emplace_back(credential);
        return;
    }
    const IdentityIndex identity = identities_.of(credential);
    for (SessionIndex index = 0; index < sessions_.capacity(); ++index) {
        Session& session = sessions_[index];
        if (!session.alive || session.owner != identity) continue;
        session.expiry_s = 0; // it ends with its connection
        forget_will(index);
        if (!session.connected()) {
            end_session(index);
            continue;
        }
        const Index at = session.connection;
        send_disconnect(connections_[at], mqtt::ReasonCode::administrative_action,
                        "the credential has been revoked");
        part(at, Parting::graceful, "credential revoked"); // without its will
    }
    forget_orphans_of(identity);
    drop_retained_of(credential);
    // A command that waits for it would be the next one's of that name.
    drop_retained_of(hearth_for(credential));
    drain_pending();
}

void Broker::Core::drop_retained_of(std::string_view name) {
    const IdentityIndex identity = identities_.of(name);
    std::vector<const Retained::Entry*> all;
    retained_.all(all);
    std::vector<MessageRef> theirs;
    for (const Retained::Entry* entry : all)
        if (entry->owner == identity) theirs.push_back(entry->message);
    drop_retained(theirs);
}

/// All are gone before anybody hears of one.
void Broker::Core::drop_retained(std::span<const MessageRef> messages) {
    for (const MessageRef& message : messages) {
        append(RecordKind::retained_dropped, message->topic());
        retained_.drop(message->topic());
    }
    for (const MessageRef& message : messages)
        tell_dropped(message->topic());
}

void Broker::Core::tell_dropped(std::string_view topic) {
    Route route;
    route.topic = topic;
    subscriptions_.build(route);
    for (const SubscriptionId id : route.locals)
        if (const auto found = locals_.find(id); found != locals_.end())
            found->second.subscriber->dropped(topic);
}

void Broker::Core::recheck_subscriptions() {
    for (SessionIndex index = 0; index < sessions_.capacity(); ++index) {
        Session& session = sessions_[index];
        if (!session.alive) continue;
        std::vector<std::string> lost;
        for (std::uint32_t at = session.first_subscription; at != none;
             at = subscriptions_[at].next_of_session) {
            const std::string filter = subscriptions_.filter(at);
            const auto shared = mqtt::shared_filter(filter);
            if (!parts_.authorizer.may_subscribe(identities_.name(session.owner),
                                                 shared ? shared->filter : filter))
                lost.push_back(filter);
        }
        for (const std::string& filter : lost) {
            unsubscribe_one(session, filter);
            parts_.refusals.add(
                "mqtt", session.client_id,
                Error{Code::refused,
                      fmt::format("subscription to {} is no longer allowed", printable(filter))});
        }
    }
}

} // namespace hearth::broker
