#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// Python counts characters where C++ counts bytes. Bytes that are no UTF-8 count as one character
/// each, so that nothing here fails or reads beyond its text.
namespace hearth::templating {

/// Bytes of the first character of a text that is not empty.
std::size_t character_length(std::string_view text);
std::size_t count_characters(std::string_view text);
/// The bytes before character `index`, or all.
std::size_t byte_offset(std::string_view text, std::size_t index);

/// The code point of the first character; U+FFFD for what is none.
char32_t decode(std::string_view text);
void append_utf8(std::string& out, char32_t code_point);

/// As Python's str.isspace() for one character.
bool is_space(char32_t c);
/// Letters for title() and isalpha(): everything beyond ASCII counts as one, but for white space
/// and the punctuation of U+00A0 to U+00BF and U+2000 to U+206F.
bool is_letter(char32_t c);

/// Simple case mappings (Unicode UnicodeData.txt) of the Latin, Greek, Cyrillic and Armenian
/// blocks; other scripts that have case stay as they are.
char32_t to_lower(char32_t c);
char32_t to_upper(char32_t c);

std::string lower_case(std::string_view text);
/// "ß" becomes "SS", as in Python.
std::string upper_case(std::string_view text);
std::string capitalized(std::string_view text);
/// Python's str.title(): every letter that follows a non-letter is large, the others are small.
std::string titled(std::string_view text);

/// Python's str.strip(): white space of all kinds at both ends.
std::string_view strip(std::string_view text, bool left = true, bool right = true);

} // namespace hearth::templating
