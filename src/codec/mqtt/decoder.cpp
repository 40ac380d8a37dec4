#include "codec/mqtt/decoder.h"

namespace hearth::mqtt {
namespace {

template <class P>
Checked<Packet> as_packet(Checked<P>&& decoded) {
    if (!decoded) return std::unexpected(std::move(decoded.error()));
    return Packet(*std::move(decoded));
}

template <class P>
Checked<Packet> empty_packet(const Frame& frame) {
    if (frame.body.empty()) return Packet(P{});
    return refuse(ReasonCode::malformed_packet, "{}: {} bytes follow where it should end",
                  to_string(frame.type()), frame.body.size());
}

} // namespace

Checked<Packet> decode(const Frame& frame, Version version, const DecodeLimits& limits) {
    switch (frame.type()) {
    case PacketType::connect:
        return as_packet(decode_connect(frame, limits));
    case PacketType::connack:
        return as_packet(decode_connack(frame, version, limits));
    case PacketType::publish:
        return as_packet(decode_publish(frame, version, limits));
    case PacketType::puback:
    case PacketType::pubrec:
    case PacketType::pubrel:
    case PacketType::pubcomp:
        return as_packet(decode_ack(frame, version, limits));
    case PacketType::subscribe:
        return as_packet(decode_subscribe(frame, version, limits));
    case PacketType::suback:
        return as_packet(decode_suback(frame, version, limits));
    case PacketType::unsubscribe:
        return as_packet(decode_unsubscribe(frame, version, limits));
    case PacketType::unsuback:
        return as_packet(decode_unsuback(frame, version, limits));
    case PacketType::pingreq:
        return empty_packet<Pingreq>(frame);
    case PacketType::pingresp:
        return empty_packet<Pingresp>(frame);
    case PacketType::disconnect:
        return as_packet(decode_disconnect(frame, version, limits));
    case PacketType::auth:
        return as_packet(decode_auth(frame, version, limits));
    }
    return refuse(ReasonCode::malformed_packet, "packet type 0 is reserved");
}

} // namespace hearth::mqtt
