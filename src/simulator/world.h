#pragma once

#include "simulator/household.h"

#include <map>
#include <string>
#include <string_view>

namespace hearth::simulator {

/// What all devices share: the sun, the weather, the people, and the light that lamps make. All
/// functions of simulated time (UTC) and seed.
class World {
public:
    World(const HomePlan& plan, std::uint64_t seed);

    Household& household() { return household_; }
    const Household& household() const { return household_; }

    /// Sine of the sun's height above the horizon, -1 to 1. After the usual formula from latitude,
    /// declination and hour angle (Meeus, Astronomical Algorithms, chapters 13 and 25, to about
    /// 1°).
    double sun_height(Micros at) const;
    /// What falls through a window into a room, lux.
    double daylight_lux(Micros at) const;
    double outdoor_celsius(Micros at) const;

    bool is_dark(Micros at) const { return sun_height(at) < 0.05; }
    /// Minutes since midnight by the people's clock.
    double minute_of_day(Micros at) const;
    /// Which day it is by the people's clock, since 1970.
    std::int64_t day_number(Micros at) const;

    /// A lamp tells how bright it is, 0 to 1; what it adds to an area is lamp_lux().
    void set_lamp(std::string_view device, std::string_view area, double brightness);
    double lamp_lux(std::string_view area) const;

private:
    struct Lamp {
        std::string area;
        double brightness = 0;
    };

    std::uint64_t seed_;
    double latitude_;
    double longitude_;
    Micros utc_offset_;
    Household household_;
    std::map<std::string, Lamp, std::less<>> lamps_;
};

} // namespace hearth::simulator
