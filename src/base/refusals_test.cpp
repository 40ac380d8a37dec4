#include "base/refusals.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hearth {
namespace {

TEST(Refusals, AreCountedKeptAndBounded) {
    ManualClock clock;
    Metrics metrics;
    Refusals refusals(clock, metrics, 3);
    for (int i = 0; i < 5; ++i)
        refusals.add("mqtt", "client-" + std::to_string(i), {Code::invalid, "malformed"}, "\x01zz");
    EXPECT_EQ(refusals.list().size(), 3U);
    EXPECT_EQ(refusals.list().front().from, "client-2");
    EXPECT_EQ(refusals.list().back().excerpt, "\\x01zz");
    EXPECT_EQ(refusals.total(), 5U);
    EXPECT_THAT(metrics.render(),
                testing::HasSubstr("hearth_refused_total{source=\"mqtt\",code=\"invalid\"} 5"));
}

TEST(Refusals, ABabblingDeviceDoesNotPushTheOthersOut) {
    ManualClock clock;
    Metrics metrics;
    Refusals refusals(clock, metrics, 3);
    refusals.add("mqtt", "other", {Code::refused, "not allowed"});
    for (int i = 0; i < 100; ++i)
        refusals.add("mqtt", "babbler", {Code::invalid, "malformed"});
    EXPECT_EQ(refusals.list().size(), 2U);
    EXPECT_EQ(refusals.list().back().number, 101U);
}

TEST(Metrics, SpeakPrometheus) {
    Metrics metrics;
    metrics.counter("hearth_a_total", "What it counts").add(3);
    metrics.gauge("hearth_b", "What it is", [] { return 1.5; });
    EXPECT_EQ(metrics.render(),
              "# HELP hearth_a_total What it counts\n"
              "# TYPE hearth_a_total counter\nhearth_a_total 3\n"
              "# HELP hearth_b What it is\n# TYPE hearth_b gauge\nhearth_b 1.5\n");
}

} // namespace
} // namespace hearth
