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

Route* RouteCache::find(std::string_view topic) {
    const std::uint32_t found =
        index_.find(hash_of(topic), [&](std::uint32_t at) { return routes_[at].topic == topic; });
    return found == none ? nullptr : &routes_[found];
}

Route& RouteCache::of(std::string_view topic) {
    if (Route* known = find(topic)) return *known;
    if (index_.size() >= limit_ || bytes_ >= most_bytes_) clear();
    const std::uint32_t index = routes_.make();
    routes_[index].topic = topic;
    index_.insert(hash_of(topic), index);
    measure(routes_[index]);
    return routes_[index];
}

void RouteCache::measure(Route& route) {
    const std::size_t size =
        sizeof(Route) + route.topic.capacity() + route.targets.capacity() * sizeof(Target) +
        route.groups.capacity() * sizeof(std::uint32_t) +
        route.locals.capacity() * sizeof(LocalBus::SubscriptionId) +
        route.subscription_ids.capacity() + route.verdicts.capacity() * sizeof(Route::Verdict);
    bytes_ += size - route.counted;
    route.counted = size;
}

void RouteCache::clear() {
    routes_.clear();
    index_.clear();
    bytes_ = 0;
}

} // namespace hearth::broker
