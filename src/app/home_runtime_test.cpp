#include "app/home_runtime.h"
#include "app/hub_options.h"
#include "app/settings_table.h"
#include "store/test_journal.h"

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

/// Homes of one process whose time and disk are turned by hand.
namespace hearth::app {
namespace {

using store::testing::ManualWorkers;
using store::testing::TemporaryFolder;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr Micros midnight = 1'782'864'000 * seconds; // 2026-07-01

const language::Languages& languages() {
    static const language::Languages all = language::Languages::make().value();
    return all;
}

/// What the homes of a test stand on.
struct Ground {
    ManualClock clock{midnight};
    SeededRandom random{1};
    ManualWorkers workers;
    std::multimap<Micros, std::function<void()>> timers;

    HomeGround handed() {
        return {clock,
                random,
                workers,
                languages(),
                nullptr,
                [this](Micros delay, std::function<void()> task) {
                    timers.emplace(clock.steady() + delay, std::move(task));
                }};
    }
    /// Time passes; what is due of the timers is done. Returns how many there were.
    std::size_t pass(Micros time) {
        clock.turn(time);
        std::size_t done = 0;
        for (; !timers.empty() && timers.begin()->first <= clock.steady(); ++done) {
            const auto task = std::move(timers.begin()->second);
            timers.erase(timers.begin());
            task();
        }
        return done;
    }
};

/// A home in a folder of its own, with a rule at seven o'clock.
struct TestHome {
    TestHome(Ground& on, const std::string& zone)
        : ground(on) {
        const std::string file = folder.path() + "/home.yaml";
        EXPECT_TRUE(store::write_file(file, "name: Test\n"
                                            "automations:\n"
                                            "  - name: Morning\n"
                                            "    triggers: [{time: \"07:00\"}]\n"
                                            "    actions: [{notify: Good morning}]\n"));
        Settings settings(settings_table());
        EXPECT_TRUE(settings.set("home.time_zone=" + zone));
        ServeOptions options;
        options.home = file;
        auto setup = read_home_setup(options, settings);
        EXPECT_TRUE(setup) << setup.error().detail;
        auto made = HomeRuntime::make(
            ground.handed(), std::move(*setup),
            [&](Metrics& metrics) -> Result<std::unique_ptr<journal::DurableJournal>> {
                return store::FileJournal::open(folder.path() + "/journal", {}, ground.clock,
                                                ground.random, ground.workers, metrics);
            });
        EXPECT_TRUE(made) << made.error().detail;
        home = std::move(*made);
        const auto started = home->start({"secret", true});
        EXPECT_TRUE(started) << started.error().detail;
        settle();
    }

    /// Turns until neither the home nor its disk has anything to do now. Returns how many it took.
    std::size_t settle() {
        std::size_t turns = 1;
        for (home->turn(); ground.workers.run_one(); ++turns)
            home->turn();
        return turns;
    }

    std::string get(const std::string& path) {
        api::Request request;
        request.method = "GET";
        request.path = path;
        request.authorization = "Bearer secret";
        request.from_loopback = true;
        request.peer = "127.0.0.1";
        request.host = "127.0.0.1:8080";
        std::string body;
        home->handle(request,
                     api::Responder([&](const api::Response& answer) { body = answer.body; }));
        return body;
    }

