#pragma once

#include "base/time.h"

#include <optional>

/// Where the sun stands. The equations are NOAA's solar calculator
/// (https://gml.noaa.gov/grad/solcalc/calcdetails.html), which follow J. Meeus, Astronomical
/// Algorithms: good to about a minute between the years 1900 and 2100 for latitudes below 72°, and
/// to ten minutes nearer to the poles. Pure functions.
namespace hearth::automations {

struct Place {
    double latitude = 0;  ///< degrees, north is positive
    double longitude = 0; ///< degrees, east is positive
};

enum class SunEvent : std::uint8_t { sunrise, sunset };

/// When the sun's upper edge passes the horizon (its centre at -0.833°, with the refraction of a
/// usual day), at the solar day whose noon is nearest to `near`. Nothing where it does not on that
/// day: polar day or night.
std::optional<Micros> sun_event(SunEvent event, Micros near, const Place& place);

/// Height of the sun's centre above the horizon in degrees, without refraction.
double sun_elevation(Micros utc, const Place& place);

/// Whether any of the sun is above the horizon, as sun_event() means it.
bool is_sun_up(Micros utc, const Place& place);

} // namespace hearth::automations
