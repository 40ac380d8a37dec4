#include "automations/test_house.h"

#include <algorithm>

/// Hands and effects: what a rule led to belongs to its chain, and what a person does begins
/// another.
namespace hearth::automations {
namespace {

using namespace testing;

struct ChainTest : Fixture {
    void SetUp() override {
        Fixture::SetUp();
        plug = join("Plug", lamp_attributes());
    }
    AutomationId follow(const std::string& name, const std::string& from, const std::string& to,
                        const std::string& more = "") {
        return add("{name: " + name + ", triggers: [{device: " + from + ", attribute: on_off.on" +
                   more + "}], actions: [{device: " + to +
                   ", set: {on_off.on: '{{ trigger.to }}'}}]}");
    }
    void mirror(const std::string& more = "") {
        follow("One", "Lamp", "Plug", more);
        follow("Two", "Plug", "Lamp", more);
    }
    /// Devices answer what they were asked, in turn.
    void answer() {
        for (int i = 0; i < 1'000 && !house->home.open_commands().empty(); ++i) {
            const home::Command command = house->home.open_commands().begin()->second.command;
            report(command.device, command.asks[0].path.text, command.asks[0].value);
        }
    }
    std::size_t set_aside() {
        const std::vector<std::string> states = run_states();
        return static_cast<std::size_t>(std::ranges::count(states, "set_aside"));
    }
    bool plug_is_on() { return house->home.find(plug)->find("on_off.on")->reported.bool_or(false); }

    home::DeviceId plug;
};

TEST_F(ChainTest, AHandThatFlipsASwitchAgainAndAgainIsFollowedByMirrors) {
    mirror();
    for (int i = 0; i < 40; ++i) {
        report(lamp, "on_off.on", i % 2 == 0);
        answer();
        EXPECT_EQ(plug_is_on(), i % 2 == 0) << i;
        turn(800 * milliseconds);
    }
    EXPECT_EQ(set_aside(), 0U);
}

TEST_F(ChainTest, AlsoWhereTheOtherSideIsFlippedInBetween) {
    mirror();
    for (int i = 0; i < 40; ++i) {
        report(i % 3 == 0 ? plug : lamp, "on_off.on", i % 2 == 0);
        answer();
        turn(300 * milliseconds);
    }
    EXPECT_EQ(set_aside(), 0U);
}

TEST_F(ChainTest, AlsoWhereTheDevicesAnswerTooLate) {
    mirror();
    for (int i = 0; i < 30; ++i) {
        report(lamp, "on_off.on", i % 2 == 0);
        clock.turn(11 * seconds);
        house->home.advance();
        house->rules.advance();
        report(plug, "on_off.on", i % 2 == 0);
        answer();
    }
    EXPECT_EQ(set_aside(), 0U);
}

TEST_F(ChainTest, MirrorsThatChaseEachOtherWithoutAHandAreSetAside) {
    mirror();
    report(lamp, "on_off.on", true);
    report(lamp, "on_off.on", false); // before the plug could answer: both go round for ever
    answer();
    EXPECT_EQ(set_aside(), 1U);
}

TEST_F(ChainTest, EchoesOfWhatWasSoAlreadyAreEffectsToo) {
    mirror(", event: reported");
    report(lamp, "on_off.on", true);
    for (int i = 0; i < 100 && set_aside() == 0; ++i) {
        answer();
        // Each device says again what it was asked, though it was so.
        report(i % 2 == 0 ? lamp : plug, "on_off.on", true);
    }
    EXPECT_EQ(set_aside(), 1U);
}

TEST_F(ChainTest, AnAnswerThatComesAfterItsDeadlineIsAnEffect) {
    add("{name: One, triggers: [{device: Lamp, attribute: on_off.on}], actions: [{device: Plug, "
        "set: {on_off.on: '{{ not trigger.to }}'}}]}");
    follow("Two", "Plug", "Lamp");
    report(lamp, "on_off.on", true);
    for (int i = 0; i < 40 && !house->home.open_commands().empty(); ++i) {
        const home::Command command = house->home.open_commands().begin()->second.command;
        clock.turn(11 * seconds);
        house->home.advance();
        house->rules.advance();
        report(command.device, "on_off.on", command.asks[0].value);
    }
    EXPECT_EQ(set_aside(), 1U);
}

TEST_F(ChainTest, APersonsCommandBeginsANewChain) {
    mirror();
    for (int i = 0; i < 40; ++i) {
        ASSERT_TRUE(house->home.issue(ada, {lamp, {{{"on_off.on"}, i % 2 == 0}}, {}, {}}));
        answer();
        turn(500 * milliseconds);
    }
    EXPECT_EQ(set_aside(), 0U);
}

TEST_F(ChainTest, DevicesThatAnswerOtherwiseThanAskedAreFoundByTheSecondNet) {
    limits.streak = 30;
    begin();
    plug = join("Plug", lamp_attributes());
    const auto level = [&](const char* name, const char* from, const char* to) {
        add(fmt::format(
            "{{name: {}, triggers: [{{device: {}, attribute: level.percent}}], actions: "
            "[{{device: {}, set: {{level.percent: '{{{{ (trigger.to + 7) % 100 }}}}'}}}}]}}",
            name, from, to));
    };
    level("One", "Lamp", "Plug");
    level("Two", "Plug", "Lamp");
    report(lamp, "level.percent", 1);
    int reports = 0;
    for (; reports < 200 && set_aside() == 0; ++reports) {
        const home::Command command = house->home.open_commands().rbegin()->second.command;
        clock.turn(10 * milliseconds);
        report(command.device, "level.percent", (command.asks[0].value.integer_or(0) + 3) % 100);
    }
    EXPECT_EQ(set_aside(), 1U);
    EXPECT_GT(reports, 25);
}

} // namespace
} // namespace hearth::automations
