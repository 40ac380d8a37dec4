// The journal's promise under crashes: whatever call fails, wherever the power goes, what was
// acknowledged is there, and what is there is a beginning of what happened, in order.
#include "base/log.h"
#include "store/simulated_disk.h"
#include "store/test_journal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hearth::store {
namespace {

using testing::Hub;
using testing::SimulatedDisk;
using testing::Tally;

constexpr const char* folder = "/journal";

JournalOptions tiny() {
    JournalOptions options;
    options.segment_bytes = 1024;
    options.keep_bytes = 20'000;
    return options;
}

/// A hub that works, what it was promised, and what it should have after each record.
struct Life {
    explicit Life(SimulatedDisk& disk)
        : hub(folder, tiny(), disk) {}

    /// Some turns with records, waiters, commits at odd times, checkpoints and restarts' worth of
    /// segments.
    void live(int turns) {
        states.push_back(hub.tally);
        for (int turn = 0; turn < turns; ++turn) {
            for (int i = 0; i <= turn % 3; ++i)
                record(turn);
            if (turn % 2 == 0) ask();
            if (turn % 11 == 5) hub.journal->checkpoint();
            (void)hub.journal->write();
            if (turn % 4 != 1) hub.workers.run_one();
            hub.clock.turn(1 * seconds);
        }
        for (int i = 0; i < 30; ++i) {
            hub.settle();
            hub.clock.turn(10 * seconds);
        }
    }

    void record(int turn) {
        // Some longer than a sector, so that they can be torn.
        const std::size_t length = turn % 5 == 0 ? 1'300 : 20;
        hub.record(static_cast<std::uint64_t>(turn % 7), std::string(length, 'a' + turn % 26));
        states.push_back(hub.tally);
    }

    void ask() {
        const auto number = hub.journal->last();
        asked.push_back(number);
        hub.journal->when_committed([this, number](const Result<void>& done) {
            answered.push_back(number);
            if (done) acknowledged = std::max(acknowledged, number);
        });
    }

