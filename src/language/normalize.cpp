#include "language/normalize.h"

#include "base/text.h"
#include "language/limits.h"
#include "language/simple_han.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

namespace hearth::language {
namespace {

/// A character of the result, and where its origin begins in the source.
struct Origin {
    char32_t character;
    std::uint32_t at;
    bool pause = false; ///< punctuation stood before it, or it is punctuation
};

const icu::Normalizer2& folding() {
    static const icu::Normalizer2* const instance = [] {
        UErrorCode status = U_ZERO_ERROR;
        const icu::Normalizer2* found = icu::Normalizer2::getNFKCCasefoldInstance(status);
        return U_SUCCESS(status) ? found : nullptr;
    }();
    return *instance; // ICU has this data built in
}

/// The simplified form of a Han character; itself where it has no other.
char32_t simple_form(char32_t c) {
    if (c < std::begin(simple_han)->traditional) return c;
    const auto* const found = std::ranges::lower_bound(simple_han, c, {}, &SimpleHan::traditional);
    return found != std::end(simple_han) && found->traditional == c ? found->simple : c;
}

void fold_group(std::string_view group, std::uint32_t at, std::vector<Origin>& out) {
    UErrorCode status = U_ZERO_ERROR;
    const auto source = icu::UnicodeString::fromUTF8(
        icu::StringPiece(group.data(), static_cast<std::int32_t>(group.size())));
    const icu::UnicodeString folded = folding().normalize(source, status);
    for (std::int32_t i = 0; i < folded.length(); i = folded.moveIndex32(i, 1))
        out.push_back({simple_form(static_cast<char32_t>(folded.char32At(i))), at});
}

/// NFKC_Casefold, group by group: a group begins where nothing before it can combine with it.
std::vector<Origin> folded(std::string_view text) {
    std::vector<Origin> out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t begin = at;
        char32_t c = next_character(text, at);
        const bool plain =
            c < 0x80 && (at == text.size() || static_cast<unsigned char>(text[at]) < 0x80);
        if (plain) {
            if (c >= 'A' && c <= 'Z') c += 'a' - 'A';
            out.push_back({c, static_cast<std::uint32_t>(begin)});
            continue;
        }
        while (at < text.size()) {
            std::size_t next = at;
            const char32_t following = next_character(text, next);
            if (folding().hasBoundaryBefore(static_cast<UChar32>(following))) break;
            at = next;
        }
        fold_group(text.substr(begin, at - begin), static_cast<std::uint32_t>(begin), out);
    }
    return out;
}

bool is_digit(char32_t c) {
    return c >= '0' && c <= '9';
}

bool is_word(char32_t c) {
    if (c < 0x80) return is_digit(c) || (c >= 'a' && c <= 'z');
    return (U_GET_GC_MASK(static_cast<UChar32>(c)) & (U_GC_L_MASK | U_GC_M_MASK | U_GC_N_MASK)) !=
           0;
}

/// Of all scripts; ？ and ⁇ are folded to ?.
bool is_question_mark(char32_t c) {
    constexpr std::u32string_view marks = U"?\u037E\u055E\u061F\u1367\u203D\u2E2E";
    return marks.find(c) != marks.npos;
}

bool is_hyphen(char32_t c) {
    return c == '-' || c == '_' || c == U'\u2010' || c == U'\u2011' || c == U'\u2212';
}

bool is_kept_sign(char32_t c) {
    constexpr std::u32string_view kept = U"%'&+/#@°";
    return kept.find(c) != kept.npos;
}

/// One character, seen with its neighbours (0 at the ends); a space for what only separates.
char32_t simplified(char32_t c, char32_t before, char32_t after) {
    if (c == U'\u2019' || c == U'\u2018' || c == U'\u02BC' || c == '`') return '\'';
    if (is_hyphen(c)) return is_digit(after) && !is_word(before) ? '-' : ' ';
    if (c == '.' || c == ',')
        return is_digit(before) && is_digit(after)             ? c
               : c == '.' && is_word(before) && is_word(after) ? c
                                                               : ' ';
    if (is_word(c) || is_kept_sign(c)) {
        const std::int32_t digit = c < 0x80 ? -1 : u_charDigitValue(static_cast<UChar32>(c));
        return digit < 0 ? c : U'0' + static_cast<char32_t>(digit);
    }
    const auto mask = U_GET_GC_MASK(static_cast<UChar32>(c));
    const bool symbol = (mask & U_GC_S_MASK) != 0;
    return symbol ? c : U' ';
}

void simplify(std::vector<Origin>& text) {
    char32_t before = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char32_t after = i + 1 < text.size() ? text[i + 1].character : 0;
        const char32_t here = text[i].character;
        text[i].character = simplified(here, before, after);
        text[i].pause = text[i].character == ' ' && here > ' ' && !is_hyphen(here) &&
                        u_isUWhiteSpace(static_cast<UChar32>(here)) == 0;
        before = here;
    }
}

