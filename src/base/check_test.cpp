#include "base/check.h"

#include <gtest/gtest.h>

namespace hearth {
namespace {

TEST(Check, WhatHoldsDoesNothing) {
    HEARTH_CHECK(1 + 1 == 2);
}

TEST(CheckDeathTest, WhatDoesNotHoldEndsTheProgramInEveryBuild) {
    EXPECT_DEATH(HEARTH_CHECK(1 + 1 == 3), R"(a bug: 1 \+ 1 == 3 does not hold \(check_test.cpp:)");
}

} // namespace
} // namespace hearth
