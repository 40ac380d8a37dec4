#include "automations/test_house.h"

namespace hearth::automations {
namespace {

using namespace testing;

struct ConditionTest : Fixture {
    AutomationId id;

    /// Whether a run by motion meets a condition; its trace stays.
    bool holds(const std::string& condition) {
        if (!id.empty()) EXPECT_TRUE(house->rules.remove(ada, id));
        id = add("{name: Checked, with: {lamp: Lamp, inside: Thermometer}, triggers: [{device: "
                 "Button, attribute: button.event, event: reported}], conditions: [" +
                 condition + "], actions: [{notify: x}]}");
        report(button, "button.event", "press");
        return trace(id).at("state") == Value("finished");
    }
    const Value& first() {
        traced_ = trace(id);
        return traced_.at("conditions").as_list()->at(0);
    }
    bool holds_at(const std::string& condition, Micros time) {
        clock.jump_to(time);
        house->rules.advance();
        return holds(condition);
    }

private:
    Value traced_;
};

TEST_F(ConditionTest, AnAttributeIsComparedAndItsValueKept) {
    report(thermometer, "temperature.celsius", 21.5);
    const std::string celsius = "{device: Thermometer, attribute: temperature.celsius, ";
    EXPECT_TRUE(holds(celsius + "above: 21}"));
    EXPECT_EQ(to_json(first()), R"({"text":"Thermometer temperature.celsius is above 21",)"
                                R"("result":true,"operands":{"value":21.5}})");
    EXPECT_FALSE(holds(celsius + "below: 21.5}"));
    EXPECT_EQ(first().at("result"), Value(false));
    EXPECT_EQ(first().at("operands").at("value"), Value(21.5));
    EXPECT_TRUE(holds(celsius + "above: 21, below: 22}"));
    EXPECT_TRUE(holds(celsius + "is: 21.5}"));
    EXPECT_FALSE(holds(celsius + "is_not: 21.5}"));
}

TEST_F(ConditionTest, WhatWasNeverReportedHoldsNothing) {
    EXPECT_FALSE(holds("{device: Lamp, attribute: on_off.on, is_not: true}"));
    EXPECT_EQ(first().at("error"), Value("it has not been reported yet"));
}

TEST_F(ConditionTest, AValueIsComparedAsTheDeviceCanTellIt) {
    home::AttributeSpec level = attribute("level.percent", catalog::AttributeType::number);
    level.tolerance = 0.25;
    const home::DeviceId dimmer = join("Dimmer", {level});
    report(dimmer, "level.percent", 50.2);
    const std::string percent = "{device: Dimmer, attribute: level.percent, ";
    EXPECT_TRUE(holds(percent + "is: 50}"));
    EXPECT_FALSE(holds(percent + "is_not: 50}"));
    EXPECT_TRUE(holds(percent + "above: 50}"));
    EXPECT_FALSE(holds(percent + "is: 49.9}"));
}

TEST_F(ConditionTest, WhatAnOfflineDeviceLastSaidHoldsNothingNorItsOpposite) {
    report(thermometer, "temperature.celsius", 25);
    const auto go = [&](bool online) {
        ASSERT_TRUE(house->home.record(ada, home::AvailabilityChanged{thermometer, online}));
    };
    const std::string warm = "{device: Thermometer, attribute: temperature.celsius, above: 20}";
    go(false);
    EXPECT_FALSE(holds(warm));
    EXPECT_EQ(first().at("error"), Value("Thermometer is offline since 2026-11-23T10:00:00Z"));
    EXPECT_EQ(first().at("operands").at("value"), Value(25));
    EXPECT_FALSE(holds("{not: " + warm + "}"));
    EXPECT_FALSE(holds("{all: [" + warm + "]}"));
    EXPECT_TRUE(holds("{any: [" + warm + ", {sun: up}]}"));
    EXPECT_FALSE(holds("{any: [" + warm + ", {sun: down}]}"));
    EXPECT_TRUE(holds("{not: {all: [" + warm + ", {sun: down}]}}"));
    go(true);
    EXPECT_TRUE(holds(warm));
}

TEST_F(ConditionTest, WhetherADeviceIsOnlineCanBeAsked) {
    const auto go = [&](bool online) {
        ASSERT_TRUE(house->home.record(ada, home::AvailabilityChanged{lamp, online}));
    };
    EXPECT_TRUE(holds("{device: Lamp, online: true}"));
    EXPECT_EQ(to_json(first()),
              R"({"text":"Lamp is online","result":true,"operands":{"online":true}})");
    go(false);
    EXPECT_FALSE(holds("{device: Lamp, online: true}"));
    EXPECT_TRUE(holds("{device: Lamp, online: false}"));
    EXPECT_TRUE(holds("{not: {device: Lamp, online: true}}"));
    EXPECT_EQ(to_json(house->rules.find(id)->versions.back().definition.at("conditions")),
              R"([{"not":[{"device":")" + lamp + R"(","online":true}]}])");
}

TEST_F(ConditionTest, AnExpressionKnowsWhetherADeviceIsOnlineAndThenOnlyThat) {
    report(thermometer, "temperature.celsius", 25);
    ASSERT_TRUE(house->home.record(ada, home::AvailabilityChanged{thermometer, false}));
    EXPECT_FALSE(holds("{expression: '{{ inside.temperature.celsius > 20 }}'}"));
    EXPECT_THAT(first().at("error").string_or(""),
                HasSubstr("Thermometer is offline since 2026-11-23T10:00:00Z: "));
    EXPECT_TRUE(holds("{expression: '{{ not inside.online }}'}"));
    EXPECT_FALSE(holds("{expression: '{{ inside.online and inside.temperature.celsius > 20 }}'}"));
    EXPECT_EQ(first().find("error"), nullptr);
}

TEST_F(ConditionTest, ATimeWindow) {
    const std::string day = "{after: '08:00', before: '22:00'}";
    EXPECT_TRUE(holds_at(day, midnight + 8 * hours));
    EXPECT_EQ(to_json(first().at("operands")), R"({"time":"08:00","weekday":"mon"})");
    EXPECT_FALSE(holds_at(day, midnight + 22 * hours));
    EXPECT_TRUE(holds_at("{after: '08:00'}", midnight + 23 * hours));
    EXPECT_FALSE(holds_at("{before: '08:00'}", midnight + 23 * hours));
}

TEST_F(ConditionTest, ATimeWindowOverMidnightBelongsToTheDayItBeganOn) {
    const std::string night = "{after: '22:00', before: '06:00', weekdays: [mon]}";
    EXPECT_FALSE(holds_at(night, midnight + 5 * hours));
    EXPECT_FALSE(holds_at(night, midnight + 12 * hours));
    EXPECT_TRUE(holds_at(night, midnight + 22 * hours));
    EXPECT_TRUE(holds_at(night, midnight + 29 * hours));
    EXPECT_FALSE(holds_at(night, midnight + 46 * hours));
}

TEST_F(ConditionTest, WeekdaysAlone) {
    EXPECT_TRUE(holds_at("{weekdays: [mon, sun]}", midnight + hours));
    EXPECT_FALSE(holds_at("{weekdays: [mon, sun]}", midnight + 25 * hours));
    EXPECT_TRUE(holds_at("{weekdays: [mon, sun]}", midnight + 6 * days));
}

TEST_F(ConditionTest, TheSunUpOrDown) {
    EXPECT_TRUE(holds_at("{sun: up}", midnight + 11 * hours));
    EXPECT_NEAR(first().at("operands").at("elevation").number_or(0), 21.4, 0.3);
    EXPECT_FALSE(holds_at("{sun: down}", midnight + 11 * hours));
    EXPECT_TRUE(holds_at("{sun: down}", midnight + 20 * hours));
}

TEST_F(ConditionTest, AnExpressionOverTwins) {
    report(thermometer, "temperature.celsius", 21.5);
    report(lamp, "on_off.on", false);
    EXPECT_TRUE(
        holds("{expression: '{{ inside.temperature.celsius > 21 and not lamp.on_off.on }}'}"));
    EXPECT_EQ(to_json(first().at("operands")),
              R"({"lamp.on_off.on":false,"inside.temperature.celsius":21.5,"value":true})");
    EXPECT_FALSE(holds("{expression: '{{ trigger.to == \"other\" }}'}"));
    EXPECT_TRUE(holds("{expression: '{{ trigger.to == \"press\" and now().hour == 10 }}'}"));
    EXPECT_TRUE(holds("{expression: '{% if inside.temperature.celsius > 21 %}true{% endif %}'}"));
}

TEST_F(ConditionTest, AnExpressionThatFailsDoesNotHoldAndSaysWhy) {
    EXPECT_FALSE(holds("{expression: '{{ inside.temperature.celsius > 21 }}'}"));
    EXPECT_THAT(first().at("error").string_or(""), HasSubstr("'temperature' is undefined"));
    EXPECT_FALSE(holds("{expression: '{{ no_such_name }}'}"));
    EXPECT_THAT(first().at("error").string_or(""), HasSubstr("no_such_name"));
    EXPECT_FALSE(holds("{expression: '{{ 5 }}'}"));
    EXPECT_EQ(first().at("error"), Value("its result is neither true nor false"));
    EXPECT_FALSE(holds("{expression: '{{ range(9999) | list | length > 0 and range(9999) | sum > 0"
                       " and range(9999) | sum > 0 }}'}"));
    EXPECT_THAT(first().at("error").string_or(""), HasSubstr("steps"));
}

TEST_F(ConditionTest, GroupsAndTheirPartsAreTraced) {
    const std::string yes = "{sun: up}";
    const std::string no = "{sun: down}";
    EXPECT_TRUE(holds("{all: [" + yes + ", " + yes + "]}"));
    EXPECT_FALSE(holds("{all: [" + yes + ", " + no + "]}"));
    EXPECT_TRUE(holds("{any: [" + no + ", " + yes + "]}"));
    EXPECT_FALSE(holds("{any: [" + no + ", " + no + "]}"));
    EXPECT_TRUE(holds("{not: " + no + "}"));
    EXPECT_FALSE(holds("{not: [" + no + ", " + yes + "]}"));
    const ValueList& parts = *first().at("parts").as_list();
    ASSERT_EQ(parts.size(), 2U);
    EXPECT_EQ(parts[0].at("result"), Value(false));
    EXPECT_EQ(parts[1].at("result"), Value(true));
}

TEST_F(ConditionTest, AllAreLookedAtAlsoAfterOneHasFailed) {
    EXPECT_FALSE(holds("{sun: down}, {sun: up}"));
    EXPECT_EQ(trace(id).at("conditions").as_list()->size(), 2U);
    EXPECT_EQ(trace(id).at("state"), Value("not_met"));
    EXPECT_THAT(notifications(), IsEmpty());
    EXPECT_THAT(events("automation_run"), IsEmpty());
}

} // namespace
} // namespace hearth::automations
