#include "home/credential_book.h"
#include "journal/memory_journal.h"

#include <set>

#include <gtest/gtest.h>

namespace hearth::home {
namespace {

struct CredentialBookTest : testing::Test {
    ManualClock clock;
    SeededRandom random{1};
    journal::MemoryJournal journal;
    CredentialBook book{clock, random, journal};
};

TEST_F(CredentialBookTest, OnlyTheKeyThatWasShownLetsIn) {
    const std::string key = book.add("plug", {"extra/#"}).value();
    EXPECT_EQ(key.size(), 43U);
    EXPECT_EQ(book.authenticate("plug", key)->topics.at(0), "extra/#");
    EXPECT_EQ(book.authenticate("plug", key + "x"), nullptr);
    EXPECT_EQ(book.authenticate("other", key), nullptr);
    EXPECT_EQ(book.authenticate("", ""), nullptr);
}

TEST_F(CredentialBookTest, TheKeyItselfIsNotKept) {
    const std::string key = book.add("plug", {}).value();
    for (const auto& record : journal.records())
        EXPECT_EQ(record.payload.find(key), std::string::npos);
}

TEST_F(CredentialBookTest, ANameIsGivenOnceUntilItIsRevoked) {
    ASSERT_TRUE(book.add("plug", {}));
    EXPECT_EQ(book.add("plug", {}).error().code, Code::conflict);
    std::string told;
    book.on_change([&](std::string_view name) { told = name; });
    ASSERT_TRUE(book.revoke("plug"));
    EXPECT_EQ(told, "plug");
    EXPECT_EQ(book.revoke("plug").error().code, Code::not_found);
    EXPECT_TRUE(book.add("plug", {}));
}

TEST_F(CredentialBookTest, NamesThatWouldReachIntoTopicsAreRefused) {
    for (const char* name : {"", "#", "+", "a/b", "a b", "é", "$SYS"})
        EXPECT_FALSE(book.add(name, {})) << name;
    EXPECT_FALSE(book.add(std::string(65, 'a'), {}));
}

TEST_F(CredentialBookTest, ReplayAndCheckpointKeepThem) {
    const std::string key = book.add("plug", {"a/#"}).value();
    ASSERT_TRUE(book.add("gone", {}));
    ASSERT_TRUE(book.revoke("gone"));
    CredentialBook again(clock, random, journal);
    ASSERT_TRUE(journal.replay_into({&again}));
    EXPECT_EQ(again.all(), book.all());
    journal.checkpoint({&book});
    CredentialBook third(clock, random, journal);
    ASSERT_TRUE(journal.replay_into({&third}));
    EXPECT_EQ(third.all(), book.all());
    EXPECT_NE(third.authenticate("plug", key), nullptr);
}

} // namespace
} // namespace hearth::home
