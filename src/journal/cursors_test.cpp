#include "journal/memory_journal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hearth::journal {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct CursorsTest : ::testing::Test {
    std::unique_ptr<Cursor> open(std::string_view name, CursorStart start = CursorStart::oldest) {
        auto opened = journal.cursors()->open(name, start);
        EXPECT_TRUE(opened) << opened.error().detail;
        return opened ? std::move(*opened) : nullptr;
    }
    void record(std::string_view payload) { journal.append(100, 1, payload); }
    Batch read(Cursor& cursor, const BatchLimits& limits = {}) {
        Batch got;
        bool answered = false;
        cursor.read(limits, [&](Result<Batch> batch) {
            answered = true;
            if (batch) got = std::move(*batch);
        });
        EXPECT_FALSE(answered) << "from within the call";
        journal.answer_reads();
        EXPECT_TRUE(answered);
        return got;
    }
    Result<Batch> read_state(Cursor& cursor, const BatchLimits& limits = {}) {
        Result<Batch> got = fail(Code::internal, "not answered");
        cursor.read_state(limits, [&](Result<Batch> batch) { got = std::move(batch); });
        journal.answer_reads();
        return got;
    }
    static std::vector<std::string> payloads(const Batch& batch) {
        std::vector<std::string> all;
        for (const BatchRecord& record : batch.records)
            all.push_back(record.payload);
        return all;
    }

    MemoryJournal journal;
};

TEST_F(CursorsTest, ReadsWhatIsCommittedAndNothingElse) {
    const auto cursor = open("history");
    record("a");
    EXPECT_THAT(payloads(read(*cursor)), IsEmpty());
    EXPECT_EQ(cursor->lag(), 0U);
    journal.commit();
    record("b");
    EXPECT_GT(cursor->lag(), 0U);
    EXPECT_THAT(payloads(read(*cursor)), ElementsAre("a"));
}

TEST_F(CursorsTest, ReadsTheSameUntilItIsDone) {
    const auto cursor = open("history");
    record("a");
    record("b");
    journal.commit();
    EXPECT_THAT(payloads(read(*cursor, {.records = 1})), ElementsAre("a"));
    const auto again = read(*cursor, {.records = 1});
    EXPECT_THAT(payloads(again), ElementsAre("a"));
    EXPECT_TRUE(again.more);
    ASSERT_TRUE(cursor->done(again.last));
    const auto next = read(*cursor, {.records = 1});
    EXPECT_THAT(payloads(next), ElementsAre("b"));
    EXPECT_FALSE(next.more);
}

TEST_F(CursorsTest, ABatchEndsBeforeItsBytesAreExceededButHasOneRecord) {
    const auto cursor = open("history");
    for (const std::size_t length : {100U, 3U, 3U, 3U})
        record(std::string(length, 'x'));
    journal.commit();
    const auto first = read(*cursor, {.bytes = 6});
    EXPECT_EQ(first.records.size(), 1U) << "however long";
    ASSERT_TRUE(cursor->done(first.last));
    EXPECT_EQ(read(*cursor, {.bytes = 6}).records.size(), 2U);
    EXPECT_EQ(read(*cursor, {.records = 0}).records.size(), 1U) << "never none";
}

TEST_F(CursorsTest, NobodyIsDoneWithWhatIsNotCommitted) {
    const auto cursor = open("history");
    record("a");
    const auto early = cursor->done(journal.last());
    ASSERT_FALSE(early);
    EXPECT_EQ(early.error().code, Code::invalid);
    journal.commit();
    EXPECT_TRUE(cursor->done(journal.last()));
    const auto position = cursor->position();
    EXPECT_TRUE(cursor->done(1)) << "an older one changes nothing";
    EXPECT_EQ(cursor->position(), position);
}

TEST_F(CursorsTest, PositionsAreNoRecordsForListenersAndDoNotFeedThemselves) {
    const auto cursor = open("history");
    const auto other = open("mirror");
    record("a");
    for (int turn = 0; turn < 20; ++turn) {
        journal.commit();
        for (Cursor* each : {cursor.get(), other.get()}) {
            const auto batch = read(*each);
            if (batch.last != 0) ASSERT_TRUE(each->done(batch.last));
        }
    }
    EXPECT_EQ(cursor->lag(), 0U);
    EXPECT_LE(journal.records().size(), 5U) << "two beginnings, one record, two positions";
}

