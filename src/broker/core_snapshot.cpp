#include "broker/core.h"

namespace hearth::broker {

namespace {

void put(journal::SnapshotSink& sink, RecordKind kind, std::string_view payload) {
    sink.put(static_cast<journal::Kind>(kind), record_version, payload);
}

void put_step(journal::SnapshotSink& sink, RecordKind kind, const StepRecord& step) {
    std::string payload;
    encode(payload, step);
    put(sink, kind, payload);
}

} // namespace

void Broker::Core::snapshot(journal::SnapshotSink& sink) const {
    put_step(sink, RecordKind::broker_state, {next_session_number_, 0});
    std::vector<const Retained::Entry*> kept;
    retained_.all(kept);
    for (const Retained::Entry* entry : kept)
        put(sink, RecordKind::retained_state,
            encode(RetainedStateRecord{identities_.name(entry->owner), entry->message->view()}));
    std::unordered_map<const StoredMessage*, std::uint64_t> numbers;
    for (SessionIndex index = 0; index < sessions_.capacity(); ++index)
        if (sessions_[index].alive && sessions_[index].persistent())
            snapshot_session(sink, sessions_[index], numbers);
    snapshot_wills(sink);
    for (const std::uint64_t number : numbers_)
        put(sink, RecordKind::number_state, encode_number(number));
}

void Broker::Core::snapshot_wills(journal::SnapshotSink& sink) const {
    const auto put_will = [&](const Will& will, SessionNumber session, std::string_view client_id) {
        put(sink, RecordKind::will_left,
            encode(record_of(will, session, client_id, identities_.name(will.owner))));
    };
    for (Index at = 0; at < connections_.capacity(); ++at) {
        const Connection& connection = connections_[at];
        if (connection.id == 0 || !connection.extras || !connection.extras->will) continue;
        const Session& session = sessions_[connection.session];
        put_will(*connection.extras->will, session.number, session.client_id);
    }
    for (const auto& [index, will] : delayed_wills_)
        put_will(*will, sessions_[index].number, sessions_[index].client_id);
    for (const auto& [client_id, will] : orphaned_wills_)
        put_will(will, 0, client_id);
    for (const auto& [number, kept] : kept_wills_)
        put_will(kept.will, kept.session, kept.client_id);
}

void Broker::Core::snapshot_session(
    journal::SnapshotSink& sink, const Session& session,
    std::unordered_map<const StoredMessage*, std::uint64_t>& numbers) const {
    SessionRecord record;
    record.session = session.number;
    record.client_id = session.client_id;
    record.owner = identities_.name(session.owner);
    record.expiry_s = session.expiry_s;
    put(sink, RecordKind::session_opened, encode(record));
    if (session.left_at != 0)
        put(sink, RecordKind::session_left,
            encode(SessionRecord{session.number, {}, {}, session.expiry_s, session.left_at}));
    for (std::uint32_t at = session.first_subscription; at != none;
         at = subscriptions_[at].next_of_session) {
        const Subscription& entry = subscriptions_[at];
        SubscribedRecord subscribed;
        const std::string filter = subscriptions_.filter(at);
        subscribed.session = session.number;
        subscribed.filter = filter;
        subscribed.options = {entry.qos, entry.no_local, entry.retain_as_published,
                              mqtt::RetainHandling::send, entry.identifier};
        put(sink, RecordKind::subscribed, encode(subscribed));
    }
    if (session.out) snapshot_deliveries(sink, session, numbers);
    if (!session.received) return;
    for (const std::uint16_t id : session.received->all())
        put_step(sink, RecordKind::unreleased_state, {session.number, id});
}

void Broker::Core::snapshot_deliveries(
    journal::SnapshotSink& sink, const Session& session,
    std::unordered_map<const StoredMessage*, std::uint64_t>& numbers) const {
    const auto put_delivery = [&](const Delivery& delivery) {
        DeliveryRecord record;
        record.target = {session.number, delivery.packet_id, delivery.qos, delivery.retain,
                         delivery.subscription_ids};
        record.released = delivery.released;
        if (!delivery.released) {
            // A message that waits for many sessions is written once, before the first of them.
            const auto [at, fresh] = numbers.try_emplace(&*delivery.message, numbers.size() + 1);
            record.message = at->second;
            if (fresh)
                put(sink, RecordKind::message_state,
                    encode(MessageStateRecord{record.message, delivery.message->view()}));
        }
        put(sink, RecordKind::delivery_state, encode(record));
    };
    for (std::size_t i = 0; i < session.out->in_flight().size(); ++i)
        put_delivery(session.out->in_flight()[i]);
    for (std::size_t i = 0; i < session.out->waiting().size(); ++i)
        put_delivery(session.out->waiting()[i]);
}

Broker::Stats Broker::Core::stats() const {
    return {connected_,       sessions_.size(),  persistent_sessions_, subscriptions_.size(),
            retained_.size(), retained_.bytes(), gate_.waiting()};
}

} // namespace hearth::broker
