#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

/// The words of MQTT 3.1.1 (OASIS, 29 October 2014) and MQTT 5.0 (OASIS, 7 March 2019). Sections
/// named in this room are those of MQTT 5.0 unless "3.1.1" stands before them. MQTT 3.1 (IBM and
/// Eurotech, 2010) is read as 3.1.1, which it is on the wire but for its CONNECT: see Connect.
namespace hearth::mqtt {

/// How the packets of a connection are written, as the protocol level of its CONNECT says
/// (3.1.2.2): the value is that byte on the wire.
enum class Version : std::uint8_t { v311 = 4, v5 = 5 };

/// The high four bits of a packet's first byte (2.1.2). 0 is reserved; auth exists only in 5.0.
enum class PacketType : std::uint8_t {
    connect = 1,
    connack = 2,
    publish = 3,
    puback = 4,
    pubrec = 5,
    pubrel = 6,
    pubcomp = 7,
    subscribe = 8,
    suback = 9,
    unsubscribe = 10,
    unsuback = 11,
    pingreq = 12,
    pingresp = 13,
    disconnect = 14,
    auth = 15,
};

/// How often a message may arrive (4.3).
enum class Qos : std::uint8_t { at_most_once = 0, at_least_once = 1, exactly_once = 2 };

/// Which end of the connection a packet came from.
enum class Sender : std::uint8_t { client, server };

/// The name as the standard writes it: "PUBLISH".
std::string_view to_string(PacketType type);
std::string_view to_string(Version version);

/// Whether that end may send such a packet at all (2.1.2). False for AUTH and for the server's
/// DISCONNECT in 3.1.1. A caller asks this with Frame::type() before it decodes.
bool may_send(Sender sender, PacketType type, Version version);

/// What follows the fixed header can be no longer: four bytes of seven bits (1.5.5).
inline constexpr std::size_t max_remaining_length = 268'435'455;
/// The longest packet that the format allows: first byte, four length bytes, the rest.
inline constexpr std::size_t max_packet_size = max_remaining_length + 5;
/// MQTT 3.1's protocol name and level.
inline constexpr std::string_view name_v31 = "MQIsdp";
inline constexpr std::uint8_t level_v31 = 3;
/// Set in the protocol level by a broker that connects as a bridge. In no standard; mosquitto does
/// so, and others read it so.
inline constexpr std::uint8_t bridge_bit = 0x80;
/// The longest text or binary field: it has a two byte length before it (1.5.4, 1.5.6).
inline constexpr std::size_t max_field_bytes = 65'535;
/// Bytes of the longest fixed header: a decoder that has them knows the packet's length.
inline constexpr std::size_t max_fixed_header = 5;

} // namespace hearth::mqtt
