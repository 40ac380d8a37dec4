#include "simulator/thing.h"

#include <algorithm>
#include <cmath>

namespace hearth::simulator {

Thing::Thing(DevicePlan plan, World& world, std::uint64_t seed, Micros begin)
    : plan_(std::move(plan))
    , world_(world)
    , seed_(seed_for(seed, plan_.id))
    , begun_(begin)
    , chance_(seed_for(seed_, "chance"))
    , delays_(seed_for(seed_, "delays")) {}

Result<void> Thing::ask(ValueMap request, Micros now) {
    if (auto checked = check(request); !checked) return checked;
    if (waiting_.size() >= max_requests)
        return fail(Code::limit, "busy: {} requests are waiting", waiting_.size());
    // In their order, as a device with one receive queue does.
    const Micros earliest = waiting_.empty() ? now : waiting_.back().due;
    waiting_.push_back({std::max(earliest, now + delay_s(0.03, 0.3)), std::move(request)});
    reschedule();
    return {};
}

Micros Thing::next() const {
    return waiting_.empty() ? due() : std::min(due(), waiting_.front().due);
}

void Thing::act(Micros now) {
    bool news = false;
    if (due() <= now) news = live(now);
    while (!waiting_.empty() && waiting_.front().due <= now) {
        const ValueMap request = std::move(waiting_.front().request);
        waiting_.pop_front();
        news = obey(request, now) || news;
    }
    if (news && tells) tells(now);
}

Micros Thing::chance_s(double low, double high) {
    return static_cast<Micros>(chance(low, high) * static_cast<double>(seconds));
}

Micros Thing::delay_s(double low, double high) {
    return static_cast<Micros>(delays_.between(low, high) * static_cast<double>(seconds));
}

int Thing::battery(Micros now, double life_days) const {
    SeededRandom random(seed_for(seed_, "battery"));
    const double lives =
        static_cast<double>(now) / (life_days * static_cast<double>(days)) + random.between(0, 1);
    return static_cast<int>(100 - std::floor(95 * (lives - std::floor(lives))));
}

std::unique_ptr<Thing> make_thing(const DevicePlan& plan, World& world, std::uint64_t seed,
                                  Micros begin) {
    switch (plan.kind) {
    case Kind::light:
    case Kind::dimmable_light:
    case Kind::color_light:
        return make_light(plan, world, seed, begin);
    case Kind::curtain:
        return make_curtain(plan, world, seed, begin);
    case Kind::lock:
        return make_lock(plan, world, seed, begin);
    case Kind::motion_sensor:
        return make_motion_sensor(plan, world, seed, begin);
    case Kind::thermometer:
        return make_thermometer(plan, world, seed, begin);
    case Kind::metering_plug:
        return make_metering_plug(plan, world, seed, begin);
    }
    return nullptr;
}

} // namespace hearth::simulator
