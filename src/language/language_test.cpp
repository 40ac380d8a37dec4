#include "language/limits.h"
#include "language/test_home.h"

#include <gmock/gmock.h>

namespace hearth::language {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

struct LanguagesTest : ::testing::Test {
    Result<Understanding> understand(std::string_view language, std::string_view sentence,
                                     std::optional<home::AreaId> here = std::nullopt) {
        return testing::languages().understand(house.home, language, sentence, std::move(here));
    }
    std::string meant(std::string_view language, std::string_view sentence,
                      std::optional<home::AreaId> here = std::nullopt) {
        const auto made = understand(language, sentence, std::move(here));
        return made ? house.describe(*made) : made.error().detail;
    }
    std::string say(std::string_view language, std::string_view sentence,
                    std::optional<home::AreaId> here = std::nullopt, const Outcome& outcome = {}) {
        const auto made = understand(language, sentence, std::move(here));
        if (!made) return made.error().detail;
        const auto text = testing::languages().reply(house.home, *made, outcome);
        return text ? *text : text.error().detail;
    }

    testing::TestHome house;
};

TEST_F(LanguagesTest, AreKnownByTheirTags) {
    const Languages& known = testing::languages();
    EXPECT_THAT(known.known(), ElementsAre("en", "fr", "zh-CN"));
    EXPECT_EQ(known.resolve("en"), "en");
    EXPECT_EQ(known.resolve("EN_us"), "en");
    EXPECT_EQ(known.resolve("fr-CA"), "fr");
    EXPECT_EQ(known.resolve("zh"), "zh-CN");
    EXPECT_EQ(known.resolve("zh-cn"), "zh-CN");
    EXPECT_EQ(known.resolve("zh-Hans-SG"), "zh-CN");
    for (const std::string_view unknown : {"de", "zh-TW", "zh-Hant", "", "e", "english"})
        EXPECT_THAT(known.resolve(unknown).error().detail,
                    HasSubstr("is not known; known are en, fr, zh-CN"))
            << unknown;
    EXPECT_EQ(understand("de", "Licht an").error().code, Code::not_found);
}

TEST_F(LanguagesTest, ClearAnswersToBadInput) {
    EXPECT_EQ(meant("en", ""), "the sentence is empty");
    EXPECT_EQ(meant("en", " ?! "), "the sentence is empty");
    EXPECT_THAT(meant("en", "turn on\x07 the light"), HasSubstr("control character (U+0007)"));
    EXPECT_EQ(meant("en", "\xff"), "the sentence is not UTF-8 text");
    const auto large = understand("en", std::string(100'000, 'x'));
    EXPECT_EQ(large.error().code, Code::limit);
    EXPECT_THAT(large.error().detail, HasSubstr("sentence_characters"));
    EXPECT_EQ(understand("en", "lights on", "attic").error().code, Code::not_found);
}

TEST_F(LanguagesTest, TakeMixedScriptsWhereTheNameIsSo) {
    EXPECT_EQ(meant("en", "turn on the 厨房灯"), "kitchen on_off.on=true");
    EXPECT_EQ(meant("zh", "打开 Kitchen light"), "kitchen on_off.on=true");
    EXPECT_EQ(meant("fr", "allume la Kitchen light"), "kitchen on_off.on=true");
    // Cyrillic о looks like the Latin letter and is another one.
    EXPECT_EQ(meant("en", "turn \u043En the kitchen light"), "not_understood no_intent");
    EXPECT_EQ(meant("en", "打开厨房灯"), "not_understood no_intent");
    EXPECT_EQ(meant("zh", "turn on the kitchen light"), "not_understood no_intent");
}

TEST_F(LanguagesTest, LongestSentenceIsAnswered) {
    EXPECT_EQ(meant("en", "turn on " + std::string(limits::sentence_characters - 8, 'a')),
              "nothing_found no_entity");
    std::string words = "is";
    while (words.size() < limits::sentence_characters - 5)
        words += " the";
    EXPECT_EQ(meant("en", words), "not_understood no_intent");
}

TEST_F(LanguagesTest, SlotsHoldNamesAsTheHomeSpellsThem) {
    const auto made = understand("en", "please dim the KITCHEN LIGHT to fifty percent").value();
    EXPECT_EQ(made.language, "en");
    EXPECT_EQ(made.intent, "HassLightSet");
    EXPECT_THAT(made.slots, ElementsAre(Slot{"name", "Kitchen light", "KITCHEN LIGHT"},
                                        Slot{"brightness", 50, "fifty"}));
}

TEST_F(LanguagesTest, AskWhichOfTwoThingsOfOneName) {
    house.add("other", "Kitchen light", "Bedroom", "light", {},
              {testing::TestHome::flag("on_off.on")});
    EXPECT_EQ(meant("en", "turn on the kitchen light"), "ambiguous which_one");
    EXPECT_EQ(say("en", "turn on the kitchen light").substr(0, 23), "Which one do you mean: ");
    EXPECT_THAT(say("en", "turn on the kitchen light"), HasSubstr("Kitchen light (Bedroom)"));
    EXPECT_THAT(
        understand("en", "turn on the kitchen light")->candidates,
        ::testing::UnorderedElementsAre(house.device("kitchen").id, house.device("other").id));
    // The one that is here, or the one whose room was said.
    EXPECT_EQ(meant("en", "turn on the kitchen light", "bedroom"), "other on_off.on=true");
    EXPECT_EQ(meant("en", "turn on the kitchen light", "hall"), "ambiguous which_one");
    EXPECT_EQ(meant("en", "turn on the kitchen light in the kitchen"), "kitchen on_off.on=true");
    EXPECT_EQ(meant("en", "turn on the kitchen light in the hall"),
              "nothing_found no_entity_in_area");
}

TEST_F(LanguagesTest, NameNoMoreThanAFewThatCouldBeMeant) {
    for (std::size_t i = 0; i < limits::named_candidates + 3; ++i)
        house.add(fmt::format("l{}", i), "Lamp", "Kitchen", "light", {},
                  {testing::TestHome::flag("on_off.on")});
    EXPECT_EQ(understand("en", "turn on the lamp")->candidates.size(), limits::named_candidates);
}

TEST_F(LanguagesTest, AskWhichInTheNamesOfTheLanguage) {
    EXPECT_THAT(say("zh", "开灯"), HasSubstr("厨房灯"));
    EXPECT_THAT(say("en", "turn on the light"), HasSubstr("Kitchen light"));
}

TEST_F(LanguagesTest, AskWhichOfTwoAreasOfOneName) {
    house.area("Cellar", {"Salon"});
    EXPECT_EQ(meant("fr", "allume la lumière du salon"), "ambiguous which_one");
}

TEST_F(LanguagesTest, OneLightNeedsNoRoom) {
    testing::TestHome small;
    const auto only = [&](std::string_view sentence) {
        return small.describe(testing::languages().understand(small.home, "en", sentence).value());
    };
    EXPECT_EQ(only("turn on the light"), "ambiguous which_one");
    for (const std::string word : {"lamp", "kitchen"})
        (void)small.home.record(small.cause, home::DeviceLeft{small.device(word).id});
    EXPECT_EQ(only("turn on the light"), "hall on_off.on=true");
}

TEST_F(LanguagesTest, NamesThatWereMadeBeforehandGiveTheSame) {
    const HomeNames names(house.home);
    const auto made =
        testing::languages().understand(house.home, names, "en", "turn on the hall light");
    EXPECT_EQ(house.describe(*made), "hall on_off.on=true");
    // A device that has left meanwhile is not found, and does no harm.
    (void)house.home.record(house.cause, home::DeviceLeft{house.device("hall").id});
    const auto gone =
        testing::languages().understand(house.home, names, "en", "turn on the hall light");
    EXPECT_EQ(house.describe(*gone), "nothing_found no_entity");
}

TEST_F(LanguagesTest, DevicesOfSeveralSwitchesSwitchAllOfThem) {
    house.add(
        "strip", "Power strip", "Kitchen", "plug", {},
        {testing::TestHome::flag("left/on_off.on"), testing::TestHome::flag("right/on_off.on")});
    EXPECT_EQ(meant("en", "turn off the power strip"),
              "strip left/on_off.on=false, strip right/on_off.on=false");
}

/// A relay as a box calls it.
home::AttributeSpec relay(const std::string& path, const std::string& label) {
    home::AttributeSpec spec = testing::TestHome::flag(path);
    spec.label = label;
    return spec;
}

struct BoxTest : LanguagesTest {
    void SetUp() override {
        house.add("box", "Shed box", "Kitchen", "plug", {},
                  {relay("well_pump/on_off.on", "Well pump"),
                   relay("patio_light/on_off.on", "Patio light"), relay("3/on_off.on", "Heater")});
    }
};

TEST_F(BoxTest, OneThingOfADeviceIsCommandedByItsOwnNameAndNoneOfTheOthers) {
    EXPECT_EQ(meant("en", "turn on the patio light"), "box patio_light/on_off.on=true");
    EXPECT_EQ(meant("en", "turn off the well pump"), "box well_pump/on_off.on=false");
    EXPECT_EQ(meant("en", "is the patio light on"), "? box patio_light/on_off.on=on");
    EXPECT_EQ(say("en", "turn on the patio light"), "Turned on Patio light");
    EXPECT_EQ(meant("en", "turn off the shed box"), "box 3/on_off.on=false, "
                                                    "box patio_light/on_off.on=false, "
                                                    "box well_pump/on_off.on=false");
}

TEST_F(BoxTest, OneWordIsANameOnlyBehindTheDevices) {
    EXPECT_EQ(meant("en", "turn on the shed box heater"), "box 3/on_off.on=true");
    EXPECT_EQ(meant("en", "turn on the heater"), "nothing_found no_entity");
}

TEST_F(BoxTest, ANameOfTwoThingsIsAskedBack) {
    house.add("lamp2", "Patio light", "Hall", "light", {}, {testing::TestHome::flag("on_off.on")});
    EXPECT_EQ(meant("en", "turn on the patio light"), "ambiguous which_one");
    EXPECT_EQ(meant("en", "turn on the shed box patio light"), "box patio_light/on_off.on=true");
    house.add("box2", "Barn box", "Hall", "plug", {}, {relay("a/on_off.on", "Well pump")});
    EXPECT_EQ(meant("en", "turn on the well pump"), "ambiguous which_one");
}

TEST_F(BoxTest, ADeviceThatIsCalledAsOneOfItsThingsMeansThatOne) {
    house.add("box3", "Patio box", "Hall", "plug", {"Gate motor"},
              {relay("a/on_off.on", "Gate motor"), relay("b/on_off.on", "Bell")});
    EXPECT_EQ(meant("en", "turn on the gate motor"), "box3 a/on_off.on=true");
}

TEST_F(BoxTest, WhatWouldMoveIsAskedByItsOwnName) {
    home::AttributeSpec front = testing::TestHome::lock_state();
    front.path.text = "front/lock.state";
    front.label = "Street door";
    home::AttributeSpec back = front;
    back.path.text = "back/lock.state";
    back.label = "Garden door";
    house.add("doors", "Door controller", "Hall", "lock", {}, {front, back});
    EXPECT_EQ(meant("en", "unlock the garden door"),
              "confirm risk: doors back/lock.state=unlocked");
    EXPECT_THAT(say("en", "unlock the garden door"), ::testing::HasSubstr("Garden door"));
}

TEST_F(LanguagesTest, ReplyTellsWhatBecameOfIt) {
    EXPECT_EQ(say("en", "turn on the kitchen light"), "Turned on Kitchen light");
    EXPECT_EQ(say("en", "turn on the kitchen light", {}, {Outcome::Kind::sent, ""}),
              "Sent, but there is no answer yet");
    EXPECT_EQ(say("en", "lock the front door", {}, {Outcome::Kind::under_way, ""}),
              "Front door is locking…");
    EXPECT_EQ(say("fr", "ouvre le rideau de la chambre", {}, {Outcome::Kind::under_way, ""}),
              "Ouverture en cours : Rideau de la chambre…");
    EXPECT_EQ(say("zh", "拉上窗帘", {}, {Outcome::Kind::under_way, ""}), "窗帘正在关上……");
    EXPECT_EQ(say("en", "turn on the kitchen light", {}, {Outcome::Kind::under_way, ""}),
              "Sent, but there is no answer yet");
    EXPECT_EQ(say("en", "turn on the kitchen light", {}, {Outcome::Kind::failed, "offline"}),
              "That failed: offline");
    EXPECT_EQ(say("fr", "allume la lumière de la cuisine"), "C'est allumé : Lumière de la cuisine");
    EXPECT_EQ(say("zh", "打开厨房灯"), "厨房灯已打开");
    EXPECT_EQ(say("en", "sing a song"), "Sorry, I did not understand that");
    EXPECT_EQ(say("fr", "chante une chanson"), "Désolé, je n'ai pas compris");
    EXPECT_EQ(say("zh", "唱首歌"), "抱歉，我没听懂");
    EXPECT_EQ(say("en", "turn on the toaster"), "I know nothing called toaster");
    EXPECT_EQ(say("en", "dim the hall light to 30%"), "Hall light cannot do that");
    EXPECT_EQ(say("fr", "éteins la lumière de la chambre"), "Il n'y a pas de lumière (Chambre)");
    EXPECT_EQ(say("zh", "把卧室的灯打开"), "卧室没有灯");
}

TEST_F(LanguagesTest, ReplyTellsValuesInTheLanguage) {
    EXPECT_EQ(say("en", "is the front door locked"), "I do not know yet");
    house.report("door", "lock.state", "unlocked");
    house.report("kitchen", "on_off.on", true);
    house.report("lamp", "on_off.on", false);
    house.report("curtain", "cover.position", 40);
    house.report("thermometer", "temperature.celsius", 20.54);
    house.report("thermometer", "humidity.percent", 48);
    EXPECT_EQ(say("en", "is the front door locked?"), "No, Front door is unlocked");
    EXPECT_EQ(say("fr", "est-ce que la porte d'entrée est verrouillée ?"),
              "Non, l'état est « déverrouillé » : Porte d'entrée");
    EXPECT_EQ(say("zh", "大门锁了吗"), "不是，大门没锁");
    EXPECT_EQ(say("en", "is the kitchen light on"), "Yes, Kitchen light is on");
    EXPECT_EQ(say("en", "which lights are on"), "Kitchen light");
    EXPECT_EQ(say("zh", "哪些灯开着"), "厨房灯");
    EXPECT_EQ(say("en", "is the curtain open"), "Yes, Curtain is open");
    EXPECT_EQ(say("en", "what is the temperature in the bedroom"), "20.5 °C");
    EXPECT_EQ(say("fr", "quelle température fait-il dans la chambre"), "20,5 °C");
    EXPECT_EQ(say("zh", "卧室多少度"), "20.5 °C");
    EXPECT_EQ(say("zh", "卧室湿度多少"), "48%");
    EXPECT_EQ(say("en", "what's the temperature in the kitchen"),
              "There is no thermometer in Kitchen");
}

TEST_F(LanguagesTest, EveryReplyOfEveryLanguageRenders) {
    // A reply that reads a name which is not there fails: each is rendered once.
    const std::vector<std::pair<std::string_view, std::string_view>> sentences{
        {"en", "kitchen light on"},
        {"en", "lights on in the kitchen"},
        {"en", "lights off"},
        {"en", "open the curtain"},
        {"en", "close the curtains in the bedroom"},
        {"en", "lock the door"},
        {"en", "unlock the front door"},
        {"en", "kitchen lights to 20%"},
        {"en", "all lights to half"},
        {"en", "open the curtain to 30%"},
        {"fr", "allume tout"},
        {"fr", "éteins tout"},
        {"fr", "ouvre le rideau"},
        {"fr", "verrouille la porte"},
        {"fr", "mets la cuisine à 30 %"},
        {"fr", "ouvre le rideau à 30 %"},
        {"zh", "把所有灯打开"},
        {"zh", "关掉所有的灯"},
        {"zh", "打开窗帘"},
        {"zh", "锁门"},
        {"zh", "厨房的灯调到一半"},
        {"zh", "窗帘开到一半"},
    };
    for (const auto& [language, sentence] : sentences) {
        auto made = understand(language, sentence);
        ASSERT_TRUE(made) << sentence;
        EXPECT_FALSE(std::holds_alternative<std::monostate>(made->frame)) << sentence;
        // Both what is said when it is done, and what is asked before.
        for (const Verdict verdict : {Verdict::understood, Verdict::confirm}) {
            made->verdict = verdict;
            const auto text = testing::languages().reply(house.home, *made);
            ASSERT_TRUE(text) << sentence << ": " << text.error().detail;
            EXPECT_FALSE(text->empty()) << sentence;
            EXPECT_FALSE(text->find("  ") != text->npos) << *text;
        }
    }
}

TEST(OtherLanguages, AreMadeOfTheirFiles) {
    testing::TestHome house;
    const auto made = Languages::make({{"de-a.yaml", "de", "expansion_rules: {an: an}"},
                                       {"de-b.yaml", "de",
                                        "intents: {HassTurnOn: {data: [{sentences: [\"{name} "
                                        "<an>\"], requires_context: {domain: light}}]}}\n"
                                        "responses: {intents: {HassTurnOn: {default: \"{{ "
                                        "slots.name }} ist an\"}}}"}});
    ASSERT_TRUE(made) << made.error().detail;
    const auto meant = made->understand(house.home, "de-AT", "Kitchen light an").value();
    EXPECT_EQ(house.describe(meant), "kitchen on_off.on=true");
    EXPECT_EQ(made->reply(house.home, meant).value(), "Kitchen light ist an");
    // What the package does not say is said in English rather than not at all.
    EXPECT_EQ(made->reply(house.home, made->understand(house.home, "de", "los").value()).value(),
              "Sorry, I did not understand that");
}

TEST(OtherLanguages, SayWhatIsWrongWithThem) {
    const auto error = [](std::string_view yaml) {
        return Languages::make({{"de.yaml", "de", yaml}}).error().detail;
    };
    EXPECT_EQ(error("expansion_rules:\n  a: \"(b\"\n"), "de.yaml:2:7: \"(\" is never closed");
    EXPECT_THAT(error("responses: {errors: {no_intent: \"{{ \"}}"),
                HasSubstr("de: responses.errors: no_intent"));
    EXPECT_THAT(error("intents: {A: {data: [{sentences: [\"<x>\"]}]}}"),
                HasSubstr("there is no rule <x>"));
}

TEST(OtherLanguages, MayHaveIntentsThatHearthCannotYetDo) {
    testing::TestHome house;
    const auto made =
        Languages::make({{"x.yaml", "x", "intents: {HassDance: {data: [{sentences: [dance]}]}}"}});
    const auto meant = made->understand(house.home, "x", "dance").value();
    EXPECT_EQ(meant.intent, "HassDance");
    EXPECT_EQ(house.describe(meant), "cannot feature_not_supported");
}

} // namespace
} // namespace hearth::language