TEST_F(CursorsTest, APositionOutlivesTheProgramAsFarAsItIsCommitted) {
    auto cursor = open("history");
    for (int i = 0; i < 3; ++i) {
        record(std::to_string(i));
        journal.commit();
        ASSERT_TRUE(cursor->done(read(*cursor, {.records = 1}).last));
    }
    const auto position = cursor->position();
    cursor.reset();
    const auto before = journal.last();
    journal.commit();
    MemoryJournal newest = journal;
    EXPECT_EQ(newest.cursors()->list().front().position, position);
    journal.cut_after(before);
    cursor = open("history");
    EXPECT_THAT(payloads(read(*cursor)), ElementsAre("2")) << "read twice, not never";
}

TEST_F(CursorsTest, ACursorMayBeginNow) {
    record("a");
    const auto cursor = open("history", CursorStart::now);
    record("b");
    journal.commit();
    EXPECT_THAT(payloads(read(*cursor)), ElementsAre("b"));
}

TEST_F(CursorsTest, WhatWasGoneBeforeTheCursorCameIsNotLostToIt) {
    for (const char* payload : {"a", "b", "c"})
        record(payload);
    journal.drop_before(2);
    journal.commit();
    const auto cursor = open("history");
    const auto other = open("mirror");
    const auto batch = read(*cursor);
    EXPECT_FALSE(batch.lost);
    EXPECT_THAT(payloads(batch), ElementsAre("b", "c"));
    journal.drop_before(3);
    for (Cursor* each : {cursor.get(), other.get()}) {
        const auto now = read(*each);
        ASSERT_TRUE(now.lost) << "now it had come";
        EXPECT_EQ(*now.lost, (SequenceRange{2, 2}));
    }
}

TEST_F(CursorsTest, WhatIsGoneIsNamedUntilTheListenerIsDoneWithIt) {
    const auto cursor = open("history");
    for (const char* payload : {"a", "b", "c", "d"})
        record(payload);
    journal.commit();
    ASSERT_TRUE(cursor->done(read(*cursor, {.records = 1}).last));
    const auto position = cursor->position();
    journal.drop_before(position + 3);
    for (int i = 0; i < 2; ++i) {
        const auto batch = read(*cursor);
        ASSERT_TRUE(batch.lost);
        EXPECT_EQ(*batch.lost, (SequenceRange{position + 1, position + 2}));
        EXPECT_THAT(payloads(batch), ElementsAre("d"));
    }
    ASSERT_TRUE(cursor->done(position + 2));
    EXPECT_FALSE(read(*cursor).lost);
}

TEST_F(CursorsTest, OneBatchNamesOneRange) {
    const auto cursor = open("history");
    for (const char* payload : {"a", "b", "c"})
        record(payload);
    journal.commit();
    ASSERT_TRUE(cursor->done(read(*cursor, {.records = 1}).last));
    const auto all = journal.last();
    journal.drop_before(all + 1);
    const auto batch = read(*cursor);
    ASSERT_TRUE(batch.lost);
    EXPECT_EQ(batch.lost->last, all) << "also where nothing follows";
    EXPECT_EQ(batch.last, all);
    ASSERT_TRUE(cursor->done(batch.last));
    EXPECT_EQ(cursor->lag(), 0U);
}

TEST_F(CursorsTest, WhatIsLostIsToldBeforeWhatFollowsItIsCommitted) {
    const auto cursor = open("history", CursorStart::now);
    record("a");
    journal.commit();
    const auto committed = journal.last();
    journal.drop_before(committed + 1);
    record("b");
    const auto batch = read(*cursor);
    ASSERT_TRUE(batch.lost);
    EXPECT_EQ(batch.lost->last, committed);
    EXPECT_THAT(payloads(batch), IsEmpty());
}

