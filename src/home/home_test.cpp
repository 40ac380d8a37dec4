#include "base/json.h"
#include "home/home.h"
#include "home/records.h"
#include "journal/memory_journal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hearth::home {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class RecordingSender final : public Sender {
public:
    void send(const Device&, const Command& command) override { sent.push_back(command.id); }
    std::vector<CommandId> sent;
};

AttributeSpec boolean(std::string path, bool writable = true) {
    return {
        .path = {std::move(path)}, .type = catalog::AttributeType::boolean, .writable = writable};
}

AttributeSpec number(std::string path, double min, double max, double tolerance = 0) {
    return {.path = {std::move(path)},
            .type = catalog::AttributeType::number,
            .unit = "%",
            .min = min,
            .max = max,
            .writable = true,
            .tolerance = tolerance};
}

DeviceDescription lamp(std::string external_id = "lamp-1") {
    return {.adapter = "test",
            .external_id = std::move(external_id),
            .name = "Lamp",
            .type = "light",
            .attributes = {boolean("on_off.on"), number("level.percent", 0, 100, 1)}};
}

const Cause somebody{Cause::By::person, "ada", 0};
const Cause itself{Cause::By::device, "lamp", 0};

struct Fixture : testing::Test {
    ManualClock clock;
    SeededRandom random{1};
    journal::MemoryJournal journal;
    RecordingSender sender;
    HomeLimits limits;
    Home home{clock, random, journal, sender, limits};

    DeviceId add(DeviceDescription description = lamp()) {
        return home.announce(itself, std::move(description)).value();
    }
    void report(const DeviceId& device, const std::string& path, const Value& value) {
        ASSERT_TRUE(home.record({Cause::By::device, device, 0},
                                AttributeReported{device, {{{path}, value}}}));
    }
    CommandId ask(const DeviceId& device, std::string path, Value value) {
        return home.issue(somebody, {device, {{{std::move(path)}, std::move(value)}}, {}}).value();
    }
    std::string twin(const DeviceId& device) { return to_json(reported_value(*home.find(device))); }
    std::string desired(const DeviceId& device) {
        return to_json(desired_value(*home.find(device)));
    }
    std::optional<CommandSettled> settled(CommandId id) {
        for (const Event& event : home.recent_events())
            if (const auto* fact = std::get_if<CommandSettled>(&event.fact);
                fact != nullptr && fact->command == id)
                return *fact;
        return std::nullopt;
    }
    std::vector<std::string> kinds() {
        std::vector<std::string> all;
        for (const Event& event : home.recent_events())
            all.emplace_back(kind_of(event.fact));
        return all;
    }
};

using HomeTest = Fixture;

