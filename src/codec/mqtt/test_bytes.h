#pragma once

#include "codec/mqtt/decoder.h"

#include <string>
#include <string_view>

/// Only for tests: packets written out byte by byte.
namespace hearth::mqtt {

/// "30 05 'a/b' 01" → bytes: two hexadecimal digits are a byte, text stands in quotes, blanks do
/// not count.
inline std::string bytes(std::string_view written) {
    const auto digit = [](char c) { return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10; };
    std::string made;
    for (std::size_t i = 0; i < written.size(); ++i) {
        if (written[i] == ' ') continue;
        if (written[i] == '\'') {
            const std::size_t end = written.find('\'', i + 1);
            made += written.substr(i + 1, end - i - 1);
            i = end;
        } else {
            made += static_cast<char>(digit(written[i]) << 4 | digit(written[i + 1]));
            ++i;
        }
    }
    return made;
}

/// Puts a first byte and a length of up to 127 before a body.
inline std::string framed(std::string_view first, std::string_view body) {
    const std::string inner = bytes(body);
    return bytes(first) + static_cast<char>(inner.size()) + inner;
}

/// What a receiver of those bytes gets, from its first look to the packet.
inline Checked<Packet> receive(std::string_view input, Version version,
                               const DecodeLimits& limits = {}) {
    const FrameResult next = next_frame(input, max_packet_size);
    if (next.status == FrameResult::Status::error) return std::unexpected(next.error);
    if (next.status == FrameResult::Status::incomplete)
        return refuse(ReasonCode::success, "incomplete");
    return decode(next.frame, version, limits);
}

} // namespace hearth::mqtt
