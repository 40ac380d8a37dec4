#include "language/limits.h"
#include "language/normalize.h"
#include "language/numbers.h"

#include <gmock/gmock.h>

namespace hearth::language {
namespace {

using testing::HasSubstr;

std::string normal(std::string_view text) {
    const auto made = normalize(text);
    return made ? made->text : made.error().detail;
}

TEST(Normalize, FoldsCaseWidthAndComposition) {
    EXPECT_EQ(normal("Turn ON the Light"), "turn on the light");
    EXPECT_EQ(normal("ＡＢＣ５０％"), "abc50%");
    EXPECT_EQ(normal("e\u0301teins"), "éteins");
    EXPECT_EQ(normal("STRAẞE"), "strasse");
    EXPECT_EQ(normal("٥٠"), "50");
}

TEST(Normalize, DropsPunctuationAndExtraSpaces) {
    EXPECT_EQ(normal("  Turn on,   the light!! "), "turn on the light");
    EXPECT_EQ(normal("¿Qué? «Salon»…"), "qué salon");
    EXPECT_EQ(normal("l’entrée"), "l'entrée");
    EXPECT_EQ(normal("a\u00ADb\u200Bc"), "abc"); // soft hyphen, zero-width space
}

TEST(Normalize, KeepsWhatBelongsToNumbers) {
    EXPECT_EQ(normal("to 21.5 degrees."), "to 21.5 degrees");
    EXPECT_EQ(normal("à 21,5, merci"), "à 21,5 merci");
    EXPECT_EQ(normal("to -5"), "to -5");
    EXPECT_EQ(normal("30 %"), "30%");
    EXPECT_EQ(normal("30\u00A0%"), "30%");
}

TEST(Normalize, TakesHyphensInWordsAsSpaces) {
    EXPECT_EQ(normal("allume-moi living_room-lamp"), "allume moi living room lamp");
}

TEST(Normalize, DropsSpacesInScriptsWithoutThem) {
    EXPECT_EQ(normal("打开 厨房 的 灯。"), "打开厨房的灯");
    EXPECT_EQ(normal("打开 kitchen light"), "打开kitchen light");
    EXPECT_EQ(normal("キッチン の ライト"), "キッチンのライト");
    EXPECT_EQ(normal("เปิด ไฟ"), "เปิดไฟ");
    EXPECT_EQ(normal("불 켜 줘"), "불 켜 줘"); // Korean has spaces
}

TEST(Normalize, TakesTraditionalHanForSimplified) {
    EXPECT_EQ(normal("打開檯燈"), "打开台灯");
    EXPECT_EQ(normal("關閉廚房裡的燈"), "关闭厨房里的灯");
    EXPECT_EQ(normalize_name("門廳燈"), "门厅灯");
}

TEST(Normalize, RemembersWhatPunctuationTold) {
    EXPECT_TRUE(normalize("lamp on?")->question);
    EXPECT_TRUE(normalize("灯关了？")->question);
    EXPECT_TRUE(normalize("really?! yes")->question);
    EXPECT_FALSE(normalize("lamp on!")->question);
    EXPECT_TRUE(normalize("hello, kitty")->is_pause(6));
    EXPECT_FALSE(normalize("hello kitty")->is_pause(6));
    EXPECT_FALSE(normalize("hello-kitty")->is_pause(6));
    EXPECT_TRUE(normalize("你好，打开")->is_pause(6));
}

TEST(Normalize, KnowsTheWayBack) {
    const auto made = normalize("  Say «Ｈéllo,  World»!").value();
    EXPECT_EQ(made.text, "say héllo world");
    EXPECT_EQ(made.said(4, made.text.size()), "Ｈéllo,  World");
    EXPECT_EQ(made.said(3, 11), "Ｈéllo");
}

TEST(Normalize, RefusesWhatIsNoSentence) {
    EXPECT_EQ(normal(""), "the sentence is empty");
    EXPECT_EQ(normal(" \t\n…!?"), "the sentence is empty");
    EXPECT_EQ(normal("ab\x01"), "the sentence has a control character (U+0001) at character 3");
    EXPECT_EQ(normal(std::string_view("a\0b", 3)),
              "the sentence has a control character (U+0000) at character 2");
    EXPECT_EQ(normal("é\u0085"), "the sentence has a control character (U+0085) at character 2");
    EXPECT_EQ(normal("\xC3"), "the sentence is not UTF-8 text");
}

TEST(Normalize, HasLimits) {
    EXPECT_TRUE(normalize(std::string(limits::sentence_characters, 'a')));
    const auto long_one = normalize(std::string(limits::sentence_characters + 1, 'a'));
    EXPECT_EQ(long_one.error().code, Code::limit);
    EXPECT_THAT(long_one.error().detail, HasSubstr("(sentence_characters)"));
    EXPECT_EQ(normalize(std::string(100'000, 'a')).error().code, Code::limit);

    std::string han;
    for (std::size_t i = 0; i < limits::sentence_characters; ++i)
        han += "灯";
    EXPECT_TRUE(normalize(han));
    std::string growing; // one character that is eighteen when normalised
    for (int i = 0; i < 300; ++i)
        growing += "\uFDFA";
    EXPECT_THAT(normalize(growing).error().detail, HasSubstr("(normal_bytes)"));
}

double digits(std::string_view text) {
    const auto found = read_digits(text, 0);
    return found && found->end == text.size() ? found->value : -999;
}

TEST(Digits, AreTakenWhole) {
    EXPECT_EQ(digits("50"), 50);
    EXPECT_EQ(digits("-3"), -3);
    EXPECT_EQ(digits("21.5"), 21.5);
    EXPECT_EQ(digits("21,5"), 21.5);
    EXPECT_EQ(digits("x"), -999);
    EXPECT_EQ(read_digits("50 lamps", 0)->end, 2U);
    EXPECT_FALSE(read_digits("150", 1));
    EXPECT_FALSE(read_digits("1.5", 2));
}

TEST(Digits, ANumberTooLargeIsNoWholeOne) {
    EXPECT_EQ(whole_number(21), 21);
    EXPECT_EQ(whole_number(-50), -50);
    EXPECT_FALSE(whole_number(21.5));
    EXPECT_FALSE(whole_number(digits(std::string(60, '4'))));
    EXPECT_FALSE(whole_number(-1e300));
}

std::int64_t in_words(std::string_view language, std::string_view words) {
    const NumberWords known(language, 0, 300);
    const std::string text = normalize_name(words);
    std::int64_t value = -1;
    known.at(text, 0, [&](const Number& found) {
        if (found.end == text.size()) value = static_cast<std::int64_t>(found.value);
    });
    return value;
}

TEST(NumberWords, AreKnownInThreeLanguages) {
    EXPECT_EQ(in_words("en", "fifty"), 50);
    EXPECT_EQ(in_words("en", "twenty-five"), 25);
    EXPECT_EQ(in_words("en", "twenty five"), 25);
    EXPECT_EQ(in_words("en", "one hundred"), 100);
    EXPECT_EQ(in_words("en", "a hundred"), 100);
    EXPECT_EQ(in_words("fr", "cinquante"), 50);
    EXPECT_EQ(in_words("fr", "vingt et un"), 21);
    EXPECT_EQ(in_words("fr", "vingt-et-une"), 21);
    EXPECT_EQ(in_words("fr", "soixante-quinze"), 75);
    EXPECT_EQ(in_words("fr", "septante-cinq"), 75);
    EXPECT_EQ(in_words("fr", "quatre-vingts"), 80);
    EXPECT_EQ(in_words("zh-CN", "五十"), 50);
    EXPECT_EQ(in_words("zh-CN", "二十五"), 25);
    EXPECT_EQ(in_words("zh-CN", "一百"), 100);
    EXPECT_EQ(in_words("zh-CN", "两"), 2);
    EXPECT_EQ(in_words("xx", "fifty"), -1);
}

} // namespace
} // namespace hearth::language
