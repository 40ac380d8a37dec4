#include "template/test_templates.h"

#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

/// What a Template and a Scope promise to those who call them.
namespace hearth::templating {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

Template made(std::string_view source, Profile profile = Profile::discovery) {
    return std::move(*Template::parse(source, profile));
}

TEST(Evaluate, GivesAnExpressionsValueWithItsType) {
    EXPECT_EQ(evaluated("{{ n }}"), "7");
    EXPECT_EQ(evaluated("{{ x }}"), "2.5");
    EXPECT_EQ(evaluated("{{ n / 7 }}"), "1.0");
    EXPECT_EQ(evaluated("{{ value_json.temperature | round(1) }}"), "21.5");
    EXPECT_EQ(evaluated("{{ n > 5 }}"), "true");
    EXPECT_EQ(evaluated("{{ no }}"), "null");
    EXPECT_EQ(evaluated("{{ t }}"), "\"Kitchen lamp\"");
    EXPECT_EQ(evaluated("{{ '12' }}"), "\"12\"");
    EXPECT_EQ(evaluated("{{ d }}"), R"({"b":1,"a":[true,null]})");
    EXPECT_EQ(evaluated("{{ (1, [2]) }}"), "[1,[2]]");
    EXPECT_EQ(evaluated("{{ {1: 2, none: 3, false: 4} }}"), R"({"1":2,"null":3,"false":4})");
    EXPECT_EQ(evaluated("{{ now() }}"), "\"2025-11-27T15:30:00+01:30\"");
    EXPECT_EQ(evaluated("{{ timedelta(hours=1) }}"), "3600.0");
    EXPECT_EQ(evaluated(" {{ n }}\n "), "7");
}

TEST(Evaluate, GivesTheTextOfWhatIsMoreThanAnExpression) {
    EXPECT_EQ(evaluated("{{ n }}{{ n }}"), "\"77\"");
    EXPECT_EQ(evaluated("{% if yes %}{{ n }}{% endif %}"), "\"7\"");
    EXPECT_EQ(evaluated("plain"), "\"plain\"");
    EXPECT_EQ(evaluated(" {{ n }}", Profile::reply), "\" 7\"");
}

TEST(Evaluate, OfWhatIsUndefinedIsNullOrAnError) {
    EXPECT_EQ(evaluated("{{ missing }}"), "null");
    EXPECT_EQ(evaluated("{{ d.missing }}"), "null");
    EXPECT_THAT(evaluated("{{ missing }}", Profile::expression), StartsWith("error: "));
    EXPECT_THAT(evaluated("{{ missing }}", Profile::reply), StartsWith("error: "));
}

TEST(Evaluate, OfWhatHasNoValueIsAnError) {
    EXPECT_THAT(evaluated("{{ namespace() }}"), HasSubstr("is no value"));
    EXPECT_THAT(evaluated("{{ range }}"), HasSubstr("is no value"));
}

TEST(TemplateQueries, TellConstantsAndExpressionsApart) {
    EXPECT_TRUE(made("plain").is_constant());
    EXPECT_TRUE(made("").is_constant());
    EXPECT_FALSE(made("{{ 1 }}").is_constant());
    EXPECT_TRUE(made("{{ n }}").is_expression());
    EXPECT_TRUE(made(" {{ n }} ").is_expression());
    EXPECT_FALSE(made(" {{ n }}", Profile::reply).is_expression());
    EXPECT_FALSE(made("a{{ n }}").is_expression());
    EXPECT_FALSE(made("{{ n }}{{ n }}").is_expression());
    EXPECT_FALSE(made("{% set a = 1 %}{{ a }}").is_expression());
}

TEST(TemplateQueries, KnowWhichNamesAreRead) {
    const Template one = made("{% if a.b is defined %}{{ c['d'] | default(e) }}{% endif %}");
    for (const std::string_view name : {"a", "c", "e"})
        EXPECT_TRUE(one.reads(name)) << name;
    for (const std::string_view name : {"b", "d", "default", "defined", "f"})
        EXPECT_FALSE(one.reads(name)) << name;
    EXPECT_TRUE(made("{% macro f(p=value) %}{% endmacro %}").reads("value"));
    EXPECT_TRUE(made("{% for i in value_json.list if i > low %}{% endfor %}").reads("low"));
}

TEST(TemplateQueries, KeepSourceAndProfile) {
    const Template one = made("{{ n }}", Profile::expression);
    EXPECT_EQ(one.source(), "{{ n }}");
    EXPECT_EQ(one.profile(), Profile::expression);
}

TEST(Scopes, HideAndFallBackToTheirParent) {
    const Value first(1), second(2), third(3);
    Scope outer{{"a", first}, {"b", second}};
    outer.set_now(test_now);
    Scope inner;
    inner.set_parent(&outer).set("b", third);
    const Template one = made("{{ a }}{{ b }} {{ now().hour }}");
    EXPECT_EQ(one.render(inner), "13 14");
    EXPECT_EQ(one.render(outer), "12 14");
    inner.set("b", first);
    EXPECT_EQ(one.render(inner), "11 14") << "a later binding hides an earlier one";
}

TEST(Scopes, NamesHideFunctionsAndAreHiddenByTheTemplates) {
    const Value range(5);
    EXPECT_EQ(made("{{ range }}").render(Scope{{"range", range}}), "5");
    EXPECT_EQ(made("{% set range = 6 %}{{ range }}").render(Scope{{"range", range}}), "6");
}

TEST(Scopes, ValuesAreNeverChanged) {
    const Value list(ValueList{1, 2});
    EXPECT_FALSE(made("{% do l.append(3) %}").render(Scope{{"l", list}}).has_value());
    EXPECT_EQ(list, Value(ValueList{1, 2}));
}

TEST(Templates, RenderFromSeveralThreadsAtOnce) {
    const Template one = made("{% for i in l | sort %}{{ i }}{% endfor %}{{ d.b }}");
    std::array<bool, 4> right{};
    {
        std::vector<std::jthread> threads;
        for (bool& mine : right)
            threads.emplace_back([&one, &mine] {
                mine = true;
                for (int i = 0; i < 200; ++i)
                    mine = mine && one.render(test_scope()) == "1231";
            });
    }
    EXPECT_THAT(right, testing::Each(true));
}

TEST(Template, TellsWhatAnEvaluationTook) {
    const auto spent = [](std::string_view source) {
        Spent out;
        (void)made(source).evaluate(test_scope(), {}, &out);
        return out;
    };
    EXPECT_LE(spent("{{ value_json.temperature }}").steps, 3u);
    EXPECT_LT(spent("{{ value_json.temperature | round(1) }}").steps, 20u);
    EXPECT_GT(spent("{{ range(500) | list | sum }}").steps, 500u);
    EXPECT_EQ(
        spent("{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}").steps,
        Limits().steps)
        << "one that fails took what it was granted";
}

TEST(Template, TellsAnUndefinedResultFromNone) {
    const auto undefined = [](std::string_view source) {
        Spent out;
        const Result<Value> value = made(source).evaluate(test_scope(), {}, &out);
        EXPECT_TRUE(value && value->is_null()) << source;
        return out.undefined;
    };
    EXPECT_TRUE(undefined("{{ value_json.missing }}"));
    EXPECT_TRUE(undefined("{{ missing }}"));
    EXPECT_TRUE(undefined("{{ 1 if e }}"));
    EXPECT_FALSE(undefined("{{ no }}"));
    EXPECT_FALSE(undefined("{{ d.a[1] }}"));
    EXPECT_FALSE(undefined("{{ value_json.get('missing') }}"));
    EXPECT_FALSE(undefined("{{ none }}"));
}

} // namespace
} // namespace hearth::templating
