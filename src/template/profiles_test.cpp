#include "template/test_templates.h"

#include <gtest/gtest.h>

/// What the profiles differ in: what is missing, conversions, `now`, white space.
namespace hearth::templating {
namespace {

TEST(Discovery, PrintsNothingForWhatIsMissing) {
    const Case cases[] = {
        {"{{ missing }}", ""},
        {"{{ missing.x }}", fails},
        {"{{ d.x }}", ""},
        {"{{ d.x.y }}", fails},
        {"[{% if missing %}x{% endif %}]", "[]"},
        {"{{ missing == 1 }}", "False"},
        {"{{ missing | default(3) }}", "3"},
        {"{{ missing is defined }}", "False"},
        {"{{ missing ~ 'x' }}", "x"},
        {"{{ not missing }}", "True"},
        {"{{ missing + 1 }}", fails},
        {"{{ missing < 1 }}", fails},
        {"{{ missing | length }}", "0"},
        {"{{ missing | upper }}", ""},
        {"{{ missing() }}", fails},
        {"{{ missing[0] }}", fails},
        {"{% for i in missing %}{% endfor %}", ""},
        {"{% set a = missing %}ok", "ok"},
        {"{{ missing and 1 }}", ""},
        {"{{ 1 or missing }}", "1"},
        {"{{ 'a' if no }}", ""},
        {"{{ [missing] }}", "[Undefined]"},
        {"{{ missing | list }}", "[]"},
        {"{{ missing in l }}", "False"},
        {"{{ 'x' in missing }}", "False"},
        {"{{ l[9] }}", ""},
        {"{{ d['x'] }}", ""},
        {"{{ no.x }}", ""},
        {"{{ [] | first }}", ""},
    };
    expect_rendered(Profile::discovery, cases);
}

TEST(Reply, RefusesWhatIsMissing) {
    const Case cases[] = {
        {"{{ missing }}", fails},
        {"{{ missing.x }}", fails},
        {"{{ d.x }}", fails},
        {"{{ d.x.y }}", fails},
        {"[{% if missing %}x{% endif %}]", fails},
        {"{{ missing == 1 }}", fails},
        {"{{ missing | default(3) }}", "3"},
        {"{{ missing is defined }}", "False"},
        {"{{ missing ~ 'x' }}", fails},
        {"{{ not missing }}", fails},
        {"{{ missing + 1 }}", fails},
        {"{{ missing < 1 }}", fails},
        {"{{ missing | length }}", fails},
        {"{{ missing | upper }}", fails},
        {"{{ missing() }}", fails},
        {"{{ missing[0] }}", fails},
        {"{% for i in missing %}{% endfor %}", fails},
        {"{% set a = missing %}ok", "ok"},
        {"{{ missing and 1 }}", fails},
        {"{{ 1 or missing }}", "1"},
        {"{{ 'a' if no }}", ""},
        {"{{ [missing] }}", fails},
        {"{{ missing | list }}", fails},
        {"{{ missing in l }}", fails},
        {"{{ 'x' in missing }}", fails},
        {"{{ l[9] }}", fails},
        {"{{ d['x'] }}", fails},
        {"{{ no.x }}", fails},
        {"{{ [] | first }}", fails},
    };
    expect_rendered(Profile::reply, cases);
}

TEST(Expression, RefusesWhatIsMissing) {
    const Case cases[] = {
        {"{{ missing }}", fails},
        {"{{ missing.x }}", fails},
        {"{{ d.x }}", fails},
        {"{{ d.x.y }}", fails},
        {"[{% if missing %}x{% endif %}]", fails},
        {"{{ missing == 1 }}", fails},
        {"{{ missing | default(3) }}", "3"},
        {"{{ missing is defined }}", "False"},
        {"{{ missing ~ 'x' }}", fails},
        {"{{ not missing }}", fails},
        {"{{ missing + 1 }}", fails},
        {"{{ missing < 1 }}", fails},
        {"{{ missing | length }}", fails},
        {"{{ missing | upper }}", fails},
        {"{{ missing() }}", fails},
        {"{{ missing[0] }}", fails},
        {"{% for i in missing %}{% endfor %}", fails},
        {"{% set a = missing %}ok", "ok"},
        {"{{ missing and 1 }}", fails},
        {"{{ 1 or missing }}", "1"},
        {"{{ 'a' if no }}", ""},
        {"{{ [missing] }}", fails},
        {"{{ missing | list }}", fails},
        {"{{ missing in l }}", fails},
        {"{{ 'x' in missing }}", fails},
        {"{{ l[9] }}", fails},
        {"{{ d['x'] }}", fails},
        {"{{ no.x }}", fails},
        {"{{ [] | first }}", fails},
    };
    expect_rendered(Profile::expression, cases);
}

TEST(Discovery, ConvertsAsHomeAssistant) {
    const Case cases[] = {
        {"{{ 'a' | float }}", fails},
        {"{{ '2' | float }}", "2.0"},
        {"{{ 'a' | int }}", fails},
        {"{{ 'a' | int(7) }}", "7"},
        {"{{ 'a' | float(1.5) }}", "1.5"},
        {"{{ 2.5 | round }}", "2"},
        {"{{ 2 | round }}", "2"},
        {"{{ 21.456 | round(1) }}", "21.5"},
        {"{{ 2.5 | round(0, 'ceil') }}", "3"},
        {"{{ '2.5' | round }}", "2"},
        {"{{ none | int }}", fails},
        {"{{ '12' is number }}", "False"},
        {"{{ 5 | round(1) }}", "5.0"},
        {"{{ missing | float }}", fails},
        {"{{ now() }}", "2025-11-27 15:30:00+01:30"},
        {"{{ '  x ' }}", "x"},
    };
    expect_rendered(Profile::discovery, cases);
}

TEST(Reply, ConvertsAsJinja2AndHasNoClock) {
    const Case cases[] = {
        {"{{ 'a' | float }}", "0.0"},
        {"{{ '2' | float }}", "2.0"},
        {"{{ 'a' | int }}", "0"},
        {"{{ 'a' | int(7) }}", "7"},
        {"{{ 'a' | float(1.5) }}", "1.5"},
        {"{{ 2.5 | round }}", "2.0"},
        {"{{ 2 | round }}", "2"},
        {"{{ 21.456 | round(1) }}", "21.5"},
        {"{{ 2.5 | round(0, 'ceil') }}", "3.0"},
        {"{{ '2.5' | round }}", fails},
        {"{{ none | int }}", "0"},
        {"{{ '12' is number }}", "False"},
        {"{{ 5 | round(1) }}", "5"},
        {"{{ missing | float }}", fails},
        {"{{ now() }}", fails},
        {"{{ '  x ' }}", "  x "},
    };
    expect_rendered(Profile::reply, cases);
}

TEST(Expression, ConvertsAsDiscovery) {
    const Case cases[] = {
        {"{{ 'a' | float }}", fails},
        {"{{ '2' | float }}", "2.0"},
        {"{{ 'a' | int }}", fails},
        {"{{ 'a' | int(7) }}", "7"},
        {"{{ 'a' | float(1.5) }}", "1.5"},
        {"{{ 2.5 | round }}", "2"},
        {"{{ 2 | round }}", "2"},
        {"{{ 21.456 | round(1) }}", "21.5"},
        {"{{ 2.5 | round(0, 'ceil') }}", "3"},
        {"{{ '2.5' | round }}", "2"},
        {"{{ none | int }}", fails},
        {"{{ '12' is number }}", "False"},
        {"{{ 5 | round(1) }}", "5.0"},
        {"{{ missing | float }}", fails},
        {"{{ now() }}", "2025-11-27 15:30:00+01:30"},
        {"{{ '  x ' }}", "x"},
    };
    expect_rendered(Profile::expression, cases);
}

} // namespace
} // namespace hearth::templating
