#pragma once

#include "template/run.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

/// Regular expressions with the syntax and the meaning of Python's `re`, without what could make
/// them expensive: a backtracking machine whose every move is a step of the run's budget, so that a
/// pattern like (a+)+b fails with Code::limit instead of going on for years.
///
/// There are: literals, `.`, classes, \d \D \w \W \s \S \b \B \A \Z, ^ $, groups with and without
/// names, alternatives, * + ? {m,n} greedy and lazy, \1 to \99, (?=…) (?!…), and the flags (?i)
/// (?m)
/// (?s) at the beginning. There are no look-behinds and no conditional groups: they are errors.
namespace hearth::templating {

constexpr std::size_t max_regex_instructions = 4000;
constexpr std::size_t max_regex_groups = 50;
constexpr std::size_t max_regex_depth = 50;

struct RegexClass {
    bool negated = false;
    std::vector<std::pair<char32_t, char32_t>> ranges;
    std::vector<char> escapes; ///< d D w W s S
};

struct RegexInstruction {
    enum class Op : std::uint8_t {
        character,
        any,
        set,         ///< a: which class
        split,       ///< goes on at +a, and at +b where that fails
        jump,        ///< +a
        save,        ///< a: which slot takes the position
        no_progress, ///< fails where the position is still that of slot a
        begin,       ///< ^
        end,         ///< $
        text_begin,  ///< \A
        text_end,    ///< \Z
        word_boundary,
        no_word_boundary,
        backreference, ///< a: which group
        look,          ///< (?=…): the next a instructions
        look_not,      ///< (?!…)
        accept,
    };
    Op op = Op::accept;
    std::int32_t a = 0;
    std::int32_t b = 0;
    char32_t c = 0;
};

struct RegexProgram {
    std::vector<RegexInstruction> code;
    std::vector<RegexClass> classes;
    std::vector<std::pair<std::string_view, std::size_t>> names;
    std::size_t groups = 1; ///< with group 0, the whole match
    std::size_t slots = 2;
    bool ignore_case = false;
    bool multiline = false;
    bool dot_all = false;
};

/// Compiles; fails the run with what is wrong, and returns nothing. The program points into the
/// pattern.
std::optional<RegexProgram> compile_regex(Run& run, std::string_view pattern, bool ignore_case);

/// Where each group begins and ends: slots 2i and 2i+1; `npos` for a group that took no part.
using RegexGroups = std::vector<std::size_t>;
std::string_view group_text(std::string_view text, const RegexGroups& groups, std::size_t group);

/// Tries one position. `must_advance` refuses an empty match.
bool regex_match_at(Run& run, const RegexProgram& program, std::string_view text, std::size_t at,
                    bool must_advance, RegexGroups& groups);
/// The first match from a position on.
bool regex_search(Run& run, const RegexProgram& program, std::string_view text, std::size_t from,
                  bool must_advance, RegexGroups& groups);

/// re.match (at_start) or re.search, as a yes or no.
bool regex_matches(Run& run, std::string_view text, std::string_view pattern, bool ignore_case,
                   bool at_start);

} // namespace hearth::templating
