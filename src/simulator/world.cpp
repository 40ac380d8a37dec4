#include "simulator/world.h"

#include "simulator/chance.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace hearth::simulator {
namespace {

constexpr double radians = std::numbers::pi / 180;
constexpr double window_share = 0.004; ///< of the light outside that reaches the middle of a room
constexpr double lamp_at_full_lux = 140;

double in_days(Micros at) {
    return static_cast<double>(at) / static_cast<double>(days);
}

/// Days since the winter solstice of the north.
double day_of_year(Micros at) {
    return std::fmod(in_days(at) + 10, 365.2425);
}

} // namespace

World::World(const HomePlan& plan, std::uint64_t seed)
    : seed_(seed_for(seed, "weather"))
    , latitude_(plan.latitude)
    , longitude_(plan.longitude)
    , utc_offset_(static_cast<Micros>(plan.utc_offset_h * static_cast<double>(hours)))
    , household_(plan, seed) {}

double World::sun_height(Micros at) const {
    const double declination =
        -23.44 * radians * std::cos(2 * std::numbers::pi * day_of_year(at) / 365.2425);
    const double solar_day = in_days(at) + longitude_ / 360;
    const double hour_angle = 2 * std::numbers::pi * (solar_day - std::floor(solar_day) - 0.5);
    const double latitude = latitude_ * radians;
    return std::sin(latitude) * std::sin(declination) +
           std::cos(latitude) * std::cos(declination) * std::cos(hour_angle);
}

double World::daylight_lux(Micros at) const {
    const double clear_lux = 100'000 * std::pow(std::max(0.0, sun_height(at)), 1.2);
    const double clouds = smooth_noise(seed_ + 1, in_days(at) * 12);
    return clear_lux * (0.6 + 0.4 * clouds) * window_share;
}

double World::outdoor_celsius(Micros at) const {
    const double season = -std::cos(2 * std::numbers::pi * day_of_year(at) / 365.2425);
    const double solar_day = in_days(at) + longitude_ / 360;
    // The warmest hour is about 15 o'clock.
    const double hour = std::cos(2 * std::numbers::pi * (solar_day - std::floor(solar_day) - 0.62));
    const double weather = smooth_noise(seed_ + 2, in_days(at) * 0.7);
    return 10 + (latitude_ < 0 ? -10 : 10) * season + 4 * hour + 4 * weather;
}

double World::minute_of_day(Micros at) const {
    const Micros local = (at + utc_offset_) % days;
    return static_cast<double>(local < 0 ? local + days : local) / static_cast<double>(minutes);
}

std::int64_t World::day_number(Micros at) const {
    const Micros local = at + utc_offset_;
    return local >= 0 ? local / days : (local - days + 1) / days;
}

void World::set_lamp(std::string_view device, std::string_view area, double brightness) {
    lamps_.insert_or_assign(std::string(device), Lamp{std::string(area), brightness});
}

double World::lamp_lux(std::string_view area) const {
    double lux = 0;
    for (const auto& [device, lamp] : lamps_) {
        if (lamp.area == area) lux += lamp_at_full_lux * lamp.brightness;
    }
    return lux;
}

} // namespace hearth::simulator
