#pragma once

#include "base/result.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// Makes texts comparable: Unicode NFKC with case folding (UAX #15, UTS #46's NFKC_Casefold), one
/// kind of apostrophe, digits of every script as 0-9, punctuation as spaces, runs of spaces as one.
/// Spaces beside a character of a script that is written without them (Han, kana, Thai, Lao, Khmer,
/// Burmese) fall away, so that "打开 厨房 的 灯" is "打开厨房的灯". A hyphen inside a word is a
/// space; one before a number is a minus. Traditional and simplified forms of Han are one.
namespace hearth::language {

/// A sentence made comparable, with the way back to what was said.
struct Normal {
    std::string text;
    /// For each byte of `text` and for its end: where it stood in the original (bytes).
    std::vector<std::uint32_t> origin;
    std::string original;
    bool question = false; ///< it has a question mark

    /// Whether a space of a template may stand for nothing here: at both ends, beside a space,
    /// beside unspaced script, before a sign such as %, after an apostrophe.
    bool space_is_free(std::size_t at) const { return (marks[at] & free_mark) != 0; }
    /// Whether a character begins here (or the text ends).
    bool is_character(std::size_t at) const { return (marks[at] & character_mark) != 0; }
    /// Whether a word can end here: no letter follows a letter of spaced script.
    bool is_word_end(std::size_t at) const { return (marks[at] & word_mark) != 0; }
    /// Whether punctuation stood before the character here.
    bool is_pause(std::size_t at) const { return (marks[at] & pause_mark) != 0; }
    /// What was said between two positions of `text`, trimmed of spaces and punctuation.
    std::string said(std::size_t begin, std::size_t end) const;

    static constexpr std::uint8_t free_mark = 1;
    static constexpr std::uint8_t character_mark = 2;
    static constexpr std::uint8_t word_mark = 4;
    static constexpr std::uint8_t pause_mark = 8;
    std::vector<std::uint8_t> marks; ///< one more than bytes of `text`
};

/// Refuses what is no sentence: Code::invalid for an empty one (also one of punctuation alone), for
/// control characters and for bytes that are no UTF-8; Code::limit for one that is too long.
Result<Normal> normalize(std::string_view sentence);

/// A name or a value, made comparable in the same way. Empty where nothing is left of it.
std::string normalize_name(std::string_view name);

/// A piece of a template: as normalize_name(), but spaces at its ends stay, since it stands between
/// others. No spaces fall away beside unspaced script.
std::string normalize_piece(std::string_view piece);

/// A script that is written without spaces between words.
bool is_unspaced(char32_t c);

/// Writes a character as UTF-8.
void append(std::string& out, char32_t c);

/// Decodes the character at a position of well-formed UTF-8 and moves behind it.
char32_t next_character(std::string_view text, std::size_t& at);

} // namespace hearth::language
