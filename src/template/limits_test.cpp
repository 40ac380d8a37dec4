#include "template/test_templates.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

/// Each limit is reached, is named where it is, and lets through what is just within it.
namespace hearth::templating {
namespace {

using testing::HasSubstr;

void expect_limit(std::string_view source, const Limits& limits, std::string_view name,
                  Profile profile = Profile::discovery) {
    const Result<std::string> text = rendered(source, profile, limits);
    ASSERT_FALSE(text.has_value()) << source.substr(0, 80);
    EXPECT_EQ(text.error().code, Code::limit) << text.error().detail;
    EXPECT_THAT(text.error().detail, HasSubstr(name));
}

std::string repeated(std::string_view part, std::size_t count) {
    std::string out;
    for (std::size_t i = 0; i < count; ++i)
        out += part;
    return out;
}

TEST(Limits, SourceBytesCountTheWholeSource) {
    const Limits limits{.source_bytes = 10};
    EXPECT_EQ(rendered("0123456789", Profile::reply, limits), "0123456789");
    expect_limit("0123456789a", limits, "source_bytes");
    expect_limit(std::string(64 * 1024 + 1, 'a'), {}, "source_bytes");
}

TEST(Limits, DepthBoundsTheNestingOfASource) {
    for (const auto& [open, inner, close] : {std::array<std::string_view, 3>{"(", "1", ")"},
                                             {"[", "1", "]"},
                                             {"{1: ", "1", "}"},
                                             {"not ", "1", ""},
                                             {"-", "1", ""},
                                             {"n[", "1", "]"},
                                             {"range(", "1", ")"}}) {
        const std::string source =
            "{{ " + repeated(open, 1000) + std::string(inner) + repeated(close, 1000) + " }}";
        expect_limit(source, {}, "templates.depth");
    }
    expect_limit("{{ 1" + repeated(" + 1", 1000) + " }}", {}, "templates.depth");
    expect_limit("{{ n" + repeated(".a", 1000) + " }}", {}, "templates.depth");
    expect_limit("{{ n" + repeated(" | abs", 1000) + " }}", {}, "templates.depth");
    expect_limit("{{ 1" + repeated(" if n else 1", 1000) + " }}", {}, "templates.depth");
    expect_limit(repeated("{% if n %}", 1000) + repeated("{% endif %}", 1000), {},
                 "templates.depth");
    EXPECT_EQ(rendered("{{ " + std::string(20, '(') + "1" + std::string(20, ')') + " }}"), "1");
}

TEST(Limits, DepthBoundsTheCallsOfMacros) {
    expect_limit("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}", {}, "templates.depth");
    expect_limit("{% macro f() %}{{ g() }}{% endmacro %}{% macro g() %}{{ f() }}{% endmacro %}"
                 "{{ f() }}",
                 {}, "templates.depth");
}

TEST(Limits, DepthBoundsWhatIsPrintedAndCompared) {
    const std::string grow = "{% set ns = namespace(a=[], b=[]) %}{% for i in range(1000) %}"
                             "{% set ns.a = [ns.a] %}{% set ns.b = [ns.b] %}{% endfor %}";
    expect_limit(grow + "{{ ns.a }}", {}, "templates.depth");
    expect_limit(grow + "{{ ns.a == ns.b }}", {}, "templates.depth");
    expect_limit(grow + "{{ ns.a | to_json }}", {}, "templates.depth");
    expect_limit(grow + "{{ ns.a | flatten }}", {}, "templates.depth");
    expect_limit("{% set a = [] %}{% do a.append(a) %}{{ a }}", {}, "templates.depth");
    expect_limit("{{ ('" + repeated("[", 500) + repeated("]", 500) + "' | from_json) }}", {},
                 "templates.depth");
}

TEST(Limits, StepsEndWhatWouldTakeTooLong) {
    const std::string loop = "{% for i in range(999) %}";
    const std::string end = "{% endfor %}";
    expect_limit(loop + loop + loop + end + end + end, {}, "templates.steps");
    expect_limit("{{ n + n + n }}", {.steps = 3}, "templates.steps");
    EXPECT_EQ(rendered("{{ n + n + n }}", Profile::discovery, {.steps = 20}), "21");
    expect_limit("{{ ('a' * 40) | regex_match('(a+)+b') }}", {}, "templates.steps");
    expect_limit("{% macro f(n) %}{% if n %}{{ f(n - 1) }}{{ f(n - 1) }}{% endif %}{% endmacro %}"
                 "{{ f(30) }}",
                 {}, "templates.steps");
}

TEST(Limits, OutputBytesCountWhatIsPrinted) {
    const Limits limits{.output_bytes = 4};
    EXPECT_EQ(rendered("{{ 'abcd' }}", Profile::discovery, limits), "abcd");
    expect_limit("{{ 'abcd' }}e", limits, "templates.output_bytes");
    expect_limit("abcde", limits, "templates.output_bytes");
    expect_limit("{{ t }}", limits, "templates.output_bytes");
    expect_limit("{% set a %}abcde{% endset %}", limits, "templates.output_bytes");
    expect_limit("{% macro f() %}abcde{% endmacro %}{% set a = f() %}", limits,
                 "templates.output_bytes");
    expect_limit("{% filter upper %}abcde{% endfilter %}", limits, "templates.output_bytes");
}

TEST(Limits, WorkingBytesCountTextsAndListsOnTheWay) {
    const Limits limits{.working_bytes = 10'000};
    EXPECT_EQ(rendered("{{ ('a' * 5) | length }}", Profile::discovery, limits), "5");
    expect_limit("{{ ('a' * 9999999) | length }}", limits, "templates.working_bytes");
    expect_limit("{{ ([0] * 1000) | length }}", limits, "templates.working_bytes");
    expect_limit("{{ ('a' * 5000).upper() | length }}", limits, "templates.working_bytes");
    expect_limit("{{ ('ab' * 900).replace('a', 'x' * 500) | length }}", limits,
                 "templates.working_bytes");
    expect_limit("{% set ns = namespace(a='ab') %}{% for i in range(40) %}"
                 "{% set ns.a = ns.a ~ ns.a %}{% endfor %}",
                 {}, "templates.working_bytes");
}

TEST(Limits, ItemsCountTheElementsOfOneList) {
    const Limits limits{.items = 5};
    EXPECT_EQ(rendered("{{ range(5) | list }}", Profile::discovery, limits), "[0, 1, 2, 3, 4]");
    for (const std::string_view source :
         {"{{ range(6) }}", "{{ [0] * 6 }}", "{{ 'a b c d e f'.split() }}", "{{ 'abcdef' | list }}",
          "{{ [1, 2, 3] + [4, 5, 6] }}", "{{ 'abcdef' | regex_findall('.') }}",
          "{{ '[1, 2, 3, 4, 5, 6]' | from_json }}", "{{ [[1, 2, 3], [4, 5, 6]] | flatten }}",
          "{{ dict.fromkeys('abcdef') }}", "{% for i in 'abcdef' %}{% endfor %}"})
        expect_limit(source, limits, "templates.items");
}

TEST(Limits, OfWhatHasNoSettingSayTheirNumber) {
    expect_limit("{{ '{:9999}'.format(1) }}", {}, "wider than");
    expect_limit("{{ '%9999d' % 1 }}", {}, "wider than");
    expect_limit("{{ '%.999f' % 1 }}", {}, "digits");
    expect_limit("{{ zip(" + repeated("l, ", 20) + "l) }}", {}, "arguments");
    expect_limit("{{ 'a' | regex_match('" + repeated("(", 60) + repeated(")", 60) + "') }}", {},
                 "regular expression");
    expect_limit("{{ 'a' | regex_match('(a{1,900}){1,900}') }}", {}, "regular expression");
}

TEST(Limits, NumbersBeyond64BitsAreErrorsAndNotWrong) {
    for (const std::string_view source :
         {"{{ 9223372036854775807 + 1 }}", "{{ -9223372036854775807 - 2 }}",
          "{{ 9223372036854775807 * 2 }}", "{{ 2 ** 64 }}", "{{ 1e300 | round }}",
          "{{ (-9223372036854775807 - 1) // -1 }}", "{{ (-9223372036854775807 - 1) | abs }}"})
        EXPECT_THAT(error_of(source), HasSubstr("64-bit")) << source;
}

} // namespace
} // namespace hearth::templating
