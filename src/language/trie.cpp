#include "language/trie.h"

#include <algorithm>

namespace hearth::language {

Trie::Trie(std::vector<Entry> entries) {
    std::ranges::sort(entries);
    const auto same = [](const Entry& a, const Entry& b) { return a.first == b.first; };
    entries.erase(std::unique(entries.begin(), entries.end(), same), entries.end());
    std::erase_if(entries, [](const Entry& entry) { return entry.first.empty(); });
    struct Work {
        std::size_t begin, end, depth;
        std::uint32_t node;
    };
    nodes_.emplace_back();
    // A list of work instead of recursion: a name may be as long as it likes.
    std::vector<Work> todo{{0, entries.size(), 0, 0}};
    while (!todo.empty()) {
        const Work work = todo.back();
        todo.pop_back();
        const std::size_t before = targets_.size();
        build(entries, work.begin, work.end, work.depth, work.node);
        std::size_t from = work.begin;
        if (from < work.end && entries[from].first.size() == work.depth) ++from;
        for (std::size_t edge = before; edge < targets_.size(); ++edge) {
            std::size_t to = from;
            while (to < work.end && entries[to].first[work.depth] == labels_[edge])
                ++to;
            todo.push_back({from, to, work.depth + 1, targets_[edge]});
            from = to;
        }
    }
}

/// Makes the edges of one node, whose texts are those from begin to end, equal up to depth.
void Trie::build(const std::vector<Entry>& entries, std::size_t begin, std::size_t end,
                 std::size_t depth, std::uint32_t node) {
    if (begin < end && entries[begin].first.size() == depth) {
        nodes_[node].number = entries[begin].second;
        ++begin;
    }
    nodes_[node].first_edge = static_cast<std::uint32_t>(targets_.size());
    while (begin < end) {
        const char label = entries[begin].first[depth];
        labels_ += label;
        targets_.push_back(static_cast<std::uint32_t>(nodes_.size()));
        nodes_.emplace_back();
        ++nodes_[node].edges;
        while (begin < end && entries[begin].first[depth] == label)
            ++begin;
    }
}

bool Trie::step(std::uint32_t& node, char byte) const {
    if (nodes_.empty()) return false;
    const Node& here = nodes_[node];
    const std::string_view labels = std::string_view(labels_).substr(here.first_edge, here.edges);
    const std::size_t at = labels.find(byte);
    if (at == labels.npos) return false;
    node = targets_[here.first_edge + at];
    return true;
}

bool Trie::step(std::uint32_t& node, std::string_view bytes) const {
    return std::ranges::all_of(bytes, [&](char byte) { return step(node, byte); });
}

} // namespace hearth::language
