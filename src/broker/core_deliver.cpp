#include "base/text.h"
#include "broker/core.h"

#include <algorithm>
#include <limits>

namespace hearth::broker {

Route& Broker::Core::route_of(std::string_view topic) {
    Route& route = routes_.of(topic);
    if (route.subscriptions_epoch != subscriptions_.epoch()) {
        subscriptions_.build(route);
        routes_.measure(route);
    }
    return route;
}

/// Local subscribers hear of it before it is journaled, so that what they journal stands or falls
/// with it: when the hub dies in between, the client has no acknowledgement and sends it again. The
/// other way round it would be lost to them.
///
/// A QoS 2 message of a client whose session is kept goes to no other client before the record of
/// its packet id is committed: a power cut would make the hub forget the identifier, the client
/// send it again, and everybody hear it twice. What hearth itself publishes meanwhile may follow
/// from such a message, and waits as well.
Result<std::size_t> Broker::Core::distribute(const MessageView& message,
                                             const Publisher& publisher) {
    distributing_ = true;
    // Nobody asks for another route until this is through: publications from within are queued.
    const Route& route = route_of(message.topic);
    const RetainAction action = retain_action(message, publisher);
    const auto told = tell_locals(message, publisher, route.locals, action);
    if (!told) {
        distributing_ = false;
        return told;
    }
    targets_.clear();
    target_count_ = 0;
    leaving_.clear();
    const std::size_t receivers = *told + admit_all(route, message, publisher);
    journal::Sequence after = record_publication(message, publisher, action);
    if (after != 0) newest_once_ = after;
    if (publisher.session == none) after = newest_once_;
    retain(message, publisher.identity, action);
    if (stored_) stored_.leave_after(after);
    send_leaving(message, after);
    stored_ = MessageRef();
    distributing_ = false;
    return receivers;
}

/// Of what hearth publishes itself nobody inside is a taker, and nobody can refuse it.
Result<std::size_t> Broker::Core::tell_locals(const MessageView& message,
                                              const Publisher& publisher,
                                              std::span<const SubscriptionId> locals,
                                              RetainAction action) {
    if (locals.empty()) return 0;
    Origin origin = origin_of(identities_.name(publisher.identity));
    const bool clients = origin.by == Origin::By::client;
    origin.client_id = publisher.client_id;
    origin.keeps = action != RetainAction::nothing;
    origin.promised = clients && message.qos != Qos::at_most_once;
    heard_.assign(locals.begin(), locals.end());
    std::size_t told = 0;
    for (const SubscriptionId id : heard_) {
        const auto found = locals_.find(id);
        if (found == locals_.end()) continue; // one told before has unsubscribed it
        const auto taken =
            found->second.subscriber->received(message.topic, message.payload, origin);
        if (!taken && clients) return std::unexpected(taken.error());
        if (clients) ++told;
    }
    return told;
}

RetainAction Broker::Core::retain_action(const MessageView& message,
                                         const Publisher& publisher) const {
    if (!message.retain) return RetainAction::nothing;
    // What the journal cannot keep is not kept in memory either: after a restart it would be gone.
    if (!parts_.journal.accepts()) return RetainAction::nothing;
    if (message.payload.empty())
        return retained_.find(message.topic) != nullptr ? RetainAction::drop
                                                        : RetainAction::nothing;
    const bool from_hearth = publisher.session == none && publisher.client_id.empty();
    return from_hearth || !no_room_to_retain(message, publisher.identity) ? RetainAction::keep
                                                                          : RetainAction::nothing;
}

std::optional<Resource> Broker::Core::no_room_to_retain(const MessageView& message,
                                                        IdentityIndex owner) const {
    const Retained::Cost cost = retained_.cost(message, owner);
    if (cost.messages != 0 && !quotas_.has_room(owner, Resource::retained_messages))
        return Resource::retained_messages;
    if (cost.bytes != 0 && !quotas_.has_room(owner, Resource::retained_bytes, cost.bytes))
        return Resource::retained_bytes;
    return std::nullopt;
}

std::size_t Broker::Core::admit_all(const Route& route, const MessageView& message,
                                    const Publisher& publisher) {
    std::size_t receivers = 0;
    const bool again = publisher.number != 0 && numbers_.contains(publisher.number);
    for (const Target& target : route.targets) {
        if (target.no_local && target.session == publisher.session) continue;
        if (again && has_been_given(target, message)) {
            ++receivers;
            continue;
        }
        const std::string_view ids =
            std::string_view(route.subscription_ids).substr(target.ids_at, target.ids_size);
        if (admit({target.session, std::min(target.qos, message.qos),
                   target.retain_as_published && message.retain, std::string(ids)},
                  message))
            ++receivers;
    }
    for (const std::uint32_t group : route.groups) {
        if (again && has_been_given(group, message)) {
            ++receivers;
            continue;
        }
        auto member = pick_member(group, message);
        if (member && admit(std::move(*member), message)) ++receivers;
    }
    return receivers;
}

/// Of a message whose number is remembered.
bool Broker::Core::has_been_given(const Target& target, const MessageView& message) const {
    return sessions_[target.session].persistent() &&
           std::min(target.qos, message.qos) != Qos::at_most_once;
}

/// One of its members has, if any is kept: which one is not remembered.
bool Broker::Core::has_been_given(std::uint32_t index, const MessageView& message) const {
    return std::ranges::any_of(subscriptions_.group(index).members, [&](std::uint32_t member) {
        const Subscription& subscription = subscriptions_[member];
        return sessions_[subscription.session].persistent() &&
               std::min(subscription.qos, message.qos) != Qos::at_most_once;
    });
}

void Broker::Core::remember_number(std::uint64_t number) {
    numbers_.insert(number);
    if (numbers_.size() > limits_.remembered_numbers) numbers_.erase(numbers_.begin());
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
    if (connection.again != 0 || !socket_has_room(connection)) return false;
    return !session.out || (session.out->waiting().empty() &&
                            session.out->in_flight().size() < connection.in_flight);
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
    const std::size_t size =
        message.topic.size() + message.properties.size() + message.payload.size();
    const bool flies = may_fly(session);
    const auto has_room = [&] { return session.out->has_room(size, limits_); };
    if (!flies && session.out && !has_room()) skip_expired(session);
    if ((!flies && session.out && !has_room()) ||
        !quotas_.has_queue_room(session.owner, size, flies)) {
        drop_for_full_queue(session, message, flies);
        return false;
    }
    if (!stored_) stored_ = pool_.store(message);
    Outbound& out = session.outbound(quotas_);
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
        out.fly(std::move(delivery));
    } else {
        out.wait(std::move(delivery));
        // A full window opens with an acknowledgement; a full socket tells nobody.
        if (session.connected()) starve(session.connection);
    }
    return true;
}

