#pragma once

#include "base/result.h"
#include "base/value.h"
#include "broker/session.h"
#include "broker/stored_message.h"
#include "broker/subscriptions.h"
#include "journal/journal.h"

#include <string>
#include <string_view>
#include <vector>

/// How the broker's state is written in the journal. Numbers and layouts are for ever: a new layout
/// is a new version of its kind. Decoded records view the payload.
///
/// One record is one step that must not be torn apart: what a PUBLISH did to the retained message,
/// to its sender's QoS 2 state and to all queues stands in one.
namespace hearth::broker {

enum class RecordKind : journal::Kind {
    published = 200,        ///< PublishedRecord; version 2 where it has a number
    retained_dropped = 201, ///< a topic: expired, or its owner was revoked
    session_opened = 210,   ///< SessionRecord: a new one
    session_resumed = 211,  ///< SessionRecord: its client is back
    session_left = 212,     ///< SessionRecord: its client has gone
    session_ended = 213,    ///< a session's number
    will_left = 214,        ///< WillRecord: a client has come and left its will with the hub
    will_over = 215,        ///< a will's number: published, or its client has gone in peace
    subscribed = 220,       ///< SubscribedRecord
    unsubscribed = 221,     ///< SubscribedRecord, session and filter only
    sent = 230,             ///< StepRecord: the oldest that waits has its packet id
    skipped = 231,          ///< StepRecord: the oldest that waits is dropped (expired, too large)
    acknowledged = 232,     ///< StepRecord: done with (PUBACK, PUBCOMP, or a PUBREC that refuses)
    received = 233,         ///< StepRecord: PUBREC has come
    released = 234,         ///< StepRecord: PUBREL has come for a message of the client
    retained_queued = 235,  ///< RetainedQueuedRecord
    // Only in checkpoints, beside session_opened, session_left and subscribed.
    broker_state = 250,     ///< the next session number
    retained_state = 251,   ///< RetainedStateRecord
    message_state = 252,    ///< MessageStateRecord: what delivery_state records refer to
    delivery_state = 253,   ///< DeliveryRecord, in order
    unreleased_state = 254, ///< StepRecord: a packet id of QoS 2 that the client has not released
    number_state = 255,     ///< a number of hearth's publications that is remembered
};

constexpr std::uint8_t record_version = 1;
/// The newest version of a kind.
constexpr std::uint8_t newest_version(RecordKind kind) {
    return kind == RecordKind::published ? 2 : record_version;
}

enum class RetainAction : std::uint8_t { nothing = 0, keep = 1, drop = 2 };

struct PublishedTarget {
    SessionNumber session = 0;
    std::uint16_t packet_id = 0; ///< 0: it waits
    Qos qos = Qos::at_least_once;
    bool retain = false;
    std::string_view subscription_ids;
};

struct PublishedRecord {
    MessageView message; ///< its `retain` is not kept
    RetainAction retain = RetainAction::nothing;
    std::string_view owner;      ///< credential of who published it; for retained messages
    SessionNumber publisher = 0; ///< of a QoS 2 message of a persistent session
    std::uint16_t packet_id = 0; ///< that message's
    std::vector<PublishedTarget> targets;
    std::uint64_t number = 0; ///< as Message has it
};

/// The targets are appended one by one with append_target(), before the rest is known.
void append_target(std::string& targets, const PublishedTarget& target);
void encode(std::string& out, const PublishedRecord& record, std::size_t count,
            std::string_view targets);
/// The version in which encode() writes it.
std::uint8_t version_of(const PublishedRecord& record);
Result<PublishedRecord> decode_published(const journal::Record& record);

struct SessionRecord {
    SessionNumber session = 0;
    std::string_view client_id; ///< session_opened only
    std::string_view owner;     ///< session_opened only
    std::uint32_t expiry_s = 0;
    Micros at = 0; ///< UTC
};
std::string encode(const SessionRecord& record);
Result<SessionRecord> decode_session(std::string_view payload);

struct SubscribedRecord {
    SessionNumber session = 0;
    std::string_view filter;
    SubscriptionOptions options;
};
std::string encode(const SubscribedRecord& record);
Result<SubscribedRecord> decode_subscribed(std::string_view payload);

struct StepRecord {
    SessionNumber session = 0;
    std::uint16_t packet_id = 0;
};
void encode(std::string& out, const StepRecord& record);
Result<StepRecord> decode_step(std::string_view payload);

/// The retained message of that topic, as it is at this place of the journal, was queued to a new
/// subscription.
struct RetainedQueuedRecord {
    std::string_view topic;
    PublishedTarget target;
};
std::string encode(const RetainedQueuedRecord& record);
Result<RetainedQueuedRecord> decode_retained_queued(std::string_view payload);

struct RetainedStateRecord {
    std::string_view owner;
    MessageView message;
};
std::string encode(const RetainedStateRecord& record);
Result<RetainedStateRecord> decode_retained_state(std::string_view payload);

struct MessageStateRecord {
    std::uint64_t number = 0; ///< within this checkpoint
    MessageView message;
};
std::string encode(const MessageStateRecord& record);
Result<MessageStateRecord> decode_message_state(std::string_view payload);

struct DeliveryRecord {
    PublishedTarget target;
    std::uint64_t message = 0; ///< 0: released, only the packet id is left
    bool released = false;
};
std::string encode(const DeliveryRecord& record);
Result<DeliveryRecord> decode_delivery(std::string_view payload);

struct WillRecord {
    std::uint64_t number = 0;
    SessionNumber session = 0; ///< 0: of one that ends with its connection
    std::string_view client_id;
    std::string_view owner;
    MessageView message;        ///< its `retain` is kept too; `expires_at` is not
    std::uint32_t expiry_s = 0; ///< as Will has them
    std::uint32_t delay_s = 0;
};
std::string encode(const WillRecord& record);
Result<WillRecord> decode_will(std::string_view payload);
std::string encode_number(std::uint64_t number);
Result<std::uint64_t> decode_number(std::string_view payload);

/// A record of this room as JSON, for `hearth journal cat`.
Result<Value> describe(const journal::Record& record);

} // namespace hearth::broker
