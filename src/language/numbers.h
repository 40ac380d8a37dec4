#pragma once

#include "language/trie.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Numbers as people say and write them.
namespace hearth::language {

/// A number that stands in a text: its value and where it ends.
struct Number {
    double value = 0;
    std::size_t end = 0;
};

/// The number in digits at a place: "50", "-3", "21.5" and "21,5". Takes all the digits that stand
/// there, never a part of them. The text is normalised.
std::optional<Number> read_digits(std::string_view text, std::size_t at);

/// The same as a whole number, where it is one that a double holds exactly: below 2^53 either way.
std::optional<std::int64_t> whole_number(double number);

/// Whole numbers in words of one language, from ICU's spellout rules in all genders and cases that
/// they have ("one", "twenty five", "vingt et un", "五十"), within limits::spelled_*. A language
/// that ICU does not know has none.
class NumberWords {
public:
    NumberWords() = default;
    /// `language` is a BCP 47 tag; numbers from `from` to `to`, cut to the limits.
    /// With `halves` also "twenty point five".
    NumberWords(std::string_view language, std::int64_t from, std::int64_t to, bool halves = false);

    /// Calls found(Number) for every number that begins at a place of a normalised text.
    template <class Found>
    void at(std::string_view text, std::size_t place, Found&& found) const {
        words_.walk(text, place, [&](std::size_t end, std::uint32_t number) {
            found(Number{static_cast<std::int32_t>(number) / 2.0, end});
        });
    }

    /// The ways to say a whole number, normalised; none for one that is not known.
    const std::vector<std::string>& spelled(std::int64_t number) const;

private:
    Trie words_; ///< with twice their values
    std::map<std::int64_t, std::vector<std::string>> spellings_;
};

} // namespace hearth::language
