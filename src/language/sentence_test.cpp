#include "language/limits.h"
#include "language/sentence.h"

#include <gmock/gmock.h>

namespace hearth::language {
namespace {

using testing::HasSubstr;
using Kind = Expression::Kind;

/// A template as what was understood: words in quotes, (a|b), perm(a,b), {list:slot}, <rule:slot>.
std::string show(const Expression& one) {
    const auto slot = [&] {
        return one.slot.empty() ? std::string() : (one.capture ? ":@" : ":") + one.slot;
    };
    const auto items = [&](std::string_view separator) {
        std::string text;
        for (const Expression& item : one.items)
            text += (&item == &one.items.front() ? "" : std::string(separator)) + show(item);
        return text;
    };
    switch (one.kind) {
    case Kind::text:
        return "'" + one.text + "'";
    case Kind::sequence:
        return items(" ");
    case Kind::alternatives:
        return "(" + items("|") + ")";
    case Kind::permutation:
        return "perm(" + items(",") + ")";
    case Kind::list:
        return "{" + one.text + slot() + "}";
    case Kind::rule:
        return "<" + one.text + slot() + ">";
    case Kind::range:
        return fmt::format("{{{}..{},{}{}}}", one.range.from, one.range.to, one.range.step, slot());
    }
    return "?";
}

std::string parsed(std::string_view text) {
    const auto made = parse_sentence(text);
    return made ? show(*made) : fmt::format("{}: {}", made.error().column, made.error().what);
}

TEST(Sentence, IsTextAsItStands) {
    EXPECT_EQ(parsed("turn on"), "'turn on'");
    EXPECT_EQ(parsed(""), "");
}

TEST(Sentence, HasAlternatives) {
    EXPECT_EQ(parsed("(a|b c) d"), "('a'|'b c') ' d'");
    EXPECT_EQ(parsed("turn(s|ed|)"), "'turn' ('s'|'ed'|)");
    EXPECT_EQ(parsed("a|b"), "('a'|'b')");
    EXPECT_EQ(parsed("(only)"), "'only'");
}

TEST(Sentence, HasOptionalParts) {
    EXPECT_EQ(parsed("[the] light"), "('the'|) ' light'");
    EXPECT_EQ(parsed("[a|b]"), "('a'|'b'|)");
    EXPECT_EQ(parsed("light[s[es]]"), "'light' ('s' ('es'|)|)");
}

TEST(Sentence, HasPermutations) {
    EXPECT_EQ(parsed("(a; b c;d)"), "perm('a','b c','d')");
    EXPECT_EQ(parsed("a;b"), "perm('a','b')");
    EXPECT_EQ(parsed("[a;b]"), "(perm('a','b')|)");
    EXPECT_THAT(parsed("(a;b|c)"), HasSubstr("| and ; in one group"));
}

TEST(Sentence, HasListsWithSlots) {
    EXPECT_EQ(parsed("in {area}"), "'in ' {area:area}");
    EXPECT_EQ(parsed("in {area:room}"), "'in ' {area:room}");
    EXPECT_EQ(parsed("{area:@seen}"), "{area:@seen}");
    EXPECT_EQ(parsed("{@area}"), "{area:@area}");
}

TEST(Sentence, HasInlineRanges) {
    EXPECT_EQ(parsed("{0..100}"), "{0..100,1}");
    EXPECT_EQ(parsed("{-10..10,5:level}"), "{-10..10,5:level}");
    EXPECT_THAT(parsed("{9..1}"), HasSubstr("1: a range is written"));
    EXPECT_THAT(parsed("{1..9,0}"), HasSubstr("a range is written"));
    EXPECT_THAT(parsed("{1..x}"), HasSubstr("a range is written"));
}

TEST(Sentence, HasRules) {
    EXPECT_EQ(parsed("<turn> on"), "<turn> ' on'");
    EXPECT_EQ(parsed("<turn:verb>"), "<turn:verb>");
}

TEST(Sentence, EscapesAnyCharacter) {
    EXPECT_EQ(parsed(R"(\(a\) \{b\} \[c\] \<d\> \| \; \\)"), R"('(a) {b} [c] <d> | ; \')");
    EXPECT_EQ(parsed("a\\"), "2: \\ stands before nothing");
}

TEST(Sentence, SaysAtWhichCharacterItIsWrong) {
    EXPECT_EQ(parsed("au café (fermé"), "9: \"(\" is never closed");
    EXPECT_EQ(parsed("打开) 灯"), "3: \")\" was not opened");
    EXPECT_EQ(parsed("a]"), "2: \"]\" was not opened");
    EXPECT_EQ(parsed("(a]"), "3: \"]\" was not opened");
    EXPECT_EQ(parsed("a {b"), "3: \"{\" is never closed");
    EXPECT_EQ(parsed("a > b"), "3: \">\" was not opened");
    EXPECT_THAT(parsed("{}"), HasSubstr("a name is missing"));
    EXPECT_THAT(parsed("{a:}"), HasSubstr("a name is missing"));
    EXPECT_THAT(parsed("<a:b:c>"), HasSubstr("one \":\" too many"));
    EXPECT_THAT(parsed("{a{b}"), HasSubstr("inside a name"));
    EXPECT_THAT(parsed("\xff"), HasSubstr("not UTF-8"));
}

Code code_of(const std::string& text) {
    const auto made = parse_sentence(text);
    return made ? Code::internal : made.error().code;
}

TEST(Sentence, HasLimits) {
    const auto nested = [](std::size_t depth) {
        return std::string(depth, '(') + "a" + std::string(depth, ')');
    };
    EXPECT_TRUE(parse_sentence(nested(limits::template_depth)));
    EXPECT_EQ(code_of(nested(limits::template_depth + 1)), Code::limit);
    EXPECT_EQ(code_of(std::string(limits::template_bytes + 1, 'a')), Code::limit);

    std::string many;
    for (std::size_t i = 0; i <= limits::template_items / 2; ++i)
        many += "{a} ";
    EXPECT_EQ(code_of(many), Code::limit);

    std::string members = "a";
    for (std::size_t i = 1; i < limits::permutation_members; ++i)
        members += ";a";
    EXPECT_TRUE(parse_sentence(members));
    EXPECT_EQ(code_of(members + ";a"), Code::limit);
}

TEST(NumberRange, TakesItsStepsAndFractions) {
    const NumberRange fives{.from = 10, .to = 30, .step = 5};
    EXPECT_TRUE(fives.takes(10) && fives.takes(25) && fives.takes(30));
    EXPECT_FALSE(fives.takes(12) || fives.takes(5) || fives.takes(35) || fives.takes(12.5));
    const NumberRange halves{.from = 0, .to = 30, .fractions = Fractions::halves};
    EXPECT_TRUE(halves.takes(21.5) && halves.takes(21));
    EXPECT_FALSE(halves.takes(21.3));
    const NumberRange tenths{.from = 0, .to = 30, .fractions = Fractions::tenths};
    EXPECT_TRUE(tenths.takes(21.3));
    EXPECT_FALSE(tenths.takes(21.35));
}

} // namespace
} // namespace hearth::language
