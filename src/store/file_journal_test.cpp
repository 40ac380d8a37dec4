#include "store/file_journal.h"
#include "store/test_journal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hearth::store {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::Hub;
using ::testing::IsEmpty;
using testing::Tally;
using testing::TemporaryFolder;

class FileJournalTest : public ::testing::Test {
protected:
    static JournalOptions small() {
        JournalOptions options;
        options.segment_bytes = 4096;
        return options;
    }
    static std::string text_of(const Result<void>& result) {
        return result ? "committed" : std::string(to_string(result.error().code));
    }

    TemporaryFolder folder_;
};

TEST_F(FileJournalTest, WhatIsWrittenIsThereAfterAKill) {
    Hub first(folder_.path());
    ASSERT_TRUE(first.start());
    first.record(1, "on");
    first.record(2, "off");
    ASSERT_TRUE(first.journal->write());
    first.kill();

    Hub second(folder_.path());
    ASSERT_TRUE(second.start());
    EXPECT_EQ(second.tally, first.tally);
    EXPECT_THAT(second.tally.seen(), ElementsAre(1, 2));
    EXPECT_EQ(second.journal->last(), 2U);
    EXPECT_FALSE(second.report.closed);
    EXPECT_THAT(second.report.damaged, IsEmpty());
}

TEST_F(FileJournalTest, AnOrderlyEndIsSaidAndNumbersGoOn) {
    Hub first(folder_.path());
    ASSERT_TRUE(first.start());
    first.record(1, "on");
    ASSERT_TRUE(first.journal->close());

    Hub second(folder_.path());
    ASSERT_TRUE(second.start());
    EXPECT_TRUE(second.report.closed);
    EXPECT_EQ(second.journal->append(Tally::set, 1, Tally::change(1, "off")), 2U);
}

/// A home's whole life, by what its owner knows of a journal.
Result<journal::Restored> live(journal::DurableJournal& journal, Tally& tally) {
    journal.add(tally);
    auto restored = journal.restore();
    if (!restored) return restored;
    tally.record(journal, 1, "on");
    EXPECT_TRUE(journal.write());
    EXPECT_TRUE(journal.next_deadline());
    EXPECT_FALSE(journal.is_broken());
    EXPECT_TRUE(journal.close());
    return restored;
}

TEST_F(FileJournalTest, WhoRunsAHomeNeedsTheInterfaceAlone) {
    for (const bool first : {true, false}) {
        Hub hub(folder_.path());
        auto opened = FileJournal::open(hub.folder, hub.options, hub.clock, hub.random, hub.workers,
                                        hub.metrics);
        ASSERT_TRUE(opened);
        const auto restored = live(**opened, hub.tally);
        ASSERT_TRUE(restored);
        EXPECT_EQ(restored->was_empty, first);
        EXPECT_THAT(restored->damaged, IsEmpty());
        EXPECT_EQ(hub.tally.seen().size(), first ? 0U : 1U);
    }
}

TEST_F(FileJournalTest, WhatIsNotWrittenDiesWithTheProcess) {
    Hub first(folder_.path());
    ASSERT_TRUE(first.start());
    first.record(1, "on");
    first.kill();

    Hub second(folder_.path());
    ASSERT_TRUE(second.start());
    EXPECT_EQ(second.journal->last(), 0U);
}

TEST_F(FileJournalTest, OneCommitAnswersAllWhoCameWhileTheLastWasUnderWay) {
    Hub hub(folder_.path());
    ASSERT_TRUE(hub.start());
    hub.workers.run_all();
    std::vector<int> answered;
    const auto ask = [&](int who) {
        hub.record(1, "on");
        hub.journal->when_committed([&, who](const Result<void>&) { answered.push_back(who); });
    };
    ask(1);
    ASSERT_TRUE(hub.journal->write());
    EXPECT_EQ(hub.workers.waiting(), 1U);
    ask(2);
    ask(3);
    ASSERT_TRUE(hub.journal->write());
    EXPECT_EQ(hub.workers.waiting(), 1U) << "one fdatasync at a time";
    EXPECT_THAT(answered, IsEmpty());
    hub.workers.run_one();
    EXPECT_THAT(answered, ElementsAre(1));
    hub.workers.run_one();
    EXPECT_THAT(answered, ElementsAre(1, 2, 3));
}

TEST_F(FileJournalTest, NobodyIsCalledFromWithinTheAsking) {
    Hub hub(folder_.path());
    ASSERT_TRUE(hub.start());
    int calls = 0;
    hub.journal->when_committed([&](const Result<void>&) { ++calls; });
    EXPECT_EQ(calls, 0);
    ASSERT_TRUE(hub.journal->write());
    EXPECT_EQ(calls, 1) << "all that there is was committed already";
}

TEST_F(FileJournalTest, WithoutAWaiterTheCommitComesAfterTheInterval) {
    Hub hub(folder_.path());
    ASSERT_TRUE(hub.start());
    hub.workers.run_all();
    EXPECT_FALSE(hub.journal->next_deadline());
    hub.record(1, "on");
    ASSERT_TRUE(hub.journal->write());
    EXPECT_EQ(hub.workers.waiting(), 0U);
    EXPECT_EQ(hub.journal->next_deadline(), hub.clock.steady() + 5 * seconds);
    hub.clock.turn(5 * seconds - 1);
    ASSERT_TRUE(hub.journal->write());
    EXPECT_EQ(hub.workers.waiting(), 0U);
    hub.clock.turn(1);
    ASSERT_TRUE(hub.journal->write());
    ASSERT_EQ(hub.workers.waiting(), 1U);
    EXPECT_FALSE(hub.journal->next_deadline());
    hub.workers.run_all();
    EXPECT_EQ(hub.journal->committed(), 1U);
}

