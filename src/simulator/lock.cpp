#include "simulator/thing.h"

#include <algorithm>

namespace hearth::simulator {
namespace {

/// A door lock. It is opened when somebody leaves or comes home, and locked again soon after.
class Lock final : public Thing {
public:
    Lock(const DevicePlan& plan, World& house, std::uint64_t seed, Micros begin)
        : Thing(plan, house, seed, begin)
        , passage_(house.household().next_passage(begin).value_or(never)) {}

    ValueMap state(Micros now) const override {
        const bool moving = arrives_ != never;
        return {{"lock", moving ? (goal_locked_ ? "locking" : "unlocking")
                                : (locked_ ? "locked" : "unlocked")},
                {"battery", static_cast<std::int64_t>(battery(now, 240))}};
    }

protected:
    Result<void> check(const ValueMap& request) const override {
        const Value* locked = request.find("locked");
        if (locked == nullptr || !locked->is_bool() || request.size() != 1)
            return fail(Code::invalid, "only LOCK and UNLOCK are understood");
        return {};
    }

    bool obey(const ValueMap& request, Micros now) override {
        turn(request.find("locked")->bool_or(locked_), now, delay_s(1, 2));
        return true;
    }

    Micros due() const override { return std::min({arrives_, passage_, locks_itself_}); }

    bool live(Micros now) override {
        if (arrives_ <= now) {
            locked_ = goal_locked_;
            arrives_ = never;
        }
        if (locks_itself_ <= now) {
            locks_itself_ = never;
            turn(true, now, chance_s(1, 2));
        }
        if (passage_ <= now) {
            turn(false, now, chance_s(1, 2));
            locks_itself_ = now + chance_s(20, 90);
            passage_ = world().household().next_passage(now).value_or(never);
        }
        return true;
    }

private:
    void turn(bool lock, Micros now, Micros takes) {
        // The bolt stands there already: it only tells so.
        if (arrives_ == never && locked_ == lock) return;
        goal_locked_ = lock;
        arrives_ = now + takes;
    }

    bool locked_ = true;
    bool goal_locked_ = true;
    Micros arrives_ = never;
    Micros passage_ = never;
    Micros locks_itself_ = never;
};

} // namespace

std::unique_ptr<Thing> make_lock(const DevicePlan& plan, World& world, std::uint64_t seed,
                                 Micros begin) {
    return std::make_unique<Lock>(plan, world, seed, begin);
}

} // namespace hearth::simulator
