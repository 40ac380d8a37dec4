// Cursors in the files: what is held, what is lost and told, and what a read costs.
#include "base/log.h"
#include "store/cursor_listener.h"
#include "store/simulated_disk.h"
#include "store/test_workers.h"

#include <gmock/gmock.h>

namespace hearth::store {
namespace {

using journal::CursorStart;
using journal::SequenceRange;
using ::testing::HasSubstr;
using testing::Hub;
using ::testing::IsEmpty;
using testing::Listener;
using ::testing::Not;
using testing::SimulatedDisk;
using testing::Tally;

constexpr const char* folder = "/journal";

JournalOptions small() {
    JournalOptions options;
    options.segment_bytes = 4096;
    options.keep_bytes = 20'000;
    options.hold_bytes = 100'000;
    return options;
}

int behind_lines = 0;
int lost_lines = 0;
void count_line(log::Level, std::string_view event, std::string_view) {
    if (event == "journal.cursor_behind") ++behind_lines;
    if (event == "journal.cursor_lost") ++lost_lines;
}

struct CursorTest : ::testing::Test {
    void SetUp() override { ASSERT_NO_FATAL_FAILURE(begin()); }

    void begin() {
        hub = std::make_unique<Hub>(folder, small(), disk);
        const auto started = hub->start();
        ASSERT_TRUE(started) << started.error().detail;
    }
    void kill() {
        listener.stop();
        hub->kill();
    }
    /// So many records, committed.
    void records(int count) {
        for (int i = 0; i < count; ++i) {
            hub->record(static_cast<std::uint64_t>(i % 7), fmt::format("value {}", ++made));
            if (i % 10 == 0) commit();
        }
        commit();
    }
    void commit() {
        hub->journal->when_committed([](const Result<void>&) {});
        hub->settle();
    }
    std::uint64_t folder_bytes() const { return disk.used(); }
    std::size_t segments() { return list_segments(disk, folder)->size(); }
    journal::CursorBook& book() {
        return dynamic_cast<journal::CursorBook&>(*hub->journal->cursors());
    }

