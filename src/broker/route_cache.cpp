#include "broker/route_cache.h"

#include <algorithm>

namespace hearth::broker {

const Route::Verdict* Route::verdict(IdentityIndex identity) const {
    const auto at = std::ranges::lower_bound(verdicts, identity, {}, &Verdict::identity);
    return at != verdicts.end() && at->identity == identity ? &*at : nullptr;
}

void Route::remember(IdentityIndex identity, bool allowed) {
    const auto at = std::ranges::lower_bound(verdicts, identity, {}, &Verdict::identity);
    verdicts.insert(at, {identity, allowed});
}

Route& RouteCache::of(std::string_view topic) {
    const std::uint32_t hash = hash_of(topic);
    const std::uint32_t found =
        index_.find(hash, [&](std::uint32_t at) { return routes_[at].topic == topic; });
    if (found != none) return routes_[found];
    if (index_.size() >= limit_) clear();
    const std::uint32_t index = routes_.make();
    routes_[index].topic = topic;
    index_.insert(hash, index);
    return routes_[index];
}

void RouteCache::clear() {
    routes_.clear();
    index_.clear();
}

} // namespace hearth::broker
