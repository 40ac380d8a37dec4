// What is gone without a trace in what is left: a segment that was cut short, deleted or emptied, a
// disk that cannot read some of it. The hub starts with what there is, and never silently.
#include "store/simulated_disk.h"
#include "store/test_journal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hearth::store {
namespace {

using ::testing::Contains;
using ::testing::Field;
using ::testing::HasSubstr;
using testing::Hub;
using ::testing::IsEmpty;
using testing::SimulatedDisk;
using testing::Tally;

constexpr const char* folder = "/journal";

class LostSegments : public ::testing::Test {
protected:
    static JournalOptions small() {
        JournalOptions options;
        options.segment_bytes = 16 << 10;
        return options;
    }

    /// Some segments; the last record is number 300.
    void make(bool closed, int records = 300) {
        Hub hub(folder, small(), disk_);
        ASSERT_TRUE(hub.start());
        for (int i = 1; i <= records; ++i) {
            hub.record(static_cast<std::uint64_t>(i % 40), std::string(200, 'a' + i % 26));
            hub.settle();
            states_[hub.journal->last()] = hub.tally;
        }
        if (closed) {
            ASSERT_TRUE(hub.journal->close());
        }
        hub.kill();
        const auto segments = list_segments(disk_, folder);
        ASSERT_TRUE(segments);
        ASSERT_GE(segments->size(), 3U);
        for (const SegmentFile& segment : *segments)
            paths_.push_back(std::string(folder) + "/" + segment.name);
    }

    /// Starts on what is there, goes on, and starts again.
    ReplayReport start() {
        Hub hub(folder, small(), disk_);
        const auto started = hub.start();
        EXPECT_TRUE(started) << started.error().detail;
        if (!started) return {};
        found_ = hub.tally;
        next_ = hub.journal->last() + 1;
        hub.record(1, "afterwards");
        hub.settle();
        EXPECT_TRUE(hub.journal->close());
        Hub again(folder, small(), disk_);
        EXPECT_TRUE(again.start());
        EXPECT_EQ(again.tally, hub.tally);
        return hub.report;
    }

    JournalReport verify() {
        auto report = JournalReader(disk_, folder).verify();
        EXPECT_TRUE(report);
        return report ? *report : JournalReport();
    }

    static auto says(const std::string& what) {
        return Contains(Field(&Damage::what, HasSubstr(what)));
    }

