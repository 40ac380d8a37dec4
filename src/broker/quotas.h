#pragma once

#include "base/memory_watch.h"
#include "broker/limits.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hearth::broker {

/// Which credential, as Identities numbers them. 0 is nobody's: anonymous, or hearth itself.
using IdentityIndex = std::uint32_t;

/// What clients take of the hub. Each has two limits (BrokerLimits): of one credential, and of all
/// together. The first is well below the second, so that who takes all it can leaves room for
/// others; clients without a name count as one credential.
enum class Resource : std::uint8_t {
    connections,
    sessions,
    subscriptions,
    subscription_bytes,
    queued_messages,
    queued_bytes,
    retained_messages,
    retained_bytes,
    incoming_bytes,
};
inline constexpr std::size_t resource_count = 9;

/// Who has taken how much. The only place that knows it: whoever holds something takes it here and
/// gives it back here, and asks before.
class Quotas {
public:
    /// Whose CONNECT has not come: they share a sixteenth of what one credential may have.
    static constexpr IdentityIndex strangers = 0xFFFFFFFFU;

    /// While `memory` is full there is room for nothing that stays.
    explicit Quotas(const BrokerLimits& limits, const MemoryWatch* memory = nullptr);

    /// Whether `amount` more is within both limits.
    bool has_room(IdentityIndex who, Resource what, std::size_t amount = 1) const;
    /// Whether one more message may be queued. A quarter of the limits is for messages that leave
    /// at once: the queues of those who are away never stop what flows between those who are there.
    bool has_queue_room(IdentityIndex who, std::size_t bytes, bool leaves_at_once) const;
    /// What stands in the way, and the setting that would allow more. `name` is the credential's.
    std::string why_full(IdentityIndex who, std::string_view name, Resource what,
                         std::size_t amount = 1) const;

    void take(IdentityIndex who, Resource what, std::size_t amount = 1);
    void give_back(IdentityIndex who, Resource what, std::size_t amount = 1);

    std::size_t used(Resource what) const { return all_[index(what)]; }
    std::size_t used(IdentityIndex who, Resource what) const;

private:
    struct Limit {
        std::size_t each = 0;
        std::size_t all = 0;
    };
    using Amounts = std::array<std::size_t, resource_count>;

    static std::size_t index(Resource what) { return static_cast<std::size_t>(what); }

    std::array<Limit, resource_count> limits_;
    const MemoryWatch* memory_;
    bool out_of_memory(Resource what) const {
        // These two come and go; all else stays.
        const bool stays = what != Resource::connections && what != Resource::incoming_bytes;
        return stays && memory_ != nullptr && memory_->full();
    }
    bool within(IdentityIndex who, Resource what, std::size_t amount) const;
    const Amounts* find(IdentityIndex who) const;
    Amounts& of(IdentityIndex who);
    std::size_t limit_of(IdentityIndex who, Resource what) const {
        return who == strangers ? limits_[index(what)].each / 16 : limits_[index(what)].each;
    }

    Amounts all_{};
    Amounts of_strangers_{};
    std::vector<Amounts> each_; ///< by identity
};

} // namespace hearth::broker
