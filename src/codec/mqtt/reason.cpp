#include "codec/mqtt/reason.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

namespace hearth::mqtt {
namespace {

using enum ReasonCode;

constexpr std::array connack_reasons = {
    success,
    unspecified_error,
    malformed_packet,
    protocol_error,
    implementation_specific_error,
    unsupported_protocol_version,
    client_identifier_not_valid,
    bad_user_name_or_password,
    not_authorized,
    server_unavailable,
    server_busy,
    banned,
    bad_authentication_method,
    topic_name_invalid,
    packet_too_large,
    quota_exceeded,
    payload_format_invalid,
    retain_not_supported,
    qos_not_supported,
    use_another_server,
    server_moved,
    connection_rate_exceeded,
};
constexpr std::array puback_reasons = {
    success,
    no_matching_subscribers,
    unspecified_error,
    implementation_specific_error,
    not_authorized,
    topic_name_invalid,
    packet_identifier_in_use,
    quota_exceeded,
    payload_format_invalid,
};
constexpr std::array pubrel_reasons = {success, packet_identifier_not_found};
constexpr std::array suback_reasons = {
    success,
    granted_qos_1,
    granted_qos_2,
    unspecified_error,
    implementation_specific_error,
    not_authorized,
    topic_filter_invalid,
    packet_identifier_in_use,
    quota_exceeded,
    shared_subscriptions_not_supported,
    subscription_identifiers_not_supported,
    wildcard_subscriptions_not_supported,
};
constexpr std::array unsuback_reasons = {
    success,
    no_subscription_existed,
    unspecified_error,
    implementation_specific_error,
    not_authorized,
    topic_filter_invalid,
    packet_identifier_in_use,
};
constexpr std::array disconnect_reasons = {
    success,
    disconnect_with_will,
    unspecified_error,
    malformed_packet,
    protocol_error,
    implementation_specific_error,
    not_authorized,
    server_busy,
    server_shutting_down,
    keep_alive_timeout,
    session_taken_over,
    topic_filter_invalid,
    topic_name_invalid,
    receive_maximum_exceeded,
    topic_alias_invalid,
    packet_too_large,
    message_rate_too_high,
    quota_exceeded,
    administrative_action,
    payload_format_invalid,
    retain_not_supported,
    qos_not_supported,
    use_another_server,
    server_moved,
    shared_subscriptions_not_supported,
    connection_rate_exceeded,
    maximum_connect_time,
    subscription_identifiers_not_supported,
    wildcard_subscriptions_not_supported,
};
constexpr std::array auth_reasons = {success, continue_authentication, reauthenticate};

std::span<const ReasonCode> reasons_of(PacketType type) {
    switch (type) {
    case PacketType::connack:
        return connack_reasons;
    case PacketType::puback:
    case PacketType::pubrec:
        return puback_reasons;
    case PacketType::pubrel:
    case PacketType::pubcomp:
        return pubrel_reasons;
    case PacketType::suback:
        return suback_reasons;
    case PacketType::unsuback:
        return unsuback_reasons;
    case PacketType::disconnect:
        return disconnect_reasons;
    case PacketType::auth:
        return auth_reasons;
    default:
        return {};
    }
}

/// Names as the standard has them (MQTT 5.0, 2.4, table 2-6), in the order of the codes.
constexpr auto names = std::to_array<std::pair<ReasonCode, std::string_view>>({
    {success, "success"},
    {granted_qos_1, "granted QoS 1"},
    {granted_qos_2, "granted QoS 2"},
    {disconnect_with_will, "disconnect with will message"},
    {no_matching_subscribers, "no matching subscribers"},
    {no_subscription_existed, "no subscription existed"},
    {continue_authentication, "continue authentication"},
    {reauthenticate, "re-authenticate"},
    {unspecified_error, "unspecified error"},
    {malformed_packet, "malformed packet"},
    {protocol_error, "protocol error"},
    {implementation_specific_error, "implementation specific error"},
    {unsupported_protocol_version, "unsupported protocol version"},
    {client_identifier_not_valid, "client identifier not valid"},
    {bad_user_name_or_password, "bad user name or password"},
    {not_authorized, "not authorized"},
    {server_unavailable, "server unavailable"},
    {server_busy, "server busy"},
    {banned, "banned"},
    {server_shutting_down, "server shutting down"},
    {bad_authentication_method, "bad authentication method"},
    {keep_alive_timeout, "keep alive timeout"},
    {session_taken_over, "session taken over"},
    {topic_filter_invalid, "topic filter invalid"},
    {topic_name_invalid, "topic name invalid"},
    {packet_identifier_in_use, "packet identifier in use"},
    {packet_identifier_not_found, "packet identifier not found"},
    {receive_maximum_exceeded, "receive maximum exceeded"},
    {topic_alias_invalid, "topic alias invalid"},
    {packet_too_large, "packet too large"},
    {message_rate_too_high, "message rate too high"},
    {quota_exceeded, "quota exceeded"},
    {administrative_action, "administrative action"},
    {payload_format_invalid, "payload format invalid"},
    {retain_not_supported, "retain not supported"},
    {qos_not_supported, "QoS not supported"},
    {use_another_server, "use another server"},
    {server_moved, "server moved"},
    {shared_subscriptions_not_supported, "shared subscriptions not supported"},
    {connection_rate_exceeded, "connection rate exceeded"},
    {maximum_connect_time, "maximum connect time"},
    {subscription_identifiers_not_supported, "subscription identifiers not supported"},
    {wildcard_subscriptions_not_supported, "wildcard subscriptions not supported"},
});

} // namespace

std::string_view to_string(ReasonCode reason) {
    const auto* named =
        std::ranges::find(names, reason, &std::pair<ReasonCode, std::string_view>::first);
    return named != names.end() ? named->second : "unknown reason code";
}

bool reason_allowed(PacketType type, ReasonCode reason) {
    const auto allowed = reasons_of(type);
    return std::ranges::find(allowed, reason) != allowed.end();
}

std::uint8_t connect_return_code(ReasonCode reason) {
    switch (reason) {
    case success:
        return 0;
    case unsupported_protocol_version:
        return 1;
    case client_identifier_not_valid:
        return 2;
    case bad_user_name_or_password:
    case bad_authentication_method:
        return 4;
    case not_authorized:
    case banned:
        return 5;
    default:
        return 3;
    }
}

ReasonCode from_connect_return_code(std::uint8_t code) {
    constexpr std::array reasons = {
        success,
        unsupported_protocol_version,
        client_identifier_not_valid,
        server_unavailable,
        bad_user_name_or_password,
        not_authorized,
    };
    return code < reasons.size() ? reasons[code] : unspecified_error;
}

Error PacketError::as_error() const {
    switch (reason) {
    case packet_too_large:
    case quota_exceeded:
    case receive_maximum_exceeded:
        return {Code::limit, detail};
    case unsupported_protocol_version:
        return {Code::refused, detail};
    default:
        return {Code::invalid, detail};
    }
}

} // namespace hearth::mqtt
