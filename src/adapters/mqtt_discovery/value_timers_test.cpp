#include "adapters/mqtt_discovery/component.h"
#include "adapters/mqtt_discovery/value_timers.h"

#include <array>

#include <gmock/gmock.h>

namespace hearth::mqtt_discovery {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

struct Timers : ::testing::Test {
    std::array<Component, 3> components;
    ValueTimers timers{3};

    TimerKey key(std::size_t i, TimerKind kind = TimerKind::expire) const {
        return {&components.at(i), kind};
    }
};

TEST_F(Timers, end_once_in_the_order_of_their_times) {
    timers.start(key(0), 30);
    timers.start(key(1), 10);
    timers.start(key(2), 20);
    EXPECT_EQ(timers.next(), 10);
    EXPECT_THAT(timers.take_due(9), IsEmpty());
    EXPECT_THAT(timers.take_due(20), ElementsAre(key(1), key(2)));
    EXPECT_THAT(timers.take_due(29), IsEmpty());
    EXPECT_THAT(timers.take_due(30), ElementsAre(key(0)));
    EXPECT_EQ(timers.next(), std::nullopt);
}

TEST_F(Timers, that_are_started_anew_end_by_the_new_time_whether_later_or_sooner) {
    timers.start(key(0), 10);
    for (Micros at = 20; at <= 100; at += 10)
        timers.start(key(0), at);
    EXPECT_THAT(timers.take_due(99), IsEmpty());
    EXPECT_EQ(timers.size(), 1u);
    EXPECT_THAT(timers.take_due(100), ElementsAre(key(0)));
    timers.start(key(1), 300);
    timers.start(key(1), 200);
    EXPECT_EQ(timers.next(), 200);
    EXPECT_THAT(timers.take_due(200), ElementsAre(key(1)));
    EXPECT_THAT(timers.take_due(300), IsEmpty()) << "its first time is over";
}

TEST_F(Timers, that_are_stopped_do_not_end_and_may_be_started_again) {
    timers.start(key(0), 10);
    timers.stop(key(0));
    EXPECT_FALSE(timers.is_running(key(0)));
    timers.start(key(0), 50);
    EXPECT_THAT(timers.take_due(49), IsEmpty());
    EXPECT_THAT(timers.take_due(50), ElementsAre(key(0)));
    EXPECT_THAT(timers.take_due(100), IsEmpty());
}

TEST_F(Timers, of_both_kinds_are_apart) {
    timers.start(key(0, TimerKind::off), 10);
    timers.start(key(0, TimerKind::expire), 20);
    timers.stop(key(0, TimerKind::off));
    EXPECT_THAT(timers.take_due(20), ElementsAre(key(0, TimerKind::expire)));
}

TEST_F(Timers, beyond_the_limit_are_not_started_and_those_that_run_go_on) {
    for (std::size_t i = 0; i < 3; ++i)
        EXPECT_TRUE(timers.start(key(i), 10));
    EXPECT_FALSE(timers.start(key(0, TimerKind::off), 5));
    EXPECT_TRUE(timers.start(key(0), 20));
    EXPECT_EQ(timers.next(), 10);
    EXPECT_THAT(timers.take_due(10), UnorderedElementsAre(key(1), key(2)));
}

TEST_F(Timers, that_are_started_and_stopped_without_end_take_no_memory_for_ever) {
    timers.start(key(1), 1'000'000);
    for (Micros at = 1; at < 10'000; ++at) {
        timers.start(key(0), 100'000 + at);
        timers.stop(key(0));
    }
    EXPECT_EQ(timers.size(), 1u);
    EXPECT_LT(timers.queued(), 100u);
    EXPECT_THAT(timers.take_due(1'000'000), ElementsAre(key(1)));
}

} // namespace
} // namespace hearth::mqtt_discovery
