#include "template/test_templates.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

/// Errors say where, what stands there and what would have been right.
namespace hearth::templating {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

struct Wrong {
    std::string_view source;
    std::string_view begins; ///< its position
    std::string_view says;
};

void expect_errors(std::span<const Wrong> cases) {
    for (const auto& [source, begins, says] : cases) {
        const std::string detail = error_of(source);
        EXPECT_THAT(detail, StartsWith(begins)) << source;
        EXPECT_THAT(detail, HasSubstr(says)) << source;
    }
}

TEST(Errors, OfTheSourceAreFoundByParse) {
    for (const std::string_view source : {"{{ n | nothing }}",
                                          "{% if false %}{{ n | nothing }}{% endif %}",
                                          "{{ n is nothing }}",
                                          "{% nothing %}",
                                          "{{ n",
                                          "{% if n %}",
                                          "{{ n | round(1, 2, 3, 4) }}",
                                          "{% for i in l recursive %}{% endfor %}",
                                          "{% break %}",
                                          "{{ f(*l) }}",
                                          "{# no end",
                                          "{% raw %}",
                                          "{{ 'no end }}",
                                          "{{ 1 2 }}",
                                          "{{ }}",
                                          "{{ n | }}",
                                          "{{ n. }}",
                                          "{{ l[ }}",
                                          "{% set 5 = 1 %}",
                                          "{% endif %}",
                                          "{% include 'x' %}",
                                          "{% import 'x' as y %}",
                                          "{% extends 'x' %}",
                                          "{{ a = 1 }}",
                                          "{% for in l %}{% endfor %}",
                                          "{{ $ }}",
                                          "{{ 1 + }}",
                                          "{% macro f(a %}{% endmacro %}"})
        EXPECT_FALSE(Template::parse(source, Profile::discovery).has_value()) << source;
}

TEST(Errors, OfTheSourceSayLineColumnAndWhatIsThere) {
    const Wrong cases[] = {
        {"{{ n | nothing }}", "line 1 column 8: ", "\"nothing\""},
        {"a\n\n  {{ n is nothing }}", "line 3 column 11: ", "\"nothing\""},
        {"{% nothing %}", "line 1 column 4: ", "\"nothing\" is no statement"},
        {"ä {{ 1 2 }}", "line 1 column 8: ", "2"},
        {"{% if n %}x", "line 1 column 12: ", "endif"},
        {"a\n{# b", "line 2 column 1: ", "#}"},
        {"{% raw %}x", "line 1 column 1: ", "endraw"},
        {"{{ n", "line 1 column 1: ", "}}"},
    };
    expect_errors(cases);
}

TEST(Errors, OfTheValuesSayWhereAndWhatTheyMet) {
    const Wrong cases[] = {
        {"\n{{ 1 / 0 }}", "line 2 column ", "division by zero"},
        {"{{ 'a' | float }}", "line 1 column ", "float got 'a'"},
        {"{{ missing.x }}", "line 1 column ", "'missing' is undefined"},
        {"{{ 'a' + 1 }}", "line 1 column ", "str + int"},
        {"{{ value_json.nothing.more }}", "line 1 column ", "nothing"},
        {"{{ [] < 1 }}", "line 1 column ", "list"},
        {"{{ t | replace }}", "line 1 column ", "replace"},
        {"{{ n | round(wrong=1) }}", "line 1 column ", "wrong"},
        {"{{ '{' | from_json }}", "line 1 column ", "from_json"},
    };
    expect_errors(cases);
}

TEST(Errors, OfStrictProfilesNameWhatIsMissing) {
    for (const Profile profile : {Profile::reply, Profile::expression}) {
        EXPECT_THAT(error_of("{{ missing }}", profile), HasSubstr("'missing' is undefined"));
        EXPECT_THAT(error_of("{{ d.nothing }}", profile), HasSubstr("nothing"));
        EXPECT_THAT(error_of("{% if missing %}{% endif %}", profile), HasSubstr("'missing'"));
    }
}

TEST(Errors, OfBadTextAreErrors) {
    EXPECT_THAT(error_of("\xff"), HasSubstr("UTF-8"));
    EXPECT_THAT(error_of("{{ '\xc3' }}"), HasSubstr("UTF-8"));
}

TEST(Errors, KeepTheirFirstPlace) {
    EXPECT_THAT(error_of("{{ 1 / 0 }}{{ 'a' | float }}"), HasSubstr("division"));
}

TEST(Errors, OfNamesThatNoProfileHasAreUndefined) {
    EXPECT_THAT(error_of("{{ now() }}", Profile::reply), HasSubstr("now"));
    EXPECT_THAT(error_of("{{ states('sensor.x') }}"), HasSubstr("no function 'states'"));
    const Result<Template> made = Template::parse("{{ now() }}", Profile::discovery);
    ASSERT_TRUE(made.has_value());
    EXPECT_FALSE(made->render(Scope{}).has_value()) << "no clock was handed in";
}

} // namespace
} // namespace hearth::templating
