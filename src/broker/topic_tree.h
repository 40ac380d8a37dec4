#pragma once

#include "broker/index_table.h"
#include "broker/slab.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hearth::broker {

using NodeId = std::uint32_t;

/// Topics or filters as a tree of their levels ("a/b" is b below a), with one number of the user's
/// at each node. Used for subscriptions, where filters stand in the tree and a topic is looked up,
/// and for retained messages, where it is the other way round.
///
/// Finding and matching allocate nothing but the growth of the caller's list. The depth of all
/// recursion is that of the topics, which whoever calls has checked (BrokerLimits::topic_levels).
class TopicTree {
public:
    TopicTree();

    /// The node of that topic or filter; makes what is missing.
    NodeId add(std::string_view topic);
    /// The node, or none.
    NodeId find(std::string_view topic) const;
    /// Removes a node without a value and without children, and its ancestors that are left so.
    void prune(NodeId node);

    /// The user's number; `none` from the start.
    std::uint32_t value(NodeId node) const { return nodes_[node].value; }
    void set_value(NodeId node, std::uint32_t value) { nodes_[node].value = value; }

    /// The topic or filter that a node stands for.
    std::string path(NodeId node) const;

    /// The tree holds filters: appends the nodes with a value whose filter matches `topic` (MQTT
    /// 5.0, 4.7). A wildcard at the beginning does not match a topic that begins with '$'.
    void match_filters(std::string_view topic, std::vector<NodeId>& found) const;
    /// The tree holds topics: appends the nodes with a value whose topic `filter` matches.
    void match_topics(std::string_view filter, std::vector<NodeId>& found) const;
    /// Appends every node with a value.
    void all(std::vector<NodeId>& found) const;

    /// A place in a walk over the topics that a filter may match. It begins at the root. Between
    /// two steps the tree may change, but the node must stay: see Retained::Walk.
    struct Place {
        NodeId node = root;
        std::uint32_t depth = 0;
    };
    using Levels = std::vector<std::string_view>; ///< of a filter
    static void split(std::string_view filter, Levels& levels);
    /// Goes on to the next node; false when there is none. What is added behind is not met.
    bool step(Place& place, const Levels& filter) const;
    /// Whether the topic of that place matches the whole filter.
    static bool is_match(const Place& place, const Levels& filter);
    static constexpr NodeId root = 0;

    std::size_t size() const { return nodes_.size(); }
    void clear();

private:
    struct Node {
        NodeId parent = none;
        NodeId first_child = none;
        NodeId next = none; ///< sibling
        NodeId previous = none;
        std::uint32_t hash = 0; ///< of (parent, level)
        std::uint32_t value = none;
        std::string level;
    };

    static std::uint32_t edge_hash(NodeId parent, std::string_view level);
    NodeId child(NodeId parent, std::string_view level) const;
    NodeId add_child(NodeId parent, std::string_view level);
    void unlink(NodeId node);
    void take(NodeId node, std::vector<NodeId>& found) const;
    void climb(NodeId node, std::string_view rest, bool more, std::vector<NodeId>& found) const;
    void spread(NodeId node, std::string_view rest, bool more, std::vector<NodeId>& found) const;
    void subtree(NodeId node, std::vector<NodeId>& found) const;
    bool hidden(NodeId parent, NodeId node) const;
    NodeId visible(NodeId parent, NodeId node) const;
    NodeId below(const Place& place, const Levels& filter) const;

    Slab<Node> nodes_;
    IndexTable edges_;
};

} // namespace hearth::broker
