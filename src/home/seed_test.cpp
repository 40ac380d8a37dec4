#include "base/yaml.h"
#include "home/seed.h"
#include "journal/memory_journal.h"

#include <gmock/gmock.h>

namespace hearth::home {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

HomeSeed seed_of(const std::string& yaml) {
    auto value = parse_yaml(yaml);
    EXPECT_TRUE(value) << (value ? "" : value.error().detail);
    auto seed = parse_home(*value);
    EXPECT_TRUE(seed) << (seed ? "" : seed.error().detail);
    return seed ? *seed : HomeSeed();
}

std::string error_of(const std::string& yaml) {
    auto value = parse_yaml(yaml);
    EXPECT_TRUE(value) << (value ? "" : value.error().detail);
    auto seed = parse_home(*value);
    EXPECT_FALSE(seed);
    return seed ? "" : seed.error().detail;
}

constexpr const char* small = R"(
floors:
  - name: Ground floor
    areas: [{name: Kitchen, aliases: [厨房, Cuisine]}]
areas: [{name: Garden}]
devices:
  - {name: Kitchen light, id: abc, area: 厨房, aliases: [厨房灯], simulate: {whatever: 1}}
  - {name: Gate}
simulation: {whatever: 2}
)";

TEST(ParseHome, ReadsAreasWithTheirFloorsAndDevicesWithTheirNames) {
    const HomeSeed seed = seed_of(small);
    EXPECT_THAT(seed.areas, ElementsAre(Area{"", "Kitchen", "Ground floor", {"厨房", "Cuisine"}},
                                        Area{"", "Garden", "", {}}));
    EXPECT_THAT(seed.devices, ElementsAre(SeedDevice{"abc", "Kitchen light", "厨房", {"厨房灯"}},
                                          SeedDevice{"", "Gate", "", {}}));
}

TEST(ParseHome, NamesAnUnknownKeyAndItsPlace) {
    EXPECT_THAT(error_of("devices: [{name: Gate, alias: x}]"),
                HasSubstr("devices[0] \"Gate\": unknown key \"alias\""));
    EXPECT_THAT(error_of("rooms: []"), HasSubstr("home: unknown key \"rooms\""));
    EXPECT_THAT(error_of("floors: [{name: G, areas: [{name: K, size: 3}]}]"),
                HasSubstr("floors[0] \"G\": areas[0] \"K\": unknown key \"size\""));
}

TEST(ParseHome, RefusesWhatMakesNoSense) {
    EXPECT_THAT(error_of("devices: [{id: x}]"), HasSubstr("name is missing"));
    EXPECT_THAT(error_of("devices: [{name: 7}]"), HasSubstr("a text is wanted"));
    EXPECT_THAT(error_of("devices: [{name: \" \"}]"), HasSubstr("is empty"));
    EXPECT_THAT(error_of("devices: {name: x}"), HasSubstr("a list is wanted"));
    EXPECT_THAT(error_of("[]"), HasSubstr("a map is wanted"));
    EXPECT_THAT(error_of("devices: [{name: a}, {name: A}]"), HasSubstr("comes twice"));
    EXPECT_THAT(error_of("devices: [{name: a, id: x}, {name: b, id: x}]"),
                HasSubstr("the id \"x\" comes twice"));
    EXPECT_THAT(error_of("devices: [{name: a, area: Attic}]"), HasSubstr("no area \"Attic\""));
    EXPECT_THAT(error_of("areas: [{name: a}, {name: b, aliases: [A]}]"), HasSubstr("taken"));
}

TEST(ParseHome, HasLimits) {
    EXPECT_THAT(error_of("areas: [{name: " + std::string(201, 'x') + "}]"), HasSubstr("at most"));
    std::string many = "devices: [{name: x, aliases: [";
    for (std::size_t i = 0; i <= HomeSeed::max_aliases; ++i)
        many += fmt::format("a{}, ", i);
    EXPECT_THAT(error_of(many + "]}]"), HasSubstr("at most 50"));
}

class NoSender final : public Sender {
public:
    void send(const Device&, const Command&) override {}
};

class SeedingTest : public testing::Test {
protected:
    DeviceId announce(const std::string& external_id, const std::string& name,
                      const std::string& area = "") {
        DeviceDescription description;
        description.adapter = "mqtt_discovery";
        description.external_id = external_id;
        description.name = name;
        description.type = "light";
        description.suggested_area = area;
        auto id = home_.announce({}, description);
        EXPECT_TRUE(id) << (id ? "" : id.error().detail);
        return id ? *id : "";
    }
    const Device& device(const DeviceId& id) { return *home_.find(id); }
    std::string area_of(const DeviceId& id) {
        const auto found = home_.areas().find(device(id).area);
        return found == home_.areas().end() ? "" : found->second.name;
    }

