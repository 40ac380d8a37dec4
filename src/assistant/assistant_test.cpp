#include "assistant/assistant.h"
#include "language/test_home.h"

#include <gmock/gmock.h>

namespace hearth::assistant {
namespace {

using language::Verdict;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct AssistantTest : ::testing::Test {
    /// What is answered, once the devices have had their time.
    Result<Answer> hear(const Said& said) {
        Result<Answer> got = fail(Code::internal, "no answer");
        assistant.say(said, [&](Result<Answer> answer) { got = std::move(answer); });
        while (!timers.empty()) {
            auto task = std::move(timers.front());
            timers.erase(timers.begin());
            task();
        }
        return got;
    }
    Answer say(std::string_view text, std::string_view conversation = "c") {
        return hear({.text = std::string(text),
                     .language = {},
                     .area = {},
                     .key = {},
                     .caller = ann,
                     .conversation = std::string(conversation),
                     .confirm = {},
                     .question = {}})
            .value();
    }
    Result<Answer> confirm(bool yes, std::string question = {}) {
        return hear({.text = {},
                     .language = {},
                     .area = {},
                     .key = {},
                     .caller = ann,
                     .conversation = "c",
                     .confirm = yes,
                     .question = std::move(question)});
    }
    /// What devices were asked for so far, "door lock.state=unlocked".
    std::vector<std::string> asked() const {
        std::vector<std::string> lines;
        for (const auto& [id, open] : house.home.open_commands())
            for (const home::Ask& ask : open.command.asks)
                lines.push_back(fmt::format(
                    "{} {}", house.home.find(open.command.device)->external_id, ask.path.text));
        return lines;
    }

    language::testing::TestHome house;
    std::vector<std::function<void()>> timers;
    home::Subject ann{home::Subject::Kind::person, "ann"};
    home::Subject bob{home::Subject::Kind::person, "bob"};
    Assistant assistant{house.home,
                        language::testing::languages(),
                        house.clock,
                        house.random,
                        [this](Micros, auto task) { timers.push_back(std::move(task)); },
                        {.questions = 3}};
};

TEST_F(AssistantTest, AsksBeforeItUnlocks) {
    const Answer asked_back = say("unlock the front door");
    EXPECT_EQ(asked_back.reply, "Unlock Front door?");
    EXPECT_EQ(asked_back.meant.verdict, Verdict::confirm);
    EXPECT_FALSE(asked_back.outcome);
    EXPECT_THAT(asked(), IsEmpty());
    const Value shown = to_value(asked_back, house.home);
    EXPECT_EQ(shown.at("verdict").string_or(""), "confirm");
    EXPECT_EQ(shown.at("conversation").string_or(""), "c");
    const Value& open = shown.at("confirm");
    EXPECT_EQ(open.at("why").string_or(""), "risk");
    EXPECT_EQ(open.at("devices").as_list()->front().at("name").string_or(""), "Front door");
    EXPECT_EQ(open.at("devices").as_list()->front().at("set").at("lock.state").string_or(""),
              "unlocked");

    const Answer done = say("yes");
    EXPECT_EQ(done.meant.verdict, Verdict::understood);
    EXPECT_THAT(asked(), ::testing::ElementsAre("door lock.state"));
    EXPECT_TRUE(to_value(done, house.home).at("confirm").is_null());
}

TEST_F(AssistantTest, LocksAtOnce) {
    EXPECT_EQ(say("lock the front door").meant.verdict, Verdict::understood);
    EXPECT_THAT(asked(), ::testing::ElementsAre("door lock.state"));
}

TEST_F(AssistantTest, SaysThatADeviceIsAtIt) {
    house.report("door", "lock.state", "unlocked");
    Result<Answer> got = fail(Code::internal, "no answer");
    assistant.say({.text = "lock the front door",
                   .language = {},
                   .area = {},
                   .key = {},
                   .caller = ann,
                   .conversation = {},
                   .confirm = {},
                   .question = {}},
                  [&](Result<Answer> answer) { got = std::move(answer); });
    house.report("door", "lock.state", "locking");
    ASSERT_EQ(timers.size(), 1U);
    timers.front()();
    EXPECT_EQ(got->reply, "Front door is locking…");
    EXPECT_EQ(to_value(*got, house.home).at("outcome").string_or(""), "under_way");
}

TEST_F(AssistantTest, TheCauseIsTheSentenceThatWasSaid) {
    say("unlock the front door");
    say("yes");
    const home::Cause& cause = house.home.open_commands().begin()->second.cause;
    EXPECT_EQ(
        cause,
        (home::Cause{.subject = ann, .via = home::Via::sentence, .said = "unlock the front door"}));
}

TEST_F(AssistantTest, AYesCountsOnce) {
    say("unlock the front door");
    say("yes");
    house.report("door", "lock.state", "unlocked");
    EXPECT_EQ(say("yes").meant.verdict, Verdict::not_understood);
    EXPECT_EQ(confirm(true).error().code, Code::conflict);
    EXPECT_THAT(asked(), IsEmpty());
}

TEST_F(AssistantTest, AYesWithoutAQuestionDoesNothing) {
    EXPECT_EQ(say("yes").meant.verdict, Verdict::not_understood);
    EXPECT_EQ(confirm(true).error().code, Code::conflict);
}

TEST_F(AssistantTest, AYesMayComeAsAField) {
    const Answer question = say("unlock the front door");
    EXPECT_EQ(confirm(true, "another").error().code, Code::conflict);
    EXPECT_THAT(asked(), IsEmpty());
    EXPECT_TRUE(confirm(true, question.question->id));
    EXPECT_EQ(asked().size(), 1U);
}

TEST_F(AssistantTest, ANoWithdraws) {
    say("unlock the front door");
    EXPECT_EQ(say("no").reply, "All right, I leave it as it is");
    EXPECT_EQ(say("yes").meant.verdict, Verdict::not_understood);
    say("unlock the front door");
    EXPECT_FALSE(confirm(false)->outcome);
    EXPECT_EQ(confirm(true).error().code, Code::conflict);
    EXPECT_THAT(asked(), IsEmpty());
}

TEST_F(AssistantTest, AnotherSentenceWithdrawsToo) {
    say("unlock the front door");
    say("is the front door locked?");
    EXPECT_EQ(say("yes").meant.verdict, Verdict::not_understood);
    EXPECT_THAT(asked(), IsEmpty());
}

TEST_F(AssistantTest, OnlyWhoWasAskedMaySayYes) {
    say("unlock the front door");
    Said yes{.text = "yes",
             .language = {},
             .area = {},
             .key = {},
             .caller = bob,
             .conversation = "c",
             .confirm = {},
             .question = {}};
    EXPECT_EQ(hear(yes)->meant.verdict, Verdict::not_understood);
    yes.text.clear();
    yes.confirm = true;
    EXPECT_EQ(hear(yes).error().code, Code::conflict);
    EXPECT_EQ(say("yes", "another conversation").meant.verdict, Verdict::not_understood);
    EXPECT_THAT(asked(), IsEmpty());
    // The question is still there for the one who was asked.
    EXPECT_EQ(say("yes").meant.verdict, Verdict::understood);
    EXPECT_EQ(asked().size(), 1U);
}

TEST_F(AssistantTest, AQuestionExpires) {
    say("unlock the front door");
    house.clock.turn(60 * seconds);
    EXPECT_EQ(say("yes").meant.verdict, Verdict::not_understood);
    EXPECT_EQ(confirm(true).error().code, Code::conflict);
    EXPECT_THAT(asked(), IsEmpty());
}

TEST_F(AssistantTest, NothingIsDoneWhereNamesHaveChangedMeanwhile) {
    say("unlock the front door");
    (void)house.home.edit(house.cause, house.device("lamp").id, {.name = "Front door"});
    const Answer answer = say("yes");
    EXPECT_THAT(answer.reply, HasSubstr("have changed meanwhile"));
    EXPECT_EQ(answer.meant.verdict, Verdict::cannot);
    EXPECT_THAT(asked(), IsEmpty());
}

TEST_F(AssistantTest, WhatIsDoneIsWhatWasShown) {
    say("turn off everything?");
    house.report("lamp", "on_off.on", true); // what is reported changes no name
    say("yes");
    EXPECT_EQ(asked().size(), 3U);
}

TEST_F(AssistantTest, QuestionsHaveALimit) {
    for (const char* conversation : {"c", "2", "3", "4"})
        say("unlock the front door", conversation);
    EXPECT_EQ(say("yes").meant.verdict, Verdict::not_understood);
    EXPECT_EQ(say("yes", "2").meant.verdict, Verdict::understood);
    EXPECT_EQ(hear({.text = "yes",
                    .language = {},
                    .area = {},
                    .key = {},
                    .caller = ann,
                    .conversation = std::string(conversation_bytes + 1, 'c'),
                    .confirm = {},
                    .question = {}})
                  .error()
                  .code,
              Code::limit);
}

TEST_F(AssistantTest, AConversationGetsANameWhereItHasNone) {
    const Answer first = say("lock the front door", "");
    EXPECT_EQ(first.conversation.size(), 12U);
    EXPECT_NE(say("lock the front door", "").conversation, first.conversation);
}

TEST_F(AssistantTest, YesIsSaidInTheLanguageOfTheQuestion) {
    Said french{.text = "déverrouille la porte d'entrée",
                .language = "fr",
                .area = {},
                .key = {},
                .caller = ann,
                .conversation = "c",
                .confirm = {},
                .question = {}};
    EXPECT_EQ(hear(french)->reply, "Déverrouiller : Porte d'entrée ?");
    french.text = "oui";
    EXPECT_EQ(hear(french)->meant.verdict, Verdict::understood);
    EXPECT_EQ(asked().size(), 1U);
}

} // namespace
} // namespace hearth::assistant
