#pragma once

#include "language/grammar.h"

#include <map>
#include <unordered_map>
#include <vector>

namespace hearth::language {

/// Finds out what a sentence must hold to match a template, and fills the grammar's index with it.
class GrammarIndex {
public:
    explicit GrammarIndex(Grammar& grammar)
        : grammar_(grammar) {}

    /// Enters the template that was added last. `keywords`: one of them is needed too.
    void add(const std::vector<std::string>& keywords);
    /// After the last template.
    void finish();

private:
    /// One of these words must be there: sorted numbers of words.
    using Need = std::vector<std::uint32_t>;
    using Needs = std::vector<Need>;

    Needs needs_of(std::uint32_t node);
    Needs needs_of_sequence(const Node& node);
    Needs needs_of_choice(const Node& node);
    std::uint32_t word(std::string_view text);
    void keep_best(Needs& needs) const;
    std::uint32_t number_of(const Need& need);

    Grammar& grammar_;
    std::vector<std::string> words_;
    std::map<std::string, std::uint32_t, std::less<>> numbers_;
    std::map<Need, std::uint32_t> needs_;
    std::unordered_map<std::uint32_t, Needs> known_; ///< of shared nodes
};

} // namespace hearth::language
