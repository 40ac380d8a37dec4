#include "base/bytes.h"
#include "home/test_home.h"

namespace hearth::home {
namespace {

using testing::HasSubstr;

struct KeyTest : HomeTest {
    DeviceId id = add();

    Result<CommandId> issue(Home& at, std::string caller, std::string key, std::vector<Ask> asks,
                            std::string device = {}) {
        return at.issue(somebody, {.device = device.empty() ? id : std::move(device),
                                   .asks = std::move(asks),
                                   .timeout = {},
                                   .key = std::move(key),
                                   .caller = std::move(caller)});
    }
    Result<CommandId> on(std::string caller, std::string key) {
        return issue(home, std::move(caller), std::move(key), {{{"on_off.on"}, true}});
    }
};

TEST_F(KeyTest, TheSameRequestWithTheSameKeyIsDoneOnceAlsoAfterARestart) {
    const CommandId first = on("token a", "k1").value();
    EXPECT_EQ(on("token a", "k1").value(), first);
    EXPECT_NE(on("token a", "k2").value(), first);
    report(id, "on_off.on", true);
    for (const bool with_checkpoint : {false, true}) {
        if (with_checkpoint) journal.checkpoint({&home});
        Home again(clock, random, journal, sender, limits);
        ASSERT_TRUE(journal.replay_into({&again}));
        EXPECT_EQ(issue(again, "token a", "k1", {{{"on_off.on"}, true}}).value(), first);
        EXPECT_EQ(again.find_settled(first)->settlement, Settlement::confirmed);
        EXPECT_FALSE(issue(again, "token a", "k1", {{{"on_off.on"}, false}}));
    }
}

TEST_F(KeyTest, AKeyThatStandsForAnotherRequestIsAConflictAndNothingIsDone) {
    const DeviceId other = add(lamp("lamp-2"));
    ASSERT_TRUE(on("token a", "k1"));
    const std::size_t before = journal.records().size();
    const auto off = issue(home, "token a", "k1", {{{"on_off.on"}, false}});
    EXPECT_EQ(off.error().code, Code::conflict);
    EXPECT_THAT(off.error().detail, HasSubstr("send a new key"));
    EXPECT_EQ(issue(home, "token a", "k1", {{{"on_off.on"}, true}}, other).error().code,
              Code::conflict);
    EXPECT_EQ(
        issue(home, "token a", "k1", {{{"on_off.on"}, true}, {{"level.percent"}, 5}}).error().code,
        Code::conflict);
    EXPECT_EQ(journal.records().size(), before);
}

TEST_F(KeyTest, TheOrderOfAttributesAndHowANumberIsWrittenMakeNoOtherRequest) {
    const CommandId first =
        issue(home, "token a", "k1", {{{"on_off.on"}, true}, {{"level.percent"}, 50}}).value();
    EXPECT_EQ(
        issue(home, "token a", "k1", {{{"level.percent"}, 50.0}, {{"on_off.on"}, true}}).value(),
        first);
}

TEST_F(KeyTest, TwoCallersHaveTheSameKeyEachForItself) {
    const CommandId first = on("token a", "k1").value();
    const auto second = issue(home, "token b", "k1", {{{"on_off.on"}, false}});
    ASSERT_TRUE(second);
    EXPECT_NE(*second, first);
    EXPECT_NE(on("session c", "k1").value(), first);
    EXPECT_EQ(on("token a", "k1").value(), first);
}

TEST_F(KeyTest, NobodyTakesOrSeesAKeyOfARule) {
    const Cause rule = Cause::of_automation("rule");
    const CommandId theirs = on("token a", "step:1:1").value();
    const auto step = home.issue(rule, {id, {{{"on_off.on"}, true}}, {}, "step:1:1"});
    ASSERT_TRUE(step);
    EXPECT_NE(*step, theirs) << "the rule's step is done";
    EXPECT_EQ(sender.sent.size(), 2U);
    ASSERT_TRUE(home.issue(rule, {id, {{{"on_off.on"}, true}}, {}, "step:2:1"}));
    EXPECT_NE(on("token a", "step:2:1").value(), *step);
    EXPECT_EQ(sender.sent.size(), 4U);
}

TEST_F(KeyTest, KeysOfAutomationsAndOfOthersDoNotPushOutMine) {
    const CommandId first = on("token a", "mine").value();
    for (std::size_t i = 0; i <= limits.remembered_keys; ++i) {
        ASSERT_TRUE(home.issue(Cause::of_automation("rule"),
                               {id, {{{"level.percent"}, 5}}, {}, fmt::format("step:{}:1", i)}));
        ASSERT_TRUE(on("token b", fmt::format("{}", i)));
        report(id, "level.percent", 5);
        report(id, "on_off.on", true);
    }
    EXPECT_EQ(on("token a", "mine").value(), first);
    EXPECT_NE(on("token b", "0").value(), first) << "b's oldest one is forgotten";
}

TEST_F(KeyTest, OneRequestMayMakeACommandForEachOfItsParts) {
    const DeviceId other = add(lamp("lamp-2"));
    const auto say = [&](const DeviceId& device, std::string text) {
        return home.issue(somebody, {.device = device,
                                     .asks = {{{"on_off.on"}, true}},
                                     .timeout = {},
                                     .key = "k1",
                                     .caller = "token a",
                                     .part = device,
                                     .asked = std::move(text)});
    };
    const CommandId first = say(id, "all on").value();
    const CommandId second = say(other, "all on").value();
    EXPECT_NE(first, second);
    EXPECT_EQ(say(id, "all on").value(), first);
    EXPECT_EQ(say(other, "all on").value(), second);
    EXPECT_EQ(say(id, "all off").error().code, Code::conflict);
    EXPECT_EQ(home.check_key({"token a", "k1", {}, "all off"}).error().code, Code::conflict);
    EXPECT_TRUE(home.check_key({"token a", "k1", {}, "all on"}));
}

TEST_F(KeyTest, AKeyIsTextOfALimitedLength) {
    EXPECT_TRUE(on("token a", std::string(limits.key_bytes, 'k')));
    EXPECT_EQ(on("token a", std::string(limits.key_bytes + 1, 'k')).error().code, Code::invalid);
    EXPECT_EQ(on("token a", "\xff").error().code, Code::invalid);
}

/// As they were written before keys had callers.
std::string old_issue(EventId event, CommandId command, const DeviceId& device,
                      std::string_view key, std::uint8_t by = 4) {
    std::string bytes;
    ByteWriter out(bytes);
    out.varint(event);
    out.zigzag(1'000'000);
    out.u8(by);
    out.string("admin token");
    out.varint(0);
    out.varint(command);
    out.string(device);
    out.zigzag(2'000'000);
    out.string(key);
    out.varint(1);
    out.string("on_off.on");
    out.value(true);
    return bytes;
}

std::string old_key(std::string_view key, CommandId command) {
    std::string bytes;
    ByteWriter out(bytes);
    out.string(key);
    out.varint(command);
    return bytes;
}

TEST_F(KeyTest, AKeyOfAnOldJournalStandsForItsRequestWhoeverAsks) {
    const EventId next = home.last_event() + 1;
    journal.append(static_cast<journal::Kind>(RecordKind::command_issued), 1,
                   old_issue(next, 7, id, "k1"));
    Home again(clock, random, journal, sender, limits);
    ASSERT_TRUE(journal.replay_into({&again}));
    ASSERT_EQ(again.open_commands().size(), 1U);
    EXPECT_EQ(issue(again, "token a", "k1", {{{"on_off.on"}, true}}).value(), 7U);
    EXPECT_NE(issue(again, "token a", "k1", {{{"on_off.on"}, false}}).value(), 7U)
        << "another's request";
}

TEST_F(KeyTest, AnOldCheckpointsKeyIsKnownByTheEventBesideIt) {
    Home again(clock, random, journal, sender, limits);
    ASSERT_TRUE(journal.replay_into({&again}));
    const auto state = [&](RecordKind kind, const std::string& payload) {
        ASSERT_TRUE(again.replay({1, static_cast<journal::Kind>(kind), 1, true, payload}));
    };
    state(RecordKind::key_state, old_key("k1", 7));
    state(RecordKind::key_state, old_key("lost", 6));
    state(RecordKind::command_issued, old_issue(1, 7, id, "k1"));
    EXPECT_EQ(issue(again, "token a", "k1", {{{"on_off.on"}, true}}).value(), 7U);
    EXPECT_NE(issue(again, "token a", "lost", {{{"on_off.on"}, true}}).value(), 6U);
}

} // namespace
} // namespace hearth::home
