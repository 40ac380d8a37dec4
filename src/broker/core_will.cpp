#include "base/text.h"
#include "broker/core.h"
#include "codec/mqtt/encoder.h"

#include <algorithm>
#include <utility>

namespace hearth::broker {

void Broker::Core::take_will(Connection& connection, const mqtt::Connect& connect,
                             IdentityIndex owner) {
    if (!connect.will) return;
    if (connect.will->topic.starts_with('$')) {
        refused(connection, Code::refused,
                fmt::format("will on {}: topics with $ are the broker's own; it is let in without",
                            printable(connect.will->topic)));
        return;
    }
    auto will = std::make_unique<Will>();
    will->topic = connect.will->topic;
    will->payload = connect.will->payload;
    will->qos = static_cast<Qos>(connect.will->qos);
    will->retain = connect.will->retain;
    will->owner = owner;
    will->delay_s = connect.will->properties.delay_s.value_or(0);
    will->expiry_s = connect.will->properties.message_expiry_s.value_or(0);
    mqtt::PublishProperties kept;
    static_cast<mqtt::MessageProperties&>(kept) =
        static_cast<const mqtt::MessageProperties&>(connect.will->properties);
    kept.message_expiry_s.reset();
    if (!mqtt::encode_publish_properties(will->properties, kept)) will->properties.clear();
    will->number = next_will_++;
    const Session& session = sessions_[connection.session];
    append(RecordKind::will_left,
           encode(record_of(*will, session.number, session.client_id, identities_.name(owner))));
    connection.more().will = std::move(will);
}

WillRecord record_of(const Will& will, SessionNumber session, std::string_view client_id,
                     std::string_view owner) {
    WillRecord record;
    record.number = will.number;
    record.session = session;
    record.client_id = client_id;
    record.owner = owner;
    record.message = {will.topic, will.payload, will.properties, will.qos, will.retain, 0};
    record.expiry_s = will.expiry_s;
    record.delay_s = will.delay_s;
    return record;
}

void Broker::Core::record_will_over(std::uint64_t number) {
    append(RecordKind::will_over, encode_number(number));
}

void Broker::Core::schedule_will(std::unique_ptr<Will> will, SessionIndex index) {
    const Session& session = sessions_[index];
    const std::uint32_t delay_s = std::min(will->delay_s, session.expiry_s);
    if (delay_s == 0) {
        publish_will(std::move(*will), session.client_id);
        return;
    }
    will->due_at = parts_.clock.steady() + delay_s * seconds;
    timers_.set(will->due_at, Timers::Kind::will, session.number);
    delayed_wills_[index] = std::move(will);
}

void Broker::Core::publish_will(Will will, std::string_view client_id) {
    // It may have waited for long, even over a restart: rights hold when it is published.
    if (!parts_.authorizer.may_publish(identities_.name(will.owner), will.topic)) {
        parts_.refusals.add("mqtt", client_id,
                            Error{Code::refused, fmt::format("its will on {} is no longer allowed",
                                                             printable(will.topic))});
        record_will_over(will.number);
        return;
    }
    Pending pending;
    pending.message.topic = std::move(will.topic);
    pending.message.payload = std::move(will.payload);
    pending.message.qos = will.qos;
    pending.message.retain = will.retain;
    pending.properties = std::move(will.properties);
    if (will.expiry_s != 0) pending.expires_at = parts_.clock.utc() + will.expiry_s * seconds;
    pending.identity = will.owner;
    pending.client_id = client_id;
    pending.will = will.number;
    pending_.push_back(std::move(pending));
}

void Broker::Core::forget_will(SessionIndex index) {
    const auto found = delayed_wills_.find(index);
    if (found == delayed_wills_.end()) return;
    record_will_over(found->second->number);
    delayed_wills_.erase(found);
}

void Broker::Core::release_will(SessionIndex index) {
    const auto found = delayed_wills_.find(index);
    if (found == delayed_wills_.end()) return;
    publish_will(std::move(*found->second), sessions_[index].client_id);
    delayed_wills_.erase(found);
}

// --- Wills that outlived the hub ----------------------------------------------------------------

void Broker::Core::resume_wills() {
    for (auto& [number, kept] : std::exchange(kept_wills_, {}))
        resume_will(std::move(kept));
    if (orphaned_wills_.empty()) return;
    orphans_due_at_ = parts_.clock.steady() + limits_.will_grace;
    timers_.set(orphans_due_at_, Timers::Kind::orphans, 0);
}

void Broker::Core::resume_will(KeptWill kept) {
    const SessionIndex index = kept.session == 0 ? none : sessions_.find_number(kept.session);
    if (index == none) { // its session ended with the connection, and that with the hub
        orphaned_wills_.emplace(std::move(kept.client_id), std::move(kept.will));
        return;
    }
    const Session& session = sessions_[index];
    auto will = std::make_unique<Will>(std::move(kept.will));
    const Micros delay = std::min(will->delay_s, session.expiry_s) * seconds;
    const Micros steady = parts_.clock.steady();
    // Whose client was connected gets its whole delay. Everybody gets time to find the hub again:
    // while it was down, nobody could come back.
    const Micros left =
        session.left_at == 0
            ? delay
            : std::clamp<Micros>(session.left_at + delay - parts_.clock.utc(), 0, delay);
    will->due_at = steady + std::max(left, limits_.will_grace);
    timers_.set(will->due_at, Timers::Kind::will, session.number);
    delayed_wills_[index] = std::move(will);
}

void Broker::Core::forget_orphan(std::string_view client_id, IdentityIndex owner) {
    if (orphaned_wills_.empty()) return;
    auto [at, end] = orphaned_wills_.equal_range(std::string(client_id));
    while (at != end) {
        if (at->second.owner != owner) {
            ++at;
            continue;
        }
        record_will_over(at->second.number);
        at = orphaned_wills_.erase(at);
    }
}

void Broker::Core::forget_orphans_of(IdentityIndex owner) {
    std::erase_if(orphaned_wills_, [&](const auto& orphan) {
        if (orphan.second.owner == owner) record_will_over(orphan.second.number);
        return orphan.second.owner == owner;
    });
}

void Broker::Core::release_orphans() {
    if (orphans_due_at_ == 0 || parts_.clock.steady() < orphans_due_at_) return;
    orphans_due_at_ = 0;
    for (auto& [client_id, will] : std::exchange(orphaned_wills_, {}))
        publish_will(std::move(will), client_id);
}

} // namespace hearth::broker
