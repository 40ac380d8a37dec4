#include "base/text.h"
#include "broker/records.h"

namespace hearth::broker {

namespace {

std::string_view name_of(RecordKind kind) {
    switch (kind) {
    case RecordKind::published:
        return "published";
    case RecordKind::retained_dropped:
        return "retained_dropped";
    case RecordKind::session_opened:
        return "session_opened";
    case RecordKind::session_resumed:
        return "session_resumed";
    case RecordKind::session_left:
        return "session_left";
    case RecordKind::session_ended:
        return "session_ended";
    case RecordKind::will_left:
        return "will_left";
    case RecordKind::will_over:
        return "will_over";
    case RecordKind::subscribed:
        return "subscribed";
    case RecordKind::unsubscribed:
        return "unsubscribed";
    case RecordKind::sent:
        return "sent";
    case RecordKind::skipped:
        return "skipped";
    case RecordKind::acknowledged:
        return "acknowledged";
    case RecordKind::received:
        return "received";
    case RecordKind::released:
        return "released";
    case RecordKind::retained_queued:
        return "retained_queued";
    case RecordKind::broker_state:
        return "broker_state";
    case RecordKind::retained_state:
        return "retained_state";
    case RecordKind::message_state:
        return "message_state";
    case RecordKind::delivery_state:
        return "delivery_state";
    case RecordKind::unreleased_state:
        return "unreleased_state";
    case RecordKind::number_state:
        return "number_state";
    }
    return {};
}

Value number(std::uint64_t of) {
    return Value::of_unsigned(of);
}

void put(ValueMap& to, const MessageView& message) {
    constexpr std::size_t shown = 1'000;
    to.set("topic", message.topic);
    to.set("qos", static_cast<int>(message.qos));
    to.set("payload", printable(message.payload, shown));
    to.set("payload_bytes", number(message.payload.size()));
    if (message.expires_at != 0) to.set("expires", to_rfc3339(message.expires_at));
}

Value of(const PublishedTarget& target) {
    ValueMap map{{"session", number(target.session)}, {"qos", static_cast<int>(target.qos)}};
    if (target.packet_id != 0) map.set("packet_id", int{target.packet_id});
    if (target.retain) map.set("retain", true);
    return map;
}

void put(ValueMap& to, const PublishedRecord& record) {
    put(to, record.message);
    if (record.retain == RetainAction::keep) to.set("retained", "kept");
    if (record.retain == RetainAction::drop) to.set("retained", "dropped");
    if (!record.owner.empty()) to.set("credential", record.owner);
    if (record.publisher != 0) to.set("publisher", number(record.publisher));
    if (record.packet_id != 0) to.set("packet_id", int{record.packet_id});
    if (record.number != 0) to.set("number", number(record.number));
    ValueList targets;
    for (const PublishedTarget& target : record.targets)
        targets.push_back(of(target));
    to.set("to", std::move(targets));
}

void put(ValueMap& to, const SessionRecord& record) {
    to.set("session", number(record.session));
    if (!record.client_id.empty()) to.set("client", record.client_id);
    if (!record.owner.empty()) to.set("credential", record.owner);
    to.set("expiry_s", number(record.expiry_s));
    if (record.at != 0) to.set("at", to_rfc3339(record.at));
}

void put(ValueMap& to, const SubscribedRecord& record) {
    to.set("session", number(record.session));
    to.set("filter", record.filter);
    to.set("qos", static_cast<int>(record.options.qos));
}

void put(ValueMap& to, const StepRecord& record) {
    to.set("session", number(record.session));
    if (record.packet_id != 0) to.set("packet_id", int{record.packet_id});
}

void put(ValueMap& to, const RetainedQueuedRecord& record) {
    to.set("topic", record.topic);
    to.set("to", of(record.target));
}

void put(ValueMap& to, const RetainedStateRecord& record) {
    put(to, record.message);
    if (!record.owner.empty()) to.set("credential", record.owner);
}

void put(ValueMap& to, const MessageStateRecord& record) {
    to.set("number", number(record.number));
    put(to, record.message);
}

void put(ValueMap& to, const DeliveryRecord& record) {
    to.set("message", number(record.message));
    to.set("to", of(record.target));
    if (record.released) to.set("released", true);
}

void put(ValueMap& to, const WillRecord& record) {
    to.set("number", number(record.number));
    to.set("client", record.client_id);
    if (!record.owner.empty()) to.set("credential", record.owner);
    if (record.session != 0) to.set("session", number(record.session));
    put(to, record.message);
    if (record.message.retain) to.set("retain", true);
    if (record.delay_s != 0) to.set("delay_s", number(record.delay_s));
    if (record.expiry_s != 0) to.set("expiry_s", number(record.expiry_s));
}

void put(ValueMap& to, std::uint64_t named) {
    to.set("number", number(named));
}

template <class T>
Result<Value> shown(ValueMap map, Result<T> record) {
    if (!record) return fail(record);
    put(map, *record);
    return Value(std::move(map));
}

} // namespace

Result<Value> describe(const journal::Record& record) {
    const auto kind = static_cast<RecordKind>(record.kind);
    const std::string_view name = name_of(kind);
    if (name.empty()) return fail(Code::newer, "broker record of unknown kind {}", record.kind);
    ValueMap map{{"kind", name}};
    switch (kind) {
    case RecordKind::published:
        return shown(std::move(map), decode_published(record));
    case RecordKind::session_opened:
    case RecordKind::session_resumed:
    case RecordKind::session_left:
        return shown(std::move(map), decode_session(record.payload));
    case RecordKind::subscribed:
    case RecordKind::unsubscribed:
        return shown(std::move(map), decode_subscribed(record.payload));
    case RecordKind::retained_queued:
        return shown(std::move(map), decode_retained_queued(record.payload));
    case RecordKind::retained_state:
        return shown(std::move(map), decode_retained_state(record.payload));
    case RecordKind::message_state:
        return shown(std::move(map), decode_message_state(record.payload));
    case RecordKind::delivery_state:
        return shown(std::move(map), decode_delivery(record.payload));
    case RecordKind::will_left:
        return shown(std::move(map), decode_will(record.payload));
    case RecordKind::will_over:
    case RecordKind::number_state:
        return shown(std::move(map), decode_number(record.payload));
    case RecordKind::retained_dropped:
        map.set("topic", printable(record.payload, record.payload.size()));
        return Value(std::move(map));
    default:
        return shown(std::move(map), decode_step(record.payload));
    }
}

} // namespace hearth::broker
