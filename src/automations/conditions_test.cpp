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
