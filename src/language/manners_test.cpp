#include "language/test_home.h"

#include <gmock/gmock.h>

namespace hearth::language {
namespace {

/// A home with lights of given names, known here by them, and a lock.
class Names {
public:
    explicit Names(const std::vector<std::string>& lights) {
        for (const char* room : {"Dining room", "Study"})
            (void)house.home.add_area(house.cause, {"", room, "", {}});
        for (const char* word : {"lamp", "kitchen", "hall", "coffee", "curtain", "motion"})
            (void)house.home.record(house.cause, home::DeviceLeft{house.device(word).id});
        for (const std::string& name : lights)
            house.add(name, name, "Study", "light", {},
                      {testing::TestHome::flag("on_off.on"),
                       testing::TestHome::percent("level.percent")});
    }

    std::string meant(std::string_view language, std::string_view sentence) const {
        const auto made = testing::languages().understand(house.home, language, sentence);
        return made ? house.describe(*made) : made.error().detail;
    }
    /// What moves at once: "Lamp on_off.on=true"; empty where nothing does.
    std::string moves(std::string_view language, std::string_view sentence) const {
        const auto made = testing::languages().understand(house.home, language, sentence);
        const bool acts = made && made->verdict == Verdict::understood &&
                          std::holds_alternative<Action>(made->frame);
        return acts ? house.describe(*made) : "";
    }
    std::string reply(std::string_view language, std::string_view sentence) const {
        const auto made = testing::languages().understand(house.home, language, sentence);
        if (!made) return made.error().detail;
        return testing::languages().reply(house.home, *made).value();
    }

