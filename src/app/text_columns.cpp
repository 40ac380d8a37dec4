#include "app/text_columns.h"

#include <algorithm>
#include <cstdint>

#include <unicode/uchar.h>
#include <unicode/utf8.h>

namespace hearth::app {
namespace {

constexpr UChar32 zero_width_joiner = 0x200D;
constexpr UChar32 as_emoji = 0xFE0F;
constexpr std::string_view ellipsis = "…";

/// One of what people take for a letter, with all that is drawn onto it.
struct Cluster {
    std::size_t bytes = 0;
    std::size_t columns = 0;
};

bool is_mark(UChar32 c) {
    const auto type = u_charType(c);
    const bool is_second_half = c >= 0x1160 && c <= 0x11FF; // of a Hangul syllable
    return type == U_NON_SPACING_MARK || type == U_ENCLOSING_MARK || is_second_half ||
           (type == U_FORMAT_CHAR && c != 0xAD) || (c >= 0x1F3FB && c <= 0x1F3FF); // skin tones
}

std::size_t columns_of_code_point(UChar32 c) {
    const int width = u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH);
    return width == U_EA_WIDE || width == U_EA_FULLWIDTH ? 2 : 1;
}

UChar32 next_code_point(std::string_view text, std::size_t& at) {
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
    auto index = static_cast<std::int32_t>(at);
    UChar32 c = 0;
    U8_NEXT_OR_FFFD(bytes, index, static_cast<std::int32_t>(text.size()), c);
    at = static_cast<std::size_t>(index);
    return c;
}

Cluster first_cluster(std::string_view text) {
    std::size_t at = 0;
    UChar32 c = next_code_point(text, at);
    Cluster cluster{at, is_mark(c) ? 0 : columns_of_code_point(c)};
    bool joined = false;
    while (at < text.size()) {
        c = next_code_point(text, at);
        if (!joined && !is_mark(c)) break;
        joined = c == zero_width_joiner;
        if (c == as_emoji) cluster.columns = 2;
        cluster.bytes = at;
    }
    return cluster;
}

} // namespace

std::size_t columns_of(std::string_view text) {
    std::size_t columns = 0;
    while (!text.empty()) {
        const Cluster cluster = first_cluster(text);
        columns += cluster.columns;
        text.remove_prefix(cluster.bytes);
    }
    return columns;
}

std::string cut_to_columns(std::string_view text, std::size_t columns) {
    if (columns_of(text) <= columns) return std::string(text);
    std::size_t bytes = 0;
    std::size_t used = 0;
    while (bytes < text.size()) {
        const Cluster cluster = first_cluster(text.substr(bytes));
        if (used + cluster.columns + 1 > columns) break;
        used += cluster.columns;
        bytes += cluster.bytes;
    }
    return std::string(text.substr(0, bytes)).append(ellipsis);
}

bool runs_right_to_left(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const auto direction = u_charDirection(next_code_point(text, at));
        if (direction == U_RIGHT_TO_LEFT || direction == U_RIGHT_TO_LEFT_ARABIC) return true;
    }
    return false;
}

} // namespace hearth::app
