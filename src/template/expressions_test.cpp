#include "template/test_templates.h"

#include <gtest/gtest.h>

/// Operators, literals, subscripts and calls give what Jinja2 gives.
namespace hearth::templating {
namespace {

TEST(Expressions, ArithmeticIsPythons) {
    const Case cases[] = {
        {"{{ 7 + 3 * 2 }}", "13"},
        {"{{ (7 + 3) * 2 }}", "20"},
        {"{{ 7 / 2 }}", "3.5"},
        {"{{ 6 / 2 }}", "3.0"},
        {"{{ 7 // 2 }}", "3"},
        {"{{ -7 // 2 }}", "-4"},
        {"{{ 7 % 3 }}", "1"},
        {"{{ -7 % 3 }}", "2"},
        {"{{ 7 % -3 }}", "-2"},
        {"{{ 7.5 % 2 }}", "1.5"},
        {"{{ -7.5 // 2 }}", "-4.0"},
        {"{{ 2 ** 10 }}", "1024"},
        {"{{ 2 ** -1 }}", "0.5"},
        {"{{ -2 ** 2 }}", "4"},
        {"{{ 2 ** 3 ** 2 }}", "64"},
        {"{{ +n }}", "7"},
        {"{{ - - 3 }}", "3"},
        {"{{ 1 + true }}", "2"},
        {"{{ 0.1 + 0.2 }}", "0.30000000000000004"},
        {"{{ 1_000 + 1 }}", "1001"},
        {"{{ 0x1F }}", "31"},
        {"{{ 0b101 }}", "5"},
        {"{{ 0o17 }}", "15"},
        {"{{ 1e3 }}", "1000.0"},
        {"{{ 2.5e-3 }}", "0.0025"},
        {"{{ 1 / 0 }}", fails},
        {"{{ 1 % 0 }}", fails},
        {"{{ 1.0 // 0 }}", fails},
        {"{{ 'a' + 1 }}", fails},
        {"{{ 1 + 'a' }}", fails},
        {"{{ [] + 1 }}", fails},
        {"{{ no + 1 }}", fails},
    };
    expect_rendered(Profile::discovery, cases);
}

TEST(Expressions, ConcatenationWritesEverythingAsText) {
    const Case cases[] = {
        {"{{ 'a' ~ 1 ~ 2.0 ~ none ~ true }}", "a12.0NoneTrue"},
        {"{{ [1] ~ {} }}", "[1]{}"},
        {"{{ 'a' + 'b' }}", "ab"},
        {"{{ 'ab' * 3 }}", "ababab"},
        {"{{ 3 * 'ab' }}", "ababab"},
        {"{{ 'ab' * -1 }}", ""},
        {"{{ [1, 2] + [3] }}", "[1, 2, 3]"},
        {"{{ [0] * 3 }}", "[0, 0, 0]"},
        {"{{ (1,) + (2,) }}", "(1, 2)"},
        {"{{ 'x' ~ missing ~ 'y' }}", "xy"},
        {"{{ 'a' 'b' }}", "ab"},
    };
    expect_rendered(Profile::discovery, cases);
}

TEST(Expressions, ComparisonsChain) {
    const Case cases[] = {
        {"{{ 1 < 2 }}", "True"},
        {"{{ 1 < 2 < 3 }}", "True"},
        {"{{ 1 < 3 < 2 }}", "False"},
        {"{{ 3 > 2 >= 2 }}", "True"},
        {"{{ 1 == 1.0 }}", "True"},
        {"{{ 1 == '1' }}", "False"},
        {"{{ true == 1 }}", "True"},
        {"{{ none == 0 }}", "False"},
        {"{{ 'a' < 'b' }}", "True"},
        {"{{ 'Z' < 'a' }}", "True"},
        {"{{ [1, 2] < [1, 3] }}", "True"},
        {"{{ [1] == (1,) }}", "False"},
        {"{{ {'a': 1} == {'a': 1.0} }}", "True"},
        {"{{ missing == other }}", "True"},
        {"{{ missing == none }}", "False"},
        {"{{ 1 != 2 }}", "True"},
        {"{{ 1 < 'a' }}", fails},
        {"{{ none < 1 }}", fails},
        {"{{ [] < {} }}", fails},
    };
    expect_rendered(Profile::discovery, cases);
}

TEST(Expressions, LogicGivesOneOfItsOperands) {
    const Case cases[] = {
        {"{{ 1 and 2 }}", "2"},
        {"{{ 0 and 2 }}", "0"},
        {"{{ 0 or 'x' }}", "x"},
        {"{{ '' or none }}", "None"},
        {"{{ not 0 }}", "True"},
        {"{{ not not 'a' }}", "True"},
        {"{{ not 1 == 2 }}", "True"},
        {"{{ 1 or 1 / 0 }}", "1"},
        {"{{ 0 and 1 / 0 }}", "0"},
        {"{{ missing or 'x' }}", "x"},
        {"{{ true and not false or false }}", "True"},
    };
    expect_rendered(Profile::discovery, cases);
}

TEST(Expressions, InLooksIntoTextsListsAndKeys) {
    const Case cases[] = {
        {"{{ 'i' in 'him' }}", "True"},    {"{{ 3 in l }}", "True"},
        {"{{ 9 not in l }}", "True"},      {"{{ 'a' in d }}", "True"},
        {"{{ 1 in d }}", "False"},         {"{{ 1.0 in [1] }}", "True"},
        {"{{ 'x' in missing }}", "False"}, {"{{ 1 in 'a1' }}", fails},
        {"{{ 1 in 5 }}", fails},           {"{{ '' in 'a' }}", "True"},
        {"{{ not 1 in [2] }}", "True"},
    };
    expect_rendered(Profile::discovery, cases);
}

TEST(Expressions, ConditionalsMayLackElse) {
    const Case cases[] = {
        {"{{ 'a' if yes else 'b' }}", "a"},
        {"{{ 'a' if no else 'b' }}", "b"},
        {"{{ 'a' if no }}", ""},
        {"{{ 'a' if no else 'b' if e else 'c' }}", "c"},
        {"{{ ('a' if no) is defined }}", "False"},
        {"{{ 1 if n > 5 else 2 }}", "1"},
        {"[{{ 'a' if missing }}]", "[]"},
    };
    expect_rendered(Profile::discovery, cases);
}

TEST(Expressions, SubscriptsAndAttributesFindKeysAndPlaces) {
    const Case cases[] = {
        {"{{ d.b }}", "1"},
        {"{{ d['b'] }}", "1"},
        {"{{ d.a[1] }}", "None"},
        {"{{ d.a.0 }}", "True"},
        {"{{ l[0] }}", "3"},
        {"{{ l[-1] }}", "2"},
        {"{{ l[9] }}", ""},
        {"{{ l.1 }}", "1"},
        {"{{ t[0] }}", "K"},
        {"{{ t[-1] }}", "p"},
        {"{{ d.missing }}", ""},
        {"{{ d.missing.more }}", fails},
        {"{{ d['missing'] is defined }}", "False"},
        {"{{ missing.x }}", fails},
        {"{{ no.x }}", ""},
        {"{{ no.x.y }}", fails},
        {"{{ n.x }}", ""},
        {"{{ l['a'] }}", ""},
        {"{{ {'a': {'b': 5}}.a.b }}", "5"},
        {"{{ {1: 'x'}[1] }}", "x"},
        {"{{ {1: 'x'}['1'] }}", ""},
        {"{{ value_json.update.state }}", "idle"},
        {"{{ people[1]['name'] }}", "bob"},
        {"{{ people[0].age + 1 }}", "37"},
        {"{{ 'abc'[1] }}", "b"},
    };
    expect_rendered(Profile::discovery, cases);
}

TEST(Expressions, SlicesAreHalfOpen) {
    const Case cases[] = {
        {"{{ l[1:] }}", "[1, 2]"},
        {"{{ l[:2] }}", "[3, 1]"},
        {"{{ l[::-1] }}", "[2, 1, 3]"},
        {"{{ l[-2:] }}", "[1, 2]"},
        {"{{ l[5:] }}", "[]"},
        {"{{ l[::2] }}", "[3, 2]"},
        {"{{ t[:7] }}", "Kitchen"},
        {"{{ t[8:] }}", "lamp"},
        {"{{ t[::-1] }}", "pmal nehctiK"},
        {"{{ 'äöü'[1:] }}", "öü"},
        {"{{ l[::0] }}", fails},
        {"{{ l['a':] }}", fails},
        {"{{ n[1:] }}", fails},
        {"{{ (1, 2, 3)[:2] }}", "(1, 2)"},
    };
    expect_rendered(Profile::discovery, cases);
}

TEST(Expressions, ContainersPrintAsPythonShowsThem) {
    const Case cases[] = {
        {"{{ [1, 2.0, 'a', none, true] }}", "[1, 2.0, 'a', None, True]"},
        {"{{ (1, 2) }}", "(1, 2)"},
        {"{{ (1,) }}", "(1,)"},
        {"{{ () }}", "()"},
        {"{{ 1, 2 }}", "(1, 2)"},
        {"{{ {} }}", "{}"},
        {"{{ {'a': 1, 2: [3]} }}", "{'a': 1, 2: [3]}"},
        {"{{ [missing] }}", "[Undefined]"},
        {"{{ d }}", "{'b': 1, 'a': [True, None]}"},
        {"{{ l }}", "[3, 1, 2]"},
        {"{{ ['it\\'s', 'say \"x\"', 'both \\' and \"'] }}",
         "[\"it's\", 'say \"x\"', 'both \\' and \"']"},
        {"{{ ['a\\nb', 'tab\\t', 'ä', '\\\\'] }}", "['a\\nb', 'tab\\t', 'ä', '\\\\']"},
        {"{{ {'a': 1, 'a': 2} }}", "{'a': 2}"},
        {"{{ [1, 2,] }}", "[1, 2]"},
        {"{{ {[1]: 2} }}", fails},
    };
    expect_rendered(Profile::discovery, cases);
}

TEST(Expressions, LiteralsAreJinjas) {
    const Case cases[] = {
        {"{{ true }}", "True"},       {"{{ True }}", "True"},
        {"{{ none }}", "None"},       {"{{ None }}", "None"},
        {"{{ false }}", "False"},     {"{{ False }}", "False"},
        {"{{ \"a\\\"b\" }}", "a\"b"}, {"{{ 'a\\'b' }}", "a'b"},
        {"{{ 'a\\nb' }}", "a\nb"},    {"{{ '\\x41\\u00e9' }}", "Aé"},
        {"{{ 1.0 }}", "1.0"},         {"{{ 1. }}", fails},
        {"{{ .5 }}", fails},          {"{{ 007 }}", "7"},
    };
    expect_rendered(Profile::discovery, cases);
}

TEST(Expressions, PrecedenceOfFiltersTestsAndSigns) {
    const Case cases[] = {
        {"{{ -1 | abs }}", "1"},
        {"{{ 1 + 2 | string }}", fails},
        {"{{ 2 * 3 | float }}", "6.0"},
        {"{{ 'a' ~ 1 | string }}", "a1"},
        {"{{ not 1 is odd }}", "False"},
        {"{{ 1 is odd and 2 is even }}", "True"},
        {"{{ l | first + 1 }}", "4"},
        {"{{ l | length > 2 }}", "True"},
        {"{{ l | join(',') | upper }}", "3,1,2"},
        {"{{ 1 == 1 is true }}", "False"},
        {"{{ 2 is in [1, 2] }}", "True"},
        {"{{ 4 is divisibleby 2 }}", "True"},
        {"{{ 4 is not divisibleby 3 }}", "True"},
        {"{{ (1 if yes else 2) + 1 }}", "2"},
        {"{{ 10 - 2 - 3 }}", "5"},
        {"{{ 100 / 10 / 2 }}", "5.0"},
        {"{{ 'a' ~ 1 + 2 }}", fails},
    };
    expect_rendered(Profile::discovery, cases);
}

} // namespace
} // namespace hearth::templating
