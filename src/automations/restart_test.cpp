#include "automations/records.h"
#include "automations/test_house.h"
#include "home/records.h"

#include <functional>

/// kill -9: what the journal has is all that is left. Each test lives through a story once, then
/// cuts the journal after each of its records, starts again, and lets time go on: what was done and
/// what is done then must be the story's actions, each once and at its time.
namespace hearth::automations {
namespace {

using namespace testing;

struct RestartTest : Fixture {
    std::vector<Micros> times; ///< of each record of the journal

    void note_times() { times.resize(journal.records().size(), clock.utc()); }
    /// Turns time on in small steps, so that things happen about when they are due.
    void live(Micros time) {
        for (Micros left = time; left > 0; left -= 10 * seconds) {
            turn(10 * seconds);
            note_times();
        }
    }
    void see_and_note(bool somebody) {
        see(somebody);
        note_times();
    }

    /// "TIME what" of every command and notification, TIME in seconds since the story's begin.
    std::vector<std::string> done(Micros begin) {
        std::vector<std::string> lines;
        for (const home::Event& event : house->home.recent_events()) {
            const auto second = (event.at - begin) / seconds;
            if (const auto* issued = std::get_if<home::CommandIssued>(&event.fact))
                lines.push_back(fmt::format("{} {}={}", second, issued->command.asks[0].path.text,
                                            value_text(issued->command.asks[0].value, 50)));
            if (const auto* told = std::get_if<home::Notified>(&event.fact))
                lines.push_back(fmt::format("{} {}", second, told->text));
        }
        return lines;
    }

    enum class How { plainly, through_checkpoints, late };

    void start_after_cut(const journal::MemoryJournal& whole, std::size_t records, How how) {
        house.reset();
        journal = whole;
        journal.cut_after(records);
        clock.jump_to(times[records - 1]);
        restart(how == How::late ? hours : 0);
        if (how != How::through_checkpoints) return;
        journal.checkpoint({&house->home, &house->rules});
        restart();
    }

    /// `first`: how many records there must be for the story to be under way.
    void cut_everywhere(std::size_t first, Micros begin, Micros rest, How how,
                        const std::function<void(const std::vector<std::string>&)>& check) {
        const journal::MemoryJournal whole = journal;
        ASSERT_GE(whole.records().size(), first);
        const std::vector<Micros> all_times = times;
        for (std::size_t records = first; records <= whole.records().size(); ++records) {
            SCOPED_TRACE(fmt::format("cut after record {} of {}", records, whole.records().size()));
            times = all_times;
            start_after_cut(whole, records, how);
            live(rest);
            check(done(begin));
            EXPECT_EQ(house->rules.running(), 0U);
            EXPECT_EQ(house->rules.queued(), 0U);
        }
    }

