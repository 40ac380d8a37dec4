#include "simulator/thing.h"

#include <algorithm>
#include <cmath>

namespace hearth::simulator {
namespace {

constexpr double report_on_change_w = 5; ///< and at least a tenth

/// One step of what the machine behind the plug does.
struct Phase {
    double watts = 0;
    Micros length = never;
};

/// A plug that measures. Behind it stands a coffee machine that people use when they come into its
/// area (heating, brewing, keeping warm), a fridge whose compressor comes and goes, or nothing.
class MeteringPlug final : public Thing {
public:
    MeteringPlug(const DevicePlan& plan, World& house, std::uint64_t seed, Micros begin)
        : Thing(plan, house, seed, begin)
        , counted_to_(begin)
        , reading_(begin + chance_s(2, 15)) {
        // It has been in use for a while.
        kwh_ = kwh_at_midnight_ = 40 + chance(0, 60);
        today_ = house.day_number(begin);
        idle(begin);
    }

    ValueMap state(Micros now) const override {
        const double watts = on_ ? phase_.watts * wobble_ : 0;
        const double volts = 230 + 3 * smooth_noise(seed() + 1, static_cast<double>(now) /
                                                                    static_cast<double>(hours));
        const double kwh = kwh_ + owed(now);
        return {{"on", on_},
                {"watts", std::round(watts * 10) / 10},
                {"volts", std::round(volts * 10) / 10},
                {"amperes", std::round(watts / volts * 1000) / 1000},
                {"kwh", std::round(kwh * 1000) / 1000},
                {"kwh_today", std::round((kwh - kwh_at_midnight_) * 1000) / 1000},
                {"kwh_yesterday", std::round(yesterday_kwh_ * 1000) / 1000}};
    }

protected:
    Result<void> check(const ValueMap& request) const override {
        for (const auto& [key, value] : request) {
            if (key == "on" && value.is_bool()) continue;
            if (key == "toggle") continue;
            return fail(Code::invalid, "no such function: {}", key);
        }
        return {};
    }

    bool obey(const ValueMap& request, Micros now) override {
        count(now);
        if (const Value* on = request.find("on")) on_ = on->bool_or(on_);
        if (request.contains("toggle")) on_ = !on_;
        told_watts_ = on_ ? phase_.watts : 0;
        return true;
    }

    Micros due() const override { return std::min({reading_, phase_end_, use_}); }

    bool live(Micros now) override {
        count(now);
        if (phase_end_ <= now) next_phase(now);
        if (use_ <= now) start_use(now);
        bool news = reading_ <= now;
        if (news) {
            wobble_ = chance(0.985, 1.015);
            reading_ = now + static_cast<Micros>(plan().report_s * static_cast<double>(seconds));
        }
        const double watts = on_ ? phase_.watts : 0;
        const double change = std::abs(watts - told_watts_);
        if (change > report_on_change_w && change > told_watts_ / 10) news = true;
        if (news) told_watts_ = watts;
        return news;
    }

private:
    double owed(Micros now) const {
        if (!on_) return 0;
        return phase_.watts / 1000 * static_cast<double>(now - counted_to_) /
               static_cast<double>(hours);
    }

    /// Adds the energy since the last time.
    void count(Micros now) {
        kwh_ += owed(now);
        counted_to_ = now;
        if (const std::int64_t day = world().day_number(now); day != today_) {
            yesterday_kwh_ = kwh_ - kwh_at_midnight_;
            kwh_at_midnight_ = kwh_;
            today_ = day;
        }
    }

    void enter(Phase phase, Micros now) {
        phase_ = phase;
        phase_end_ = phase.length == never ? never : now + phase.length;
    }

    void idle(Micros now) {
        coming_.clear();
        if (plan().load == "fridge") {
            coming_ = {{chance(75, 90), chance_s(600, 1'100)}, {2.1, chance_s(1'200, 2'400)}};
            next_phase(now);
            return;
        }
        const bool machine = plan().load == "coffee_machine";
        enter({machine ? 1.2 : 0.0, never}, now);
        use_ = never;
        if (!machine) return;
        // Not everybody who comes in wants a coffee.
        Micros at = now;
        for (int skips = static_cast<int>(chance(0, 4)); skips >= 0; --skips) {
            const auto arrival = world().household().next_arrival(plan().area, at);
            if (!arrival) return;
            at = *arrival;
        }
        use_ = at + chance_s(20, 120);
    }

    void start_use(Micros now) {
        use_ = never;
        coming_.push_back({chance(1'380, 1'460), chance_s(45, 70)}); // heats the water
        const int cups = 1 + static_cast<int>(chance(0, 2.5));
        for (int cup = 0; cup < cups; ++cup) {
            coming_.push_back({chance(1'150, 1'250), chance_s(25, 40)}); // brews
            coming_.push_back({chance(55, 65), chance_s(20, 60)});       // the pump, then a pause
        }
        for (int i = 0; i < 8; ++i) { // keeps itself warm
            coming_.push_back({2.4, chance_s(150, 200)});
            coming_.push_back({chance(580, 640), chance_s(12, 20)});
        }
        next_phase(now);
    }

    void next_phase(Micros now) {
        if (coming_.empty()) {
            idle(now);
            return;
        }
        const Phase phase = coming_.front();
        coming_.pop_front();
        enter(phase, now);
    }

    bool on_ = true;
    Phase phase_;
    std::deque<Phase> coming_;
    double wobble_ = 1;
    double told_watts_ = 0;
    double kwh_ = 0;
    double kwh_at_midnight_ = 0;
    double yesterday_kwh_ = 0;
    std::int64_t today_ = 0;
    Micros counted_to_;
    Micros reading_;
    Micros phase_end_ = never;
    Micros use_ = never;
};

} // namespace

std::unique_ptr<Thing> make_metering_plug(const DevicePlan& plan, World& world, std::uint64_t seed,
                                          Micros begin) {
    return std::make_unique<MeteringPlug>(plan, world, seed, begin);
}

} // namespace hearth::simulator
