#pragma once

#include "broker/route_cache.h"
#include "broker/session.h"
#include "broker/slab.h"
#include "broker/topic_tree.h"
#include "codec/mqtt/lists.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hearth::broker {

/// What a client asked for with one filter (3.8.3.1).
struct SubscriptionOptions {
    Qos qos = Qos::at_most_once;
    bool no_local = false;
    bool retain_as_published = false;
    mqtt::RetainHandling retain_handling = mqtt::RetainHandling::send; ///< used once, not kept
    std::uint32_t identifier = 0;                                      ///< 0: none
};

/// One subscription: of a session (perhaps as member of a group), or of a local subscriber.
struct Subscription {
    SessionIndex session = none;
    NodeId node = none;
    std::uint32_t group = none;
    std::uint32_t next_at_node = none;
    std::uint32_t previous_at_node = none;
    std::uint32_t next_of_session = none;
    std::uint32_t previous_of_session = none;
    std::uint32_t identifier = 0;
    LocalBus::SubscriptionId local = 0;
    Qos qos = Qos::at_most_once;
    bool no_local = false;
    bool retain_as_published = false;
    bool retained_owed = false; ///< a walk over retained messages waits and has not begun
    std::uint32_t cost = 0;     ///< bytes that its session's owner pays
};

/// What a subscription costs in memory, about: its text, and a node of the tree for each level.
std::size_t subscription_cost(std::string_view filter);

/// The members of one shared subscription (4.8.2): a group name and a filter. Each message goes to
/// one of them, in turn.
struct SharedGroup {
    std::string name;
    std::vector<std::uint32_t> members; ///< subscriptions
    std::size_t turn = 0;
};

/// Every subscription of the home, as a tree of filters. Any change gives a new epoch, and by it
/// every cached route is old.
class Subscriptions {
public:
    explicit Subscriptions(Quotas& quotas)
        : quotas_(quotas) {}

    struct Added {
        std::uint32_t index = none;
        bool is_new = true; ///< false: it has taken the place of one with the same filter
    };

    /// `filter` is a valid filter, shared or not. Its session's list begins at
    /// session.first_subscription and is kept up here, as is its count.
    Added add(SessionIndex index, Session& session, std::string_view filter,
              const SubscriptionOptions& options);
    /// The session's subscription with that filter, or none.
    std::uint32_t find(const Session& session, std::string_view filter) const;
    void remove(std::uint32_t subscription, Session& session);
    void remove_all(Session& session);

    std::uint32_t add_local(std::string_view filter, LocalBus::SubscriptionId id);
    void remove_local(std::uint32_t subscription);

    /// Fills a route with what matches its topic.
    void build(Route& route);

    /// Also of shared ones: "$share/GROUP/FILTER".
    std::string filter(std::uint32_t subscription) const;
    const Subscription& operator[](std::uint32_t subscription) const {
        return entries_[subscription];
    }
    void set_retained_owed(std::uint32_t subscription, bool owed) {
        entries_[subscription].retained_owed = owed;
    }
    SharedGroup& group(std::uint32_t group) { return groups_[group]; }
    const SharedGroup& group(std::uint32_t group) const { return groups_[group]; }

    std::uint64_t epoch() const { return epoch_; }
    /// Of sessions, not local ones.
    std::size_t size() const { return of_sessions_; }
    /// Forgets those of sessions; local ones stay.
    void forget_sessions(Sessions& sessions);

private:
    std::uint32_t make(std::string_view filter);
    void unlink(std::uint32_t subscription);
    std::uint32_t join(NodeId node, std::string_view name, std::uint32_t subscription);
    void leave(std::uint32_t group, std::uint32_t subscription);
    void gather(std::uint32_t subscription, Route& route);
    void merge(Route& route);

    Quotas& quotas_;
    TopicTree tree_;
    Slab<Subscription> entries_;
    Slab<SharedGroup> groups_;
    std::uint64_t epoch_ = 1;
    std::size_t of_sessions_ = 0;
    std::vector<NodeId> nodes_;             ///< scratch of build()
    std::vector<std::uint32_t> candidates_; ///< scratch of build()
};

} // namespace hearth::broker
