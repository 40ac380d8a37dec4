#include "automations/test_house.h"

/// A wall clock that is wrong, is set right, or shows what it likes; and the hours of spring and
/// autumn.
namespace hearth::automations {
namespace {

using namespace testing;

struct ClockTest : Fixture {
    static constexpr Micros long_ago = 60 * seconds; ///< 1970: a board without a clock of its own

    /// A delay of two hours that began at 10:00.
    void wait_two_hours() {
        add("{name: Heat, triggers: [{device: Motion, attribute: occupancy.occupied, to: true}], "
            "actions: [{delay: 2h}, {notify: off}]}");
        see(true);
    }
    /// Kills the hub and starts it at what its clock then shows.
    void restart_at(Micros shown) {
        house.reset();
        clock.jump_to(shown);
        make_house();
        ASSERT_TRUE(journal.replay_into({&house->home, &house->rules}));
        house->rules.resume();
        house->rules.advance();
    }
    void set(Micros shown) {
        clock.jump_to(shown);
        house->rules.advance();
    }
};

constexpr Micros ten = midnight + 10 * hours;

TEST_F(ClockTest, ADelayFromBeforeTheStartKeepsItsUtcWhenTheClockIsSetRight) {
    wait_two_hours();
    restart_at(long_ago);
    turn(10 * seconds);
    set(ten + hours);
    turn(hours - 1);
    EXPECT_THAT(notifications(), IsEmpty());
    turn(1);
    EXPECT_THAT(notifications(), ElementsAre("off"));
}

TEST_F(ClockTest, OneThatIsOverdueWhenTheClockIsSetRightGoesOnAtOnce) {
    wait_two_hours();
    restart_at(long_ago);
    turn(10 * seconds);
    EXPECT_THAT(notifications(), IsEmpty());
    set(ten + 3 * hours);
    EXPECT_THAT(notifications(), ElementsAre("off"));
}

TEST_F(ClockTest, WhereNobodySetsTheClockItTakesWhatRemainedAtTheJournalsEnd) {
    wait_two_hours();
    turn(hours);
    see(false);
    restart_at(long_ago);
    turn(hours - 1);
    EXPECT_THAT(notifications(), IsEmpty());
    turn(1);
    EXPECT_THAT(notifications(), ElementsAre("off"));
}

TEST_F(ClockTest, AClockThatWasAheadAtTheStartIsSetBack) {
    wait_two_hours();
    restart_at(ten + hours + 30 * minutes); // it is half past ten
    set(ten + 30 * minutes);
    turn(90 * minutes - 1);
    EXPECT_THAT(notifications(), IsEmpty());
    turn(1);
    EXPECT_EQ(notifications().size(), 1U);
}

TEST_F(ClockTest, AClockThatWasAheadInAnEarlierLifeMakesNothingEarlier) {
    set(ten + hours);
    see(false);
    set(ten);
    wait_two_hours();
    restart();
    turn(2 * hours - 1);
    EXPECT_THAT(notifications(), IsEmpty());
    turn(1);
    EXPECT_EQ(notifications().size(), 1U);
}

TEST_F(ClockTest, AClockThatBeginsAnewTwiceDoesNotForgetTheTime) {
    wait_two_hours();
    restart_at(long_ago);
    see(false);
    restart_at(long_ago + minutes);
    turn(2 * hours - 1);
    EXPECT_THAT(notifications(), IsEmpty());
    turn(1);
    EXPECT_EQ(notifications().size(), 1U);
}

TEST_F(ClockTest, OnceTheClockIsRightWhatRunsIsBoundToTheTimeThatPasses) {
    wait_two_hours();
    restart_at(long_ago);
    set(ten + hours);
    set(ten - days); // somebody plays with it
    turn(hours - 1);
    EXPECT_THAT(notifications(), IsEmpty());
    turn(1);
    EXPECT_EQ(notifications().size(), 1U);
}

TEST_F(ClockTest, AStepThatLeavesTheClockBehindTheJournalDoesNotCount) {
    wait_two_hours();
    restart_at(long_ago);
    set(long_ago + days);
    set(ten + 3 * hours);
    EXPECT_EQ(notifications().size(), 1U);
}

TEST_F(ClockTest, WhatBeganInThisLifeLastsAsLongAndStaysSoAfterARestart) {
    restart_at(long_ago);
    wait_two_hours();
    add("{name: Still, triggers: [{device: Motion, attribute: occupancy.occupied, to: true, for: "
        "3h}], actions: [{notify: held}]}");
    see(false);
    see(true);
    turn(hours);
    set(ten);
    for (const bool checkpoint : {false, true}) {
        if (checkpoint) journal.checkpoint({&house->home, &house->rules});
        restart();
    }
    EXPECT_EQ(trace("heat").at("steps").as_list()->at(0).at("until"),
              Value("2026-11-23T11:00:00Z"));
    turn(hours - 1);
    EXPECT_THAT(notifications(), IsEmpty());
    turn(1);
    EXPECT_THAT(notifications(), ElementsAre("off"));
    turn(hours);
    EXPECT_THAT(notifications(), ElementsAre("off", "held"));
}

TEST_F(ClockTest, WhatWasToldBeforeTheClockWasSetIsNotTakenForYearsOld) {
    restart_at(long_ago);
    see(true);
    turn(seconds);
    set(ten);
    turn(minutes);
    add("{name: Still, triggers: [{device: Motion, attribute: occupancy.occupied, to: true, for: "
        "5min}], actions: [{notify: held}]}");
    turn(4 * minutes - 1);
    EXPECT_THAT(notifications(), IsEmpty());
    turn(1);
    EXPECT_EQ(notifications().size(), 1U);
}

// --- Times of day --------------------------------------------------------------------------------

TEST_F(ClockTest, ATimeOfDayThatTheClockWasSetOverComesOnce) {
    clock.jump_to(midnight + 5 * hours - 4 * seconds);
    begin();
    add("{name: Wake, triggers: [{time: '07:30'}], actions: [{notify: wake}]}");
    turn(6 * seconds);
    set(midnight + 7 * hours + 31 * minutes);
    EXPECT_THAT(notifications(), ElementsAre("wake"));
    set(midnight + 5 * hours);
    set(midnight + 7 * hours + 31 * minutes);
    set(midnight + 7 * hours);
    turn(hours);
    EXPECT_EQ(notifications().size(), 1U);
}

TEST_F(ClockTest, ThoseThatItWasSetOverComeInTheirOrder) {
    add("{name: A, triggers: [{time: '10:33'}], actions: [{notify: c}]}");
    add("{name: B, triggers: [{time: '10:31'}], actions: [{notify: a}]}");
    add("{name: C, triggers: [{time: '10:32'}, {time: '10:28'}], actions: [{notify: b}]}");
    set(ten + 34 * minutes);
    EXPECT_THAT(notifications(), ElementsAre("a", "b", "c"));
}

TEST_F(ClockTest, ATimeThatPassedWhileTheProcessStoodStillIsMadeUpForWithinMinutes) {
    add("{name: Wake, triggers: [{time: '10:30'}], actions: [{notify: wake}]}");
    turn(32 * minutes);
    EXPECT_EQ(notifications().size(), 1U);
    turn(3 * days);
    EXPECT_EQ(notifications().size(), 2U) << "not those of three days at once";
    turn(days + 10 * minutes);
    EXPECT_EQ(notifications().size(), 2U);
    turn(days - 12 * minutes);
    EXPECT_EQ(notifications().size(), 3U);
}

/// One hour ahead, two from 2026-11-25T01:00Z to 2026-11-27T01:00Z.
class ShortSummer final : public TimeZone {
public:
    Micros offset_at(Micros utc) const override {
        const bool summer = utc >= midnight + 2 * days + hours && utc < midnight + 4 * days + hours;
        return summer ? 2 * hours : hours;
    }
};

struct SeasonTest : ClockTest {
    ShortSummer summer;

