#include "journal/memory_journal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hearth::journal {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(MemoryJournal, NumbersFromOneWithoutGaps) {
    MemoryJournal journal;
    EXPECT_EQ(journal.last(), 0U);
    EXPECT_EQ(journal.append(100, 1, "a"), 1U);
    EXPECT_EQ(journal.append(100, 1, "b"), 2U);
    EXPECT_EQ(journal.last(), 2U);
}

TEST(MemoryJournal, AnswersInTheOrderOfAskingAndOnlyOnCommit) {
    MemoryJournal journal;
    std::vector<int> answered;
    for (const int who : {1, 2, 3})
        journal.when_committed([&, who](const Result<void>&) { answered.push_back(who); });
    EXPECT_THAT(answered, IsEmpty());
    journal.commit();
    EXPECT_THAT(answered, ElementsAre(1, 2, 3));
}

TEST(MemoryJournal, ABrokenDiskTellsWhoWaitsAndAcceptsNoMore) {
    MemoryJournal journal;
    Code told = Code::internal;
    journal.when_committed([&](const Result<void>& done) { told = done.error().code; });
    journal.fail({Code::io, "broken"});
    EXPECT_EQ(told, Code::io);
    EXPECT_FALSE(journal.accepts());
    EXPECT_EQ(journal.append(100, 1, "in memory only"), 1U) << "numbers go on";
    EXPECT_THAT(journal.records(), IsEmpty());
}

TEST(MemoryJournal, ACrashCutsOffTheEnd) {
    MemoryJournal journal;
    journal.append(100, 1, "a");
    journal.append(100, 1, "b");
    journal.cut_after(1);
    EXPECT_EQ(journal.records().size(), 1U);
    EXPECT_EQ(journal.last(), 1U);
}

} // namespace
} // namespace hearth::journal
