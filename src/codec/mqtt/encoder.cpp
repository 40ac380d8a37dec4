#include "codec/mqtt/writer.h"

#include <algorithm>

namespace hearth::mqtt {

Checked<void> check_size(PacketType type, const CountingSink& count, PacketSize size,
                         std::size_t max_packet) {
    if (!count.encodable())
        return refuse(ReasonCode::packet_too_large, "{}: one of its fields has more than {} bytes",
                      to_string(type), max_field_bytes);
    if (size.body > max_remaining_length || size.whole() > max_packet)
        return refuse(ReasonCode::packet_too_large, "{} of {} bytes; the receiver takes {}",
                      to_string(type), size.whole(), std::min(max_packet, max_packet_size));
    return {};
}

Checked<void> encode(std::string& out, const Pingreq&, Version, std::size_t max_packet) {
    return append_packet(out, first_byte(PacketType::pingreq), max_packet, [](auto&) {});
}

Checked<void> encode(std::string& out, const Pingresp&, Version, std::size_t max_packet) {
    return append_packet(out, first_byte(PacketType::pingresp), max_packet, [](auto&) {});
}

Checked<void> encode(std::string& out, const Packet& packet, Version version,
                     std::size_t max_packet) {
    return std::visit(
        [&]<class P>(const P& kind) {
            if constexpr (std::is_same_v<P, Connect>)
                return encode(out, kind, max_packet);
            else
                return encode(out, kind, version, max_packet);
        },
        packet);
}

} // namespace hearth::mqtt