bool is_sign_after_number(char32_t c) {
    return c == '%' || c == U'°';
}

/// Leaves of each run of spaces one, and none at the ends or where they mean nothing.
void squeeze(std::vector<Origin>& text) {
    std::vector<Origin> out;
    out.reserve(text.size());
    bool gap = false;
    bool pause = false;
    Origin space{};
    for (Origin one : text) {
        if (one.character == ' ') {
            if (!gap) space = one;
            gap = true;
            pause |= one.pause;
            continue;
        }
        const bool wanted = gap && !out.empty() && !is_unspaced(out.back().character) &&
                            !is_unspaced(one.character) && !is_sign_after_number(one.character);
        space.pause = false;
        if (wanted) out.push_back(space);
        one.pause = std::exchange(pause, false);
        out.push_back(one);
        gap = false;
    }
    text = std::move(out);
}

std::string joined(const std::vector<Origin>& text) {
    std::string out;
    for (const Origin& one : text)
        append(out, one.character);
    return out;
}

Result<void> check_sentence(std::string_view sentence) {
    // Four bytes are the most that one character takes: no need to look at 100 kB.
    if (sentence.size() > 4 * limits::sentence_characters)
        return fail(Code::limit,
                    "the sentence has {} bytes; at most {} characters are allowed "
                    "(sentence_characters)",
                    sentence.size(), limits::sentence_characters);
    if (!is_utf8(sentence)) return fail(Code::invalid, "the sentence is not UTF-8 text");
    std::size_t count = 0;
    for (std::size_t at = 0; at < sentence.size();) {
        const char32_t c = next_character(sentence, at);
        ++count;
        const bool blank = c == '\t' || c == '\n' || c == '\r';
        if (!blank && (c < 0x20 || (c >= 0x7F && c < 0xA0)))
            return fail(Code::invalid,
                        "the sentence has a control character (U+{:04X}) at "
                        "character {}",
                        static_cast<std::uint32_t>(c), count);
    }
    if (count > limits::sentence_characters)
        return fail(Code::limit,
                    "the sentence has {} characters; at most {} are allowed "
                    "(sentence_characters)",
                    count, limits::sentence_characters);
    return {};
}

} // namespace

bool is_unspaced(char32_t c) {
    constexpr std::array<std::pair<char32_t, char32_t>, 9> blocks{{
        {0x0E00, 0x0EFF},   // Thai, Lao
        {0x1000, 0x109F},   // Burmese
        {0x1780, 0x17FF},   // Khmer
        {0x2E80, 0x2FDF},   // radicals of Han
        {0x3000, 0x30FF},   // CJK signs, kana
        {0x31F0, 0x31FF},   // more kana
        {0x3400, 0x9FFF},   // Han
        {0xF900, 0xFAFF},   // Han, compatible forms
        {0x20000, 0x3FFFF}, // Han, rare
    }};
    if (c < blocks.front().first) return false;
    return std::ranges::any_of(
        blocks, [&](const auto& block) { return c >= block.first && c <= block.second; });
}

