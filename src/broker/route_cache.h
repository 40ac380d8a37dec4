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
    std::size_t counted = 0;       ///< bytes, as the cache has counted them

    const Verdict* verdict(IdentityIndex identity) const;
    void remember(IdentityIndex identity, bool allowed);
};

/// Topic to Route. Full, by number or by bytes, it forgets everything and starts again: routes are
/// cheap to make.
class RouteCache {
public:
    RouteCache(std::size_t limit, std::size_t bytes)
        : limit_(limit)
        , most_bytes_(bytes) {}

    /// The route of a topic; a new one has epoch 0, and the caller fills it. Good until the next
    /// call.
    Route& of(std::string_view topic);
    /// The same without making one: nullptr if there is none.
    Route* find(std::string_view topic);
    /// The route has been filled, or has grown.
    void measure(Route& route);
    std::size_t bytes() const { return bytes_; }
    void clear();
    std::size_t size() const { return index_.size(); }

private:
    std::size_t limit_;
    std::size_t most_bytes_;
    std::size_t bytes_ = 0;
    Slab<Route> routes_;
    IndexTable index_;
};

} // namespace hearth::broker
