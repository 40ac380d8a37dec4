#include "base/log.h"
#include "broker/core.h"
#include "codec/mqtt/topic.h"

#include <utility>

namespace hearth::broker {

namespace {

constexpr std::size_t longest_topic = 65'535;

/// What a record cannot say, because the broker would not have written it.
Result<void> check(const MessageView& message) {
    if (message.topic.empty() || message.topic.size() > longest_topic)
        return fail(Code::damaged, "message of a topic of {} bytes", message.topic.size());
    if (message.qos > Qos::exactly_once) return fail(Code::damaged, "message of QoS 3");
    return {};
}

} // namespace

Result<void> Broker::Core::replay(const journal::Record& record) {
    constexpr std::size_t look_every = 4U << 20;
    replayed_bytes_ += record.payload.size();
    if (replayed_bytes_ >= look_every && parts_.memory != nullptr) {
        replayed_bytes_ = 0;
        parts_.memory->look();
    }
    const auto kind = static_cast<RecordKind>(record.kind);
    if (record.version > newest_version(kind))
        return fail(Code::newer, "broker record {} of version {}", record.kind, record.version);
    switch (kind) {
    case RecordKind::published:
        return replay_published(record);
    case RecordKind::retained_dropped:
        retained_.drop(record.payload);
        return {};
    case RecordKind::retained_state:
    case RecordKind::retained_queued:
        return replay_retained(record);
    case RecordKind::session_opened:
    case RecordKind::session_resumed:
    case RecordKind::session_left:
        return replay_session(record);
    case RecordKind::subscribed:
    case RecordKind::unsubscribed:
        return replay_subscription(record);
    case RecordKind::session_ended:
    case RecordKind::sent:
    case RecordKind::skipped:
    case RecordKind::acknowledged:
    case RecordKind::received:
    case RecordKind::released:
    case RecordKind::unreleased_state:
        return replay_step(record);
    case RecordKind::will_left:
    case RecordKind::will_over:
        return replay_will(record);
    case RecordKind::broker_state:
    case RecordKind::message_state:
    case RecordKind::delivery_state:
    case RecordKind::number_state:
        return replay_state(record);
    }
    return fail(Code::newer, "broker record of unknown kind {}", record.kind);
}

Result<void> Broker::Core::replay_published(const journal::Record& record) {
    const auto published = decode_published(record);
    if (!published) return std::unexpected(published.error());
    if (auto good = check(published->message); !good) return good;
    if (published->retain == RetainAction::drop) retained_.drop(published->message.topic);
    MessageRef message;
    if (published->retain == RetainAction::keep || !published->targets.empty())
        message = pool_.store(published->message);
    if (published->retain == RetainAction::keep)
        retained_.keep(message, identities_.of(published->owner));
    if (const SessionIndex from = sessions_.find_number(published->publisher);
        from != none && !sessions_[from].has_received(published->packet_id))
        sessions_[from].unreleased().insert(published->packet_id);
    for (const PublishedTarget& target : published->targets)
        replay_target(target, message);
    if (published->number != 0) remember_number(published->number);
    return {};
}

/// Takes the place of one that there is no room for.
MessageRef Broker::Core::dropped_message() {
    ++dropped_at_replay_;
    return pool_.store({.topic = StoredMessage::placeholder_topic, .expires_at = 1});
}

/// A journal of other limits, or of a larger machine, must not end the start for want of memory:
/// what is beyond the limits is dropped, and told by start().
void Broker::Core::replay_target(const PublishedTarget& target, MessageRef message) {
    const SessionIndex index = sessions_.find_number(target.session);
    if (index == none) return;
    if (message && !message->is_placeholder() &&
        !quotas_.has_room(sessions_[index].owner, Resource::queued_bytes, message->size()))
        message = dropped_message();
    Outbound& out = sessions_[index].outbound(quotas_);
    Delivery delivery{std::move(message), std::string(target.subscription_ids),
                      target.packet_id,   target.qos,
                      target.retain,      false};
    if (target.packet_id == 0) {
        out.wait(std::move(delivery));
        return;
    }
    sessions_[index].next_packet_id = static_cast<std::uint16_t>(target.packet_id + 1);
    out.fly(std::move(delivery));
}

Result<void> Broker::Core::replay_retained(const journal::Record& record) {
    if (static_cast<RecordKind>(record.kind) == RecordKind::retained_state) {
        const auto state = decode_retained_state(record.payload);
        if (!state) return std::unexpected(state.error());
        if (auto good = check(state->message); !good) return good;
        retained_.keep(pool_.store(state->message), identities_.of(state->owner));
        return {};
    }
    const auto queued = decode_retained_queued(record.payload);
    if (!queued) return std::unexpected(queued.error());
    if (const Retained::Entry* entry = retained_.find(queued->topic))
        replay_target(queued->target, entry->message);
    return {};
}

Result<void> Broker::Core::replay_session(const journal::Record& record) {
    const auto session = decode_session(record.payload);
    if (!session) return std::unexpected(session.error());
    const auto kind = static_cast<RecordKind>(record.kind);
    SessionIndex index = sessions_.find_number(session->session);
    if (kind == RecordKind::session_opened && index == none) {
        const IdentityIndex owner = identities_.of(session->owner);
        if (session->session == 0 || sessions_.find(session->client_id, owner) != none)
            return fail(Code::damaged, "session {} of client {} is there already", session->session,
                        session->client_id);
        index = sessions_.make(session->client_id, owner, session->session);
        next_session_number_ = std::max(next_session_number_, session->session + 1);
        ++persistent_sessions_;
    }
    if (index == none) return {};
    sessions_[index].expiry_s = session->expiry_s;
    sessions_[index].left_at = kind == RecordKind::session_left ? session->at : 0;
    return {};
}

Result<void> Broker::Core::replay_subscription(const journal::Record& record) {
    const auto subscribed = decode_subscribed(record.payload);
    if (!subscribed) return std::unexpected(subscribed.error());
    const SessionIndex index = sessions_.find_number(subscribed->session);
    if (index == none) return {};
    if (!mqtt::check_topic_filter(subscribed->filter))
        return fail(Code::damaged, "subscription of session {} to something that is no filter",
                    subscribed->session);
    Session& session = sessions_[index];
    if (static_cast<RecordKind>(record.kind) == RecordKind::subscribed) {
        subscriptions_.add(index, session, subscribed->filter, subscribed->options);
    } else if (const auto found = subscriptions_.find(session, subscribed->filter); found != none) {
        subscriptions_.remove(found, session);
    }
    return {};
}

Result<void> Broker::Core::replay_step(const journal::Record& record) {
    const auto step = decode_step(record.payload);
    if (!step) return std::unexpected(step.error());
    const SessionIndex index = sessions_.find_number(step->session);
    if (index == none) return {};
    if (static_cast<RecordKind>(record.kind) != RecordKind::session_ended) {
        apply_step(static_cast<RecordKind>(record.kind), sessions_[index], step->packet_id);
        return {};
    }
    subscriptions_.remove_all(sessions_[index]);
    sessions_.erase(index);
    --persistent_sessions_;
    return {};
}

void Broker::Core::apply_step(RecordKind kind, Session& session, std::uint16_t packet_id) {
    Outbound& out = session.outbound(quotas_);
    const std::ptrdiff_t found = out.find(packet_id);
    switch (kind) {
    case RecordKind::sent:
        if (out.waiting().empty()) break;
        out.fly_oldest(packet_id);
        session.next_packet_id = static_cast<std::uint16_t>(packet_id + 1);
        break;
    case RecordKind::skipped:
        if (!out.waiting().empty()) out.drop_oldest();
        break;
    case RecordKind::acknowledged:
        if (found >= 0) out.finish(static_cast<std::size_t>(found));
        break;
    case RecordKind::received:
        if (found >= 0) out.release(static_cast<std::size_t>(found));
        break;
    case RecordKind::released:
        session.unreleased().erase(packet_id);
        break;
    default: // unreleased_state
        if (!session.has_received(packet_id)) session.unreleased().insert(packet_id);
    }
    session.tidy();
}

Result<void> Broker::Core::replay_state(const journal::Record& record) {
    const auto kind = static_cast<RecordKind>(record.kind);
    if (kind == RecordKind::message_state) {
        const auto state = decode_message_state(record.payload);
        if (!state) return std::unexpected(state.error());
        if (auto good = check(state->message); !good) return good;
        const std::size_t size = state->message.topic.size() + state->message.properties.size() +
                                 state->message.payload.size();
        const bool fits = checkpoint_bytes_ + size <= limits_.queued_bytes_in_all &&
                          (parts_.memory == nullptr || !parts_.memory->full());
        checkpoint_messages_[state->number] =
            fits ? pool_.store(state->message) : dropped_message();
        if (fits) checkpoint_bytes_ += size;
        return {};
    }
    if (kind == RecordKind::broker_state) {
        const auto state = decode_step(record.payload);
        if (!state) return std::unexpected(state.error());
        next_session_number_ = state->session;
        return {};
    }
    if (kind == RecordKind::number_state) {
        const auto number = decode_number(record.payload);
        if (!number) return std::unexpected(number.error());
        remember_number(*number);
        return {};
    }
    const auto state = decode_delivery(record.payload);
    if (!state) return std::unexpected(state.error());
    const auto message = checkpoint_messages_.find(state->message);
    if (!state->released && message == checkpoint_messages_.end())
        return fail(Code::damaged, "a delivery of a message that is not in the checkpoint");
    if (state->released && state->target.packet_id == 0)
        return fail(Code::damaged, "a released delivery without a packet id");
    replay_target(state->target, state->released ? MessageRef() : message->second);
    if (!state->released) return {};
    const SessionIndex index = sessions_.find_number(state->target.session);
    if (index != none) apply_step(RecordKind::received, sessions_[index], state->target.packet_id);
    return {};
}

Result<void> Broker::Core::replay_will(const journal::Record& record) {
    if (static_cast<RecordKind>(record.kind) == RecordKind::will_over) {
        const auto number = decode_number(record.payload);
        if (!number) return std::unexpected(number.error());
        kept_wills_.erase(*number);
        return {};
    }
    const auto left = decode_will(record.payload);
    if (!left) return std::unexpected(left.error());
    if (auto good = check(left->message); !good) return good;
    Will will;
    will.topic = left->message.topic;
    will.payload = left->message.payload;
    will.properties = left->message.properties;
    will.qos = left->message.qos;
    will.retain = left->message.retain;
    will.expiry_s = left->expiry_s;
    will.delay_s = left->delay_s;
    will.owner = identities_.of(left->owner);
    will.number = left->number;
    kept_wills_[left->number] = {std::move(will), left->session, std::string(left->client_id)};
    next_will_ = std::max(next_will_, left->number + 1);
    return {};
}

void Broker::Core::tell_dropped_at_replay() {
    if (dropped_at_replay_ == 0) return;
    counters_.dropped_full.add(dropped_at_replay_);
    const std::string why = fmt::format(
        "{} queued messages of the journal are dropped: there is no room for them; more is allowed "
        "by broker.queued_bytes_in_all and broker.queued_bytes_per_credential",
        std::exchange(dropped_at_replay_, 0));
    log::warn("broker.replay", "{}", why);
    parts_.refusals.add("mqtt", "", Error{Code::limit, why});
}

void Broker::Core::reset() {
    subscriptions_.forget_sessions(sessions_);
    sessions_.clear();
    retained_.clear();
    delayed_wills_.clear();
    orphaned_wills_.clear();
    kept_wills_.clear();
    numbers_.clear();
    newest_once_ = 0;
    checkpoint_messages_.clear();
    checkpoint_bytes_ = 0;
    dropped_at_replay_ = 0;
    next_session_number_ = 1;
    persistent_sessions_ = 0;
}

} // namespace hearth::broker
