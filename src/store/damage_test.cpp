// Every byte of a small journal, flipped: always found, at most that record lost, and said so.
#include "store/simulated_disk.h"
#include "store/test_journal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hearth::store {
namespace {

using testing::Hub;
using testing::SimulatedDisk;
using testing::Tally;

constexpr const char* folder = "/journal";

class DamageTest : public ::testing::Test {
protected:
    static JournalOptions small() {
        JournalOptions options;
        options.segment_bytes = 512;
        return options;
    }

    /// Three segments with some records each. `closed`: ended in an orderly way.
    void make(bool closed) {
        Hub hub(folder, small(), disk_);
        ASSERT_TRUE(hub.start());
        for (int i = 0; i < 14; ++i) {
            hub.record(static_cast<std::uint64_t>(i % 3), std::string(5 + 3 * (i % 4), 'a' + i));
            if (i % 5 == 4) hub.journal->checkpoint();
            if (i % 2 == 0) hub.settle();
        }
        hub.settle();
        if (closed) {
            ASSERT_TRUE(hub.journal->close());
        }
        whole_ = hub.tally;
        hub.kill();
        original_ = records_of(disk_);
        ASSERT_EQ(original_.size(), 14U);
    }

    static std::map<journal::Sequence, std::string> records_of(SimulatedDisk& disk,
                                                               JournalReport* report = nullptr) {
        std::map<journal::Sequence, std::string> records;
        JournalReader reader(disk, folder);
        const auto read = reader.cat(
            [&](const JournalReader::Entry& entry) -> Result<void> {
                records[entry.record.sequence] = entry.record.payload;
                return {};
            },
            false);
        EXPECT_TRUE(read);
        if (read && report != nullptr) *report = *read;
        return records;
    }

    void check(SimulatedDisk& disk, const std::string& where) {
        JournalReport report;
        const auto records = records_of(disk, &report);
        ASSERT_TRUE(!report.damaged.empty() || report.torn) << where << ": not noticed";
        std::vector<journal::Sequence> missing;
        for (const auto& [sequence, payload] : original_) {
            const auto found = records.find(sequence);
            if (found == records.end())
                missing.push_back(sequence);
            else
                ASSERT_EQ(found->second, payload) << where << ": changed unnoticed";
        }
        ASSERT_LE(missing.size(), 1U) << where;
        if (!missing.empty()) {
            ASSERT_TRUE(says(report, missing[0])) << where << ": record " << missing[0];
        }
    }

    static bool says(const JournalReport& report, journal::Sequence missing) {
        for (const Damage& damage : report.damaged)
            if (damage.first <= missing && missing <= damage.last && damage.lost) return true;
        return report.torn && report.torn->first == missing;
    }

    /// A hub starts on it, has all but what is said to be lost, and goes on without using a number
    /// again.
    void check_replay(SimulatedDisk& disk, const std::string& where) {
        Hub hub(folder, small(), disk);
        const auto started = hub.start();
        ASSERT_TRUE(started) << where << ": " << started.error().detail;
        const bool loses = hub.report.lost() != 0 || hub.report.torn;
        if (!loses) {
            ASSERT_EQ(hub.tally, whole_) << where << ": the state is not what it was";
        }
        ASSERT_LE(hub.report.lost(), 1U) << where;
        ASSERT_GE(hub.journal->last(), 14U) << where << ": a number would be used again";
        hub.record(1, "goes on");
        hub.settle();
        ASSERT_TRUE(hub.journal->close()) << where;
        Hub again(folder, small(), disk);
        ASSERT_TRUE(again.start()) << where;
        ASSERT_EQ(again.tally, hub.tally) << where;
        ASSERT_EQ(again.report.lost(), 0U) << where << ": a new checkpoint makes up for it";
    }