void Broker::Core::drop_for_full_queue(Session& session, const MessageView& message, bool flies) {
    counters_.dropped_full.add();
    if (session.told_full) return;
    session.told_full = true;
    const std::size_t size =
        message.topic.size() + message.properties.size() + message.payload.size();
    const bool own = !flies && session.out && !session.out->has_room(size, limits_);
    const bool many = !quotas_.has_queue_room(session.owner, 0, flies);
    std::string why =
        fmt::format("its queue is full ({} messages): messages to it are dropped, "
                    "first one on {}; ",
                    session.out ? session.out->waiting().size() : 0, printable(message.topic));
    why += own ? "more are allowed by broker.queued_messages and broker.queued_bytes"
               : quotas_.why_full(session.owner, identities_.name(session.owner),
                                  many ? Resource::queued_messages : Resource::queued_bytes, size);
    parts_.refusals.add("mqtt", session.client_id, Error{Code::limit, std::move(why)});
}

/// The record's number where it is what keeps the message from being taken twice; else 0.
journal::Sequence Broker::Core::record_publication(const MessageView& message,
                                                   const Publisher& publisher,
                                                   RetainAction action) {
    const bool qos2 = publisher.qos2_packet_id != 0;
    if (qos2) sessions_[publisher.session].unreleased().insert(publisher.qos2_packet_id);
    const bool remembers = qos2 && sessions_[publisher.session].persistent();
    if (action == RetainAction::nothing && target_count_ == 0 && !remembers) return 0;
    PublishedRecord record;
    record.message = message;
    record.retain = action;
    record.owner = identities_.name(publisher.identity);
    if (remembers) {
        record.publisher = sessions_[publisher.session].number;
        record.packet_id = publisher.qos2_packet_id;
    }
    if (publisher.number != 0 && target_count_ != 0) {
        record.number = publisher.number;
        remember_number(record.number);
    }
    record_.clear();
    encode(record_, record, target_count_, targets_);
    append(RecordKind::published, record_, version_of(record));
    return remembers ? parts_.journal.last() : 0;
}

