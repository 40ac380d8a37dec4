#include "net/timers.h"

#include <string>

#include <gmock/gmock.h>

namespace hearth::net {
namespace {

using testing::ElementsAre;

class TimersTest : public testing::Test {
protected:
    Timers::Task note(std::string name) {
        return [this, name = std::move(name)] { ran.push_back(name); };
    }

    Timers timers;
    std::vector<std::string> ran;
};

TEST_F(TimersTest, RunInTheOrderOfDueTimesThenOfAdding) {
    timers.add(30, 0, note("third"));
    timers.add(10, 0, note("first"));
    timers.add(20, 0, note("second, added before"));
    timers.add(20, 0, note("second, added after"));
    timers.run_due(30);
    EXPECT_THAT(ran, ElementsAre("first", "second, added before", "second, added after", "third"));
    EXPECT_EQ(timers.size(), 0U);
}

TEST_F(TimersTest, NothingRunsBeforeItIsDue) {
    timers.add(10, 0, note("a"));
    EXPECT_EQ(timers.next(), 10);
    timers.run_due(9);
    EXPECT_THAT(ran, ElementsAre());
    timers.run_due(10);
    EXPECT_THAT(ran, ElementsAre("a"));
    EXPECT_EQ(timers.next(), std::nullopt);
}

TEST_F(TimersTest, ACancelledTimerNeverRuns) {
    const auto a = timers.add(10, 0, note("a"));
    const auto b = timers.add(10, 5, note("b"));
    timers.cancel(a);
    timers.cancel(b);
    timers.cancel(b);
    timers.run_due(100);
    EXPECT_THAT(ran, ElementsAre());
    EXPECT_EQ(timers.size(), 0U);
}

TEST_F(TimersTest, OneTimerMayCancelAnotherOfTheSameTurn) {
    Timers::Id victim = 0;
    timers.add(10, 0, [&] { timers.cancel(victim); });
    victim = timers.add(10, 0, note("victim"));
    timers.run_due(10);
    EXPECT_THAT(ran, ElementsAre());
}

TEST_F(TimersTest, ARepeatedTimerKeepsItsPace) {
    timers.add(10, 10, note("tick"));
    timers.run_due(13); // late, but the next one is not
    EXPECT_EQ(timers.next(), 20);
    timers.run_due(20);
    EXPECT_THAT(ran, ElementsAre("tick", "tick"));
}

TEST_F(TimersTest, ARepeatedTimerDoesNotCatchUpWhatWasMissed) {
    timers.add(10, 10, note("tick"));
    timers.run_due(1000);
    EXPECT_THAT(ran, ElementsAre("tick"));
    EXPECT_EQ(timers.next(), 1010);
}

TEST_F(TimersTest, ARepeatedTimerMayCancelItself) {
    Timers::Id id = 0;
    id = timers.add(10, 10, [&] {
        ran.emplace_back("tick");
        timers.cancel(id);
    });
    timers.run_due(10);
    timers.run_due(100);
    EXPECT_THAT(ran, ElementsAre("tick"));
    EXPECT_EQ(timers.size(), 0U);
}

TEST_F(TimersTest, ATimerThatATaskAddsWaitsForTheNextCall) {
    timers.add(10, 0, [&] { timers.add(0, 0, note("added")); });
    timers.run_due(10);
    EXPECT_THAT(ran, ElementsAre());
    timers.run_due(10);
    EXPECT_THAT(ran, ElementsAre("added"));
}

} // namespace
} // namespace hearth::net
