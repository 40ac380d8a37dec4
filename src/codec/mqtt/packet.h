#pragma once

#include "codec/mqtt/lists.h"
#include "codec/mqtt/properties.h"
#include "codec/mqtt/protocol.h"
#include "codec/mqtt/reason.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

/// MQTT's control packets as values, the same structs for both versions and both directions.
///
/// They own nothing: texts, payloads and lists are views. A decoded packet is good for as long as
/// the bytes that it was decoded from stay where they are; who needs more copies what it needs.
/// Reason codes are those of 5.0 in both versions.
namespace hearth::mqtt {

/// The message that the server publishes when the client vanishes (3.1.2.5).
struct Will {
    std::string_view topic{};
    std::string_view payload{};
    Qos qos = Qos::at_most_once;
    bool retain = false;
    WillProperties properties{};

    bool operator==(const Will&) const = default;
};

/// 3.1. The first packet on a connection; its version holds for all that follow.
struct Connect {
    Version version = Version::v311;
    bool v31 = false;        ///< it says MQTT 3.1; version is then v311, client_id not empty
    bool bridge = false;     ///< another broker, which says so by bridge_bit
    bool clean_start = true; ///< "clean session" in 3.1.1
    std::uint16_t keep_alive_s = 0;
    /// May be empty: the server then makes one up (3.1.3.1). Never empty in 3.1.1 without
    /// clean_start.
    std::string_view client_id{};
    std::optional<Will> will{};
    std::optional<std::string_view> user_name{};
    /// Binary. In 3.1.1 never without user_name.
    std::optional<std::string_view> password{};
    ConnectProperties properties{};

    bool operator==(const Connect&) const = default;
};

/// 3.2.
struct Connack {
    bool session_present = false; ///< never with a failure
    /// In 3.1.1 one of the six that connect_return_code() knows.
    ReasonCode reason = ReasonCode::success;
    ConnackProperties properties{};

    bool operator==(const Connack&) const = default;
};

/// 3.3. The hot one.
struct Publish {
    /// A valid topic name; empty only in 5.0 with a topic alias.
    std::string_view topic{};
    std::string_view payload{};
    std::uint16_t packet_id = 0; ///< 0 exactly if qos is at_most_once
    Qos qos = Qos::at_most_once;
    bool duplicate = false;
    bool retain = false;
    PublishProperties properties{};
    /// The property block as it came, alias and all, without its length. Decoding sets it; encoding
    /// does not read it, and it does not count when packets are compared.
    std::string_view raw_properties{};

    bool operator==(const Publish& other) const {
        return topic == other.topic && payload == other.payload && packet_id == other.packet_id &&
               qos == other.qos && duplicate == other.duplicate && retain == other.retain &&
               properties == other.properties;
    }
};

/// PUBACK, PUBREC, PUBREL and PUBCOMP (3.4 to 3.7), which differ only in their type.
struct Ack {
    PacketType type = PacketType::puback;
    std::uint16_t packet_id = 0;
    ReasonCode reason = ReasonCode::success; ///< always success in 3.1.1
    AckProperties properties{};

    bool operator==(const Ack&) const = default;
};

/// 3.8. At least one subscription, each with a valid filter.
struct Subscribe {
    std::uint16_t packet_id = 0;
    SubscribeProperties properties{};
    SubscriptionList subscriptions{};

    bool operator==(const Subscribe&) const = default;
};

/// 3.9. One reason per subscription, in their order. In 3.1.1 every failure is unspecified_error.
struct Suback {
    std::uint16_t packet_id = 0;
    AckProperties properties{};
    ReasonList reasons{};

    bool operator==(const Suback&) const = default;
};

/// 3.10. At least one valid filter.
struct Unsubscribe {
    std::uint16_t packet_id = 0;
    UnsubscribeProperties properties{};
    FilterList filters{};

    bool operator==(const Unsubscribe&) const = default;
};

/// 3.11. One reason per filter, in their order; none in 3.1.1.
struct Unsuback {
    std::uint16_t packet_id = 0;
    AckProperties properties{};
    ReasonList reasons{};

    bool operator==(const Unsuback&) const = default;
};

/// 3.12.
struct Pingreq {
    bool operator==(const Pingreq&) const = default;
};

/// 3.13.
struct Pingresp {
    bool operator==(const Pingresp&) const = default;
};

/// 3.14. In 3.1.1 only from a client, and bare.
struct Disconnect {
    ReasonCode reason = ReasonCode::success;
    DisconnectProperties properties{};

    bool operator==(const Disconnect&) const = default;
};

/// 3.15. Only in 5.0. Names its method, except where it says nothing but success.
struct Auth {
    ReasonCode reason = ReasonCode::success;
    AuthProperties properties{};

    bool operator==(const Auth&) const = default;
};

using Packet = std::variant<Connect, Connack, Publish, Ack, Subscribe, Suback, Unsubscribe,
                            Unsuback, Pingreq, Pingresp, Disconnect, Auth>;

PacketType type_of(const Packet& packet);

/// Whether that end may send this packet: may_send(), and what depends on the direction inside of
/// it: subscription identifiers in a client's PUBLISH (3.3.4), the reason codes of DISCONNECT
/// (3.14.2.1) and AUTH (3.15.2.1), their session expiry and server reference. The error is a
/// protocol error (0x82).
Checked<void> check_sender(const Packet& packet, Sender sender, Version version);
Checked<void> check_sender(const Publish& publish, Sender sender);

} // namespace hearth::mqtt
