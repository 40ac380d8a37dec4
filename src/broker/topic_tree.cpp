#include "broker/topic_tree.h"

namespace hearth::broker {

namespace {

/// The first level of `rest`, which is cut off; `more` says whether others follow.
std::string_view next_level(std::string_view& rest, bool& more) {
    const std::size_t slash = rest.find('/');
    more = slash != std::string_view::npos;
    const std::string_view level = rest.substr(0, slash);
    rest.remove_prefix(more ? slash + 1 : rest.size());
    return level;
}

} // namespace

TopicTree::TopicTree() {
    nodes_.make();
}

void TopicTree::clear() {
    nodes_.clear();
    edges_.clear();
    nodes_.make();
}

std::uint32_t TopicTree::edge_hash(NodeId parent, std::string_view level) {
    return hash_of(level) ^ hash_of(std::uint64_t{parent} + 1);
}

NodeId TopicTree::child(NodeId parent, std::string_view level) const {
    return edges_.find(edge_hash(parent, level), [&](NodeId node) {
        return nodes_[node].parent == parent && nodes_[node].level == level;
    });
}

NodeId TopicTree::add_child(NodeId parent, std::string_view level) {
    const NodeId id = nodes_.make();
    Node& node = nodes_[id];
    node.parent = parent;
    node.level = level;
    node.hash = edge_hash(parent, level);
    node.next = nodes_[parent].first_child;
    if (node.next != none) nodes_[node.next].previous = id;
    nodes_[parent].first_child = id;
    edges_.insert(node.hash, id);
    return id;
}

NodeId TopicTree::add(std::string_view topic) {
    NodeId node = root;
    for (bool more = true; more;) {
        const std::string_view level = next_level(topic, more);
        const NodeId below = child(node, level);
        node = below != none ? below : add_child(node, level);
    }
    return node;
}

NodeId TopicTree::find(std::string_view topic) const {
    NodeId node = root;
    for (bool more = true; more && node != none;)
        node = child(node, next_level(topic, more));
    return node;
}

void TopicTree::unlink(NodeId id) {
    const Node& node = nodes_[id];
    if (node.next != none) nodes_[node.next].previous = node.previous;
    if (node.previous != none)
        nodes_[node.previous].next = node.next;
    else
        nodes_[node.parent].first_child = node.next;
    edges_.erase(node.hash, id);
}

void TopicTree::prune(NodeId node) {
    while (node != root && nodes_[node].value == none && nodes_[node].first_child == none) {
        const NodeId parent = nodes_[node].parent;
        unlink(node);
        nodes_.free(node);
        node = parent;
    }
}

std::string TopicTree::path(NodeId node) const {
    std::vector<NodeId> way;
    for (; node != root; node = nodes_[node].parent)
        way.push_back(node);
    std::string path;
    for (std::size_t i = way.size(); i-- > 0;) {
        path += nodes_[way[i]].level;
        if (i > 0) path += '/';
    }
    return path;
}

void TopicTree::take(NodeId node, std::vector<NodeId>& found) const {
    if (nodes_[node].value != none) found.push_back(node);
}

void TopicTree::match_filters(std::string_view topic, std::vector<NodeId>& found) const {
    climb(root, topic, true, found);
}

void TopicTree::climb(NodeId node, std::string_view rest, bool more,
                      std::vector<NodeId>& found) const {
    const bool system = node == root && rest.starts_with('$');
    // "a/#" also matches "a": so '#' is looked for at the end of the topic too.
    if (const NodeId hash = system ? none : child(node, "#"); hash != none) take(hash, found);
    if (!more) {
        take(node, found);
        return;
    }
    const std::string_view level = next_level(rest, more);
    if (const NodeId same = child(node, level); same != none) climb(same, rest, more, found);
    if (const NodeId plus = system ? none : child(node, "+"); plus != none)
        climb(plus, rest, more, found);
}

void TopicTree::match_topics(std::string_view filter, std::vector<NodeId>& found) const {
    spread(root, filter, true, found);
}

bool TopicTree::hidden(NodeId parent, NodeId node) const {
    return parent == root && nodes_[node].level.starts_with('$');
}

void TopicTree::spread(NodeId node, std::string_view rest, bool more,
                       std::vector<NodeId>& found) const {
    if (!more) {
        take(node, found);
        return;
    }
    const std::string_view level = next_level(rest, more);
    if (level == "#") {
        subtree(node, found);
    } else if (level == "+") {
        for (NodeId at = nodes_[node].first_child; at != none; at = nodes_[at].next)
            if (!hidden(node, at)) spread(at, rest, more, found);
    } else if (const NodeId same = child(node, level); same != none) {
        spread(same, rest, more, found);
    }
}

void TopicTree::subtree(NodeId node, std::vector<NodeId>& found) const {
    take(node, found);
    for (NodeId at = nodes_[node].first_child; at != none; at = nodes_[at].next)
        if (!hidden(node, at)) subtree(at, found);
}

void TopicTree::all(std::vector<NodeId>& found) const {
    for (NodeId at = nodes_[root].first_child; at != none; at = nodes_[at].next)
        subtree(at, found);
}

void TopicTree::split(std::string_view filter, Levels& levels) {
    levels.clear();
    for (bool more = true; more;)
        levels.push_back(next_level(filter, more));
}

namespace {

bool ends_open(const TopicTree::Levels& filter) {
    return filter.back() == "#";
}

/// Whether every child at that level is of interest.
bool takes_all(std::size_t level, const TopicTree::Levels& filter) {
    if (ends_open(filter) && level + 1 >= filter.size()) return true;
    return level < filter.size() && filter[level] == "+";
}

} // namespace

bool TopicTree::is_match(const Place& place, const Levels& filter) {
    return ends_open(filter) ? place.depth + 1 >= filter.size() : place.depth == filter.size();
}

NodeId TopicTree::visible(NodeId parent, NodeId node) const {
    while (node != none && hidden(parent, node))
        node = nodes_[node].next;
    return node;
}

NodeId TopicTree::below(const Place& place, const Levels& filter) const {
    if (takes_all(place.depth, filter)) return visible(place.node, nodes_[place.node].first_child);
    return place.depth < filter.size() ? child(place.node, filter[place.depth]) : none;
}

bool TopicTree::step(Place& place, const Levels& filter) const {
    if (const NodeId next = below(place, filter); next != none) {
        place = {next, place.depth + 1};
        return true;
    }
    while (place.node != root) {
        const Node& node = nodes_[place.node];
        const NodeId next =
            takes_all(place.depth - 1, filter) ? visible(node.parent, node.next) : none;
        if (next != none) {
            place.node = next;
            return true;
        }
        place = {node.parent, place.depth - 1};
    }
    return false;
}

} // namespace hearth::broker
