// A real full disk: a small tmpfs. Skipped where the machine does not let the test mount one.
#include "store/test_journal.h"

#include <fstream>

#include <gtest/gtest.h>
#include <sys/mount.h>

namespace hearth::store {
namespace {

using testing::Hub;
using testing::TemporaryFolder;

class FullDisk : public ::testing::Test {
protected:
    void SetUp() override {
        if (::mount("hearth-test", folder_.path().c_str(), "tmpfs", 0, "size=256k,mode=0700") != 0)
            GTEST_SKIP() << "skipped: cannot mount a tmpfs here (needs root)";
        mounted_ = true;
    }
    void TearDown() override {
        if (mounted_) ::umount2(folder_.path().c_str(), MNT_DETACH);
    }

    static JournalOptions options() {
        JournalOptions options;
        options.segment_bytes = 16 << 10;
        return options;
    }
    std::string ballast() const { return folder_.path() + "/ballast"; }
    /// Leaves no byte free.
    void fill() const {
        std::ofstream out(ballast(), std::ios::binary);
        const std::string page(1024, 'x');
        while (out.write(page.data(), static_cast<std::streamsize>(page.size())) && out.flush()) {
        }
    }

    TemporaryFolder folder_;
    bool mounted_ = false;
};

TEST_F(FullDisk, StopsAcknowledgingKeepsItsStateAndHealsWhenThereIsRoom) {
    Hub hub(folder_.path() + "/journal", options());
    ASSERT_TRUE(hub.start());
    hub.settle();
    fill();
    journal::Sequence acknowledged = 0;
    std::size_t refused = 0;
    const auto work = [&](int records) {
        for (int i = 0; i < records; ++i) {
            hub.record(static_cast<std::uint64_t>(i % 5), std::string(100, 'a' + i % 26));
            hub.journal->when_committed(
                [&, number = hub.journal->last()](const Result<void>& done) {
                    if (done) acknowledged = number;
                    if (!done && done.error().code == Code::unavailable) ++refused;
                });
            hub.settle();
        }
    };
    work(2'000);
    EXPECT_FALSE(hub.journal->accepts());
    EXPECT_GT(acknowledged, 0U) << "the preallocated space was used first";
    EXPECT_GT(refused, 1'000U);
    EXPECT_NE(hub.metrics.render().find("hearth_journal_accepts 0"), std::string::npos);

    std::filesystem::remove(ballast());
    ASSERT_TRUE(hub.journal->next_deadline());
    hub.clock.turn(10 * seconds);
    hub.settle();
    EXPECT_TRUE(hub.journal->accepts());
    work(10);
    EXPECT_EQ(acknowledged, hub.journal->last());
    hub.kill();

    Hub after(folder_.path() + "/journal", options());
    ASSERT_TRUE(after.start());
    EXPECT_EQ(after.tally, hub.tally) << "what happened while the disk was full is there too";
    EXPECT_EQ(after.report.lost(), 0U);
}

TEST_F(FullDisk, FromTheFirstMomentIsAClearError) {
    fill();
    Hub hub(folder_.path() + "/journal", options());
    const auto started = hub.start();
    ASSERT_FALSE(started);
    EXPECT_EQ(started.error().code, Code::unavailable);
    EXPECT_NE(started.error().detail.find("No space left on device"), std::string::npos);
}

} // namespace
} // namespace hearth::store