    SimulatedDisk disk;
    std::unique_ptr<Hub> hub;
    Listener listener;
    int made = 0;
};

TEST_F(CursorTest, ReadsAcrossSegmentsAlsoWhatCameWhileOneWasMade) {
    listener.start(*hub->journal);
    for (int round = 0; round < 15; ++round) {
        hub->record(1, "before");
        hub->journal->checkpoint();
        (void)hub->journal->write();
        hub->record(2, "while it is made");
        (void)hub->journal->write();
        hub->workers.do_oldest();
        hub->record(3, "at the end of the one before");
        commit();
    }
    listener.catch_up(*hub);
    EXPECT_EQ(listener.seen.size(), 45U);
    EXPECT_THAT(listener.lost, IsEmpty());
}

TEST_F(CursorTest, AJournalWithoutCursorsIsReadFromItsBeginning) {
    records(20);
    ASSERT_TRUE(hub->journal->close());
    kill();
    begin();
    EXPECT_THAT(hub->journal->cursors()->list(), IsEmpty());
    EXPECT_EQ(hub->journal->last(), 20U) << "nothing was added";
    listener.start(*hub->journal);
    listener.catch_up(*hub);
    EXPECT_EQ(listener.seen.size(), 20U);
}

TEST_F(CursorTest, APositionSurvivesTheOrderlyEndExactly) {
    listener.start(*hub->journal);
    records(20);
    listener.catch_up(*hub);
    hub->record(1, "one more");
    commit();
    ASSERT_TRUE(listener.cursor().done(hub->journal->committed()));
    const auto position = listener.cursor().position();
    ASSERT_TRUE(hub->journal->close());
    kill();
    disk.cut_power();
    begin();
    EXPECT_EQ(hub->journal->cursors()->list().front().position, position);
    listener.start(*hub->journal);
    listener.ask();
    hub->settle();
    listener.deal();
    EXPECT_EQ(listener.cursor().lag(), 0U) << "what follows is the position itself";
    const auto last = hub->journal->last();
    hub->clock.turn(1 * hours);
    commit();
    EXPECT_EQ(hub->journal->last(), last);
}

TEST_F(CursorTest, InAQuietHomeThePositionIsWrittenAfterAWhile) {
    listener.start(*hub->journal);
    records(5);
    hub->clock.turn(10 * seconds);
    commit();
    listener.catch_up(*hub);
    const auto before = hub->journal->last();
    commit();
    EXPECT_EQ(hub->journal->last(), before) << "not for itself alone";
    const auto due = hub->journal->next_deadline();
    ASSERT_TRUE(due);
    hub->clock.turn(*due - hub->clock.steady());
    hub->settle();
    EXPECT_EQ(hub->journal->last(), before + 1);
    commit();
    EXPECT_EQ(book().needed(), listener.cursor().position() + 1);
    for (int i = 0; i < 10; ++i) {
        hub->clock.turn(1 * hours);
        listener.catch_up(*hub);
        commit();
    }
    EXPECT_EQ(hub->journal->last(), before + 1) << "and then no more";
}

TEST_F(CursorTest, ACheckpointMakesPositionsDurableThatWereNotWrittenYet) {
    listener.start(*hub->journal);
    records(5);
    ASSERT_TRUE(listener.cursor().done(hub->journal->committed()));
    const auto last = hub->journal->last();
    hub->journal->checkpoint();
    hub->settle();
    EXPECT_EQ(hub->journal->last(), last) << "no record says it";
    EXPECT_EQ(book().needed(), listener.cursor().position() + 1);
    const auto position = listener.cursor().position();
    kill();
    disk.cut_power();
    begin();
    EXPECT_EQ(hub->journal->cursors()->list().front().position, position);
}

TEST_F(CursorTest, WhatACursorNeedsIsHeldBeyondWhatIsKeptAndAtTheEndNothingMore) {
    records(2'000);
    const auto without = segments();
    listener.start(*hub->journal);
    listener.catch_up(*hub);
    listener.seen.clear();
    records(1'000);
    EXPECT_GT(segments(), without + 5);
    EXPECT_GT(folder_bytes(), small().keep_bytes * 2);
    EXPECT_LE(folder_bytes(), small().hold_bytes);
    listener.catch_up(*hub);
    EXPECT_EQ(listener.seen.size(), 1'000U);
    EXPECT_THAT(listener.lost, IsEmpty());
    records(200);
    listener.catch_up(*hub);
    hub->clock.turn(1 * hours);
    records(1);
    EXPECT_LE(segments(), without + 1);
}

TEST_F(CursorTest, BeyondTheHoldLimitTheOldestGoAndTheCursorIsToldWhichOnce) {
    log::set_sink(count_line);
    behind_lines = lost_lines = 0;
    listener.start(*hub->journal);
    records(20);
    listener.catch_up(*hub);
    const auto position = listener.cursor().position();
    records(3'000);
    EXPECT_LE(folder_bytes(), small().hold_bytes + 20'000);
    EXPECT_GT(folder_bytes(), small().hold_bytes / 2);
    EXPECT_EQ(behind_lines, 1);
    EXPECT_EQ(lost_lines, 0) << "it has not asked yet";
    EXPECT_THAT(hub->metrics.render(), HasSubstr("hearth_journal_cursor_lag_records 3"));
    JournalReader reader(disk, folder);
    const auto there = reader.verify();
    ASSERT_TRUE(there);

    listener.ask();
    hub->settle();
    listener.deal();
    ASSERT_EQ(listener.lost.size(), 1U);
    EXPECT_EQ(listener.lost[0], (SequenceRange{position + 1, there->first - 1}));
    listener.catch_up(*hub);
    EXPECT_EQ(listener.lost.size(), 1U);
    EXPECT_EQ(lost_lines, 1);
    EXPECT_EQ(listener.seen.rbegin()->second,
              Tally::change((3'000 - 1) % 7, fmt::format("value {}", made)));
    std::size_t after = 0;
    for (const auto& [sequence, payload] : listener.seen)
        after += sequence > listener.lost[0].last ? 1 : 0;
    EXPECT_GE(after, there->records - 5) << "all that is there";
    EXPECT_THAT(
        hub->metrics.render(),
        HasSubstr(fmt::format("hearth_journal_cursor_lost_records_total{{cursor=\"toy\"}} {}",
                              listener.lost[0].count())));
    log::set_sink(nullptr);
}

TEST_F(CursorTest, WhoHasLostSomethingGoesOnFromTheNewestState) {
    listener.start(*hub->journal);
    records(3'000);
    Tally mirror;
    std::size_t batches = 0;
    auto& cursor = listener.cursor();
    for (bool whole = false; !whole; ++batches) {
        ASSERT_LT(batches, 100U);
        cursor.read_state({.records = 3}, [&](Result<journal::Batch> batch) {
            ASSERT_TRUE(batch) << batch.error().detail;
            EXPECT_EQ(batch->state_begins, batches == 0);
            if (batch->state_begins) mirror.reset();
            for (const auto& record : batch->records)
                ASSERT_TRUE(mirror.replay(record.view()));
            whole = batch->state_ends;
            if (whole) ASSERT_TRUE(cursor.done(batch->last));
        });
        hub->settle();
    }
    EXPECT_GT(batches, 2U);
    listener.catch_up(*hub);
    EXPECT_THAT(listener.lost, IsEmpty()) << "what the state stands for is not missed";
    for (const auto& [sequence, payload] : listener.seen)
        ASSERT_TRUE(mirror.replay({sequence, Tally::set, 1, false, payload}));
    EXPECT_EQ(mirror, hub->tally);

    Code refused = Code::internal;
    cursor.read_state({}, [&](const Result<journal::Batch>& batch) {
        if (!batch) refused = batch.error().code;
    });
    hub->settle();
    EXPECT_EQ(refused, Code::refused) << "older than what it has read";
}

TEST_F(CursorTest, ForgettingFreesWhatWasHeldOnceThatIsCommitted) {
    records(500);
    const auto without = segments();
    (void)hub->journal->cursors()->open("gone", CursorStart::now);
    records(1'000);
    EXPECT_GT(segments(), without + 5);
    const auto held = segments();
    ASSERT_TRUE(hub->journal->cursors()->forget("gone"));
    (void)hub->journal->write();
    EXPECT_EQ(segments(), held) << "a power cut would bring it back";
    commit();
    hub->settle();
    EXPECT_LE(segments(), without + 1);
    kill();
    begin();
    EXPECT_THAT(hub->journal->cursors()->list(), IsEmpty());
}

TEST_F(CursorTest, ACursorThatNobodyOpensHoldsOverRestartsUntilItIsForgotten) {
    records(500);
    const auto without = segments();
    (void)hub->journal->cursors()->open("of-another-version", CursorStart::now);
    records(500);
    kill();
    begin();
    records(500);
    kill();
    begin();
    EXPECT_GT(segments(), without + 5);
    ASSERT_EQ(hub->journal->cursors()->list().size(), 1U);
    EXPECT_GE(hub->journal->cursors()->list()[0].lag, 1'000U);
    EXPECT_EQ(hub->report.unclaimed, 0U);
    ASSERT_TRUE(hub->journal->cursors()->forget("of-another-version"));
    commit();
    hub->settle();
    EXPECT_LE(segments(), without + 1);
}

TEST_F(CursorTest, AFullDiskTakesWhatIsHeldBeforeTheHomeStops) {
    listener.start(*hub->journal);
    records(1'000);
    disk.limit_to(disk.used());
    records(2'000);
    EXPECT_TRUE(hub->journal->accepts());
    EXPECT_EQ(hub->journal->committed(), hub->journal->last());
    listener.catch_up(*hub);
    EXPECT_THAT(listener.lost, Not(IsEmpty()));
}

TEST_F(CursorTest, ADamagedRecordIsToldAloneAndTheRestIsRead) {
    listener.start(*hub->journal);
    records(20);
    const auto path = std::string(folder) + "/" + segment_name(1);
    auto& bytes = disk.bytes_of(path);
    bytes[bytes.find("value 8")] ^= 1;
    listener.catch_up(*hub);
    ASSERT_EQ(listener.lost.size(), 1U);
    EXPECT_EQ(listener.lost[0].count(), 1U);
    EXPECT_EQ(listener.seen.size(), 19U);
    EXPECT_FALSE(listener.seen.contains(listener.lost[0].first));
}

TEST_F(CursorTest, ADamagedHeaderOrAnUnreadableSectorCostsWhatStoodThere) {
    listener.start(*hub->journal);
    records(150);
    const auto path = std::string(folder) + "/" + segment_name(1);
    auto& bytes = disk.bytes_of(path);
    bytes[bytes.find("value 8") - 12] ^= 1;
    disk.spoil(path, 1);
    listener.catch_up(*hub);
    std::size_t missing = 0;
    for (const SequenceRange& range : listener.lost)
        missing += range.count();
    EXPECT_GE(listener.lost.size(), 2U);
    EXPECT_LE(missing, 1 + 4096 / 48 + 2);
    EXPECT_GE(listener.seen.size() + missing, 150U);
}

TEST_F(CursorTest, WhatAFullDiskDidNotTakeIsToldAsLost) {
    listener.start(*hub->journal);
    records(10);
    listener.catch_up(*hub);
    disk.limit_to(0);
    for (int i = 0; i < 200; ++i)
        hub->record(1, "in memory only");
    (void)hub->journal->write();
    hub->settle();
    disk.limit_to(~std::uint64_t{0});
    for (int i = 0; i < 5; ++i) {
        hub->clock.turn(20 * seconds);
        hub->settle();
    }
    ASSERT_TRUE(hub->journal->accepts());
    for (int i = 0; i < 5; ++i) {
        listener.ask();
        hub->settle();
        listener.deal();
    }
    EXPECT_EQ(listener.cursor().lag(), 0U);
    ASSERT_THAT(listener.lost, Not(IsEmpty())) << "also before anything follows it";
    records(3);
    listener.catch_up(*hub);
    std::size_t missing = 0;
    for (const SequenceRange& range : listener.lost)
        missing += range.count();
    EXPECT_EQ(listener.seen.size() + missing, 213U);
}

TEST_F(CursorTest, ASegmentThatGoesBetweenAskingAndReadingIsNoError) {
    listener.start(*hub->journal);
    records(1);
    listener.catch_up(*hub);
    records(300);
    listener.ask();
    const auto segments = list_segments(disk, folder);
    ASSERT_TRUE(segments);
    for (const SegmentFile& segment : *segments)
        if (segment.first < hub->journal->last() / 2)
            disk.remove_quietly(std::string(folder) + "/" + segment.name);
    listener.catch_up(*hub);
    ASSERT_THAT(listener.lost, Not(IsEmpty()));
    EXPECT_EQ(listener.seen.rbegin()->second,
              Tally::change((300 - 1) % 7, fmt::format("value {}", made)));
}

TEST(CursorCost, AFewRecordsCostAFewReadsNotASegment) {
    SimulatedDisk disk;
    Hub hub(folder, {}, disk);
    ASSERT_TRUE(hub.start());
    Listener listener({.records = 10});
    listener.start(*hub.journal);
    for (int i = 0; i < 50'000; ++i)
        hub.record(1, fmt::format("value {}", i));
    hub.journal->when_committed([](const Result<void>&) {});
    hub.settle();
    // In the middle of a segment: the first read has to look for the place.
    ASSERT_TRUE(listener.cursor().done(40'000));
    listener.ask();
    hub.settle();
    listener.deal();
    for (int i = 0; i < 100; ++i) {
        const auto reads = disk.reads();
        const auto bytes = disk.read_bytes();
        listener.ask();
        hub.settle();
        listener.deal();
        ASSERT_LE(disk.reads() - reads, 3U) << "head and one or two pieces";
        ASSERT_LE(disk.read_bytes() - bytes, 3U * 65'536);
    }
    EXPECT_EQ(listener.seen.size(), 1'010U);
}

TEST(CursorCost, AWorkerReadsWhileTheShardWrites) {
    const testing::TemporaryFolder on_disk;
    const testing::RealClock clock;
    SeededRandom random(7);
    Metrics metrics;
    testing::ThreadWorkers workers;
    JournalOptions options;
    options.segment_bytes = 64U << 10;
    auto opened =
        FileJournal::open(on_disk.path() + "/journal", options, clock, random, workers, metrics);
    ASSERT_TRUE(opened);
    FileJournal& journal = **opened;
    Tally tally;
    journal.add(tally);
    ASSERT_TRUE(journal.replay());
    Listener listener({.records = 100});
    listener.start(journal);
    constexpr std::uint64_t count = 20'000;
    for (std::uint64_t i = 0; i < count || listener.cursor().lag() > 0; ++i) {
        if (i < count) tally.record(journal, i % 97, fmt::format("value {}", i));
        if (i % 50 == 0 || i >= count) {
            journal.when_committed([](const Result<void>&) {});
            listener.ask();
            ASSERT_TRUE(journal.write());
            i < count ? workers.turn_now() : workers.turn();
            listener.deal();
        }
    }
    EXPECT_EQ(listener.seen.size(), count);
    EXPECT_THAT(listener.lost, IsEmpty());
    EXPECT_TRUE(journal.close());
}

TEST(CursorCost, ReadingIsDoneOnAWorker) {
    SimulatedDisk disk;
    Hub hub(folder, {}, disk);
    ASSERT_TRUE(hub.start());
    Listener listener;
    listener.start(*hub.journal);
    hub.record(1, "a");
    hub.journal->when_committed([](const Result<void>&) {});
    hub.settle();
    const auto before = disk.reads();
    listener.ask();
    (void)hub.journal->write();
    EXPECT_EQ(disk.reads(), before);
    hub.settle();
    EXPECT_GT(disk.reads(), before);
    listener.deal();
    EXPECT_EQ(listener.seen.size(), 1U);
}

} // namespace
} // namespace hearth::store