    Hub hub;
    std::vector<Tally> states;
    std::vector<journal::Sequence> asked;
    std::vector<journal::Sequence> answered;
    journal::Sequence acknowledged = 0;
};

/// What must hold after a restart, whatever happened before.
void audit(const Life& life, SimulatedDisk& disk, const std::string& how) {
    Hub after(folder, tiny(), disk);
    const auto started = after.start();
    ASSERT_TRUE(started) << how << ": " << started.error().detail;
    const auto found = after.report.last;
    ASSERT_GE(found, life.acknowledged) << how << ": acknowledged and lost";
    ASSERT_LT(found, life.states.size()) << how << ": records that never were";
    ASSERT_EQ(after.tally, life.states[found]) << how << ": not what it was after " << found;
    ASSERT_EQ(after.report.lost(), 0U) << how << ": " << to_string(after.report.damaged[0]);
    ASSERT_GE(after.journal->last(), found) << how;
    // And it goes on.
    after.record(1, "after the restart");
    after.settle();
    ASSERT_TRUE(after.journal->close()) << how;
    Hub again(folder, tiny(), disk);
    ASSERT_TRUE(again.start()) << how;
    ASSERT_EQ(again.tally, after.tally) << how;
}

/// Fails the n-th call for every n there is, then dies, with or without power.
void fail_everywhere(Code code, std::size_t count, bool power) {
    std::size_t ran = 0;
    for (std::size_t n = 1; !::testing::Test::HasFatalFailure(); ++n) {
        SimulatedDisk disk(n);
        disk.fail_at({.first = n, .count = count, .code = code});
        Life life(disk);
        const auto started = life.hub.start();
        if (started) life.live(40);
        if (disk.failed_on().empty()) break;
        ++ran;
        const auto how = fmt::format("call {} ({})", n, disk.failed_on());
        if (started) {
            ASSERT_EQ(life.answered, life.asked) << how << ": in the order of asking, each once";
            const bool heals = code == Code::unavailable && disk.failed_on() != "sync_folder";
            if (heals) {
                ASSERT_TRUE(life.hub.journal->accepts()) << how << ": there is room again";
            }
        } else {
            life.states.emplace_back();
        }
        life.hub.kill();
        power ? disk.cut_power() : disk.kill();
        audit(life, disk, how);
    }
    EXPECT_GT(ran, 100U);
}

const bool logs = [] {
    if (std::getenv("HEARTH_TEST_LOG") != nullptr)
        log::set_sink([](log::Level, std::string_view event, std::string_view text) {
            fmt::print(stderr, "{} {}\n", event, text);
        });
    return true;
}();

TEST(Crash, AnIoErrorAtAnyCallLosesNothingAcknowledged) {
    fail_everywhere(Code::io, 1, false);
    fail_everywhere(Code::io, 1, true);
}

TEST(Crash, AProcessThatDiesAtAnyCallLosesNothingAcknowledged) {
    fail_everywhere(Code::io, 1'000'000, false);
    fail_everywhere(Code::io, 1'000'000, true);
}

TEST(Crash, AFullDiskAtAnyCallHealsAndLosesNothingAcknowledged) {
    fail_everywhere(Code::unavailable, 1, false);
    fail_everywhere(Code::unavailable, 1, true);
    fail_everywhere(Code::unavailable, 12, true);
}

TEST(Crash, APowerCutAtAnyTurnLosesNothingAcknowledged) {
    for (std::uint64_t seed = 1; seed <= 40; ++seed)
        for (int turns = 1; turns < 40 && !::testing::Test::HasFatalFailure(); turns += 3) {
            SimulatedDisk disk(seed);
            Life life(disk);
            ASSERT_TRUE(life.hub.start());
            life.states.push_back(life.hub.tally);
            for (int turn = 0; turn < turns; ++turn) {
                for (int i = 0; i <= turn % 3; ++i)
                    life.record(turn);
                life.ask();
                (void)life.hub.journal->write();
                if ((turn + static_cast<int>(seed)) % 3 != 0) life.hub.workers.run_one();
            }
            life.hub.kill();
            disk.cut_power();
            audit(life, disk, fmt::format("seed {}, {} turns", seed, turns));
        }
}

// What comes while a new segment takes over goes to the one before, whose end the power may tear
// too: nobody was promised it, so it is no damage, now or at any later start.
TEST(Crash, APowerCutWhileASegmentTakesOverLosesNothingAcknowledgedAndLeavesNoDamage) {
    std::size_t torn_before = 0;
    for (std::uint64_t seed = 1; seed <= 400 && !::testing::Test::HasFatalFailure(); ++seed) {
        SimulatedDisk disk(seed);
        SeededRandom chance(seed);
        Life life(disk);
        ASSERT_TRUE(life.hub.start());
        life.states.push_back(life.hub.tally);
        const auto turns = static_cast<int>(5 + chance.next() % 30);
        for (int turn = 0; turn < turns; ++turn) {
            for (int i = 0; i <= turn % 3; ++i)
                life.record(turn + (chance.next() % 4 == 0 ? 5 - turn % 5 : 0));
            life.ask();
            (void)life.hub.journal->write();
            if (chance.next() % 3 != 0) life.hub.workers.do_oldest();
            if (chance.next() % 3 == 0) life.hub.workers.run_one();
        }
        life.hub.kill();
        disk.cut_power();
        const auto how = fmt::format("seed {}", seed);
        JournalReader reader(disk, folder);
        const auto report = reader.verify();
        ASSERT_TRUE(report) << how;
        ASSERT_TRUE(report->damaged.empty()) << how << ": " << to_string(report->damaged[0]);
        const auto newest = list_segments(disk, folder)->back().name;
        if (report->torn && report->torn->segment != newest) ++torn_before;
        audit(life, disk, how);
    }
    EXPECT_GT(torn_before, 5U) << "it never tore where this test looks";
}

TEST(Crash, AJournalCutAnywhereIsABeginningOfWhatItWas) {
    SimulatedDisk disk;
    Life life(disk);
    ASSERT_TRUE(life.hub.start());
    life.live(40);
    life.hub.kill();
    const auto segments = list_segments(disk, folder);
    const auto path = std::string(folder) + "/" + segments->back().name;
    const auto whole = disk.bytes_of(path);
    ASSERT_GT(whole.size(), 1'500U);
    for (const bool zeros : {false, true}) {
        journal::Sequence before = 0;
        for (std::size_t at = header_size; at <= whole.size(); at += zeros ? 3 : 1) {
            auto copy = disk.copy();
            auto& bytes = copy.bytes_of(path);
            bytes = whole.substr(0, at);
            if (zeros) bytes.resize(whole.size(), '\0');
            Hub after(folder, tiny(), copy);
            ASSERT_TRUE(after.start()) << at;
            ASSERT_EQ(after.tally, life.states[after.report.last]) << at;
            ASSERT_GE(after.report.last, before) << at;
            before = after.report.last;
        }
        EXPECT_GE(before + 1, life.states.size() - 1);
    }
}

} // namespace
} // namespace hearth::store
