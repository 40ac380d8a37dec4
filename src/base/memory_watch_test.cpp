#include "base/memory_watch.h"

#include <gtest/gtest.h>

namespace hearth {
namespace {

TEST(MemoryWatchTest, IsFullAtTheBudgetUntilASixteenthIsFree) {
    std::size_t used = 0;
    MemoryWatch watch(160, [&] { return used; });
    const auto full_at = [&](std::size_t now) {
        used = now;
        watch.look();
        return watch.full();
    };
    EXPECT_FALSE(full_at(159));
    EXPECT_TRUE(full_at(160));
    EXPECT_TRUE(full_at(150));
    EXPECT_FALSE(full_at(149));
    EXPECT_FALSE(full_at(159));
    EXPECT_EQ(watch.used(), 159U);
}

TEST(MemoryWatchTest, WithoutABudgetItIsNeverFull) {
    MemoryWatch watch(0, [] { return SIZE_MAX; });
    watch.look();
    EXPECT_FALSE(watch.full());
}

} // namespace
} // namespace hearth
