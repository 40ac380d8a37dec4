#include "base/text.h"
#include "broker/core.h"

#include <algorithm>
#include <limits>

namespace hearth::broker {

Route& Broker::Core::route_of(std::string_view topic) {
    Route& route = routes_.of(topic);
    if (route.subscriptions_epoch != subscriptions_.epoch()) subscriptions_.build(route);
    return route;
}

/// Local subscribers hear of it before it is journaled: when the hub dies in between, the client
/// has no acknowledgement and sends it again. The other way round it would be lost to them.
std::size_t Broker::Core::distribute(const MessageView& message, const Publisher& publisher) {
    distributing_ = true;
    // Nobody asks for another route until this is through: publications from within are queued.
    const Route& route = route_of(message.topic);
    std::size_t receivers = tell_locals(message, publisher, route.locals);
    targets_.clear();
    target_count_ = 0;
    leaving_.clear();
    const RetainAction action = retain_action(message);
    receivers += admit_all(route, message, publisher);
    record_publication(message, publisher, action);
    retain(message, publisher.identity, action);
    send_leaving(message);
    stored_ = MessageRef();
    distributing_ = false;
    return receivers;
}

std::size_t Broker::Core::tell_locals(const MessageView& message, const Publisher& publisher,
                                      std::span<const SubscriptionId> locals) {
    heard_.assign(locals.begin(), locals.end());
    std::size_t told = 0;
    for (const SubscriptionId id : heard_) {
        const auto found = locals_.find(id);
        if (found == locals_.end()) continue; // one told before has unsubscribed it
        found->second.subscriber->received(message.topic, message.payload, false,
                                           publisher.client_id);
        ++told;
    }
    return told;
}

RetainAction Broker::Core::retain_action(const MessageView& message) const {
    if (!message.retain) return RetainAction::nothing;
    // What the journal cannot keep is not kept in memory either: after a restart it would be gone.
    if (!parts_.journal.accepts()) return RetainAction::nothing;
    if (message.payload.empty())
        return retained_.find(message.topic) != nullptr ? RetainAction::drop
                                                        : RetainAction::nothing;
    return retained_.has_room(message, limits_.retained_messages, limits_.retained_bytes)
               ? RetainAction::keep
               : RetainAction::nothing;
}

std::size_t Broker::Core::admit_all(const Route& route, const MessageView& message,
                                    const Publisher& publisher) {
    std::size_t receivers = 0;
    for (const Target& target : route.targets) {
        if (target.no_local && target.session == publisher.session) continue;
        const std::string_view ids =
            std::string_view(route.subscription_ids).substr(target.ids_at, target.ids_size);
        if (admit({target.session, std::min(target.qos, message.qos),
                   target.retain_as_published && message.retain, std::string(ids)},
                  message))
            ++receivers;
    }
    for (const std::uint32_t group : route.groups) {
        auto member = pick_member(group, message);
        if (member && admit(std::move(*member), message)) ++receivers;
    }
    return receivers;
}

std::optional<Broker::Core::NewTarget> Broker::Core::pick_member(std::uint32_t index,
                                                                 const MessageView& message) {
    SharedGroup& group = subscriptions_.group(index);
    const std::size_t count = group.members.size();
    std::size_t chosen = count;
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t at = (group.turn + i) % count;
        const Subscription& member = subscriptions_[group.members[at]];
        const bool ready = may_fly(sessions_[member.session]);
        const bool keeps = std::min(member.qos, message.qos) != Qos::at_most_once;
        // One that can take it now, else the first that can keep it.
        if (ready || (keeps && chosen == count)) chosen = at;
        if (ready) break;
    }
    if (chosen == count) return std::nullopt;
    group.turn = (chosen + 1) % count;
    const Subscription& member = subscriptions_[group.members[chosen]];
    NewTarget target{member.session,
                     std::min(member.qos, message.qos),
                     member.retain_as_published && message.retain,
                     {}};
    if (member.identifier != 0)
        (void)mqtt::append_subscription_id(target.subscription_ids, member.identifier);
    return target;
}

bool Broker::Core::may_fly(const Session& session) {
    if (!session.connected()) return false;
    Connection& connection = connections_[session.connection];
    if (!socket_has_room(connection)) return false;
    return !session.out ||
           (session.out->waiting.empty() && session.out->in_flight.size() < connection.in_flight);
}

bool Broker::Core::admit(NewTarget target, const MessageView& message) {
    Session& session = sessions_[target.session];
    if (target.qos != Qos::at_most_once) return queue(target, message);
    if (!session.connected()) return false;
    if (!socket_has_room(connections_[session.connection])) {
        counters_.dropped_slow.add();
        return false;
    }
    leaving_.push_back(
        {target.session, 0, target.qos, target.retain, std::move(target.subscription_ids)});
    return true;
}

bool Broker::Core::queue(const NewTarget& target, const MessageView& message) {
    Session& session = sessions_[target.session];
    const bool flies = may_fly(session);
    const std::size_t size =
        message.topic.size() + message.properties.size() + message.payload.size();
    if (!flies && session.out && !session.out->has_room(size, limits_)) {
        drop_for_full_queue(session, message);
        return false;
    }
    if (!stored_) stored_ = pool_.store(message);
    Outbound& out = session.outbound();
    Delivery delivery{stored_, target.subscription_ids, 0, target.qos, target.retain, false};
    if (flies) {
        delivery.packet_id = new_packet_id(session);
        leaving_.push_back({target.session, delivery.packet_id, target.qos, target.retain,
                            target.subscription_ids});
    }
    if (session.persistent()) {
        append_target(targets_, {session.number, delivery.packet_id, target.qos, target.retain,
                                 target.subscription_ids});
        ++target_count_;
    }
    if (flies) {
        out.in_flight.push_back(std::move(delivery));
    } else {
        out.wait(std::move(delivery));
        // A full window opens with an acknowledgement; a full socket tells nobody.
        if (session.connected()) starve(session.connection);
    }
    return true;
}

