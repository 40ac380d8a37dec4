#include "template/unicode.h"

#include <array>
#include <cstdint>
#include <utility>

namespace hearth::templating {
namespace {

bool is_tail(std::string_view text, std::size_t i) {
    return i < text.size() && (static_cast<unsigned char>(text[i]) & 0xC0U) == 0x80U;
}

/// Large letters first..last whose small one lies `distance` above. Where `pairs`, large and small
/// alternate, the large one being even (or odd, as `first` is).
struct CaseRange {
    char32_t first;
    char32_t last;
    std::int32_t distance;
    bool pairs = false;
};

constexpr std::array<CaseRange, 25> case_ranges = {{
    {'A', 'Z', 32},
    {0xC0, 0xD6, 32},
    {0xD8, 0xDE, 32},
    {0x100, 0x12E, 1, true},
    {0x130, 0x130, 'i' - 0x130},
    {0x132, 0x136, 1, true},
    {0x139, 0x147, 1, true},
    {0x14A, 0x176, 1, true},
    {0x178, 0x178, 0xFF - 0x178},
    {0x179, 0x17D, 1, true},
    {0x1CD, 0x1DB, 1, true},
    {0x1DE, 0x1EE, 1, true},
    {0x1F8, 0x21E, 1, true},
    {0x386, 0x386, 0x3AC - 0x386},
    {0x388, 0x38A, 37},
    {0x38C, 0x38C, 64},
    {0x38E, 0x38F, 63},
    {0x391, 0x3A1, 32},
    {0x3A3, 0x3AB, 32},
    {0x400, 0x40F, 80},
    {0x410, 0x42F, 32},
    {0x460, 0x480, 1, true},
    {0x48A, 0x4BE, 1, true},
    {0x531, 0x556, 48},
    {0x1E00, 0x1EFE, 1, true},
}};

char32_t moved(char32_t c, std::int32_t distance) {
    return static_cast<char32_t>(static_cast<std::int32_t>(c) + distance);
}

template <class Map>
std::string mapped(std::string_view text, Map map) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const std::size_t length = character_length(text);
        if (length == 1 && static_cast<unsigned char>(text[0]) >= 0x80)
            out += text[0];
        else
            map(out, decode(text));
        text.remove_prefix(length);
    }
    return out;
}

void append_upper(std::string& out, char32_t c) {
    if (c == 0xDF)
        out += "SS";
    else
        append_utf8(out, to_upper(c));
}

} // namespace

std::size_t character_length(std::string_view text) {
    const auto lead = static_cast<unsigned char>(text[0]);
    if (lead < 0xC2 || lead > 0xF4) return 1;
    const std::size_t length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    for (std::size_t i = 1; i < length; ++i)
        if (!is_tail(text, i)) return 1;
    return length;
}

std::size_t count_characters(std::string_view text) {
    std::size_t count = 0;
    for (; !text.empty(); ++count)
        text.remove_prefix(character_length(text));
    return count;
}

std::size_t byte_offset(std::string_view text, std::size_t index) {
    std::size_t offset = 0;
    for (; index > 0 && offset < text.size(); --index)
        offset += character_length(text.substr(offset));
    return offset;
}

char32_t decode(std::string_view text) {
    const std::size_t length = character_length(text);
    const auto byte = [&](std::size_t i) {
        return static_cast<char32_t>(static_cast<unsigned char>(text[i]));
    };
    switch (length) {
    case 2:
        return (byte(0) & 0x1FU) << 6 | (byte(1) & 0x3FU);
    case 3:
        return (byte(0) & 0x0FU) << 12 | (byte(1) & 0x3FU) << 6 | (byte(2) & 0x3FU);
    case 4:
        return (byte(0) & 0x07U) << 18 | (byte(1) & 0x3FU) << 12 | (byte(2) & 0x3FU) << 6 |
               (byte(3) & 0x3FU);
    default:
        return byte(0) < 0x80 ? byte(0) : 0xFFFD;
    }
}

void append_utf8(std::string& out, char32_t c) {
    if (c > 0x10FFFF || (c >= 0xD800 && c < 0xE000)) c = 0xFFFD;
    if (c < 0x80) {
        out += static_cast<char>(c);
        return;
    }
    if (c < 0x800) {
        out += static_cast<char>(0xC0U | c >> 6);
    } else {
        if (c < 0x10000) {
            out += static_cast<char>(0xE0U | c >> 12);
        } else {
            out += static_cast<char>(0xF0U | c >> 18);
            out += static_cast<char>(0x80U | (c >> 12 & 0x3FU));
        }
        out += static_cast<char>(0x80U | (c >> 6 & 0x3FU));
    }
    out += static_cast<char>(0x80U | (c & 0x3FU));
}

bool is_space(char32_t c) {
    return c == ' ' || (c >= '\t' && c <= '\r') || (c >= 0x1C && c <= 0x1F) || c == 0x85 ||
           c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 ||
           c == 0x202F || c == 0x205F || c == 0x3000;
}

bool is_letter(char32_t c) {
    if (c < 0x80) return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (c < 0xC0) return c == 0xAA || c == 0xB5 || c == 0xBA;
    return c != 0xD7 && c != 0xF7 && !(c >= 0x2000 && c <= 0x206F) && !is_space(c);
}

char32_t to_lower(char32_t c) {
    for (const CaseRange& range : case_ranges)
        if (c >= range.first && c <= range.last && (!range.pairs || (c - range.first) % 2 == 0))
            return moved(c, range.distance);
    return c;
}

char32_t to_upper(char32_t c) {
    if (c == 0x3C2) return 0x3A3; // the sigma that ends a word
    for (const CaseRange& range : case_ranges) {
        const char32_t large = moved(c, -range.distance);
        if (large >= range.first && large <= range.last &&
            (!range.pairs || (large - range.first) % 2 == 0) && large != 0x3A2)
            return large;
    }
    return c;
}

std::string lower_case(std::string_view text) {
    return mapped(text, [](std::string& out, char32_t c) {
        append_utf8(out, to_lower(c));
        if (c == 0x130) out += "\u0307"; // İ keeps its dot
    });
}

std::string upper_case(std::string_view text) {
    return mapped(text, append_upper);
}

std::string capitalized(std::string_view text) {
    bool first = true;
    return mapped(text, [&](std::string& out, char32_t c) {
        append_utf8(out, std::exchange(first, false) ? to_upper(c) : to_lower(c));
    });
}

std::string titled(std::string_view text) {
    bool after_letter = false;
    return mapped(text, [&](std::string& out, char32_t c) {
        append_utf8(out, after_letter ? to_lower(c) : to_upper(c));
        after_letter = is_letter(c);
    });
}

std::string_view strip(std::string_view text, bool left, bool right) {
    while (left && !text.empty() && is_space(decode(text)))
        text.remove_prefix(character_length(text));
    while (right && !text.empty()) {
        std::size_t last = text.size() - 1;
        while (last > 0 && text.size() - last < 4 && is_tail(text, last))
            --last;
        const std::string_view tail = text.substr(last);
        if (character_length(tail) != tail.size() || !is_space(decode(tail))) break;
        text.remove_suffix(tail.size());
    }
    return text;
}

} // namespace hearth::templating
