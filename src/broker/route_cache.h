#pragma once

#include "broker/index_table.h"
#include "broker/message.h"
#include "broker/session.h"
#include "broker/slab.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hearth::broker {

/// One session that a topic goes to, all its matching subscriptions taken together (3.3.4): the
/// highest QoS, and every subscription identifier.
struct Target {
    SessionIndex session = none;
    std::uint32_t ids_at = 0; ///< in Route::subscription_ids
    std::uint16_t ids_size = 0;
    Qos qos = Qos::at_most_once;
    bool no_local = false;            ///< all of them said so
    bool retain_as_published = false; ///< one of them said so
};

/// Where messages of one topic go: what the subscription tree says, kept so that a publication
/// costs one lookup and no allocation.
struct Route {
    std::string topic;
    std::uint64_t subscriptions_epoch = 0;
    std::vector<Target> targets;
    std::vector<std::uint32_t> groups; ///< of shared subscriptions
    std::vector<LocalBus::SubscriptionId> locals;
    std::string subscription_ids; ///< encoded, those of all targets

    /// Who may publish to it, as far as asked; thrown away when rights change.
    struct Verdict {
        IdentityIndex identity = 0;
        bool allowed = false;
    };
    std::uint64_t rights_epoch = 0;
    std::vector<Verdict> verdicts; ///< sorted by identity

    const Verdict* verdict(IdentityIndex identity) const;
    void remember(IdentityIndex identity, bool allowed);
};

/// Topic to Route. Full, it forgets everything and starts again: routes are cheap to make.
class RouteCache {
public:
    explicit RouteCache(std::size_t limit)
        : limit_(limit) {}

    /// The route of a topic; a new one has epoch 0, and the caller fills it. Good until the next
    /// call.
    Route& of(std::string_view topic);
    void clear();
    std::size_t size() const { return index_.size(); }

private:
    std::size_t limit_;
    Slab<Route> routes_;
    IndexTable index_;
};

} // namespace hearth::broker
