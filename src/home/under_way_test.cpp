#include "home/test_home.h"

namespace hearth::home {
namespace {

using testing::HasSubstr;

AttributeSpec words(std::string path, std::vector<std::string> options, bool answers = true) {
    return {.path = {std::move(path)},
            .type = catalog::AttributeType::enumeration,
            .options = std::move(options),
            .writable = true,
            .answers = answers};
}

DeviceDescription curtain() {
    return {.adapter = "test",
            .external_id = "curtain",
            .name = "Curtain",
            .type = "cover",
            .attributes = {words("cover.motion", {"opening", "closing", "stopped"}, false),
                           number("cover.position", 0, 100, 0.6)}};
}

DeviceDescription front_door() {
    return {.adapter = "test",
            .external_id = "lock",
            .name = "Door",
            .type = "lock",
            .attributes = {
                words("lock.state", {"locked", "unlocked", "locking", "unlocking", "jammed"})}};
}

DeviceDescription robot() {
    return {.adapter = "test",
            .external_id = "robot",
            .name = "Robot",
            .type = "vacuum",
            .attributes = {words("operation.state", {"off", "idle", "running", "returning"})}};
}

struct UnderWayTest : HomeTest {
    void after(Micros time) {
        clock.turn(time);
        home.advance();
    }
    void move(const DeviceId& id, std::string motion, double position) {
        ASSERT_TRUE(home.record(
            Cause::of_device(id),
            AttributeReported{
                id, {{{"cover.motion"}, std::move(motion)}, {{"cover.position"}, position}}}));
    }
    bool under_way(CommandId command) const {
        const auto open = home.open_commands().find(command);
        return open != home.open_commands().end() && open->second.under_way;
    }
};

TEST_F(UnderWayTest, WhileACurtainMovesItsDeadlineWaitsAndItIsConfirmedWhenItArrives) {
    const DeviceId id = add(curtain());
    move(id, "stopped", 0);
    const CommandId command = ask(id, "cover.position", 100);
    EXPECT_FALSE(under_way(command));
    move(id, "opening", 0);
    EXPECT_TRUE(under_way(command));
    EXPECT_EQ(kinds().back(), "command_under_way");
    for (int i = 1; i < 25; ++i) {
        after(seconds);
        move(id, "opening", 4.0 * i);
        ASSERT_FALSE(settled(command)) << i;
    }
    move(id, "stopped", 100);
    EXPECT_EQ(settled(command)->settlement, Settlement::confirmed);
    EXPECT_EQ(std::ranges::count(kinds(), "command_under_way"), 1);
}

TEST_F(UnderWayTest, WhatStopsShortHasItsDeadlineFromThenOn) {
    const DeviceId id = add(curtain());
    move(id, "stopped", 0);
    const CommandId command = ask(id, "cover.position", 100);
    move(id, "opening", 0);
    after(20 * seconds);
    move(id, "stopped", 40);
    EXPECT_FALSE(under_way(command));
    EXPECT_EQ(kinds().back(), "command_under_way") << "it is told";
    after(limits.command_timeout - 1);
    EXPECT_FALSE(settled(command));
    after(1);
    EXPECT_EQ(settled(command)->settlement, Settlement::timed_out);
    EXPECT_EQ(settled(command)->detail, "the device began, but stopped before it was there");
}

TEST_F(UnderWayTest, NothingIsOnItsWayForEver) {
    const DeviceId id = add(curtain());
    move(id, "stopped", 0);
    const CommandId command = ask(id, "cover.position", 100);
    for (Micros passed = 0; passed < limits.under_way_at_most; passed += 2 * seconds) {
        ASSERT_FALSE(settled(command));
        move(id, passed % (4 * seconds) == 0 ? "opening" : "stopped", 40);
        after(2 * seconds);
    }
    EXPECT_EQ(settled(command)->settlement, Settlement::timed_out);
    const CommandId stuck = ask(id, "cover.position", 100);
    move(id, "opening", 40);
    after(limits.under_way_at_most);
    EXPECT_THAT(settled(stuck)->detail, HasSubstr("still on its way after 300 s"));
}

TEST_F(UnderWayTest, AWordFromBeforeTheCommandIsNoMovement) {
    const DeviceId id = add(curtain());
    move(id, "opening", 40);
    const CommandId command = ask(id, "cover.position", 100);
    EXPECT_FALSE(under_way(command));
    after(limits.command_timeout);
    EXPECT_EQ(settled(command)->detail, "the device has not answered");
}

TEST_F(UnderWayTest, ACoverThatTellsOnlyItsPositionIsUnderWayWithEachStepNearer) {
    const DeviceId id = add(curtain());
    report(id, "cover.position", 0);
    const CommandId command = ask(id, "cover.position", 100);
    for (int i = 1; i <= 4; ++i) {
        after(limits.command_timeout - 1);
        report(id, "cover.position", 20 * i);
        ASSERT_TRUE(under_way(command)) << i;
    }
    after(limits.command_timeout - 1);
    EXPECT_FALSE(settled(command));
    after(1);
    EXPECT_EQ(settled(command)->settlement, Settlement::timed_out) << "it stopped at 80";
    const CommandId away = ask(id, "cover.position", 100);
    report(id, "cover.position", 70);
    EXPECT_FALSE(under_way(away));
}

TEST_F(UnderWayTest, ALockIsOnItsWayOnlyToWhereItTurns) {
    const DeviceId id = add(front_door());
    report(id, "lock.state", "unlocked");
    const CommandId command = ask(id, "lock.state", "locked");
    report(id, "lock.state", "unlocking");
    EXPECT_FALSE(under_way(command)) << "it turns the other way";
    report(id, "lock.state", "locking");
    EXPECT_TRUE(under_way(command));
    report(id, "lock.state", "jammed");
    EXPECT_FALSE(under_way(command));
    report(id, "lock.state", "locked");
    EXPECT_EQ(settled(command)->settlement, Settlement::confirmed);
}

TEST_F(UnderWayTest, ARobotOnItsWayHomeIsNotAtWork) {
    const DeviceId id = add(robot());
    report(id, "operation.state", "returning");
    const CommandId start = ask(id, "operation.state", "running");
    EXPECT_FALSE(settled(start));
    report(id, "operation.state", "running");
    EXPECT_EQ(settled(start)->settlement, Settlement::confirmed);
    const CommandId home_again = ask(id, "operation.state", "idle");
    report(id, "operation.state", "returning");
    EXPECT_TRUE(under_way(home_again));
    after(60 * seconds);
    report(id, "operation.state", "idle");
    EXPECT_EQ(settled(home_again)->settlement, Settlement::confirmed);
}

TEST_F(UnderWayTest, WhoGoesOfflineIsNotOnItsWay) {
    const DeviceId id = add(curtain());
    move(id, "stopped", 0);
    const CommandId command = ask(id, "cover.position", 100);
    move(id, "opening", 4);
    ASSERT_TRUE(home.record(itself, AvailabilityChanged{id, false}));
    EXPECT_FALSE(under_way(command));
    after(limits.command_timeout);
    EXPECT_EQ(settled(command)->detail, "the device is offline");
}

TEST_F(UnderWayTest, ALongerDeadlineIsNeverMadeShorter) {
    const DeviceId id = add(curtain());
    move(id, "stopped", 0);
    const CommandId command =
        home.issue(somebody, {id, {{{"cover.position"}, 100}}, 20 * minutes}).value();
    move(id, "opening", 4);
    after(minutes);
    move(id, "stopped", 8);
    after(9 * minutes);
    EXPECT_FALSE(settled(command));
    after(10 * minutes);
    EXPECT_TRUE(settled(command));
}

TEST_F(UnderWayTest, AfterARestartTheDeviceTellsAnew) {
    const DeviceId id = add(curtain());
    move(id, "stopped", 0);
    ask(id, "cover.position", 100);
    move(id, "opening", 4);
    Home again(clock, random, journal, sender, limits);
    ASSERT_TRUE(journal.replay_into({&again}));
    again.resume_commands();
    EXPECT_FALSE(again.open_commands().begin()->second.under_way);
    ASSERT_TRUE(
        again.record(Cause::of_device(id), AttributeReported{id, {{{"cover.motion"}, "opening"}}}));
    EXPECT_TRUE(again.open_commands().begin()->second.under_way);
}

TEST_F(UnderWayTest, AfterARestartItIsWaitedForThoughItsTimeWasUp) {
    const DeviceId id = add(curtain());
    move(id, "stopped", 0);
    const CommandId command = ask(id, "cover.position", 100);
    move(id, "opening", 4);
    const auto come_back = [&] {
        clock.turn(2 * limits.command_timeout);
        RecordingSender new_sender;
        Home again(clock, random, journal, new_sender, limits);
        EXPECT_TRUE(journal.replay_into({&again}));
        again.resume_commands();
        EXPECT_TRUE(new_sender.sent.empty());
        EXPECT_TRUE(again.open_commands().contains(command));
    };
    come_back();
    journal.checkpoint({&home});
    come_back();
}

} // namespace
} // namespace hearth::home