    void flip_every_byte() {
        const auto segments = list_segments(disk_, folder);
        ASSERT_GE(segments->size(), 3U);
        std::size_t flips = 0;
        for (const SegmentFile& segment : *segments) {
            const auto path = std::string(folder) + "/" + segment.name;
            const auto size = disk_.bytes_of(path).size();
            for (std::size_t at = 0; at < size && !HasFatalFailure(); ++at)
                for (const int bits : {0x01, 0xFF}) {
                    auto damaged = disk_.copy();
                    char& byte = damaged.bytes_of(path)[at];
                    byte = static_cast<char>(byte ^ bits);
                    const auto where = fmt::format("{} byte {} ^ {}", segment.name, at, bits);
                    check(damaged, where);
                    if (bits == 0xFF) check_replay(damaged, where);
                    ++flips;
                }
        }
        EXPECT_GT(flips, 10'000U);
    }

    SimulatedDisk disk_;
    Tally whole_;
    std::map<journal::Sequence, std::string> original_;
};

TEST_F(DamageTest, AnyByteOfAClosedJournalIsNoticedAndCostsOneRecordAtMost) {
    make(true);
    flip_every_byte();
}

TEST_F(DamageTest, AnyByteOfAJournalAfterAKillIsNoticedAndCostsOneRecordAtMost) {
    make(false);
    flip_every_byte();
}

TEST_F(DamageTest, ASegmentWithBothHeadersGoneIsReadWithTheOneThatIsKnown) {
    make(true);
    const auto segments = list_segments(disk_, folder);
    const auto path = std::string(folder) + "/" + segments->back().name;
    disk_.bytes_of(path).replace(0, records_at, records_at, 'x');
    Hub hub(folder, small(), disk_);
    ASSERT_TRUE(hub.start());
    EXPECT_EQ(hub.report.lost(), 0U);
    EXPECT_GE(hub.report.damaged.size(), 1U);
    EXPECT_EQ(hub.tally, whole_);
}

TEST_F(DamageTest, ASegmentWithBothHeadersGoneCostsThatSegmentAlone) {
    make(true);
    const auto segments = list_segments(disk_, folder);
    const auto path = std::string(folder) + "/" + segments->back().name;
    disk_.bytes_of(path).replace(0, records_at, records_at, 'x');
    disk_.remove_quietly(state_path(folder));
    Hub hub(folder, small(), disk_);
    ASSERT_TRUE(hub.start());
    EXPECT_GE(hub.report.lost(), 1U);
    EXPECT_GE(hub.journal->last(), segments->back().first - 1);
    hub.record(1, "goes on");
    hub.settle();
    ASSERT_TRUE(hub.journal->close());
    Hub again(folder, small(), disk_);
    ASSERT_TRUE(again.start());
    EXPECT_EQ(again.tally, hub.tally);
}

TEST_F(DamageTest, BytesInAPayloadThatLookLikeARecordAreNeverTakenForOne) {
    Hub hub(folder, small(), disk_);
    ASSERT_TRUE(hub.start());
    // What somebody who knows the format, but not the salt, would send.
    std::string forged;
    RecordHeader header;
    header.sequence = 2;
    header.kind = Tally::set;
    append_record(forged, header, Tally::change(1, "forged"));
    seal_records(forged, 0, records_at + 64, 2);
    hub.record(1, forged);
    hub.settle();
    hub.kill();
    auto& bytes = disk_.bytes_of(std::string(folder) + "/" + segment_name(1));
    const auto at = bytes.find("HJR1", bytes.find(forged) - 60);
    bytes[at] = 'x';

    Hub after(folder, small(), disk_);
    ASSERT_TRUE(after.start());
    EXPECT_EQ(after.report.lost(), 1U);
    EXPECT_TRUE(after.tally.values().empty());
}

TEST_F(DamageTest, ADamagedCheckpointIsReplacedByTheOneBeforeAndWhatCameSince) {
    make(true);
    const auto segments = list_segments(disk_, folder);
    auto& bytes = disk_.bytes_of(std::string(folder) + "/" + segments->back().name);
    bytes.replace(records_at, 100, 100, '?');
    Hub hub(folder, small(), disk_);
    ASSERT_TRUE(hub.start());
    EXPECT_EQ(hub.tally, whole_);
    EXPECT_EQ(hub.report.lost(), 0U);
    EXPECT_NE(hub.report.base, segments->back().name);
    EXPECT_FALSE(hub.report.damaged.empty());
}

} // namespace
} // namespace hearth::store
