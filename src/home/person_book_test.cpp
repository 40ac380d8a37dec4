#include "base/bytes.h"
#include "base/json.h"
#include "home/person_book.h"
#include "home/person_records.h"
#include "journal/memory_journal.h"

#include <gtest/gtest.h>

namespace hearth::home {
namespace {

struct PersonBookTest : testing::Test {
    ManualClock clock;
    SeededRandom random{1};
    journal::MemoryJournal journal;
    PersonBook book{clock, random, journal};

    std::string add(std::string_view name) { return book.add_person(name, "hash").value().id; }
    void expect_equal(const PersonBook& other) const {
        EXPECT_EQ(other.persons(), book.persons());
        EXPECT_EQ(other.tokens(), book.tokens());
        ASSERT_EQ(other.sessions().size(), book.sessions().size());
        for (const access::Session* session : book.sessions())
            EXPECT_EQ(*other.find_session(session->id), *session);
    }
};

TEST_F(PersonBookTest, AHubIsClaimedOnceItHasAPerson) {
    EXPECT_FALSE(book.claimed());
    add("Ann");
    EXPECT_TRUE(book.claimed());
    EXPECT_EQ(book.find_named("ann")->name, "Ann");
    EXPECT_EQ(book.add_person("ANN", "hash").error().code, Code::conflict);
    EXPECT_EQ(book.add_person("", "hash").error().code, Code::invalid);
}

TEST_F(PersonBookTest, ASessionsTokenSaysWhoItIsAndIsNotKept) {
    const std::string ann = add("Ann");
    const auto opened = book.open_session(ann, "Firefox");
    EXPECT_EQ(opened.token.size(), 43U);
    EXPECT_EQ(book.authenticate(opened.token).session->person, ann);
    EXPECT_EQ(book.authenticate(opened.token + "x").session, nullptr);
    EXPECT_EQ(book.authenticate("").session, nullptr);
    for (const auto& record : journal.records())
        EXPECT_EQ(record.payload.find(opened.token), std::string::npos);
}

TEST_F(PersonBookTest, AClosedSessionLetsNobodyInAndItsListenersHear) {
    const auto opened = book.open_session(add("Ann"), "");
    int heard = 0;
    book.on_revoked([&] { ++heard; });
    ASSERT_TRUE(book.close_session(opened.id));
    EXPECT_EQ(heard, 1);
    EXPECT_EQ(book.authenticate(opened.token).session, nullptr);
    EXPECT_EQ(book.close_session(opened.id).error().code, Code::not_found);
}

TEST_F(PersonBookTest, ASessionLastsNinetyDaysFromItsLastUse) {
    const auto opened = book.open_session(add("Ann"), "");
    clock.turn(80 * days);
    EXPECT_NE(book.authenticate(opened.token).session, nullptr);
    clock.turn(80 * days);
    EXPECT_NE(book.authenticate(opened.token).session, nullptr);
    clock.turn(90 * days + 1);
    EXPECT_EQ(book.authenticate(opened.token).session, nullptr);
    EXPECT_TRUE(book.sessions().empty());
}

struct ClockStepTest : PersonBookTest {
    static constexpr Micros right = 1'790'000'000 * seconds;