void append(std::string& out, char32_t c) {
    const auto put = [&](char32_t byte) { out += static_cast<char>(byte); };
    if (c < 0x80) {
        put(c);
    } else if (c < 0x800) {
        put(0xC0 | c >> 6);
        put(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        put(0xE0 | c >> 12);
        put(0x80 | (c >> 6 & 0x3F));
        put(0x80 | (c & 0x3F));
    } else {
        put(0xF0 | c >> 18);
        put(0x80 | (c >> 12 & 0x3F));
        put(0x80 | (c >> 6 & 0x3F));
        put(0x80 | (c & 0x3F));
    }
}

char32_t next_character(std::string_view text, std::size_t& at) {
    const auto byte = [&](std::size_t i) {
        return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
    };
    const char32_t lead = byte(at);
    const std::size_t more = lead < 0xC0 ? 0 : lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
    char32_t c = more == 0 ? lead : lead & (0x3FU >> more);
    for (std::size_t i = 1; i <= more; ++i)
        c = c << 6 | (byte(at + i) & 0x3F);
    at = std::min(text.size(), at + more + 1);
    return c;
}

std::string Normal::said(std::size_t begin, std::size_t end) const {
    while (begin < end && text[begin] == ' ')
        ++begin;
    while (end > begin && text[end - 1] == ' ')
        --end;
    if (begin == end) return "";
    // The end of the last character, not the beginning of what follows: punctuation stays outside.
    std::size_t last = origin[end - 1];
    next_character(original, last);
    const std::size_t until = std::clamp<std::size_t>(last, origin[begin], origin[end]);
    return original.substr(origin[begin], until - origin[begin]);
}

namespace {

std::vector<std::uint8_t> marks_of(std::string_view text) {
    constexpr std::uint8_t free_mark = Normal::free_mark;
    constexpr std::uint8_t word_mark = Normal::word_mark;
    std::vector<std::uint8_t> marks(text.size() + 1, 0);
    char32_t before = 0;
    for (std::size_t at = 0;;) {
        std::size_t next = at;
        const char32_t here = at < text.size() ? next_character(text, next) : 0;
        std::uint8_t mark = Normal::character_mark;
        const bool at_end = before == 0 || here == 0 || before == ' ' || here == ' ';
        const bool unspaced = is_unspaced(before) || is_unspaced(here);
        if (at_end || unspaced || is_sign_after_number(here) || before == '\'') mark |= free_mark;
        if (at_end || unspaced || !is_word(before) || !is_word(here) ||
            is_digit(before) != is_digit(here))
            mark |= word_mark;
        marks[at] = mark;
        if (at >= text.size()) return marks;
        before = here;
        at = next;
    }
}

} // namespace

Result<Normal> normalize(std::string_view sentence) {
    if (auto checked = check_sentence(sentence); !checked) return fail(checked);
    std::vector<Origin> characters = folded(sentence);
    Normal normal;
    normal.question = std::ranges::any_of(characters, is_question_mark, &Origin::character);
    simplify(characters);
    squeeze(characters);
    normal.original = sentence;
    std::vector<std::size_t> pauses;
    for (const Origin& one : characters) {
        if (one.pause) pauses.push_back(normal.text.size());
        append(normal.text, one.character);
        normal.origin.resize(normal.text.size(), one.at);
    }
    normal.origin.push_back(static_cast<std::uint32_t>(sentence.size()));
    if (normal.text.empty()) return fail(Code::invalid, "the sentence is empty");
    if (normal.text.size() > limits::normal_bytes)
        return fail(Code::limit,
                    "the sentence has {} bytes once normalised; at most {} are allowed "
                    "(normal_bytes)",
                    normal.text.size(), limits::normal_bytes);
    normal.marks = marks_of(normal.text);
    for (const std::size_t at : pauses)
        normal.marks[at] |= Normal::pause_mark;
    return normal;
}

std::string normalize_name(std::string_view name) {
    if (!is_utf8(name)) return "";
    std::vector<Origin> characters = folded(name);
    simplify(characters);
    squeeze(characters);
    return joined(characters);
}

std::string normalize_piece(std::string_view piece) {
    if (!is_utf8(piece)) return "";
    std::vector<Origin> characters = folded(piece);
    simplify(characters);
    return joined(characters);
}

} // namespace hearth::language
