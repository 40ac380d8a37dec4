#include "automations/test_house.h"

#include <algorithm>

namespace hearth::automations {
namespace {

using namespace testing;

struct LimitTest : Fixture {
    /// "when FROM changes: set TO to what it is", or to the opposite.
    AutomationId follow(const std::string& name, const std::string& from, const std::string& to,
                        const std::string& value = "not trigger.to") {
        return add("{name: " + name + ", triggers: [{device: " + from +
                   ", attribute: on_off.on}], actions: [{device: " + to +
                   ", set: {on_off.on: '{{ " + value + " }}'}}]}");
    }
    /// Devices do what they were asked, as long as they are asked.
    int answer_all(int most) {
        int answered = 0;
        while (answered < most && !house->home.open_commands().empty()) {
            const home::Command command = house->home.open_commands().begin()->second.command;
            report(command.device, command.asks[0].path.text, command.asks[0].value);
            ++answered;
        }
        return answered;
    }
};

TEST_F(LimitTest, AThousandOnOneTriggerAllRunABoundedNumberInEachTurn) {
    for (int i = 0; i < 1'000; ++i)
        add(fmt::format("{{name: Rule {}, triggers: [{{device: Motion, attribute: "
                        "occupancy.occupied, to: true}}], actions: [{{notify: 'say {}'}}]}}",
                        i, i));
    clock.turn(minutes);
    ASSERT_TRUE(
        house->home.record(ada, home::AttributeReported{motion, {{{"occupancy.occupied"}, true}}}));
    EXPECT_EQ(house->rules.queued(), 1'000U);
    std::size_t turns = 0;
    std::size_t before = 0;
    while (house->rules.next_deadline() == clock.steady()) {
        house->rules.advance();
        ++turns;
        EXPECT_LE(notifications().size() - before, limits.work_per_turn / 2);
        before = notifications().size();
    }
    EXPECT_EQ(notifications().size(), 1'000U);
    EXPECT_EQ(turns, 1'000 * 3 / limits.work_per_turn);
    EXPECT_EQ(notifications().back(), "say 999");
}

TEST_F(LimitTest, AChainThatNeverEndsIsSetAsideWithAReason) {
    join("Second", lamp_attributes());
    const AutomationId first = follow("First", "Lamp", "Second");
    const AutomationId second = follow("Other", "Second", "Lamp", "trigger.to");
    report(lamp, "on_off.on", true);
    EXPECT_EQ(answer_all(1'000), static_cast<int>(limits.cascade_depth) + 1);
    const AutomationId& stopped = state_of(first) == "set_aside" ? first : second;
    EXPECT_EQ(state_of(stopped), "set_aside");
    EXPECT_EQ(state_of(stopped == first ? second : first), "enabled");
    EXPECT_THAT(house->rules.find(stopped)->detail, HasSubstr("led to each other 11 times"));
    EXPECT_EQ(run_states().back(), "set_aside");
    EXPECT_EQ(house->refusals.list().back().from, stopped);
}

TEST_F(LimitTest, AChainIsFoundAlsoWhereTheDeviceDoesNotSayWhatItAnswers) {
    join("Second", lamp_attributes());
    follow("First", "Lamp", "Second");
    follow("Other", "Second", "Lamp", "trigger.to");
    report(lamp, "on_off.on", true);
    for (int i = 0; i < 100 && !house->home.open_commands().empty(); ++i) {
        const home::Command command = house->home.open_commands().begin()->second.command;
        house->home.settle(command.id, home::Settlement::assumed, "");
        clock.turn(seconds);
        report(command.device, command.asks[0].path.text, command.asks[0].value);
    }
    EXPECT_EQ(run_states().back(), "set_aside");
}

TEST_F(LimitTest, AChainThatEndsIsLeftAlone) {
    std::string from = "Lamp";
    for (std::size_t i = 1; i <= limits.cascade_depth; ++i) {
        const std::string to = fmt::format("Lamp {}", i);
        join(to, lamp_attributes());
        follow("To " + to, from, to);
        from = to;
    }
    report(lamp, "on_off.on", true);
    EXPECT_EQ(answer_all(100), static_cast<int>(limits.cascade_depth));
    for (const std::string& state : run_states())
        EXPECT_NE(state, "set_aside");
}

TEST_F(LimitTest, WhoSwitchesByHandAgainAndAgainIsNoChain) {
    join("Second", lamp_attributes());
    const AutomationId id = follow("First", "Lamp", "Second");
    for (int i = 0; i < 40; ++i) {
        report(lamp, "on_off.on", i % 2 == 0);
        answer_all(1);
    }
    EXPECT_EQ(state_of(id), "enabled");
}

TEST_F(LimitTest, ARunTooManyInAMinuteSetsAsideUntilSomebodyEnables) {
    limits.runs_per_minute = 3;
    begin();
    const AutomationId id = lamp_on("{device: Button, attribute: button.event, event: reported}");
    for (int i = 0; i < 3; ++i)
        report(button, "button.event", "press");
    EXPECT_EQ(state_of(id), "enabled");
    report(button, "button.event", "press");
    EXPECT_EQ(state_of(id), "set_aside");
    EXPECT_EQ(house->rules.find(id)->detail, "it was triggered more than 3 times in a minute");
    EXPECT_EQ(house->rules.run(ada, id).error().code, Code::refused);
    turn(minutes);
    report(button, "button.event", "press");
    EXPECT_EQ(wire.sent.size(), 3U);
    ASSERT_TRUE(house->rules.enable(ada, id, true));
    EXPECT_EQ(house->rules.find(id)->detail, "");
    report(button, "button.event", "press");
    EXPECT_EQ(wire.sent.size(), 4U);
}

TEST_F(LimitTest, ThatOneWasSetAsideSurvivesARestart) {
    limits.runs_per_minute = 1;
    begin();
    journal = {};
    begin();
    const AutomationId id = lamp_on("{device: Button, attribute: button.event, event: reported}");
    report(button, "button.event", "press");
    report(button, "button.event", "press");
    restart();
    EXPECT_EQ(state_of(id), "set_aside");
    EXPECT_THAT(house->rules.find(id)->detail, HasSubstr("more than 1 times"));
}

TEST_F(LimitTest, AStormOnOneAttributeLosesNobodyElsesTriggersAndIsToldOnce) {
    limits.fair_matches = 2;
    limits.pending_matches = 10;
    limits.queued_matches = 100;
    limits.work_per_turn = 30;
    begin();
    for (int i = 0; i < 50; ++i)
        add(fmt::format("{{name: Rule {}, triggers: [{{device: Button, attribute: button.event, "
                        "event: reported}}], actions: [{{notify: storm}}]}}",
                        i));
    add("{name: Quiet, triggers: [{device: Motion, attribute: occupancy.occupied}], actions: "
        "[{notify: quiet}]}");
    const auto tell = [&](const home::DeviceId& device, const char* path, const Value& value) {
        ASSERT_TRUE(house->home.record(ada, home::AttributeReported{device, {{{path}, value}}}));
    };
    for (int i = 0; i < 200; ++i)
        tell(button, "button.event", "press");
    tell(motion, "occupancy.occupied", true);
    for (int i = 0; i < 200; ++i)
        tell(button, "button.event", "press");
    EXPECT_EQ(house->rules.queued(), 50U * 2 + 1 + 100);
    while (house->rules.queued() != 0)
        house->rules.advance();
    house->rules.advance();
    const std::vector<std::string> told = notifications();
    EXPECT_EQ(told.size(), 50U * 2 + 1 + 100);
    EXPECT_EQ(std::ranges::find(told, "quiet") - told.begin(), 100) << "before the crowd";
    EXPECT_EQ(house->refusals.total(), 50U) << "each automation says once what it lost";
    const Value first = house->rules.to_value(*house->rules.find("rule_0"));
    EXPECT_EQ(first.at("lost").at("count"), Value(400 - 4));
    EXPECT_THAT(house->refusals.list().front().why, HasSubstr("396 triggers found no place"));
    EXPECT_EQ(house->rules.to_value(*house->rules.find("quiet")).find("lost"), nullptr);
}

TEST_F(LimitTest, MatchesOfOneAutomationStayInTheirOrderAlsoInACrowd) {
    limits.fair_matches = 1;
    begin();
    add("{name: Echo, triggers: [{device: Button, attribute: button.event, event: reported}], "
        "actions: [{notify: '{{ trigger.to }}'}]}");
    std::vector<std::string> said;
    for (int i = 0; i < 9; ++i) {
        said.push_back(fmt::format("press {}", i));
        ASSERT_TRUE(house->home.record(
            ada, home::AttributeReported{button, {{{"button.event"}, said.back()}}}));
    }
    house->rules.advance();
    EXPECT_EQ(notifications(), said);
}

TEST_F(LimitTest, AStormThatDoesNotEndIsToldNowAndThen) {
    limits.pending_matches = limits.fair_matches = 1;
    limits.work_per_turn = 1;
    begin();
    add("{name: Echo, triggers: [{device: Button, attribute: button.event, event: reported}], "
        "actions: [{notify: x}]}");
    for (int i = 0; i < 300; ++i) {
        for (int press = 0; press < 3; ++press)
            ASSERT_TRUE(house->home.record(
                ada, home::AttributeReported{button, {{{"button.event"}, "press"}}}));
        turn(seconds);
    }
    EXPECT_GE(house->refusals.total(), 3U);
    EXPECT_LE(house->refusals.total(), 6U);
}

TEST_F(LimitTest, HoldsBeyondTheLimitAreNotStartedAndReported) {
    limits.holds = 1;
    begin();
    for (int i = 0; i < 2; ++i)
        add(fmt::format("{{name: Rule {}, triggers: [{{device: Motion, attribute: "
                        "occupancy.occupied, for: 1s}}], actions: [{{notify: hello}}]}}",
                        i));
    see(true);
    turn(seconds);
    EXPECT_EQ(notifications().size(), 1U);
    EXPECT_EQ(house->refusals.list().back().from, "rule_1");
}

TEST_F(LimitTest, TheHomeTakesNoMoreAutomationsThanItMay) {
    limits.automations = 1;
    begin();
    add("{name: One, actions: [{notify: x}]}");
    EXPECT_EQ(house->rules.add(ada, yaml("{name: Two, actions: [{notify: x}]}")).error().code,
              Code::limit);
}

TEST_F(LimitTest, TracesAndVersionsAreKeptUpToTheirLimits) {
    limits.traces = 3;
    limits.versions = 2;
    begin();
    const AutomationId id = add("{name: One, actions: [{notify: x}]}");
    for (int i = 0; i < 5; ++i) {
        ASSERT_TRUE(house->rules.run(ada, id));
        turn(seconds);
    }
    const auto runs = house->rules.runs(id);
    ASSERT_EQ(runs.size(), 3U);
    EXPECT_EQ(runs.front()->id, 5U);
    EXPECT_EQ(house->rules.find_run(2), nullptr);
    for (int i = 0; i < 3; ++i)
        ASSERT_TRUE(house->rules.change(
            ada, id, yaml(fmt::format("{{name: One, actions: [{{notify: '{}'}}]}}", i))));
    const Value versions = house->rules.versions_value(*house->rules.find(id));
    ASSERT_EQ(versions.as_list()->size(), 2U);
    EXPECT_EQ(versions.as_list()->at(0).at("version"), Value(4));
}

TEST_F(LimitTest, TracesOfWhatWasNotMetDoNotPushOutTheOthers) {
    limits.traces = 4;
    begin();
    const AutomationId id = lamp_on("{device: Button, attribute: button.event, event: reported}",
                                    "conditions: [{expression: '{{ trigger.to == \"go\" }}'}],");
    report(button, "button.event", "go");
    for (int i = 0; i < 50; ++i)
        report(button, "button.event", "stay");
    const auto runs = house->rules.runs(id);
    ASSERT_EQ(runs.size(), 4U);
    EXPECT_EQ(runs.back()->state, RunState::waiting);
}

TEST_F(LimitTest, ARunThatWaitsForItsDeviceKeepsItsTraceUntilItsEndIsTold) {
    limits.traces = 2;
    begin();
    const AutomationId id = lamp_on("{device: Button, attribute: button.event, event: reported}");
    for (int i = 0; i < 5; ++i)
        report(button, "button.event", "press");
    EXPECT_EQ(house->rules.runs(id).size(), 5U);
    report(lamp, "on_off.on", true);
    EXPECT_EQ(house->rules.runs(id).size(), 2U);
    const std::vector<std::string> states = run_states();
    EXPECT_EQ(std::ranges::count(states, "finished"), 5);
}

TEST_F(LimitTest, ATextThatGrowsBeyondItsLimitFailsItsStep) {
    const AutomationId id = add("{name: Long, actions: [{notify: '{{ \"x\" * 5000 }}'}]}");
    ASSERT_TRUE(house->rules.run(ada, id));
    turn(seconds);
    EXPECT_EQ(trace(id).at("state"), Value("failed"));
    EXPECT_THAT(trace(id).at("detail").string_or(""), HasSubstr("at most 4096 are allowed"));
}

TEST_F(LimitTest, WhatATraceKeepsOfTextsIsCut) {
    report(button, "button.event", std::string(10'000, 'x'));
    const AutomationId id =
        add("{name: Long, triggers: [{device: Motion, attribute: occupancy.occupied}], conditions: "
            "[{device: Button, attribute: button.event, is_not: y}], actions: [{notify: '{{ \"x\" "
            "* 4000 }}'}]}");
    see(true);
    EXPECT_LT(to_json(trace(id)).size(), 5 * limits.detail_bytes);
    EXPECT_EQ(notifications().at(0).size(), 4'000U);
}

} // namespace
} // namespace hearth::automations