void Broker::Core::retain(const MessageView& message, IdentityIndex owner, RetainAction action) {
    if (action == RetainAction::drop) retained_.drop(message.topic);
    if (action != RetainAction::keep) return;
    if (!stored_) stored_ = pool_.store(message);
    retained_.keep(stored_, owner);
    if (message.expires_at != 0) note_retained_expiry(message.expires_at);
}

void Broker::Core::send_leaving(const MessageView& message, journal::Sequence after) {
    if (leaving_.empty()) return;
    encoder_.begin(message, parts_.clock.utc());
    for (Leaving& leaving : leaving_) {
        leaving.after = after;
        Session& session = sessions_[leaving.session];
        send_publish(connections_[session.connection], session, leaving, false);
    }
}

void Broker::Core::send_publish(Connection& connection, Session& session, const Leaving& leaving,
                                bool duplicate) {
    const std::size_t size = write_publish(connection, session,
                                           {connection.version, leaving.qos, leaving.packet_id,
                                            leaving.retain, duplicate, leaving.subscription_ids},
                                           leaving.after);
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
    session.out->finish(static_cast<std::size_t>(session.out->find(leaving.packet_id)));
    step(RecordKind::acknowledged, session, leaving.packet_id);
}

bool Broker::Core::waits_for_disk(const Connection& connection, const Session& session,
                                  const PublishCopy& copy, journal::Sequence after) const {
    if (connection.held_bytes() != 0) return true; // none overtakes another on its way to a client
    // A QoS 2 message that a power cut made the broker forget would come again under another
    // identifier, and the client would take it twice.
    const bool counted = copy.qos == Qos::exactly_once && session.persistent();
    return (after > gate_.committed() || (counted && must_wait(gate_.committed()))) &&
           parts_.journal.accepts();
}

std::size_t Broker::Core::write_publish(Connection& connection, const Session& session,
                                        const PublishCopy& copy, journal::Sequence after) {
    if (waits_for_disk(connection, session, copy, after)) {
        GatedOutlet gated(gate_);
        const std::size_t size = encoder_.send(gated, connection.id, copy, connection.packet_bytes);
        if (size != 0) connection.more().held_bytes += size;
        return size;
    }
    if (connection.phase != Connection::Phase::connecting)
        return encoder_.send(parts_.outlet, connection.id, copy, connection.packet_bytes);
    bytes_.clear();
    const std::size_t size = encoder_.append(bytes_, copy, connection.packet_bytes);
    if (size != 0) send(connection, bytes_);
    return size;
}

bool Broker::Core::socket_has_room(Connection& connection) {
    if (connection.credit != 0) return true;
    constexpr std::size_t most = 64U << 10;
    const bool connecting = connection.phase == Connection::Phase::connecting;
    const std::size_t unsent =
        connection.held_bytes() + (connecting ? connection.more().behind_connack.size()
                                              : parts_.outlet.unsent(connection.id));
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
        // A will that is refused has nobody left to be told; who refused it has listed why.
        (void)distribute({message.topic, message.payload, next.properties, message.qos,
                          message.retain, next.expires_at, message.expires_at != 0},
                         {none, next.identity, next.client_id, 0, message.number});
        if (next.will != 0) record_will_over(next.will); // not before: better twice than never
    }
    if (!distributing_) drained_ = 0;
    while (!distributing_ && !revoked_.empty()) {
        const std::string credential = std::move(revoked_.back());
        revoked_.pop_back();
        drop_sessions_of(credential);
    }
}

} // namespace hearth::broker
