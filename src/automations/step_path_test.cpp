#include "automations/step_path.h"

#include <array>

#include <gmock/gmock.h>

namespace hearth::automations {
namespace {

using ::testing::ElementsAre;
using Place = StepPath::Place;

StepPath path(std::string_view text) {
    return StepPath::parse(text).value();
}

Code refusal_of(std::string_view text) {
    const auto parsed = StepPath::parse(text);
    EXPECT_FALSE(parsed) << text;
    return parsed ? Code::internal : parsed.error().code;
}

/// So many lists in each other, each with the shortest name.
std::string deep(std::size_t lists) {
    std::string text = "1";
    for (std::size_t i = 1; i < lists; ++i)
        text += ".a.1";
    return text;
}

TEST(StepPathTest, ItIsReadAsItIsWritten) {
    for (const char* text : {"1", "10", "2.then.1", "3.repeat.4.1", "2.choose.1.1.else.3",
                             "1.wait_for.1", "999999999"})
        EXPECT_EQ(path(text).text(), text);
    EXPECT_EQ(path("2.then.1"), path("2.then.1"));
    EXPECT_NE(path("2.then.1"), path("2.else.1"));
}

TEST(StepPathTest, EachPlaceTellsItsListItsTurnAndItsNumber) {
    const StepPath flat = path("7");
    EXPECT_THAT(flat.places(), ElementsAre(Place{"", 0, 7}));
    const StepPath nested = path("3.repeat.4.1.then.12");
    EXPECT_THAT(nested.places(),
                ElementsAre(Place{"", 0, 3}, Place{"repeat", 4, 1}, Place{"then", 0, 12}));
}

TEST(StepPathTest, WhatHasAnotherFormIsRefused) {
    for (const char* text : {"",           ".",
                             "0",          "-1",
                             "+1",         " 1",
                             "1 ",         "01",
                             "x",          "then.1",
                             "1.",         ".1",
                             "1..2",       "1.2",
                             "1.then",     "1.then.0",
                             "1.then.01",  "1.Then.1",
                             "1.th3n.1",   "1.then.1.2.3",
                             "1.then.x.1", "1.then.else.1",
                             "1.then.1.0", "1.then.4.1.",
                             "1,2",        "1000000000",
                             "4294967297"})
        EXPECT_EQ(refusal_of(text), Code::invalid) << text;
    EXPECT_EQ(refusal_of(std::string_view("1\0", 2)), Code::invalid);
}

TEST(StepPathTest, LengthAndDepthHaveLimits) {
    const StepPath deepest = path(deep(StepPath::max_depth));
    EXPECT_EQ(deepest.places().size(), StepPath::max_depth);
    EXPECT_EQ(refusal_of(deep(StepPath::max_depth + 1)), Code::limit);
    EXPECT_EQ(refusal_of(std::string(StepPath::max_bytes + 1, '1')), Code::limit);
    const std::string longest(StepPath::max_branch, 'a');
    EXPECT_EQ(path("1." + longest + ".1").text().size(), StepPath::max_branch + 4);
    EXPECT_EQ(refusal_of("1." + longest + "a.1"), Code::invalid);
}

TEST(StepPathTest, ListsBeginAtOneAndGoOnByOne) {
    EXPECT_EQ(StepPath::first().text(), "1");
    EXPECT_EQ(path("9").next(), path("10"));
    EXPECT_EQ(path("2.then.1").next(), path("2.then.2"));
    EXPECT_EQ(path("3.repeat.4.9").next(), path("3.repeat.4.10"));
    EXPECT_EQ(path("2").first_in("then"), path("2.then.1"));
    EXPECT_EQ(path("3").first_in("repeat", 4), path("3.repeat.4.1"));
}

TEST(StepPathTest, NothingIsMadeThatCouldNotBeReadBack) {
    EXPECT_EQ(path("999999999").next(), std::nullopt);
    EXPECT_EQ(path(deep(StepPath::max_depth)).first_in("a"), std::nullopt);
    EXPECT_EQ(path("1").first_in("Then"), std::nullopt);
    EXPECT_EQ(path("1").first_in("then.1.else"), std::nullopt);
    EXPECT_EQ(path("1").first_in("repeat", StepPath::max_number + 1), std::nullopt);
    std::string full = "1";
    while (full.size() + 18 <= StepPath::max_bytes)
        full += ".repeat.99999999.9";
    full += std::string(StepPath::max_bytes - full.size() - 3, 'x').insert(0, ".") + ".9";
    ASSERT_EQ(full.size(), StepPath::max_bytes);
    EXPECT_EQ(path(full).next(), std::nullopt);
}

TEST(StepPathTest, TheOrderIsThatInWhichARunComesBy) {
    const std::array<const char*, 9> order{"1",        "2",         "2.else.1",     "2.then.1",
                                           "2.then.2", "2.then.10", "3.repeat.2.1", "3.repeat.10.1",
                                           "10"};
    for (std::size_t a = 0; a < order.size(); ++a)
        for (std::size_t b = 0; b < order.size(); ++b)
            EXPECT_EQ(path(order[a]) <=> path(order[b]), a <=> b) << order[a] << " " << order[b];
}

TEST(StepPathTest, AnIndexOfOlderJournalsIsAPlaceFromOne) {
    EXPECT_EQ(StepPath::of_index(0), path("1"));
    EXPECT_EQ(StepPath::of_index(99), path("100"));
    EXPECT_EQ(StepPath::of_index(StepPath::max_number - 1), path("999999999"));
    EXPECT_EQ(StepPath::of_index(StepPath::max_number), std::nullopt);
    EXPECT_EQ(StepPath::of_index(~std::uint64_t{0}), std::nullopt);
}

} // namespace
} // namespace hearth::automations
