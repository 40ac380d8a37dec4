// Room on the disk: nothing is promised that finds none, nothing is written that cannot be read
// back, and a folder becomes small again when the state has.
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

std::uint64_t largest_file(SimulatedDisk& disk) {
    std::uint64_t largest = 0;
    const auto segments = list_segments(disk, folder);
    for (const auto& segment : segments.value())
        largest = std::max(
            largest, std::uint64_t{disk.bytes_of(std::string(folder) + "/" + segment.name).size()});
    return largest;
}

TEST(RoomTest, ARecordThatNoReaderTakesIsNeverWrittenAndTheHubGoesOn) {
    SimulatedDisk disk;
    Hub hub(folder, {}, disk);
    ASSERT_TRUE(hub.start());
    hub.record(1, "short");
    hub.record(2, std::string(journal::max_payload + 1, 'x'));
    std::optional<Error> told;
    hub.journal->when_committed([&](const Result<void>& done) {
        if (!done) told = done.error();
    });
    hub.settle();
    ASSERT_TRUE(told) << "nobody is promised it";
    EXPECT_EQ(told->code, Code::unavailable);
    EXPECT_FALSE(hub.journal->accepts()) << "neither is there a checkpoint with it";
    // What is too long goes: a checkpoint of the rest heals.
    hub.record(2, "short again");
    hub.clock.turn(10 * minutes);
    hub.settle();
    EXPECT_TRUE(hub.journal->accepts());
    const auto state = hub.tally;
    hub.kill();
    Hub after(folder, {}, disk);
    ASSERT_TRUE(after.start());
    EXPECT_EQ(after.tally, state);
    EXPECT_EQ(after.report.lost(), 0U);
}

