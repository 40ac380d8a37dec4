#include "base/json.h"
#include "base/yaml.h"

#include <gtest/gtest.h>

namespace hearth {
namespace {

TEST(Yaml, PlainWordsGetTheirTypeAndQuotedOnesStayText) {
    const auto value =
        parse_yaml("a: 1\nb: 1.5\nc: true\nd: \"true\"\ne: off\nf: ~\ng: '7'\nh: 5 s\n");
    ASSERT_TRUE(value);
    EXPECT_EQ(to_json(*value),
              R"({"a":1,"b":1.5,"c":true,"d":"true","e":"off","f":null,"g":"7","h":"5 s"})");
}

TEST(Yaml, ListsAndMapsNest) {
    EXPECT_EQ(to_json(*parse_yaml("a:\n  - x\n  - {b: [1, 2]}\n")), R"({"a":["x",{"b":[1,2]}]})");
}

TEST(Yaml, ErrorsNameTheLine) {
    EXPECT_NE(parse_yaml("a: 1\na: 2\n").error().detail.find("line 2"), std::string::npos);
    EXPECT_NE(parse_yaml("a: [1\n").error().detail.find("line"), std::string::npos);
    EXPECT_FALSE(parse_yaml("a: &x 1\nb: *x\n"));
    EXPECT_FALSE(parse_yaml("? [a]\n: 1\n"));
    EXPECT_FALSE(parse_yaml("a: \xff\n"));
    EXPECT_FALSE(parse_yaml(std::string(100, '[')));
}

TEST(Yaml, TellsOnWhichLineAKeyStands) {
    YamlLines lines;
    ASSERT_TRUE(parse_yaml("a:\n  b: {c: 1,\n      d: 2}\n  e: [{f: 3}]\n", lines));
    EXPECT_EQ(lines, (YamlLines{{"a", 1}, {"a.b", 2}, {"a.b.c", 2}, {"a.b.d", 3}, {"a.e", 4}}));
}

TEST(Yaml, AnEmptyFileIsNull) {
    EXPECT_TRUE(parse_yaml("")->is_null());
    EXPECT_TRUE(parse_yaml("# only a comment\n")->is_null());
}

} // namespace
} // namespace hearth
