#pragma once

#include <string>
#include <string_view>
#include <vector>

/// How people spell a name otherwise than the home does. All texts are normalised.
namespace hearth::language {

/// A letter of Latin or Greek script without its accents ("e" for "é", "oe" for "œ"); empty where
/// it has none. Of other scripts nothing: there a mark makes another letter.
std::string without_accents(char32_t c);

/// Whether some of it is of a script that is written without spaces between words.
bool has_unspaced(std::string_view text);

/// Each other way to write a name: without accents, without emoji (or, where it is nothing else, as
/// Unicode calls them: "christmas tree"), and with or without a space before its number.
std::vector<std::string> other_spellings(const std::string& name);

} // namespace hearth::language
