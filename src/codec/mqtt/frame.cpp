#include "codec/mqtt/frame.h"

#include "codec/mqtt/wire.h"

namespace hearth::mqtt {
namespace {

template <class... Args>
void fail(FrameResult& result, ReasonCode reason, fmt::format_string<Args...> format,
          Args&&... args) {
    result.status = FrameResult::Status::error;
    result.error = {reason, fmt::format(format, std::forward<Args>(args)...)};
}

/// Why a first byte is not allowed, or nothing (2.1.3, 3.3.1).
std::string_view header_fault(std::uint8_t header, bool v31) {
    constexpr unsigned duplicate = 0x08U;
    // In 3.1 whatever is acknowledged says when it comes again.
    const unsigned flags = header & (v31 ? 0x0FU & ~duplicate : 0x0FU);
    switch (static_cast<PacketType>(header >> 4)) {
    case PacketType::publish:
        if ((flags & 0x06U) == 0x06U) return "QoS 3 does not exist";
        if ((flags & 0x0EU) == duplicate) return "DUP is set with QoS 0";
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

/// Fills in a result that says "incomplete". It is not returned, because a result that is copied
/// costs a fifth of decoding a small packet.
void cut_frame(std::string_view bytes, std::size_t max_packet, bool v31, FrameResult& result) {
    Frame& frame = result.frame;
    std::string_view rest = bytes;
    std::uint32_t length = 0;
    result.needed = bytes.empty() ? 2 : bytes.size() + 1;
    if (!wire::take_u8(rest, frame.header)) return;
    if (const auto fault = header_fault(frame.header, v31); !fault.empty())
        return fail(result, ReasonCode::malformed_packet, "{} with first byte {:#04x}: {}",
                    to_string(frame.type()), frame.header, fault);
    const wire::Varint taken = wire::take_varint(rest, length);
    if (taken == wire::Varint::incomplete) return;
    if (taken == wire::Varint::malformed)
        return fail(result, ReasonCode::malformed_packet,
                    "{}: its length is not written as at most four bytes, no more than needed",
                    to_string(frame.type()));
    frame.size = bytes.size() - rest.size() + length;
    if (frame.size > max_packet)
        return fail(result, ReasonCode::packet_too_large, "{} of {} bytes; at most {} are allowed",
                    to_string(frame.type()), frame.size, max_packet);
    result.needed = frame.size;
    if (rest.size() < length) return;
    frame.body = rest.substr(0, length);
    result.status = FrameResult::Status::frame;
}

} // namespace

FrameResult next_frame(std::string_view bytes, std::size_t max_packet, bool v31) {
    FrameResult result;
    cut_frame(bytes, max_packet, v31, result);
    return result;
}

Version answer_version(const Frame& connect) {
    std::string_view rest = connect.body;
    std::string_view name;
    std::uint8_t level = 0;
    if (connect.type() != PacketType::connect) return Version::v311;
    if (!wire::take_field(rest, name) || !wire::take_u8(rest, level)) return Version::v311;
    return name == "MQTT" && (level & ~unsigned{bridge_bit}) >= 5 ? Version::v5 : Version::v311;
}

} // namespace hearth::mqtt
