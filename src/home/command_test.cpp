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

TEST_F(CommandTest, WhatWasNeverConfirmedIsLetGoByAPersonAndSendsNothing) {
    const DeviceId id = add();
    ask(id, "on_off.on", true);
    ask(id, "level.percent", 40);
    EXPECT_EQ(home.withdraw(somebody, id, "on_off.on").error().code, Code::conflict)
        << "it is under way";
    ASSERT_TRUE(home.withdraw(somebody, id, "")) << "nothing to let go is no fault";
    EXPECT_EQ(home.recent_events().size(), 3U);
    clock.turn(limits.command_timeout);
    home.advance();
    const std::size_t sent = sender.sent.size();
    ASSERT_TRUE(home.withdraw(somebody, id, "on_off.on"));
    EXPECT_EQ(desired(id), R"({"level":{"percent":40}})");
    EXPECT_EQ(home.withdraw(somebody, id, "on_off.on").error().code, Code::not_found);
    ASSERT_TRUE(home.withdraw(somebody, id, ""));
    EXPECT_EQ(desired(id), "{}");
    EXPECT_EQ(sender.sent.size(), sent);
    EXPECT_EQ(to_json(to_value(home.recent_events().back()).at("attributes")),
              R"(["level.percent"])");
    EXPECT_EQ(home.recent_events().back().cause, somebody);
    EXPECT_EQ(home.withdraw(somebody, "nobody", "").error().code, Code::not_found);
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

TEST_F(CommandTest, AfterARestartNothingIsSentWhoseTimeWasUpMeanwhile) {
    const CommandId late = ask(add(), "on_off.on", true);
    clock.turn(limits.command_timeout - seconds);
    const CommandId in_time = ask(add(lamp("lamp-2")), "on_off.on", true);
    clock.turn(seconds); // the hub is down
    RecordingSender new_sender;
    Home again(clock, random, journal, new_sender, limits);
    ASSERT_TRUE(journal.replay_into({&again}));
    again.resume_commands();
    EXPECT_THAT(new_sender.sent, ElementsAre(in_time));
    const auto told = again.find_settled(late);
    ASSERT_TRUE(told);
    EXPECT_EQ(told->settlement, Settlement::timed_out);
    EXPECT_THAT(told->detail, HasSubstr("not sent again"));
}

TEST_F(CommandTest, AfterARestartWithAClockThatWentBackNothingIsSentAgain) {
    ask(add(), "on_off.on", true);
    ask(add(lamp("lamp-2")), "on_off.on", true);
    ManualClock behind(clock.utc() - hours);
    RecordingSender new_sender;
    Home again(behind, random, journal, new_sender, limits);
    ASSERT_TRUE(journal.replay_into({&again}));
    again.resume_commands();
    EXPECT_THAT(new_sender.sent, ElementsAre());
    EXPECT_TRUE(again.open_commands().empty());
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

TEST_F(CommandTest, LevelZeroIsOffAndTheLampThatIsOffConfirmsIt) {
    const DeviceId id = add();
    report(id, "level.percent", 60);
    report(id, "on_off.on", true);
    const CommandId command = ask(id, "level.percent", 0);
    EXPECT_FALSE(settled(command));
    report(id, "on_off.on", false);
    EXPECT_EQ(settled(command)->settlement, Settlement::confirmed);
    const auto& events = home.recent_events();
    EXPECT_EQ(events[events.size() - 2].cause.event, events[events.size() - 3].id)
        << "off answers it";
    EXPECT_EQ(to_json(delta_value(*home.find(id))), "{}");
    EXPECT_EQ(settled(ask(id, "level.percent", 0))->settlement, Settlement::confirmed)
        << "it is off already";
    report(id, "on_off.on", true);
    EXPECT_EQ(desired(id), "{}") << "superseded by what the device says";
}

TEST_F(CommandTest, LevelZeroIsNotConfirmedByAnOldOffWhileOnIsUnderWay) {
    const DeviceId id = add();
    report(id, "on_off.on", false);
    ask(id, "on_off.on", true);
    const CommandId zero = ask(id, "level.percent", 0);
    EXPECT_FALSE(settled(zero));
    report(id, "on_off.on", true);
    EXPECT_FALSE(settled(zero));
    report(id, "on_off.on", false);
    EXPECT_EQ(settled(zero)->settlement, Settlement::confirmed);
}

TEST_F(CommandTest, OffAtZeroIsOneWishAndOffAtSeventyIsAContradiction) {
    DeviceDescription two = lamp();
    two.attributes.push_back(number("left/level.percent", 0, 100));
    two.attributes.push_back(number("color.kelvin", 1000, 20'000));
    const DeviceId id = add(two);
    const auto issue = [&](std::vector<Ask> asks) {
        return home.issue(somebody, {id, std::move(asks), {}});
    };
    EXPECT_TRUE(issue({{{"on_off.on"}, false}, {{"level.percent"}, 0}}));
    EXPECT_TRUE(issue({{{"on_off.on"}, true}, {{"level.percent"}, 70}}));
    EXPECT_TRUE(issue({{{"on_off.on"}, false}, {{"left/level.percent"}, 70}}))
        << "another endpoint's lamp";
    const auto odd = issue({{{"on_off.on"}, false}, {{"level.percent"}, 70}});
    EXPECT_EQ(odd.error().code, Code::invalid);
    EXPECT_THAT(odd.error().detail, HasSubstr("level.percent = 70 and on_off.on = false"));
    EXPECT_FALSE(issue({{{"level.percent"}, 0}, {{"on_off.on"}, true}}));
    EXPECT_FALSE(issue({{{"color.kelvin"}, 2700}, {{"on_off.on"}, false}}));
}

TEST_F(CommandTest, WhatIsDoneIsAskedForWithTrueAndNothingElse) {
    const DeviceId id = add(lamp_with_bell());
    const auto press = [&](Value value) {
        return home.issue(somebody, {id, {{{"button.press"}, std::move(value)}}, {}});
    };
    Value deep = 1;
    for (int i = 0; i < 30; ++i)
        deep = ValueList{std::move(deep)};
    for (const Value& odd : {Value(false), Value(1), Value("true"), Value(), deep,
                             Value(ValueMap{{"times", 2}}), Value(std::string(20'000, 'x'))})
        EXPECT_FALSE(press(odd)) << to_json(odd).substr(0, 40);
    EXPECT_TRUE(press(true));
}

} // namespace
} // namespace hearth::home
