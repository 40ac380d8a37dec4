#include "template/test_templates.h"

#include <gtest/gtest.h>

/// What may stand behind `is`.
namespace hearth::templating {
namespace {

TEST(ValueTests, AskForTypes) {
    const Case cases[] = {
        {"{{ n is defined }}", "True"},         {"{{ missing is defined }}", "False"},
        {"{{ missing is undefined }}", "True"}, {"{{ d.x is defined }}", "False"},
        {"{{ no is none }}", "True"},           {"{{ missing is none }}", "False"},
        {"{{ yes is boolean }}", "True"},       {"{{ 1 is boolean }}", "False"},
        {"{{ true is true }}", "True"},         {"{{ 1 is true }}", "False"},
        {"{{ false is false }}", "True"},       {"{{ 1 is integer }}", "True"},
        {"{{ true is integer }}", "False"},     {"{{ 1.0 is integer }}", "False"},
        {"{{ 1.0 is float }}", "True"},         {"{{ 1 is float }}", "False"},
        {"{{ 1 is number }}", "True"},          {"{{ true is number }}", "True"},
        {"{{ '12' is number }}", "False"},      {"{{ '12' is is_number }}", "True"},
        {"{{ 'a' is is_number }}", "False"},    {"{{ 'a' is string }}", "True"},
        {"{{ 1 is string }}", "False"},         {"{{ d is mapping }}", "True"},
        {"{{ l is mapping }}", "False"},        {"{{ l is list }}", "True"},
        {"{{ (1, 2) is list }}", "False"},      {"{{ (1, 2) is tuple }}", "True"},
        {"{{ l is sequence }}", "True"},        {"{{ t is sequence }}", "True"},
        {"{{ d is sequence }}", "True"},        {"{{ 5 is sequence }}", "False"},
        {"{{ l is iterable }}", "True"},        {"{{ 5 is iterable }}", "False"},
        {"{{ range is callable }}", "True"},    {"{{ l is callable }}", "False"},
        {"{{ n is datetime }}", "False"},       {"{{ now() is datetime }}", "True"},
    };
    expect_rendered(Profile::discovery, cases);
}

TEST(ValueTests, AskForNumbersAndOrder) {
    const Case cases[] = {
        {"{{ 4 is even }}", "True"},
        {"{{ 3 is odd }}", "True"},
        {"{{ -3 is odd }}", "True"},
        {"{{ 9 is divisibleby(3) }}", "True"},
        {"{{ 1 is eq 1 }}", "True"},
        {"{{ 1 is equalto 2 }}", "False"},
        {"{{ 1 is == 1 }}", fails},
        {"{{ 1 is ne 2 }}", "True"},
        {"{{ 1 is != 1 }}", fails},
        {"{{ 1 is lt 2 }}", "True"},
        {"{{ 1 is lessthan(2) }}", "True"},
        {"{{ 2 is le 2 }}", "True"},
        {"{{ 3 is gt 2 }}", "True"},
        {"{{ 3 is greaterthan 3 }}", "False"},
        {"{{ 3 is ge 3 }}", "True"},
        {"{{ 1 is in [1] }}", "True"},
        {"{{ 1 is not in [1] }}", "False"},
        {"{{ none is sameas none }}", "True"},
        {"{{ true is sameas true }}", "True"},
        {"{{ 1 is sameas true }}", "False"},
        {"{{ 1.0 is sameas 1 }}", "False"},
        {"{{ l is sameas l }}", "True"},
        {"{{ [1] is sameas [1] }}", "False"},
        {"{{ d.a is sameas d['a'] }}", "True"},
        {"{{ d is sameas l }}", "False"},
        {"{{ 'a' is sameas 'a' }}", "True"},
        {"{{ 'a' is even }}", fails},
        {"{{ 5 is divisibleby 0 }}", fails},
        {"{{ 1 is lt 'a' }}", fails},
    };
    expect_rendered(Profile::discovery, cases);
}

TEST(ValueTests, AskForTexts) {
    const Case cases[] = {
        {"{{ 'ab' is lower }}", "True"},
        {"{{ 'aB' is lower }}", "False"},
        {"{{ 'AB' is upper }}", "True"},
        {"{{ '1' is upper }}", "False"},
        {"{{ l is contains(3) }}", "True"},
        {"{{ 'abc' is contains 'z' }}", "False"},
        {"{{ 'abc' is match('b') }}", "False"},
        {"{{ 'abc' is search('b') }}", "True"},
        {"{{ 'ABC' is search('b', ignorecase=true) }}", "True"},
        {"{{ 'abc' is not match('a') }}", "False"},
    };
    expect_rendered(Profile::discovery, cases);
}

} // namespace
} // namespace hearth::templating
