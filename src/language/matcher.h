#pragma once

#include "language/grammar.h"
#include "language/names.h"
#include "language/normalize.h"

#include <optional>
#include <string>
#include <vector>

/// Finds the template that a sentence matches, and what its slots then hold.
namespace hearth::language {

/// What the caller knows beyond the sentence, by key: {"area": "kitchen"} is where it was said.
using Context = ValueMap;

/// What stands in a slot.
struct Caught {
    std::string slot;
    Value value;      ///< text, `out` of a list's value, or a number
    std::string said; ///< the words themselves
    /// For {name}, {area}, {floor}: the things of that name. Empty where nothing is called so.
    std::vector<Named> things;
    bool is_name = false;
    bool is_capture = false;  ///< for the reply alone
    bool is_unsuited = false; ///< it exists, but the sentence wants things of another kind
};

struct Match {
    const Block* block = nullptr;
    std::vector<Caught> caught; ///< in the order of the sentence
    Context context;            ///< the caller's, with that of the chosen values
};

/// How much is known of a name that the home may not have.
enum class Strictness : std::uint8_t {
    known,   ///< names are names of the home, of the kind that the block wants
    unknown, ///< any text may be a name, but not at the beginning of the sentence: to tell "nothing
             ///< is called so" from "I did not understand"
};

/// The best match, or nothing. Better is, in this order: the longer name of a thing; fewer
/// wildcards; more words of the template; less text in wildcards; the intent's name in alphabetical
/// order; the earlier template. Skip words are left out only where nothing matches with them.
/// Errors: Code::limit (match_steps).
Result<std::optional<Match>> match(const Package& package, const Grammar& grammar,
                                   const HomeNames& names, const Normal& sentence,
                                   const Context& context, Strictness strictness);

/// How many templates the index lets through for a sentence: for the benchmark and tests.
std::size_t count_candidates(const Grammar& grammar, const Normal& sentence);

} // namespace hearth::language
