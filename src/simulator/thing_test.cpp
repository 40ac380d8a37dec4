#include "simulator/test_house.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <gmock/gmock.h>

namespace hearth::simulator {
namespace {

TEST(Story, IsTheSameForTheSameSeedHoweverLargeTheStepsAre) {
    for (const Kind kind : {Kind::color_light, Kind::curtain, Kind::lock, Kind::motion_sensor,
                            Kind::thermometer, Kind::metering_plug}) {
        DevicePlan device = device_of(kind);
        device.load = "coffee_machine";
        House at_once(device);
        House in_steps(device);
        at_once.turn(2 * days);
        for (int i = 0; i < 2 * 24 * 60; ++i)
            in_steps.turn(minutes);
        EXPECT_EQ(at_once.told, in_steps.told) << to_string(kind);
        EXPECT_GT(at_once.told.size(), 2U) << to_string(kind);
    }
}

TEST(Story, IsAnotherForAnotherSeed) {
    House one(device_of(Kind::motion_sensor), 1);
    House other(device_of(Kind::motion_sensor), 2);
    one.turn(days);
    other.turn(days);
    EXPECT_NE(one.told, other.told);
}

TEST(Story, OfACommandedDeviceGoesOnAsBefore) {
    House alone(device_of(Kind::motion_sensor));
    House asked(device_of(Kind::motion_sensor));
    EXPECT_FALSE(asked.ask({{"on", true}}));
    alone.turn(days);
    asked.turn(days);
    EXPECT_EQ(alone.told, asked.told);
}

TEST(Story, TellsAYearQuickly) {
    DevicePlan device = device_of(Kind::thermometer);
    device.report_s = 60;
    House house(device);
    int readings = 0;
    house.thing->tells = [&](Micros) { ++readings; };
    house.turn(365 * days);
    EXPECT_NEAR(readings, 365 * 24 * 60, 365 * 24);
}

TEST(Thing, AnswersAfter30To300Milliseconds) {
    House house(device_of(Kind::light));
    for (int i = 0; i < 50; ++i) {
        const std::size_t before = house.told.size();
        const Micros asked_at = house.story.now();
        ASSERT_TRUE(house.ask({{"on", i % 2 == 0}}));
        house.turn(seconds);
        ASSERT_GT(house.told.size(), before);
        const Micros took = house.told[before].at - asked_at;
        EXPECT_GE(took, 30 * milliseconds);
        EXPECT_LE(took, 300 * milliseconds);
    }
}

TEST(Thing, RefusesMoreRequestsThanItCanHold) {
    House house(device_of(Kind::light));
    for (std::size_t i = 0; i < Thing::max_requests; ++i)
        ASSERT_TRUE(house.ask({{"toggle", true}}));
    EXPECT_EQ(house.ask({{"toggle", true}}).error().code, Code::limit);
    house.turn(seconds);
    EXPECT_TRUE(house.ask({{"toggle", true}}));
}

TEST(Light, TakesWhatItsKindHasAndNothingElse) {
    House plain(device_of(Kind::light));
    House dimmable(device_of(Kind::dimmable_light));
    House colored(device_of(Kind::color_light));
    EXPECT_FALSE(plain.ask({{"brightness", 10}}));
    EXPECT_TRUE(dimmable.ask({{"brightness", 10}}));
    EXPECT_FALSE(dimmable.ask({{"hue", 10}}));
    EXPECT_TRUE(colored.ask({{"hue", 10}, {"saturation", 90}}));
    EXPECT_FALSE(colored.ask({{"hue", 361}}));
    EXPECT_FALSE(colored.ask({{"mireds", "warm"}}));
    colored.turn(seconds);
    EXPECT_EQ(colored.now("color_mode"), Value("hs"));
    EXPECT_EQ(colored.now("hue"), Value(10));
}

TEST(Light, TellsItsGoalAtOnceAndAgainWhenAFadeIsOver) {
    House house(device_of(Kind::dimmable_light));
    ASSERT_TRUE(house.ask({{"on", true}, {"brightness", 100}, {"transition_s", 5}}));
    house.turn(seconds);
    ASSERT_EQ(house.told.size(), 1U);
    EXPECT_EQ(house.told[0]["brightness"], Value(100));
    house.turn(5 * seconds);
    EXPECT_EQ(house.told.size(), 2U);
}

TEST(Light, IsSwitchedOnByPeopleWhoComeIntoADarkRoom) {
    const Micros winter = summer_midnight + 183 * days;
    House house(device_of(Kind::light, "Living room"), 7, winter);
    house.turn(3 * days);
    ASSERT_FALSE(house.told.empty());
    int on = 0;
    for (const House::Told& told : house.told) {
        if (!told["on"].bool_or(false)) continue;
        ++on;
        EXPECT_TRUE(house.world.is_dark(told.at));
        EXPECT_TRUE(house.world.household().anybody_awake_in("Living room", told.at));
    }
    EXPECT_GT(on, 1);
}

TEST(Curtain, MovesForItsTravelTimeAndReportsEachSecondOnTheWay) {
    House house(device_of(Kind::curtain, "Bedroom"));
    ASSERT_EQ(house.now("position"), Value(0)); // it is night
    ASSERT_TRUE(house.ask({{"move", "open"}}));
    house.turn(11 * seconds);
    ASSERT_GE(house.told.size(), 10U);
    EXPECT_EQ(house.told[0]["motion"], Value("opening"));
    for (std::size_t i = 1; i < house.told.size(); ++i)
        EXPECT_GT(house.told[i]["position"].number_or(0),
                  house.told[i - 1]["position"].number_or(0));
    EXPECT_EQ(house.told.back()["position"], Value(100));
    EXPECT_EQ(house.told.back()["motion"], Value("stopped"));
    EXPECT_NEAR(static_cast<double>(house.told.back().at - house.told.front().at), 10.0 * seconds,
                0.01 * seconds);
}

TEST(Curtain, StopsOnTheWayAndGoesToAPosition) {
    House house(device_of(Kind::curtain, "Bedroom"));
    ASSERT_TRUE(house.ask({{"move", "open"}}));
    house.turn(4 * seconds);
    ASSERT_TRUE(house.ask({{"move", "stop"}}));
    house.turn(seconds);
    const double stopped_at = house.now("position").number_or(0);
    EXPECT_GT(stopped_at, 30);
    EXPECT_LT(stopped_at, 50);
    EXPECT_EQ(house.now("motion"), Value("stopped"));
    ASSERT_TRUE(house.ask({{"position", 25.0}}));
    house.turn(10 * seconds);
    EXPECT_EQ(house.now("position"), Value(25));
}

TEST(Curtain, RefusesNonsense) {
    House house(device_of(Kind::curtain));
    for (const Value& wrong : {Value(101), Value(-1), Value("half"), Value(std::nan(""))})
        EXPECT_FALSE(house.ask({{"position", wrong}}));
    EXPECT_FALSE(house.ask({{"move", "sideways"}}));
}

TEST(Lock, TakesOneToTwoSecondsAndSaysThatItMoves) {
    House house(device_of(Kind::lock, "Hall"));
    ASSERT_TRUE(house.ask({{"locked", false}}));
    house.turn(3 * seconds);
    ASSERT_EQ(house.told.size(), 2U);
    EXPECT_EQ(house.told[0]["lock"], Value("unlocking"));
    EXPECT_EQ(house.told[1]["lock"], Value("unlocked"));
    EXPECT_GE(house.told[1].at - house.told[0].at, seconds);
    EXPECT_LE(house.told[1].at - house.told[0].at, 2 * seconds);
    ASSERT_TRUE(house.ask({{"locked", false}})); // it is already
    house.turn(seconds);
    EXPECT_EQ(house.told.back()["lock"], Value("unlocked"));
}

TEST(Lock, IsUsedByPeopleWhoComeAndGoAndLocksItselfAfter) {
    House house(device_of(Kind::lock, "Hall"));
    house.turn(3 * days);
    const auto count = [&](std::string_view state) {
        return std::ranges::count_if(
            house.told, [&](const auto& told) { return told["lock"] == Value(state); });
    };
    EXPECT_GE(count("unlocked"), 4);
    house.turn(2 * minutes);
    EXPECT_GE(count("locked"), 4);
}

TEST(MotionSensor, SeesPeopleInItsAreaAndNobodyWhereNobodyIs) {
    House house(device_of(Kind::motion_sensor, "Hall"));
    house.turn(2 * days);
    int seen = 0;
    bool before = false;
    for (const House::Told& told : house.told) {
        const bool occupied = told["occupied"].bool_or(false);
        if (occupied && !before) {
            ++seen;
            EXPECT_TRUE(house.world.household().anybody_awake_in("Hall", told.at));
        }
        before = occupied;
    }
    EXPECT_GT(seen, 10);
}

TEST(MotionSensor, SaysOccupiedUntilNothingHasMovedForItsHoldTime) {
    House house(device_of(Kind::motion_sensor, "Kitchen"));
    house.turn(days);
    Micros on_at = 0;
    for (const House::Told& told : house.told) {
        if (told["occupied"].bool_or(false)) {
            if (on_at == 0) on_at = told.at;
        } else if (on_at != 0) {
            EXPECT_GE(told.at - on_at, 60 * seconds);
            on_at = 0;
        }
    }
}

TEST(MotionSensor, SeesTheLightOfTheDay) {
    House house(device_of(Kind::motion_sensor, "Hall"));
    house.turn(3 * hours);
    EXPECT_EQ(house.now("lux"), Value(0));
    house.turn(9 * hours);
    EXPECT_GT(house.now("lux").number_or(0), 20);
}

TEST(Thermometer, FollowsTheDayAroundItsMean) {
    House house(device_of(Kind::thermometer, "Bedroom"));
    house.turn(10 * days);
    std::vector<double> at_6;
    std::vector<double> at_18;
    for (const House::Told& told : house.told) {
        const double celsius = told["celsius"].number_or(-99);
        EXPECT_GT(celsius, 17);
        EXPECT_LT(celsius, 26);
        EXPECT_GE(told["humidity"].number_or(-1), 20);
        EXPECT_LE(told["humidity"].number_or(101), 80);
        const double minute = house.world.minute_of_day(told.at);
        if (minute < 6 * 60 + 1 && minute >= 6 * 60) at_6.push_back(celsius);
        if (minute < 18 * 60 + 1 && minute >= 18 * 60) at_18.push_back(celsius);
    }
    const auto mean = [](const std::vector<double>& all) {
        return std::accumulate(all.begin(), all.end(), 0.0) / static_cast<double>(all.size());
    };
    EXPECT_GT(mean(at_18), mean(at_6) + 1);
}

TEST(Thermometer, ReadsAsOftenAsItsPlanSays) {
    DevicePlan device = device_of(Kind::thermometer);
    device.report_s = 30;
    House house(device);
    house.turn(hours);
    EXPECT_NEAR(static_cast<double>(house.told.size()), 120, 12);
    EXPECT_LT(house.told.front().at - summer_midnight, minutes);
}

TEST(Battery, FallsSlowlyAndIsChangedBeforeItIsEmpty) {
    DevicePlan device = device_of(Kind::thermometer);
    device.report_s = 86'400;
    House house(device);
    house.turn(1'200 * days);
    int changed = 0;
    for (std::size_t i = 1; i < house.told.size(); ++i) {
        const double step =
            house.told[i]["battery"].number_or(0) - house.told[i - 1]["battery"].number_or(0);
        if (step > 50)
            ++changed;
        else
            EXPECT_LE(step, 0);
        EXPECT_GE(house.told[i]["battery"].number_or(0), 5);
    }
    EXPECT_EQ(changed, 2);
}

TEST(MeteringPlug, CountsEnergyThatNeverFallsAndMatchesItsPower) {
    DevicePlan device = device_of(Kind::metering_plug);
    device.load = "coffee_machine";
    device.report_s = 10;
    House house(device);
    const double before = house.now("kwh").number_or(0);
    house.turn(days);
    double kwh = before;
    double most = 0;
    double summed = before;
    Micros at = summer_midnight;
    double watts = 0;
    for (const House::Told& told : house.told) {
        EXPECT_GE(told["kwh"].number_or(0), kwh);
        kwh = told["kwh"].number_or(0);
        summed += watts / 1000 * static_cast<double>(told.at - at) / static_cast<double>(hours);
        at = told.at;
        watts = told["watts"].number_or(0);
        most = std::max(most, watts);
    }
    EXPECT_GT(most, 1'000); // somebody had a coffee
    EXPECT_GT(kwh - before, 0.05);
    EXPECT_NEAR(kwh, summed, 0.02 + 0.05 * (kwh - before));
}

TEST(MeteringPlug, DrawsNothingWhenItIsOff) {
    DevicePlan device = device_of(Kind::metering_plug);
    device.load = "fridge";
    House house(device);
    ASSERT_TRUE(house.ask({{"on", false}}));
    house.turn(seconds);
    const Value kwh = house.now("kwh");
    house.turn(5 * hours);
    EXPECT_EQ(house.now("watts"), Value(0.0));
    EXPECT_EQ(house.now("kwh"), kwh);
    ASSERT_TRUE(house.ask({{"on", true}}));
    house.turn(5 * hours);
    EXPECT_GT(house.now("kwh").number_or(0), kwh.number_or(0));
}

TEST(MeteringPlug, StartsANewDayAtMidnight) {
    DevicePlan device = device_of(Kind::metering_plug);
    device.load = "fridge";
    House house(device);
    house.turn(days - minutes);
    const double today = house.now("kwh_today").number_or(0);
    EXPECT_GT(today, 0.3);
    EXPECT_LT(today, 2);
    house.turn(2 * minutes);
    EXPECT_LT(house.now("kwh_today").number_or(1), 0.01);
    EXPECT_NEAR(house.now("kwh_yesterday").number_or(0), today, 0.01);
}

} // namespace
} // namespace hearth::simulator
