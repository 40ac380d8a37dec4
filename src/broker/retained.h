#pragma once

#include "broker/quotas.h"
#include "broker/slab.h"
#include "broker/stored_message.h"
#include "broker/topic_tree.h"

#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace hearth::broker {

/// The last message of each topic that was published with RETAIN (3.3.1.3), and whose it is: when
/// a credential is revoked, what it left goes too (CVE-2018-12546).
class Retained {
public:
    struct Entry {
        MessageRef message;
        NodeId node = none;
        IdentityIndex owner = 0;
        std::uint64_t number = 0; ///< counts what was kept
    };

    /// A walk over what a filter matches, as much at a time as its client takes. It costs the same
    /// whatever there is to see: it knows one node, which stays in the tree for its sake while it
    /// rests there. It meets what was retained when it began and has not been replaced since.
    class Walk {
    public:
        Walk() = default;
        Walk(Walk&& other) noexcept { *this = std::move(other); }
        Walk& operator=(Walk&& other) noexcept {
            std::swap(retained_, other.retained_);
            std::swap(rests_at_, other.rests_at_);
            std::swap(place_, other.place_);
            std::swap(before_, other.before_);
            return *this;
        }
        ~Walk() {
            if (rests_at_ != none) retained_->let_go(rests_at_);
        }

    private:
        friend class Retained;

        Retained* retained_ = nullptr;
        NodeId rests_at_ = none;
        TopicTree::Place place_;
        std::uint64_t before_ = 0;
    };
    /// Must not outlive this.
    Walk walk();
    /// Goes on; false at the end.
    bool step(Walk& walk, const TopicTree::Levels& filter) const {
        return tree_.step(walk.place_, filter);
    }
    /// What is to be seen where the walk stands, or nullptr; also asked again after a rest.
    const Entry* here(const Walk& walk, const TopicTree::Levels& filter) const;
    /// Before anything changes while the walk is not through.
    void rest(Walk& walk);

    explicit Retained(Quotas& quotas)
        : quotas_(quotas) {}

    /// What `owner` would have to have room for, to keep a message there: one in its place that is
    /// its own already counts for it.
    struct Cost {
        std::size_t messages = 0;
        std::size_t bytes = 0;
    };
    Cost cost(const MessageView& message, IdentityIndex owner) const;
    void keep(MessageRef message, IdentityIndex owner);
    /// False if there was none.
    bool drop(std::string_view topic);
    const Entry* find(std::string_view topic) const;

    /// Appends what `filter` matches; the entries are good until the next change.
    void match(std::string_view filter, std::vector<const Entry*>& found) const;
    void all(std::vector<const Entry*>& found) const;

    std::size_t size() const { return entries_.size(); }
    std::size_t bytes() const { return bytes_; }
    void clear();

private:
    void pay(const Entry& entry);
    void give_back(const Entry& entry);

    /// The value of a node that is in the tree only because a walk rests there.
    static constexpr std::uint32_t held = none - 1;
    void let_go(NodeId node);
    bool has_entry(NodeId node) const { return node != none && tree_.value(node) < held; }

    Quotas& quotas_;
    std::uint64_t kept_ = 0;                            ///< how many so far
    std::unordered_map<NodeId, std::uint32_t> resting_; ///< walks that rest at that node
    TopicTree tree_;
    Slab<Entry> entries_;
    std::size_t bytes_ = 0;
    mutable std::vector<NodeId> nodes_; ///< scratch
};

} // namespace hearth::broker
