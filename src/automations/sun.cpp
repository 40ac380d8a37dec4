#include "automations/sun.h"

#include <cmath>
#include <numbers>

namespace hearth::automations {
namespace {

constexpr double horizon = 90.833;           // degrees from the zenith: refraction and radius
constexpr double unix_epoch_day = 2440587.5; // Julian day of 1970-01-01T00:00Z
constexpr double j2000 = 2451545.0;          // Julian day of 2000-01-01T12:00Z
constexpr double days_in_century = 36525.0;
constexpr double minutes_per_degree = 4.0;

double radians(double degrees) {
    return degrees * std::numbers::pi / 180;
}
double degrees(double rad) {
    return rad * 180 / std::numbers::pi;
}
double sine(double of_degrees) {
    return std::sin(radians(of_degrees));
}
double cosine(double of_degrees) {
    return std::cos(radians(of_degrees));
}

struct Sun {
    double declination = 0;      ///< degrees
    double equation_of_time = 0; ///< minutes: apparent less mean solar time
};

/// The columns of NOAA's spreadsheet, in its order.
Sun sun_at(Micros utc) {
    const double day = static_cast<double>(utc) / static_cast<double>(days) + unix_epoch_day;
    const double t = (day - j2000) / days_in_century;
    const double mean_longitude = std::fmod(280.46646 + t * (36000.76983 + t * 0.0003032), 360.0);
    const double mean_anomaly = 357.52911 + t * (35999.05029 - 0.0001537 * t);
    const double eccentricity = 0.016708634 - t * (0.000042037 + 0.0000001267 * t);
    const double center = sine(mean_anomaly) * (1.914602 - t * (0.004817 + 0.000014 * t)) +
                          sine(2 * mean_anomaly) * (0.019993 - 0.000101 * t) +
                          sine(3 * mean_anomaly) * 0.000289;
    const double node = 125.04 - 1934.136 * t;
    const double apparent_longitude = mean_longitude + center - 0.00569 - 0.00478 * sine(node);
    const double mean_obliquity =
        23 + (26 + (21.448 - t * (46.815 + t * (0.00059 - t * 0.001813))) / 60) / 60;
    const double obliquity = mean_obliquity + 0.00256 * cosine(node);
    const double y = std::pow(std::tan(radians(obliquity / 2)), 2);
    const double equation = y * sine(2 * mean_longitude) - 2 * eccentricity * sine(mean_anomaly) +
                            4 * eccentricity * y * sine(mean_anomaly) * cosine(2 * mean_longitude) -
                            0.5 * y * y * sine(4 * mean_longitude) -
                            1.25 * eccentricity * eccentricity * sine(2 * mean_anomaly);
    return {degrees(std::asin(sine(obliquity) * sine(apparent_longitude))),
            minutes_per_degree * degrees(equation)};
}

/// The solar noon of the day whose mean solar noon is nearest.
Micros noon_near(Micros near, const Place& place) {
    const auto shift =
        static_cast<Micros>(place.longitude * minutes_per_degree * static_cast<double>(minutes));
    const Micros solar = near + shift - 12 * hours; // 0 at a mean solar noon
    const Micros day = solar >= 0 ? (solar + 12 * hours) / days : (solar - 12 * hours) / days;
    const Micros mean = day * days + 12 * hours - shift;
    const double equation = sun_at(mean).equation_of_time;
    return mean - static_cast<Micros>(equation * static_cast<double>(minutes));
}

/// From noon until the sun passes the horizon with that declination; nothing where it does not.
std::optional<Micros> half_day(double declination, const Place& place) {
    const double cos_hour_angle =
        cosine(horizon) / (cosine(place.latitude) * cosine(declination)) -
        std::tan(radians(place.latitude)) * std::tan(radians(declination));
    if (!(cos_hour_angle >= -1 && cos_hour_angle <= 1)) return std::nullopt;
    return static_cast<Micros>(degrees(std::acos(cos_hour_angle)) * minutes_per_degree *
                               static_cast<double>(minutes));
}

} // namespace

std::optional<Micros> sun_event(SunEvent event, Micros near, const Place& place) {
    constexpr int rounds = 5; // each brings in the declination at the moment found before
    const Micros noon = noon_near(near, place);
    const double noon_equation = sun_at(noon).equation_of_time;
    Micros moment = noon;
    for (int round = 0; round < rounds; ++round) {
        const Sun sun = sun_at(moment);
        const auto half = half_day(sun.declination, place);
        if (!half) return std::nullopt;
        const auto drift = static_cast<Micros>((noon_equation - sun.equation_of_time) *
                                               static_cast<double>(minutes));
        moment = noon + drift + (event == SunEvent::sunset ? *half : -*half);
    }
    return moment;
}

double sun_elevation(Micros utc, const Place& place) {
    const Sun sun = sun_at(utc);
    const auto past_midnight = static_cast<double>(((utc % days) + days) % days);
    const double solar_minutes = past_midnight / static_cast<double>(minutes) +
                                 sun.equation_of_time + minutes_per_degree * place.longitude;
    const double hour_angle = solar_minutes / minutes_per_degree - 180;
    const double height = sine(place.latitude) * sine(sun.declination) +
                          cosine(place.latitude) * cosine(sun.declination) * cosine(hour_angle);
    return degrees(std::asin(std::fmin(1.0, std::fmax(-1.0, height))));
}

bool is_sun_up(Micros utc, const Place& place) {
    return sun_elevation(utc, place) > 90 - horizon;
}

} // namespace hearth::automations
