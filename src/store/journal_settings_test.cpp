#include "store/journal_settings.h"

#include <gtest/gtest.h>

namespace hearth::store {
namespace {

TEST(JournalSettings, WithoutAnyTheOptionsAreTheirDefaults) {
    const Settings settings(journal_settings());
    const auto options = journal_options(settings);
    const JournalOptions defaults;
    EXPECT_EQ(options.commit_interval, defaults.commit_interval);
    EXPECT_EQ(options.segment_bytes, defaults.segment_bytes);
    EXPECT_EQ(options.keep, defaults.keep);
    EXPECT_EQ(options.keep_bytes, defaults.keep_bytes);
    EXPECT_EQ(options.hold_bytes, defaults.hold_bytes);
    EXPECT_EQ(options.retry_interval, defaults.retry_interval);
}

TEST(JournalSettings, AreTakenOver) {
    Settings settings(journal_settings());
    ASSERT_TRUE(settings.set("journal.commit_interval=250 ms"));
    ASSERT_TRUE(settings.set("journal.segment_mib=16"));
    EXPECT_EQ(journal_options(settings).commit_interval, 250 * milliseconds);
    EXPECT_EQ(journal_options(settings).segment_bytes, 16U << 20);
    EXPECT_FALSE(settings.set("journal.segment_mib=0"));
}

} // namespace
} // namespace hearth::store
