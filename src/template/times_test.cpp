#include "template/test_templates.h"

#include <gtest/gtest.h>

/// Points in time: 14:00 UTC on 27 November 2025, in a home an hour and a half ahead.
namespace hearth::templating {
namespace {

TEST(Times, NowIsHandedIn) {
    const Case cases[] = {
        {"{{ now() }}", "2025-11-27 15:30:00+01:30"},
        {"{{ utcnow() }}", "2025-11-27 14:00:00+00:00"},
        {"{{ now().isoformat() }}", "2025-11-27T15:30:00+01:30"},
        {"{{ now().hour }}", "15"},
        {"{{ now().year }}-{{ now().month }}-{{ now().day }}", "2025-11-27"},
        {"{{ now().minute }}", "30"},
        {"{{ now().weekday() }}", "3"},
        {"{{ now().isoweekday() }}", "4"},
        {"{{ now().strftime('%H:%M') }}", "15:30"},
        {"{{ now().timestamp() }}", "1764252000.0"},
        {"{{ today_at('10:30') }}", "2025-11-27 10:30:00+01:30"},
        {"{{ today_at() }}", "2025-11-27 00:00:00+01:30"},
        {"{{ now() > today_at('10:30') }}", "True"},
        {"{{ today_at('25:00') }}", fails},
        {"{{ now() == utcnow() }}", "True"},
    };
    expect_rendered(Profile::discovery, cases);
}

TEST(Times, AreCounted) {
    const Case cases[] = {
        {"{{ now() - timedelta(hours=1) }}", "2025-11-27 14:30:00+01:30"},
        {"{{ now() - utcnow() }}", "0:00:00"},
        {"{{ timedelta(minutes=90) }}", "1:30:00"},
        {"{{ timedelta(days=2, seconds=5) }}", "2 days, 0:00:05"},
        {"{{ timedelta(seconds=-1) }}", "-1 day, 23:59:59"},
        {"{{ timedelta(hours=1).total_seconds() }}", "3600.0"},
        {"{{ (now() - today_at('00:00')).total_seconds() }}", "55800.0"},
        {"{{ timedelta(days=1) > timedelta(hours=23) }}", "True"},
        {"{{ timedelta(weeks=1) + timedelta(milliseconds=5) }}", "7 days, 0:00:00.005000"},
        {"{{ now() + now() }}", fails},
        {"{{ now() < 5 }}", fails},
    };
    expect_rendered(Profile::discovery, cases);
}

TEST(Times, AreReadAndWritten) {
    const Case cases[] = {
        {"{{ 1764252000 | timestamp_utc }}", "2025-11-27T14:00:00+00:00"},
        {"{{ 1764252000 | timestamp_local }}", "2025-11-27T15:30:00+01:30"},
        {"{{ 1764252000 | timestamp_custom }}", "2025-11-27 15:30:00"},
        {"{{ 1764252000 | timestamp_custom('%Y-%m-%d') }}", "2025-11-27"},
        {"{{ 1764252000 | timestamp_custom('%H:%M', false) }}", "14:00"},
        {"{{ 'a' | timestamp_custom('%H') }}", fails},
        {"{{ 'a' | timestamp_custom('%H', true, 'x') }}", "x"},
        {"{{ none | timestamp_local('x') }}", "x"},
        {"{{ 'a' | timestamp_utc }}", fails},
        {"{{ '2025-11-27T14:00:00+00:00' | as_datetime }}", "2025-11-27 14:00:00+00:00"},
        {"{{ '2025-11-27 14:00:00' | as_datetime }}", "2025-11-27 14:00:00"},
        {"{{ 1764252000 | as_datetime }}", "2025-11-27 14:00:00+00:00"},
        {"{{ '1764252000' | as_datetime }}", "2025-11-27 14:00:00+00:00"},
        {"{{ 'a' | as_datetime }}", fails},
        {"{{ 'a' | as_datetime('x') }}", "x"},
        {"{{ '2025-11-27T14:00:00+00:00' | as_timestamp }}", "1764252000.0"},
        {"{{ as_timestamp(now()) }}", "1764252000.0"},
        {"{{ as_timestamp('a', 0) }}", "0"},
        {"{{ as_timestamp('a') }}", fails},
        {"{{ as_datetime('2025-11-27T14:00:00+00:00') | as_local }}", "2025-11-27 15:30:00+01:30"},
        {"{{ utcnow() | as_local }}", "2025-11-27 15:30:00+01:30"},
        {"{{ 1764252000.5 | timestamp_utc }}", "2025-11-27T14:00:00.500000+00:00"},
        {"{{ (now() | as_timestamp) | timestamp_custom('%a %d %b %Y %I:%M %p %j') }}",
         "Thu 27 Nov 2025 03:30 PM 331"},
    };
    expect_rendered(Profile::discovery, cases);
}

} // namespace
} // namespace hearth::templating
