#include "automations/test_house.h"

namespace hearth::automations {
namespace {

using namespace testing;

struct RunTest : Fixture {
    /// "when somebody moves: ACTIONS".
    AutomationId when_seen(const std::string& actions, const std::string& more = "") {
        return add("{name: Seen, triggers: [{device: Motion, attribute: occupancy.occupied, to: "
                   "true}], " +
                   more + " actions: [" + actions + "]}");
    }
    void walk_by() {
        see(false);
        see(true);
    }
    static Value step(const Value& traced, std::size_t number) {
        return traced.at("steps").as_list()->at(number);
    }
};

TEST_F(RunTest, StepsAreDoneInTheirOrderAndDelaysAwaited) {
    when_seen("{device: Lamp, set: {on_off.on: true, level.percent: 40}}, {delay: 5min}, "
              "{notify: going out}, {device: Lamp, set: {on_off.on: false}}");
    see(true);
    EXPECT_THAT(wire.sent, ElementsAre("Lamp on_off.on=true level.percent=40"));
    turn(5 * minutes - 1);
    EXPECT_THAT(notifications(), IsEmpty());
    turn(1);
    EXPECT_THAT(notifications(), ElementsAre("going out"));
    EXPECT_EQ(wire.sent.back(), "Lamp on_off.on=false");
}

TEST_F(RunTest, CommandsCarryTheAutomationAndTheEventThatTriggeredIt) {
    const AutomationId id = when_seen("{device: Lamp, set: {on_off.on: true}}, {notify: hello}");
    see(true);
    home::EventId trigger = 0;
    for (const home::Event& event : house->home.recent_events())
        if (std::holds_alternative<home::AttributeReported>(event.fact)) trigger = event.id;
    const Value cause = home::to_value(home::Cause::of_automation(id, trigger));
    EXPECT_EQ(events("command_issued").at(0).at("cause"), cause);
    EXPECT_EQ(events("notification").at(0).at("cause"), cause);
    report(lamp, "on_off.on", true);
    for (const Value& ran : events("automation_run")) {
        EXPECT_EQ(ran.at("cause"), cause);
        EXPECT_EQ(ran.at("automation"), Value(id));
        EXPECT_EQ(ran.at("run"), Value(1));
        EXPECT_EQ(ran.at("name"), Value("Seen"));
    }
    EXPECT_THAT(run_states(), ElementsAre("started", "finished"));
}

TEST_F(RunTest, WhatATimeStartedAnswersTheEventThatTellsOfTheStart) {
    add("{name: Noon, triggers: [{time: '12:00'}], actions: [{notify: noon}]}");
    turn(2 * hours);
    const Value started = events("automation_run").at(0);
    EXPECT_EQ(events("notification").at(0).at("cause").at("event"), started.at("id"));
}

TEST_F(RunTest, ATraceTellsTriggerConditionsAndEveryStep) {
    report(lamp, "on_off.on", false);
    const AutomationId id =
        when_seen("{device: Lamp, set: {on_off.on: true}}, {delay: 1min}, {notify: hello}",
                  "conditions: [{device: Lamp, attribute: on_off.on, is: false}],");
    see(true);
    report(lamp, "on_off.on", true);
    turn(minutes);
    EXPECT_EQ(
        to_json(trace(id)),
        R"({"run":1,"automation":"seen","version":1,"state":"finished",)"
        R"("steps_total":3,"steps_failed":0,"steps_unanswered":0,"cause":{"subject":)"
        R"({"kind":"automation","id":"seen"},"via":"rule","event":7},"started":"2026-11-23T10:00:00Z","ended":)"
        R"("2026-11-23T10:01:00Z","trigger":{"index":0,"text":"Motion occupancy.occupied )"
        R"(becomes true","time":"2026-11-23T10:00:00Z","event":7,"device":")" +
            motion +
            R"(","name":"Motion","attribute":"occupancy.occupied","from":null,"to":true},)"
            R"("conditions":[{"text":"Lamp on_off.on is false","result":true,"operands":{"value":)"
            R"(false}}],"steps":[{"step":"1","text":"Lamp: on_off.on = true","state":"done","time":)"
            R"("2026-11-23T10:00:00Z","command":1,"settlement":"confirmed"},{"step":"2","text":)"
            R"("wait 1min","state":"done","time":"2026-11-23T10:00:00Z","until":)"
            R"("2026-11-23T10:01:00Z"},{"step":"3","text":"notify: hello","state":"done","time":)"
            R"("2026-11-23T10:01:00Z"}],"name":"Seen"})");
}

