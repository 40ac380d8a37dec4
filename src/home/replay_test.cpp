#include "home/test_home.h"

namespace hearth::home {
namespace {

using testing::ElementsAre;

using ReplayTest = HomeTest;

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
void live(HomeTest& at, SeededRandom& chance, std::vector<DeviceId>& devices) {
    const auto pick = [&](std::uint64_t n) { return chance.next() % n; };
    if (devices.empty() || pick(50) == 0) {
        const std::string name = "lamp-" + std::to_string(pick(40));
        devices.push_back(
            at.home.announce(itself, pick(2) == 0 ? lamp_with_bell(name) : lamp(name)).value());
    }
    const DeviceId id = devices[pick(devices.size())];
    const Cause own = Cause::of_device(id);
    at.clock.turn(static_cast<Micros>(pick(2 * seconds)));
    switch (pick(13)) {
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
        if (pick(3) == 0) (void)at.home.forget(somebody, id);
        if (pick(9) == 0) (void)at.home.remove_area(somebody, "area_" + std::to_string(pick(9)));
        break;
    case 9:
        at.journal.commit();
        break;
    case 10:
        (void)at.home.withdraw(somebody, id, pick(2) == 0 ? "level.percent" : "");
        break;
    case 11:
        (void)at.home.record(own, AttributeReported{id, {{{"level.percent"}, Value()}}});
        break;
    default:
        (void)at.home.record(
            own, AttributeReported{id,
                                   {{{"on_off.on"}, pick(2) == 0},
                                    {{"level.percent"}, static_cast<double>(pick(1000)) / 10}}});
    }
}

TEST_F(ReplayTest, ReplayRebuildsTheHomeToTheByteAlsoAcrossACheckpoint) {
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

TEST_F(ReplayTest, AnyCutOfTheJournalIsAHomeAsItOnceWas) {
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

TEST_F(ReplayTest, EveryRecordCanBeDescribed) {
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

TEST_F(ReplayTest, RunsAndNotificationsComeBackFromTheJournal) {
    const Cause rule = Cause::of_automation("night", 3);
    ASSERT_TRUE(home.record(rule, AutomationRan{"night", 7, "Night", "started", ""}));
    ASSERT_TRUE(home.record(rule, Notified{"Good night", "night", 7, "2.then.1"}));
    Home again(clock, random, journal, sender, limits);
    ASSERT_TRUE(journal.replay_into({&again}));
    ASSERT_EQ(again.recent_events().size(), 2U);
    for (std::size_t i = 0; i < 2; ++i)
        EXPECT_EQ(to_value(again.recent_events()[i]), to_value(home.recent_events()[i]));
    EXPECT_EQ(describe(journal.records()[1].view()).value(), to_value(home.recent_events()[1]));
}

TEST_F(ReplayTest, FollowersOfAReplayHearWhatChangedButNotWhatACheckpointTells) {
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

} // namespace
} // namespace hearth::home
