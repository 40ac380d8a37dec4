#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hearth::language {

/// A set of texts, each with a number, that answers which of them begin at a place of a sentence.
/// Built once, then read only: nodes in one array, the edges of a node side by side.
class Trie {
public:
    using Entry = std::pair<std::string, std::uint32_t>;

    Trie() = default;
    /// Of equal texts the one with the smallest number counts. Empty texts are left out.
    explicit Trie(std::vector<Entry> entries);

    /// Calls found(end, number) for every text that stands at `at`, short ones first.
    template <class Found>
    void walk(std::string_view text, std::size_t at, Found&& found) const {
        std::uint32_t node = 0;
        while (at < text.size() && step(node, text[at])) {
            ++at;
            if (nodes_[node].number != none) found(at, nodes_[node].number);
        }
    }

    bool empty() const { return nodes_.size() <= 1; }

    // To walk in another way than byte by byte: nodes by their numbers, from 0, the root.
    static constexpr std::uint32_t none = ~0U;
    /// Goes on from a node; false where no text goes on so.
    bool step(std::uint32_t& node, char byte) const;
    bool step(std::uint32_t& node, std::string_view bytes) const;
    /// The number of the text that ends at a node, or none.
    std::uint32_t number_at(std::uint32_t node) const {
        return nodes_.empty() ? none : nodes_[node].number;
    }

private:
    struct Node {
        std::uint32_t first_edge = 0;
        std::uint32_t number = none;
        std::uint16_t edges = 0;
    };

    void build(const std::vector<Entry>& entries, std::size_t begin, std::size_t end,
               std::size_t depth, std::uint32_t node);

    std::vector<Node> nodes_;
    std::string labels_;                 ///< of the edges
    std::vector<std::uint32_t> targets_; ///< of the edges
};

} // namespace hearth::language