    ManualClock clock_;
    SeededRandom random_{1};
    journal::MemoryJournal journal_;
    NoSender sender_;
    Home home_{clock_, random_, journal_, sender_};
    Cause cause_ = Cause::of_hub("home file");
    Seeding seeding_{home_, seed_of(small), cause_};
};

TEST_F(SeedingTest, AddsTheAreasThatTheHomeDoesNotKnow) {
    ASSERT_TRUE(home_.add_area({}, {"", "Garden", "Outside", {}}));
    ASSERT_TRUE(seeding_.begin());
    EXPECT_EQ(home_.areas().size(), 2U);
    EXPECT_EQ(home_.find_area("Garden")->floor, "Outside");
    EXPECT_EQ(home_.find_area("厨房")->name, "Kitchen");
}

TEST_F(SeedingTest, NamesADeviceWhenItJoins) {
    ASSERT_TRUE(seeding_.begin());
    const DeviceId id = announce("abc", "0x00158d");
    ASSERT_TRUE(seeding_.advance());
    EXPECT_EQ(device(id).name(), "Kitchen light");
    EXPECT_EQ(area_of(id), "Kitchen");
    EXPECT_THAT(device(id).aliases, ElementsAre("厨房灯"));
}

TEST_F(SeedingTest, KnowsBetterThanTheDeviceWhereANewOneStands) {
    ASSERT_TRUE(seeding_.begin());
    const DeviceId id = announce("abc", "0x00158d", "Garage");
    ASSERT_TRUE(seeding_.advance());
    EXPECT_EQ(area_of(id), "Kitchen");
}

TEST_F(SeedingTest, LeavesOtherDevicesAlone) {
    ASSERT_TRUE(seeding_.begin());
    const DeviceId id = announce("other", "Kitchen light of a neighbour");
    ASSERT_TRUE(seeding_.advance());
    EXPECT_EQ(device(id).name(), "Kitchen light of a neighbour");
    EXPECT_TRUE(device(id).area.empty());
}

TEST_F(SeedingTest, NeverOverridesWhatAPersonChangedLater) {
    ASSERT_TRUE(seeding_.begin());
    const DeviceId id = announce("abc", "0x00158d");
    ASSERT_TRUE(seeding_.advance());
    ASSERT_TRUE(home_.edit({}, id, {.name = "Ceiling"}));
    ASSERT_TRUE(home_.edit({}, id, {.area = "Garden"}));
    ASSERT_TRUE(home_.edit({}, id, {.aliases = std::vector<std::string>{}}));

    ASSERT_TRUE(home_.record({}, DeviceLeft{id}));
    clock_.turn(hours);
    EXPECT_EQ(announce("abc", "0x00158d"), id);
    ASSERT_TRUE(seeding_.advance());
    Seeding again(home_, seed_of(small), cause_);
    ASSERT_TRUE(again.begin());

    EXPECT_EQ(device(id).name(), "Ceiling");
    EXPECT_EQ(area_of(id), "Garden");
    EXPECT_TRUE(device(id).aliases.empty());
}

TEST_F(SeedingTest, FillsOnlyWhatIsEmptyOfADeviceThatWasThereBeforeTheFile) {
    const DeviceId id = announce("abc", "0x00158d");
    ASSERT_TRUE(home_.edit({}, id, {.area = "Cellar"}));
    ASSERT_TRUE(seeding_.begin());
    EXPECT_EQ(device(id).name(), "Kitchen light");
    EXPECT_EQ(area_of(id), "Cellar");
}

TEST_F(SeedingTest, KnowsADeviceWithoutIdByTheNameItGivesItself) {
    ASSERT_TRUE(seeding_.begin());
    const DeviceId id = announce("0x77", "gate");
    ASSERT_TRUE(seeding_.advance());
    EXPECT_EQ(device(id).name(), "Gate");
}

TEST(ParseHome, AutomationsAndPlaceAreHandedOnAsTheyStand) {
    const HomeSeed seed = seed_of("automations: [{name: Night, anything: 1}]\nplace: {a: 1}");
    EXPECT_EQ(seed.place, *parse_yaml("{a: 1}"));
    EXPECT_EQ(seed.automations, *parse_yaml("[{name: Night, anything: 1}]"));
    EXPECT_TRUE(seed_of("areas: []").automations.is_null());
}

} // namespace
} // namespace hearth::home
