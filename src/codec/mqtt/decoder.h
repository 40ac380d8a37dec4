#pragma once

#include "codec/mqtt/frame.h"
#include "codec/mqtt/packet.h"
#include "codec/mqtt/topic.h"

#include <cstddef>
#include <string_view>

/// Bytes to packets. No I/O, no state, any thread. Allocates nothing but the text of an error, and
/// what it returns views the input.
///
///     const FrameResult next = next_frame(input, max_packet);
///     if (next.status == FrameResult::Status::frame) {
///         if (!may_send(Sender::client, next.frame.type(), version)) …  // protocol error
///         auto publish = decode_publish(next.frame, version);           // or decode()
///         input.remove_prefix(next.frame.size);
///     }
///
/// Strict: what the standard forbids is refused, with the reason code that the standard gives for
/// it (2.4, 4.13) also in 3.1.1, where the connection is just closed:
/// - malformed_packet: cut short, bytes left over, reserved bits, text that is not UTF-8 or has
///   U+0000, a property that does not exist or does not belong there, a user name or password flag
///   that contradicts the version, will flags without a will;
/// - protocol_error: packet identifier 0, a property twice, a value out of its range, a reason code
///   that the packet cannot have, nothing to subscribe to, a wrong protocol name;
/// - topic_name_invalid, topic_filter_invalid: see topic.h; topic_alias_invalid: alias 0;
/// - unsupported_protocol_version: a CONNECT of neither version;
/// - client_identifier_not_valid: none in 3.1.1 without clean session (3.1.1: 3.1.3.1);
/// - quota_exceeded: a limit of DecodeLimits.
///
/// What it cannot know is the caller's to check: which end sent it (check_sender()), whether it is
/// this packet's turn, whether an identifier is in use, whether an alias is known.
namespace hearth::mqtt {

struct DecodeLimits {
    std::size_t max_topic_levels = default_max_topic_levels;
    /// Filters in one SUBSCRIBE or UNSUBSCRIBE.
    std::size_t max_filters = 4'096;
    /// In one block of properties; the standard sets no limit.
    std::size_t max_user_properties = 256;
};

/// Any packet. `version` is what the connection's CONNECT asked for; CONNECT itself carries its own
/// and ignores it.
Checked<Packet> decode(const Frame& frame, Version version, const DecodeLimits& limits = {});

/// One kind, for who has looked at Frame::type() already and wants no variant: the frame must be of
/// that type.
Checked<Connect> decode_connect(const Frame& frame, const DecodeLimits& limits = {});
Checked<Connack> decode_connack(const Frame& frame, Version version,
                                const DecodeLimits& limits = {});
Checked<Publish> decode_publish(const Frame& frame, Version version,
                                const DecodeLimits& limits = {});
/// PUBACK, PUBREC, PUBREL or PUBCOMP.
Checked<Ack> decode_ack(const Frame& frame, Version version, const DecodeLimits& limits = {});
Checked<Subscribe> decode_subscribe(const Frame& frame, Version version,
                                    const DecodeLimits& limits = {});
Checked<Suback> decode_suback(const Frame& frame, Version version, const DecodeLimits& limits = {});
Checked<Unsubscribe> decode_unsubscribe(const Frame& frame, Version version,
                                        const DecodeLimits& limits = {});
Checked<Unsuback> decode_unsuback(const Frame& frame, Version version,
                                  const DecodeLimits& limits = {});
Checked<Disconnect> decode_disconnect(const Frame& frame, Version version,
                                      const DecodeLimits& limits = {});
Checked<Auth> decode_auth(const Frame& frame, Version version, const DecodeLimits& limits = {});

/// A block of PUBLISH properties without its length, as Publish::raw_properties has it and
/// encode_publish_properties() makes it: for who keeps a message and reads it again later.
Checked<PublishProperties> decode_publish_properties(std::string_view block,
                                                     const DecodeLimits& limits = {});

} // namespace hearth::mqtt
