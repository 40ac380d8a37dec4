#include "automations/test_house.h"

/// What is held over a restart, a device that goes offline, and an automation that begins to look.
namespace hearth::automations {
namespace {

using namespace testing;

struct HoldTest : Fixture {
    static std::string still(const std::string& hold, const std::string& say = "still") {
        return "{name: Still, triggers: [{device: Motion, attribute: occupancy.occupied, to: "
               "false, for: " +
               hold + "}], actions: [{notify: " + say + "}]}";
    }
    /// Comes home: the value is there, and the automation begins at the change.
    AutomationId held(const std::string& hold) {
        see(true);
        AutomationId id = add(still(hold));
        see(false);
        return id;
    }
    void go(bool online) {
        ASSERT_TRUE(house->home.record(home::Cause::of_device(motion),
                                       home::AvailabilityChanged{motion, online}));
        house->rules.advance();
    }
    /// A restart in which the adapter reads again what the broker had kept.
    void restart_with(Micros down_for, bool kept) {
        house.reset();
        clock.turn(down_for);
        make_house();
        ASSERT_TRUE(journal.replay_into({&house->home, &house->rules}));
        ASSERT_TRUE(
            house->home.record(home::Cause::of_device(motion),
                               home::AttributeReported{motion, {{{"occupancy.occupied"}, kept}}}));
        house->rules.resume();
        house->rules.advance();
    }
};

// --- Over a restart ------------------------------------------------------------------------------

TEST_F(HoldTest, OneThatCameDueWhileHearthWasDownWaitsForItsDevicesWord) {
    held("10s");
    turn(2 * seconds);
    restart(12 * seconds);
    turn(hours);
    EXPECT_THAT(notifications(), IsEmpty());
    const auto waits_for = [&] {
        return house->rules.to_value(*house->rules.find("still")).at("waits_for");
    };
    EXPECT_EQ(to_json(waits_for()), R"(["Motion"])");
    see(false);
    EXPECT_THAT(notifications(), ElementsAre("still"));
    EXPECT_TRUE(waits_for().is_null());
    see(false);
    turn(hours);
    EXPECT_EQ(notifications().size(), 1U);
}

TEST_F(HoldTest, ItEndsWhereTheDeviceThenSaysOtherwise) {
    held("10s");
    turn(2 * seconds);
    restart(12 * seconds);
    turn(200 * milliseconds);
    see(true);
    turn(hours);
    EXPECT_THAT(notifications(), IsEmpty());
}

TEST_F(HoldTest, WhatTheBrokerHadKeptIsNobodysWord) {
    held("10s");
    turn(2 * seconds);
    restart_with(12 * seconds, false);
    turn(hours);
    EXPECT_THAT(notifications(), IsEmpty());
    see(false);
    EXPECT_THAT(notifications(), ElementsAre("still"));
}

TEST_F(HoldTest, OneThatIsDueSoonAfterTheStartWaitsTooAndALaterOneKeepsItsTime) {
    held("10s");
    turn(2 * seconds);
    restart(3 * seconds);
    turn(30 * seconds);
    EXPECT_THAT(notifications(), IsEmpty());
    see(false);
    EXPECT_EQ(notifications().size(), 1U);
    see(true);
    ASSERT_TRUE(house->rules.change(ada, "still", yaml(still("5min"))));
    see(false);
    turn(minutes);
    restart(2 * minutes);
    turn(2 * minutes - 1);
    EXPECT_EQ(notifications().size(), 1U);
    turn(1);
    EXPECT_EQ(notifications().size(), 2U);
}

TEST_F(HoldTest, TheDevicesWordBeforeItIsDueIsEnough) {
    held("10s");
    turn(2 * seconds);
    restart(3 * seconds);
    see(false);
    turn(5 * seconds - 1);
    EXPECT_THAT(notifications(), IsEmpty());
    turn(1);
    EXPECT_EQ(notifications().size(), 1U);
}

// --- Offline -------------------------------------------------------------------------------------

TEST_F(HoldTest, WhatADeviceSaidBeforeItWentOfflineHoldsOnceItSaysSoAgain) {
    held("5min");
    turn(minutes);
    go(false);
    turn(10 * minutes);
    EXPECT_THAT(notifications(), IsEmpty());
    go(true);
    turn(minutes);
    EXPECT_THAT(notifications(), IsEmpty());
    see(false);
    EXPECT_EQ(notifications().size(), 1U);
}

TEST_F(HoldTest, AShortAbsenceCostsNoTime) {
    held("5min");
    turn(minutes);
    go(false);
    go(true);
    see(false);
    turn(4 * minutes);
    EXPECT_EQ(notifications().size(), 1U);
}

TEST_F(HoldTest, OneOfADeviceThatIsOfflineWaitsAlsoAfterARestart) {
    held("5min");
    go(false);
    for (const bool checkpoint : {false, true}) {
        if (checkpoint) journal.checkpoint({&house->home, &house->rules});
        restart(3 * minutes);
    }
    turn(hours);
    EXPECT_THAT(notifications(), IsEmpty());
}

// --- Beginning to look ---------------------------------------------------------------------------

TEST_F(HoldTest, AnAutomationThatIsEnabledTakesUpWhatHoldsAlready) {
    const AutomationId id = held("8s");
    turn(seconds);
    ASSERT_TRUE(house->rules.enable(ada, id, false));
    turn(seconds);
    ASSERT_TRUE(house->rules.enable(ada, id, true));
    turn(6 * seconds - 1);
    EXPECT_THAT(notifications(), IsEmpty());
    turn(1);
    EXPECT_THAT(notifications(), ElementsAre("still"));
    turn(hours);
    EXPECT_EQ(notifications().size(), 1U);
}

TEST_F(HoldTest, OneThatIsAddedTakesUpWhatHoldsAlready) {
    see(false);
    turn(minutes);
    add(still("5min"));
    turn(4 * minutes - 1);
    EXPECT_THAT(notifications(), IsEmpty());
    turn(1);
    EXPECT_EQ(notifications().size(), 1U);
}

TEST_F(HoldTest, WhatHasHeldForLongerIsToldAtOnce) {
    see(false);
    turn(hours);
    add(still("5min"));
    turn(0);
    EXPECT_EQ(notifications().size(), 1U);
}

TEST_F(HoldTest, NothingIsTakenUpThatDoesNotHoldOrCannotBeKnown) {
    add(still("1min"));
    see(true);
    ASSERT_TRUE(house->rules.change(ada, "still", yaml(still("2min"))));
    add("{name: From, triggers: [{device: Motion, attribute: occupancy.occupied, from: false, to: "
        "true, for: 1min}], actions: [{notify: no}]}");
    turn(hours);
    EXPECT_THAT(notifications(), IsEmpty());
}

TEST_F(HoldTest, AnEditKeepsTheTimeOfATriggerThatItDoesNotTouch) {
    const AutomationId id = held("5min");
    turn(4 * minutes);
    ASSERT_TRUE(house->rules.change(ada, id, yaml(still("5min", "edited"))));
    turn(minutes);
    EXPECT_THAT(notifications(), ElementsAre("edited"));
    ASSERT_TRUE(house->rules.change(ada, id, yaml(still("5min", "again"))));
    turn(hours);
    EXPECT_EQ(notifications().size(), 1U) << "it has had its turn";
}

TEST_F(HoldTest, AnEditOfTheTriggerCountsWhatHasPassed) {
    const AutomationId id = held("1h");
    turn(4 * minutes);
    ASSERT_TRUE(house->rules.change(ada, id, yaml(still("5min"))));
    turn(minutes);
    EXPECT_EQ(notifications().size(), 1U);
}

TEST_F(HoldTest, WhatWasTakenUpSurvivesARestart) {
    see(false);
    turn(minutes);
    add(still("5min"));
    for (const bool checkpoint : {false, true}) {
        if (checkpoint) journal.checkpoint({&house->home, &house->rules});
        restart(minutes);
    }
    turn(2 * minutes - 1);
    EXPECT_THAT(notifications(), IsEmpty());
    turn(1);
    EXPECT_EQ(notifications().size(), 1U);
}

TEST_F(HoldTest, AValueFromBeforeTheStartIsTakenUpButWaitsForItsDevicesWord) {
    see(false);
    restart(minutes);
    add(still("10s"));
    turn(minutes);
    EXPECT_THAT(notifications(), IsEmpty());
    see(false);
    EXPECT_EQ(notifications().size(), 1U);
}

} // namespace
} // namespace hearth::automations
