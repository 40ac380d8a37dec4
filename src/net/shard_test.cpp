#include "net/shard.h"
#include "net/test_turns.h"

#include <atomic>
#include <csignal>
#include <stdexcept>
#include <string>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <gmock/gmock.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace hearth::net {
namespace {

using testing::ElementsAre;

class ShardTest : public testing::Test {
protected:
    Shard::Task note(std::string name) {
        return [this, name = std::move(name)] { ran.push_back(name); };
    }

    Shard shard;
    std::vector<std::string> ran;
};

TEST_F(ShardTest, StepsRunInTheirOrderAfterWhatTheTurnBrought) {
    shard.each_turn(note("journal"));
    shard.each_turn(note("flush"));
    shard.post(note("task"));
    shard.turn(0);
    EXPECT_THAT(ran, ElementsAre("task", "journal", "flush"));
}

TEST_F(ShardTest, StepsRunAfterATimer) {
    shard.each_turn(note("step"));
    shard.after(0, note("timer"));
    shard.turn(1 * seconds);
    EXPECT_THAT(ran, ElementsAre("timer", "step"));
}

TEST_F(ShardTest, ATurnWithNothingToDoEndsAfterItsLongestWait) {
    const SystemClock clock;
    const Micros before = clock.steady();
    shard.turn(2 * milliseconds);
    EXPECT_GE(clock.steady() - before, 2 * milliseconds);
}

TEST_F(ShardTest, WhatATaskPostsRunsInTheNextTurn) {
    shard.post([this] {
        ran.emplace_back("first");
        shard.post(note("second"));
    });
    shard.turn(0);
    EXPECT_THAT(ran, ElementsAre("first"));
    shard.turn(1 * hours); // does not wait: there is something to do
    EXPECT_THAT(ran, ElementsAre("first", "second"));
}

TEST_F(ShardTest, AStepMayPost) {
    bool posted = false;
    shard.each_turn([&] {
        if (!posted) shard.post(note("from a step"));
        posted = true;
    });
    shard.turn(0);
    shard.turn(1 * hours);
    EXPECT_THAT(ran, ElementsAre("from a step"));
}

TEST_F(ShardTest, TasksFromOneThreadRunInTheirOrderAndAllOfThem) {
    constexpr int each = 5000;
    std::vector<int> seen[3];
    std::vector<std::thread> threads;
    for (int t = 0; t < 3; ++t) {
        threads.emplace_back([&, t] {
            for (int i = 0; i < each; ++i)
                shard.post([&seen, t, i] { seen[t].push_back(i); });
        });
    }
    EXPECT_TRUE(turn_until(
        shard, [&] { return seen[0].size() + seen[1].size() + seen[2].size() == 3 * each; }));
    for (std::thread& thread : threads)
        thread.join();
    for (const auto& numbers : seen)
        EXPECT_TRUE(std::is_sorted(numbers.begin(), numbers.end()));
}

TEST_F(ShardTest, APostFromAnotherThreadEndsTheWait) {
    std::thread other;
    shard.post([&] { other = std::thread([&] { shard.post([&] { shard.stop(); }); }); });
    shard.run();
    other.join();
}

TEST_F(ShardTest, StopLetsTheTurnUnderWayEndAndNoOtherBegin) {
    int turns = 0;
    shard.each_turn([&] { ++turns; });
    shard.post([&] { shard.stop(); });
    shard.post(note("same turn"));
    shard.run();
    EXPECT_EQ(turns, 1);
    EXPECT_THAT(ran, ElementsAre("same turn"));
}

TEST_F(ShardTest, StopFromAnotherThreadEndsAnIdleRun) {
    std::thread other([&] { shard.stop(); });
    shard.run();
    other.join();
}

TEST_F(ShardTest, TimersFireInOrderAndCancelledOnesDoNot) {
    shard.after(3 * milliseconds, note("late"));
    shard.after(1 * milliseconds, note("early"));
    shard.cancel(shard.after(2 * milliseconds, note("never")));
    EXPECT_TRUE(turn_until(shard, [&] { return ran.size() == 2; }));
    EXPECT_THAT(ran, ElementsAre("early", "late"));
}

TEST_F(ShardTest, WakesByWhatTheHomesAskForAndNotBefore) {
    const SystemClock clock;
    const Micros begun = clock.steady();
    std::optional<Micros> due = begun + 30 * milliseconds;
    shard.wake_by([&] { return due; });
    shard.wake_by([]() -> std::optional<Micros> { return std::nullopt; });
    shard.after(1 * hours, note("timer"));
    shard.turn(2 * hours);
    EXPECT_GE(clock.steady(), begun + 30 * milliseconds);
    due = begun; // in the past: the turn comes at once
    shard.turn(2 * hours);
    EXPECT_TRUE(ran.empty());
}

TEST_F(ShardTest, EveryComesAgainUntilCancelled) {
    const auto timer = shard.every(1 * milliseconds, note("tick"));
    EXPECT_TRUE(turn_until(shard, [&] { return ran.size() == 3; }));
    shard.cancel(timer);
    shard.turn(3 * milliseconds);
    EXPECT_EQ(ran.size(), 3U);
}

class WatchTest : public ShardTest {
protected:
    ~WatchTest() override { ::close(descriptor); }
    void signal() const { eventfd_write(descriptor, 1); }