TEST_F(HomeTest, AReportMovesTheTwin) {
    const DeviceId id = add();
    report(id, "on_off.on", true);
    report(id, "level.percent", 40);
    EXPECT_EQ(twin(id), R"({"level":{"percent":40},"on_off":{"on":true}})");
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

TEST_F(HomeTest, TheDevicesAnswerConfirmsACommandAndNamesItAsCause) {
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

TEST_F(HomeTest, AnAnswerWithinTheToleranceConfirms) {
    const DeviceId id = add();
    const CommandId command = ask(id, "level.percent", 40);
    report(id, "level.percent", 39.4);
    EXPECT_EQ(settled(command)->settlement, Settlement::confirmed);
}

TEST_F(HomeTest, ADeviceThatDoesNotAnswerTimesOut) {
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

TEST_F(HomeTest, AJumpOfTheWallClockSettlesNothing) {
    const DeviceId id = add();
    const CommandId command = ask(id, "on_off.on", true);
    clock.jump_to(clock.utc() + 10 * 365 * days);
    home.advance();
    EXPECT_FALSE(settled(command));
}

TEST_F(HomeTest, ADeviceThatNeverAnswersIsAssumedToObey) {
    DeviceDescription silent = lamp();
    silent.attributes[0].answers = false;
    const DeviceId id = add(silent);
    EXPECT_EQ(settled(ask(id, "on_off.on", true))->settlement, Settlement::assumed);
}

TEST_F(HomeTest, WhatIsSoAlreadyIsConfirmedAtOnceButSentAllTheSame) {
    const DeviceId id = add();
    report(id, "on_off.on", true);
    const CommandId command = ask(id, "on_off.on", true);
    EXPECT_THAT(sender.sent, ElementsAre(command));
    EXPECT_EQ(settled(command)->settlement, Settlement::confirmed);
}

TEST_F(HomeTest, OffThenOnIsNotConfirmedByTheOldState) {
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

TEST_F(HomeTest, WhatMustNotHappenTwiceIsSentOnlyOnceCommitted) {
    DeviceDescription bell = lamp();
    bell.attributes.push_back({.path = {"button.press"},
                               .type = catalog::AttributeType::boolean,
                               .writable = true,
                               .command = true});
    const DeviceId id = add(bell);
    const CommandId command = ask(id, "button.press", true);
    EXPECT_THAT(sender.sent, ElementsAre());
    journal.commit();
    EXPECT_THAT(sender.sent, ElementsAre(command));
    EXPECT_EQ(settled(command)->settlement, Settlement::assumed);
}

TEST_F(HomeTest, WhatMustNotHappenTwiceIsRefusedWhenTheDiskIsFull) {
    DeviceDescription bell = lamp();
    bell.attributes.push_back({.path = {"button.press"},
                               .type = catalog::AttributeType::boolean,
                               .writable = true,
                               .command = true});
    const DeviceId id = add(bell);
    const CommandId command = ask(id, "button.press", true);
    journal.fail({Code::unavailable, "disk full"});
    EXPECT_THAT(sender.sent, ElementsAre());
    EXPECT_EQ(settled(command)->settlement, Settlement::refused);
}

TEST_F(HomeTest, ACommandThatMakesNoSenseIsRefusedAndNotJournaled) {
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

std::string state_of(const Home& home) {
    class Sink final : public journal::SnapshotSink {
    public:
        void put(journal::Kind kind, std::uint8_t version, std::string_view payload) override {
            all += fmt::format("{}.{}:{}:", kind, version, payload.size());
            all += payload;
        }
        std::string all;
    } sink;
    home.snapshot(sink);
    return sink.all;
}

/// Does one random thing of every kind that a home knows.
void live(Fixture& at, SeededRandom& chance, std::vector<DeviceId>& devices) {
    const auto pick = [&](std::uint64_t n) { return chance.next() % n; };
    if (devices.empty() || pick(50) == 0) {
        DeviceDescription description = lamp("lamp-" + std::to_string(pick(40)));
        if (pick(2) == 0)
            description.attributes.push_back({.path = {"button.press"},
                                              .type = catalog::AttributeType::boolean,
                                              .writable = true,
                                              .command = true});
        devices.push_back(at.home.announce(itself, description).value());
    }
    const DeviceId id = devices[pick(devices.size())];
    const Cause own{Cause::By::device, id, 0};
    at.clock.turn(static_cast<Micros>(pick(2 * seconds)));
    switch (pick(12)) {
    case 0:
        (void)at.home.edit(somebody, id, {.name = "Name " + std::to_string(pick(9))});
        break;
    case 1:
        (void)at.home.edit(somebody, id, {.area = "Area " + std::to_string(pick(9))});
        break;
    case 2:
        (void)at.home.edit(somebody, id,
                           {.aliases = std::vector<std::string>{"a", std::to_string(pick(9))}});
        break;
    case 3:
        (void)at.home.record(own, AvailabilityChanged{id, pick(2) == 0});
        break;
    case 4:
        (void)at.home.issue(somebody, {id, {{{"level.percent"}, Value(50)}}, {}});
        break;
    case 5:
        (void)at.home.issue(somebody, {id, {{{"button.press"}, true}}, {}});
        break;
    case 6:
        (void)at.home.keep_note("test", std::to_string(pick(9)), std::to_string(pick(3)));
        break;
    case 7:
        at.home.advance();
        break;
    case 8:
        if (pick(20) == 0) (void)at.home.record(own, DeviceLeft{id});
        break;
    case 9:
        at.journal.commit();
        break;
    default:
        (void)at.home.record(
            own, AttributeReported{id,
                                   {{{"on_off.on"}, pick(2) == 0},
                                    {{"level.percent"}, static_cast<double>(pick(1000)) / 10}}});
    }
}

TEST_F(HomeTest, ReplayRebuildsTheHomeToTheByteAlsoAcrossACheckpoint) {
    SeededRandom chance(7);
    std::vector<DeviceId> devices;
    for (int i = 0; i < 5'000; ++i) {
        live(*this, chance, devices);
        if (i == 2'500) journal.checkpoint({&home});
    }
    SeededRandom unused(0);
    Home again(clock, unused, journal, sender, limits);
    ASSERT_TRUE(journal.replay_into({&again}));
    EXPECT_EQ(state_of(again), state_of(home));
    EXPECT_EQ(again.last_event(), home.last_event());
}

TEST_F(HomeTest, AnyCutOfTheJournalIsAHomeAsItOnceWas) {
    std::vector<std::string> states{state_of(home)};
    std::vector<journal::Sequence> at{0};
    SeededRandom chance(8);
    std::vector<DeviceId> devices;
    for (int i = 0; i < 300; ++i) {
        live(*this, chance, devices);
        if (journal.last() == at.back()) continue;
        states.push_back(state_of(home));
        at.push_back(journal.last());
    }
    for (std::size_t i = states.size(); i-- > 0;) {
        journal.cut_after(at[i]);
        Home again(clock, random, journal, sender, limits);
        ASSERT_TRUE(journal.replay_into({&again}));
        ASSERT_EQ(state_of(again), states[i]) << "cut after record " << at[i];
    }
}

TEST_F(HomeTest, AfterARestartCommandsUnderWayAreSentAgainAndSettled) {
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

TEST_F(HomeTest, AfterARestartNothingIsSentThatMustNotHappenTwice) {
    DeviceDescription bell = lamp();
    bell.attributes.push_back({.path = {"button.press"},
                               .type = catalog::AttributeType::boolean,
                               .writable = true,
                               .command = true});
    ask(add(bell), "button.press", true);
    RecordingSender new_sender;
    Home again(clock, random, journal, new_sender, limits);
    ASSERT_TRUE(journal.replay_into({&again}));
    again.resume_commands();
    EXPECT_THAT(new_sender.sent, ElementsAre());
    EXPECT_THAT(std::get<CommandSettled>(again.recent_events().back().fact).detail,
                HasSubstr("must not happen twice"));
}

TEST_F(HomeTest, TheSameKeyAsksOnceAlsoAfterARestart) {
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

TEST_F(HomeTest, EqualSpecsOfManyDevicesAreOneSpec) {
    const DeviceId a = add(lamp("a"));
    const DeviceId b = add(lamp("b"));
    EXPECT_EQ(home.find(a)->attributes[0].spec, home.find(b)->attributes[0].spec);
}

TEST_F(HomeTest, EveryRecordCanBeDescribed) {
    SeededRandom chance(9);
    std::vector<DeviceId> devices;
    for (int i = 0; i < 400; ++i)
        live(*this, chance, devices);
    journal.checkpoint({&home});
    for (const auto& stored : journal.records()) {
        const auto described = describe(stored.view());
        ASSERT_TRUE(described) << described.error().detail;
        EXPECT_TRUE(described->find("kind") != nullptr);
    }
}

TEST_F(HomeTest, RunsAndNotificationsAreEventsWithTheirCause) {
    const Cause rule{Cause::By::automation, "night", 3};
    ASSERT_TRUE(home.record(rule, AutomationRan{"night", 7, "Night", "failed", "no lamp"}));
    ASSERT_TRUE(home.record(rule, Notified{"Good night", "night", 7, 2}));
    Value ran = to_value(home.recent_events()[0]);
    Value notified = to_value(home.recent_events()[1]);
    ran.as_map()->erase("time");
    notified.as_map()->erase("time");
    EXPECT_EQ(to_json(ran),
              R"({"id":1,"kind":"automation_run","cause":{"by":"automation","id":"night",)"
              R"("event":3},"automation":"night","run":7,"name":"Night","state":"failed",)"
              R"("detail":"no lamp"})");
    EXPECT_EQ(to_json(notified),
              R"({"id":2,"kind":"notification","cause":{"by":"automation","id":"night",)"
              R"("event":3},"text":"Good night","automation":"night","run":7,"step":2})");
}

TEST_F(HomeTest, RunsAndNotificationsComeBackFromTheJournal) {
    const Cause rule{Cause::By::automation, "night", 3};
    ASSERT_TRUE(home.record(rule, AutomationRan{"night", 7, "Night", "started", ""}));
    ASSERT_TRUE(home.record(rule, Notified{"Good night", "night", 7, 2}));
    Home again(clock, random, journal, sender, limits);
    ASSERT_TRUE(journal.replay_into({&again}));
    ASSERT_EQ(again.recent_events().size(), 2U);
    for (std::size_t i = 0; i < 2; ++i)
        EXPECT_EQ(to_value(again.recent_events()[i]), to_value(home.recent_events()[i]));
    EXPECT_EQ(describe(journal.records()[1].view()).value(), to_value(home.recent_events()[1]));
}

TEST_F(HomeTest, ANotificationThatIsTooLongOrNoTextIsRefused) {
    const Cause rule{Cause::By::automation, "night", 0};
    const std::string longest(limits.text_value_bytes, 'x');
    EXPECT_TRUE(home.record(rule, Notified{longest}));
    EXPECT_EQ(home.record(rule, Notified{longest + "x"}).error().code, Code::limit);
    EXPECT_EQ(home.record(rule, Notified{"\xff"}).error().code, Code::invalid);
    EXPECT_EQ(home.recent_events().size(), 1U);
}

TEST_F(HomeTest, FollowersOfAReplayHearWhatChangedButNotWhatACheckpointTells) {
    const DeviceId id = add();
    report(id, "level.percent", 10);
    journal.checkpoint({&home});
    report(id, "level.percent", 20);
    Home again(clock, random, journal, sender, limits);
    std::vector<Value> heard;
    again.follow_replay([&](const Event&, const std::vector<Change>& changes) {
        for (const Change& change : changes)
            heard.insert(heard.end(), {change.before, change.after});
    });
    ASSERT_TRUE(journal.replay_into({&again}));
    EXPECT_THAT(heard, ElementsAre(Value(), Value(10), Value(10), Value(20)));
}

TEST_F(HomeTest, KeysOfAutomationsDoNotPushOutThoseOfPeople) {
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