TEST_F(RunTest, ACommandThatIsNotAnsweredIsSettledInTheTrace) {
    const AutomationId id = when_seen("{device: Lamp, set: {on_off.on: true}}");
    see(true);
    EXPECT_EQ(step(trace(id), 0).find("settlement"), nullptr);
    clock.turn(10 * seconds);
    house->home.advance();
    EXPECT_EQ(step(trace(id), 0).at("settlement"), Value("timed_out"));
    EXPECT_EQ(step(trace(id), 0).at("detail"), Value("the device has not answered"));
}

TEST_F(RunTest, ExpressionsGiveValuesInTheTypeOfTheAttribute) {
    report(thermometer, "temperature.celsius", 21.5);
    when_seen("{device: Lamp, set: {level.percent: '{{ inside.temperature.celsius * 2 }}', "
              "on_off.on: '{{ trigger.to }}'}}, "
              "{device: Lamp, set: {level.percent: '1{{ 2 }}'}}, "
              "{device: Lamp, set: {on_off.on: '{% if 1 %}False{% endif %}'}}, {notify: '{{ "
              "trigger.name }}: {{ inside.temperature.celsius }} °C'}",
              "with: {inside: Thermometer},");
    see(true);
    EXPECT_THAT(wire.sent, ElementsAre("Lamp level.percent=43 on_off.on=true",
                                       "Lamp level.percent=12", "Lamp on_off.on=false"));
    EXPECT_THAT(notifications(), ElementsAre("Motion: 21.5 °C"));
}

TEST_F(RunTest, AStepThatCannotBeDoneIsTracedAndTheOthersAreDone) {
    const AutomationId id =
        when_seen("{device: Lamp, set: {level.percent: '{{ inside.temperature.celsius }}'}}, "
                  "{device: Lamp, set: {level.percent: '{{ 1000 * 1000 ~ \"x\" }}'}}, {notify: "
                  "'{{ nothing }}'}, {notify: hello}",
                  "with: {inside: Thermometer},");
    see(true);
    const Value traced = trace(id);
    EXPECT_EQ(traced.at("state"), Value("failed"));
    EXPECT_THAT(traced.at("detail").string_or(""), HasSubstr("step 1: level.percent: "));
    EXPECT_THAT(step(traced, 1).at("detail").string_or(""), HasSubstr("level.percent"));
    EXPECT_THAT(step(traced, 2).at("detail").string_or(""), HasSubstr("nothing"));
    EXPECT_EQ(step(traced, 3).at("state"), Value("done"));
    EXPECT_THAT(notifications(), ElementsAre("hello"));
    EXPECT_THAT(run_states(), ElementsAre("started", "failed"));
}

TEST_F(RunTest, ADeviceThatHasLeftFailsItsStep) {
    const AutomationId id = when_seen("{device: Lamp, set: {on_off.on: true}}, {notify: hello}");
    ASSERT_TRUE(house->home.record(ada, home::DeviceLeft{lamp}));
    see(true);
    EXPECT_EQ(step(trace(id), 0).at("detail"), Value("the device has left"));
    EXPECT_THAT(notifications(), ElementsAre("hello"));
}

TEST_F(RunTest, ADelayOfNothingWaitsForNothing) {
    when_seen("{delay: 0s}, {notify: hello}");
    see(true);
    EXPECT_THAT(notifications(), ElementsAre("hello"));
}

// --- What came of it ---------------------------------------------------------------------------

