#include "codec/mqtt/writer.h"

namespace hearth::mqtt {
namespace {

std::uint8_t connect_flags(const Connect& connect) {
    unsigned flags = connect.clean_start ? 0x02U : 0U;
    if (connect.will) {
        flags |= 0x04U | static_cast<unsigned>(connect.will->qos) << 3;
        if (connect.will->retain) flags |= 0x20U;
    }
    if (connect.password) flags |= 0x40U;
    if (connect.user_name) flags |= 0x80U;
    return static_cast<std::uint8_t>(flags);
}

template <class Sink>
void write_connect(Sink& sink, const Connect& connect) {
    const bool v5 = connect.version == Version::v5;
    sink.field(connect.v31 ? name_v31 : std::string_view("MQTT"));
    sink.u8(static_cast<std::uint8_t>(
        (connect.v31 ? level_v31 : static_cast<std::uint8_t>(connect.version)) |
        (connect.bridge ? bridge_bit : 0U)));
    sink.u8(connect_flags(connect));
    sink.u16(connect.keep_alive_s);
    if (v5) write_properties(sink, connect.properties);
    sink.field(connect.client_id);
    if (connect.will) {
        if (v5) write_properties(sink, connect.will->properties);
        sink.field(connect.will->topic);
        sink.field(connect.will->payload);
    }
    if (connect.user_name) sink.field(*connect.user_name);
    if (connect.password) sink.field(*connect.password);
}

} // namespace

Checked<void> encode(std::string& out, const Connect& connect, std::size_t max_packet) {
    return append_packet(out, first_byte(PacketType::connect), max_packet,
                         [&](auto& sink) { write_connect(sink, connect); });
}

Checked<void> encode(std::string& out, const Connack& connack, Version version,
                     std::size_t max_packet) {
    return append_answer(out, PacketType::connack, connack, max_packet,
                         [&](auto& sink, const Connack& answer) {
                             sink.u8(answer.session_present ? 1 : 0);
                             if (version == Version::v311)
                                 return sink.u8(connect_return_code(answer.reason));
                             sink.u8(static_cast<std::uint8_t>(answer.reason));
                             write_properties(sink, answer.properties);
                         });
}

Checked<void> encode(std::string& out, const Disconnect& disconnect, Version version,
                     std::size_t max_packet) {
    return append_answer(out, PacketType::disconnect, disconnect, max_packet,
                         [&](auto& sink, const Disconnect& answer) {
                             const bool more = has_properties(answer.properties);
                             if (version == Version::v311) return;
                             if (!more && answer.reason == ReasonCode::success) return;
                             sink.u8(static_cast<std::uint8_t>(answer.reason));
                             if (more) write_properties(sink, answer.properties);
                         });
}

Checked<void> encode(std::string& out, const Auth& auth, Version version, std::size_t max_packet) {
    if (version == Version::v311)
        return refuse(ReasonCode::protocol_error, "AUTH exists only in MQTT 5.0");
    return append_answer(out, PacketType::auth, auth, max_packet,
                         [&](auto& sink, const Auth& answer) {
                             const bool more = has_properties(answer.properties);
                             if (!more && answer.reason == ReasonCode::success) return;
                             sink.u8(static_cast<std::uint8_t>(answer.reason));
                             write_properties(sink, answer.properties);
                         });
}

} // namespace hearth::mqtt
