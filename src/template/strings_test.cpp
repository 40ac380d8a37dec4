#include "template/test_templates.h"

#include <gtest/gtest.h>

/// Methods of texts, lists and dictionaries are Python's.
namespace hearth::templating {
namespace {

TEST(Methods, ChangeTexts) {
    const Case cases[] = {
        {"{{ t.upper() }}", "KITCHEN LAMP"},
        {"{{ t.lower() }}", "kitchen lamp"},
        {"{{ t.title() }}", "Kitchen Lamp"},
        {"{{ 'aBC d'.capitalize() }}", "Abc d"},
        {"{{ '  a '.strip() }}", "a"},
        {"[{{ ' a '.lstrip() }}]", "[a ]"},
        {"[{{ ' a '.rstrip() }}]", "[ a]"},
        {"{{ 'xxaxx'.strip('x') }}", "a"},
        {"{{ t.replace('t', 'T') }}", "KiTchen lamp"},
        {"{{ 'aaa'.replace('a', 'b', 2) }}", "bba"},
        {"{{ 'abc'.removeprefix('a') }}", "bc"},
        {"{{ 'abc'.removesuffix('c') }}", "ab"},
        {"{{ '7'.zfill(3) }}", "007"},
        {"{{ '-7'.zfill(4) }}", "-007"},
        {"[{{ 'a'.ljust(3) }}]", "[a  ]"},
        {"[{{ 'a'.rjust(3, '.') }}]", "[..a]"},
        {"[{{ 'a'.center(4) }}]", "[ a  ]"},
        {"[{{ 'ab'.center(5, '*') }}]", "[**ab*]"},
        {"{{ 'ÄÖ'.lower() }}", "äö"},
        {"{{ 'ÄB'.casefold() }}", "äb"},
        {"{{ \"it's\".title() }}", "It'S"},
        {"{{ '-'.join(['a', 'b']) }}", "a-b"},
        {"{{ '-'.join([1]) }}", fails},
    };
    expect_rendered(Profile::discovery, cases);
}

TEST(Methods, CutTexts) {
    const Case cases[] = {
        {"{{ 'a,b,,c'.split(',') }}", "['a', 'b', '', 'c']"},
        {"{{ ' a  b '.split() }}", "['a', 'b']"},
        {"{{ 'a,b,c'.split(',', 1) }}", "['a', 'b,c']"},
        {"{{ 'a,b,c'.rsplit(',', 1) }}", "['a,b', 'c']"},
        {"{{ 'a\\nb'.splitlines() }}", "['a', 'b']"},
        {"{{ ''.split() }}", "[]"},
        {"{{ ''.split(',') }}", "['']"},
        {"{{ 'abc'.split('') }}", fails},
        {"{{ t.split(' ')[1] }}", "lamp"},
    };
    expect_rendered(Profile::discovery, cases);
}

TEST(Methods, AskTexts) {
    const Case cases[] = {
        {"{{ t.startswith('Kit') }}", "True"}, {"{{ t.endswith('x') }}", "False"},
        {"{{ '12'.isdigit() }}", "True"},      {"{{ '1.2'.isdigit() }}", "False"},
        {"{{ ''.isdigit() }}", "False"},       {"{{ 'ab'.isalpha() }}", "True"},
        {"{{ 'a1'.isalnum() }}", "True"},      {"{{ ' '.isspace() }}", "True"},
        {"{{ 'ab'.islower() }}", "True"},      {"{{ 'AB'.isupper() }}", "True"},
        {"{{ '12'.isnumeric() }}", "True"},    {"{{ '12'.isdecimal() }}", "True"},
        {"{{ 'abcb'.find('b') }}", "1"},       {"{{ 'abc'.find('x') }}", "-1"},
        {"{{ 'abcb'.rfind('b') }}", "3"},      {"{{ 'abc'.index('c') }}", "2"},
        {"{{ 'abc'.index('x') }}", fails},     {"{{ 'banana'.count('an') }}", "2"},
        {"{{ 'aäb'.find('b') }}", "2"},
    };
    expect_rendered(Profile::discovery, cases);
}

TEST(Methods, AskAndChangeContainers) {
    const Case cases[] = {
        {"{{ d.get('b') }}", "1"},
        {"{{ d.get('x') }}", "None"},
        {"{{ d.get('x', 5) }}", "5"},
        {"{{ d.keys() | list }}", "['b', 'a']"},
        {"{{ d.values() | list }}", "[1, [True, None]]"},
        {"{{ d.items() | list }}", "[('b', 1), ('a', [True, None])]"},
        {"{{ l.index(1) }}", "1"},
        {"{{ l.index(9) }}", fails},
        {"{{ l.count(3) }}", "1"},
        {"{% set a = [1] %}{{ a.append(2) }}{{ a }}", "None[1, 2]"},
        {"{{ dict(a=1, b=2) }}", "{'a': 1, 'b': 2}"},
        {"{{ dict([('a', 1)]) }}", "{'a': 1}"},
        {"{{ dict(d, z=1) }}", "{'b': 1, 'a': [True, None], 'z': 1}"},
        {"{{ dict.fromkeys(['a', 'b'], 0) }}", "{'a': 0, 'b': 0}"},
        {"{{ x.is_integer() }}", "False"},
        {"{{ 2.0.is_integer() }}", "True"},
        {"{{ d.nothing() }}", fails},
        {"{{ t.nothing() }}", fails},
    };
    expect_rendered(Profile::discovery, cases);
}

} // namespace
} // namespace hearth::templating