    Ground& ground;
    TemporaryFolder folder;
    std::unique_ptr<HomeRuntime> home;
};

TEST(HomeRuntime, SevenOClockIsEachHomeSOwn) {
    Ground ground;
    TestHome paris(ground, "Europe/Paris");
    TestHome new_york(ground, "America/New_York");
    const auto live_until = [&](Micros utc) {
        while (ground.clock.utc() < utc) {
            ground.pass(1 * minutes);
            paris.settle();
            new_york.settle();
        }
    };
    live_until(midnight + 5 * hours - 1 * minutes);
    EXPECT_THAT(paris.get("/api/v1/automations"), Not(HasSubstr("last_run")));
    live_until(midnight + 5 * hours);
    EXPECT_THAT(paris.get("/api/v1/automations"), HasSubstr("2026-07-01T05:00:00Z"));
    live_until(midnight + 11 * hours - 1 * minutes);
    EXPECT_THAT(new_york.get("/api/v1/automations"), Not(HasSubstr("last_run")));
    live_until(midnight + 11 * hours);
    EXPECT_THAT(new_york.get("/api/v1/automations"), HasSubstr("2026-07-01T11:00:00Z"));
}

TEST(HomeRuntime, TwoIdleHomesWakeLessThanOnceASecondEach) {
    Ground ground;
    TestHome paris(ground, "Europe/Paris");
    TestHome tokyo(ground, "Asia/Tokyo");
    constexpr Micros stretch = 10 * minutes;
    const Micros end = ground.clock.steady() + stretch;
    std::size_t wake_ups = 0;
    while (ground.clock.steady() < end) {
        Micros next = std::min(paris.home->next_wake_up(), tokyo.home->next_wake_up());
        if (!ground.timers.empty()) next = std::min(next, ground.timers.begin()->first);
        ground.pass(std::max<Micros>(next - ground.clock.steady(), 0));
        // A turn of the process is one of each home; what the disk does wakes it once more.
        wake_ups += paris.settle();
        wake_ups += tokyo.settle() - 1;
        ASSERT_LT(wake_ups, static_cast<std::size_t>(stretch / seconds));
    }
}

TEST(HomeRuntime, AClaimCodeIsItsHomeSOwn) {
    Ground ground;
    TestHome paris(ground, "Europe/Paris");
    TestHome tokyo(ground, "Asia/Tokyo");
    ASSERT_TRUE(paris.home->first_claim_code() && tokyo.home->first_claim_code());
    EXPECT_NE(*paris.home->first_claim_code(), *tokyo.home->first_claim_code());
}

TEST(HomeRuntime, AHomeComesBackFromItsOwnJournal) {
    Ground ground;
    TestHome paris(ground, "Europe/Paris");
    EXPECT_TRUE(paris.home->is_new());
    paris.home->stop();
    paris.settle();
    ASSERT_TRUE(paris.home->close());
    paris.home.reset();
    Settings settings(settings_table());
    auto setup = read_home_setup({}, settings);
    ASSERT_TRUE(setup);
    auto again = HomeRuntime::make(
        ground.handed(), std::move(*setup),
        [&](Metrics& metrics) -> Result<std::unique_ptr<journal::DurableJournal>> {
            return store::FileJournal::open(paris.folder.path() + "/journal", {}, ground.clock,
                                            ground.random, ground.workers, metrics);
        });
    ASSERT_TRUE(again);
    paris.home = std::move(*again);
    ASSERT_TRUE(paris.home->start({"secret", false}));
    EXPECT_FALSE(paris.home->is_new());
    EXPECT_FALSE(paris.home->first_claim_code());
    EXPECT_THAT(paris.get("/api/v1/automations"), HasSubstr("Morning"));
}

TEST(HomeRuntime, AnUnknownLanguageIsNamedWithItsSetting) {
    Ground ground;
    Settings settings(settings_table());
    ASSERT_TRUE(settings.set("assistant.language=tlh"));
    TemporaryFolder folder;
    auto setup = read_home_setup({}, settings);
    ASSERT_TRUE(setup);
    auto home = HomeRuntime::make(
        ground.handed(), std::move(*setup),
        [&](Metrics& metrics) -> Result<std::unique_ptr<journal::DurableJournal>> {
            return store::FileJournal::open(folder.path(), {}, ground.clock, ground.random,
                                            ground.workers, metrics);
        });
    ASSERT_TRUE(home);
    const auto started = (*home)->start({"secret", true});
    ASSERT_FALSE(started);
    EXPECT_THAT(started.error().detail, HasSubstr("assistant.language"));
}

} // namespace
} // namespace hearth::app
