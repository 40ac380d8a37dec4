#include "automations/seed.h"
#include "automations/test_house.h"

#include <filesystem>
#include <fstream>

namespace hearth::automations {
namespace {

using namespace testing;

using KeepingTest = Fixture;

constexpr const char* hello = "{name: Good night, actions: [{notify: hello}]}";

TEST_F(KeepingTest, AnIdComesFromTheNameAndStays) {
    EXPECT_EQ(add(hello), "good_night");
    ASSERT_TRUE(
        house->rules.change(ada, "good_night", yaml("{name: Other, actions: [{delay: 1s}]}")));
    EXPECT_EQ(add(hello), "good_night_2");
    EXPECT_EQ((*house->rules.find_by_word("OTHER"))->id, "good_night");
    EXPECT_EQ((*house->rules.find_by_word("good_night"))->name(), "Other");
    EXPECT_EQ(house->rules.find_by_word("nobody").error().code, Code::not_found);
    EXPECT_EQ(house->rules.size(), 2U);
}

TEST_F(KeepingTest, ANameIsTakenOnce) {
    add(hello);
    EXPECT_EQ(
        house->rules.add(ada, yaml("{name: GOOD NIGHT, actions: [{delay: 1s}]}")).error().code,
        Code::conflict);
    const AutomationId other = add("{name: Other, actions: [{delay: 1s}]}");
    EXPECT_EQ(house->rules.change(ada, other, yaml(hello)).error().code, Code::conflict);
    EXPECT_TRUE(house->rules.change(ada, "good_night", yaml(hello)));
}

TEST_F(KeepingTest, EachChangeIsAVersionWithWhoMadeIt) {
    const AutomationId id = add(hello);
    const home::Cause bob = home::Cause::of_hub("bob");
    clock.turn(minutes);
    ASSERT_TRUE(house->rules.change(bob, id, yaml("{name: Good night, actions: [{notify: bye}]}")));
    ASSERT_TRUE(house->rules.change(bob, id, yaml("{name: Good night, actions: [{notify: bye}]}")));
    EXPECT_EQ(
        to_json(house->rules.versions_value(*house->rules.find(id))),
        R"([{"version":2,"time":"2026-11-23T10:01:00Z","cause":{"subject":)"
        R"({"kind":"hub","id":"bob"}},)"
        R"("definition":{"name":"Good night","mode":"single","triggers":[],"conditions":[],)"
        R"("actions":[{"notify":"bye"}]}},{"version":1,"time":"2026-11-23T10:00:00Z",)"
        R"("cause":{"subject":{"kind":"person","id":"ada"},"via":"page"},"definition":{"name":"Good night","mode":)"
        R"("single","triggers":[],"conditions":[],"actions":[{"notify":"hello"}]}}])");
}

TEST_F(KeepingTest, ADisabledOneHearsNothingUntilItIsEnabled) {
    const AutomationId id = lamp_on("{device: Motion, attribute: occupancy.occupied}, {time: "
                                    "'12:00'}");
    ASSERT_TRUE(house->rules.enable(ada, id, false));
    see(true);
    turn(3 * hours);
    EXPECT_THAT(wire.sent, IsEmpty());
    EXPECT_EQ(state_of(id), "disabled");
    ASSERT_TRUE(house->rules.change(ada, id, [&] {
        Value changed = house->rules.find(id)->versions.back().definition;
        changed.as_map()->set("mode", "restart");
        return changed;
    }()));
    EXPECT_EQ(state_of(id), "disabled");
    ASSERT_TRUE(house->rules.enable(ada, id, true));
    see(false);
    EXPECT_EQ(wire.sent.size(), 1U);
    turn(23 * hours);
    EXPECT_EQ(wire.sent.size(), 2U);
}

TEST_F(KeepingTest, WhoEditedItIsAnEvent) {
    const AutomationId id = lamp_on("{device: Motion, attribute: occupancy.occupied}");
    Value wording = house->rules.find(id)->versions.back().definition;
    ASSERT_TRUE(house->rules.change(ada, id, wording)); // the same again
    wording.as_map()->set("mode", "restart");
    ASSERT_TRUE(house->rules.change(ada, id, wording));
    ASSERT_TRUE(house->rules.enable(ada, id, false));
    ASSERT_TRUE(house->rules.enable(ada, id, false)); // off already
    ASSERT_TRUE(house->rules.enable(ada, id, true));
    ASSERT_TRUE(house->rules.remove(ada, id));
    std::vector<std::string> changes;
    for (const Value& event : events("automation_edited")) {
        EXPECT_EQ(event.at("cause"), home::to_value(ada));
        EXPECT_EQ(event.at("automation"), Value(id));
        changes.emplace_back(event.at("change").string_or(""));
    }
    EXPECT_THAT(changes, ElementsAre("added", "changed", "disabled", "enabled", "removed"));
}

TEST_F(KeepingTest, WhatIsRemovedIsGoneAlsoAfterARestart) {
    const AutomationId id = lamp_on("{device: Motion, attribute: occupancy.occupied}");
    see(true);
    ASSERT_TRUE(house->rules.remove(ada, id));
    see(false);
    EXPECT_EQ(wire.sent.size(), 1U);
    EXPECT_EQ(house->rules.find_run(1), nullptr);
    restart();
    EXPECT_EQ(house->rules.find(id), nullptr);
    EXPECT_EQ(house->rules.remove(ada, id).error().code, Code::not_found);
    EXPECT_EQ(house->rules.enable(ada, id, true).error().code, Code::not_found);
    EXPECT_EQ(house->rules.change(ada, id, yaml(hello)).error().code, Code::not_found);
}

TEST_F(KeepingTest, AListEntryTellsStateAndLastRun) {
    const AutomationId id = add(hello);
    ASSERT_TRUE(house->rules.run(ada, id));
    turn(seconds);
    EXPECT_EQ(
        to_json(house->rules.to_value(*house->rules.find(id))),
        R"({"id":"good_night","name":"Good night","state":"enabled","mode":"single",)"
        R"("version":1,"changed":"2026-11-23T10:00:00Z","running":false,"last_run":)"
        R"({"run":1,"state":"finished","steps_total":1,"steps_failed":0,"steps_unanswered":0,)"
        R"("started":"2026-11-23T10:00:00Z","ended":"2026-11-23T10:00:01Z"}})");
}

TEST_F(KeepingTest, ARuleThatNamesAForgottenDeviceSaysSo) {
    add("{name: Follow, triggers: [{device: Motion, attribute: occupancy.occupied}], "
        "conditions: [{device: Motion, online: true}], "
        "actions: [{device: Lamp, set: {on_off.on: true}}]}");
    for (const home::DeviceId& device : {motion, lamp}) {
        const home::Cause own = home::Cause::of_device(device);
        ASSERT_TRUE(house->home.record(own, home::DeviceLeft{device}));
        ASSERT_TRUE(house->home.forget(ada, device));
    }
    const std::string text = to_json(house->rules.show_value(*house->rules.find("follow")));
    EXPECT_THAT(text, HasSubstr("unknown device " + lamp + ": on_off.on = true"));
    EXPECT_THAT(text, HasSubstr("unknown device " + motion + " occupancy.occupied changes"));
    EXPECT_THAT(text, HasSubstr("unknown device " + motion + " is online"));
    const auto run = house->rules.run(ada, "follow");
    ASSERT_TRUE(run) << run.error().detail;
    house->rules.advance();
    EXPECT_EQ(house->rules.find_run(*run)->state, RunState::failed);
}

TEST_F(KeepingTest, ARenamedDeviceKeepsItsAutomations) {
    lamp_on("{device: Motion, attribute: occupancy.occupied}");
    ASSERT_TRUE(house->home.edit(ada, lamp, {.name = "Moon"}));
    see(true);
    EXPECT_THAT(wire.sent, ElementsAre("Moon on_off.on=true"));
}

// --- Home files --------------------------------------------------------------------------------

struct SeedingTest : Fixture {
    const home::Cause file = home::Cause::of_hub("home file");

