#include "simulator/thing.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace hearth::simulator {
namespace {

double to_hundredths(double number) {
    return std::round(number * 100) / 100;
}

/// A thermometer with humidity: the room follows the day and, weakly, the weather outside; the air
/// is drier when it is warmer.
class Thermometer final : public Thing {
public:
    Thermometer(const DevicePlan& plan, World& house, std::uint64_t seed, Micros begin)
        : Thing(plan, house, seed, begin)
        , reading_(begin + chance_s(1, std::min(20.0, plan.report_s))) {}

    ValueMap state(Micros now) const override {
        const double celsius = room_celsius(now) + noise_;
        const double in_hours = static_cast<double>(now) / static_cast<double>(hours);
        const double humidity = plan().humidity - 2.2 * (celsius - plan().celsius) +
                                6 * smooth_noise(seed() + 2, in_hours / 9) + 3 * noise_;
        return {{"celsius", to_hundredths(celsius)},
                {"humidity", to_hundredths(std::clamp(humidity, 0.0, 100.0))},
                {"battery", static_cast<std::int64_t>(battery(now, 600))}};
    }

protected:
    Result<void> check(const ValueMap&) const override {
        return fail(Code::invalid, "a sensor takes no commands");
    }
    bool obey(const ValueMap&, Micros) override { return false; }

    Micros due() const override { return reading_; }

    bool live(Micros now) override {
        noise_ = chance(-0.04, 0.04);
        reading_ = now + static_cast<Micros>(plan().report_s * chance(0.85, 1.15) *
                                             static_cast<double>(seconds));
        return true;
    }

private:
    double room_celsius(Micros now) const {
        const double in_hours = static_cast<double>(now) / static_cast<double>(hours);
        const double minute = world().minute_of_day(now);
        // Warmest at about 18 o'clock, coolest before the heating starts at 6.
        const double day = std::cos(2 * std::numbers::pi * (minute - 18 * 60) / (24 * 60));
        return plan().celsius + 1.1 * day + 0.08 * (world().outdoor_celsius(now) - 10) +
               0.5 * smooth_noise(seed() + 1, in_hours / 3);
    }

    double noise_ = 0;
    Micros reading_;
};

} // namespace

std::unique_ptr<Thing> make_thermometer(const DevicePlan& plan, World& world, std::uint64_t seed,
                                        Micros begin) {
    return std::make_unique<Thermometer>(plan, world, seed, begin);
}

} // namespace hearth::simulator
