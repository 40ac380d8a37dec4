#include "broker/records.h"

#include "base/bytes.h"

namespace hearth::broker {

namespace {

constexpr std::uint8_t qos_bits = 0x03;
constexpr std::uint8_t lapses_bit = 0x80; ///< of a message; who does not know it sends it again
constexpr std::uint8_t retain_bit = 0x04;
constexpr std::uint8_t no_local_bit = 0x04;
constexpr std::uint8_t as_published_bit = 0x08;

void write(ByteWriter& out, const MessageView& message) {
    out.u8(static_cast<std::uint8_t>(static_cast<std::uint8_t>(message.qos) |
                                     (message.lapses ? lapses_bit : 0)));
    out.zigzag(message.expires_at);
    out.string(message.topic);
    out.string(message.properties);
    out.string(message.payload);
}

MessageView read_message(ByteReader& in) {
    MessageView message;
    const std::uint8_t flags = in.u8();
    message.qos = static_cast<Qos>(flags & qos_bits);
    message.lapses = (flags & lapses_bit) != 0;
    message.expires_at = in.zigzag();
    message.topic = in.string();
    message.properties = in.string();
    message.payload = in.string();
    return message;
}

void write(ByteWriter& out, const PublishedTarget& target) {
    out.varint(target.session);
    out.varint(target.packet_id);
    out.u8(static_cast<std::uint8_t>(static_cast<std::uint8_t>(target.qos) |
                                     (target.retain ? retain_bit : 0)));
    out.string(target.subscription_ids);
}

PublishedTarget read_target(ByteReader& in) {
    PublishedTarget target;
    target.session = in.varint();
    target.packet_id = static_cast<std::uint16_t>(in.varint());
    const std::uint8_t bits = in.u8();
    target.qos = static_cast<Qos>(bits & qos_bits);
    target.retain = (bits & retain_bit) != 0;
    target.subscription_ids = in.string();
    return target;
}

template <class T>
Result<T> finished(const ByteReader& in, std::string_view what, T value) {
    if (auto done = in.finish(what); !done) return fail(done);
    return value;
}

} // namespace

void append_target(std::string& targets, const PublishedTarget& target) {
    ByteWriter out(targets);
    write(out, target);
}

void encode(std::string& bytes, const PublishedRecord& record, std::size_t count,
            std::string_view targets) {
    ByteWriter out(bytes);
    out.u8(static_cast<std::uint8_t>(record.retain));
    out.varint(record.publisher);
    out.varint(record.packet_id);
    out.string(record.owner);
    write(out, record.message);
    out.varint(count);
    out.raw(targets);
    if (record.number != 0) out.varint(record.number);
}

std::uint8_t version_of(const PublishedRecord& record) {
    return record.number != 0 ? 2 : 1;
}

Result<PublishedRecord> decode_published(const journal::Record& written) {
    ByteReader in(written.payload);
    PublishedRecord record;
    record.retain = static_cast<RetainAction>(in.u8());
    record.publisher = in.varint();
    record.packet_id = static_cast<std::uint16_t>(in.varint());
    record.owner = in.string();
    record.message = read_message(in);
    const std::size_t count = in.count();
    for (std::size_t i = 0; i < count && in.ok(); ++i)
        record.targets.push_back(read_target(in));
    if (written.version >= 2) record.number = in.varint();
    return finished(in, "published", std::move(record));
}

std::string encode(const SessionRecord& record) {
    std::string bytes;
    ByteWriter out(bytes);
    out.varint(record.session);
    out.string(record.client_id);
    out.string(record.owner);
    out.varint(record.expiry_s);
    out.zigzag(record.at);
    return bytes;
}

Result<SessionRecord> decode_session(std::string_view payload) {
    ByteReader in(payload);
    SessionRecord record;
    record.session = in.varint();
    record.client_id = in.string();
    record.owner = in.string();
    record.expiry_s = static_cast<std::uint32_t>(in.varint());
    record.at = in.zigzag();
    return finished(in, "session", record);
}

std::string encode(const SubscribedRecord& record) {
    std::string bytes;
    ByteWriter out(bytes);
    const SubscriptionOptions& options = record.options;
    out.varint(record.session);
    out.string(record.filter);
    out.u8(static_cast<std::uint8_t>(static_cast<std::uint8_t>(options.qos) |
                                     (options.no_local ? no_local_bit : 0) |
                                     (options.retain_as_published ? as_published_bit : 0)));
    out.varint(options.identifier);
    return bytes;
}

Result<SubscribedRecord> decode_subscribed(std::string_view payload) {
    ByteReader in(payload);
    SubscribedRecord record;
    record.session = in.varint();
    record.filter = in.string();
    const std::uint8_t bits = in.u8();
    record.options.qos = static_cast<Qos>(bits & qos_bits);
    record.options.no_local = (bits & no_local_bit) != 0;
    record.options.retain_as_published = (bits & as_published_bit) != 0;
    record.options.identifier = static_cast<std::uint32_t>(in.varint());
    return finished(in, "subscribed", record);
}

void encode(std::string& bytes, const StepRecord& record) {
    ByteWriter out(bytes);
    out.varint(record.session);
    out.varint(record.packet_id);
}

Result<StepRecord> decode_step(std::string_view payload) {
    ByteReader in(payload);
    StepRecord record;
    record.session = in.varint();
    record.packet_id = static_cast<std::uint16_t>(in.varint());
    return finished(in, "step of a session", record);
}

std::string encode(const RetainedQueuedRecord& record) {
    std::string bytes;
    ByteWriter out(bytes);
    out.string(record.topic);
    write(out, record.target);
    return bytes;
}

Result<RetainedQueuedRecord> decode_retained_queued(std::string_view payload) {
    ByteReader in(payload);
    RetainedQueuedRecord record;
    record.topic = in.string();
    record.target = read_target(in);
    return finished(in, "retained_queued", record);
}

std::string encode(const RetainedStateRecord& record) {
    std::string bytes;
    ByteWriter out(bytes);
    out.string(record.owner);
    write(out, record.message);
    return bytes;
}

Result<RetainedStateRecord> decode_retained_state(std::string_view payload) {
    ByteReader in(payload);
    RetainedStateRecord record;
    record.owner = in.string();
    record.message = read_message(in);
    return finished(in, "retained_state", record);
}

std::string encode(const MessageStateRecord& record) {
    std::string bytes;
    ByteWriter out(bytes);
    out.varint(record.number);
    write(out, record.message);
    return bytes;
}

Result<MessageStateRecord> decode_message_state(std::string_view payload) {
    ByteReader in(payload);
    MessageStateRecord record;
    record.number = in.varint();
    record.message = read_message(in);
    return finished(in, "message_state", record);
}

std::string encode(const DeliveryRecord& record) {
    std::string bytes;
    ByteWriter out(bytes);
    write(out, record.target);
    out.varint(record.message);
    out.boolean(record.released);
    return bytes;
}

std::string encode(const WillRecord& record) {
    std::string bytes;
    ByteWriter out(bytes);
    out.varint(record.number);
    out.varint(record.session);
    out.string(record.client_id);
    out.string(record.owner);
    write(out, record.message);
    out.boolean(record.message.retain);
    out.varint(record.expiry_s);
    out.varint(record.delay_s);
    return bytes;
}

Result<WillRecord> decode_will(std::string_view payload) {
    ByteReader in(payload);
    WillRecord record;
    record.number = in.varint();
    record.session = in.varint();
    record.client_id = in.string();
    record.owner = in.string();
    record.message = read_message(in);
    record.message.retain = in.boolean();
    record.expiry_s = static_cast<std::uint32_t>(in.varint());
    record.delay_s = static_cast<std::uint32_t>(in.varint());
    return finished(in, "will", record);
}

std::string encode_number(std::uint64_t number) {
    std::string bytes;
    ByteWriter out(bytes);
    out.varint(number);
    return bytes;
}

Result<std::uint64_t> decode_number(std::string_view payload) {
    ByteReader in(payload);
    const std::uint64_t number = in.varint();
    return finished(in, "number", number);
}

Result<DeliveryRecord> decode_delivery(std::string_view payload) {
    ByteReader in(payload);
    DeliveryRecord record;
    record.target = read_target(in);
    record.message = in.varint();
    record.released = in.boolean();
    return finished(in, "delivery_state", record);
}

} // namespace hearth::broker