struct Letters final : Owner {
    KindRange kinds() const override { return home_kinds; }
    Result<void> replay(const Record&) override { return {}; }
    void reset() override {}
    void snapshot(SnapshotSink& sink) const override {
        for (const char* letter : {"A", "B", "C"})
            sink.put(100, 1, letter);
    }
};

TEST_F(CursorsTest, WhoHasLostSomethingMayReadTheNewestState) {
    const auto cursor = open("history");
    record("a");
    journal.checkpoint({});
    record("b");
    const Letters letters;
    journal.checkpoint({&letters});
    record("c");
    journal.commit();
    const auto first = read_state(*cursor, {.records = 2});
    ASSERT_TRUE(first);
    EXPECT_TRUE(first->state_begins);
    EXPECT_FALSE(first->state_ends);
    EXPECT_EQ(first->last, 0U) << "half a state is nothing to be done with";
    EXPECT_THAT(payloads(*first), ElementsAre("A", "B"));
    const auto second = read_state(*cursor, {.records = 2});
    ASSERT_TRUE(second);
    EXPECT_FALSE(second->state_begins);
    EXPECT_TRUE(second->state_ends);
    EXPECT_THAT(payloads(*second), ElementsAre("C"));
    ASSERT_TRUE(cursor->done(second->last));
    EXPECT_THAT(payloads(read(*cursor)), ElementsAre("c"));
    ASSERT_TRUE(cursor->done(read(*cursor).last));
    const auto older = read_state(*cursor);
    ASSERT_FALSE(older);
    EXPECT_EQ(older.error().code, Code::refused);
}

TEST_F(CursorsTest, AStateThatWasNotReadToItsEndBeginsAnew) {
    auto cursor = open("history");
    const Letters letters;
    journal.checkpoint({&letters});
    journal.commit();
    ASSERT_TRUE(read_state(*cursor, {.records = 1}));
    (void)read(*cursor);
    EXPECT_TRUE(read_state(*cursor, {.records = 1})->state_begins);
    cursor.reset();
    cursor = open("history");
    const auto anew = read_state(*cursor, {.records = 1});
    EXPECT_TRUE(anew->state_begins);
    EXPECT_THAT(payloads(*anew), ElementsAre("A"));
}

TEST_F(CursorsTest, NamesAreBounded) {
    for (const std::string& bad : {std::string(), std::string("a b"), std::string("a/b"),
                                   std::string("a\"b"), std::string(max_cursor_name + 1, 'a')}) {
        const auto opened = journal.cursors()->open(bad, CursorStart::now);
        ASSERT_FALSE(opened) << bad;
        EXPECT_EQ(opened.error().code, Code::invalid);
    }
    EXPECT_TRUE(journal.cursors()->open(std::string(max_cursor_name, 'a'), CursorStart::now));
    EXPECT_TRUE(journal.cursors()->open("cloud-mirror_2.eu", CursorStart::now));
}

TEST_F(CursorsTest, ThereAreSoManyCursorsAndNoMoreUntilOneIsForgotten) {
    for (std::size_t i = 0; i < max_cursors; ++i)
        (void)open(std::to_string(i));
    const auto more = journal.cursors()->open("more", CursorStart::now);
    ASSERT_FALSE(more);
    EXPECT_EQ(more.error().code, Code::limit);
    EXPECT_TRUE(journal.cursors()->open("3", CursorStart::now)) << "it is there already";
    ASSERT_TRUE(journal.cursors()->forget("3"));
    EXPECT_TRUE(journal.cursors()->open("more", CursorStart::now));
}

TEST_F(CursorsTest, OneNameIsOneListeners) {
    auto cursor = open("history");
    const auto second = journal.cursors()->open("history", CursorStart::now);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, Code::conflict);
    EXPECT_EQ(journal.cursors()->forget("history").error().code, Code::conflict);
    cursor.reset();
    EXPECT_TRUE(journal.cursors()->open("history", CursorStart::now));
    EXPECT_EQ(journal.cursors()->forget("nobody").error().code, Code::not_found);
}