TEST_F(FileJournalTest, AFullSegmentGivesWayToOneThatBeginsWithTheState) {
    Hub first(folder_.path(), small());
    ASSERT_TRUE(first.start());
    for (int i = 0; i < 500; ++i) {
        first.record(static_cast<std::uint64_t>(i % 7), std::to_string(i));
        first.settle();
    }
    first.kill();
    const auto segments = list_segments(system_files(), folder_.path());
    ASSERT_TRUE(segments);
    EXPECT_GE(segments->size(), 5U);

    Hub second(folder_.path(), small());
    ASSERT_TRUE(second.start());
    EXPECT_EQ(second.tally, first.tally);
    EXPECT_LT(second.tally.seen().size(), 100U) << "it began at the newest checkpoint";
    EXPECT_EQ(second.journal->last(), 500U);
}

TEST_F(FileJournalTest, WhatComesWhileASegmentIsMadeIsNeitherLostNorDoubled) {
    Hub first(folder_.path(), small());
    ASSERT_TRUE(first.start());
    first.workers.run_all();
    for (int i = 0; i < 40; ++i)
        first.record(1, std::to_string(i));
    first.journal->checkpoint();
    ASSERT_TRUE(first.journal->write());
    for (int i = 0; i < 40; ++i)
        first.record(2, std::to_string(i));
    ASSERT_TRUE(first.journal->write());
    first.workers.run_all();
    first.record(3, "last");
    first.settle();
    first.kill();

    Hub second(folder_.path(), small());
    ASSERT_TRUE(second.start());
    EXPECT_EQ(second.tally, first.tally);
    EXPECT_EQ(second.tally.seen().size(), 41U);
    EXPECT_EQ(second.tally.seen().front(), 41U);
}

TEST_F(FileJournalTest, OldSegmentsGoWhenTheyAreOldButNeverTheLastThree) {
    Hub hub(folder_.path(), small());
    ASSERT_TRUE(hub.start());
    for (int day = 0; day < 20; ++day) {
        hub.record(1, std::to_string(day));
        hub.journal->checkpoint();
        hub.settle();
        hub.clock.turn(1 * days);
    }
    const auto week = list_segments(system_files(), folder_.path());
    EXPECT_EQ(week->size(), 9U);
    hub.clock.turn(365 * days);
    hub.record(1, "new");
    hub.journal->checkpoint();
    hub.settle();
    EXPECT_EQ(list_segments(system_files(), folder_.path())->size(), 3U);
}

TEST_F(FileJournalTest, OldSegmentsGoWhenTheyAreTooManyUnlessAListenerStillReadsThem) {
    JournalOptions options = small();
    options.keep_bytes = 30'000;
    Hub hub(folder_.path(), options);
    ASSERT_TRUE(hub.start());
    const auto count_after = [&](int checkpoints) {
        for (int i = 0; i < checkpoints; ++i) {
            hub.record(1, std::to_string(i));
            hub.journal->checkpoint();
            hub.settle();
        }
        return list_segments(system_files(), folder_.path())->size();
    };
    EXPECT_LT(count_after(20), 7U);
    const auto cursor = hub.journal->cursors()->open("history", journal::CursorStart::now);
    ASSERT_TRUE(cursor);
    EXPECT_GE(count_after(20), 20U);
    ASSERT_TRUE((*cursor)->done(hub.journal->committed()));
    EXPECT_LT(count_after(1), 7U);
}

TEST_F(FileJournalTest, ASegmentOfANewerFormatIsRefusedAndNothingIsTouched) {
    {
        Hub first(folder_.path());
        ASSERT_TRUE(first.start());
        ASSERT_TRUE(first.journal->close());
    }
    const auto path = folder_.path() + "/" + segment_name(1);
    SegmentHeader header;
    header.version = format_version + 1;
    header.first = 1;
    const auto file = system_files().open(path, Files::Mode::write);
    ASSERT_TRUE((*file)->write(0, encode(header)));
    const auto before = (*file)->read(0, 1 << 20);

    Hub second(folder_.path());
    const auto refused = second.start();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Code::newer);
    EXPECT_THAT(refused.error().detail, HasSubstr("journal format 2"));
    EXPECT_EQ(*(*file)->read(0, 1 << 20), *before);
}

TEST_F(FileJournalTest, ASegmentOfAnotherHomeIsRefused) {
    Hub first(folder_.path());
    ASSERT_TRUE(first.start());
    first.kill();
    JournalOptions other;
    other.home = 2;
    Hub second(folder_.path(), other);
    const auto refused = second.start();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Code::conflict);
}

TEST_F(FileJournalTest, AJournalOf300000RecordsWithACheckpointInTheMiddleRebuildsTheSameState) {
    Hub first(folder_.path());
    ASSERT_TRUE(first.start());
    SeededRandom random(11);
    for (int i = 0; i < 300'000; ++i) {
        first.record(random.next() % 997, std::to_string(i));
        if (i == 150'000) first.journal->checkpoint();
        if (i % 1'000 == 0) first.settle();
    }
    first.settle();
    ASSERT_TRUE(first.journal->close());

    Hub second(folder_.path());
    ASSERT_TRUE(second.start());
    EXPECT_EQ(second.tally, first.tally);
    EXPECT_EQ(second.journal->last(), 300'000U);
    JournalReader reader(system_files(), folder_.path());
    const auto report = reader.verify();
    ASSERT_TRUE(report);
    EXPECT_EQ(report->records, 300'000U);
    EXPECT_THAT(report->damaged, IsEmpty());
    EXPECT_TRUE(report->closed);
    EXPECT_GE(report->checkpoints, 2U);
}

} // namespace
} // namespace hearth::store
