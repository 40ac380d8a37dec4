#pragma once

#include "codec/mqtt/lists.h"
#include "codec/mqtt/protocol.h"

#include <cstdint>
#include <optional>
#include <string_view>

/// The properties of each packet of MQTT 5.0 (2.2.2). 3.1.1 has none: decoding leaves them empty,
/// encoding leaves them out. Not set means "not sent", whose meaning the standard gives; texts and
/// lists are views of the input. Field names are the standard's, seconds and bytes as units last.
namespace hearth::mqtt {

/// What a message carries whether it is published or left as a will (3.3.2.3, 3.1.3.2).
struct MessageProperties {
    /// True: the sender says that the payload is UTF-8. The decoder does not look.
    std::optional<bool> payload_is_text{};
    std::optional<std::uint32_t> message_expiry_s{};
    std::optional<std::string_view> content_type{};
    /// Where an answer is wanted: a valid topic name.
    std::optional<std::string_view> response_topic{};
    std::optional<std::string_view> correlation_data{};
    UserProperties user_properties{};

    bool operator==(const MessageProperties&) const = default;
};

struct PublishProperties : MessageProperties {
    /// 1 to 65,535; whether it is within the receiver's maximum is the session's to check.
    std::optional<std::uint16_t> topic_alias{};
    /// Only from a server (3.3.4): see check_sender().
    SubscriptionIds subscription_ids{};

    bool operator==(const PublishProperties&) const = default;
};

struct WillProperties : MessageProperties {
    std::optional<std::uint32_t> delay_s{};

    bool operator==(const WillProperties&) const = default;
};

/// 3.1.2.11.
struct ConnectProperties {
    std::optional<std::uint32_t> session_expiry_s{}; ///< 0xFFFFFFFF: never
    std::optional<std::uint16_t> receive_maximum{};  ///< 1 to 65,535
    std::optional<std::uint32_t> maximum_packet_bytes{};
    std::optional<std::uint16_t> topic_alias_maximum{};
    std::optional<bool> request_response_information{};
    std::optional<bool> request_problem_information{};
    UserProperties user_properties{};
    std::optional<std::string_view> authentication_method{};
    std::optional<std::string_view> authentication_data{}; ///< never without a method

    bool operator==(const ConnectProperties&) const = default;
};

/// 3.2.2.3.
struct ConnackProperties {
    std::optional<std::uint32_t> session_expiry_s{};
    std::optional<std::uint16_t> receive_maximum{};
    std::optional<Qos> maximum_qos{}; ///< 0 or 1; not set means 2
    std::optional<bool> retain_available{};
    std::optional<std::uint32_t> maximum_packet_bytes{};
    std::optional<std::string_view> assigned_client_id{};
    std::optional<std::uint16_t> topic_alias_maximum{};
    std::optional<std::string_view> reason_string{};
    UserProperties user_properties{};
    std::optional<bool> wildcard_subscription_available{};
    std::optional<bool> subscription_ids_available{};
    std::optional<bool> shared_subscription_available{};
    std::optional<std::uint16_t> server_keep_alive_s{};
    std::optional<std::string_view> response_information{};
    std::optional<std::string_view> server_reference{};
    std::optional<std::string_view> authentication_method{};
    std::optional<std::string_view> authentication_data{};

    bool operator==(const ConnackProperties&) const = default;
};

/// Of PUBACK, PUBREC, PUBREL, PUBCOMP, SUBACK and UNSUBACK (3.4.2.2 and alike).
struct AckProperties {
    std::optional<std::string_view> reason_string{};
    UserProperties user_properties{};

    bool operator==(const AckProperties&) const = default;
};

/// 3.8.2.1.
struct SubscribeProperties {
    std::optional<std::uint32_t> subscription_id{}; ///< 1 to 268,435,455
    UserProperties user_properties{};

    bool operator==(const SubscribeProperties&) const = default;
};

/// 3.10.2.1.
struct UnsubscribeProperties {
    UserProperties user_properties{};

    bool operator==(const UnsubscribeProperties&) const = default;
};

/// 3.14.2.2.
struct DisconnectProperties {
    std::optional<std::uint32_t> session_expiry_s{};    ///< only from a client
    std::optional<std::string_view> server_reference{}; ///< only from a server
    std::optional<std::string_view> reason_string{};
    UserProperties user_properties{};

    bool operator==(const DisconnectProperties&) const = default;
};

/// 3.15.2.2.
struct AuthProperties {
    std::optional<std::string_view> authentication_method{};
    std::optional<std::string_view> authentication_data{};
    std::optional<std::string_view> reason_string{};
    UserProperties user_properties{};

    bool operator==(const AuthProperties&) const = default;
};

} // namespace hearth::mqtt