    testing::TestHome house;
};

TEST(Fillers, LeaveNamesWholeThatHoldThem) {
    const Names home({"吧台灯", "台灯", "Just lamp", "Lamp", "Hello Kitty lamp", "Lampe Merci",
                      "Please lamp", "好灯", "帮我灯", "Now light"});
    EXPECT_EQ(home.moves("zh", "打开吧台灯"), "吧台灯 on_off.on=true");
    EXPECT_EQ(home.moves("zh", "请打开吧台灯"), "吧台灯 on_off.on=true");
    EXPECT_EQ(home.moves("zh", "帮我把吧台灯关掉"), "吧台灯 on_off.on=false");
    EXPECT_EQ(home.moves("zh", "打开吧台灯吧"), "吧台灯 on_off.on=true");
    EXPECT_EQ(home.moves("zh", "请把吧台灯调到百分之二十"), "吧台灯 level.percent=20");
    EXPECT_EQ(home.moves("zh", "打开好灯"), "好灯 on_off.on=true");
    EXPECT_EQ(home.moves("zh", "帮我打开帮我灯"), "帮我灯 on_off.on=true");
    EXPECT_EQ(home.moves("zh", "把帮我灯打开"), "帮我灯 on_off.on=true");
    EXPECT_EQ(home.moves("en", "please turn on the just lamp"), "Just lamp on_off.on=true");
    EXPECT_EQ(home.moves("en", "hey turn on the hello kitty lamp please"),
              "Hello Kitty lamp on_off.on=true");
    EXPECT_EQ(home.moves("en", "hello kitty lamp on"), "Hello Kitty lamp on_off.on=true");
    EXPECT_EQ(home.moves("en", "turn on the please lamp please"), "Please lamp on_off.on=true");
    EXPECT_EQ(home.moves("en", "please lamp on"), "Please lamp on_off.on=true");
    EXPECT_EQ(home.moves("en", "turn off the now light now"), "Now light on_off.on=false");
    EXPECT_EQ(home.moves("fr", "allume la lampe Merci, merci"), "Lampe Merci on_off.on=true");
    EXPECT_EQ(home.moves("fr", "peux-tu éteindre la lampe Merci"), "Lampe Merci on_off.on=false");
}

TEST(Fillers, AreNeverTakenOutOfWhatCouldBeAName) {
    const Names home({"台灯", "Lamp", "Kitty lamp", "Lampe", "灯"});
    for (const char* sentence :
         {"打开吧台灯", "关掉吧台灯", "请打开吧台灯", "把吧台灯打开", "打开请台灯", "打开谢谢台灯",
          "打开帮我台灯", "关掉啊台灯", "请台灯打开", "打开帮我灯", "打开吧灯", "请吧台灯打开"})
        EXPECT_EQ(home.moves("zh", sentence), "") << sentence;
    for (const char* sentence :
         {"turn on the just lamp", "turn on just lamp", "turn on the please lamp", "just lamp on",
          "please lamp on", "turn on the hello kitty lamp", "hello kitty lamp on",
          "turn the lamp please off", "turn the right now lamp on", "turn on thanks lamp"})
        EXPECT_EQ(home.moves("en", sentence), "") << sentence;
    for (const char* sentence : {"allume la merci lampe", "allume la maintenant lampe",
                                 "éteins bonjour lampe", "allume la s'il te plaît lampe"})
        EXPECT_EQ(home.moves("fr", sentence), "") << sentence;
}

TEST(Fillers, ArePassedOverWhereTheyBelong) {
    const Names home({"台灯", "Lamp", "Lampe"});
    for (const char* sentence :
         {"打开一下台灯", "请打开台灯", "请帮我把台灯打开一下", "麻烦你打开台灯吧",
          "打开台灯啊，谢谢", "你好，打开台灯", "把台灯给我打开", "台灯打开", "帮忙开一下台灯"})
        EXPECT_EQ(home.moves("zh", sentence), "台灯 on_off.on=true") << sentence;
    for (const char* sentence :
         {"please turn on the lamp", "turn on the lamp please", "hey, lamp on", "Please, lamp on",
          "ok just turn on the lamp now", "turn on the lamp right now please",
          "turn on the lamp, thanks", "i'd like you to turn on the lamp"})
        EXPECT_EQ(home.moves("en", sentence), "Lamp on_off.on=true") << sentence;
    for (const char* sentence : {"s'il te plaît allume la lampe", "allume la lampe s'il te plaît",
                                 "allume la lampe, merci", "allume s'il te plaît la lampe",
                                 "bonjour, allume la lampe maintenant"})
        EXPECT_EQ(home.moves("fr", sentence), "Lampe on_off.on=true") << sentence;
}

TEST(Questions, NeverAct) {
    const Names home({"Lamp", "台灯", "Lampe", "Desk"});
    for (const char* sentence :
         {"unlock the front door?", "unlock the door?", "all lights off?", "turn off everything?",
          "lamp on?", "turn off the lamp?", "lock the front door?", "lights off?",
          "turn on the lamp??", "set the lamp to 20 percent?", "should I turn on the lamp?",
          "did you turn on the lamp?", "everything off?", "unlock the front door ？",
          "turn on the lamp‽"})
        EXPECT_EQ(home.moves("en", sentence), "") << sentence;
    for (const char* sentence :
         {"台灯关了？", "灯都关了？", "打开台灯？", "打开台灯吗", "打开台灯呢", "解锁大门？",
          "关灯了吗", "台灯打开？", "全部关掉？", "全部关掉吗？"})
        EXPECT_EQ(home.moves("zh", sentence), "") << sentence;
    for (const char* sentence :
         {"tout éteint ?", "éteins tout ?", "allume la lampe ?", "est-ce que tu allumes la lampe",
          "éteins-tu la lampe ?", "est-ce que allume la lampe", "déverrouille la porte d'entrée ?",
          "as-tu éteint la lampe ?", "lampe éteinte ?"})
        EXPECT_EQ(home.moves("fr", sentence), "") << sentence;
}

TEST(Questions, AreAnsweredEvenWhereTheyAreShort) {
    const Names home({"Lamp", "台灯", "Lampe"});
    EXPECT_EQ(home.meant("en", "lamp on?"), "? Lamp on_off.on=on");
    EXPECT_EQ(home.meant("en", "lamp still on?"), "? Lamp on_off.on=on");
    EXPECT_EQ(home.meant("zh", "台灯关了？"), home.meant("zh", "台灯关了吗"));
    EXPECT_EQ(home.meant("zh", "台灯关了？"), "? 台灯 on_off.on=off");
    EXPECT_EQ(home.meant("zh", "灯都关了？"), home.meant("zh", "灯都关了吗"));
    EXPECT_EQ(home.meant("en", "all lights off?"), home.meant("en", "are all lights off"));
    EXPECT_EQ(home.meant("fr", "tout éteint ?"), home.meant("fr", "est-ce que tout est éteint"));
    EXPECT_EQ(home.meant("en", "front door locked?"), "? door lock.state=locked");
    EXPECT_EQ(home.meant("zh", "大门锁了？"), "? door lock.state=locked");
    EXPECT_EQ(home.meant("zh", "请问台灯开着吗"), "? 台灯 on_off.on=on");
    EXPECT_EQ(home.meant("fr", "porte d'entrée verrouillée ?"), "? door lock.state=locked");
    EXPECT_EQ(home.meant("en", "is the lamp on?"), "? Lamp on_off.on=on");
}

TEST(Questions, ThatAskForSomethingAreCommands) {
    const Names home({"Lamp", "台灯", "Lampe"});
    for (const char* sentence :
         {"can you turn on the lamp?", "could you turn on the lamp",
          "can you please turn on the lamp", "would you turn on the lamp for me please?",
          "hey, will you turn on the lamp?", "turn on the lamp, would you?"})
        EXPECT_EQ(home.moves("en", sentence), "Lamp on_off.on=true") << sentence;
    for (const char* sentence :
         {"可以打开台灯吗", "可以打开台灯吗？", "能不能把台灯打开？", "能帮我打开台灯吗",
          "把台灯打开好吗？", "打开台灯可以吗", "可不可以开一下台灯"})
        EXPECT_EQ(home.moves("zh", sentence), "台灯 on_off.on=true") << sentence;
    for (const char* sentence :
         {"peux-tu allumer la lampe ?", "tu peux allumer la lampe ?",
          "pourrais-tu allumer la lampe", "est-ce que tu peux allumer la lampe, s'il te plaît ?",
          "pouvez-vous allumer la lampe ?"})
        EXPECT_EQ(home.moves("fr", sentence), "Lampe on_off.on=true") << sentence;
}

TEST(Questions, WouldBeDoneOnlyAfterAYes) {
    const Names home({"Lamp", "台灯", "Lampe"});
    EXPECT_EQ(home.meant("en", "turn off the lamp?"), "confirm question: Lamp on_off.on=false");
    EXPECT_EQ(home.reply("en", "turn off the lamp?"), "Turn off Lamp?");
    EXPECT_EQ(home.reply("zh", "打开台灯吗"), "要打开台灯吗？");
    EXPECT_EQ(home.reply("fr", "éteins la lampe ?"), "Éteindre : Lampe ?");
}

TEST(Doubts, AreAboutWhatOpensAndTheWholeHouse) {
    const Names home({"Lamp", "Desk"});
    EXPECT_EQ(home.meant("en", "unlock the front door"), "confirm risk: door lock.state=unlocked");
    for (const auto& [language, sentence] :
         {std::pair("en", "unlock all the doors"),
          std::pair("fr", "déverrouille toutes les portes"), std::pair("zh", "把所有的门都解锁")})
        EXPECT_EQ(home.meant(language, sentence), "confirm risk: door lock.state=unlocked");
    EXPECT_EQ(home.reply("en", "unlock the front door"), "Unlock Front door?");
    EXPECT_EQ(home.reply("fr", "déverrouille la porte d'entrée"),
              "Déverrouiller : Porte d'entrée ?");
    EXPECT_EQ(home.reply("zh", "解锁大门"), "要解锁大门吗？");
    EXPECT_EQ(home.meant("en", "lock the front door"), "door lock.state=locked");
    EXPECT_EQ(home.meant("en", "lock everything"), "door lock.state=locked");
    EXPECT_EQ(home.meant("en", "turn everything off"),
              "confirm many: Desk on_off.on=false, Lamp on_off.on=false");
    EXPECT_EQ(home.meant("en", "turn off the lights in the study"),
              "Desk on_off.on=false, Lamp on_off.on=false");
    EXPECT_EQ(Names({"Lamp"}).meant("en", "turn everything off"), "Lamp on_off.on=false");
}

TEST(Doubts, AreAboutGaragesAndGatesButNotAboutCurtains) {
    Names home({"Lamp"});
    for (const auto& [name, type] : {std::pair("Garage", "garage_door"), std::pair("Gate", "gate"),
                                     std::pair("Blind", "cover")})
        home.house.add(name, name, "Study", type, {},
                       {testing::TestHome::percent("cover.position")});
    EXPECT_EQ(home.meant("en", "open the garage"), "confirm risk: Garage cover.position=100");
    EXPECT_EQ(home.meant("en", "open the gate to 20%"), "confirm risk: Gate cover.position=20");
    EXPECT_EQ(home.meant("en", "close the garage"), "Garage cover.position=0");
    EXPECT_EQ(home.meant("en", "open the blind"), "Blind cover.position=100");
}

TEST(Answers, AreYesOrNoAndNothingElse) {
    const auto says = [](std::string_view language, std::string_view sentence) {
        const auto answer = testing::languages().answer(language, sentence).value();
        return !answer ? "-" : *answer ? "yes" : "no";
    };
    for (const char* yes : {"yes", "Yes!", "yes please", "OK.", "go ahead"})
        EXPECT_STREQ(says("en", yes), "yes") << yes;
    for (const char* no : {"no", "No, thanks", "never mind", "don't"})
        EXPECT_STREQ(says("en", no), "no") << no;
    for (const char* other : {"yes?", "yes turn it off", "not yes", "unlock", "", "please"})
        EXPECT_STREQ(says("en", other), "-") << other;
    EXPECT_STREQ(says("fr", "Oui, merci"), "yes");
    EXPECT_STREQ(says("fr", "non"), "no");
    EXPECT_STREQ(says("zh", "好的"), "yes");
    EXPECT_STREQ(says("zh", "是"), "yes");
    EXPECT_STREQ(says("zh", "不用了，谢谢"), "no");
}

TEST(NotYet, IsSaidInsteadOfNamesThatNobodyMeant) {
    const Names home({"Lamp", "Café lamp", "台灯", "吧台灯", "Lampe"});
    const auto response = [&](std::string_view language, std::string_view sentence) {
        return home.meant(language, sentence);
    };
    EXPECT_EQ(response("en", "turn off all the lights except the lamp"),
              "cannot not_yet_exceptions");
    EXPECT_EQ(response("en", "turn on the lamp and the café lamp"), "cannot not_yet_several");
    EXPECT_EQ(response("en", "turn on the lamp in 10 minutes"), "cannot not_yet_later");
    EXPECT_EQ(response("en", "turn off the lamp in an hour"), "cannot not_yet_later");
    EXPECT_EQ(response("en", "turn on the lamp tomorrow"), "cannot not_yet_later");
    EXPECT_EQ(response("en", "turn on and off the lamp"), "cannot not_yet_several");
    EXPECT_EQ(response("en", "dim the lamp by 10%"), "cannot not_yet_relative");
    EXPECT_EQ(response("fr", "baisse la lampe de 10%"), "cannot not_yet_relative");
    EXPECT_EQ(response("fr", "éteins tout sauf la lampe"), "cannot not_yet_exceptions");
    EXPECT_EQ(response("fr", "allume la lampe dans dix minutes"), "cannot not_yet_later");
    EXPECT_EQ(response("fr", "allume la lampe et la lampe café"), "cannot not_yet_several");
    EXPECT_EQ(response("zh", "打开台灯和吧台灯"), "cannot not_yet_several");
    EXPECT_EQ(response("zh", "十分钟后打开台灯"), "cannot not_yet_later");
    EXPECT_EQ(response("zh", "除了台灯关掉所有的灯"), "cannot not_yet_exceptions");
    EXPECT_EQ(response("zh", "把台灯调亮10%"), "cannot not_yet_relative");
    EXPECT_EQ(response("zh", "台灯亮一点"), "cannot not_yet_relative");
    // Not of what nobody can do at all.
    EXPECT_EQ(response("en", "bread and butter"), "not_understood no_intent");
    EXPECT_EQ(response("en", "turn on the toaster"), "nothing_found no_entity");
    EXPECT_EQ(response("en", "turn on the kitty lamp"), "nothing_found no_entity");
    EXPECT_EQ(response("en", "turn on the lights in the attic"), "nothing_found no_area");
    EXPECT_EQ(home.reply("zh", "打开酒吧灯"), "没有叫“酒吧灯”的设备");
}

TEST(NamesOfThings, MayHaveTheirNumbersInWordsOrDigits) {
    const Names home({"Lamp", "Lamp 2", "Lampe deux", "3号灯", "四号灯"});
    EXPECT_EQ(home.moves("en", "turn on lamp two"), "Lamp 2 on_off.on=true");
    EXPECT_EQ(home.moves("en", "dim lamp two to ten percent"), "Lamp 2 level.percent=10");
    EXPECT_EQ(home.moves("fr", "allume la lampe 2"), "Lampe deux on_off.on=true");
    EXPECT_EQ(home.moves("zh", "打开三号灯"), "3号灯 on_off.on=true");
    EXPECT_EQ(home.moves("zh", "打开4号灯"), "四号灯 on_off.on=true");
    const Names joined({"Light1", "Light 2"});
    EXPECT_EQ(joined.moves("en", "turn on light one"), "Light1 on_off.on=true");
    EXPECT_EQ(joined.moves("en", "turn on light 1"), "Light1 on_off.on=true");
    EXPECT_EQ(joined.moves("en", "turn on light2"), "Light 2 on_off.on=true");
    EXPECT_EQ(home.moves("en", "turn on lamp twenty"), "");
    EXPECT_EQ(home.moves("en", "turn on lamp two hundred"), "");
}

TEST(NamesOfThings, AreNotTakenForValues) {
    const Names home({"Lamp", "Lamp 2"});
    EXPECT_EQ(home.moves("en", "set lamp to 2 percent"), "Lamp level.percent=2");
    EXPECT_EQ(home.moves("en", "lamp 2 20%"), "Lamp 2 level.percent=20");
    EXPECT_EQ(home.moves("en", "set lamp 2 to 50"), "Lamp 2 level.percent=50");
    for (const char* sentence : {"set lamp 2 50", "lamp 2", "lamp two", "set lamp 2"}) {
        EXPECT_EQ(home.moves("en", sentence), "") << sentence;
        EXPECT_EQ(home.meant("en", sentence), "not_understood no_intent") << sentence;
    }
}

TEST(NamesOfThings, NeedNoAccents) {
    const Names home({"Café lamp", "Creme light", "Lampe Noël", "Cœur"});
    EXPECT_EQ(home.moves("en", "turn on the cafe lamp"), "Café lamp on_off.on=true");
    EXPECT_EQ(home.moves("en", "turn on the café lamp"), "Café lamp on_off.on=true");
    EXPECT_EQ(home.moves("en", "turn on the crème light"), "Creme light on_off.on=true");
    EXPECT_EQ(home.moves("fr", "allume la lampe noel"), "Lampe Noël on_off.on=true");
    EXPECT_EQ(home.moves("fr", "allume le coeur"), "Cœur on_off.on=true");
    const Names both({"Café lamp", "Cafe lamp"});
    EXPECT_EQ(both.moves("en", "turn on the café lamp"), "Café lamp on_off.on=true");
    EXPECT_EQ(both.moves("en", "turn on the cafe lamp"), "Cafe lamp on_off.on=true");
}

TEST(NamesOfThings, NeedNoEmoji) {
    const Names home({"\U0001F384 Tree", "Lamp", "\U0001F4A1 Lamp", "\U0001F680"});
    EXPECT_EQ(home.moves("en", "turn on the tree"), "\U0001F384 Tree on_off.on=true");
    EXPECT_EQ(home.moves("en", "turn on \U0001F384 tree"), "\U0001F384 Tree on_off.on=true");
    EXPECT_EQ(home.moves("en", "turn on the rocket"), "\U0001F680 on_off.on=true");
    EXPECT_EQ(home.moves("en", "turn on the lamp"), "Lamp on_off.on=true");
    const Names two({"\U0001F384 Tree", "\U0001F332 Tree"});
    EXPECT_EQ(two.meant("en", "turn on the tree"), "ambiguous which_one");
}

TEST(ChineseWays, KnowTraditionalFormsDeterminersAndTenths) {
    const Names home({"台灯", "檯燈二"});
    EXPECT_EQ(home.moves("zh", "打开檯燈"), "台灯 on_off.on=true");
    EXPECT_EQ(home.moves("zh", "打開台燈"), "台灯 on_off.on=true");
    EXPECT_EQ(home.moves("zh", "打开台灯二"), "檯燈二 on_off.on=true");
    EXPECT_EQ(home.moves("zh", "打开那盏台灯"), "台灯 on_off.on=true");
    EXPECT_EQ(home.moves("zh", "把这个台灯关掉"), "台灯 on_off.on=false");
    EXPECT_EQ(home.moves("zh", "关掉那个台灯"), "台灯 on_off.on=false");
    for (const char* other : {"开台灯三", "调台灯三", "打开台灯三", "打开台灯十"})
        EXPECT_EQ(home.moves("zh", other), "") << other;
    EXPECT_EQ(home.meant("zh", "打开台灯三"), "nothing_found no_entity");
    EXPECT_EQ(home.moves("zh", "台灯调到五成"), "台灯 level.percent=50");
    EXPECT_EQ(home.moves("zh", "把台灯调到三成"), "台灯 level.percent=30");
    EXPECT_EQ(home.moves("zh", "台灯调到十成"), "台灯 level.percent=100");
    EXPECT_EQ(home.moves("zh", "台灯调到一半"), "台灯 level.percent=50");
    EXPECT_EQ(home.moves("zh", "台灯调到百分之五十"), "台灯 level.percent=50");
    EXPECT_EQ(home.moves("zh", "台灯调到四分之一"), "台灯 level.percent=25");
}

TEST(Brightness, IsNeverChangedByHowMuchAsIfItWereToHowMuch) {
    const Names home({"台灯", "Lamp", "Lampe"});
    for (const char* sentence : {"台灯调亮10%", "把台灯调暗百分之二十", "台灯降10%", "把台灯升10%"})
        EXPECT_EQ(home.moves("zh", sentence), "") << sentence;
    for (const char* sentence : {"dim the lamp 10%", "dim the lamp by 10%",
                                 "brighten the lamp by ten percent", "lower the lamp 20 percent"})
        EXPECT_EQ(home.moves("en", sentence), "") << sentence;
    for (const char* sentence : {"baisse la lampe de 10%", "monte la lampe de dix pour cent"})
        EXPECT_EQ(home.moves("fr", sentence), "") << sentence;
    EXPECT_EQ(home.moves("zh", "台灯调暗到10%"), "台灯 level.percent=10");
}

} // namespace
} // namespace hearth::language
