#include "broker/login_failures.h"

#include <gtest/gtest.h>

namespace hearth::broker {
namespace {

TEST(LoginFailuresTest, AreManyOfOneKeyWithinTheWindow) {
    LoginFailures failures(2, 10 * seconds);
    EXPECT_FALSE(failures.add("plug", 1 * seconds));
    EXPECT_FALSE(failures.add("plug", 2 * seconds));
    EXPECT_TRUE(failures.add("plug", 3 * seconds));
    EXPECT_FALSE(failures.add("lamp", 3 * seconds));
    EXPECT_TRUE(failures.add("plug", 10 * seconds));
    EXPECT_FALSE(failures.add("plug", 11 * seconds)) << "a new window";
}

TEST(LoginFailuresTest, ManyKeysBuyNoMoreThanOne) {
    LoginFailures failures(2, 10 * seconds, 1);
    EXPECT_FALSE(failures.add("1", 1 * seconds));
    EXPECT_FALSE(failures.add("2", 1 * seconds));
    EXPECT_FALSE(failures.add("3", 1 * seconds));
    EXPECT_TRUE(failures.add("4", 1 * seconds));
    EXPECT_FALSE(failures.add("5", 12 * seconds)) << "the first is forgotten";
}

} // namespace
} // namespace hearth::broker