TEST_F(RunTest, ARunWaitsUntilItsDevicesHaveAnsweredAndThenIsFinished) {
    const AutomationId id = when_seen("{device: Lamp, set: {on_off.on: true}}, {notify: hello}");
    see(true);
    EXPECT_EQ(trace(id).at("state"), Value("waiting"));
    EXPECT_EQ(trace(id).at("steps_unanswered"), Value(1));
    EXPECT_EQ(step(trace(id), 0).at("state"), Value("waiting"));
    EXPECT_THAT(run_states(), ElementsAre("started"));
    turn(seconds);
    report(lamp, "on_off.on", true);
    EXPECT_EQ(trace(id).at("state"), Value("finished"));
    EXPECT_EQ(step(trace(id), 0).at("state"), Value("done"));
    EXPECT_EQ(trace(id).at("ended"), Value("2026-11-23T10:00:01Z"));
    EXPECT_THAT(run_states(), ElementsAre("started", "finished"));
}

TEST_F(RunTest, ARunWhoseDeviceDoesNotAnswerHasFailedAndTellsHowManySteps) {
    const AutomationId id = when_seen("{device: Lamp, set: {on_off.on: true}}, {notify: hello}");
    see(true);
    clock.turn(10 * seconds);
    house->home.advance();
    house->rules.advance();
    const Value last = house->rules.to_value(*house->rules.find(id)).at("last_run");
    EXPECT_EQ(last.at("state"), Value("failed"));
    EXPECT_EQ(last.at("steps_failed"), Value(1));
    EXPECT_EQ(last.at("steps_total"), Value(2));
    EXPECT_EQ(step(trace(id), 0).at("state"), Value("failed"));
    const Value ended = events("automation_run").back();
    EXPECT_EQ(ended.at("state"), Value("failed"));
    EXPECT_EQ(ended.at("detail"),
              Value("1 of 2 steps failed; step 1: the device has not answered"));
}

TEST_F(RunTest, AnotherRunBeginsWhileOneWaitsForAnAnswer) {
    const AutomationId id = when_seen("{device: Lamp, set: {on_off.on: true}}");
    see(true);
    walk_by();
    EXPECT_EQ(wire.sent.size(), 2U);
    EXPECT_EQ(trace(id).find("ignored"), nullptr);
    report(lamp, "on_off.on", true);
    EXPECT_THAT(run_states(), ElementsAre("started", "started", "finished", "finished"));
}

TEST_F(RunTest, ACommandThatFailedBeforeALongDelayFailsTheRunAtItsEnd) {
    const AutomationId id = when_seen("{device: Lamp, set: {on_off.on: true}}, {delay: 1min}");
    see(true);
    clock.turn(10 * seconds);
    house->home.advance();
    EXPECT_EQ(trace(id).at("state"), Value("running"));
    EXPECT_EQ(trace(id).at("steps_failed"), Value(1));
    turn(minutes);
    EXPECT_EQ(trace(id).at("state"), Value("failed"));
}

TEST_F(RunTest, ARemovedAutomationsWaitingRunIsStopped) {
    const AutomationId id = when_seen("{device: Lamp, set: {on_off.on: true}}");
    see(true);
    ASSERT_TRUE(house->rules.remove(ada, id));
    report(lamp, "on_off.on", true);
    EXPECT_THAT(run_states(), ElementsAre("started", "stopped"));
}

// --- Modes -------------------------------------------------------------------------------------

TEST_F(RunTest, SingleIgnoresTriggersWhileItRunsAndSaysSo) {
    const AutomationId id = when_seen("{delay: 5min}, {notify: done}");
    see(true);
    turn(4 * minutes);
    walk_by();
    turn(minutes);
    EXPECT_THAT(notifications(), ElementsAre("done"));
    turn(hours);
    EXPECT_EQ(notifications().size(), 1U);
    EXPECT_EQ(to_json(trace(id).at("ignored")), R"({"count":1,"last":"2026-11-23T10:04:00Z"})");
    walk_by();
    turn(5 * minutes);
    EXPECT_EQ(notifications().size(), 2U);
}

