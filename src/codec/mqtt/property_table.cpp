#include "codec/mqtt/property_table.h"

#include "codec/mqtt/wire.h"

#include <array>

namespace hearth::mqtt {
namespace {

constexpr PropertyOwner owners(auto... types) {
    return static_cast<PropertyOwner>((0U | ... | owner_of(types)));
}

constexpr auto make_table() {
    using enum PacketType;
    using enum PropertyKind;
    constexpr PropertyOwner message = owners(publish) | will_owner;
    constexpr PropertyOwner opening = owners(connect, connack);
    constexpr PropertyOwner authenticating = owners(connect, connack, auth);
    constexpr PropertyOwner answers =
        owners(connack, puback, pubrec, pubrel, pubcomp, suback, unsuback, disconnect, auth);
    constexpr PropertyOwner all =
        answers | owners(connect, publish, subscribe, unsubscribe) | will_owner;

    std::array<PropertyInfo, 0x2B> table{};
    const auto add = [&](PropertyId id, PropertyKind kind, PropertyOwner who, const char* name) {
        table[static_cast<std::size_t>(id)] = {kind, who, name};
    };
    using enum PropertyId;
    add(payload_format, flag, message, "payload format indicator");
    add(message_expiry, u32, message, "message expiry interval");
    add(content_type, text, message, "content type");
    add(response_topic, text, message, "response topic");
    add(correlation_data, binary, message, "correlation data");
    add(subscription_id, varint, owners(publish, subscribe), "subscription identifier");
    add(session_expiry, u32, owners(connect, connack, disconnect), "session expiry interval");
    add(assigned_client_id, text, owners(connack), "assigned client identifier");
    add(server_keep_alive, u16, owners(connack), "server keep alive");
    add(authentication_method, text, authenticating, "authentication method");
    add(authentication_data, binary, authenticating, "authentication data");
    add(request_problem_information, flag, owners(connect), "request problem information");
    add(will_delay, u32, will_owner, "will delay interval");
    add(request_response_information, flag, owners(connect), "request response information");
    add(response_information, text, owners(connack), "response information");
    add(server_reference, text, owners(connack, disconnect), "server reference");
    add(reason_string, text, answers, "reason string");
    add(receive_maximum, u16, opening, "receive maximum");
    add(topic_alias_maximum, u16, opening, "topic alias maximum");
    add(topic_alias, u16, owners(publish), "topic alias");
    add(maximum_qos, flag, owners(connack), "maximum QoS");
    add(retain_available, flag, owners(connack), "retain available");
    add(user_property, pair, all, "user property");
    add(maximum_packet_size, u32, opening, "maximum packet size");
    add(wildcard_subscription_available, flag, owners(connack), "wildcard subscription available");
    add(subscription_ids_available, flag, owners(connack), "subscription identifiers available");
    add(shared_subscription_available, flag, owners(connack), "shared subscription available");
    return table;
}

constexpr auto table = make_table();

bool take_value(std::string_view& rest, PropertyKind kind, PropertyToken& token) {
    std::uint8_t byte = 0;
    std::uint16_t pair = 0;
    switch (kind) {
    case PropertyKind::none:
        return false;
    case PropertyKind::flag:
        if (!wire::take_u8(rest, byte)) return false;
        token.number = byte;
        return true;
    case PropertyKind::u16:
        if (!wire::take_u16(rest, pair)) return false;
        token.number = pair;
        return true;
    case PropertyKind::u32:
        return wire::take_u32(rest, token.number);
    case PropertyKind::varint:
        return wire::take_varint(rest, token.number) == wire::Varint::taken;
    case PropertyKind::text:
    case PropertyKind::binary:
        return wire::take_field(rest, token.text);
    case PropertyKind::pair:
        return wire::take_field(rest, token.text) && wire::take_field(rest, token.value);
    }
    return false;
}

} // namespace

const PropertyInfo& property_info(std::uint8_t id) {
    return table[id < table.size() ? id : 0];
}

bool take_property(std::string_view& rest, PropertyToken& token) {
    // All identifiers are below 128, so the variable byte integer that they are (2.2.2.2) is one
    // byte.
    std::uint8_t id = 0;
    if (!wire::take_u8(rest, id)) return false;
    token.id = static_cast<PropertyId>(id);
    return take_value(rest, property_info(id).kind, token);
}

} // namespace hearth::mqtt
