#include "base/bytes.h"
#include "home/record_parts.h"
#include "home/test_home.h"

#include <algorithm>
#include <optional>
#include <utility>

/// Who said a sentence stands in the records of what it led to.
namespace hearth::home {
namespace {

using testing::HasSubstr;

const Cause spoken{
    .subject = {Subject::Kind::person, "ada"}, .via = Via::sentence, .said = "lights on"};

class CauseTest : public HomeTest {
protected:
    DeviceId id = add();
    CommandId say() { return home.issue(spoken, {id, {{{"on_off.on"}, true}}, {}}).value(); }
    const journal::MemoryJournal::Stored& record(RecordKind kind) const {
        const auto& all = journal.records();
        const auto found = std::ranges::find_if(
            all, [&](const auto& kept) { return kept.kind == static_cast<journal::Kind>(kind); });
        EXPECT_NE(found, all.end());
        return *found;
    }
    std::string cause_of(RecordKind kind) const {
        return to_json(describe(record(kind).view())->at("cause"));
    }
};

constexpr const char* words =
    R"({"subject":{"kind":"person","id":"ada"},"via":"sentence","said":"lights on"})";

TEST_F(CauseTest, ACommandTellsWhoSaidTheSentence) {
    say();
    EXPECT_EQ(cause_of(RecordKind::command_issued), words);
}

TEST_F(CauseTest, SoDoesItsSettlementWhereNobodyAnswers) {
    say();
    clock.turn(limits.command_timeout);
    home.advance();
    EXPECT_THAT(cause_of(RecordKind::command_settled),
                HasSubstr(R"("subject":{"kind":"person","id":"ada"})"));
}

TEST_F(CauseTest, ItIsThereAfterARestartAndInACheckpoint) {
    const CommandId command = say();
    const auto known_after_restart = [&] {
        Home again(clock, random, journal, sender, limits);
        EXPECT_TRUE(journal.replay_into({&again}));
        EXPECT_EQ(again.open_commands().at(command).cause, spoken);
        EXPECT_EQ(again.recent_events().back().cause, spoken);
    };
    known_after_restart();
    journal.checkpoint({&home});
    known_after_restart();
    EXPECT_EQ(cause_of(RecordKind::command_state), words);
}

TEST_F(CauseTest, WhatThereIsNotIsLeftOut) {
    EXPECT_EQ(to_json(to_value(Cause::of_device("lamp", 7))),
              R"({"subject":{"kind":"device","id":"lamp"},"event":7})");
    EXPECT_EQ(to_json(to_value(Cause())), R"({"subject":{"kind":"nobody"}})");
}

TEST_F(CauseTest, EverySubjectAndWayIsReadAsItWasWritten) {
    for (int kind = 0; kind <= static_cast<int>(Subject::Kind::hub); ++kind)
        for (int via = 0; via <= static_cast<int>(Via::mcp); ++via) {
            const Cause cause{.subject = {static_cast<Subject::Kind>(kind), "somebody"},
                              .via = static_cast<Via>(via),
                              .said = static_cast<Via>(via) == Via::sentence ? "words" : "",
                              .event = 12};
            std::string bytes;
            ByteWriter out(bytes);
            write(out, cause, "lamp");
            ByteReader in(bytes);
            bool itself = true;
            EXPECT_EQ(read_cause(in, itself), cause);
            EXPECT_FALSE(itself);
            EXPECT_TRUE(in.finish("cause"));
        }
}

/// Most events are: their device's id stands in them once.
TEST_F(CauseTest, OfTheDeviceItselfIsOneByte) {
    std::string bytes;
    ByteWriter out(bytes);
    write(out, Cause::of_device("lamp"), "lamp");
    EXPECT_EQ(bytes, std::string("\x80\0", 2));
    ByteReader in(bytes);
    bool itself = false;
    EXPECT_EQ(read_cause(in, itself), Cause::of_device(""));
    EXPECT_TRUE(itself);
}

/// As records had it before they told who and by which way.
TEST_F(CauseTest, WhatOlderJournalsTellIsUnderstood) {
    using Kind = Subject::Kind;
    const auto old = [](std::uint8_t by, std::string_view who,
                        std::optional<std::pair<std::uint8_t, std::string_view>> speaker = {}) {
        std::string bytes;
        ByteWriter out(bytes);
        out.u8(static_cast<std::uint8_t>(by | (speaker ? 0x40 : 0)));
        out.string(who);
        out.varint(3);
        if (speaker) {
            out.u8(speaker->first);
            out.string(speaker->second);
        }
        ByteReader in(bytes);
        bool itself = true;
        const Cause cause = read_cause(in, itself);
        EXPECT_FALSE(itself);
        EXPECT_TRUE(in.finish("cause"));
        return cause;
    };
    EXPECT_EQ(old(0, "lamp"), Cause::of_device("lamp", 3));
    EXPECT_EQ(old(1, "ada"), (Cause{.subject = {Kind::person, "ada"}, .event = 3}));
    EXPECT_EQ(old(2, "night"), Cause::of_automation("night", 3));
    EXPECT_EQ(old(3, "lights on"), (Cause{.via = Via::sentence, .said = "lights on", .event = 3}));
    EXPECT_EQ(old(3, "lights on", {{1, "ada"}}), (Cause{.subject = {Kind::person, "ada"},
                                                        .via = Via::sentence,
                                                        .said = "lights on",
                                                        .event = 3}));
    EXPECT_EQ(old(3, "x", {{3, ""}}).subject, (Subject{Kind::hub, std::string(admin_part)}));
    EXPECT_EQ(old(4, "script"),
              (Cause{.subject = {Kind::token, "script"}, .via = Via::api, .event = 3}));
    EXPECT_EQ(old(4, "admin token").subject, (Subject{Kind::hub, "admin token"}));
    EXPECT_EQ(old(4, "home file"), (Cause{.subject = {Kind::hub, "home file"}, .event = 3}));
    EXPECT_EQ(old(5, "helper").subject, (Subject{Kind::agent, "helper"}));
}

} // namespace
} // namespace hearth::home