TEST_F(CursorsTest, AForgottenCursorIsGoneAfterARestartAndBeginsAnew) {
    record("a");
    (void)open("history", CursorStart::now);
    ASSERT_TRUE(journal.cursors()->forget("history"));
    EXPECT_THAT(journal.cursors()->list(), IsEmpty());
    journal.commit();
    MemoryJournal after = journal;
    EXPECT_THAT(after.cursors()->list(), IsEmpty());
    const auto anew = open("history");
    EXPECT_THAT(payloads(read(*anew)), ElementsAre("a"));
}

TEST_F(CursorsTest, ACheckpointHoldsThePositionsAlsoOfThoseThatNobodyOpens) {
    auto cursor = open("history");
    (void)open("of-a-newer-program", CursorStart::now);
    record("a");
    journal.commit();
    ASSERT_TRUE(cursor->done(read(*cursor).last));
    const auto position = cursor->position();
    cursor.reset();
    const auto before = journal.last();
    journal.checkpoint({});
    journal.drop_before(before + 1);
    MemoryJournal after = journal;
    const auto list = after.cursors()->list();
    ASSERT_EQ(list.size(), 2U);
    EXPECT_EQ(list[0].position, position);
    EXPECT_EQ(list[1].name, "of-a-newer-program");
}

TEST_F(CursorsTest, WhoLetsGoOfACursorIsNotAnsweredAnyMore) {
    auto cursor = open("history");
    record("a");
    journal.commit();
    bool answered = false;
    cursor->read({}, [&](const Result<Batch>&) { answered = true; });
    cursor.reset();
    journal.answer_reads();
    EXPECT_FALSE(answered);
}

TEST_F(CursorsTest, WhatIsHeldIsWhatTheLastCommittedPositionNeeds) {
    const auto cursor = open("history", CursorStart::now);
    record("a");
    journal.commit();
    auto& book = dynamic_cast<CursorBook&>(*journal.cursors());
    const auto first = book.needed();
    ASSERT_TRUE(cursor->done(journal.last()));
    EXPECT_EQ(book.needed(), first) << "a power cut would take it back there";
    book.put_marks(0, 0, false);
    EXPECT_EQ(book.needed(), first);
    journal.commit();
    EXPECT_GT(book.needed(), first);
}

TEST_F(CursorsTest, APositionIsWrittenWithOtherRecordsOrAfterAWhileAndOnceForEachCommit) {
    const auto cursor = open("history", CursorStart::now);
    auto& book = dynamic_cast<CursorBook&>(*journal.cursors());
    record("a");
    record("b");
    journal.commit();
    const auto marks = [&] { return journal.records().size(); };
    const auto before = marks();
    ASSERT_TRUE(cursor->done(2));
    book.put_marks(100, 50, true);
    EXPECT_EQ(book.next_mark(50), 150);
    book.put_marks(149, 50, true);
    EXPECT_EQ(marks(), before) << "nothing else is written, and it has not waited for long";
    book.put_marks(149, 50, false);
    EXPECT_EQ(marks(), before + 1);
    ASSERT_TRUE(cursor->done(3));
    book.put_marks(200, 50, false);
    EXPECT_EQ(marks(), before + 1) << "the one before is not committed";
    EXPECT_EQ(book.next_mark(50), std::nullopt);
    book.committed(journal.last());
    EXPECT_EQ(book.next_mark(50), 250);
    book.put_marks(250, 50, true);
    EXPECT_EQ(marks(), before + 2);
}

TEST_F(CursorsTest, RecordsOfANewerProgramAreRefusedNotGuessed) {
    auto& book = dynamic_cast<CursorBook&>(*journal.cursors());
    EXPECT_EQ(book.replay({1, 509, 1, false, "x"}).error().code, Code::newer);
    EXPECT_EQ(book.replay({1, cursor_moved_kind, 2, false, "x"}).error().code, Code::newer);
    EXPECT_FALSE(book.replay({1, cursor_moved_kind, 1, false, "x"}));
    const auto told = CursorBook::describe({1, cursor_moved_kind, 1, false, "\x01h\x07"});
    ASSERT_TRUE(told);
    EXPECT_EQ(*told->find("cursor")->as_string(), "h");
    EXPECT_EQ(*told->find("kind")->as_string(), "cursor_moved");
}

} // namespace
} // namespace hearth::journal