    SimulatedDisk disk_;
    std::vector<std::string> paths_;
    std::map<journal::Sequence, Tally> states_;
    Tally found_;
    journal::Sequence next_ = 0;
};

TEST_F(LostSegments, AWholeJournalHasNoDamage) {
    for (const bool closed : {false, true}) {
        disk_ = SimulatedDisk();
        paths_.clear();
        make(closed);
        EXPECT_THAT(verify().damaged, IsEmpty());
        EXPECT_THAT(start().damaged, IsEmpty());
    }
}

TEST_F(LostSegments, ASegmentThatIsCutShortIsNamedAndTheHubStartsWithWhatThereIs) {
    make(false);
    auto& bytes = disk_.bytes_of(paths_.back());
    bytes.resize(bytes.size() / 2);
    EXPECT_THAT(verify().damaged, says("cut short"));
    EXPECT_GT(verify().lost(), 0U);
    const auto report = start();
    EXPECT_THAT(report.damaged, says("cut short"));
    EXPECT_EQ(found_, states_[report.last]);
    EXPECT_GT(next_, 300U) << "numbers that may have been used do not come again";
    EXPECT_THAT(verify().damaged, says("cut short")) << "it is there to be seen";
}

TEST_F(LostSegments, ANewestSegmentThatIsDeletedIsNamed) {
    make(false);
    disk_.remove_quietly(paths_.back());
    EXPECT_THAT(verify().damaged, says("the segment is gone"));
    const auto report = start();
    EXPECT_GT(report.lost(), 0U);
    EXPECT_EQ(found_, states_[report.last]);
}

TEST_F(LostSegments, AJournalThatIsEmptiedIsNamed) {
    make(false);
    for (const std::string& path : paths_)
        disk_.remove_quietly(path);
    EXPECT_THAT(verify().damaged, says("the segment is gone"));
    const auto report = start();
    EXPECT_THAT(report.damaged, says("the segment is gone"));
    EXPECT_GT(report.lost(), 0U);
    EXPECT_EQ(found_, Tally());
}

TEST_F(LostSegments, ASegmentOfNoBytesIsNamed) {
    make(false);
    disk_.bytes_of(paths_.back()).clear();
    EXPECT_GT(start().lost(), 0U);
}

TEST_F(LostSegments, RecordsThatAnOrderlyEndKnewAreMissed) {
    make(true, 330);
    auto& bytes = disk_.bytes_of(paths_.back());
    const auto size = bytes.size();
    const auto scan = scan_segment(bytes);
    ASSERT_TRUE(scan);
    ASSERT_GT(scan->newest, scan->state_of() + 5);
    // As long as it was, but nothing in it after the middle.
    bytes.resize((scan->checkpoint_end + scan->end) / 2);
    bytes.resize(size, '\0');
    EXPECT_THAT(verify().damaged, says("records are gone that were committed"));
    EXPECT_GT(start().lost(), 0U);
    EXPECT_GT(next_, 330U);
}

TEST_F(LostSegments, WithoutWhatIsKnownTheJournalIsReadAsItIs) {
    make(true);
    disk_.remove_quietly(state_path(folder));
    EXPECT_THAT(verify().damaged, IsEmpty());
    EXPECT_THAT(start().damaged, IsEmpty());
    EXPECT_EQ(found_, states_[300]);
}

TEST_F(LostSegments, WhatIsKnownButDamagedIsNotBelieved) {
    make(true);
    auto& known = disk_.bytes_of(state_path(folder));
    known[known.size() / 2] ^= 1;
    EXPECT_THAT(start().damaged, IsEmpty());
}

TEST_F(LostSegments, AnUnreadableSectorCostsWhatLiesOnIt) {
    make(false);
    const auto whole = disk_.copy();
    for (const std::string& path : paths_) {
        const auto sectors = disk_.bytes_of(path).size() / SimulatedDisk::bad_sector;
        for (std::uint64_t sector = 0; sector <= sectors; ++sector) {
            disk_ = whole.copy();
            if (sector * SimulatedDisk::bad_sector >= disk_.bytes_of(path).size()) continue;
            disk_.spoil(path, sector);
            const auto where = fmt::format("{} sector {}", path, sector);
            const auto verified = verify();
            EXPECT_THAT(verified.damaged, Not(IsEmpty())) << where;
            Hub hub(folder, small(), disk_);
            const auto started = hub.start();
            ASSERT_TRUE(started) << where << ": " << started.error().detail;
            EXPECT_LE(hub.report.lost(), SimulatedDisk::bad_sector / 200) << where;
            // What was set last on other sectors is there.
            EXPECT_GE(hub.tally.values().size(), 20U) << where;
            hub.record(1, "afterwards");
            hub.settle();
            const auto now = hub.tally;
            hub.kill();
            Hub again(folder, small(), disk_);
            ASSERT_TRUE(again.start()) << where;
            EXPECT_EQ(again.tally, now) << where;
        }
    }
}

TEST_F(LostSegments, AReadThatFailsOnceCostsNothing) {
    make(false);
    const auto whole = disk_.copy();
    for (std::size_t n = 1;; ++n) {
        disk_ = whole.copy();
        disk_.fail_read(n);
        Hub hub(folder, small(), disk_);
        const auto started = hub.start();
        if (disk_.reads() < n) break;
        // A folder that cannot be listed, or a state that cannot be looked at: said, or done
        // without.
        if (!started) {
            EXPECT_EQ(started.error().code, Code::io) << n;
            continue;
        }
        EXPECT_EQ(hub.tally, states_[300]) << n;
    }
}

TEST_F(LostSegments, AFolderThatCannotBeListedIsNoEmptyHome) {
    make(false);
    disk_.fail_read(1);
    Hub hub(folder, small(), disk_);
    const auto started = hub.start();
    ASSERT_FALSE(started);
    EXPECT_EQ(started.error().code, Code::io);
}

TEST_F(LostSegments, ADiskThatReadsNothingIsNoEmptyHome) {
    make(false);
    for (const std::string& path : paths_)
        for (std::uint64_t sector = 0; sector < 100; ++sector)
            disk_.spoil(path, sector);
    Hub hub(folder, small(), disk_);
    const auto started = hub.start();
    ASSERT_FALSE(started);
    EXPECT_EQ(started.error().code, Code::io);
}

} // namespace
} // namespace hearth::store
