#include "base/plain_text.h"

#include "base/text.h"

namespace hearth {
namespace {

/// How many bytes a character of well-formed UTF-8 has (RFC 3629, section 3).
std::size_t length_of(char lead) {
    const auto byte = static_cast<unsigned char>(lead);
    return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

char32_t decode(std::string_view character) {
    const auto lead = static_cast<unsigned char>(character[0]);
    if (character.size() == 1) return lead;
    char32_t decoded = lead & (0x7FU >> character.size());
    for (const char tail : character.substr(1))
        decoded = decoded << 6 | (static_cast<unsigned char>(tail) & 0x3FU);
    return decoded;
}

bool hides_or_reorders(char32_t c) {
    return c < 0x20 || (c >= 0x7F && c <= 0x9F) || (c >= 0x2028 && c <= 0x202E) ||
           (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF || (c >= 0xE0000 && c <= 0xE007F);
}

} // namespace

bool is_plain_text(std::string_view text, std::string_view but) {
    if (!is_utf8(text)) return false;
    while (!text.empty()) {
        const std::size_t length = length_of(text[0]);
        const bool allowed = length == 1 && but.find(text[0]) != std::string_view::npos;
        if (!allowed && hides_or_reorders(decode(text.substr(0, length)))) return false;
        text.remove_prefix(length);
    }
    return true;
}

} // namespace hearth
