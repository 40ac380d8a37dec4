#pragma once

#include "language/grammar.h"
#include "language/names.h"
#include "language/normalize.h"

#include <cstdint>
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
    bool is_wildcard = false; ///< any text
    std::uint32_t begin = 0;  ///< in the sentence
    std::uint32_t end = 0;
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

/// Which blocks are looked at.
enum class Sort : std::uint8_t {
    statement, ///< all but those for questions alone (metadata: {question: true})
    question,  ///< those that ask
    command,   ///< those that act
};

/// What is looked for.
struct Wanted {
    Strictness strictness = Strictness::known;
    Sort sort = Sort::statement;
};

/// The best match between the edges, or nothing. Better is, in this order: the longer name of a
/// thing; fewer wildcards; more words of the template; less text in wildcards; the intent's name in
/// alphabetical order; the earlier template. A wildcard at an edge keeps what was passed over
/// there. Errors: Code::limit (match_steps).
Result<std::optional<Match>> match(const Package& package, const Grammar& grammar,
                                   const HomeNames& names, const Normal& sentence,
                                   const Context& context, const Wanted& wanted,
                                   const Edges& edges);
/// The whole sentence; where nothing matches that, what is left without fillers.
Result<std::optional<Match>> match(const Package& package, const Grammar& grammar,
                                   const HomeNames& names, const Normal& sentence,
                                   const Context& context, Strictness strictness);

/// What kind of Package::not_yet stands somewhere in a sentence beside something that the home
/// knows by name or, with `anywhere`, beside anything. Empty where none does.
std::string not_yet_in(const Grammar& grammar, const HomeNames& names, const Normal& sentence,
                       bool anywhere);

/// How many templates the index lets through for a sentence: for the benchmark and tests.
std::size_t count_candidates(const Grammar& grammar, const Normal& sentence);

} // namespace hearth::language
