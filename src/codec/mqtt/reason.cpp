#include "codec/mqtt/reason.h"

#include <algorithm>
#include <array>
#include <span>

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

} // namespace

std::string_view to_string(ReasonCode reason) {
    switch (reason) {
    case success:
        return "success";
    case granted_qos_1:
        return "granted QoS 1";
    case granted_qos_2:
        return "granted QoS 2";
    case disconnect_with_will:
        return "disconnect with will message";
    case no_matching_subscribers:
        return "no matching subscribers";
    case no_subscription_existed:
        return "no subscription existed";
    case continue_authentication:
        return "continue authentication";
    case reauthenticate:
        return "re-authenticate";
    case unspecified_error:
        return "unspecified error";
    case malformed_packet:
        return "malformed packet";
    case protocol_error:
        return "protocol error";
    case implementation_specific_error:
        return "implementation specific error";
    case unsupported_protocol_version:
        return "unsupported protocol version";
    case client_identifier_not_valid:
        return "client identifier not valid";
    case bad_user_name_or_password:
        return "bad user name or password";
    case not_authorized:
        return "not authorized";
    case server_unavailable:
        return "server unavailable";
    case server_busy:
        return "server busy";
    case banned:
        return "banned";
    case server_shutting_down:
        return "server shutting down";
    case bad_authentication_method:
        return "bad authentication method";
    case keep_alive_timeout:
        return "keep alive timeout";
    case session_taken_over:
        return "session taken over";
    case topic_filter_invalid:
        return "topic filter invalid";
    case topic_name_invalid:
        return "topic name invalid";
    case packet_identifier_in_use:
        return "packet identifier in use";
    case packet_identifier_not_found:
        return "packet identifier not found";
    case receive_maximum_exceeded:
        return "receive maximum exceeded";
    case topic_alias_invalid:
        return "topic alias invalid";
    case packet_too_large:
        return "packet too large";
    case message_rate_too_high:
        return "message rate too high";
    case quota_exceeded:
        return "quota exceeded";
    case administrative_action:
        return "administrative action";
    case payload_format_invalid:
        return "payload format invalid";
    case retain_not_supported:
        return "retain not supported";
    case qos_not_supported:
        return "QoS not supported";
    case use_another_server:
        return "use another server";
    case server_moved:
        return "server moved";
    case shared_subscriptions_not_supported:
        return "shared subscriptions not supported";
    case connection_rate_exceeded:
        return "connection rate exceeded";
    case maximum_connect_time:
        return "maximum connect time";
    case subscription_identifiers_not_supported:
        return "subscription identifiers not supported";
    case wildcard_subscriptions_not_supported:
        return "wildcard subscriptions not supported";
    }
    return "unknown reason code";
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
