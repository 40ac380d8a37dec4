#pragma once

#include "codec/mqtt/packet.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

/// Packets to bytes. No I/O, no state, any thread. Appends to a buffer that the caller owns and
/// that is the only thing to allocate; when it fails, the buffer is as it was.
///
/// `version` is the connection's: what only 5.0 has (properties, reasons of acknowledgements,
/// subscription options) is left out in 3.1.1, and a reason code becomes the nearest that 3.1.1
/// has. `max_packet` is what the receiver takes: its Maximum Packet Size, or the default.
///
/// Errors: packet_too_large, also where a text is longer than max_field_bytes; topic_name_invalid
/// for a PUBLISH without a topic in 3.1.1; protocol_error for AUTH in 3.1.1, and for a list of
/// filters or reasons that is empty and may not be. Values are otherwise taken as they are: that
/// topics are valid and identifiers not 0 is for who makes the packet (check_topic_name() and
/// alike).
namespace hearth::mqtt {

/// CONNECT goes by its own version.
Checked<void> encode(std::string& out, const Connect& connect,
                     std::size_t max_packet = max_packet_size);
/// CONNACK, acknowledgements and DISCONNECT leave out user properties and reason string where they
/// would make the packet longer than `max_packet` (3.2.2.3.9 and alike).
Checked<void> encode(std::string& out, const Connack& connack, Version version,
                     std::size_t max_packet = max_packet_size);
Checked<void> encode(std::string& out, const Publish& publish, Version version,
                     std::size_t max_packet = max_packet_size);
Checked<void> encode(std::string& out, const Ack& ack, Version version,
                     std::size_t max_packet = max_packet_size);
Checked<void> encode(std::string& out, const Subscribe& subscribe, Version version,
                     std::size_t max_packet = max_packet_size);
Checked<void> encode(std::string& out, const Suback& suback, Version version,
                     std::size_t max_packet = max_packet_size);
Checked<void> encode(std::string& out, const Unsubscribe& unsubscribe, Version version,
                     std::size_t max_packet = max_packet_size);
Checked<void> encode(std::string& out, const Unsuback& unsuback, Version version,
                     std::size_t max_packet = max_packet_size);
Checked<void> encode(std::string& out, const Pingreq&, Version version,
                     std::size_t max_packet = max_packet_size);
Checked<void> encode(std::string& out, const Pingresp&, Version version,
                     std::size_t max_packet = max_packet_size);
Checked<void> encode(std::string& out, const Disconnect& disconnect, Version version,
                     std::size_t max_packet = max_packet_size);
Checked<void> encode(std::string& out, const Auth& auth, Version version,
                     std::size_t max_packet = max_packet_size);
Checked<void> encode(std::string& out, const Packet& packet, Version version,
                     std::size_t max_packet = max_packet_size);

/// One PUBLISH for many receivers: encode it once per (version, QoS) with any packet identifier,
/// then patch the copies. This appends all of it but the payload, whose length is counted in, so
/// that a large payload can be sent from where it lies.
Checked<void> encode_publish_header(std::string& out, const Publish& publish, Version version,
                                    std::size_t max_packet = max_packet_size);

/// Bytes that the PUBLISH takes with its payload: to compare with a receiver's maximum. 0 if it
/// cannot be encoded.
std::size_t encoded_size(const Publish& publish, Version version);

/// Where the packet identifier stands in an encoded PUBLISH, counted from its first byte; 0 if its
/// QoS is 0. Only what encode() or encode_publish_header() made may be handed in.
std::size_t packet_id_offset(std::string_view encoded);

/// Writes the identifier at its offset, two bytes. Nothing happens at offset 0.
void patch_packet_id(char* encoded, std::size_t offset, std::uint16_t packet_id);

/// The first byte of a PUBLISH, to be written over that of a copy whose DUP or RETAIN differs. The
/// QoS must stay.
std::uint8_t publish_first_byte(Qos qos, bool duplicate, bool retain);

/// The properties alone, as decode_publish_properties() reads them: for who keeps a message.
/// Error: packet_too_large, if a text is longer than max_field_bytes.
Checked<void> encode_publish_properties(std::string& out, const PublishProperties& properties);

} // namespace hearth::mqtt
