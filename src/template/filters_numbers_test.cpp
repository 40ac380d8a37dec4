#include "template/test_templates.h"

#include <gtest/gtest.h>

/// Filters on numbers, as Home Assistant has them in discovery.
namespace hearth::templating {
namespace {

TEST(NumberFilters, FloatAndIntRefuseWhatIsNoNumber) {
    const Case cases[] = {
        {"{{ '2.5' | float }}", "2.5"},       {"{{ ' 2.5 ' | float }}", "2.5"},
        {"{{ '1e3' | float }}", "1000.0"},    {"{{ 3 | float }}", "3.0"},
        {"{{ true | float }}", "1.0"},        {"{{ 'inf' | float }}", "inf"},
        {"{{ 'a' | float }}", fails},         {"{{ none | float }}", fails},
        {"{{ '' | float }}", fails},          {"{{ missing | float }}", fails},
        {"{{ 'a' | float(1) }}", "1"},        {"{{ none | float(0) }}", "0"},
        {"{{ 'a' | float('x') }}", "x"},      {"{{ 'a' | float(default=none) }}", "None"},
        {"{{ missing | float(0) }}", fails},  {"{{ '12' | int }}", "12"},
        {"{{ '12.9' | int }}", "12"},         {"{{ 12.9 | int }}", "12"},
        {"{{ -12.9 | int }}", "-12"},         {"{{ ' 7 ' | int }}", "7"},
        {"{{ 'a' | int }}", fails},           {"{{ 'a' | int(5) }}", "5"},
        {"{{ 'ff' | int(base=16) }}", "255"}, {"{{ '0x1f' | int(0, 16) }}", "31"},
        {"{{ '101' | int(base=2) }}", "5"},   {"{{ '1_0' | int }}", "10"},
        {"{{ none | int(3) }}", "3"},         {"{{ [] | int }}", fails},
        {"{{ [] | int(4) }}", "4"},           {"{{ 'inf' | int(2) }}", "2"},
        {"{{ '1e3' | int }}", "1000"},
    };
    expect_rendered(Profile::discovery, cases);
}

TEST(NumberFilters, FunctionsAreTheFilters) {
    const Case cases[] = {
        {"{{ float('2.5') }}", "2.5"},
        {"{{ float('a', 1) }}", "1"},
        {"{{ float('a') }}", fails},
        {"{{ int('7') }}", "7"},
        {"{{ int('a', 2) }}", "2"},
        {"{{ bool('on') }}", "True"},
        {"{{ bool('a', false) }}", "False"},
        {"{{ is_number('7') }}", "True"},
        {"{{ abs(-3) }}", "3"},
        {"{{ sqrt(9) }}", "3.0"},
        {"{{ log(100, 10) }}", "2.0"},
        {"{{ average([1, 2]) }}", "1.5"},
        {"{{ median([1, 2, 4]) }}", "2"},
    };
    expect_rendered(Profile::discovery, cases);
}

TEST(NumberFilters, RoundToNoDigitsIsAnInteger) {
    const Case cases[] = {
        {"{{ 21.456 | round(1) }}", "21.5"},
        {"{{ 21.456 | round(2) }}", "21.46"},
        {"{{ 21.5 | round }}", "22"},
        {"{{ 20.5 | round }}", "20"},
        {"{{ 22.5 | round(0) }}", "22"},
        {"{{ 2.675 | round(2) }}", "2.67"},
        {"{{ 1234 | round(-2) }}", "1200.0"},
        {"{{ '21.46' | round(1) }}", "21.5"},
        {"{{ 21.1 | round(0, 'ceil') }}", "22"},
        {"{{ 21.9 | round(0, 'floor') }}", "21"},
        {"{{ 21.16 | round(1, 'floor') }}", "21.1"},
        {"{{ 21.11 | round(1, 'ceil') }}", "21.2"},
        {"{{ -1.5 | round(0, 'floor') }}", "-2"},
        {"{{ 1.3 | round(1, 'half') }}", "1.5"},
        {"{{ 1.8 | round(0, 'half') }}", "2"},
        {"{{ 'a' | round }}", fails},
        {"{{ 'a' | round(1, default=0) }}", "0"},
        {"{{ none | round(1, 'common', 'x') }}", "x"},
        {"{{ missing | round(1) }}", fails},
        {"{{ 5 | round(1) }}", "5.0"},
        {"{{ -0.4 | round }}", "0"},
        {"{{ 1e300 | round(2) }}", "1e+300"},
        {"{{ value_json.temperature | round(1) }}", "21.5"},
        {"{{ value_json.temperature | float | round(2) }}", "21.46"},
    };
    expect_rendered(Profile::discovery, cases);
}

TEST(NumberFilters, BoolKnowsTheWords) {
    const Case cases[] = {
        {"{{ 'on' | bool }}", "True"},      {"{{ 'OFF' | bool }}", "False"},
        {"{{ ' Yes ' | bool }}", "True"},   {"{{ 'disable' | bool }}", "False"},
        {"{{ 1 | bool }}", "True"},         {"{{ 0.0 | bool }}", "False"},
        {"{{ true | bool }}", "True"},      {"{{ 'x' | bool }}", fails},
        {"{{ 'x' | bool(true) }}", "True"}, {"{{ none | bool }}", fails},
        {"{{ none | bool('d') }}", "d"},
    };
    expect_rendered(Profile::discovery, cases);
}

TEST(NumberFilters, Arithmetic) {
    const Case cases[] = {
        {"{{ -5 | abs }}", "5"},
        {"{{ -2.5 | abs }}", "2.5"},
        {"{{ 'a' | abs }}", fails},
        {"{{ '2' | multiply(3) }}", "6.0"},
        {"{{ 2 | multiply(1.5) }}", "3.0"},
        {"{{ 'a' | multiply(3) }}", fails},
        {"{{ 'a' | multiply(3, 0) }}", "0"},
        {"{{ 2 | add(3) }}", "5.0"},
        {"{{ 'a' | add(1, 9) }}", "9"},
        {"{{ 6 | bitwise_and(3) }}", "2"},
        {"{{ 6 | bitwise_or(1) }}", "7"},
        {"{{ 6 | bitwise_xor(3) }}", "5"},
        {"{{ 'a' | bitwise_and(1) }}", fails},
        {"{{ 16 | sqrt }}", "4.0"},
        {"{{ -1 | sqrt }}", fails},
        {"{{ -1 | sqrt('x') }}", "x"},
        {"{{ 8 | log(2) }}", "3.0"},
        {"{{ 1000 | log(10) }}", "2.9999999999999996"},
        {"{{ 1 | log }}", "0.0"},
        {"{{ 0 | log }}", fails},
        {"{{ 0 | log(10, 'x') }}", "x"},
        {"{{ 'a' | log(2, 5) }}", "5"},
    };
    expect_rendered(Profile::discovery, cases);
}

TEST(NumberFilters, OrdinalAverageMedianIsNumber) {
    const Case cases[] = {
        {"{{ 1 | ordinal }}", "1st"},
        {"{{ 2 | ordinal }}", "2nd"},
        {"{{ 3 | ordinal }}", "3rd"},
        {"{{ 4 | ordinal }}", "4th"},
        {"{{ 11 | ordinal }}", "11th"},
        {"{{ 12 | ordinal }}", "12th"},
        {"{{ 13 | ordinal }}", "13th"},
        {"{{ 21 | ordinal }}", "21st"},
        {"{{ 111 | ordinal }}", "111th"},
        {"{{ 0 | ordinal }}", "0th"},
        {"{{ l | average }}", "2.0"},
        {"{{ [1, 2] | average }}", "1.5"},
        {"{{ [] | average }}", fails},
        {"{{ [] | average(0) }}", "0"},
        {"{{ [1, 2, 3, 4] | median }}", "2.5"},
        {"{{ [3, 1, 2] | median }}", "2"},
        {"{{ [1.5, 2.5, 9] | median }}", "2.5"},
        {"{{ [] | median(none) }}", "None"},
        {"{{ ['a'] | average('x') }}", "x"},
        {"{{ '7' | is_number }}", "True"},
        {"{{ 'a' | is_number }}", "False"},
        {"{{ 'nan' | is_number }}", "False"},
        {"{{ none | is_number }}", "False"},
        {"{{ 1.5 | is_number }}", "True"},
    };
    expect_rendered(Profile::discovery, cases);
}

} // namespace
} // namespace hearth::templating