TEST(RoomTest, AStateThatFitsInNoSegmentGetsNoCheckpointAndTheHubGoesOn) {
    JournalOptions options;
    options.segment_bytes = 16 << 10;
    options.max_segment_bytes = 128 << 10;
    SimulatedDisk disk;
    Hub hub(folder, options, disk);
    ASSERT_TRUE(hub.start());
    std::size_t refused = 0;
    for (std::uint64_t key = 0; key < 400; ++key) {
        hub.record(key, std::string(1'000, 'x'));
        hub.journal->when_committed([&](const Result<void>& done) { refused += done ? 0 : 1; });
        hub.settle();
        hub.clock.turn(10 * seconds);
    }
    EXPECT_GT(refused, 0U) << "more than a segment holds is not promised";
    EXPECT_LT(refused, 390U);
    EXPECT_FALSE(hub.journal->accepts());
    EXPECT_LE(largest_file(disk), options.max_segment_bytes);
    hub.kill();
    Hub after(folder, options, disk);
    const auto started = after.start();
    ASSERT_TRUE(started) << started.error().detail;
    EXPECT_EQ(after.report.lost(), 0U);
    EXPECT_GE(after.tally.values().size(), 400 - refused);
}

TEST(RoomTest, WhatWasAskedForWhileItAcceptedIsWrittenWhereTheDiskIsFull) {
    JournalOptions options;
    options.segment_bytes = 64 << 10;
    SimulatedDisk disk;
    Hub hub(folder, options, disk);
    ASSERT_TRUE(hub.start());
    disk.limit_to(disk.used());
    std::size_t promised = 0;
    std::size_t broken = 0;
    while (hub.journal->accepts()) {
        ++promised;
        hub.record(promised % 7, std::string(100, 'x'));
        // Within the same turn: what it leads to.
        hub.record(promised % 7, std::string(100, 'y'));
        EXPECT_TRUE(hub.journal->write_now());
        hub.journal->when_committed([&](const Result<void>& done) { broken += done ? 0 : 1; });
        if (promised % 5 == 0) hub.settle();
        ASSERT_LT(promised, 10'000U);
    }
    hub.settle();
    EXPECT_GT(promised, 100U);
    EXPECT_EQ(broken, 0U) << "refused only before it was done";
    EXPECT_FALSE(hub.journal->accepts());
    EXPECT_NE(hub.metrics.render().find("hearth_journal_accepts 0"), std::string::npos);

    disk.limit_to(~std::uint64_t{0});
    hub.clock.turn(10 * seconds);
    hub.settle();
    EXPECT_TRUE(hub.journal->accepts());
}

TEST(RoomTest, AHubThatStartsOnAFullDiskAcceptsNothingBeforeItTries) {
    JournalOptions options;
    options.segment_bytes = 16 << 10;
    SimulatedDisk disk;
    {
        Hub hub(folder, options, disk);
        ASSERT_TRUE(hub.start());
        disk.limit_to(disk.used());
        for (int i = 0; i < 1'000; ++i) {
            hub.record(1, std::string(100, 'x'));
            hub.settle();
        }
        ASSERT_FALSE(hub.journal->accepts());
    }
    Hub after(folder, options, disk);
    ASSERT_TRUE(after.start());
    // Nothing has been thrown away that would make room.
    disk.limit_to(disk.used());
    for (int i = 0; i < 1'000; ++i) {
        const bool accepted = after.journal->accepts();
        after.record(1, std::string(100, 'x'));
        EXPECT_EQ(after.journal->write_now(),
                  accepted || after.journal->written() == after.journal->last());
    }
    EXPECT_FALSE(after.journal->accepts());
}

TEST(RoomTest, WhatMustBeWrittenBeforeItIsDoneIsToldWhenItIsNot) {
    for (const Code code : {Code::unavailable, Code::io}) {
        SimulatedDisk disk;
        Hub hub(folder, {}, disk);
        ASSERT_TRUE(hub.start());
        hub.record(1, "one");
        EXPECT_TRUE(hub.journal->write_now());
        disk.fail_at({.first = disk.calls() + 1, .count = 1'000, .code = code});
        EXPECT_TRUE(hub.journal->accepts()) << "nothing has told it yet";
        hub.record(1, "two");
        EXPECT_FALSE(hub.journal->write_now());
        EXPECT_FALSE(hub.journal->accepts());
        EXPECT_EQ(hub.journal->is_broken(), code == Code::io);
    }
}

TEST(RoomTest, AFolderBecomesSmallAgainWhenTheStateHas) {
    for (const bool told : {true, false}) {
        JournalOptions options;
        options.segment_bytes = 4 << 10;
        options.keep_bytes = 64 << 10;
        SimulatedDisk disk;
        Hub hub(folder, options, disk);
        ASSERT_TRUE(hub.start());
        for (std::uint64_t key = 0; key < 60; ++key) {
            hub.record(key, std::string(5'000, 'x'));
            hub.settle();
        }
        ASSERT_GT(disk.used(), 8 * options.keep_bytes);
        for (std::uint64_t key = 0; key < 60; ++key)
            hub.record(key, "");
        hub.settle();
        if (told) hub.journal->state_shrank();
        for (int turn = 0; turn < 10; ++turn) {
            hub.settle();
            if (!told) hub.clock.turn(1 * minutes);
        }
        EXPECT_LE(disk.used(), options.keep_bytes) << "in a home in which nothing happens any more";
        const auto state = hub.tally;
        hub.kill();
        Hub after(folder, options, disk);
        ASSERT_TRUE(after.start());
        EXPECT_EQ(after.tally, state);
        EXPECT_EQ(after.report.damaged.size(), 0U);
        EXPECT_EQ(after.report.unclaimed, 0U);
    }
}

TEST(RoomTest, ALargeStateIsNotMeasuredAllTheTime) {
    JournalOptions options;
    options.segment_bytes = 4 << 10;
    options.keep_bytes = 64 << 10;
    SimulatedDisk disk;
    Hub hub(folder, options, disk);
    ASSERT_TRUE(hub.start());
    for (std::uint64_t key = 0; key < 300; ++key) {
        hub.record(key, std::string(1'000, 'x'));
        hub.settle();
    }
    const auto before = hub.tally.snapshots();
    for (int turn = 0; turn < 24 * 60; ++turn) {
        hub.settle();
        hub.clock.turn(1 * minutes);
    }
    EXPECT_LE(hub.tally.snapshots() - before, 35U) << "once an hour in the end";
}

} // namespace
} // namespace hearth::store
