#pragma once

#include "base/result.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The template language of sentences, as hassil (https://github.com/home-assistant/hassil,
/// README) has it:
///
///     turn on [the] (light|lamp)     alternatives (a|b), optional parts [a], also inside a word
///     (in the kitchen;the light)     all of them in any order, with spaces between
///     <name>  <rule:slot>            an expansion rule; the text it matched as a slot
///     {area}  {area:room}            a value of a list, as slot "area" or "room"
///     {area:@seen}  {@area}          captured for the reply alone
///     {0..100,5:brightness}          a number from 0 to 100 in steps of 5
///     \(                             the character itself
///
/// At the top `a|b` and `a;b` are groups too. | and ; do not mix in one group.
namespace hearth::language {

enum class NumberType : std::uint8_t { number, percentage, temperature };
enum class Fractions : std::uint8_t { none, halves, tenths };

/// The numbers that a range takes, and what becomes of them.
struct NumberRange {
    double from = 0;
    double to = 0;
    double step = 1; ///< from `from` on; only where fractions are none
    NumberType type = NumberType::number;
    Fractions fractions = Fractions::none;
    double multiplier = 1; ///< of the value in the slot, not of what is said
    bool digits = true;
    bool words = true;

    bool takes(double said) const;
    bool operator==(const NumberRange&) const = default;
};

/// One part of a parsed template.
struct Expression {
    enum class Kind : std::uint8_t {
        text,         ///< `text`, with its escapes resolved and its spaces kept
        sequence,     ///< all of `items`, one after another
        alternatives, ///< one of `items`; an optional part ends with an empty sequence
        permutation,  ///< all of `items` in any order
        list,         ///< `text` names the list
        range,        ///< `range`
        rule,         ///< `text` names the rule
    };

    Kind kind = Kind::sequence;
    std::string text;
    std::string slot;     ///< of a list, range or rule; empty where nothing is kept
    bool capture = false; ///< the slot is for the reply alone
    std::vector<Expression> items;
    NumberRange range;
    std::size_t column = 1; ///< where it begins, in characters from 1

    bool operator==(const Expression&) const = default;
};

/// What is wrong with a template, and where.
struct SentenceError {
    Code code = Code::invalid; ///< or limit
    std::size_t column = 1;    ///< in characters from 1
    std::string what;
};

/// Parses a template. Its depth, items and bytes are limited (limits.h).
std::expected<Expression, SentenceError> parse_sentence(std::string_view text);

} // namespace hearth::language
