#include "template/test_templates.h"

#include <gtest/gtest.h>

/// Filters on lists and dictionaries.
namespace hearth::templating {
namespace {

TEST(ListFilters, DefaultReplacesWhatIsMissing) {
    const Case cases[] = {
        {"{{ missing | default('x') }}", "x"},
        {"{{ missing | default }}", ""},
        {"{{ no | default('x') }}", "None"},
        {"{{ no | default('x', true) }}", "x"},
        {"{{ e | default('x') }}", ""},
        {"{{ e | default('x', true) }}", "x"},
        {"{{ n | d(1) }}", "7"},
        {"{{ missing | d(1) }}", "1"},
        {"{{ d.x | default(2) }}", "2"},
        {"{{ missing.x | default(2) }}", fails},
        {"{{ 0 | default(3, boolean=true) }}", "3"},
    };
    expect_rendered(Profile::discovery, cases);
}

TEST(ListFilters, CountAndEnds) {
    const Case cases[] = {
        {"{{ l | length }}", "3"},       {"{{ t | count }}", "12"},    {"{{ d | length }}", "2"},
        {"{{ missing | length }}", "0"}, {"{{ 'äö' | length }}", "2"}, {"{{ 5 | length }}", fails},
        {"{{ l | first }}", "3"},        {"{{ l | last }}", "2"},      {"{{ t | first }}", "K"},
        {"{{ t | last }}", "p"},         {"{{ [] | first }}", ""},     {"{{ d | first }}", "b"},
        {"{{ [] | last }}", ""},
    };
    expect_rendered(Profile::discovery, cases);
}

TEST(ListFilters, ListJoinReverse) {
    const Case cases[] = {
        {"{{ 'abc' | list }}", "['a', 'b', 'c']"},
        {"{{ d | list }}", "['b', 'a']"},
        {"{{ (1, 2) | list }}", "[1, 2]"},
        {"{{ l | join }}", "312"},
        {"{{ l | join(', ') }}", "3, 1, 2"},
        {"{{ people | join(', ', attribute='name') }}", "Ada, bob, Cy"},
        {"{{ 'abc' | join('-') }}", "a-b-c"},
        {"{{ [1, none, 2.0] | join('/') }}", "1/None/2.0"},
        {"{{ missing | join(',') }}", ""},
        {"{{ 'abc' | reverse }}", "cba"},
        {"{{ l | reverse | list }}", "[2, 1, 3]"},
        {"{{ 5 | list }}", fails},
    };
    expect_rendered(Profile::discovery, cases);
}

TEST(ListFilters, SumBatchSliceItems) {
    const Case cases[] = {
        {"{{ l | sum }}", "6"},
        {"{{ [] | sum }}", "0"},
        {"{{ [1.5, 2] | sum }}", "3.5"},
        {"{{ people | sum('age') }}", "92"},
        {"{{ people | sum(attribute='age', start=10) }}", "102"},
        {"{{ ['a'] | sum }}", fails},
        {"{{ [1, 2, 3, 4, 5] | batch(2) | list }}", "[[1, 2], [3, 4], [5]]"},
        {"{{ [1, 2, 3] | batch(2, 'x') | list }}", "[[1, 2], [3, 'x']]"},
        {"{{ [1, 2, 3, 4, 5] | slice(2) | list }}", "[[1, 2, 3], [4, 5]]"},
        {"{{ [1, 2, 3, 4, 5] | slice(3, 'x') | list }}", "[[1, 2], [3, 4], [5, 'x']]"},
        {"{{ [1, 2] | slice(3) | list }}", "[[1], [2], []]"},
        {"{{ d | items | list }}", "[('b', 1), ('a', [True, None])]"},
        {"{{ missing | items | list }}", "[]"},
        {"{{ 5 | items | list }}", fails},
    };
    expect_rendered(Profile::discovery, cases);
}

TEST(ListFilters, FlattenContainsIifZip) {
    const Case cases[] = {
        {"{{ [1, [2, [3, (4, 5)]], []] | flatten }}", "[1, 2, 3, 4, 5]"},
        {"{{ l | contains(3) }}", "True"},
        {"{{ 'abc' | contains('b') }}", "True"},
        {"{{ d | contains('x') }}", "False"},
        {"{{ yes | iif }}", "True"},
        {"{{ no | iif }}", "False"},
        {"{{ yes | iif('a', 'b') }}", "a"},
        {"{{ e | iif('a', 'b') }}", "b"},
        {"{{ no | iif('a', 'b', 'c') }}", "c"},
        {"{{ iif(n > 5, 'hot', 'cold') }}", "hot"},
        {"{{ iif(none, 1, 2, 3) }}", "3"},
        {"{{ zip([1, 2], 'ab') | list }}", "[(1, 'a'), (2, 'b')]"},
        {"{{ n | is_defined }}", "7"},
        {"{{ missing | is_defined }}", fails},
    };
    expect_rendered(Profile::discovery, cases);
}

TEST(ListFilters, MapAppliesOrPicks) {
    const Case cases[] = {
        {"{{ l | map('string') | list }}", "['3', '1', '2']"},
        {"{{ people | map(attribute='name') | join(',') }}", "Ada,bob,Cy"},
        {"{{ people | map(attribute='x', default='-') | list }}", "['-', '-', '-']"},
        {"{{ ['1', '2'] | map('int') | sum }}", "3"},
        {"{{ ['a', 'b'] | map('upper') | list }}", "['A', 'B']"},
        {"{{ ['aa', 'ba'] | map('replace', 'a', 'x') | list }}", "['xx', 'bx']"},
        {"{{ [[1, 2], [3]] | map('length') | list }}", "[2, 1]"},
        {"{{ [[1, 2], [3, 4]] | map(attribute=1) | list }}", "[2, 4]"},
        {"{{ people | map(attribute='x.y') | list }}", fails},
        {"{{ none | map('int') | list }}", "[]"},
        {"{{ l | map('nothing') | list }}", fails},
    };
    expect_rendered(Profile::discovery, cases);
}

TEST(ListFilters, SelectAndRejectKeepByTest) {
    const Case cases[] = {
        {"{{ l | select('odd') | list }}", "[3, 1]"},
        {"{{ l | reject('odd') | list }}", "[2]"},
        {"{{ [0, 1, '', 'a'] | select | list }}", "[1, 'a']"},
        {"{{ [0, 1, '', 'a'] | reject | list }}", "[0, '']"},
        {"{{ l | select('>', 1) | list }}", "[3, 2]"},
        {"{{ l | select('gt', 1) | list }}", "[3, 2]"},
        {"{{ l | select('<', 2) | list }}", "[1]"},
        {"{{ l | select('<=', 2) | list }}", "[1, 2]"},
        {"{{ l | select('>=', 2) | list }}", "[3, 2]"},
        {"{{ l | select('!=', 2) | list }}", "[3, 1]"},
        {"{{ l | select('==', 2) | list }}", "[2]"},
        {"{{ l | reject('in', [1, 2]) | list }}", "[3]"},
        {"{{ people | selectattr('age', 'eq', 36) | map(attribute='name') | list }}",
         "['Ada', 'Cy']"},
        {"{{ people | rejectattr('age', '==', 36) | map(attribute='name') | list }}", "['bob']"},
        {"{{ people | selectattr('x') | list }}", "[]"},
        {"{{ people | selectattr('x', 'defined') | list }}", "[]"},
        {"{{ people | rejectattr('x', 'defined') | list | length }}", "3"},
        {"{{ l | select('nothing') | list }}", fails},
    };
    expect_rendered(Profile::discovery, cases);
}

TEST(ListFilters, SortUniqueGroup) {
    const Case cases[] = {
        {"{{ l | sort }}", "[1, 2, 3]"},
        {"{{ l | sort(reverse=true) }}", "[3, 2, 1]"},
        {"{{ ['b', 'A', 'c'] | sort }}", "['A', 'b', 'c']"},
        {"{{ ['b', 'A', 'c'] | sort(case_sensitive=true) }}", "['A', 'b', 'c']"},
        {"{{ people | sort(attribute='age') | map(attribute='name') | list }}",
         "['bob', 'Ada', 'Cy']"},
        {"{{ people | sort(attribute='age,name') | map(attribute='name') | list }}",
         "['bob', 'Ada', 'Cy']"},
        {"{{ [1, 'a'] | sort }}", fails},
        {"{{ 'cab' | sort }}", "['a', 'b', 'c']"},
        {"{{ [1, 2, 1, 'a', 'A'] | unique | list }}", "[1, 2, 'a']"},
        {"{{ ['a', 'A'] | unique(case_sensitive=true) | list }}", "['a', 'A']"},
        {"{{ people | unique(attribute='age') | map(attribute='name') | list }}", "['Ada', 'bob']"},
        {"{{ {'b': 1, 'A': 2} | dictsort }}", "[('A', 2), ('b', 1)]"},
        {"{{ {'b': 1, 'A': 2} | dictsort(by='value') }}", "[('b', 1), ('A', 2)]"},
        {"{{ {'b': 1, 'A': 2} | dictsort(true, reverse=true) }}", "[('b', 1), ('A', 2)]"},
        {"{% for g in people | groupby('age') %}{{ g.grouper }}:{{ g.list | map(attribute='name') "
         "| join(',') }};{% endfor %}",
         "20:bob;36:Ada,Cy;"},
        {"{% for a, p in people | groupby('x', default=0) %}{{ a }}={{ p | length }}{% endfor %}",
         "0=3"},
    };
    expect_rendered(Profile::discovery, cases);
}

TEST(ListFilters, MinMax) {
    const Case cases[] = {
        {"{{ l | min }}", "1"},
        {"{{ l | max }}", "3"},
        {"{{ ['b', 'A'] | min }}", "A"},
        {"{{ ['b', 'A'] | min(case_sensitive=true) }}", "A"},
        {"{{ people | max(attribute='age') }}", "{'name': 'Ada', 'age': 36}"},
        {"{{ [] | min }}", ""},
        {"{{ [] | max is defined }}", "False"},
        {"{{ min(3, 1) }}", "1"},
        {"{{ max([3, 1]) }}", "3"},
        {"{{ max(1, 2.5) }}", "2.5"},
        {"{{ min([]) }}", fails},
        {"{{ max(1, 'a') }}", fails},
    };
    expect_rendered(Profile::discovery, cases);
}

} // namespace
} // namespace hearth::templating
