#include "codec/mqtt/frame.h"

#include "codec/mqtt/wire.h"

#include <algorithm>

namespace hearth::mqtt {
namespace {

FrameResult failed(ReasonCode reason, std::string detail) {
    FrameResult result;
    result.status = FrameResult::Status::error;
    result.error = {reason, std::move(detail)};
    return result;
}

FrameResult incomplete(std::size_t needed) {
    FrameResult result;
    result.needed = needed;
    return result;
}

/// Why a first byte is not allowed, or nothing (2.1.3, 3.3.1).
std::string_view header_fault(std::uint8_t header) {
    const unsigned flags = header & 0x0FU;
    switch (static_cast<PacketType>(header >> 4)) {
    case PacketType::publish:
        if ((flags & 0x06U) == 0x06U) return "QoS 3 does not exist";
        if ((flags & 0x0EU) == 0x08U) return "DUP is set with QoS 0";
        return {};
    case PacketType::pubrel:
    case PacketType::subscribe:
    case PacketType::unsubscribe:
        return flags == 2 ? "" : "flags must be 2";
    case PacketType::connect:
    case PacketType::connack:
    case PacketType::puback:
    case PacketType::pubrec:
    case PacketType::pubcomp:
    case PacketType::suback:
    case PacketType::unsuback:
    case PacketType::pingreq:
    case PacketType::pingresp:
    case PacketType::disconnect:
    case PacketType::auth:
        return flags == 0 ? "" : "flags must be 0";
    }
    return "type 0 is reserved; these bytes may be no MQTT";
}

FrameResult bad_header(std::uint8_t header, std::string_view fault) {
    return failed(ReasonCode::malformed_packet,
                  fmt::format("{} with first byte {:#04x}: {}",
                              to_string(static_cast<PacketType>(header >> 4)), header, fault));
}

} // namespace

FrameResult next_frame(std::string_view bytes, std::size_t max_packet) {
    std::string_view rest = bytes;
    FrameResult result;
    Frame& frame = result.frame;
    if (!wire::take_u8(rest, frame.header)) return incomplete(2);
    if (const auto fault = header_fault(frame.header); !fault.empty())
        return bad_header(frame.header, fault);

    std::uint32_t length = 0;
    switch (wire::take_varint(rest, length)) {
    case wire::Varint::malformed:
        return failed(ReasonCode::malformed_packet,
                      fmt::format("{}: its length is not written as at most four bytes, "
                                  "no more than needed",
                                  to_string(frame.type())));
    case wire::Varint::incomplete:
        return incomplete(bytes.size() + 1);
    case wire::Varint::taken:
        break;
    }
    frame.size = bytes.size() - rest.size() + length;
    if (frame.size > max_packet)
        return failed(ReasonCode::packet_too_large,
                      fmt::format("{} of {} bytes; at most {} are allowed", to_string(frame.type()),
                                  frame.size, max_packet));
    if (rest.size() < length) return incomplete(frame.size);
    frame.body = rest.substr(0, length);
    result.status = FrameResult::Status::frame;
    return result;
}

Version answer_version(const Frame& connect) {
    std::string_view rest = connect.body;
    std::string_view name;
    std::uint8_t level = 0;
    if (connect.type() != PacketType::connect) return Version::v311;
    if (!wire::take_field(rest, name) || !wire::take_u8(rest, level)) return Version::v311;
    return name == "MQTT" && level >= 5 ? Version::v5 : Version::v311;
}

} // namespace hearth::mqtt
