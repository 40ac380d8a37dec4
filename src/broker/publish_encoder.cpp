#include "broker/publish_encoder.h"

#include "codec/mqtt/decoder.h"
#include "codec/mqtt/encoder.h"

#include <algorithm>
#include <limits>

namespace hearth::broker {

namespace {

mqtt::Qos to_wire(Qos qos) {
    return static_cast<mqtt::Qos>(qos);
}

std::uint32_t seconds_left(Micros expires_at, Micros utc) {
    constexpr Micros most = std::numeric_limits<std::uint32_t>::max();
    return static_cast<std::uint32_t>(
        std::clamp<Micros>((expires_at - utc + seconds - 1) / seconds, 1, most));
}

} // namespace

void PublishEncoder::begin(const MessageView& message, Micros utc) {
    message_ = message;
    utc_ = utc;
    payload_.reset();
    for (Encoded& encoded : ready_)
        encoded.ready = false;
}

void PublishEncoder::encode(Encoded& into, const PublishCopy& copy) {
    mqtt::Publish publish;
    publish.topic = message_.topic;
    publish.payload = message_.payload;
    publish.qos = to_wire(copy.qos);
    publish.packet_id = copy.packet_id;
    publish.retain = copy.retain;
    publish.duplicate = copy.duplicate;
    if (copy.version == mqtt::Version::v5) {
        if (!message_.properties.empty())
            if (const auto kept = mqtt::decode_publish_properties(message_.properties))
                publish.properties = *kept;
        if (message_.expires_at != 0)
            publish.properties.message_expiry_s = seconds_left(message_.expires_at, utc_);
        publish.properties.subscription_ids = mqtt::SubscriptionIds(copy.subscription_ids);
    }
    into.header.clear();
    const auto done = mqtt::encode_publish_header(into.header, publish, copy.version);
    into.size = done ? into.header.size() + message_.payload.size() : 0;
    into.packet_id_at = done ? mqtt::packet_id_offset(into.header) : 0;
    if (!large()) into.header += message_.payload;
    into.ready = true;
}

PublishEncoder::Encoded& PublishEncoder::encoded(const PublishCopy& copy) {
    if (!copy.subscription_ids.empty() && copy.version == mqtt::Version::v5) {
        encode(single_, copy);
        return single_;
    }
    const std::size_t version = copy.version == mqtt::Version::v5 ? 3 : 0;
    Encoded& kept = ready_[version + static_cast<std::size_t>(copy.qos)];
    if (!kept.ready) encode(kept, copy);
    return kept;
}

void PublishEncoder::patch(Encoded& encoded, const PublishCopy& copy) {
    encoded.header[0] =
        static_cast<char>(mqtt::publish_first_byte(to_wire(copy.qos), copy.duplicate, copy.retain));
    mqtt::patch_packet_id(encoded.header.data(), encoded.packet_id_at, copy.packet_id);
}

const SharedBytes& PublishEncoder::shared_payload() {
    if (!payload_) payload_ = std::make_shared<const std::string>(message_.payload);
    return payload_;
}

std::size_t PublishEncoder::send(Outlet& outlet, ConnectionId to, const PublishCopy& copy,
                                 std::size_t max_packet) {
    Encoded& packet = encoded(copy);
    if (packet.size == 0 || packet.size > max_packet) return 0;
    patch(packet, copy);
    outlet.send(to, packet.header);
    if (large()) outlet.send(to, shared_payload());
    return packet.size;
}

std::size_t PublishEncoder::append(std::string& out, const PublishCopy& copy,
                                   std::size_t max_packet) {
    Encoded& packet = encoded(copy);
    if (packet.size == 0 || packet.size > max_packet) return 0;
    patch(packet, copy);
    out += packet.header;
    if (large()) out += message_.payload;
    return packet.size;
}

} // namespace hearth::broker