void Broker::Core::drop_for_full_queue(Session& session, const MessageView& message) {
    counters_.dropped_full.add();
    if (session.told_full) return;
    session.told_full = true;
    parts_.refusals.add(
        "mqtt", session.client_id,
        Error{Code::limit,
              fmt::format("its queue is full ({} messages): messages to it are dropped, first "
                          "one on {}",
                          session.out->waiting.size(), printable(message.topic))});
}

void Broker::Core::record_publication(const MessageView& message, const Publisher& publisher,
                                      RetainAction action) {
    const bool qos2 = publisher.qos2_packet_id != 0;
    if (qos2) sessions_[publisher.session].unreleased().insert(publisher.qos2_packet_id);
    const bool remembers = qos2 && sessions_[publisher.session].persistent();
    if (action == RetainAction::nothing && target_count_ == 0 && !remembers) return;
    PublishedRecord record;
    record.message = message;
    record.retain = action;
    record.owner = identities_.name(publisher.identity);
    if (remembers) {
        record.publisher = sessions_[publisher.session].number;
        record.packet_id = publisher.qos2_packet_id;
    }
    record_.clear();
    encode(record_, record, target_count_, targets_);
    append(RecordKind::published, record_);
}

void Broker::Core::retain(const MessageView& message, IdentityIndex owner, RetainAction action) {
    if (action == RetainAction::drop) retained_.drop(message.topic);
    if (action != RetainAction::keep) return;
    if (!stored_) stored_ = pool_.store(message);
    retained_.keep(stored_, owner);
    if (message.expires_at != 0) note_retained_expiry(message.expires_at);
}

void Broker::Core::send_leaving(const MessageView& message) {
    if (leaving_.empty()) return;
    encoder_.begin(message, parts_.clock.utc());
    for (const Leaving& leaving : leaving_) {
        Session& session = sessions_[leaving.session];
        send_publish(connections_[session.connection], session, leaving, false);
    }
}

void Broker::Core::send_publish(Connection& connection, Session& session, const Leaving& leaving,
                                bool duplicate) {
    const std::size_t size = write_publish(connection, session,
                                           {connection.version, leaving.qos, leaving.packet_id,
                                            leaving.retain, duplicate, leaving.subscription_ids});
    if (size != 0) {
        counters_.messages_out[static_cast<std::size_t>(leaving.qos)]->add();
        counters_.bytes_out.add(size);
        connection.credit -=
            static_cast<std::uint32_t>(std::min<std::size_t>(connection.credit, size));
        return;
    }
    // 3.1.2-25: longer than this client takes, so it counts as delivered.
    counters_.dropped_large.add();
    if (leaving.qos == Qos::at_most_once) return;
    session.out->in_flight.erase(static_cast<std::size_t>(session.out->find(leaving.packet_id)));
    step(RecordKind::acknowledged, session, leaving.packet_id);
}

std::size_t Broker::Core::write_publish(Connection& connection, const Session& session,
                                        const PublishCopy& copy) {
    const bool connecting = connection.phase == Connection::Phase::connecting;
    // A QoS 2 message that a power cut made the broker forget would come again under another
    // identifier, and the client would take it twice.
    const bool held = copy.qos == Qos::exactly_once && session.persistent() && !copy.duplicate &&
                      parts_.journal.accepts();
    if (!connecting && !held)
        return encoder_.send(parts_.outlet, connection.id, copy, connection.packet_bytes);
    bytes_.clear();
    const std::size_t size = encoder_.append(bytes_, copy, connection.packet_bytes);
    if (size == 0) return 0;
    if (held)
        gate_.hold(connection.id, AckGate::Kind::publish, bytes_);
    else
        send(connection, bytes_);
    return size;
}

bool Broker::Core::socket_has_room(Connection& connection) {
    if (connection.credit != 0) return true;
    constexpr std::size_t most = 64U << 10;
    const bool connecting = connection.phase == Connection::Phase::connecting;
    const std::size_t unsent =
        connecting ? connection.more().behind_connack.size() : parts_.outlet.unsent(connection.id);
    if (unsent >= limits_.unsent_bytes) return false;
    connection.credit = static_cast<std::uint32_t>(std::min(most, limits_.unsent_bytes - unsent));
    return true;
}

std::uint16_t Broker::Core::new_packet_id(Session& session) {
    // Ends: no more are in flight than BrokerLimits::in_flight and those of an earlier connection.
    while (true) {
        const std::uint16_t id = session.next_packet_id++;
        if (id != 0 && (!session.out || session.out->find(id) < 0)) return id;
    }
}

void Broker::Core::drain_pending() {
    while (!distributing_ && !pending_.empty()) {
        const Pending next = std::move(pending_.front());
        pending_.pop_front();
        ++drained_;
        const Message& message = next.message;
        distribute({message.topic, message.payload, next.properties, message.qos, message.retain,
                    next.expires_at},
                   {none, next.identity, next.client_id, 0});
    }
    if (!distributing_) drained_ = 0;
    while (!distributing_ && !revoked_.empty()) {
        const std::string credential = std::move(revoked_.back());
        revoked_.pop_back();
        drop_sessions_of(credential);
    }
}

} // namespace hearth::broker
