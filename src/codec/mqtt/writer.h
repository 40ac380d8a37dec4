#pragma once

#include "codec/mqtt/encoder.h"
#include "codec/mqtt/property_fields.h"
#include "codec/mqtt/sink.h"

#include <optional>
#include <type_traits>

/// Inside of this room: what all encoders share. See sink.h for why packets are written twice.
namespace hearth::mqtt {

template <class Sink>
void write_number(Sink& sink, PropertyKind kind, std::uint32_t number) {
    switch (kind) {
    case PropertyKind::flag:
        return sink.u8(static_cast<std::uint8_t>(number));
    case PropertyKind::u16:
        return sink.u16(static_cast<std::uint16_t>(number));
    case PropertyKind::varint:
        return sink.varint(number);
    default:
        return sink.u32(number);
    }
}

template <class Sink, class T>
void write_property(Sink& sink, PropertyId id, const std::optional<T>& member) {
    if (!member) return;
    sink.u8(static_cast<std::uint8_t>(id));
    if constexpr (std::is_same_v<T, std::string_view>)
        sink.field(*member);
    else
        write_number(sink, property_info(id).kind, static_cast<std::uint32_t>(*member));
}

template <class Sink>
void write_property(Sink& sink, PropertyId id, const UserProperties& properties) {
    if (properties.block().empty()) return;
    for (const UserProperty& property : properties) {
        sink.u8(static_cast<std::uint8_t>(id));
        sink.field(property.name);
        sink.field(property.value);
    }
}

template <class Sink>
void write_property(Sink& sink, PropertyId id, const SubscriptionIds& ids) {
    if (ids.block().empty()) return;
    for (const std::uint32_t subscription_id : ids) {
        sink.u8(static_cast<std::uint8_t>(id));
        sink.varint(subscription_id);
    }
}

/// A block of properties without its length.
template <class Sink, class Properties>
void write_property_block(Sink& sink, const Properties& properties) {
    visit_fields(properties,
                 [&](PropertyId id, const auto& member) { write_property(sink, id, member); });
}

/// The same with its length before it.
template <class Sink, class Properties>
void write_properties(Sink& sink, const Properties& properties) {
    CountingSink count;
    write_property_block(count, properties);
    sink.varint(count.size());
    if constexpr (std::is_same_v<Sink, CountingSink>)
        sink.add(count);
    else if (count.size() != 0)
        write_property_block(sink, properties);
}

template <class Properties>
bool has_properties(const Properties& properties) {
    CountingSink count;
    write_property_block(count, properties);
    return count.size() != 0;
}

/// How long a packet becomes: its body, whose last `outside` bytes are not written here.
struct PacketSize {
    std::size_t body = 0;
    std::size_t outside = 0;

    std::size_t whole() const { return 1 + wire::varint_size(body) + body; }
};

/// Whether a packet with that body can be written for that receiver.
Checked<void> check_size(PacketType type, const CountingSink& count, PacketSize size,
                         std::size_t max_packet);

/// Appends one packet: first byte, length, and what `write` puts into a sink.
template <class Write>
Checked<void> append_packet(std::string& out, std::uint8_t first, std::size_t max_packet,
                            Write&& write, std::size_t outside = 0) {
    CountingSink count;
    write(count);
    const PacketSize size{count.size() + outside, outside};
    if (auto checked = check_size(static_cast<PacketType>(first >> 4), count, size, max_packet);
        !checked)
        return checked;
    append_bytes(out, size.whole() - outside, [&](auto& sink) {
        sink.u8(first);
        sink.varint(size.body);
        write(sink);
    });
    return {};
}

inline std::uint8_t first_byte(PacketType type) {
    const bool flagged = type == PacketType::pubrel || type == PacketType::subscribe ||
                         type == PacketType::unsubscribe;
    return static_cast<std::uint8_t>(static_cast<unsigned>(type) << 4 | (flagged ? 2U : 0U));
}

/// Encodes a packet that may lose its user properties and its reason string rather than be too
/// long: `write(sink, packet)`.
template <class P, class Write>
Checked<void> append_answer(std::string& out, PacketType type, const P& packet,
                            std::size_t max_packet, Write&& write) {
    const auto append = [&](const P& answer) {
        return append_packet(out, first_byte(type), max_packet,
                             [&](auto& sink) { write(sink, answer); });
    };
    auto appended = append(packet);
    if (appended) return appended;
    P shorter = packet;
    shorter.properties.user_properties = {};
    if (append(shorter)) return {};
    shorter.properties.reason_string.reset();
    if (append(shorter)) return {};
    return appended;
}

} // namespace hearth::mqtt
