#include "access/people.h"

#include <gtest/gtest.h>

namespace hearth::access {
namespace {

TEST(DisplayName, IsOfAnyScriptAndNotTooLong) {
    for (const char* name : {"A", "Zoë de Vries", "小明", "🏠"})
        EXPECT_TRUE(check_display_name(name)) << name;
    std::string longest;
    for (int i = 0; i < 80; ++i)
        longest += "é";
    EXPECT_TRUE(check_display_name(longest));
    EXPECT_FALSE(check_display_name(longest + "é"));
}

TEST(DisplayName, HasNothingThatCannotBeSeen) {
    for (const char* name : {"", " ", " A", "A ", "A\nB", "A\x7f", "\xff"})
        EXPECT_FALSE(check_display_name(name)) << name;
}

TEST(ClientLabel, IsShortAndPrintable) {
    EXPECT_EQ(client_label("Firefox\n"), "Firefox\\x0a");
    EXPECT_LE(client_label(std::string(10'000, 'x')).size(), 125U);
}

} // namespace
} // namespace hearth::access
