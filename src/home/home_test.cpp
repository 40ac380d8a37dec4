#include "home/test_home.h"

namespace hearth::home {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST_F(HomeTest, AReportMovesTheTwin) {
    const DeviceId id = add();
    report(id, "on_off.on", true);
    report(id, "level.percent", 40);
    EXPECT_EQ(twin(id), R"({"level":{"percent":40},"on_off":{"on":true}})");
}

TEST_F(HomeTest, ADeviceTakesBackWhatItTold) {
    const DeviceId id = add();
    report(id, "on_off.on", true);
    report(id, "level.percent", 40);
    report(id, "level.percent", Value());
    EXPECT_EQ(twin(id), R"({"on_off":{"on":true}})");
    EXPECT_EQ(home.recent_events().back().id, home.find(id)->find("level.percent")->reported_in);
}

TEST_F(HomeTest, EventsAreNumberedWithoutGapsAndCarryTheirCause) {
    const DeviceId id = add();
    report(id, "on_off.on", true);
    ask(id, "level.percent", 10);
    EventId expected = 0;
    for (const Event& event : home.recent_events())
        EXPECT_EQ(event.id, ++expected);
    EXPECT_EQ(home.recent_events().back().cause, somebody);
    EXPECT_THAT(kinds(), ElementsAre("device_joined", "attribute_reported", "command_issued"));
}

TEST_F(HomeTest, AFactIsJournaledBeforeAnybodyHearsOfIt) {
    const DeviceId id = add();
    std::size_t records_when_heard = 0;
    home.listen([&](const Event&, const auto&) { records_when_heard = journal.records().size(); });
    report(id, "on_off.on", true);
    EXPECT_EQ(records_when_heard, 2U);
}

TEST_F(HomeTest, ListenersHearWhatChangedFromWhatToWhat) {
    const DeviceId id = add();
    report(id, "level.percent", 10);
    std::vector<Change> heard;
    home.listen([&](const Event&, const std::vector<Change>& changes) { heard = changes; });
    report(id, "level.percent", 20);
    ASSERT_EQ(heard.size(), 1U);
    EXPECT_EQ(heard[0].before, Value(10));
    EXPECT_EQ(heard[0].after, Value(20));
    report(id, "level.percent", 20);
    EXPECT_TRUE(heard.empty());
}

TEST_F(HomeTest, ACommandOfAListenerWaitsUntilAllHaveHeardTheEvent) {
    const DeviceId id = add();
    std::vector<std::string> order;
    home.listen([&](const Event& event, const auto&) {
        order.push_back("first " + std::string(kind_of(event.fact)));
        if (kind_of(event.fact) == "attribute_reported") ask(id, "level.percent", 5);
    });
    home.listen([&](const Event& event, const auto&) {
        order.push_back("second " + std::string(kind_of(event.fact)));
    });
    report(id, "on_off.on", true);
    EXPECT_THAT(order, ElementsAre("first attribute_reported", "second attribute_reported",
                                   "first command_issued", "second command_issued"));
    EXPECT_THAT(sender.sent, ElementsAre(1));
}

TEST_F(HomeTest, AReportThatDoesNotFitIsRefusedWhole) {
    const DeviceId id = add();
    const auto refused = home.record(
        itself, AttributeReported{id, {{{"on_off.on"}, true}, {{"level.percent"}, 101}}});
    EXPECT_EQ(refused.error().code, Code::invalid);
    EXPECT_THAT(refused.error().detail, HasSubstr("goes from 0 to 100 %"));
    EXPECT_EQ(twin(id), "{}");
}

TEST_F(HomeTest, ANameThatSeveralDevicesHaveIsAskedBack) {
    const DeviceId first = add(lamp("a"));
    const DeviceId second = add(lamp("b"));
    EXPECT_EQ(home.find_by_word("lamp").error().code, Code::conflict);
    EXPECT_THAT(home.find_by_word("lamp").error().detail, HasSubstr(first));
    ASSERT_TRUE(home.edit(somebody, second, {.name = "  Reading lamp "}));
    EXPECT_EQ(home.find_by_word("reading LAMP").value()->id, second);
    EXPECT_EQ(home.find_by_word(first).value()->id, first);
    EXPECT_EQ(home.find_by_word("nothing").error().code, Code::not_found);
}

TEST_F(HomeTest, MovingToANewAreaAddsIt) {
    const DeviceId id = add();
    ASSERT_TRUE(home.edit(somebody, id, {.area = "Küche"}));
    EXPECT_EQ(home.find_area("Küche")->id, home.find(id)->area);
    ASSERT_TRUE(home.edit(somebody, id, {.area = ""}));
    EXPECT_EQ(home.find(id)->area, "");
    EXPECT_EQ(home.areas().size(), 1U);
}

TEST_F(HomeTest, NamesAreCheckedAndLimited) {
    const DeviceId id = add();
    EXPECT_EQ(home.edit(somebody, id, {.name = "  "}).error().code, Code::invalid);
    EXPECT_EQ(home.edit(somebody, id, {.name = "a\nb"}).error().code, Code::invalid);
    EXPECT_EQ(home.edit(somebody, id, {.name = "\xff"}).error().code, Code::invalid);
    EXPECT_EQ(home.edit(somebody, id, {.name = std::string(201, 'a')}).error().code, Code::limit);
    std::vector<std::string> many(limits.aliases_per_device + 1, "alias");
    EXPECT_EQ(home.edit(somebody, id, {.aliases = many}).error().code, Code::limit);
}

TEST_F(HomeTest, AnEditIsOneEventOrNothing) {
    const DeviceId id = add();
    const std::size_t before = journal.records().size();
    EXPECT_FALSE(home.edit(somebody, id, {.name = "Mine", .area = "a\nb"}));
    EXPECT_FALSE(
        home.edit(somebody, id, {.name = "Mine", .aliases = std::vector<std::string>{""}}));
    EXPECT_EQ(journal.records().size(), before);
    ASSERT_TRUE(home.add_area(somebody, {{}, "Study", {}, {}}));
    const std::vector<std::string> aliases{"one", "two"};
    ASSERT_TRUE(home.edit(somebody, id, {.name = "Mine", .area = "study", .aliases = aliases}));
    EXPECT_EQ(journal.records().size(), before + 2);
    EXPECT_EQ(home.find(id)->name(), "Mine");
    EXPECT_EQ(home.find(id)->area, "study");
    EXPECT_EQ(home.find(id)->aliases, aliases);
}

TEST_F(HomeTest, AnnouncingTheSameAgainChangesNothing) {
    const DeviceId id = add();
    const std::size_t before = journal.records().size();
    EXPECT_EQ(add(), id);
    EXPECT_EQ(journal.records().size(), before);
}

TEST_F(HomeTest, AChangedDescriptionKeepsNamesAndWhatWasReported) {
    const DeviceId id = add();
    report(id, "on_off.on", true);
    ASSERT_TRUE(home.edit(somebody, id, {.name = "Mine"}));
    DeviceDescription richer = lamp();
    richer.attributes.push_back(number("color.hue", 0, 360));
    EXPECT_EQ(add(richer), id);
    EXPECT_EQ(twin(id), R"({"on_off":{"on":true}})");
    EXPECT_EQ(home.find(id)->name(), "Mine");
    EXPECT_EQ(kinds().back(), "device_changed");
}

TEST_F(HomeTest, ADeviceThatComesBackHasItsIdAndNamesAgain) {
    const DeviceId id = add();
    ASSERT_TRUE(home.edit(somebody, id, {.name = "Mine"}));
    ASSERT_TRUE(home.record(itself, DeviceLeft{id}));
    EXPECT_TRUE(home.devices().empty());
    EXPECT_EQ(home.find_by_word("Mine").error().code, Code::not_found);
    EXPECT_EQ(add(), id);
    EXPECT_EQ(home.find_by_word("Mine").value()->id, id);
}

TEST_F(HomeTest, DescriptionsThatMakeNoSenseAreRefused) {
    DeviceDescription twice = lamp();
    twice.attributes.push_back(boolean("on_off.on"));
    EXPECT_EQ(home.announce(itself, twice).error().code, Code::invalid);
    DeviceDescription nameless = lamp();
    nameless.external_id = "";
    EXPECT_EQ(home.announce(itself, nameless).error().code, Code::invalid);
    DeviceDescription odd = lamp();
    odd.attributes[0].path.text = "on off";
    EXPECT_EQ(home.announce(itself, odd).error().code, Code::invalid);
}

TEST_F(HomeTest, EverythingThatGrowsHasALimit) {
    HomeLimits small;
    small.devices = 2;
    small.areas = 1;
    small.open_commands = 1;
    small.attributes_per_device = 2;
    small.recent_events = 3;
    small.text_value_bytes = 4;
    small.note_bytes = 4;
    Home tiny(clock, random, journal, sender, small);
    const DeviceId id = tiny.announce(itself, lamp("a")).value();
    ASSERT_TRUE(tiny.announce(itself, lamp("b")));
    EXPECT_EQ(tiny.announce(itself, lamp("c")).error().code, Code::limit);
    DeviceDescription big = lamp("a");
    big.attributes.push_back({.path = {"untyped.text"}});
    EXPECT_EQ(tiny.announce(itself, big).error().code, Code::limit);
    ASSERT_TRUE(tiny.add_area(somebody, {{}, "One", {}, {}}));
    EXPECT_EQ(tiny.add_area(somebody, {{}, "Two", {}, {}}).error().code, Code::limit);
    ASSERT_TRUE(tiny.issue(somebody, {id, {{{"on_off.on"}, true}}, {}}));
    EXPECT_EQ(tiny.issue(somebody, {id, {{{"on_off.on"}, true}}, {}}).error().code, Code::limit);
    EXPECT_EQ(tiny.keep_note("test", "key", "12345").error().code, Code::limit);
    EXPECT_LE(tiny.recent_events().size(), 3U);
}

TEST_F(HomeTest, EqualSpecsOfManyDevicesAreOneSpec) {
    const DeviceId a = add(lamp("a"));
    const DeviceId b = add(lamp("b"));
    EXPECT_EQ(home.find(a)->attributes[0].spec, home.find(b)->attributes[0].spec);
}

TEST_F(HomeTest, RunsAndNotificationsAreEventsWithTheirCause) {
    const Cause rule = Cause::of_automation("night", 3);
    ASSERT_TRUE(home.record(rule, AutomationRan{"night", 7, "Night", "failed", "no lamp"}));
    ASSERT_TRUE(home.record(rule, Notified{"Good night", "night", 7, "2.then.1"}));
    Value ran = to_value(home.recent_events()[0]);
    Value notified = to_value(home.recent_events()[1]);
    ran.as_map()->erase("time");
    notified.as_map()->erase("time");
    EXPECT_EQ(
        to_json(ran),
        R"({"id":1,"kind":"automation_run","cause":{"subject":{"kind":"automation",)"
        R"("id":"night"},"via":"rule","event":3},"automation":"night","run":7,"name":"Night","state":"failed",)"
        R"("detail":"no lamp"})");
    EXPECT_EQ(
        to_json(notified),
        R"({"id":2,"kind":"notification","cause":{"subject":{"kind":"automation",)"
        R"("id":"night"},"via":"rule","event":3},"text":"Good night","automation":"night","run":7,"step":"2.then.1"})");
}

TEST_F(HomeTest, ANotificationThatIsTooLongOrNoTextIsRefused) {
    const Cause rule = Cause::of_automation("night");
    const std::string longest(limits.text_value_bytes, 'x');
    EXPECT_TRUE(home.record(rule, Notified{longest}));
    EXPECT_EQ(home.record(rule, Notified{longest + "x"}).error().code, Code::limit);
    EXPECT_EQ(home.record(rule, Notified{"\xff"}).error().code, Code::invalid);
    EXPECT_EQ(home.recent_events().size(), 1U);
}

} // namespace
} // namespace hearth::home
