#pragma once

#include "codec/mqtt/protocol.h"
#include "codec/mqtt/reason.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace hearth::mqtt {

/// One whole packet in the input: its first byte, and a view of what follows its length. Only
/// next_frame() makes one, so its type and flags are known to be allowed.
struct Frame {
    std::uint8_t header = 0;
    std::string_view body;
    std::size_t size = 0; ///< bytes of the whole packet: what the caller takes off its input

    PacketType type() const { return static_cast<PacketType>(header >> 4); }
    std::uint8_t flags() const { return header & 0x0FU; }
};

struct FrameResult {
    enum class Status : std::uint8_t { incomplete, frame, error };

    Status status = Status::incomplete;
    Frame frame; ///< if status is frame
    /// If incomplete: with fewer bytes than this there is no use in asking again. Never more than
    /// the `max_packet` that was handed in, and never below what is there plus one.
    std::size_t needed = 0;
    PacketError error; ///< if status is error: the connection cannot go on
};

/// Cuts the first packet off a stream of bytes. Looks only at the fixed header (2.1), allocates
/// nothing, and refuses as early as it can: a bad first byte at once, a packet that would be longer
/// than `max_packet` bytes (all of them counted) before it has come. Give a small `max_packet`
/// until the CONNECT is accepted.
///
/// Errors: malformed_packet for the reserved type 0, wrong flags (2.1.3), QoS 3, DUP with QoS 0,
/// a length of more than four bytes or of more bytes than it needs (1.5.5; 3.1.1 forbids only the
/// former, hearth both, as the version is not known here); packet_too_large. With `v31`, of a
/// client of MQTT 3.1, DUP may be set wherever it likes.
FrameResult next_frame(std::string_view bytes, std::size_t max_packet, bool v31 = false);

/// In which version a client that sent this CONNECT understands a refusal, even if the CONNECT
/// itself cannot be decoded: 5.0 if it asks for level 5 or above, else 3.1.1, whose CONNACK also
/// "MQIsdp" understands. For any other packet: 3.1.1.
Version answer_version(const Frame& connect);

} // namespace hearth::mqtt
