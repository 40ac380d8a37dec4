#include "language/grammar_index.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace hearth::language {
namespace {

// More would only cost time: the index need not be exact, it must only never leave one out.
constexpr std::size_t most_needs = 5;
constexpr std::size_t most_words_of_a_need = 48;
constexpr std::size_t most_letters_of_a_word = 12;

} // namespace

void GrammarIndex::add(const std::vector<std::string>& keywords) {
    const auto number = static_cast<std::uint32_t>(grammar_.templates.size() - 1);
    Template& entry = grammar_.templates.back();
    Needs needs = needs_of(entry.root);
    if (!keywords.empty()) {
        // A keyword must be there in full, so it is never cut short and never dropped.
        Need need;
        for (const std::string& keyword : keywords)
            need.push_back(word(keyword));
        std::ranges::sort(need);
        need.erase(std::unique(need.begin(), need.end()), need.end());
        needs.push_back(std::move(need));
    }
    std::ranges::sort(needs);
    needs.erase(std::unique(needs.begin(), needs.end()), needs.end());
    entry.needs = static_cast<std::uint8_t>(needs.size());
    if (needs.empty()) grammar_.always.push_back(number);
    for (const Need& need : needs)
        grammar_.templates_of_need[number_of(need)].push_back(number);
}

void GrammarIndex::finish() {
    std::vector<Trie::Entry> entries;
    for (std::size_t i = 0; i < words_.size(); ++i)
        entries.emplace_back(words_[i], static_cast<std::uint32_t>(i));
    grammar_.words = Trie(std::move(entries));
    grammar_.needs_of_word.resize(words_.size());
    for (const auto& [need, number] : needs_)
        for (const std::uint32_t one : need)
            grammar_.needs_of_word[one].push_back(number);
}

GrammarIndex::Needs GrammarIndex::needs_of(std::uint32_t node) {
    const Node& here = grammar_.nodes[node];
    if (here.shared)
        if (const auto found = known_.find(node); found != known_.end()) return found->second;
    Needs needs;
    switch (here.op) {
    case Op::text: {
        const auto text = std::string_view(grammar_.letters).substr(here.first, here.count);
        needs = {{word(text.substr(0, most_letters_of_a_word))}};
        break;
    }
    case Op::sequence:
        needs = needs_of_sequence(here);
        break;
    case Op::choice:
        needs = needs_of_choice(here);
        break;
    case Op::value:
    case Op::slot:
    case Op::capture:
    case Op::said:
        needs = needs_of(here.first);
        break;
    case Op::space:
    case Op::loose:
    case Op::number:
    case Op::wildcard:
    case Op::names:
        break;
    }
    if (here.shared) known_.emplace(node, needs);
    return needs;
}

GrammarIndex::Needs GrammarIndex::needs_of_sequence(const Node& node) {
    Needs needs;
    for (std::uint32_t i = 0; i < node.count; ++i) {
        Needs more = needs_of(grammar_.children[node.first + i]);
        std::ranges::move(more, std::back_inserter(needs));
    }
    keep_best(needs);
    return needs;
}

/// What all ways need: of each way its best need, together.
GrammarIndex::Needs GrammarIndex::needs_of_choice(const Node& node) {
    Need together;
    for (std::uint32_t i = 0; i < node.count; ++i) {
        Needs needs = needs_of(grammar_.children[node.first + i]);
        if (needs.empty()) return {};
        keep_best(needs);
        together.insert(together.end(), needs.front().begin(), needs.front().end());
        if (together.size() > 4 * most_words_of_a_need) return {};
    }
    std::ranges::sort(together);
    together.erase(std::unique(together.begin(), together.end()), together.end());
    if (together.empty() || together.size() > most_words_of_a_need) return {};
    return {together};
}

std::uint32_t GrammarIndex::word(std::string_view text) {
    if (const auto found = numbers_.find(text); found != numbers_.end()) return found->second;
    const auto number = static_cast<std::uint32_t>(words_.size());
    words_.emplace_back(text);
    numbers_.emplace(text, number);
    return number;
}

/// The needs that the fewest sentences meet: few words, and long ones.
void GrammarIndex::keep_best(Needs& needs) const {
    const auto cost = [&](const Need& need) {
        double sum = 0;
        for (const std::uint32_t one : need)
            sum += 1.0 / static_cast<double>(words_[one].size() * words_[one].size());
        return sum;
    };
    std::ranges::sort(needs, {}, [&](const Need& need) { return std::pair(cost(need), need); });
    needs.erase(std::unique(needs.begin(), needs.end()), needs.end());
    if (needs.size() > most_needs) needs.resize(most_needs);
}

std::uint32_t GrammarIndex::number_of(const Need& need) {
    const auto number = static_cast<std::uint32_t>(grammar_.templates_of_need.size());
    const auto [entry, is_new] = needs_.emplace(need, number);
    if (is_new) grammar_.templates_of_need.emplace_back();
    return entry->second;
}

} // namespace hearth::language
