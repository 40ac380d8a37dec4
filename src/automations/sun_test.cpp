#include "automations/sun.h"

#include <gtest/gtest.h>

/// Against the yearly tables of the U.S. Naval Observatory's Astronomical Applications Department
/// ("Rise and Set for the Sun for 2019", Universal Time): https://aa.usno.navy.mil/data/RS_OneYear
namespace hearth::automations {
namespace {

constexpr Micros tolerance = 2 * minutes;

struct Published {
    Place place;
    const char* noon; ///< about local noon, in UTC
    const char* sunrise;
    const char* sunset;
};

constexpr Place north{60, 0};
constexpr Place florida{29, -81};
constexpr Place south{-60, -150};
constexpr Place arctic{80, 0};

constexpr Published table[] = {
    {north, "2019-01-01T12:00:00Z", "2019-01-01T09:02:00Z", "2019-01-01T15:05:00Z"},
    {north, "2019-02-10T12:00:00Z", "2019-02-10T07:52:00Z", "2019-02-10T16:37:00Z"},
    {north, "2019-03-20T12:00:00Z", "2019-03-20T06:03:00Z", "2019-03-20T18:14:00Z"},
    {north, "2019-06-21T12:00:00Z", "2019-06-21T02:36:00Z", "2019-06-21T21:28:00Z"},
    {north, "2019-09-23T12:00:00Z", "2019-09-23T05:46:00Z", "2019-09-23T17:58:00Z"},
    {north, "2019-12-22T12:00:00Z", "2019-12-22T09:02:00Z", "2019-12-22T14:55:00Z"},
    {florida, "2019-01-01T17:24:00Z", "2019-01-01T12:18:00Z", "2019-01-01T22:38:00Z"},
    {florida, "2019-03-20T17:24:00Z", "2019-03-20T11:28:00Z", "2019-03-20T23:35:00Z"},
    {florida, "2019-06-15T17:24:00Z", "2019-06-15T10:25:00Z", "2019-06-16T00:24:00Z"},
    {florida, "2019-10-20T17:24:00Z", "2019-10-20T11:28:00Z", "2019-10-20T22:49:00Z"},
    {south, "2019-01-01T22:00:00Z", "2019-01-01T12:43:00Z", "2019-01-02T07:23:00Z"},
    {south, "2019-06-21T22:00:00Z", "2019-06-21T19:06:00Z", "2019-06-22T00:58:00Z"},
    {south, "2019-09-23T22:00:00Z", "2019-09-23T15:45:00Z", "2019-09-24T04:01:00Z"},
};

TEST(Sun, RisesAndSetsAsPublished) {
    for (const Published& day : table) {
        const Micros noon = *parse_rfc3339(day.noon);
        const auto sunrise = sun_event(SunEvent::sunrise, noon, day.place);
        const auto sunset = sun_event(SunEvent::sunset, noon, day.place);
        ASSERT_TRUE(sunrise && sunset) << day.noon;
        EXPECT_NEAR(*sunrise, *parse_rfc3339(day.sunrise), tolerance) << to_rfc3339(*sunrise);
        EXPECT_NEAR(*sunset, *parse_rfc3339(day.sunset), tolerance) << to_rfc3339(*sunset);
    }
}

TEST(Sun, AnyMomentOfTheDayFindsTheSameEvents) {
    const Micros noon = *parse_rfc3339("2019-03-20T17:24:00Z");
    const auto sunset = *sun_event(SunEvent::sunset, noon, florida);
    for (const Micros shift : {-11 * hours, -6 * hours, 6 * hours, 11 * hours})
        EXPECT_NEAR(*sun_event(SunEvent::sunset, noon + shift, florida), sunset, seconds);
}

TEST(Sun, DoesNotRiseInThePolarNightNorSetOnThePolarDay) {
    for (const char* day :
         {"2019-01-15T12:00:00Z", "2019-06-15T12:00:00Z", "2019-11-15T12:00:00Z"}) {
        EXPECT_FALSE(sun_event(SunEvent::sunrise, *parse_rfc3339(day), arctic)) << day;
        EXPECT_FALSE(sun_event(SunEvent::sunset, *parse_rfc3339(day), arctic)) << day;
    }
    EXPECT_TRUE(sun_event(SunEvent::sunrise, *parse_rfc3339("2019-03-20T12:00:00Z"), arctic));
    for (const int hour : {0, 6, 12, 18}) {
        EXPECT_TRUE(is_sun_up(*parse_rfc3339("2019-06-15T00:00:00Z") + hour * hours, arctic));
        EXPECT_FALSE(is_sun_up(*parse_rfc3339("2019-12-15T00:00:00Z") + hour * hours, arctic));
    }
}

TEST(Sun, IsUpBetweenSunriseAndSunset) {
    for (const Published& day : table) {
        const Micros sunrise = *parse_rfc3339(day.sunrise);
        const Micros sunset = *parse_rfc3339(day.sunset);
        EXPECT_TRUE(is_sun_up(sunrise + tolerance, day.place)) << day.sunrise;
        EXPECT_FALSE(is_sun_up(sunrise - tolerance, day.place)) << day.sunrise;
        EXPECT_TRUE(is_sun_up(sunset - tolerance, day.place)) << day.sunset;
        EXPECT_FALSE(is_sun_up(sunset + tolerance, day.place)) << day.sunset;
    }
}

/// At noon on the June solstice the sun stands over the tropic, 23.44° north.
TEST(Sun, StandsHighestAtNoon) {
    EXPECT_NEAR(sun_elevation(*parse_rfc3339("2019-06-21T12:02:00Z"), north), 53.44, 0.05);
    EXPECT_NEAR(sun_elevation(*parse_rfc3339("2019-06-21T00:02:00Z"), north), -6.56, 0.05);
}

} // namespace
} // namespace hearth::automations
