#include "simulator/test_house.h"

#include <gmock/gmock.h>

namespace hearth::simulator {
namespace {

TEST(World, TheSunStandsHighestAtNoonAndBelowTheHorizonAtMidnight) {
    const World world(House::plan(), 1);
    // Solar noon at 11° east is 11:16 UTC; at 48° north the sun then stands 65.4° high in June.
    const Micros noon = summer_midnight + 12 * hours + 16 * minutes;
    EXPECT_NEAR(world.sun_height(noon), 0.909, 0.01);
    EXPECT_LT(world.sun_height(summer_midnight), -0.2);
    EXPECT_TRUE(world.is_dark(summer_midnight));
    EXPECT_FALSE(world.is_dark(noon));
    // In December 18.6°.
    EXPECT_NEAR(world.sun_height(noon + 189 * days), 0.319, 0.01);
}

TEST(World, IsWarmerInSummerThanInWinter) {
    const World world(House::plan(), 1);
    EXPECT_GT(world.outdoor_celsius(summer_midnight),
              world.outdoor_celsius(summer_midnight + 183 * days));
}

TEST(World, TellsTheTimeByThePeoplesClock) {
    const World world(House::plan(), 1);
    EXPECT_DOUBLE_EQ(world.minute_of_day(summer_midnight), 0);
    EXPECT_DOUBLE_EQ(world.minute_of_day(summer_midnight - minutes), 24 * 60 - 1);
    EXPECT_EQ(world.day_number(summer_midnight), world.day_number(summer_midnight - 1) + 1);
}

TEST(World, AddsUpTheLampsOfAnArea) {
    World world(House::plan(), 1);
    world.set_lamp("a", "Kitchen", 1);
    world.set_lamp("b", "Kitchen", 0.5);
    world.set_lamp("c", "Hall", 1);
    EXPECT_DOUBLE_EQ(world.lamp_lux("Kitchen"), 1.5 * world.lamp_lux("Hall"));
    world.set_lamp("a", "Kitchen", 0);
    EXPECT_DOUBLE_EQ(world.lamp_lux("Kitchen"), 0.5 * world.lamp_lux("Hall"));
}

TEST(Household, SleepsAtNightAndIsUpInTheEvening) {
    const Household household(House::plan(), 3);
    for (int day = 0; day < 14; ++day) {
        const Micros midnight = summer_midnight + day * days;
        EXPECT_TRUE(household.anybody_home(midnight + 3 * hours));
        for (const char* area : {"Hall", "Kitchen", "Living room", "Bedroom"})
            EXPECT_FALSE(household.anybody_awake_in(area, midnight + 3 * hours)) << area;
        int awake = 0;
        for (const char* area : {"Hall", "Kitchen", "Living room", "Bedroom"})
            awake += household.anybody_awake_in(area, midnight + 21 * hours) ? 1 : 0;
        EXPECT_GE(awake, 1) << day;
    }
}

TEST(Household, IsMostlyAwayOnAWeekdaysNoon) {
    const Household household(House::plan(), 3);
    int away = 0;
    for (int day = 0; day < 28; ++day)
        away += household.anybody_home(summer_midnight + day * days + 12 * hours) ? 0 : 1;
    EXPECT_GE(away, 6);
    EXPECT_LE(away, 22);
}

TEST(Household, FindsTheNextArrivalAndDeparture) {
    const Household household(House::plan(), 3);
    const auto arrival = household.next_arrival("Kitchen", summer_midnight);
    ASSERT_TRUE(arrival);
    EXPECT_TRUE(household.anybody_awake_in("Kitchen", *arrival));
    EXPECT_FALSE(household.anybody_awake_in("Kitchen", *arrival - 1));
    const auto departure = household.next_departure("Kitchen", *arrival);
    ASSERT_TRUE(departure);
    EXPECT_GT(*departure, *arrival);
    EXPECT_FALSE(household.next_arrival("Attic", summer_midnight));
    EXPECT_TRUE(household.next_passage(summer_midnight));
}

TEST(Household, HasVisitsBesideItsDays) {
    Household household(House::plan(), 3);
    const Micros at = summer_midnight + 2 * hours;
    household.add_visit({at, at + minutes, "Hall", -1, true});
    EXPECT_TRUE(household.anybody_awake_in("Hall", at));
    EXPECT_EQ(household.next_arrival("Hall", summer_midnight), at);
}

TEST(Household, WithoutPeopleStandsStill) {
    HomePlan plan = House::plan();
    plan.people = 0;
    const Household household(plan, 3);
    EXPECT_FALSE(household.anybody_home(summer_midnight));
    EXPECT_FALSE(household.next_arrival("Kitchen", summer_midnight));
}

} // namespace
} // namespace hearth::simulator