    void SetUp() override {
        house = std::make_unique<House>(clock, random, journal, wire, summer, place, limits);
        house->rules.resume();
    }
    void tell(const std::string& time) {
        add("{name: At " + time + ", triggers: [{time: '" + time + "'}], actions: [{notify: '" +
            time + "'}]}");
    }
    std::vector<std::string> between(Micros from, Micros to) {
        clock.jump_to(from);
        house->rules.advance();
        const std::size_t before = notifications().size();
        while (clock.utc() < to)
            turn(minutes);
        std::vector<std::string> told = notifications();
        told.erase(told.begin(), told.begin() + static_cast<std::ptrdiff_t>(before));
        return told;
    }
};

TEST_F(SeasonTest, WhatSpringLeavesOutComesAtTheChangeOnceAndInItsOrder) {
    for (const char* time : {"03:05", "02:45", "03:00", "02:00", "02:15", "01:59"})
        tell(time);
    const Micros change = midnight + 2 * days + hours;
    EXPECT_THAT(between(change - 30 * minutes, change + 20 * hours),
                ElementsAre("01:59", "02:00", "02:15", "02:45", "03:00", "03:05"));
}

TEST_F(SeasonTest, WhatAutumnShowsTwiceComesOnce) {
    for (const char* time : {"02:00", "02:30", "02:59", "03:00"})
        tell(time);
    const Micros change = midnight + 4 * days + hours;
    EXPECT_THAT(between(change - 2 * hours, change + 20 * hours),
                ElementsAre("02:00", "02:30", "02:59", "03:00"));
}

TEST_F(SeasonTest, ARestartInTheHourThatComesTwiceRepeatsNothing) {
    tell("02:30");
    const Micros change = midnight + 4 * days + hours;
    clock.jump_to(change - 31 * minutes);
    turn(0);
    turn(minutes);
    EXPECT_EQ(notifications().size(), 1U);
    turn(59 * minutes);
    house.reset();
    house = std::make_unique<House>(clock, random, journal, wire, summer, place, limits);
    ASSERT_TRUE(journal.replay_into({&house->home, &house->rules}));
    house->rules.resume();
    for (int i = 0; i < 60; ++i)
        turn(minutes);
    EXPECT_EQ(notifications().size(), 1U);
}

} // namespace
} // namespace hearth::automations
