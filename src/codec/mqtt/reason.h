#pragma once

#include "base/result.h"
#include "codec/mqtt/protocol.h"

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/core.h>

namespace hearth::mqtt {

/// MQTT 5.0's reason codes (2.4). Below 0x80 something went well. hearth uses them for both
/// versions and translates at the wire: see connect_return_code().
enum class ReasonCode : std::uint8_t {
    success = 0x00, ///< also "normal disconnection" and "granted QoS 0"
    granted_qos_1 = 0x01,
    granted_qos_2 = 0x02,
    disconnect_with_will = 0x04,
    no_matching_subscribers = 0x10,
    no_subscription_existed = 0x11,
    continue_authentication = 0x18,
    reauthenticate = 0x19,
    unspecified_error = 0x80,
    malformed_packet = 0x81,
    protocol_error = 0x82,
    implementation_specific_error = 0x83,
    unsupported_protocol_version = 0x84,
    client_identifier_not_valid = 0x85,
    bad_user_name_or_password = 0x86,
    not_authorized = 0x87,
    server_unavailable = 0x88,
    server_busy = 0x89,
    banned = 0x8A,
    server_shutting_down = 0x8B,
    bad_authentication_method = 0x8C,
    keep_alive_timeout = 0x8D,
    session_taken_over = 0x8E,
    topic_filter_invalid = 0x8F,
    topic_name_invalid = 0x90,
    packet_identifier_in_use = 0x91,
    packet_identifier_not_found = 0x92,
    receive_maximum_exceeded = 0x93,
    topic_alias_invalid = 0x94,
    packet_too_large = 0x95,
    message_rate_too_high = 0x96,
    quota_exceeded = 0x97,
    administrative_action = 0x98,
    payload_format_invalid = 0x99,
    retain_not_supported = 0x9A,
    qos_not_supported = 0x9B,
    use_another_server = 0x9C,
    server_moved = 0x9D,
    shared_subscriptions_not_supported = 0x9E,
    connection_rate_exceeded = 0x9F,
    maximum_connect_time = 0xA0,
    subscription_identifiers_not_supported = 0xA1,
    wildcard_subscriptions_not_supported = 0xA2,
};

/// The standard's name in lower case: "packet identifier in use". Of a byte that is no reason code:
/// "unknown reason code".
std::string_view to_string(ReasonCode reason);

inline bool is_failure(ReasonCode reason) {
    return static_cast<std::uint8_t>(reason) >= 0x80;
}

/// Whether a packet of that type may carry that reason (tables 3-1, 3-4 to 3-13). False for types
/// that carry none. Who may send it is check_sender()'s question.
bool reason_allowed(PacketType type, ReasonCode reason);

/// The CONNACK return code 0 to 5 of 3.1.1 (3.1.1: 3.2.2.3) that says most nearly the same; what
/// has no counterpart is "server unavailable" (3).
std::uint8_t connect_return_code(ReasonCode reason);
/// The other way round. Codes above 5 are reserved and give unspecified_error.
ReasonCode from_connect_return_code(std::uint8_t code);

/// Why bytes are no packet, or a packet cannot become bytes: the reason code that goes to the peer
/// (4.13), and one line for a person.
struct [[nodiscard]] PacketError {
    ReasonCode reason = ReasonCode::unspecified_error;
    std::string detail;

    /// For Refusals and for callers that know no MQTT.
    Error as_error() const;

    bool operator==(const PacketError&) const = default;
};

template <class T>
using Checked = std::expected<T, PacketError>;

/// `return refuse(ReasonCode::packet_too_large, "packet of {} bytes; {} are allowed", size, max);`
template <class... Args>
std::unexpected<PacketError> refuse(ReasonCode reason, fmt::format_string<Args...> format,
                                    Args&&... args) {
    return std::unexpected(PacketError{reason, fmt::format(format, std::forward<Args>(args)...)});
}

} // namespace hearth::mqtt
