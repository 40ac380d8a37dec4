#include "home/test_home.h"

namespace hearth::home {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

using CommandTest = HomeTest;

TEST_F(CommandTest, TheDevicesAnswerConfirmsACommandAndNamesItAsCause) {
    const DeviceId id = add();
    const CommandId command = ask(id, "on_off.on", true);
    EXPECT_THAT(sender.sent, ElementsAre(command));
    EXPECT_EQ(desired(id), R"({"on_off":{"on":true}})");
    EXPECT_FALSE(settled(command));
    report(id, "on_off.on", true);
    EXPECT_EQ(settled(command)->settlement, Settlement::confirmed);
    EXPECT_EQ(to_json(delta_value(*home.find(id))), "{}");
    const auto& events = home.recent_events();
    EXPECT_EQ(events[2].cause.event, events[1].id) << "the answer's cause is the command";
    EXPECT_EQ(events[3].cause.event, events[2].id) << "the settlement's cause is the answer";
}

TEST_F(CommandTest, AnAnswerWithinTheToleranceConfirms) {
    const DeviceId id = add();
    const CommandId command = ask(id, "level.percent", 40);
    report(id, "level.percent", 39.4);
    EXPECT_EQ(settled(command)->settlement, Settlement::confirmed);
}

TEST_F(CommandTest, ADeviceThatDoesNotAnswerTimesOut) {
    const DeviceId id = add();
    const CommandId command = ask(id, "on_off.on", true);
    clock.turn(limits.command_timeout - 1);
    home.advance();
    EXPECT_FALSE(settled(command));
    clock.turn(1);
    home.advance();
    EXPECT_EQ(settled(command)->settlement, Settlement::timed_out);
    EXPECT_EQ(to_json(delta_value(*home.find(id))), R"({"on_off":{"on":true}})") << "still owed";
    report(id, "on_off.on", false);
    EXPECT_EQ(desired(id), "{}") << "superseded by what the device says";
}

TEST_F(CommandTest, AJumpOfTheWallClockSettlesNothing) {
    const DeviceId id = add();
    const CommandId command = ask(id, "on_off.on", true);
    clock.jump_to(clock.utc() + 10 * 365 * days);
    home.advance();
    EXPECT_FALSE(settled(command));
}

TEST_F(CommandTest, ADeviceThatNeverAnswersIsAssumedToObey) {
    DeviceDescription silent = lamp();
    silent.attributes[0].answers = false;
    const DeviceId id = add(silent);
    EXPECT_EQ(settled(ask(id, "on_off.on", true))->settlement, Settlement::assumed);
}

TEST_F(CommandTest, WhatIsSoAlreadyIsConfirmedAtOnceButSentAllTheSame) {
    const DeviceId id = add();
    report(id, "on_off.on", true);
    const CommandId command = ask(id, "on_off.on", true);
    EXPECT_THAT(sender.sent, ElementsAre(command));
    EXPECT_EQ(settled(command)->settlement, Settlement::confirmed);
}

TEST_F(CommandTest, OffThenOnIsNotConfirmedByTheOldState) {
    const DeviceId id = add();
    report(id, "on_off.on", true);
    const CommandId off = ask(id, "on_off.on", false);
    const CommandId on = ask(id, "on_off.on", true);
    EXPECT_FALSE(settled(on)) << "the twin says on, but an older command is under way";
    report(id, "on_off.on", false);
    EXPECT_EQ(settled(off)->settlement, Settlement::confirmed);
    EXPECT_FALSE(settled(on));
    report(id, "on_off.on", true);
    EXPECT_EQ(settled(on)->settlement, Settlement::confirmed);
}

TEST_F(CommandTest, WhatMustNotHappenTwiceIsSentOnlyOnceCommitted) {
    const DeviceId id = add(lamp_with_bell());
    const CommandId command = ask(id, "button.press", true);
    EXPECT_THAT(sender.sent, ElementsAre());
    journal.commit();
    EXPECT_THAT(sender.sent, ElementsAre(command));
    EXPECT_EQ(settled(command)->settlement, Settlement::assumed);
}

TEST_F(CommandTest, WhatMustNotHappenTwiceIsRefusedWhenTheDiskIsFull) {
    const DeviceId id = add(lamp_with_bell());
    const CommandId command = ask(id, "button.press", true);
    journal.fail({Code::unavailable, "disk full"});
    EXPECT_THAT(sender.sent, ElementsAre());
    EXPECT_EQ(settled(command)->settlement, Settlement::refused);
}

TEST_F(CommandTest, ACommandThatMakesNoSenseIsRefusedAndNotJournaled) {
    DeviceDescription sensor = lamp();
    sensor.attributes.push_back(boolean("contact.open", false));
    const DeviceId id = add(sensor);
    const std::size_t before = journal.records().size();
    const auto issue = [&](std::string path, Value value) {
        return home.issue(somebody, {id, {{{std::move(path)}, std::move(value)}}, {}});
    };
    EXPECT_EQ(issue("no.such", true).error().code, Code::not_found);
    EXPECT_EQ(issue("contact.open", true).error().code, Code::refused);
    EXPECT_EQ(issue("on_off.on", "yes").error().code, Code::invalid);
    EXPECT_EQ(issue("level.percent", 101).error().code, Code::invalid);
    EXPECT_EQ(home.issue(somebody, {"nobody", {}, {}}).error().code, Code::not_found);
    EXPECT_EQ(home.issue(somebody, {id, {}, {}}).error().code, Code::invalid);
    EXPECT_EQ(journal.records().size(), before);
}

TEST_F(CommandTest, AfterARestartCommandsUnderWayAreSentAgainAndSettled) {
    const DeviceId id = add();
    const CommandId command = ask(id, "on_off.on", true);
    RecordingSender new_sender;
    Home again(clock, random, journal, new_sender, limits);
    ASSERT_TRUE(journal.replay_into({&again}));
    again.resume_commands();
    EXPECT_THAT(new_sender.sent, ElementsAre(command));
    clock.turn(limits.command_timeout);
    again.advance();
    EXPECT_TRUE(again.open_commands().empty());
    EXPECT_EQ(std::get<CommandSettled>(again.recent_events().back().fact).settlement,
              Settlement::timed_out);
}

TEST_F(CommandTest, AfterARestartNothingIsSentThatMustNotHappenTwice) {
    ask(add(lamp_with_bell()), "button.press", true);
    RecordingSender new_sender;
    Home again(clock, random, journal, new_sender, limits);
    ASSERT_TRUE(journal.replay_into({&again}));
    again.resume_commands();
    EXPECT_THAT(new_sender.sent, ElementsAre());
    EXPECT_THAT(std::get<CommandSettled>(again.recent_events().back().fact).detail,
                HasSubstr("must not happen twice"));
}

TEST_F(CommandTest, TheSameKeyAsksOnceAlsoAfterARestart) {
    const DeviceId id = add();
    const auto issue = [&](Home& at, std::string key) {
        return at.issue(somebody, {id, {{{"on_off.on"}, true}}, {}, std::move(key)}).value();
    };
    const CommandId first = issue(home, "key-1");
    EXPECT_EQ(issue(home, "key-1"), first);
    EXPECT_NE(issue(home, "key-2"), first);
    journal.checkpoint({&home});
    Home again(clock, random, journal, sender, limits);
    ASSERT_TRUE(journal.replay_into({&again}));
    EXPECT_EQ(issue(again, "key-1"), first);
}

TEST_F(CommandTest, KeysOfAutomationsDoNotPushOutThoseOfPeople) {
    const DeviceId id = add();
    const auto asked = [&](Cause cause, std::string key) {
        return home.issue(std::move(cause), {id, {{{"level.percent"}, 5}}, {}, std::move(key)})
            .value();
    };
    const CommandId first = asked(somebody, "mine");
    for (std::size_t i = 0; i <= limits.remembered_keys; ++i)
        asked({Cause::By::automation, "rule", 0}, fmt::format("run:{}:0", i));
    EXPECT_EQ(asked(somebody, "mine"), first);
}

} // namespace
} // namespace hearth::home
