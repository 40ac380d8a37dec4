#include "base/text.h"

#include <gtest/gtest.h>

namespace hearth {
namespace {

TEST(Utf8, WellFormedIsAccepted) {
    for (const char* text : {"", "a", "ü", "灯", "💡", "\xF4\x8F\xBF\xBF", "\xED\x9F\xBF"})
        EXPECT_TRUE(is_utf8(text)) << text;
}

TEST(Utf8, OverlongSurrogateAndCutSequencesAreRefused) {
    for (const char* bytes :
         {"\x80", "\xC0\x80", "\xC1\xBF", "\xE0\x80\x80", "\xED\xA0\x80", "\xF0\x80\x80\x80",
          "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xC3", "\xE2\x82", "\xF0\x9F\x92", "a\xFF"})
        EXPECT_FALSE(is_utf8(bytes)) << printable(bytes);
}

TEST(Printable, ShowsNoControlCharacterAndEnds) {
    EXPECT_EQ(printable("a\nb\x7f\xffü"), "a\\x0ab\\x7f\\xffü");
    EXPECT_EQ(printable("abcdef", 3), "abc…");
    EXPECT_TRUE(is_utf8(printable(std::string(1000, '\xe2'), 100)));
}

TEST(Slug, IsNeverEmpty) {
    EXPECT_EQ(slug("Kitchen  Light!"), "kitchen_light");
    EXPECT_EQ(slug("Küche"), "küche");
    EXPECT_EQ(slug("--"), "unnamed");
}

TEST(Numbers, AreReadWholeOrNotAtAll) {
    double number = 0;
    long long integer = 0;
    EXPECT_TRUE(parse_number("-1.5e3", number));
    EXPECT_EQ(number, -1500);
    EXPECT_FALSE(parse_number("1.5x", number));
    EXPECT_FALSE(parse_number("", number));
    EXPECT_TRUE(parse_integer("-12", integer));
    EXPECT_FALSE(parse_integer("12.0", integer));
    EXPECT_FALSE(parse_integer("99999999999999999999", integer));
}

TEST(Split, KeepsEmptyParts) {
    EXPECT_EQ(split("a//b", '/').size(), 3U);
    EXPECT_EQ(split("", '/').size(), 1U);
}

} // namespace
} // namespace hearth