    int descriptor = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
};

TEST_F(WatchTest, AReadableDescriptorIsToldOfEachTurnUntilItIsRead) {
    shard.watch(descriptor, note("readable"));
    shard.turn(0);
    EXPECT_THAT(ran, ElementsAre());
    signal();
    shard.turn(1 * seconds);
    shard.turn(1 * seconds); // level-triggered: nobody has read it
    EXPECT_THAT(ran, ElementsAre("readable", "readable"));
    eventfd_t number = 0;
    eventfd_read(descriptor, &number);
    shard.turn(0);
    EXPECT_EQ(ran.size(), 2U);
}

TEST_F(WatchTest, AfterUnwatchNothingComesAndTheDescriptorIsStillOpen) {
    shard.watch(descriptor, [this] {
        ran.emplace_back("readable");
        shard.unwatch(descriptor);
    });
    signal();
    shard.turn(1 * seconds);
    shard.turn(0);
    EXPECT_THAT(ran, ElementsAre("readable"));
    eventfd_t number = 0;
    EXPECT_EQ(eventfd_read(descriptor, &number), 0);
}

TEST_F(ShardTest, AsioObjectsOfOtherRoomsRunInTheTurn) {
    shard.each_turn(note("step"));
    boost::asio::post(shard.io(), note("asio"));
    shard.turn(1 * seconds);
    EXPECT_THAT(ran, ElementsAre("asio", "step"));
}

TEST_F(ShardTest, AnAsioHandlerThatAlwaysPostsAgainCannotKeepATurnFromEnding) {
    std::function<void()> again = [&] { boost::asio::post(shard.io(), again); };
    again();
    shard.turn(1 * seconds); // would never return
}

TEST_F(ShardTest, DoneOfAWorkersJobRunsOnTheShardsThread) {
    std::thread::id job_thread;
    std::thread::id done_thread;
    shard.workers().run([&] { job_thread = std::this_thread::get_id(); },
                        [&] { done_thread = std::this_thread::get_id(); });
    EXPECT_TRUE(turn_until(shard, [&] { return done_thread != std::thread::id(); }));
    EXPECT_EQ(done_thread, std::this_thread::get_id());
    EXPECT_NE(job_thread, std::this_thread::get_id());
}

TEST(ShardEndTest, JobsThatAreQueuedAtTheEndStillRun) {
    std::atomic<int> ran = 0;
    int done = 0;
    {
        Shard shard(1);
        for (int i = 0; i < 100; ++i)
            shard.workers().run([&] { ++ran; }, [&] { ++done; });
    }
    EXPECT_EQ(ran, 100);
    EXPECT_EQ(done, 0);
}

TEST_F(ShardTest, WorkersLeaveSignalsToTheProgram) {
    std::atomic<bool> blocked = false;
    bool done = false;
    shard.workers().run(
        [&] {
            sigset_t mask;
            pthread_sigmask(SIG_SETMASK, nullptr, &mask);
            blocked = sigismember(&mask, SIGTERM) == 1;
        },
        [&] { done = true; });
    EXPECT_TRUE(turn_until(shard, [&] { return done; }));
    EXPECT_TRUE(blocked);
}

TEST(ShardDeathTest, AnExceptionThatLeavesATaskEndsTheProgramWithItsText) {
    testing::FLAGS_gtest_death_test_style = "threadsafe";
    EXPECT_DEATH(
        {
            Shard shard;
            shard.post([] { throw std::runtime_error("the task's mistake"); });
            shard.turn(0);
        },
        "the task's mistake");
}

TEST(SystemClockTest, TellsTheTimeOfThisCenturyAndNeverGoesBack) {
    const SystemClock clock;
    EXPECT_GT(clock.utc(), 1'700'000'000 * seconds);
    const Micros before = clock.steady();
    EXPECT_GE(clock.steady(), before);
}

} // namespace
} // namespace hearth::net
