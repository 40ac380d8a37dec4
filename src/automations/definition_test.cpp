#include "automations/definition.h"
#include "automations/test_house.h"

namespace hearth::automations {
namespace {

using namespace testing;

constexpr const char* everything = R"(
name: Everything
mode: restart
with: {lamp: Lamp, inside: Thermometer}
triggers:
  - {device: Motion, attribute: occupancy.occupied, to: true, from: false, for: 5min}
  - {device: Thermometer, attribute: temperature.celsius, above: 20, below: 25}
  - {device: Button, attribute: button.event, event: reported, to: single}
  - {device: Motion, attribute: illuminance.lux}
  - {device: Lamp, event: offline}
  - {event: joined}
  - {time: "07:30", weekdays: [mon, fri]}
  - {sun: sunset, offset: -30min}
  - {sun: sunrise, offset: 1h 30min, weekdays: [sun]}
conditions:
  - {device: Lamp, attribute: on_off.on, is_not: true}
  - {after: "22:00", before: "06:00", weekdays: [sat]}
  - {sun: down}
  - {expression: "{{ inside.temperature.celsius > 20 }}"}
  - any:
      - all: [{sun: up}, {after: "08:00"}]
      - not: [{device: Thermometer, attribute: temperature.celsius, below: 3}]
actions:
  - {device: Lamp, set: {on_off.on: true, level.percent: "{{ 20 + 20 }}"}}
  - {delay: 2.5s}
  - {notify: "It is {{ inside.temperature.celsius }} degrees"}
)";

TEST(Definition, ReadsBackWhatItWrites) {
    const auto parsed = parse_definition(*parse_yaml(everything));
    ASSERT_TRUE(parsed) << parsed.error().detail;
    const Value written = to_value(*parsed);
    const auto again = parse_definition(written);
    ASSERT_TRUE(again) << again.error().detail;
    EXPECT_EQ(to_value(*again), written);
    EXPECT_EQ(to_json(written.at("triggers")),
              R"([{"device":"Motion","attribute":"occupancy.occupied","to":true,"from":false,)"
              R"("for":"5min"},{"device":"Thermometer","attribute":"temperature.celsius",)"
              R"("above":20.0,"below":25.0},{"device":"Button","attribute":"button.event",)"
              R"("event":"reported","to":"single"},{"device":"Motion",)"
              R"("attribute":"illuminance.lux"},{"device":"Lamp","event":"offline"},)"
              R"({"event":"joined"},{"time":"07:30","weekdays":["mon","fri"]},)"
              R"({"sun":"sunset","offset":"-30min"},{"sun":"sunrise","offset":"1h 30min",)"
              R"("weekdays":["sun"]}])");
}

TEST(Definition, IsTheSameFromJson) {
    const auto from_yaml = parse_definition(*parse_yaml(everything));
    const auto from_json = parse_definition(*parse_json(to_json(*parse_yaml(everything))));
    ASSERT_TRUE(from_yaml && from_json);
    EXPECT_EQ(to_value(*from_yaml), to_value(*from_json));
}

struct Wrong {
    const char* yaml;
    const char* why;
};

std::string rule(const std::string& triggers, const std::string& conditions = "",
                 const std::string& actions = "{notify: hello}") {
    return "{name: Wrong, triggers: [" + triggers + "], conditions: [" + conditions +
           "], actions: [" + actions + "]}";
}

std::string why(const std::string& text) {
    const auto value = parse_yaml(text);
    EXPECT_TRUE(value) << text;
    const auto parsed = parse_definition(*value);
    EXPECT_FALSE(parsed) << text;
    return parsed ? "" : parsed.error().detail;
}

TEST(Definition, AMistakeInTheWholeIsNamed) {
    EXPECT_THAT(why("[]"), HasSubstr("a map is wanted, not a list"));
    EXPECT_THAT(why("{nam: x}"), HasSubstr("unknown key \"nam\"; known are name, mode"));
    EXPECT_THAT(why("{actions: [{notify: x}]}"), HasSubstr("name is missing"));
    EXPECT_THAT(why("{name: '', actions: [{notify: x}]}"), HasSubstr("is empty"));
    EXPECT_THAT(why("{name: x}"), HasSubstr("actions: there is none"));
    EXPECT_THAT(why("{name: x, mode: queued, actions: [{notify: x}]}"), HasSubstr("mode: single"));
    EXPECT_THAT(why("{name: x, triggers: {}, actions: [{notify: x}]}"),
                HasSubstr("triggers: a li"));
    EXPECT_THAT(why("{name: x, with: {now: Lamp}, actions: [{notify: x}]}"), HasSubstr("\"now\""));
    EXPECT_THAT(why("{name: x, with: {A: Lamp}, actions: [{notify: x}]}"), HasSubstr("\"A\""));
}

TEST(Definition, AMistakeInATriggerIsNamedWithItsPlace) {
    const Wrong wrong[] = {
        {"{}", "triggers[0]: what starts it?"},
        {"{device: X, attribute: on_off.on, tto: 1}", "triggers[0]: unknown key \"tto\""},
        {"{device: X, attribute: on}", "triggers[0]: attribute"},
        {"{attribute: on_off.on}", "triggers[0]: device is missing"},
        {"{device: 7, attribute: on_off.on}", "triggers[0]: device: a text is wanted"},
        {"{device: X, attribute: on_off.on, to: []}", "triggers[0]: to: a text, number"},
        {"{device: X, attribute: on_off.on, above: hot}", "above: a number is wanted"},
        {"{device: X, attribute: on_off.on, above: 5, below: 5}", "no number is above 5 and"},
        {"{device: X, attribute: on_off.on, for: 5}", "for: a length of time is wanted"},
        {"{device: X, attribute: on_off.on, for: 5 minuets}", "\"5 minuets\" is no length"},
        {"{device: X, attribute: on_off.on, for: 367d}", "is too long; at most 366d"},
        {"{device: X, attribute: on_off.on, event: pressed}", "only \"reported\" is known"},
        {"{device: X, attribute: on_off.on, event: reported, for: 1s}", "event: reported goes"},
        {"{device: X, event: pressed}", "none of joined, left, online, offline"},
        {"{time: 730}", "a time of day is wanted"},
        {"{time: '24:00'}", "\"24:00\" is no time of day"},
        {"{time: '7:30'}", "\"7:30\" is no time of day"},
        {"{time: '07:30', weekdays: [monday]}", "weekdays: \"monday\" is none of mon"},
        {"{time: '07:30', weekdays: []}", "no day is named"},
        {"{sun: noon}", "sunrise or sunset is wanted"},
        {"{sun: sunset, offset: 13h}", "offset: at most 12h"},
    };
    for (const Wrong& one : wrong)
        EXPECT_THAT(why(rule(one.yaml)), HasSubstr(one.why)) << one.yaml;
}

TEST(Definition, AMistakeInAConditionIsNamedWithItsPlace) {
    const Wrong wrong[] = {
        {"{}", "conditions[0]: what must hold?"},
        {"{device: Lamp, online: maybe}", "conditions[0]: online: true or false is wanted"},
        {"{online: true}", "conditions[0]: device"},
        {"{device: X, attribute: on_off.on}", "one of is, is_not, above and below"},
        {"{device: X, attribute: on_off.on, to: 1}", "unknown key \"to\""},
        {"{sun: rising}", "sun: up or down"},
        {"{after: 8}", "conditions[0]: after: a time of day is wanted"},
        {"{expression: true}", "expression: a text is wanted"},
        {"{expression: inside}", "write it between {{ and }}"},
        {"{expression: '{{ 1 + }}'}", "conditions[0]: expression: "},
        {"{expression: '{{ 1 | no_such }}'}", "no_such"},
        {"{any: []}", "any: a list of conditions is wanted"},
        {"{any: [{sun: up}, {sun: side}]}", "conditions[0]: any[1]: sun: up or down"},
        {"{not: {sun: side}}", "conditions[0]: not[0]: sun: up or down"},
    };
    for (const Wrong& one : wrong)
        EXPECT_THAT(why(rule("", one.yaml)), HasSubstr(one.why)) << one.yaml;
}

TEST(Definition, AMistakeInAnActionIsNamedWithItsPlace) {
    const Wrong wrong[] = {
        {"{}", "actions[0]: what is done?"},
        {"{device: X, set: {}}", "set: a map of attributes to values"},
        {"{device: X, set: {on: true}}", "actions[0]: set: "},
        {"{set: {on_off.on: true}}", "device is missing"},
        {"{device: X, set: {on_off.on: [1]}}", "set: on_off.on: a text, number"},
        {"{device: X, set: {on_off.on: '{{ x'}}", "set: on_off.on: "},
        {"{delay: 5}", "delay: a length of time is wanted"},
        {"{delay: -5min}", "is no length of time"},
        {"{notify: 5}", "notify: a text is wanted"},
        {"{notify: x, delay: 5s}", "unknown key"},
    };
    for (const Wrong& one : wrong)
        EXPECT_THAT(why(rule("", "", one.yaml)), HasSubstr(one.why)) << one.yaml;
}

std::string repeated(const std::string& text, std::size_t count) {
    std::string all;
    for (std::size_t i = 0; i < count; ++i)
        all += (i == 0 ? "" : ", ") + text;
    return all;
}

Code code_of(const std::string& text, const Limits& limits) {
    const auto parsed = parse_definition(*parse_yaml(text), limits);
    return parsed ? Code::internal : parsed.error().code;
}

TEST(Definition, EveryLimitIsReachedAndNotPassed) {
    Limits limits;
    limits.triggers = limits.conditions = limits.actions = limits.names = 2;
    limits.asks = 2;
    limits.condition_depth = 2;
    limits.text_bytes = 20;
    limits.name_bytes = 10;
    const auto check = [&](auto&& make, std::size_t most) {
        EXPECT_EQ(code_of(make(most), limits), Code::internal) << make(most);
        EXPECT_EQ(code_of(make(most + 1), limits), Code::limit) << make(most + 1);
    };
    check([](std::size_t n) { return rule(repeated("{time: '07:30'}", n)); }, 2);
    check([](std::size_t n) { return rule("", repeated("{sun: up}", n)); }, 2);
    check([](std::size_t n) { return rule("", "", repeated("{delay: 1s}", n)); }, 2);
    check([](std::size_t n) { return rule("", "", "{notify: " + std::string(n, 'x') + "}"); }, 20);
    check(
        [](std::size_t n) { return "{name: " + std::string(n, 'x') + ", actions: [{delay: 1s}]}"; },
        10);
    const char* sets[] = {"a.b: 1, a.c: 1", "a.b: 1, a.c: 1, a.d: 1"};
    check(
        [&](std::size_t n) {
            return rule("", "", std::string("{device: X, set: {") + sets[n - 2] + "}}");
        },
        2);
    const char* names[] = {"a: X, b: X", "a: X, b: X, c: X"};
    check(
        [&](std::size_t n) {
            return std::string("{name: x, with: {") + names[n - 2] + "}, actions: [{delay: 1s}]}";
        },
        2);
    limits.conditions = 10;
    check(
        [&](std::size_t n) {
            std::string nested = "{sun: up}";
            for (std::size_t i = 0; i < n; ++i)
                nested = "{not: [" + nested + "]}";
            return rule("", nested);
        },
        2);
}

TEST(Length, IsReadAndWritten) {
    EXPECT_EQ(*parse_length("5min"), 5 * minutes);
    EXPECT_EQ(*parse_length(" 1h 30min "), 90 * minutes);
    EXPECT_EQ(*parse_length("1h30m"), 90 * minutes);
    EXPECT_EQ(*parse_length("2.5 seconds"), 2'500 * milliseconds);
    EXPECT_EQ(*parse_length("2 days"), 2 * days);
    for (const char* text : {"5min", "1d 2h 3min 4s 5ms", "90d", "0s"})
        EXPECT_EQ(length_text(*parse_length(text)), text);
    for (const char* text : {"", "5", "min", "5 5min", "-5s", "1e3s", "5mins", "1..5s", "1e99d"})
        EXPECT_FALSE(parse_length(text)) << text;
}

TEST(TimeOfDay, IsReadAndWritten) {
    EXPECT_EQ(*parse_time_of_day("07:30"), 7 * hours + 30 * minutes);
    EXPECT_EQ(time_of_day_text(*parse_time_of_day("23:59:58")), "23:59:58");
    EXPECT_EQ(time_of_day_text(0), "00:00");
    for (const char* text : {"", "7:30", "07:60", "07-30", "07:30:", "+7:30", "07:30:00:00"})
        EXPECT_FALSE(parse_time_of_day(text)) << text;
}

// --- Against the home --------------------------------------------------------------------------

using ResolveTest = Fixture;

TEST_F(ResolveTest, NamesBecomeIdsAndSentencesNamesAgain) {
    const AutomationId id = add(everything);
    const Value shown = house->rules.show_value(*house->rules.find(id));
    EXPECT_EQ(shown.at("definition").at("triggers").as_list()->at(0).at("device"), Value(motion));
    EXPECT_EQ(shown.at("definition").at("with").at("lamp"), Value(lamp));
    EXPECT_EQ(to_json(shown.at("triggers")),
              R"(["Motion occupancy.occupied becomes true from false for 5min",)"
              R"("Thermometer temperature.celsius is above 20 and is below 25",)"
              R"("Button button.event says single","Motion illuminance.lux changes",)"
              R"("Lamp goes offline","any device joins","at 07:30 on mon, fri",)"
              R"("30min before sunset","1h 30min after sunrise on sun"])");
    EXPECT_EQ(to_json(shown.at("conditions")),
              R"(["Lamp on_off.on is not true","it is after 22:00 before 06:00 on sat",)"
              R"("the sun is down","{{ inside.temperature.celsius > 20 }}",)"
              R"("any of (all of (the sun is up; it is after 08:00); )"
              R"x(none of (Thermometer temperature.celsius is below 3))"])x");
    EXPECT_EQ(to_json(shown.at("actions")),
              R"(["Lamp: on_off.on = true, level.percent = {{ 20 + 20 }}","wait 2s 500ms",)"
              R"("notify: It is {{ inside.temperature.celsius }} degrees"])");
}

TEST_F(ResolveTest, WhatDoesNotFitTheHomeIsRefusedInOneLine) {
    const auto motion_to = [](const std::string& more) {
        return rule("{device: Motion, attribute: occupancy.occupied" + more + "}");
    };
    EXPECT_EQ(error_of(motion_to(", to: true")), "");
    EXPECT_THAT(error_of(rule("{device: Nobody, event: left}")),
                HasSubstr("triggers[0]: there is no device \"Nobody\""));
    EXPECT_THAT(error_of(rule("{device: Motion, attribute: on_off.on}")),
                HasSubstr("triggers[0]: Motion has no attribute on_off.on"));
    EXPECT_THAT(error_of(motion_to(", above: 1")),
                HasSubstr("above and below need a number; occupancy.occupied is a boolean"));
    EXPECT_THAT(error_of(motion_to(", to: 'on'")), HasSubstr("triggers[0]: occupancy.occupied"));
    EXPECT_THAT(error_of(motion_to(", from: 3")), HasSubstr("triggers[0]: occupancy.occupied"));
    EXPECT_THAT(error_of(rule("", "{device: Thermometer, attribute: temperature.celsius, is: x}")),
                HasSubstr("conditions[0]: temperature.celsius"));
    EXPECT_THAT(error_of(rule("", "{any: [{device: Nobody, attribute: a.b, is: x}]}")),
                HasSubstr("any[0]: there is no device"));
    EXPECT_THAT(error_of(rule("", "", "{device: Thermometer, set: {temperature.celsius: 3}}")),
                HasSubstr("actions[0]: temperature.celsius can be read, not set"));
    EXPECT_THAT(error_of(rule("", "", "{device: Lamp, set: {level.percent: bright}}")),
                HasSubstr("actions[0]: level.percent"));
    EXPECT_THAT(error_of("{name: x, with: {a: Nobody}, actions: [{notify: x}]}"),
                HasSubstr("with: a: there is no device"));
}

TEST_F(ResolveTest, WhatTriggersItselfIsRefused) {
    const auto lamp_rule = [&](const std::string& test, const std::string& set) {
        return error_of(rule("{device: Lamp, attribute: level.percent" + test + "}", "",
                             "{delay: 1s}, {device: Lamp, set: {" + set + "}}"));
    };
    EXPECT_THAT(lamp_rule(", to: 5", "level.percent: 5"),
                HasSubstr("actions[1]: sets level.percent as triggers[0] waits for it: it would "
                          "trigger itself"));
    EXPECT_NE(lamp_rule("", "level.percent: 5"), "");
    EXPECT_NE(lamp_rule(", above: 4", "level.percent: 5"), "");
    EXPECT_NE(lamp_rule("", "level.percent: '{{ 5 }}'"), "");
    EXPECT_EQ(lamp_rule(", to: 5", "level.percent: 6"), "");
    EXPECT_EQ(lamp_rule(", above: 5", "level.percent: 5"), "");
    EXPECT_EQ(lamp_rule("", "on_off.on: true"), "");
}

TEST_F(ResolveTest, TheSunNeedsAPlace) {
    place.reset();
    begin();
    EXPECT_THAT(error_of(rule("{sun: sunset}")), HasSubstr("the sun needs the home's place"));
    EXPECT_THAT(error_of(rule("", "{sun: up}")), HasSubstr("the sun needs the home's place"));
}

} // namespace
} // namespace hearth::automations
