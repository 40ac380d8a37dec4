#pragma once

#include "codec/mqtt/protocol.h"

#include <cstdint>
#include <string>
#include <string_view>

/// Inside of this room: taking MQTT's data types (1.5) from the front of bytes and appending them.
/// Each take_… leaves `rest` as it was when it returns false, and never reads beyond it.
namespace hearth::mqtt::wire {

inline std::uint8_t byte_at(std::string_view bytes, std::size_t i) {
    return static_cast<std::uint8_t>(bytes[i]);
}

inline bool take_u8(std::string_view& rest, std::uint8_t& number) {
    if (rest.empty()) return false;
    number = byte_at(rest, 0);
    rest.remove_prefix(1);
    return true;
}

inline bool take_u16(std::string_view& rest, std::uint16_t& number) {
    if (rest.size() < 2) return false;
    number = static_cast<std::uint16_t>(byte_at(rest, 0) << 8 | byte_at(rest, 1));
    rest.remove_prefix(2);
    return true;
}

inline bool take_u32(std::string_view& rest, std::uint32_t& number) {
    if (rest.size() < 4) return false;
    number = std::uint32_t{byte_at(rest, 0)} << 24 | std::uint32_t{byte_at(rest, 1)} << 16 |
             std::uint32_t{byte_at(rest, 2)} << 8 | std::uint32_t{byte_at(rest, 3)};
    rest.remove_prefix(4);
    return true;
}

/// A field with its two byte length before it: text or binary data.
inline bool take_field(std::string_view& rest, std::string_view& field) {
    if (rest.size() < 2) return false;
    const std::size_t length = std::size_t{byte_at(rest, 0)} << 8 | byte_at(rest, 1);
    if (rest.size() - 2 < length) return false;
    field = rest.substr(2, length);
    rest.remove_prefix(2 + length);
    return true;
}

enum class Varint { taken, incomplete, malformed };

/// A variable byte integer (1.5.5): at most four bytes and no more of them than the number needs.
inline Varint take_varint(std::string_view& rest, std::uint32_t& number) {
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        if (i == rest.size()) return Varint::incomplete;
        const std::uint8_t byte = byte_at(rest, i);
        sum |= std::uint32_t{byte & 0x7FU} << (7 * i);
        if ((byte & 0x80U) != 0) continue;
        if (byte == 0 && i > 0) return Varint::malformed;
        number = sum;
        rest.remove_prefix(i + 1);
        return Varint::taken;
    }
    return Varint::malformed;
}

constexpr std::size_t varint_size(std::size_t number) {
    return number < 128 ? 1 : number < 16'384 ? 2 : number < 2'097'152 ? 3 : 4;
}

} // namespace hearth::mqtt::wire