    void cut_in_every_way(std::size_t first, Micros begin, Micros rest,
                          const std::vector<std::string>& story) {
        const journal::MemoryJournal whole = journal;
        const std::vector<Micros> all_times = times;
        for (const How how : {How::plainly, How::through_checkpoints}) {
            journal = whole;
            times = all_times;
            cut_everywhere(first, begin, rest, how,
                           [&](const auto& lines) { EXPECT_EQ(lines, story); });
        }
    }
};

constexpr const char* walk = R"(
name: Walk
triggers: [{device: Motion, attribute: occupancy.occupied, to: true}]
conditions: [{after: "08:00"}]
actions:
  - {device: Lamp, set: {on_off.on: true}}
  - {notify: somebody is there}
  - {delay: 5min}
  - {device: Lamp, set: {on_off.on: false}}
  - {delay: 1min}
  - {notify: the end}
)";

TEST_F(RestartTest, EachActionIsDoneOnceAndWhatRemainsOfADelayIsAwaited) {
    add(walk);
    const Micros begin = clock.utc();
    const std::size_t first = journal.records().size() + 1;
    note_times();
    see_and_note(true);
    live(7 * minutes);
    const std::vector<std::string> story{"0 on_off.on=true", "0 somebody is there",
                                         "300 on_off.on=false", "360 the end"};
    ASSERT_EQ(done(begin), story);
    cut_in_every_way(first, begin, 7 * minutes, story);
}

TEST_F(RestartTest, ADelayThatEndedWhileHearthWasDownGoesOnAtOnce) {
    add(walk);
    const Micros begin = clock.utc();
    note_times();
    const std::size_t first = journal.records().size() + 1;
    see_and_note(true);
    cut_everywhere(first, begin, 7 * minutes, How::late, [&](const auto& lines) {
        // Of the delays, that which was under way ends at once; one that begins now takes its time.
        ASSERT_EQ(lines.size(), 4U);
        EXPECT_THAT(lines[0], HasSubstr("on_off.on=true"));
        EXPECT_THAT(lines[1], HasSubstr("somebody is there"));
        EXPECT_THAT(lines[2], HasSubstr("on_off.on=false"));
        EXPECT_THAT(lines[3], HasSubstr("the end"));
    });
    EXPECT_THAT(done(begin), ElementsAre("0 on_off.on=true", "0 somebody is there",
                                         "3600 on_off.on=false", "3660 the end"));
}

TEST_F(RestartTest, HeldForSurvives) {
    add("{name: Still, triggers: [{device: Motion, attribute: occupancy.occupied, to: false, for: "
        "5min}], actions: [{device: Lamp, set: {on_off.on: false}}]}");
    see(true);
    const Micros begin = clock.utc();
    note_times();
    const std::size_t first = journal.records().size() + 1;
    see_and_note(false);
    live(6 * minutes);
    cut_in_every_way(first, begin, 6 * minutes, {"300 on_off.on=false"});
}

TEST_F(RestartTest, HeldForThatWasBrokenOffStaysSo) {
    add("{name: Still, triggers: [{device: Motion, attribute: occupancy.occupied, to: false, for: "
        "5min}], actions: [{device: Lamp, set: {on_off.on: false}}]}");
    see(false);
    turn(4 * minutes);
    const std::size_t first = journal.records().size() + 1;
    note_times();
    see_and_note(true);
    live(minutes);
    cut_in_every_way(first, clock.utc(), 10 * minutes, {});
}

TEST_F(RestartTest, ModeRestartIsRestartedOnce) {
    add("{name: Stay, mode: restart, triggers: [{device: Motion, attribute: occupancy.occupied, "
        "to: true}], actions: [{delay: 5min}, {notify: over}]}");
    const Micros begin = clock.utc();
    see(true);
    turn(4 * minutes);
    see(false);
    note_times();
    const std::size_t first = journal.records().size() + 1;
    see_and_note(true);
    live(6 * minutes);
    cut_in_every_way(first, begin, 6 * minutes, {"540 over"});
}

TEST_F(RestartTest, ModeSingleStillIgnoresWhatCameWhileItRan) {
    add("{name: Once, triggers: [{device: Motion, attribute: occupancy.occupied, to: true}], "
        "actions: [{delay: 5min}, {notify: over}]}");
    const Micros begin = clock.utc();
    see(true);
    turn(4 * minutes);
    see(false);
    note_times();
    const std::size_t first = journal.records().size() + 1;
    see_and_note(true);
    live(2 * minutes);
    cut_in_every_way(first, begin, 6 * minutes, {"300 over"});
}

TEST_F(RestartTest, ATimeOfDayComesOnceAlsoWhereItWasMissedByLittle) {
    add("{name: Noon, triggers: [{time: '12:00'}], actions: [{notify: noon}, {delay: 1min}, "
        "{notify: later}]}");
    turn(2 * hours - 10 * seconds);
    const Micros begin = clock.utc() + 10 * seconds;
    see_and_note(true);
    const std::size_t first = journal.records().size();
    live(3 * minutes);
    cut_in_every_way(first, begin, 3 * minutes, {"0 noon", "60 later"});
}

TEST_F(RestartTest, ATimeOfDayThatWasMissedByMuchIsLeftOut) {
    add("{name: Noon, triggers: [{time: '12:00'}], actions: [{notify: noon}]}");
    turn(2 * hours - minutes);
    restart(limits.missed_time + 2 * minutes);
    turn(hours);
    EXPECT_THAT(notifications(), IsEmpty());
    turn(22 * hours + 54 * minutes);
    EXPECT_EQ(notifications().size(), 1U);
}

TEST_F(RestartTest, ATimeOfDayBeforeItWasEnabledIsNotMadeUpFor) {
    const AutomationId id =
        add("{name: Noon, triggers: [{time: '12:00'}], actions: [{notify: x}]}");
    ASSERT_TRUE(house->rules.enable(ada, id, false));
    turn(2 * hours + minutes);
    ASSERT_TRUE(house->rules.enable(ada, id, true));
    restart(minutes);
    EXPECT_THAT(notifications(), IsEmpty());
}

TEST_F(RestartTest, EverythingIsAsItWasAfterRestartAndCheckpoint) {
    const AutomationId id = add(walk);
    ASSERT_TRUE(house->rules.change(ada, id, [] {
        Value changed = yaml(walk);
        changed.as_map()->set("mode", "restart");
        return changed;
    }()));
    const AutomationId off = add("{name: Off, actions: [{delay: 1s}]}");
    ASSERT_TRUE(house->rules.enable(ada, off, false));
    see(true);
    report(lamp, "on_off.on", true);
    turn(minutes);
    see(false);
    see(true);
    const auto look = [&] {
        ValueList all;
        for (const Automation* automation : house->rules.list()) {
            all.push_back(house->rules.show_value(*automation));
            all.push_back(house->rules.versions_value(*automation));
            for (const automations::Run* run : house->rules.runs(automation->id))
                all.push_back(house->rules.trace_value(*run));
        }
        return to_json(all);
    };
    const std::string before = look();
    restart();
    EXPECT_EQ(look(), before);
    journal.checkpoint({&house->home, &house->rules});
    restart();
    EXPECT_EQ(look(), before);
}

TEST_F(RestartTest, TheSettlementOfACommandReachesTheTraceAlsoAfterARestart) {
    const AutomationId id = add(walk);
    see(true);
    for (const bool checkpoint : {false, true}) {
        if (checkpoint) journal.checkpoint({&house->home, &house->rules});
        restart();
    }
    report(lamp, "on_off.on", true);
    EXPECT_EQ(trace(id).at("steps").as_list()->at(0).at("settlement"), Value("confirmed"));
}

TEST_F(RestartTest, ARunThatWaitsForItsDeviceGoesOnWaitingAndIsEndedOnce) {
    const AutomationId id = lamp_on("{device: Motion, attribute: occupancy.occupied, to: true}");
    for (const bool answered : {true, false}) {
        see(false);
        see(true);
        for (const bool checkpoint : {false, true}) {
            if (checkpoint) journal.checkpoint({&house->home, &house->rules});
            restart();
            EXPECT_EQ(trace(id).at("state"), Value("waiting"));
            EXPECT_EQ(trace(id).at("running"), Value());
        }
        if (answered) {
            report(lamp, "on_off.on", true);
        } else {
            house->home.settle(house->home.open_commands().begin()->first,
                               home::Settlement::timed_out, "no answer");
            restart(); // before the end was told
        }
        EXPECT_EQ(trace(id).at("state"), Value(answered ? "finished" : "failed"));
        report(lamp, "on_off.on", false);
    }
    EXPECT_THAT(run_states(), ElementsAre("started", "finished", "started", "failed"));
}

TEST_F(RestartTest, AnOlderRunThatWasCalledFinishedTooEarlyIsShownAsItCameOut) {
    const AutomationId id = lamp_on("{device: Motion, attribute: occupancy.occupied, to: true}");
    see(true);
    ASSERT_TRUE(house->home.record(home::Cause::of_automation(id),
                                   home::AutomationRan{id, 1, "On", "finished", ""}));
    restart();
    EXPECT_EQ(trace(id).at("state"), Value("waiting"));
    house->home.settle(1, home::Settlement::refused, "no");
    EXPECT_EQ(trace(id).at("state"), Value("failed"));
    EXPECT_EQ(trace(id).at("detail"), Value("1 of 1 steps failed; step 1: no"));
}

TEST_F(RestartTest, EveryRecordIsDescribedForPeople) {
    add(walk);
    add("{name: Noon, triggers: [{time: '12:00'}, {device: Motion, attribute: occupancy.occupied, "
        "for: 1d}], actions: [{notify: noon}]}");
    see(true);
    turn(minutes);
    see(false);
    see(true);
    turn(3 * hours);
    see(false);
    ASSERT_TRUE(house->rules.enable(ada, "noon", false));
    ASSERT_TRUE(house->rules.remove(ada, "noon"));
    journal.checkpoint({&house->home, &house->rules});
    std::set<std::string> kinds;
    for (const auto& record : journal.records()) {
        if (!journal::automation_kinds.contains(record.kind)) continue;
        const auto described = Automations::describe(record.view());
        ASSERT_TRUE(described);
        kinds.insert(std::string(described->at("kind").string_or("")));
    }
    EXPECT_THAT(kinds, ElementsAre("automation_removed", "automation_set", "automation_state",
                                   "automations_state", "match_ignored", "run_began", "run_state",
                                   "run_step"));
}

TEST_F(RestartTest, AVersionTellsWhoSaidThatItBeWritten) {
    const home::Cause spoken{.subject = {home::Subject::Kind::token, "script"},
                             .via = home::Via::sentence,
                             .said = "make a rule"};
    ASSERT_TRUE(house->rules.add(spoken, yaml(walk)));
    restart();
    EXPECT_EQ(house->rules.find("walk")->versions.back().cause, spoken);
    journal.checkpoint({&house->home, &house->rules});
    restart();
    EXPECT_EQ(house->rules.find("walk")->versions.back().cause, spoken);
}

TEST_F(RestartTest, WhatCameAfterALostRecordIsNotDoneAgain) {
    const AutomationId id = add(walk);
    see(true);
    const journal::MemoryJournal whole = journal;
    house.reset();
    journal = {};
    for (const auto& record : whole.records()) {
        const bool told = record.kind == static_cast<journal::Kind>(home::RecordKind::notified);
        const bool step = record.kind == static_cast<journal::Kind>(RecordKind::run_step);
        if (told || (step && decode_step(record.payload, record.version)->step.path.text() == "2"))
            continue;
        journal.append(record.kind, record.version, record.payload);
    }
    restart(minutes);
    EXPECT_THAT(notifications(), IsEmpty());
    turn(4 * minutes);
    EXPECT_EQ(wire.sent.back(), "Lamp on_off.on=false");
    EXPECT_EQ(trace(id).at("steps").as_list()->at(1).at("step"), Value("3"));
}

TEST_F(RestartTest, ADamagedRecordIsAnErrorAndANewerOneIsNamed) {
    for (int kind = 400; kind < 500; ++kind) {
        const journal::Record record{1, static_cast<journal::Kind>(kind), 1, false, "\xff\xff"};
        const auto replayed = house->rules.replay(record);
        EXPECT_TRUE(kind == 402 || !replayed) << kind;
        EXPECT_TRUE(kind == 402 || !Automations::describe(record)) << kind;
    }
    EXPECT_EQ(house->rules.replay({1, 400, record_version + 1, false, ""}).error().code,
              Code::newer);
    EXPECT_EQ(house->rules.replay({1, 499, 1, false, ""}).error().code, Code::newer);
}

} // namespace
} // namespace hearth::automations
