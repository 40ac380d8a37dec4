// A listener over kills and power cuts: it sees every committed record at least once, in order, and
// never one that is not committed; and it goes back to its last durable position at most.
#include "store/cursor_listener.h"
#include "store/simulated_disk.h"

#include <gmock/gmock.h>

namespace hearth::store {
namespace {

using testing::Hub;
using testing::Listener;
using testing::SimulatedDisk;
using testing::Tally;

constexpr const char* folder = "/journal";

JournalOptions tiny() {
    JournalOptions options;
    options.segment_bytes = 2048;
    options.keep_bytes = 20'000;
    return options;
}

struct Story {
    explicit Story(std::uint64_t seed)
        : disk(seed)
        , chance(seed) {}

    bool likely(int of) { return chance.next() % static_cast<std::uint64_t>(of) != 0; }

    void begin() {
        hub = std::make_unique<Hub>(folder, tiny(), disk);
        const auto started = hub->start();
        ASSERT_TRUE(started) << started.error().detail;
        ASSERT_EQ(hub->report.lost(), 0U) << to_string(hub->report.damaged[0]);
        ASSERT_EQ(hub->report.unclaimed, 0U);
        const auto found = hub->report.last;
        truth.erase(truth.upper_bound(found), truth.end());
        ASSERT_TRUE(listener.seen.empty() || listener.seen.rbegin()->first <= found)
            << "it was shown what was not committed";
        listener.start(*hub->journal);
        ASSERT_GE(listener.cursor().position(), durable) << "further back than was promised";
        ASSERT_LE(listener.cursor().position(), std::max(done, found));
    }

    void live(int turns) {
        for (int turn = 0; turn < turns; ++turn) {
            for (auto n = chance.next() % 4; n > 0; --n)
                record();
            if (!likely(15)) hub->journal->checkpoint();
            if (!likely(3)) hub->journal->when_committed([](const Result<void>&) {});
            if (likely(3)) listener.ask();
            (void)hub->journal->write();
            if (likely(4)) hub->workers.do_oldest();
            if (likely(3)) hub->workers.run_one();
            if (likely(2)) listener.deal();
            hub->clock.turn(1 * seconds);
        }
    }

    void record() {
        // Some longer than a sector, so that they can be torn.
        const std::string value(likely(5) ? 20 : 1'300,
                                static_cast<char>('a' + chance.next() % 26));
        const auto key = chance.next() % 7;
        hub->record(key, value);
        truth[hub->journal->last()] = Tally::change(key, value);
    }

    void die(bool power) {
        durable = dynamic_cast<journal::CursorBook&>(*hub->journal->cursors()).needed() - 1;
        done = listener.cursor().position();
        if (likely(2)) listener.stop();
        hub->kill();
        power ? disk.cut_power() : disk.kill();
        listener.stop();
    }

    void end() {
        hub->settle();
        hub->clock.turn(10 * seconds);
        hub->settle();
        listener.catch_up(*hub);
        EXPECT_EQ(listener.seen, truth);
        EXPECT_TRUE(listener.lost.empty())
            << listener.lost.front().first << " to " << listener.lost.front().last;
    }

    SimulatedDisk disk;
    SeededRandom chance;
    std::unique_ptr<Hub> hub;
    Listener listener{{.records = 5, .bytes = 2'000}};
    std::map<journal::Sequence, std::string> truth;
    journal::Sequence durable = 0;
    journal::Sequence done = 0;
};

void play(bool power, std::uint64_t seeds) {
    std::size_t batches = 0;
    std::size_t back = 0;
    for (std::uint64_t seed = 1; seed <= seeds && !::testing::Test::HasFailure(); ++seed) {
        SCOPED_TRACE(fmt::format("seed {}", seed));
        Story story(seed);
        for (int life = 0; life < 5 && !::testing::Test::HasFailure(); ++life) {
            story.begin();
            if (::testing::Test::HasFailure()) return;
            if (life > 0 && story.listener.cursor().position() < story.done) ++back;
            story.live(static_cast<int>(3 + story.chance.next() % 40));
            if (life < 4) story.die(power);
        }
        if (::testing::Test::HasFailure()) return;
        story.end();
        batches += story.listener.batches;
    }
    EXPECT_GT(batches, seeds * 10);
    EXPECT_GT(back, seeds / 10) << "it never had to read anything twice";
}

TEST(CursorCrash, AListenerSeesEveryRecordInOrderOverKills) {
    play(false, 150);
}

TEST(CursorCrash, AListenerSeesEveryCommittedRecordAndNoOtherOverPowerCuts) {
    play(true, 300);
}

} // namespace
} // namespace hearth::store
