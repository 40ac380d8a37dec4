#include "base/metrics.h"

#include <gtest/gtest.h>

namespace hearth {
namespace {

TEST(Metrics, APageShowsCountersAndGaugesInTheOrderOfTheirNames) {
    Metrics metrics;
    metrics.counter("b_total", "Second", "kind=\"x\"").add(2);
    metrics.gauge("a", "First", [] { return 1.5; });
    EXPECT_EQ(metrics.render(), "# HELP a First\n# TYPE a gauge\na 1.5\n"
                                "# HELP b_total Second\n# TYPE b_total counter\n"
                                "b_total{kind=\"x\"} 2\n");
}

TEST(Metrics, AHomeSPageHasItsProcessSNumbersAmongItsOwn) {
    Metrics process;
    Metrics home;
    home.counter("a_total", "A").add(1);
    home.counter("c_total", "C").add(3);
    process.counter("b_total", "B").add(2);
    home.show_also(process);
    EXPECT_EQ(home.render(), "# HELP a_total A\n# TYPE a_total counter\na_total 1\n"
                             "# HELP b_total B\n# TYPE b_total counter\nb_total 2\n"
                             "# HELP c_total C\n# TYPE c_total counter\nc_total 3\n");
    EXPECT_EQ(process.render(), "# HELP b_total B\n# TYPE b_total counter\nb_total 2\n");
}

TEST(Metrics, OneNameInBothIsOneFamily) {
    Metrics process;
    Metrics home;
    home.counter("a_total", "Help", "of=\"home\"").add(1);
    process.counter("a_total", "Other", "of=\"process\"").add(2);
    home.show_also(process);
    EXPECT_EQ(home.render(), "# HELP a_total Help\n# TYPE a_total counter\n"
                             "a_total{of=\"home\"} 1\na_total{of=\"process\"} 2\n");
}

} // namespace
} // namespace hearth