    Result<void> plant_list(const std::string& text) {
        return plant(house->rules, house->home, yaml(text), file);
    }
};

constexpr const char* door = "[{name: Door, triggers: [{device: Front door, attribute: lock.state}]"
                             ", actions: [{notify: moved}]}]";

TEST_F(SeedingTest, AnAutomationWaitsForItsDeviceByName) {
    ASSERT_TRUE(plant_list(door));
    EXPECT_EQ(state_of("door"), "waiting");
    EXPECT_EQ(house->rules.find("door")->detail, "waiting for device \"Front door\"");
    EXPECT_EQ(house->rules.run(ada, "door").error().code, Code::refused);
    const home::DeviceId lock =
        join("lock-1", {attribute("lock.state", catalog::AttributeType::text)});
    house->rules.advance();
    EXPECT_EQ(state_of("door"), "waiting");
    ASSERT_TRUE(house->home.edit(ada, lock, {.name = "front DOOR"}));
    house->rules.advance();
    EXPECT_EQ(state_of("door"), "enabled");
    EXPECT_EQ(house->rules.find("door")->version(), 1U);
    report(lock, "lock.state", "locked");
    EXPECT_THAT(notifications(), ElementsAre("moved"));
}

TEST_F(SeedingTest, AnAutomationWaitsForAnAttributeThatIsAnnouncedLater) {
    ASSERT_TRUE(plant_list(door));
    join("Front door", {});
    house->rules.advance();
    EXPECT_THAT(house->rules.find("door")->detail, HasSubstr("waiting for triggers[0]: Front door "
                                                             "has no attribute lock.state"));
    restart();
    join("Front door", {attribute("lock.state", catalog::AttributeType::text)});
    house->rules.advance();
    EXPECT_EQ(state_of("door"), "enabled");
}

TEST_F(SeedingTest, WaitingSurvivesARestartAndACheckpoint) {
    ASSERT_TRUE(plant_list(door));
    restart();
    journal.checkpoint({&house->home, &house->rules});
    restart();
    EXPECT_EQ(state_of("door"), "waiting");
    join("Front door", {attribute("lock.state", catalog::AttributeType::text)});
    house->rules.advance();
    EXPECT_EQ(state_of("door"), "enabled");
}

TEST_F(SeedingTest, WhatDoesNotFitItsDeviceIsKeptAsInvalidWithTheReason) {
    ASSERT_TRUE(plant_list("[{name: Hot, triggers: [{device: Motion, attribute: "
                           "occupancy.occupied, above: 3}], actions: [{notify: x}]}]"));
    EXPECT_EQ(state_of("hot"), "invalid");
    EXPECT_THAT(house->rules.find("hot")->detail, HasSubstr("need a number"));
    restart();
    EXPECT_EQ(state_of("hot"), "invalid");
    ASSERT_TRUE(house->rules.change(ada, "hot", yaml("{name: Hot, actions: [{notify: x}]}")));
    EXPECT_EQ(state_of("hot"), "enabled");
}

TEST_F(SeedingTest, EachIsPlantedOnceAndWhatPeopleDidToItStays) {
    const std::string two = "[{name: One, actions: [{notify: a}]}, {name: Two, actions: [{notify: "
                            "a}]}]";
    ASSERT_TRUE(plant_list(two));
    ASSERT_TRUE(house->rules.remove(ada, "one"));
    ASSERT_TRUE(house->rules.change(ada, "two", yaml("{name: Two, actions: [{notify: b}]}")));
    restart();
    ASSERT_TRUE(plant_list("[{name: One, actions: [{notify: c}]}, {name: Two, actions: [{notify: "
                           "c}]}]"));
    EXPECT_EQ(house->rules.find("one"), nullptr);
    EXPECT_EQ(house->rules.find("two")->version(), 2U);
}

TEST_F(SeedingTest, OtherWordsInTheFileAreANewVersion) {
    ASSERT_TRUE(plant_list("[{name: One, actions: [{notify: a}]}]"));
    restart();
    for (int i = 0; i < 2; ++i)
        ASSERT_TRUE(plant_list("[{name: One, actions: [{notify: b}]}]"));
    EXPECT_EQ(house->rules.find("one")->version(), 2U);
    EXPECT_EQ(house->rules.find("one")->versions.back().cause, file);
    ASSERT_TRUE(plant_list("[{name: One, actions: [{notify: c}]}]"));
    EXPECT_EQ(house->rules.find("one")->version(), 3U);
}

TEST_F(SeedingTest, ThePlaceOfAHome) {
    const auto read = parse_place(yaml("{latitude: -48.5, longitude: 180}"));
    ASSERT_TRUE(read && *read);
    EXPECT_EQ((*read)->latitude, -48.5);
    EXPECT_EQ((*read)->longitude, 180);
    EXPECT_EQ(*parse_place(Value()), std::nullopt);
    for (const char* text : {"{latitude: 91, longitude: 0}", "{latitude: 1}", "[1, 2]",
                             "{latitude: north, longitude: 0}", "{lat: 1, longitude: 0}"})
        EXPECT_EQ(parse_place(yaml(text)).error().code, Code::invalid) << text;
}

/// The demo home's rules, as far as they can be checked without its devices.
TEST_F(SeedingTest, TheDemoHomeIsInOrder) {
    std::string text;
    for (auto folder = std::filesystem::current_path(); text.empty() && folder.has_relative_path();
         folder = folder.parent_path())
        if (std::ifstream demo_file(folder / "homes/demo.yaml"); demo_file)
            text.assign(std::istreambuf_iterator<char>(demo_file), {});
    ASSERT_FALSE(text.empty()) << "run this test below the repository";
    const Value demo = yaml(text);
    EXPECT_TRUE(check_seed(demo.at("automations")));
    EXPECT_TRUE(parse_place(demo.at("place")).value());
    EXPECT_EQ(demo.at("automations").as_list()->size(), 2U);
}

TEST_F(SeedingTest, AMistakeInTheFileIsNamedWithItsPlace) {
    const auto why = [&](const std::string& text) {
        const auto planted = plant_list(text);
        return planted ? "" : planted.error().detail;
    };
    EXPECT_EQ(why("null"), "");
    EXPECT_THAT(why("{}"), HasSubstr("automations: a list is wanted, not a map"));
    EXPECT_THAT(why("[{name: One}]"), HasSubstr("automations[0] \"One\": actions: there is none"));
    EXPECT_THAT(why("[7]"), HasSubstr("automations[0]: automation: a map is wanted"));
    EXPECT_THAT(why("[{name: One, actions: [{delay: 1s}]}, {name: ONE, actions: [{delay: 1s}]}]"),
                HasSubstr("automations[1] \"ONE\": the name comes twice"));
    EXPECT_EQ(house->rules.size(), 0U);
}

} // namespace
} // namespace hearth::automations
