#include "broker/subscriptions.h"

#include "codec/mqtt/topic.h"

#include <algorithm>
#include <optional>

namespace hearth::broker {

std::size_t subscription_cost(std::string_view filter) {
    constexpr std::size_t entry = 64;
    constexpr std::size_t level = 72;
    const auto slashes = static_cast<std::size_t>(std::ranges::count(filter, '/'));
    return entry + filter.size() + (slashes + 1) * level;
}

std::uint32_t Subscriptions::make(std::string_view filter) {
    const NodeId node = tree_.add(filter);
    const std::uint32_t index = entries_.make();
    Subscription& entry = entries_[index];
    entry.node = node;
    entry.next_at_node = tree_.value(node);
    if (entry.next_at_node != none) entries_[entry.next_at_node].previous_at_node = index;
    tree_.set_value(node, index);
    ++epoch_;
    return index;
}

void Subscriptions::unlink(std::uint32_t index) {
    const Subscription entry = entries_[index];
    if (entry.group != none) leave(entry.group, index);
    if (entry.next_at_node != none)
        entries_[entry.next_at_node].previous_at_node = entry.previous_at_node;
    if (entry.previous_at_node != none) {
        entries_[entry.previous_at_node].next_at_node = entry.next_at_node;
    } else {
        tree_.set_value(entry.node, entry.next_at_node);
        tree_.prune(entry.node);
    }
    entries_.free(index);
    ++epoch_;
}

Subscriptions::Added Subscriptions::add(SessionIndex index, Session& session,
                                        std::string_view filter,
                                        const SubscriptionOptions& options) {
    Added added{find(session, filter), true};
    if (added.index != none) {
        added.is_new = false;
        ++epoch_;
    } else {
        const auto shared = mqtt::shared_filter(filter);
        added.index = make(shared ? shared->filter : filter);
        Subscription& fresh = entries_[added.index];
        fresh.session = index;
        fresh.next_of_session = session.first_subscription;
        if (fresh.next_of_session != none)
            entries_[fresh.next_of_session].previous_of_session = added.index;
        session.first_subscription = added.index;
        ++session.subscriptions;
        ++of_sessions_;
        fresh.cost = static_cast<std::uint32_t>(subscription_cost(filter));
        quotas_.take(session.owner, Resource::subscriptions);
        quotas_.take(session.owner, Resource::subscription_bytes, fresh.cost);
        if (shared) fresh.group = join(fresh.node, shared->group, added.index);
    }
    Subscription& entry = entries_[added.index];
    entry.qos = options.qos;
    entry.no_local = options.no_local;
    entry.retain_as_published = options.retain_as_published;
    entry.identifier = options.identifier;
    return added;
}

std::uint32_t Subscriptions::find(const Session& session, std::string_view filter) const {
    const auto shared = mqtt::shared_filter(filter);
    const NodeId node = tree_.find(shared ? shared->filter : filter);
    if (node == none) return none;
    const auto same = [&](std::uint32_t at) {
        const Subscription& entry = entries_[at];
        if (entry.node != node || (entry.group != none) != shared.has_value()) return false;
        return !shared || groups_[entry.group].name == shared->group;
    };
    // Along both lists that it would be in, so that the shorter one says how long it takes.
    std::uint32_t here = tree_.value(node);
    std::uint32_t mine = session.first_subscription;
    const SessionIndex owner = mine == none ? none : entries_[mine].session;
    while (here != none && mine != none) {
        if (same(mine)) return mine;
        if (entries_[here].session == owner && same(here)) return here;
        here = entries_[here].next_at_node;
        mine = entries_[mine].next_of_session;
    }
    return none;
}

void Subscriptions::remove(std::uint32_t index, Session& session) {
    const Subscription& entry = entries_[index];
    if (entry.next_of_session != none)
        entries_[entry.next_of_session].previous_of_session = entry.previous_of_session;
    if (entry.previous_of_session != none)
        entries_[entry.previous_of_session].next_of_session = entry.next_of_session;
    else
        session.first_subscription = entry.next_of_session;
    --session.subscriptions;
    --of_sessions_;
    quotas_.give_back(session.owner, Resource::subscriptions);
    quotas_.give_back(session.owner, Resource::subscription_bytes, entry.cost);
    unlink(index);
}

void Subscriptions::remove_all(Session& session) {
    while (session.first_subscription != none)
        remove(session.first_subscription, session);
}

std::uint32_t Subscriptions::add_local(std::string_view filter, LocalBus::SubscriptionId id) {
    const std::uint32_t index = make(filter);
    entries_[index].local = id;
    return index;
}

void Subscriptions::remove_local(std::uint32_t subscription) {
    unlink(subscription);
}

std::uint32_t Subscriptions::join(NodeId node, std::string_view name, std::uint32_t subscription) {
    std::uint32_t group = none;
    for (std::uint32_t at = tree_.value(node); at != none && group == none;
         at = entries_[at].next_at_node) {
        const std::uint32_t other = entries_[at].group;
        if (other != none && groups_[other].name == name) group = other;
    }
    if (group == none) {
        group = groups_.make();
        groups_[group].name = name;
    }
    groups_[group].members.push_back(subscription);
    return group;
}

void Subscriptions::leave(std::uint32_t group, std::uint32_t subscription) {
    std::erase(groups_[group].members, subscription);
    if (groups_[group].members.empty()) groups_.free(group);
}

std::string Subscriptions::filter(std::uint32_t subscription) const {
    const Subscription& entry = entries_[subscription];
    std::string filter;
    if (entry.group != none) filter = "$share/" + groups_[entry.group].name + '/';
    return filter + tree_.path(entry.node);
}

void Subscriptions::build(Route& route) {
    route.targets.clear();
    route.groups.clear();
    route.locals.clear();
    route.subscription_ids.clear();
    nodes_.clear();
    candidates_.clear();
    tree_.match_filters(route.topic, nodes_);
    for (const NodeId node : nodes_)
        for (std::uint32_t at = tree_.value(node); at != none; at = entries_[at].next_at_node)
            gather(at, route);
    std::ranges::sort(route.groups);
    route.groups.erase(std::ranges::unique(route.groups).begin(), route.groups.end());
    std::ranges::sort(route.locals); // who subscribed first hears first
    merge(route);
    route.subscriptions_epoch = epoch_;
}

void Subscriptions::gather(std::uint32_t index, Route& route) {
    const Subscription& entry = entries_[index];
    if (entry.local != 0)
        route.locals.push_back(entry.local);
    else if (entry.group != none)
        route.groups.push_back(entry.group);
    else
        candidates_.push_back(index);
}

void Subscriptions::merge(Route& route) {
    std::ranges::sort(candidates_, {}, [this](std::uint32_t at) { return entries_[at].session; });
    for (const std::uint32_t at : candidates_) {
        const Subscription& entry = entries_[at];
        if (route.targets.empty() || route.targets.back().session != entry.session) {
            const auto ids_at = static_cast<std::uint32_t>(route.subscription_ids.size());
            route.targets.push_back({entry.session, ids_at, 0, entry.qos, true, false});
        }
        Target& target = route.targets.back();
        target.qos = std::max(target.qos, entry.qos);
        target.no_local = target.no_local && entry.no_local;
        target.retain_as_published = target.retain_as_published || entry.retain_as_published;
        if (entry.identifier != 0 &&
            mqtt::append_subscription_id(route.subscription_ids, entry.identifier))
            target.ids_size =
                static_cast<std::uint16_t>(route.subscription_ids.size() - target.ids_at);
    }
}

void Subscriptions::forget_sessions(Sessions& sessions) {
    for (SessionIndex index = 0; index < sessions.capacity(); ++index)
        if (sessions[index].alive) remove_all(sessions[index]);
}

} // namespace hearth::broker
