#pragma once

#include "codec/mqtt/protocol.h"

#include <cstdint>
#include <string_view>

/// Inside of this room: the table of MQTT 5.0's properties (2.2.2.2, table 2-4).
namespace hearth::mqtt {

enum class PropertyId : std::uint8_t {
    payload_format = 0x01,
    message_expiry = 0x02,
    content_type = 0x03,
    response_topic = 0x08,
    correlation_data = 0x09,
    subscription_id = 0x0B,
    session_expiry = 0x11,
    assigned_client_id = 0x12,
    server_keep_alive = 0x13,
    authentication_method = 0x15,
    authentication_data = 0x16,
    request_problem_information = 0x17,
    will_delay = 0x18,
    request_response_information = 0x19,
    response_information = 0x1A,
    server_reference = 0x1C,
    reason_string = 0x1F,
    receive_maximum = 0x21,
    topic_alias_maximum = 0x22,
    topic_alias = 0x23,
    maximum_qos = 0x24,
    retain_available = 0x25,
    user_property = 0x26,
    maximum_packet_size = 0x27,
    wildcard_subscription_available = 0x28,
    subscription_ids_available = 0x29,
    shared_subscription_available = 0x2A,
};

enum class PropertyKind : std::uint8_t { none, flag, u16, u32, varint, text, binary, pair };

/// Who carries a block of properties: a packet, or the will inside a CONNECT. One bit of a mask.
using PropertyOwner = std::uint16_t;
constexpr PropertyOwner owner_of(PacketType type) {
    return static_cast<PropertyOwner>(1U << static_cast<unsigned>(type));
}
inline constexpr PropertyOwner will_owner = 1;

struct PropertyInfo {
    PropertyKind kind = PropertyKind::none; ///< none: there is no such property
    PropertyOwner owners = 0;               ///< all that may carry it
    std::string_view name;
};

const PropertyInfo& property_info(std::uint8_t id);
inline const PropertyInfo& property_info(PropertyId id) {
    return property_info(static_cast<std::uint8_t>(id));
}

/// One property as it stands in the bytes: `number`, or `text` (and `value` of a pair).
struct PropertyToken {
    PropertyId id{};
    std::uint32_t number = 0;
    std::string_view text;
    std::string_view value;
};

/// Takes the next property from the front of a block; false at its end, at an unknown id and where
/// it is cut short. Checks the form only.
bool take_property(std::string_view& rest, PropertyToken& token);

} // namespace hearth::mqtt
