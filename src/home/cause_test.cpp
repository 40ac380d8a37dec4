#include "base/bytes.h"
#include "home/test_home.h"

#include <algorithm>

/// Who said a sentence stands in the records of what it led to.
namespace hearth::home {
namespace {

using testing::HasSubstr;

const Cause spoken{Cause::By::sentence, "lights on", 0, {Subject::Kind::person, "ada"}};

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
    R"({"by":"sentence","id":"lights on","subject":{"kind":"person","id":"ada"}})";

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

TEST_F(CauseTest, TheAdminTokenHasNoName) {
    EXPECT_EQ(to_json(to_value(Cause{Cause::By::sentence, "x", 0, {Subject::Kind::admin, {}}})),
              R"({"by":"sentence","id":"x","subject":{"kind":"admin"}})");
}

/// As hearth wrote them before it kept who spoke.
TEST_F(CauseTest, ARecordWithoutASpeakerIsAsItWasToTheByte) {
    const EventId next = home.last_event() + 1;
    ask(id, "on_off.on", true);
    std::string bytes;
    ByteWriter out(bytes);
    out.varint(next);
    out.zigzag(clock.utc());
    out.u8(static_cast<std::uint8_t>(Cause::By::person));
    out.string("ada");
    out.varint(0);
    EXPECT_TRUE(record(RecordKind::command_issued).payload.starts_with(bytes));
}

} // namespace
} // namespace hearth::home
