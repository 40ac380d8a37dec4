#include "template/test_templates.h"

#include <gtest/gtest.h>

/// Filters on texts, JSON and regular expressions.
namespace hearth::templating {
namespace {

TEST(TextFilters, CaseAndSpace) {
    const Case cases[] = {
        {"{{ t | upper }}", "KITCHEN LAMP"},
        {"{{ t | lower }}", "kitchen lamp"},
        {"{{ 'ab CD' | capitalize }}", "Ab cd"},
        {"{{ \"it's a foo-bar (baz)\" | title }}", "It's A Foo-Bar (Baz)"},
        {"{{ 'ÄRGER' | title }}", "Ärger"},
        {"{{ ' a ' | trim }}", "a"},
        {"{{ 'xax' | trim('x') }}", "a"},
        {"{{ 5 | upper }}", "5"},
        {"{{ none | lower }}", "none"},
        {"{{ true | lower }}", "true"},
        {"{{ 1.0 | string }}", "1.0"},
        {"{{ missing | upper }}", ""},
        {"{{ [1] | string | length }}", "3"},
    };
    expect_rendered(Profile::discovery, cases);
}

TEST(TextFilters, ReplaceTruncateFormat) {
    const Case cases[] = {
        {"{{ t | replace('Kitchen', 'Hall') }}", "Hall lamp"},
        {"{{ 'aaa' | replace('a', 'b', 2) }}", "bba"},
        {"{{ 'abc' | replace('', '-') }}", "-a-b-c-"},
        {"{{ 5 | replace('5', '6') }}", "6"},
        {"{{ 'hello big world' | truncate(9) }}", "hello..."},
        {"{{ 'hello big world' | truncate(9, true) }}", "hello ..."},
        {"{{ 'hello big world' | truncate(9, true, '') }}", "hello big"},
        {"{{ 'hello big world' | truncate(11, false, '...', 0) }}", "hello..."},
        {"{{ 'hello big world' | truncate(14) }}", "hello big world"},
        {"{{ '%s is %d' | format('a', 5) }}", "a is 5"},
        {"{{ '%(a)s!' | format(a=1) }}", "1!"},
        {"{{ '%.1f' | format(2.345) }}", "2.3"},
        {"{{ '%s' | format }}", fails},
        {"{{ 'hello big-world it_s' | wordcount }}", "4"},
        {"{{ 'A' | ord }}", "65"},
        {"{{ 'ab' | ord }}", fails},
    };
    expect_rendered(Profile::discovery, cases);
}

TEST(TextFilters, ToJsonAndBack) {
    const Case cases[] = {
        {"{{ {'b': 1, 'a': [true, none, 1.5, 'x\"y']} | to_json }}",
         "{\"b\":1,\"a\":[true,null,1.5,\"x\\\"y\"]}"},
        {"{{ {'b': 1, 'a': 2} | to_json(sort_keys=true) }}", "{\"a\":2,\"b\":1}"},
        {"{{ 'ä' | to_json }}", "\"ä\""},
        {"{{ 'ä' | to_json(true) }}", "\"\\u00e4\""},
        {"{{ {'b': 1, 'a': '<&>'} | tojson }}", "{\"a\": \"\\u003c\\u0026\\u003e\", \"b\": 1}"},
        {"{{ 'ä\\'' | tojson }}", "\"\\u00e4\\u0027\""},
        {"{{ '{\"a\": [1, 2]}' | from_json }}", "{'a': [1, 2]}"},
        {"{{ ('{\"a\": [1, 2]}' | from_json).a[1] }}", "2"},
        {"{{ 'no json' | from_json }}", fails},
        {"{{ 'no json' | from_json('x') }}", "x"},
        {"{{ none | from_json(0) }}", "0"},
        {"{{ missing | from_json }}", fails},
        {"{{ missing | to_json }}", fails},
        {"{{ 1.0 | to_json }}", "1.0"},
    };
    expect_rendered(Profile::discovery, cases);
}

TEST(TextFilters, RegularExpressionsArePythons) {
    const Case cases[] = {
        {"{{ 'abc123' | regex_match('[a-c]+') }}", "True"},
        {"{{ 'abc123' | regex_match('\\\\d') }}", "False"},
        {"{{ 'abc123' | regex_search('\\\\d{3}$') }}", "True"},
        {"{{ 'ABC' | regex_search('b') }}", "False"},
        {"{{ 'ABC' | regex_search('b', true) }}", "True"},
        {"{{ 'abc123' | regex_replace('(\\\\w)(\\\\d)', '\\\\2\\\\1') }}", "ab1c32"},
        {"{{ 'aXbxc' | regex_replace('x', '-', ignorecase=true) }}", "a-b-c"},
        {"{{ 'a1b22' | regex_findall('\\\\d+') }}", "['1', '22']"},
        {"{{ 'k=v, x=y' | regex_findall('(\\\\w)=(\\\\w)') }}", "[('k', 'v'), ('x', 'y')]"},
        {"{{ 'k=v, x=y' | regex_findall('(\\\\w)=') }}", "['k', 'x']"},
        {"{{ 'a1b22' | regex_findall_index('\\\\d+', 1) }}", "22"},
        {"{{ 'a1b22' | regex_findall_index('\\\\d+', 5) }}", fails},
        {"{{ 'abc' | regex_replace('', '-') }}", "-a-b-c-"},
        {"{{ 'aaa' | regex_replace('a*?', 'x') }}", "xxxxxxx"},
        {"{{ 'foobar' | regex_findall('o*') }}", "['', 'oo', '', '', '', '']"},
        {"{{ 'x' | regex_match('(') }}", fails},
        {"{{ '2024-01-05' | regex_replace('(?P<y>\\\\d+)-(\\\\d+)', '\\\\g<y>/\\\\g<2>') }}",
         "2024/01-05"},
        {"{{ 'foo bar' | regex_search('\\\\bbar\\\\b') }}", "True"},
        {"{{ 'abab' | regex_match('(ab)\\\\1$') }}", "True"},
        {"{{ 'foobar' | regex_search('foo(?=bar)') }}", "True"},
        {"{{ 'foobaz' | regex_search('foo(?!bar)') }}", "True"},
        {"{{ 'a\\nb' | regex_search('^b') }}", "False"},
        {"{{ 'a\\nb' | regex_search('(?m)^b') }}", "True"},
        {"{{ 'a\\nb' | regex_match('a.b') }}", "False"},
        {"{{ 'a\\nb' | regex_match('(?s)a.b') }}", "True"},
        {"{{ 'tel: 555' | regex_replace('[^0-9]', '') }}", "555"},
        {"{{ 'Ä' | regex_match('ä', true) }}", "True"},
        {"{{ 'cat|dog' | regex_findall('cat|dog') }}", "['cat', 'dog']"},
        {"{{ 'aab' | regex_match('a{2}b') }}", "True"},
        {"{{ 'a-]' | regex_findall('[\\\\]-]') }}", "['-', ']']"},
        {"{{ 12 | regex_match('1') }}", "True"},
    };
    expect_rendered(Profile::discovery, cases);
}

} // namespace
} // namespace hearth::templating
