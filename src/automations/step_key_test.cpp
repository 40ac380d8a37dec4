#include "automations/step_key.h"

#include <gmock/gmock.h>

namespace hearth::automations {
namespace {

std::optional<StepKey> key(RunId run, std::string_view path) {
    return StepKey{run, StepPath::parse(path).value()};
}

TEST(StepKeyTest, ItIsReadAsItIsWritten) {
    EXPECT_EQ(to_string(*key(5, "2.then.1")), "step:5:2.then.1");
    EXPECT_EQ(parse_step_key("step:5:2.then.1"), key(5, "2.then.1"));
    EXPECT_EQ(parse_step_key("step:5:1"), key(5, "1"));
}

TEST(StepKeyTest, AKeyOfAnOlderJournalIsAnIndexFromZero) {
    EXPECT_EQ(parse_step_key("run:5:0"), key(5, "1"));
    EXPECT_EQ(parse_step_key("run:5:1"), key(5, "2"));
    EXPECT_NE(parse_step_key("run:5:1"), parse_step_key("step:5:1"));
}

TEST(StepKeyTest, WhatHasAnotherFormIsNoKeyOfAStep) {
    for (const char* text : {"", "mine", "step:5", "step:5:", "step:5:0", "step:0:1", "step:-1:1",
                             "step:x:1", "step:5:1:1", "step:5:then", "Step:5:1", "run:5:2.then.1",
                             "run:5:-1", "run:0:0", "run:5:", ":5:1"})
        EXPECT_EQ(parse_step_key(text), std::nullopt) << text;
}

} // namespace
} // namespace hearth::automations
