#include "simulator/thing.h"

#include <algorithm>
#include <cmath>

namespace hearth::simulator {
namespace {

constexpr double heartbeat_min_s = 40; ///< between readings of the light
constexpr double heartbeat_max_s = 80;

/// A motion sensor (passive infrared) with a light meter. It sees whoever moves in its area, and
/// says "occupied" until nothing has moved for hold_s.
class MotionSensor final : public Thing {
public:
    MotionSensor(const DevicePlan& plan, World& house, std::uint64_t seed, Micros begin)
        : Thing(plan, house, seed, begin)
        , heartbeat_(begin + chance_s(5, 30)) {
        motion_ = next_motion(begin);
    }

    ValueMap state(Micros now) const override {
        const double lux = world().daylight_lux(now) + world().lamp_lux(plan().area);
        return {{"occupied", occupied_},
                {"lux", static_cast<std::int64_t>(std::lround(lux * wobble_))},
                {"battery", static_cast<std::int64_t>(battery(now, 500))}};
    }

protected:
    Result<void> check(const ValueMap&) const override {
        return fail(Code::invalid, "a sensor takes no commands");
    }
    bool obey(const ValueMap&, Micros) override { return false; }

    Micros due() const override { return std::min({motion_, clears_, heartbeat_}); }

    bool live(Micros now) override {
        bool news = false;
        wobble_ = chance(0.97, 1.03);
        if (motion_ <= now) {
            news = !occupied_;
            occupied_ = true;
            clears_ = now + static_cast<Micros>(plan().hold_s * static_cast<double>(seconds));
            motion_ = next_motion(now);
        }
        if (clears_ <= now) {
            news = true;
            occupied_ = false;
            clears_ = never;
        }
        if (heartbeat_ <= now) {
            news = true;
            heartbeat_ = now + chance_s(heartbeat_min_s, heartbeat_max_s);
        }
        return news;
    }

private:
    Micros next_motion(Micros now) {
        const Micros pause = chance_s(4, 50);
        if (world().household().anybody_awake_in(plan().area, now)) return now + pause;
        const auto arrival = world().household().next_arrival(plan().area, now);
        return arrival ? *arrival + chance_s(0.2, 2) : never;
    }

    bool occupied_ = false;
    double wobble_ = 1;
    Micros motion_ = never;
    Micros clears_ = never;
    Micros heartbeat_;
};

} // namespace

std::unique_ptr<Thing> make_motion_sensor(const DevicePlan& plan, World& world, std::uint64_t seed,
                                          Micros begin) {
    return std::make_unique<MotionSensor>(plan, world, seed, begin);
}

} // namespace hearth::simulator
