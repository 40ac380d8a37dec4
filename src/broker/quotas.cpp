#include "broker/quotas.h"

#include <cassert>

#include <fmt/format.h>

namespace hearth::broker {

namespace {

struct Names {
    std::string_view what;
    std::string_view each_setting;
    std::string_view all_setting;
};

constexpr std::array<Names, resource_count> names{{
    {"connections", "broker.connections_per_credential", "broker.connections"},
    {"sessions", "broker.sessions_per_credential", "broker.sessions"},
    {"subscriptions", "broker.subscriptions_per_credential", "broker.subscriptions"},
    {"bytes of subscriptions", "broker.subscription_bytes_per_credential",
     "broker.subscription_bytes"},
    {"queued messages", "broker.queued_messages_per_credential", "broker.queued_messages_in_all"},
    {"bytes of queued messages", "broker.queued_bytes_per_credential",
     "broker.queued_bytes_in_all"},
    {"retained messages", "broker.retained_messages_per_credential", "broker.retained_messages"},
    {"bytes of retained messages", "broker.retained_bytes_per_credential", "broker.retained_bytes"},
    {"bytes of packets that have not come whole", "broker.incoming_bytes_per_credential",
     "broker.incoming_bytes"},
}};

bool fits(std::size_t used, std::size_t amount, std::size_t limit) {
    return used <= limit && amount <= limit - used;
}

} // namespace

Quotas::Quotas(const BrokerLimits& limits, const MemoryWatch* memory)
    : limits_{{{limits.connections_per_credential, limits.accepted_connections()},
               {limits.sessions_per_credential, limits.sessions},
               {limits.subscriptions_per_credential, limits.subscriptions},
               {limits.subscription_bytes_per_credential, limits.subscription_bytes},
               {limits.queued_messages_per_credential, limits.queued_messages_in_all},
               {limits.queued_bytes_per_credential, limits.queued_bytes_in_all},
               {limits.retained_messages_per_credential, limits.retained_messages},
               {limits.retained_bytes_per_credential, limits.retained_bytes},
               {limits.incoming_bytes_per_credential, limits.incoming_bytes}}}
    , memory_(memory) {}

bool Quotas::has_room(IdentityIndex who, Resource what, std::size_t amount) const {
    return !out_of_memory(what) && within(who, what, amount);
}

bool Quotas::within(IdentityIndex who, Resource what, std::size_t amount) const {
    return fits(used(who, what), amount, limit_of(who, what)) &&
           fits(used(what), amount, limits_[index(what)].all);
}

bool Quotas::has_queue_room(IdentityIndex who, std::size_t bytes, bool leaves_at_once) const {
    if (leaves_at_once)
        return within(who, Resource::queued_messages, 1) &&
               within(who, Resource::queued_bytes, bytes);
    if (out_of_memory(Resource::queued_bytes)) return false;
    const auto waits = [&](Resource what, std::size_t amount) {
        const Limit& limit = limits_[index(what)];
        return fits(used(who, what), amount, limit.each - limit.each / 4) &&
               fits(used(what), amount, limit.all - limit.all / 4);
    };
    return waits(Resource::queued_messages, 1) && waits(Resource::queued_bytes, bytes);
}

std::string Quotas::why_full(IdentityIndex who, std::string_view name, Resource what,
                             std::size_t amount) const {
    if (out_of_memory(what))
        return fmt::format("hearth uses {} MiB of memory, as much as it may: more is allowed by "
                           "memory.budget_bytes",
                           memory_->used() >> 20);
    const Names& told = names[index(what)];
    const Limit& limit = limits_[index(what)];
    // What waits is stopped before the limit: see has_queue_room().
    const bool queue = what == Resource::queued_messages || what == Resource::queued_bytes;
    const std::size_t each = queue ? limit.each - limit.each / 4 : limit.each;
    if (who != strangers && fits(used(who, what), amount, each))
        return fmt::format("all clients together have {} {} of {}: more are allowed by {}",
                           used(what), told.what, limit.all, told.all_setting);
    const std::string whose = who == strangers ? std::string("connections without a CONNECT")
                              : name.empty()   ? std::string("clients without a name")
                                               : fmt::format("credential {}", name);
    return fmt::format("{} {} {} {} of {}: more are allowed by {}", whose,
                       name.empty() ? "have" : "has", used(who, what), told.what, limit.each,
                       told.each_setting);
}

const Quotas::Amounts* Quotas::find(IdentityIndex who) const {
    if (who == strangers) return &of_strangers_;
    return who < each_.size() ? &each_[who] : nullptr;
}

Quotas::Amounts& Quotas::of(IdentityIndex who) {
    if (who == strangers) return of_strangers_;
    if (who >= each_.size()) each_.resize(std::size_t{who} + 1);
    return each_[who];
}

void Quotas::take(IdentityIndex who, Resource what, std::size_t amount) {
    of(who)[index(what)] += amount;
    all_[index(what)] += amount;
}

void Quotas::give_back(IdentityIndex who, Resource what, std::size_t amount) {
    assert(used(who, what) >= amount);
    of(who)[index(what)] -= amount;
    all_[index(what)] -= amount;
}

std::size_t Quotas::used(IdentityIndex who, Resource what) const {
    const Amounts* amounts = find(who);
    return amounts != nullptr ? (*amounts)[index(what)] : 0;
}

} // namespace hearth::broker