    /// The book of the next start, with the same journal.
    bool lets_in_after_restart(const std::string& token) {
        PersonBook again(clock, random, journal);
        EXPECT_TRUE(journal.replay_into({&again}));
        return again.authenticate(token).session != nullptr;
    }
};

TEST_F(ClockStepTest, ASessionOfBeforeTheClockWasSetOutlivesItsSetting) {
    clock.jump_to(100 * seconds);
    const auto opened = book.open_session(add("Ann"), "");
    const auto never_used = book.open_session(add("Bob"), "");
    clock.turn(minutes);
    clock.jump_to(right);
    EXPECT_TRUE(lets_in_after_restart(opened.token)) << "also where it was not used before";
    EXPECT_NE(book.authenticate(opened.token).session, nullptr);
    EXPECT_EQ(book.sessions().size(), 2U);
    EXPECT_EQ(book.find_session(never_used.id)->used_at, right) << "it ages from here";
    clock.turn(90 * days + minutes);
    EXPECT_FALSE(lets_in_after_restart(opened.token));
    EXPECT_FALSE(lets_in_after_restart(never_used.token));
}

TEST_F(ClockStepTest, AStepForwardEndsNoSessionOfThisLife) {
    const auto opened = book.open_session(add("Ann"), "");
    clock.jump_to(clock.utc() + 400 * days);
    EXPECT_NE(book.find_session(opened.id), nullptr);
    EXPECT_NE(book.authenticate(opened.token).session, nullptr);
    EXPECT_TRUE(lets_in_after_restart(opened.token));
    clock.turn(90 * days + 1);
    EXPECT_EQ(book.authenticate(opened.token).session, nullptr);
}

TEST_F(ClockStepTest, AStepBackMakesNoSessionLastLonger) {
    clock.jump_to(right + 10 * 365 * days);
    const auto opened = book.open_session(add("Ann"), "");
    clock.jump_to(right);
    EXPECT_NE(book.authenticate(opened.token).session, nullptr);
    clock.turn(90 * days + minutes);
    EXPECT_EQ(book.authenticate(opened.token).session, nullptr);
    EXPECT_FALSE(lets_in_after_restart(opened.token));
}

TEST_F(ClockStepTest, AClockThatIsNotSetYetEndsNoSession) {
    const auto opened = book.open_session(add("Ann"), "");
    clock.jump_to(0);
    EXPECT_TRUE(lets_in_after_restart(opened.token));
    clock.jump_to(right);
    EXPECT_NE(book.authenticate(opened.token).session, nullptr);
}

TEST_F(PersonBookTest, UsingASessionIsJournaledOnceAnHour) {
    const auto opened = book.open_session(add("Ann"), "");
    const auto before = journal.last();
    for (int i = 0; i < 60; ++i) {
        clock.turn(minutes);
        book.authenticate(opened.token);
    }
    EXPECT_EQ(journal.last(), before + 1);
}

TEST_F(PersonBookTest, TheSessionUnusedForLongestMakesRoom) {
    const std::string ann = add("Ann");
    const auto first = book.open_session(ann, "");
    const auto other = book.open_session(add("Bob"), "");
    for (std::size_t i = 1; i <= PersonBook::max_sessions; ++i) {
        clock.turn(hours);
        book.open_session(ann, "");
    }
    EXPECT_EQ(book.find_session(first.id), nullptr);
    EXPECT_NE(book.find_session(other.id), nullptr);
    EXPECT_EQ(book.sessions().size(), PersonBook::max_sessions + 1);
}

TEST_F(PersonBookTest, ATokenLastsUntilItIsRevoked) {
    const std::string key = book.add_token("my script", "").value();
    EXPECT_EQ(book.add_token("my script", "").error().code, Code::conflict);
    EXPECT_EQ(book.add_token("admin token", "").error().code, Code::invalid)
        << "what it does would be told as the command line's";
    clock.turn(1000 * days);
    EXPECT_EQ(book.authenticate(key).token->name, "my script");
    ASSERT_TRUE(book.revoke_token("my script"));
    EXPECT_EQ(book.authenticate(key).token, nullptr);
    EXPECT_EQ(book.revoke_token("my script").error().code, Code::not_found);
}

TEST_F(PersonBookTest, PeopleAndTokensAreLimited) {
    for (std::size_t i = 0; i < PersonBook::max_persons; ++i)
        add("P" + std::to_string(i));
    EXPECT_EQ(book.add_person("one more", "").error().code, Code::limit);
    for (std::size_t i = 0; i < PersonBook::max_tokens; ++i)
        ASSERT_TRUE(book.add_token("T" + std::to_string(i), ""));
    EXPECT_EQ(book.add_token("one more", "").error().code, Code::limit);
}

TEST_F(PersonBookTest, ReplayAndCheckpointRebuildItExactly) {
    const std::string ann = add("Ann");
    const auto kept = book.open_session(ann, "Firefox");
    const auto closed = book.open_session(ann, "");
    ASSERT_TRUE(book.close_session(closed.id));
    const std::string key = book.add_token("kept", ann).value();
    ASSERT_TRUE(book.add_token("gone", ann));
    ASSERT_TRUE(book.revoke_token("gone"));
    clock.turn(2 * hours);
    book.authenticate(kept.token);
    for (const bool checkpoint : {false, true}) {
        if (checkpoint) journal.checkpoint({&book});
        PersonBook again(clock, random, journal);
        ASSERT_TRUE(journal.replay_into({&again}));
        expect_equal(again);
        EXPECT_EQ(again.authenticate(kept.token).session->used_at, clock.utc());
        EXPECT_EQ(again.authenticate(closed.token).session, nullptr);
        EXPECT_EQ(again.authenticate(key).token->person, ann);
    }
}

TEST_F(PersonBookTest, RecordsAreDescribedWithoutTheirSecrets) {
    book.add_person("Ann", "$argon2id$secret").value();
    book.close_session(book.open_session("x", "").id).value();
    ASSERT_TRUE(book.add_token("t", ""));
    ASSERT_TRUE(book.revoke_token("t"));
    for (const auto& record : journal.records()) {
        const auto shown = PersonBook::describe(record.view());
        ASSERT_TRUE(shown) << shown.error().detail;
        EXPECT_EQ(to_json(*shown).find("argon2"), std::string::npos);
    }
}

TEST_F(PersonBookTest, DamagedAndNewerRecordsAreRefused) {
    add("Ann");
    const auto& stored = journal.records().front();
    auto record = stored.view();
    record.payload.remove_suffix(1);
    EXPECT_FALSE(book.replay(record));
    EXPECT_EQ(book.replay({1, 320, person_record_version + 1, false, stored.payload}).error().code,
              Code::newer);
    EXPECT_EQ(book.replay({1, 339, 1, false, ""}).error().code, Code::newer);
}

TEST_F(PersonBookTest, RightsLastAndAreInACheckpoint) {
    add("Ann");
    const std::string ben = add("Ben");
    const access::Rights guest{
        .role = access::Role::guest,
        .until = 1'900'000'000 * seconds,
        .grants = {{.areas = {"hall"}, .types = {"lock"}, .verbs = {access::Verb::open}}}};
    ASSERT_TRUE(book.change_person(ben, "Benjamin", guest));
    const auto expect_known = [&] {
        PersonBook again(clock, random, journal);
        ASSERT_TRUE(journal.replay_into({&again}));
        expect_equal(again);
        EXPECT_EQ(again.find_named("benjamin")->rights, guest);
    };
    expect_known();
    journal.checkpoint({&book});
    expect_known();
}

/// Before there were rights, whoever had claimed the hub was all there was.
TEST_F(PersonBookTest, SomebodyOfAnOlderJournalIsAnOwner) {
    std::string bytes;
    ByteWriter out(bytes);
    for (const char* text : {"k3x9mw2p", "Ann", "hash"})
        out.string(text);
    out.zigzag(5);
    ASSERT_TRUE(book.replay({1, person_added, 1, false, bytes}));
    EXPECT_EQ(book.find_named("Ann")->rights.role, access::Role::owner);
    EXPECT_TRUE(PersonBook::describe({1, person_added, 1, false, bytes}));
}

TEST_F(PersonBookTest, ForgettingSomebodyEndsWhatTheyOpenedAlsoInAReplay) {
    add("Ann");
    const std::string ben = add("Ben");
    const auto session = book.open_session(ben, "");
    const std::string token = book.add_token("bens", ben).value();
    ASSERT_TRUE(book.forget_person(ben));
    const auto expect_gone = [&](PersonBook& people) {
        EXPECT_EQ(people.authenticate(session.token).session, nullptr);
        EXPECT_EQ(people.authenticate(token).token, nullptr);
        EXPECT_EQ(people.persons().size(), 1U);
    };
    expect_gone(book);
    PersonBook again(clock, random, journal);
    ASSERT_TRUE(journal.replay_into({&again}));
    expect_gone(again);
    EXPECT_EQ(book.forget_person(ben).error().code, Code::not_found);
}

TEST_F(PersonBookTest, TheLastOwnerStays) {
    const std::string ann = add("Ann");
    const access::Rights member{.role = access::Role::member, .until = 0, .grants = {}};
    EXPECT_EQ(book.forget_person(ann).error().code, Code::conflict);
    EXPECT_EQ(book.change_person(ann, "Ann", member).error().code, Code::conflict);
    const std::string ben = add("Ben");
    EXPECT_TRUE(book.change_person(ann, "Ann", member));
    EXPECT_EQ(book.forget_person(ben).error().code, Code::conflict);
    EXPECT_TRUE(book.forget_person(ann));
}

TEST_F(PersonBookTest, TheFirstPersonIsAnOwner) {
    EXPECT_EQ(
        book.add_person("Ben", "hash", {.role = access::Role::guest, .until = 0, .grants = {}})
            .error()
            .code,
        Code::invalid);
}

} // namespace
} // namespace hearth::home
