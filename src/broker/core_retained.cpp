#include "broker/core.h"
#include "codec/mqtt/lists.h"

#include <algorithm>
#include <utility>

/// Retained messages on their way to who has subscribed (3.3.1.3 RETAIN, 3.8.3.1 Retain Handling):
/// a walk of each subscription through the tree, as fast as its client takes them. retained.h has
/// them.
namespace hearth::broker {

/// Said twice before the first has begun, it is owed once.
void Broker::Core::owe_retained(Session& session, std::uint32_t subscription) {
    if (retained_.size() == 0 || subscriptions_[subscription].retained_owed) return;
    subscriptions_.set_retained_owed(subscription, true);
    if (!session.retained) session.retained = std::make_unique<std::deque<RetainedOwed>>();
    session.retained->push_back({subscription, false, true, retained_.walk()});
}

void Broker::Core::forget_owed(Session& session, std::uint32_t subscription) {
    if (!session.retained) return;
    std::erase_if(*session.retained,
                  [&](const RetainedOwed& owed) { return owed.subscription == subscription; });
    if (session.retained->empty()) session.retained.reset();
}

bool Broker::Core::pump_retained(Index at, Session& session) {
    while (session.retained) {
        RetainedOwed& owed = session.retained->front();
        if (walk_retained(at, session, owed) == Walked::blocked) {
            retained_.rest(owed.walk);
            return false;
        }
        session.retained->pop_front();
        if (session.retained->empty()) session.retained.reset();
    }
    return true;
}

/// As far as the client, its quota and the turn allow.
Broker::Core::Walked Broker::Core::walk_retained(Index at, Session& session, RetainedOwed& owed) {
    if (!std::exchange(owed.begun, true))
        subscriptions_.set_retained_owed(owed.subscription, false);
    const std::string filter = subscriptions_.filter(owed.subscription);
    TopicTree::split(filter, levels_);
    std::size_t steps = std::min(retained_steps_, retained_steps_at_a_time);
    const std::size_t before = steps;
    Walked walked = Walked::blocked;
    while (true) {
        const Retained::Entry* entry = owed.looked ? nullptr : retained_.here(owed.walk, levels_);
        if (entry != nullptr && !hand_over_retained(at, session, owed, *entry)) break;
        owed.looked = true;
        if (steps == 0) {
            more_retained_ = true;
            starve(at);
            break;
        }
        --steps;
        if (!retained_.step(owed.walk, levels_)) {
            walked = Walked::through;
            break;
        }
        owed.looked = false;
    }
    retained_steps_ -= before - steps;
    return walked;
}

/// False when it must wait.
bool Broker::Core::hand_over_retained(Index at, Session& session, const RetainedOwed& owed,
                                      const Retained::Entry& entry) {
    Connection& connection = connections_[at];
    const Subscription& subscription = subscriptions_[owed.subscription];
    const Qos qos = std::min(subscription.qos, entry.message->qos());
    if (entry.message->expired(parts_.clock.utc())) return true;
    const bool counted = qos != Qos::at_most_once;
    if (counted && session.out && session.out->in_flight().size() >= connection.in_flight)
        return false; // an acknowledgement opens the window
    if (!socket_has_room(connection) ||
        (counted && !quotas_.has_queue_room(session.owner, entry.message->size(), true))) {
        starve(at);
        return false;
    }
    Leaving leaving{connection.session, 0, qos, true, {}, entry.message->after()};
    if (subscription.identifier != 0)
        (void)mqtt::append_subscription_id(leaving.subscription_ids, subscription.identifier);
    const MessageRef message = entry.message;
    if (counted) {
        leaving.packet_id = new_packet_id(session);
        record_retained_reply(
            session, message->topic(),
            {session.number, leaving.packet_id, qos, true, leaving.subscription_ids});
        session.outbound(quotas_).fly(
            {message, leaving.subscription_ids, leaving.packet_id, qos, true, false});
    }
    encoder_.begin(message->view(), parts_.clock.utc());
    send_publish(connection, session, leaving, false);
    return true;
}

void Broker::Core::record_retained_reply(const Session& session, std::string_view topic,
                                         const PublishedTarget& target) {
    if (!session.persistent()) return;
    append(RecordKind::retained_queued, encode(RetainedQueuedRecord{topic, target}));
}

/// The client has gone before it got all: what it may still claim waits with its other messages, as
/// far as there is room and no longer than a moment. The rest waits for it to come back, but not
/// over a restart.
void Broker::Core::queue_rest_of_retained(Session& session) {
    if (session.expiry_s == 0) session.retained.reset();
    std::size_t steps = retained_steps_at_a_time;
    while (session.retained) {
        RetainedOwed& owed = session.retained->front();
        if (!std::exchange(owed.begun, true))
            subscriptions_.set_retained_owed(owed.subscription, false);
        const std::string filter = subscriptions_.filter(owed.subscription);
        TopicTree::split(filter, levels_);
        bool more = true;
        while (more && steps > 0) {
            const Retained::Entry* entry =
                owed.looked ? nullptr : retained_.here(owed.walk, levels_);
            if (entry != nullptr && !queue_retained(session, owed, *entry)) break;
            --steps;
            more = retained_.step(owed.walk, levels_);
            owed.looked = false;
        }
        if (more) {
            retained_.rest(owed.walk);
            return;
        }
        session.retained->pop_front();
        if (session.retained->empty()) session.retained.reset();
    }
}

/// False when there is no room for it.
bool Broker::Core::queue_retained(Session& session, const RetainedOwed& owed,
                                  const Retained::Entry& entry) {
    const Subscription& subscription = subscriptions_[owed.subscription];
    const Qos qos = std::min(subscription.qos, entry.message->qos());
    if (qos == Qos::at_most_once || entry.message->expired(parts_.clock.utc())) return true;
    const std::size_t size = entry.message->size();
    if (!session.outbound(quotas_).has_room(size, limits_) ||
        !quotas_.has_queue_room(session.owner, size, false))
        return false;
    std::string ids;
    if (subscription.identifier != 0)
        (void)mqtt::append_subscription_id(ids, subscription.identifier);
    record_retained_reply(session, entry.message->topic(), {session.number, 0, qos, true, ids});
    session.outbound(quotas_).wait({entry.message, ids, 0, qos, true, false});
    return true;
}

} // namespace hearth::broker
