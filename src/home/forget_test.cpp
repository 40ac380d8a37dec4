#include "home/test_home.h"

namespace hearth::home {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

struct ForgetTest : HomeTest {
    void leave(const DeviceId& id) { ASSERT_TRUE(home.record(itself, DeviceLeft{id})); }
    std::vector<DeviceId> left(const Home& at) {
        std::vector<DeviceId> ids;
        for (const Device* device : at.left_devices())
            ids.push_back(device->id);
        return ids;
    }
};

TEST_F(ForgetTest, ADeviceThatHasLeftIsForgottenWithItsNamesAlsoAfterARestart) {
    const DeviceId id = add();
    ASSERT_TRUE(home.edit(somebody, id, {.name = "Mine"}));
    leave(id);
    EXPECT_EQ(home.find_left_by_word("mine").value()->id, id);
    ASSERT_TRUE(home.forget(somebody, id));
    EXPECT_EQ(home.find(id), nullptr);
    EXPECT_EQ(home.find_external("test", "lamp-1"), nullptr);
    EXPECT_EQ(kinds().back(), "device_forgotten");
    EXPECT_EQ(home.forget(somebody, id).error().code, Code::not_found);
    for (const bool with_checkpoint : {false, true}) {
        if (with_checkpoint) journal.checkpoint({&home});
        Home again(clock, random, journal, sender, limits);
        ASSERT_TRUE(journal.replay_into({&again}));
        EXPECT_EQ(again.find(id), nullptr);
        EXPECT_TRUE(left(again).empty());
    }
    EXPECT_NE(add(), id) << "it is a stranger";
}

TEST_F(ForgetTest, ADeviceThatIsThereIsNotForgottenAndTheReasonSaysWhatToDo) {
    const DeviceId id = add();
    const auto refused = home.forget(somebody, id);
    EXPECT_EQ(refused.error().code, Code::conflict);
    EXPECT_THAT(refused.error().detail, HasSubstr("would come back"));
    EXPECT_THAT(refused.error().detail, HasSubstr("lamp-1"));
    EXPECT_NE(home.find(id), nullptr);
}

TEST_F(ForgetTest, WhatIsOpenForAForgottenDeviceIsSettled) {
    const DeviceId id = add();
    const CommandId command = ask(id, "on_off.on", true);
    leave(id);
    ASSERT_TRUE(home.forget(somebody, id));
    EXPECT_EQ(settled(command)->settlement, Settlement::refused);
    EXPECT_EQ(settled(command)->detail, "the device was forgotten");
    clock.turn(limits.command_timeout);
    home.advance();
    EXPECT_TRUE(home.open_commands().empty());
}

TEST_F(ForgetTest, AtTheLimitTheOneThatLeftFirstGoesButNeverAPersonsOwn) {
    limits.devices = 3;
    Home small(clock, random, journal, sender, limits);
    const auto join = [&](std::string id) { return small.announce(itself, lamp(std::move(id))); };
    const auto leaves = [&](const DeviceId& id) {
        ASSERT_TRUE(small.record(itself, DeviceLeft{id}));
    };
    const DeviceId mine = join("mine").value();
    ASSERT_TRUE(small.edit(somebody, mine, {.area = "Study"}));
    const DeviceId second = join("second").value();
    const DeviceId third = join("third").value();
    EXPECT_EQ(join("fourth").error().code, Code::limit);
    for (const DeviceId& id : {mine, third, second})
        leaves(id);
    EXPECT_THAT(left(small), ElementsAre(mine, third, second));
    ASSERT_TRUE(join("fourth"));
    EXPECT_THAT(left(small), ElementsAre(mine, second)) << "third left before second";
    ASSERT_TRUE(join("fifth"));
    EXPECT_EQ(join("sixth").error().code, Code::limit);
    EXPECT_THAT(left(small), ElementsAre(mine));
}

TEST_F(ForgetTest, AGatewayThatAnnouncesEverNewIdsNeverFillsAHome) {
    limits.devices = 20;
    limits.areas = 10;
    limits.suggested_areas = 5;
    Home small(clock, random, journal, sender, limits);
    for (int i = 0; i < 200; ++i) {
        DeviceDescription stranger = lamp(fmt::format("mac-{}", i));
        stranger.suggested_area = fmt::format("Area {}", i);
        const auto id = small.announce(itself, stranger);
        ASSERT_TRUE(id) << i;
        ASSERT_TRUE(small.record(itself, DeviceLeft{*id}));
    }
    EXPECT_LE(small.areas().size(), 5U);
    for (int i = 0; i < 5; ++i)
        EXPECT_TRUE(small.add_area(somebody, {{}, fmt::format("Mine {}", i), {}, {}}));
}

TEST_F(ForgetTest, WhatADeviceThatHasLeftHadSaidIsGivenBack) {
    DeviceDescription talker = lamp();
    talker.attributes.push_back({.path = {"untyped.text"}, .writable = true});
    const DeviceId id = add(talker);
    report(id, "untyped.text", std::string(10'000, 'x'));
    report(id, "on_off.on", true);
    ask(id, "level.percent", 50);
    EXPECT_EQ(home.find(id)->text_bytes, 10'000U);
    leave(id);
    EXPECT_EQ(home.find(id)->text_bytes, 0U);
    EXPECT_EQ(desired(id), "{}");
    add(talker);
    EXPECT_EQ(twin(id), R"({"on_off":{"on":true}})") << "no rule takes its return for a change";
}

TEST_F(ForgetTest, ARemovedAreaLosesItsDevicesAndEachOfThemTellsSo) {
    const DeviceId here = add();
    const DeviceId gone = add(lamp("lamp-2"));
    ASSERT_TRUE(home.edit(somebody, here, {.name = "Mine", .area = "Study"}));
    ASSERT_TRUE(home.edit(somebody, gone, {.area = "Study"}));
    leave(gone);
    ASSERT_TRUE(home.remove_area(somebody, "study"));
    EXPECT_EQ(home.find_area("Study"), nullptr);
    EXPECT_EQ(home.find(here)->area, "");
    EXPECT_EQ(home.find(here)->name(), "Mine");
    EXPECT_EQ(home.find(gone)->area, "");
    const auto all = kinds();
    EXPECT_EQ(all[all.size() - 2], "device_edited");
    EXPECT_EQ(all.back(), "area_removed");
    EXPECT_EQ(home.remove_area(somebody, "study").error().code, Code::not_found);
    Home again(clock, random, journal, sender, limits);
    ASSERT_TRUE(journal.replay_into({&again}));
    EXPECT_TRUE(again.areas().empty());
}

TEST_F(ForgetTest, AnAreaThatAPersonUsesIsNoSuggestionAnyMore) {
    limits.suggested_areas = 1;
    Home small(clock, random, journal, sender, limits);
    DeviceDescription first = lamp("a");
    first.suggested_area = "Attic";
    const DeviceId a = small.announce(itself, first).value();
    EXPECT_EQ(small.find(a)->area, "attic");
    DeviceDescription second = lamp("b");
    second.suggested_area = "Cellar";
    EXPECT_EQ(small.find(small.announce(itself, second).value())->area, "") << "Attic is in use";
    DeviceDescription third = lamp("c");
    ASSERT_TRUE(small.edit(somebody, small.announce(itself, third).value(), {.area = "Attic"}));
    DeviceDescription fourth = lamp("d");
    fourth.suggested_area = "Cellar";
    EXPECT_EQ(small.find(small.announce(itself, fourth).value())->area, "cellar");
    EXPECT_FALSE(small.areas().at("attic").suggested);
}

} // namespace
} // namespace hearth::home