TEST_F(RunTest, RestartBeginsTheDelayAnew) {
    const AutomationId id = when_seen("{delay: 5min}, {notify: done}", "mode: restart,");
    see(true);
    turn(4 * minutes);
    walk_by();
    turn(4 * minutes);
    EXPECT_THAT(notifications(), IsEmpty());
    turn(minutes);
    EXPECT_THAT(notifications(), ElementsAre("done"));
    EXPECT_THAT(run_states(), ElementsAre("started", "restarted", "started", "finished"));
    const auto runs = house->rules.runs(id);
    ASSERT_EQ(runs.size(), 2U);
    EXPECT_EQ(runs[1]->state, RunState::restarted);
    EXPECT_EQ(runs[1]->detail, "it was triggered again");
}

TEST_F(RunTest, ATriggerWhoseConditionsFailLeavesTheRunAlone) {
    when_seen("{delay: 5min}, {notify: done}", "mode: restart, conditions: [{before: '10:01'}],");
    see(true);
    turn(2 * minutes);
    walk_by();
    turn(3 * minutes);
    EXPECT_THAT(notifications(), ElementsAre("done"));
}

// --- By hand -----------------------------------------------------------------------------------

TEST_F(RunTest, ByHandItRunsWhateverItsConditionsSay) {
    const AutomationId id =
        when_seen("{device: Lamp, set: {on_off.on: true}}", "conditions: [{sun: down}],");
    const auto run = house->rules.run(ada, id);
    ASSERT_TRUE(run);
    house->rules.advance();
    EXPECT_THAT(wire.sent, ElementsAre("Lamp on_off.on=true"));
    EXPECT_EQ(trace(id).at("cause"), home::to_value(ada));
    EXPECT_EQ(trace(id).at("trigger").at("text"), Value("by hand"));
    const Value started = events("automation_run").at(0);
    EXPECT_EQ(started.at("cause"), home::to_value(ada));
    EXPECT_EQ(events("command_issued").at(0).at("cause"),
              home::to_value(home::Cause::of_automation(id, 6)));
    EXPECT_EQ(started.at("id"), Value(6));
}

TEST_F(RunTest, ByHandASingleOneThatRunsIsRefusedAndARestartOneBegunAnew) {
    const AutomationId single = when_seen("{delay: 5min}");
    const AutomationId restart =
        add("{name: Other, mode: restart, actions: [{delay: 5min}, {notify: done}]}");
    for (const AutomationId& id : {single, restart})
        ASSERT_TRUE(house->rules.run(ada, id));
    turn(0);
    turn(4 * minutes);
    EXPECT_EQ(house->rules.run(ada, single).error().code, Code::conflict);
    ASSERT_TRUE(house->rules.run(ada, restart));
    turn(0);
    turn(4 * minutes);
    EXPECT_THAT(notifications(), IsEmpty());
    turn(minutes);
    EXPECT_THAT(notifications(), ElementsAre("done"));
    EXPECT_EQ(house->rules.run(ada, "nobody").error().code, Code::not_found);
}

// --- What stops a run --------------------------------------------------------------------------

TEST_F(RunTest, ChangingDisablingOrRemovingEndsTheRun) {
    const AutomationId id = when_seen("{delay: 5min}, {notify: old}");
    see(true);
    ASSERT_TRUE(house->rules.change(ada, id, yaml("{name: Seen, actions: [{delay: 5min}]}")));
    EXPECT_EQ(trace(id).at("state"), Value("stopped"));
    EXPECT_EQ(trace(id).at("detail"), Value("the automation was changed"));
    ASSERT_TRUE(house->rules.run(ada, id));
    turn(seconds);
    ASSERT_TRUE(house->rules.enable(ada, id, false));
    EXPECT_EQ(trace(id).at("detail"), Value("the automation was disabled"));
    ASSERT_TRUE(house->rules.run(ada, id));
    turn(seconds);
    ASSERT_TRUE(house->rules.remove(ada, id));
    EXPECT_THAT(run_states(),
                ElementsAre("started", "stopped", "started", "stopped", "started", "stopped"));
    turn(hours);
    EXPECT_THAT(notifications(), IsEmpty());
    EXPECT_EQ(house->rules.next_deadline(), std::nullopt);
}

} // namespace
} // namespace hearth::automations
