#include "codec/mqtt/packet.h"

#include <algorithm>
#include <array>

namespace hearth::mqtt {
namespace {

using enum ReasonCode;

template <class... Cases>
struct Overloaded : Cases... {
    using Cases::operator()...;
};

std::string_view to_string(Sender sender) {
    return sender == Sender::client ? "client" : "server";
}

/// The reasons of DISCONNECT that both ends may give (table 3-10).
constexpr std::array common_disconnect_reasons = {
    success,
    unspecified_error,
    malformed_packet,
    protocol_error,
    implementation_specific_error,
    topic_name_invalid,
    receive_maximum_exceeded,
    topic_alias_invalid,
    packet_too_large,
    message_rate_too_high,
    quota_exceeded,
    administrative_action,
    payload_format_invalid,
};

bool reason_fits(const Disconnect& packet, Sender sender) {
    if (packet.reason == disconnect_with_will) return sender == Sender::client;
    return sender == Sender::server ||
           std::ranges::find(common_disconnect_reasons, packet.reason) !=
               common_disconnect_reasons.end();
}

bool reason_fits(const Auth& packet, Sender sender) {
    if (packet.reason == success) return sender == Sender::server;
    if (packet.reason == reauthenticate) return sender == Sender::client;
    return true;
}

template <class P>
Checked<void> check_reason(const P& packet, Sender sender, PacketType type) {
    if (reason_fits(packet, sender)) return {};
    return refuse(protocol_error, "{}: a {} may not give the reason \"{}\"", mqtt::to_string(type),
                  to_string(sender), mqtt::to_string(packet.reason));
}

Checked<void> check_sender(const Disconnect& packet, Sender sender) {
    if (sender == Sender::server && packet.properties.session_expiry_s)
        return refuse(protocol_error, "DISCONNECT: a server may not send a session expiry");
    if (sender == Sender::client && packet.properties.server_reference)
        return refuse(protocol_error, "DISCONNECT: a client may not send a server reference");
    return check_reason(packet, sender, PacketType::disconnect);
}

} // namespace

PacketType type_of(const Packet& packet) {
    using enum PacketType;
    return std::visit(Overloaded{
                          [](const Connect&) { return connect; },
                          [](const Connack&) { return connack; },
                          [](const Publish&) { return publish; },
                          [](const Ack& ack) { return ack.type; },
                          [](const Subscribe&) { return subscribe; },
                          [](const Suback&) { return suback; },
                          [](const Unsubscribe&) { return unsubscribe; },
                          [](const Unsuback&) { return unsuback; },
                          [](const Pingreq&) { return pingreq; },
                          [](const Pingresp&) { return pingresp; },
                          [](const Disconnect&) { return disconnect; },
                          [](const Auth&) { return auth; },
                      },
                      packet);
}

Checked<void> check_sender(const Publish& publish, Sender sender) {
    if (sender == Sender::server || publish.properties.subscription_ids.empty()) return {};
    return refuse(protocol_error, "PUBLISH: a client may not send a subscription identifier");
}

Checked<void> check_sender(const Packet& packet, Sender sender, Version version) {
    const PacketType type = type_of(packet);
    if (!may_send(sender, type, version))
        return refuse(protocol_error, "{}: a {} may not send it in {}", to_string(type),
                      to_string(sender), to_string(version));
    if (const auto* publish = std::get_if<Publish>(&packet)) return check_sender(*publish, sender);
    if (const auto* auth = std::get_if<Auth>(&packet)) return check_reason(*auth, sender, type);
    if (const auto* disconnect = std::get_if<Disconnect>(&packet))
        return check_sender(*disconnect, sender);
    return {};
}

} // namespace hearth::mqtt
