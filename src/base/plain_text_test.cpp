#include "base/plain_text.h"

#include <gtest/gtest.h>

namespace hearth {
namespace {

TEST(PlainText, IsWhatItLooksLike) {
    for (const char* plain :
         {"", "Küche", "Lampe 2", "台灯", "👩‍🚀 Lampe", "❤️", "می‌خواهم", "مصباح"})
        EXPECT_TRUE(is_plain_text(plain)) << plain;
    for (const char* hidden : {"a\u202Eb", "\u2066a", "a\u2069", "\uFEFFa", "a\u2028b", "a\u0085b",
                               "a\x7F", "a\nb", "a\tb", "\U000E0041", "\xFF"})
        EXPECT_FALSE(is_plain_text(hidden)) << hidden;
    EXPECT_TRUE(is_plain_text("a\nb\tc", "\n\t"));
    EXPECT_FALSE(is_plain_text("a\rb", "\n\t"));
}

} // namespace
} // namespace hearth
