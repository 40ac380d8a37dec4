#pragma once

#include "language/grammar.h"

#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace hearth::language {

/// Makes the nodes of a grammar, equal ones once, each after its children.
class GrammarNodes {
public:
    /// `loose`: spaces may always be missing.
    GrammarNodes(Grammar& grammar, bool loose);

    /// A piece of a template: words with spaces between.
    std::uint32_t text(std::string_view source);
    std::uint32_t sequence(std::vector<std::uint32_t> parts);
    std::uint32_t choice(const std::vector<std::uint32_t>& parts);
    /// What has no children, or one (Node::first).
    std::uint32_t leaf(const Node& node);
    std::uint32_t space() const { return space_; }
    std::uint32_t nothing() const { return nothing_; }
    /// The number of a slot's name.
    std::uint32_t slot(const std::string& name);

    /// Whether some node stands above more than limits::grammar_depth others: the matcher calls
    /// itself as deep.
    bool too_deep() const { return too_deep_; }

private:
    std::uint32_t letters(const std::string& word);
    std::uint32_t with_children(Op op, const std::vector<std::uint32_t>& parts);
    std::uint32_t add(const Node& node);
    Beginning beginning_of(const Node& node) const;
    void join(Beginning& beginning, std::uint32_t node) const;
    std::uint32_t height_of(const Node& node) const;

    Grammar& grammar_;
    std::vector<std::uint32_t> heights_; ///< of the nodes
    bool too_deep_ = false;
    std::map<std::string, std::uint32_t, std::less<>> letters_;
    std::map<std::pair<Op, std::vector<std::uint32_t>>, std::uint32_t> groups_;
    std::map<std::tuple<Op, std::uint32_t, std::uint32_t>, std::uint32_t> leaves_;
    std::map<Beginning, std::uint32_t> beginnings_;
    std::uint32_t space_;
    std::uint32_t nothing_;
};

} // namespace hearth::language
