#include "language/grammar_nodes.h"

#include "language/limits.h"
#include "language/normalize.h"

#include <algorithm>

namespace hearth::language {
namespace {

bool has_node(Op op) {
    return op == Op::value || op == Op::slot || op == Op::capture || op == Op::said;
}

} // namespace

GrammarNodes::GrammarNodes(Grammar& grammar, bool loose)
    : grammar_(grammar)
    , space_(add({.op = loose ? Op::loose : Op::space}))
    , nothing_(add({.op = Op::sequence})) {}

std::uint32_t GrammarNodes::text(std::string_view source) {
    const std::string normal = normalize_piece(source);
    std::vector<std::uint32_t> parts;
    for (std::size_t at = 0; at < normal.size();) {
        if (normal[at] == ' ') {
            if (parts.empty() || parts.back() != space_) parts.push_back(space_);
            ++at;
            continue;
        }
        const std::size_t end = std::min(normal.size(), normal.find(' ', at));
        parts.push_back(letters(normal.substr(at, end - at)));
        at = end;
    }
    return sequence(std::move(parts));
}

std::uint32_t GrammarNodes::letters(const std::string& word) {
    const auto [entry, is_new] = letters_.emplace(word, 0);
    if (!is_new) return entry->second;
    const auto first = static_cast<std::uint32_t>(grammar_.letters.size());
    grammar_.letters += word;
    entry->second =
        add({.op = Op::text, .first = first, .count = static_cast<std::uint32_t>(word.size())});
    return entry->second;
}

std::uint32_t GrammarNodes::sequence(std::vector<std::uint32_t> parts) {
    std::erase(parts, nothing_);
    if (parts.empty()) return nothing_;
    if (parts.size() == 1) return parts.front();
    return with_children(Op::sequence, parts);
}

std::uint32_t GrammarNodes::choice(const std::vector<std::uint32_t>& parts) {
    std::vector<std::uint32_t> once;
    for (const std::uint32_t part : parts)
        if (std::ranges::find(once, part) == once.end()) once.push_back(part);
    if (once.size() == 1) return once.front();
    return with_children(Op::choice, once);
}

std::uint32_t GrammarNodes::with_children(Op op, const std::vector<std::uint32_t>& parts) {
    const auto [entry, is_new] = groups_.emplace(std::pair(op, parts), 0);
    if (!is_new) {
        grammar_.nodes[entry->second].shared = true;
        return entry->second;
    }
    const auto first = static_cast<std::uint32_t>(grammar_.children.size());
    grammar_.children.insert(grammar_.children.end(), parts.begin(), parts.end());
    entry->second =
        add({.op = op, .first = first, .count = static_cast<std::uint32_t>(parts.size())});
    return entry->second;
}

std::uint32_t GrammarNodes::leaf(const Node& node) {
    const auto [entry, is_new] = leaves_.emplace(std::tuple(node.op, node.first, node.extra), 0);
    if (is_new) entry->second = add(node);
    return entry->second;
}

std::uint32_t GrammarNodes::slot(const std::string& name) {
    const auto found = std::ranges::find(grammar_.slots, name);
    const auto number = static_cast<std::uint32_t>(found - grammar_.slots.begin());
    if (found == grammar_.slots.end()) grammar_.slots.push_back(name);
    return number;
}

std::uint32_t GrammarNodes::add(const Node& node) {
    const Beginning beginning = beginning_of(node);
    const auto next = static_cast<std::uint32_t>(grammar_.beginnings.size());
    const auto [entry, is_new] = beginnings_.emplace(beginning, next);
    if (is_new) grammar_.beginnings.push_back(beginning);
    heights_.push_back(height_of(node));
    too_deep_ |= heights_.back() > limits::grammar_depth;
    grammar_.nodes.push_back(node);
    grammar_.nodes.back().begin = entry->second;
    return static_cast<std::uint32_t>(grammar_.nodes.size() - 1);
}

/// Which bytes a node begins with; its children's are known.
Beginning GrammarNodes::beginning_of(const Node& node) const {
    Beginning beginning;
    switch (node.op) {
    case Op::text: {
        const auto byte = static_cast<unsigned char>(grammar_.letters[node.first]);
        beginning.bytes[byte / 64] = std::uint64_t(1) << (byte % 64);
        break;
    }
    case Op::sequence:
        beginning.empty = true;
        for (std::uint32_t i = 0; i < node.count && beginning.empty; ++i) {
            beginning.empty = false;
            join(beginning, grammar_.children[node.first + i]);
        }
        break;
    case Op::choice:
        for (std::uint32_t i = 0; i < node.count; ++i)
            join(beginning, grammar_.children[node.first + i]);
        break;
    case Op::value:
    case Op::slot:
    case Op::capture:
    case Op::said:
        join(beginning, node.first);
        break;
    case Op::space:
    case Op::loose:
        beginning.bytes[0] = std::uint64_t(1) << ' ';
        beginning.empty = true;
        break;
    case Op::number:
    case Op::wildcard:
    case Op::names:
        beginning.bytes.fill(~std::uint64_t(0));
        break; // anything, but something
    }
    return beginning;
}

void GrammarNodes::join(Beginning& beginning, std::uint32_t node) const {
    const Beginning& other = grammar_.beginnings[grammar_.nodes[node].begin];
    for (std::size_t i = 0; i < beginning.bytes.size(); ++i)
        beginning.bytes[i] |= other.bytes[i];
    beginning.empty |= other.empty;
}

std::uint32_t GrammarNodes::height_of(const Node& node) const {
    std::uint32_t below = 0;
    if (node.op == Op::sequence || node.op == Op::choice) {
        for (std::uint32_t i = 0; i < node.count; ++i)
            below = std::max(below, heights_[grammar_.children[node.first + i]]);
    } else if (has_node(node.op)) {
        below = heights_[node.first];
    }
    return below + 1;
}

} // namespace hearth::language
