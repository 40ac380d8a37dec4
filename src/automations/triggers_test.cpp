#include "automations/test_house.h"

namespace hearth::automations {
namespace {

using namespace testing;

using TriggerTest = Fixture;

constexpr const char* on = "Lamp on_off.on=true";

TEST_F(TriggerTest, AnAttributeThatComesToAValueStartsARun) {
    lamp_on("{device: Motion, attribute: occupancy.occupied, to: true}");
    see(false);
    EXPECT_THAT(wire.sent, IsEmpty());
    see(true);
    EXPECT_THAT(wire.sent, ElementsAre(on));
    see(true);
    EXPECT_EQ(wire.sent.size(), 1U);
    see(false);
    see(true);
    EXPECT_EQ(wire.sent.size(), 2U);
}

TEST_F(TriggerTest, TheFirstReportOfAllCountsAsAChange) {
    lamp_on("{device: Motion, attribute: occupancy.occupied, to: true}");
    see(true);
    EXPECT_THAT(wire.sent, ElementsAre(on));
}

TEST_F(TriggerTest, FromAsksForTheValueBefore) {
    lamp_on("{device: Button, attribute: button.event, from: b, to: c}");
    for (const char* word : {"a", "c", "b", "c"})
        report(button, "button.event", word);
    EXPECT_EQ(wire.sent.size(), 1U);
}

TEST_F(TriggerTest, WithoutAValueEveryChangeCounts) {
    lamp_on("{device: Button, attribute: button.event}");
    for (const char* word : {"a", "a", "b", "a"})
        report(button, "button.event", word);
    EXPECT_EQ(wire.sent.size(), 3U);
}

TEST_F(TriggerTest, AReportThatChangesNothingCountsWhereThatIsAsked) {
    lamp_on("{device: Button, attribute: button.event, event: reported, to: single}");
    for (const char* word : {"single", "single", "double", "single"})
        report(button, "button.event", word);
    EXPECT_EQ(wire.sent.size(), 3U);
}

TEST_F(TriggerTest, ANumberCountsOnceWhenItCrossesTheLine) {
    lamp_on("{device: Thermometer, attribute: temperature.celsius, above: 25}");
    for (const double celsius : {24.0, 25.0, 25.1, 27.0, 24.9})
        report(thermometer, "temperature.celsius", celsius);
    EXPECT_EQ(wire.sent.size(), 1U);
    report(thermometer, "temperature.celsius", 30);
    EXPECT_EQ(wire.sent.size(), 2U);
}

TEST_F(TriggerTest, BetweenTwoLinesCountsFromEitherSide) {
    lamp_on("{device: Thermometer, attribute: temperature.celsius, above: 20, below: 25}");
    for (const int celsius : {26, 24, 22, 20, 21, 19})
        report(thermometer, "temperature.celsius", celsius);
    EXPECT_EQ(wire.sent.size(), 2U);
}

TEST_F(TriggerTest, AValueIsMetAsTheDeviceCanTellItAndALineExactly) {
    home::AttributeSpec level = attribute("level.percent", catalog::AttributeType::number);
    level.tolerance = 0.25;
    const home::DeviceId dimmer = join("Dimmer", {level});
    const auto tell = [&](const char* name, const char* test) {
        add(fmt::format("{{name: {}, triggers: [{{device: Dimmer, attribute: level.percent, {}}}], "
                        "actions: [{{notify: {}}}]}}",
                        name, test, name));
    };
    tell("half", "to: 50");
    tell("left", "from: 50");
    tell("above", "above: 50");
    for (const double percent : {10.0, 50.2, 49.9, 50.4})
        report(dimmer, "level.percent", percent);
    EXPECT_THAT(notifications(), ElementsAre("half", "above", "left", "left", "above"));
}

TEST_F(TriggerTest, HeldForWaitsUntilTheTimeIsOver) {
    lamp_on("{device: Motion, attribute: occupancy.occupied, to: false, for: 5min}");
    see(true);
    see(false);
    turn(5 * minutes - 1);
    EXPECT_THAT(wire.sent, IsEmpty());
    turn(1);
    EXPECT_THAT(wire.sent, ElementsAre(on));
    turn(hours);
    EXPECT_EQ(wire.sent.size(), 1U);
}

TEST_F(TriggerTest, HeldForBeginsAnewWhenTheValueWasOther) {
    lamp_on("{device: Motion, attribute: occupancy.occupied, to: false, for: 5min}");
    see(false);
    turn(4 * minutes);
    see(true);
    turn(4 * minutes);
    see(false);
    turn(4 * minutes);
    see(false);
    EXPECT_THAT(wire.sent, IsEmpty());
    turn(minutes);
    EXPECT_EQ(wire.sent.size(), 1U);
}

TEST_F(TriggerTest, HeldForWithoutAValueMeansUnchanged) {
    lamp_on("{device: Button, attribute: button.event, for: 5min}");
    report(button, "button.event", "a");
    turn(4 * minutes);
    report(button, "button.event", "b");
    turn(4 * minutes);
    EXPECT_THAT(wire.sent, IsEmpty());
    turn(minutes);
    EXPECT_EQ(wire.sent.size(), 1U);
}

TEST_F(TriggerTest, HeldForEndsWhenTheDeviceLeaves) {
    lamp_on("{device: Motion, attribute: occupancy.occupied, to: false, for: 5min}");
    see(false);
    ASSERT_TRUE(house->home.record(ada, home::DeviceLeft{motion}));
    turn(hours);
    EXPECT_THAT(wire.sent, IsEmpty());
}

TEST_F(TriggerTest, WhenTheWallClockIsSetWhatIsHeldLastsAsLong) {
    lamp_on("{device: Motion, attribute: occupancy.occupied, to: false, for: 5min}");
    see(false);
    clock.jump_to(clock.utc() + 3 * hours);
    turn(4 * minutes);
    EXPECT_THAT(wire.sent, IsEmpty());
    clock.jump_to(clock.utc() - days);
    turn(minutes);
    EXPECT_EQ(wire.sent.size(), 1U);
}

TEST_F(TriggerTest, DevicesThatComeAndGoStartRuns) {
    add("{name: Comes, triggers: [{event: joined}], actions: [{notify: '{{ trigger.name }}'}]}");
    add("{name: Goes, triggers: [{device: Lamp, event: left}], actions: [{notify: gone}]}");
    add("{name: Off, triggers: [{device: Lamp, event: offline}], actions: [{notify: offline}]}");
    add("{name: On, triggers: [{device: Lamp, event: online}], actions: [{notify: online}]}");
    join("Radio", {});
    for (const bool online : {false, true})
        ASSERT_TRUE(house->home.record(ada, home::AvailabilityChanged{lamp, online}));
    ASSERT_TRUE(house->home.record(ada, home::DeviceLeft{lamp}));
    house->rules.advance();
    EXPECT_THAT(notifications(), ElementsAre("Radio", "offline", "online", "gone"));
}

TEST_F(TriggerTest, ATimeOfDayComesOnItsWeekdays) {
    add("{name: Wake, triggers: [{time: '07:30', weekdays: [tue, thu]}],"
        " actions: [{notify: '{{ now().strftime(\"%a %H:%M\") }}'}]}");
    for (int hour = 0; hour < 7 * 24 * 2; ++hour)
        turn(30 * minutes);
    EXPECT_THAT(notifications(), ElementsAre("Tue 07:30", "Thu 07:30"));
}

/// One hour ahead, two from 2026-11-25T01:00Z to 2026-11-27T01:00Z.
class ShortSummer final : public TimeZone {
public:
    Micros offset_at(Micros utc) const override {
        const bool summer = utc >= midnight + 2 * days + hours && utc < midnight + 4 * days + hours;
        return summer ? 2 * hours : hours;
    }
};

TEST_F(TriggerTest, ATimeOfDayKeepsToTheClocksOnTheWall) {
    const ShortSummer summer;
    house.reset();
    house = std::make_unique<House>(clock, random, journal, wire, summer, place, limits);
    house->rules.resume();
    add("{name: Wake, triggers: [{time: '07:00'}], actions: [{notify: x}]}");
    add("{name: Night, triggers: [{time: '02:30'}], actions: [{notify: y}]}");
    for (int step = 0; step < 6 * 24 * 4; ++step)
        turn(15 * minutes);
    std::vector<std::string> at;
    for (const Value& event : events("notification"))
        at.push_back(std::string(event.at("text").string_or("")) +
                     std::string(event.at("time").string_or("").substr(7, 9)));
    EXPECT_THAT(at, ElementsAre("y-24T01:30", "x-24T06:00", "y-25T01:00", "x-25T05:00",
                                "y-26T00:30", "x-26T05:00", "y-27T00:30", "x-27T06:00",
                                "y-28T01:30", "x-28T06:00", "y-29T01:30", "x-29T06:00"));
}

TEST_F(TriggerTest, SunsetWithAnOffset) {
    add("{name: Dusk, triggers: [{sun: sunset, offset: -30min}], actions: [{notify: dusk}]}");
    const Micros sunset = *sun_event(SunEvent::sunset, midnight + 12 * hours, munich);
    turn(sunset - 30 * minutes - clock.utc() - 1);
    EXPECT_THAT(notifications(), IsEmpty());
    turn(1);
    EXPECT_THAT(notifications(), ElementsAre("dusk"));
    turn(23 * hours);
    EXPECT_EQ(notifications().size(), 1U);
    turn(hours);
    EXPECT_EQ(notifications().size(), 2U);
}

TEST_F(TriggerTest, AfterThePolarNightTheSunRisesAgain) {
    place = Place{80, 0};
    begin();
    add("{name: Sun, triggers: [{sun: sunrise}], actions: [{notify: it is back}]}");
    const Micros next = *house->rules.next_deadline() + clock.utc() - clock.steady();
    EXPECT_NEAR(next, *parse_rfc3339("2027-02-21T11:20:00Z"), days);
}

TEST_F(TriggerTest, TimesThatPassedWhileTheClockWasWrongAreNotMadeUpFor) {
    add("{name: Noon, triggers: [{time: '12:00'}], actions: [{notify: noon}]}");
    clock.jump_to(midnight + 15 * hours);
    turn(seconds);
    EXPECT_THAT(notifications(), IsEmpty());
    clock.jump_to(midnight + 11 * hours);
    turn(seconds);
    turn(hours);
    EXPECT_THAT(notifications(), ElementsAre("noon"));
}

TEST_F(TriggerTest, AClockThatIsSetBackALittleDoesNotRepeatATime) {
    add("{name: Noon, triggers: [{time: '12:00'}], actions: [{notify: noon}]}");
    turn(2 * hours);
    clock.jump_to(clock.utc() - minutes);
    turn(seconds);
    turn(2 * minutes);
    EXPECT_THAT(notifications(), ElementsAre("noon"));
}

TEST_F(TriggerTest, AnEventTouchesOnlyThoseThatNameIt) {
    const AutomationId other = lamp_on("{device: Motion, attribute: illuminance.lux, above: 10}");
    see(true);
    EXPECT_EQ(house->rules.queued(), 0U);
    EXPECT_EQ(house->rules.last_run(other), nullptr);
    EXPECT_EQ(house->rules.next_deadline(), std::nullopt);
}

TEST_F(TriggerTest, TwoTriggersOfOneEventAreOneRun) {
    lamp_on("{device: Motion, attribute: occupancy.occupied, to: true}, "
            "{device: Motion, attribute: occupancy.occupied}");
    see(true);
    EXPECT_EQ(wire.sent.size(), 1U);
}

TEST_F(TriggerTest, WhatIsHeldIsNotLostToATriggerOfTheSameEvent) {
    lamp_on("{device: Motion, attribute: occupancy.occupied, to: true, for: 1min}, "
            "{device: Motion, attribute: occupancy.occupied}");
    see(true);
    EXPECT_EQ(wire.sent.size(), 1U);
    turn(minutes);
    EXPECT_EQ(wire.sent.size(), 2U);
}

TEST_F(TriggerTest, TheNextDeadlineIsThatOfWhatComesFirst) {
    EXPECT_EQ(house->rules.next_deadline(), std::nullopt);
    add("{name: Noon, triggers: [{time: '12:00'}], actions: [{delay: 10s}]}");
    EXPECT_EQ(house->rules.next_deadline(), clock.steady() + 2 * hours);
    lamp_on("{device: Motion, attribute: occupancy.occupied, for: 1min}");
    see(true);
    EXPECT_EQ(house->rules.next_deadline(), clock.steady() + minutes);
    turn(2 * hours);
    EXPECT_EQ(house->rules.next_deadline(), clock.steady() + 10 * seconds);
}

} // namespace
} // namespace hearth::automations
