#include "template/test_templates.h"

#include <gtest/gtest.h>

/// Statements do what Jinja2's do.
namespace hearth::templating {
namespace {

TEST(Statements, IfTakesTheFirstTrueBranch) {
    const Case cases[] = {
        {"{% if n > 5 %}a{% else %}b{% endif %}", "a"},
        {"{% if n > 8 %}a{% elif n > 6 %}b{% elif n > 5 %}c{% else %}d{% endif %}", "b"},
        {"{% if missing %}a{% endif %}", ""},
        {"[{% if no %}a{% elif e %}b{% endif %}]", "[]"},
        {"{% if n == 7 and not e %}x{% endif %}", "x"},
        {"{% if l %}{% if d %}in{% endif %}{% endif %}", "in"},
    };
    expect_rendered(Profile::discovery, cases);
}

TEST(Statements, ForGoesThroughAnything) {
    const Case cases[] = {
        {"{% for i in l %}{{ i }},{% endfor %}", "3,1,2,"},
        {"{% for i in 'abc' %}{{ i }}.{% endfor %}", "a.b.c."},
        {"{% for k in d %}{{ k }}{% endfor %}", "ba"},
        {"{% for k, v in d.items() %}{{ k }}={{ v }};{% endfor %}", "b=1;a=[True, None];"},
        {"{% for i in [] %}x{% else %}none{% endfor %}", "none"},
        {"{% for i in missing %}x{% else %}none{% endfor %}", "none"},
        {"{% for i in l if i > 1 %}{{ i }}{% endfor %}", "32"},
        {"{% for i in range(3) %}{{ i }}{% endfor %}", "012"},
        {"{% for i in range(5, 0, -2) %}{{ i }}{% endfor %}", "531"},
        {"{% for a, b in [[1, 2], [3, 4]] %}{{ a + b }} {% endfor %}", "3 7"},
        {"{% for i in 5 %}x{% endfor %}", fails},
        {"{% for a, b in [[1]] %}x{% endfor %}", fails},
        {"{% for i in [1, 2, 3, 4] %}{% if i == 3 %}{% break %}{% endif %}{{ i }}{% endfor %}",
         "12"},
        {"{% for i in [1, 2, 3] %}{% if i == 2 %}{% continue %}{% endif %}{{ i }}{% endfor %}",
         "13"},
        {"{% for i in l %}{% for k in l %}{{ i * k }} {% endfor %}{% endfor %}",
         "9 3 6 3 1 2 6 2 4"},
    };
    expect_rendered(Profile::discovery, cases);
}

TEST(Statements, LoopKnowsWhereItIs) {
    const Case cases[] = {
        {"{% for i in l %}{{ loop.index }}{{ loop.index0 }}{{ loop.revindex }}{{ loop.revindex0 }} "
         "{% endfor %}",
         "1032 2121 3210"},
        {"{% for i in l %}{{ loop.first }}{{ loop.last }} {% endfor %}",
         "TrueFalse FalseFalse FalseTrue"},
        {"{% for i in l %}{{ loop.length }}{% endfor %}", "333"},
        {"{% for i in l %}{{ i }}{{ ', ' if not loop.last }}{% endfor %}", "3, 1, 2"},
        {"{% for i in l %}{{ loop.cycle('a', 'b') }}{% endfor %}", "aba"},
        {"{% for i in l %}{{ loop.previtem }}<{{ loop.nextitem }};{% endfor %}", "<1;3<2;1<;"},
        {"{% for i in l if i > 1 %}{{ loop.index }}/{{ loop.length }} {% endfor %}", "1/2 2/2"},
        {"{% for i in l %}{% for k in l %}{{ loop.index }}{% endfor %}{{ loop.index }} {% endfor "
         "%}",
         "1231 1232 1233"},
    };
    expect_rendered(Profile::discovery, cases);
}

TEST(Statements, SetIsScopedToItsBlock) {
    const Case cases[] = {
        {"{% set a = 1 %}{{ a }}", "1"},
        {"{% set a, b = 1, 2 %}{{ b }}{{ a }}", "21"},
        {"{% set a = 1 %}{% for i in l %}{% set a = 2 %}{% endfor %}{{ a }}", "1"},
        {"{% set a = 1 %}{% if yes %}{% set a = 2 %}{% endif %}{{ a }}", "2"},
        {"{% for i in l %}{% set a = i %}{% endfor %}[{{ a }}]", "[]"},
        {"{% set a %}x{{ n }}{% endset %}{{ a }}", "x7"},
        {"{% set a | upper %}x{{ n }}y{% endset %}{{ a }}", "X7Y"},
        {"{% set n = n + 1 %}{{ n }}", "8"},
        {"{% set ns = namespace(c=0) %}{% for i in l %}{% set ns.c = ns.c + i %}{% endfor %}{{ "
         "ns.c }}",
         "6"},
        {"{% set ns = namespace() %}{% set ns.x = 1 %}{{ ns.x }}{{ ns.y }}", "1"},
        {"{% set ns = namespace({'a': 1}, b=2) %}{{ ns.a + ns.b }}", "3"},
        {"{% set d.x = 1 %}", fails},
        {"{% set t = (1, 2) %}{{ t }}", "(1, 2)"},
    };
    expect_rendered(Profile::discovery, cases);
}

TEST(Statements, MacrosTakeArguments) {
    const Case cases[] = {
        {"{% macro f(a, b=2) %}{{ a }}-{{ b }}{% endmacro %}{{ f(1) }} {{ f(1, 3) }} {{ f(b=5, "
         "a=4) }}",
         "1-2 1-3 4-5"},
        {"{% macro f(a) %}[{{ a }}]{% endmacro %}{{ f() }}", "[]"},
        {"{% macro f() %}x{% endmacro %}{{ f() | upper }}", "X"},
        {"{% macro f(n) %}{{ n }}{% if n > 0 %}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(3) }}",
         "3210"},
        {"{% macro f() %}{{ n }}{% endmacro %}{{ f() }}", "7"},
        {"{% macro f(a) %}{{ a }}{% endmacro %}{{ f(1, 2) }}", fails},
        {"{% macro f(a) %}{{ a }}{% endmacro %}{{ f(c=2) }}", fails},
        {"{% macro f(a, b=a) %}{{ b }}{% endmacro %}{{ f(3) }}", "3"},
        {"{% set y = 1 %}{% macro f() %}{{ y }}{% endmacro %}{{ f() }}", "1"},
        {"{% macro f(a) %}{{ a }}{% endmacro %}{% macro g(a) %}<{{ f(a) }}>{% endmacro %}{{ g(1) "
         "}}",
         "<1>"},
    };
    expect_rendered(Profile::discovery, cases);
}

TEST(Statements, WithFilterDoRawAndComments) {
    const Case cases[] = {
        {"{% with a = 1, b = 2 %}{{ a + b }}{% endwith %}", "3"},
        {"{% with a = 1 %}{{ a }}{% endwith %}{{ a }}", "1"},
        {"{% filter upper %}abc{{ t }}{% endfilter %}", "ABCKITCHEN LAMP"},
        {"{% filter replace('a', 'b') %}aXa{% endfilter %}", "bXb"},
        {"{% set a = [] %}{% do a.append(1) %}{{ a }}", "[1]"},
        {"{% raw %}{{ x }}{% if %}{% endraw %}", "{{ x }}{% if %}"},
        {"a{# comment {{ x }} #}b", "ab"},
        {"{# only #}", ""},
        {"{%- raw -%} a {%- endraw -%}", "a"},
    };
    expect_rendered(Profile::discovery, cases);
}

TEST(Statements, WhiteSpaceIsKeptOrStripped) {
    const Case cases[] = {
        {"a {%- if true %} b {% endif -%} c", "a b c"},
        {"  {{ 1 }}  ", "  1  "},
        {"{{ 1 }}\n", "1"},
        {"{{ 1 }}\n\n", "1\n"},
        {"a\n{% if true %}\nb\n{% endif %}\nc", "a\n\nb\n\nc"},
        {"a {{- 1 -}} b", "a1b"},
        {"a\n  {%- set x = 1 %}\nb", "a\nb"},
        {"a\r\nb", "a\nb"},
        {"{#- c -#} x", "x"},
        {"{{ ' a ' }}", " a "},
        {"a {#- x #} b", "a b"},
    };
    expect_rendered(Profile::reply, cases);
}

TEST(Statements, DiscoveryDropsSpaceAroundTheResult) {
    const Case cases[] = {
        {"  {{ 1 }}  ", "1"},
        {"{{ ' a ' }}", "a"},
        {"\n a \n", "a"},
        {"{% if yes %} x {% endif %}", "x"},
    };
    expect_rendered(Profile::discovery, cases);
}

} // namespace
} // namespace hearth::templating
