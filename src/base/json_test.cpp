#include "base/json.h"

#include <limits>

#include <gtest/gtest.h>

namespace hearth {
namespace {

TEST(Json, WhatIsWrittenReadsBackTheSame) {
    for (const char* text :
         {"null", "true", "-7", "9223372036854775807", "1.5", "\"a\"", "[]", "{}", "[1,[2,{}]]",
          R"({"b":1,"a":{"c":[null,false]}})", R"("ü \" \\ \n")"}) {
        const auto value = parse_json(text);
        ASSERT_TRUE(value) << text;
        EXPECT_EQ(to_json(*value), text);
    }
}

TEST(Json, KeysKeepTheirOrderAndTheLastOfTwoCounts) {
    EXPECT_EQ(to_json(*parse_json(R"({"z":1,"a":2,"z":3})")), R"({"z":3,"a":2})");
}

TEST(Json, IntegersAndFloatingNumbersStayApart) {
    EXPECT_TRUE(parse_json("1")->is_integer());
    EXPECT_TRUE(parse_json("1.0")->is_real());
    EXPECT_EQ(to_json(Value(1.0)), "1.0");
    EXPECT_EQ(to_json(Value(0.1)), "0.1");
    EXPECT_TRUE(parse_json("18446744073709551615")->is_real());
    EXPECT_EQ(to_json(Value(std::numeric_limits<double>::infinity())), "null");
}

TEST(Json, WhatIsNoneIsRefusedWithItsPlace) {
    for (const char* text : {"", "{", "[1,]", "{\"a\" 1}", "nul", "1 2", "'a'", "\"\x01\"",
                             "\"\xff\"", "[1", "{\"a\":}", "NaN", "01"})
        EXPECT_EQ(parse_json(text).error().code, Code::invalid) << text;
    EXPECT_NE(parse_json("[1, x]").error().detail.find("byte"), std::string::npos);
}

TEST(Json, EachLimitHolds) {
    JsonLimits limits{.bytes = 100, .depth = 3, .values = 10};
    EXPECT_TRUE(parse_json("[[[1]]]", limits));
    EXPECT_EQ(parse_json("[[[[1]]]]", limits).error().code, Code::limit);
    EXPECT_TRUE(parse_json("[1,2,3,4,5,6,7,8,9]", limits));
    EXPECT_EQ(parse_json("[1,2,3,4,5,6,7,8,9,10]", limits).error().code, Code::limit);
    EXPECT_EQ(parse_json(std::string(101, ' '), limits).error().code, Code::limit);
    EXPECT_EQ(parse_json(std::string(100'000, '[')).error().code, Code::limit);
}

TEST(Json, ManyKeysTakeNoQuadraticTime) {
    std::string text = "{";
    for (int i = 0; i < 40'000; ++i)
        text += (i > 0 ? ",\"k" : "\"k") + std::to_string(i) + "\":" + std::to_string(i);
    const auto value = parse_json(text + "}");
    ASSERT_TRUE(value);
    EXPECT_EQ(value->as_map()->size(), 40'000U);
}

TEST(Json, PrettyTextIsTheSameValue) {
    const auto value = parse_json(R"({"a":[1,{"b":null}],"c":{},"d":[]})");
    EXPECT_EQ(*parse_json(to_pretty_json(*value)), *value);
}

TEST(Value, AnIntegerEqualsTheSameFloatingNumber) {
    EXPECT_EQ(Value(1), Value(1.0));
    EXPECT_NE(Value(1), Value(true));
    EXPECT_NE(Value(1), Value("1"));
    EXPECT_EQ(Value(ValueMap{{"a", 1}, {"b", 2}}), Value(ValueMap{{"b", 2.0}, {"a", 1}}));
    EXPECT_NE(Value(ValueMap{{"a", 1}}), Value(ValueMap{{"a", 1}, {"b", 2}}));
}

} // namespace
} // namespace hearth
