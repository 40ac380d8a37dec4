#include "language/limits.h"
#include "language/matcher.h"
#include "language/test_home.h"

#include <gmock/gmock.h>

namespace hearth::language {
namespace {

using ::testing::HasSubstr;

/// A grammar of a few lines, matched without a home of its own.
class Grammars {
public:
    explicit Grammars(std::string_view yaml) {
        const auto read = package.add("xx.yaml", yaml);
        EXPECT_TRUE(read) << (read ? "" : read.error().detail);
        auto compiled = Grammar::compile(package);
        EXPECT_TRUE(compiled) << (compiled ? "" : compiled.error().detail);
        if (compiled) grammar = std::move(*compiled);
    }

    /// "Intent slot=value …", or "-".
    std::string match(std::string_view sentence, const Context& context = {},
                      Strictness strictness = Strictness::known) {
        const auto normal = normalize(sentence);
        EXPECT_TRUE(normal);
        const auto found = language::match(package, grammar, names, *normal, context, strictness);
        if (!found) return found.error().detail;
        if (!*found) return "-";
        std::string line = (*found)->block->intent;
        for (const Caught& caught : (*found)->caught) {
            const Value& value = caught.value;
            const std::string text = value.is_number() ? fmt::format("{}", value.number_or(0))
                                                       : std::string(value.string_or("?"));
            line += fmt::format(" {}{}={}", caught.is_capture ? "@" : "", caught.slot, text);
        }
        return line;
    }

    testing::TestHome house;
    HomeNames names{house.home};
    Package package{.language = "en"};
    Grammar grammar;
};

/// One intent of these sentences.
std::string one(std::string_view sentences, std::string_view more = "") {
    return fmt::format("{}\nintents:\n  A:\n    data:\n      - sentences: [{}]\n", more, sentences);
}

TEST(Matcher, MatchesWholeSentencesOnly) {
    Grammars g(one("\"turn on [the] light[s]\""));
    EXPECT_EQ(g.match("Turn on the light!"), "A");
    EXPECT_EQ(g.match("turn on lights"), "A");
    EXPECT_EQ(g.match("turn on the light now"), "-");
    EXPECT_EQ(g.match("do turn on the light"), "-");
    EXPECT_EQ(g.match("turnon the light"), "-");
    EXPECT_EQ(g.match("turn on thelight"), "-");
}

TEST(Matcher, MatchesGroupsInsideWords) {
    Grammars g(one("\"(turn|switch)[es|ed] it\""));
    EXPECT_EQ(g.match("switches it"), "A");
    EXPECT_EQ(g.match("turned it"), "A");
    EXPECT_EQ(g.match("turn es it"), "-");
}

TEST(Matcher, MatchesPermutationsInAnyOrder) {
    Grammars g(one("\"set (now;[the] light;{0..9:n})\""));
    EXPECT_EQ(g.match("set now the light 5"), "A n=5");
    EXPECT_EQ(g.match("set 5 light now"), "A n=5");
    EXPECT_EQ(g.match("set light 5 now"), "A n=5");
    EXPECT_EQ(g.match("set light 5"), "-");
    EXPECT_EQ(g.match("set light now now"), "-");
}

TEST(Matcher, PutsListValuesIntoSlots) {
    Grammars g(one("\"paint {color:paint}\"",
                   "lists: {color: {values: [red, {in: \"(dark|navy) blue\", out: \"#008\"}]}}"));
    EXPECT_EQ(g.match("paint red"), "A paint=red");
    EXPECT_EQ(g.match("paint navy blue"), "A paint=#008");
    EXPECT_EQ(g.match("paint green"), "-");
}

TEST(Matcher, PutsCapturesAside) {
    Grammars g(one("\"paint {color:@c} {@color}\"", "lists: {color: {values: [red, blue]}}"));
    EXPECT_EQ(g.match("paint red blue"), "A @c=red @color=blue");
}

TEST(Matcher, ReadsNumbersOfRanges) {
    Grammars g(one("\"set {0..100,5:n}[%| percent]\", \"heat {t}\", \"less {m}\"",
                   "lists: {t: {range: {from: 5, to: 30, type: temperature, fractions: halves}}, "
                   "m: {range: {from: 0, to: 100, multiplier: -1}}}"));
    EXPECT_EQ(g.match("set 50%"), "A n=50");
    EXPECT_EQ(g.match("set fifty percent"), "A n=50");
    EXPECT_EQ(g.match("set twenty-five"), "A n=25");
    EXPECT_EQ(g.match("set 52"), "-");
    EXPECT_EQ(g.match("set 105"), "-");
    EXPECT_EQ(g.match("set 5o"), "-");
    EXPECT_EQ(g.match("heat 21.5"), "A t=21.5");
    EXPECT_EQ(g.match("heat 21,5"), "A t=21.5");
    EXPECT_EQ(g.match("heat 21.3"), "-");
    EXPECT_EQ(g.match("heat twenty point five"), "A t=20.5");
    EXPECT_EQ(g.match("less ten"), "A m=-10");
}

TEST(Matcher, SpellsOrWritesNumbersAsTheRangeWants) {
    Grammars g(one("\"a {d}\", \"b {w}\"", "lists: {d: {range: {from: 0, to: 9, words: false}}, "
                                           "w: {range: {from: 0, to: 9, digits: false}}}"));
    EXPECT_EQ(g.match("a 5"), "A d=5");
    EXPECT_EQ(g.match("a five"), "-");
    EXPECT_EQ(g.match("b five"), "A w=5");
    EXPECT_EQ(g.match("b 5"), "-");
    EXPECT_EQ(g.match("b fivefold"), "-");
}

TEST(Matcher, GivesWildcardsTheWordsAsSaid) {
    Grammars g(one("\"add {item} to {list} [list]\"",
                   "lists: {item: {wildcard: true}, list: {wildcard: true}}"));
    EXPECT_EQ(g.match("Add Crème, fraîche to my List"), "A item=Crème, fraîche list=my");
    EXPECT_EQ(g.match("add bread to go to party list"), "A item=bread list=go to party");
    EXPECT_EQ(g.match("add to"), "-");
}

TEST(Matcher, ExpandsRulesAndKeepsTheirText) {
    Grammars g(
        one("\"<go:way> {0..9:n}\"", "expansion_rules: {go: \"(<up>|down)\", up: \"up[wards]\"}"));
    EXPECT_EQ(g.match("Upwards 3"), "A way=Upwards n=3");
    EXPECT_EQ(g.match("down 3"), "A way=down n=3");
}

TEST(Matcher, PrefersRulesAndListsOfTheBlock) {
    Grammars g("lists: {color: {values: [red]}}\n"
               "expansion_rules: {deep: \"<what>\", what: \"thing\"}\n"
               "intents:\n"
               "  A: {data: [{sentences: [\"a <deep> {color}\"]}]}\n"
               "  B: {data: [{sentences: [\"b <deep> {color}\"], expansion_rules: {what: matter}, "
               "lists: {color: {values: [green]}}}]}\n"
               "  C: {data: [{sentences: [\"c <deep> {color}\"]}]}\n");
    EXPECT_EQ(g.match("a thing red"), "A color=red");
    EXPECT_EQ(g.match("b matter green"), "B color=green");
    EXPECT_EQ(g.match("b thing red"), "-");
    EXPECT_EQ(g.match("c thing red"), "C color=red");
}

TEST(Matcher, LeavesSkipWordsOutWhereNothingMatchesWithThem) {
    Grammars g(one("\"turn on [the] light\", \"say please\"",
                   "skip_words: [please, \"can you\", \"can you please\"]"));
    EXPECT_EQ(g.match("Please turn on the light"), "A");
    EXPECT_EQ(g.match("can you please turn on the light, please"), "A");
    EXPECT_EQ(g.match("say please"), "A");
    EXPECT_EQ(g.match("turn on the pleaselight"), "-");
    EXPECT_EQ(g.match("please"), "-");
}

TEST(Matcher, KnowsTheNamesOfTheHome) {
    Grammars g(one("\"turn on [the] {name} [in {area}]\", \"go to {floor}\""));
    EXPECT_EQ(g.match("turn on the KITCHEN light"), "A name=Kitchen light");
    EXPECT_EQ(g.match("turn on the 厨房灯 in Salon"), "A name=厨房灯 area=Salon");
    EXPECT_EQ(g.match("go to ground floor"), "A floor=Ground floor");
    EXPECT_EQ(g.match("turn on the toaster"), "-");
    EXPECT_EQ(g.match("turn on the toaster", {}, Strictness::unknown), "A name=toaster");
}

TEST(Matcher, LimitsNamesByWhatTheBlockWants) {
    Grammars g("intents:\n"
               "  A: {data: [{sentences: [\"do {name}\"], requires_context: {domain: [lock]}}]}\n"
               "  B: {data: [{sentences: [\"do {name}\"], excludes_context: {domain: [lock]}}]}\n");
    EXPECT_EQ(g.match("do front door"), "A name=Front door");
    EXPECT_EQ(g.match("do coffee machine"), "B name=Coffee machine");
}

TEST(Matcher, AsksForTheContextThatTheBlockWants) {
    Grammars g("lists: {c: {values: [{in: red, out: r, context: {kind: warm}}, blue]}}\n"
               "intents:\n"
               "  A: {data: [{sentences: [here], requires_context: {area: {slot: true}}}]}\n"
               "  B: {data: [{sentences: [\"x {c}\"], requires_context: {kind: warm}}]}\n"
               "  C: {data: [{sentences: [there], excludes_context: {area: Attic}}]}\n");
    EXPECT_EQ(g.match("here"), "-");
    EXPECT_EQ(g.match("here", {{"area", "Kitchen"}}), "A");
    EXPECT_EQ(g.match("x red"), "B c=r");
    EXPECT_EQ(g.match("x blue"), "-");
    EXPECT_EQ(g.match("there", {{"area", "Kitchen"}}), "C");
    EXPECT_EQ(g.match("there", {{"area", "Attic"}}), "-");
}

TEST(Matcher, NeedsOneOfTheKeywords) {
    Grammars g("lists: {w: {wildcard: true}}\n"
               "intents: {A: {data: [{sentences: [\"{w}\"], required_keywords: [timer, clock]}]}}");
    EXPECT_EQ(g.match("how is my timer"), "A w=how is my timer");
    EXPECT_EQ(g.match("how is my cat"), "-");
}

TEST(Matcher, PrefersNamesThenFewerWildcardsThenMoreWords) {
    Grammars g("lists: {any: {wildcard: true}}\n"
               "intents:\n"
               "  A: {data: [{sentences: [\"turn on {any}\"]}]}\n"
               "  B: {data: [{sentences: [\"turn {any}\"]}]}\n"
               "  C: {data: [{sentences: [\"turn on {name}\"]}]}\n"
               "  D: {data: [{sentences: [\"turn {any} the {any}\"]}]}\n"
               "  F: {data: [{sentences: [\"same\"]}]}\n"
               "  E: {data: [{sentences: [\"same\"]}]}\n");
    EXPECT_EQ(g.match("turn on kitchen light"), "C name=Kitchen light");
    EXPECT_EQ(g.match("turn on music"), "A any=music");
    EXPECT_EQ(g.match("turn down the music"), "B any=down the music");
    EXPECT_EQ(g.match("same"), "E");
}

TEST(Matcher, TakesTemplatesOfUnspacedScripts) {
    Grammars g(one("\"打开 [厨房 的] 灯\", \"把{name}调到{0..100:n}[%]\", \"百分之{0..100:n}\""));
    EXPECT_EQ(g.match("打开厨房的灯"), "A");
    EXPECT_EQ(g.match("打开 灯"), "A");
    EXPECT_EQ(g.match("把厨房灯调到 50 %。"), "A name=厨房灯 n=50");
    g.package.language = "zh-CN";
    g.grammar = Grammar::compile(g.package).value();
    EXPECT_EQ(g.match("百分之五十"), "A n=50");
}

TEST(Matcher, TakesAnApostropheBeforeAName) {
    Grammars g(one("\"dans [la |l']{area}\""));
    EXPECT_EQ(g.match("dans l’entrée"), "A area=Entrée");
    EXPECT_EQ(g.match("dans la cuisine"), "A area=Cuisine");
}

TEST(Matcher, TriesFewTemplates) {
    std::string many = "intents:\n  A:\n    data:\n      - sentences:\n";
    for (int i = 0; i < 2'000; ++i)
        many += fmt::format("          - \"(start|run) the program w{} [now]\"\n", i);
    Grammars g(many);
    EXPECT_EQ(g.match("run the program w1234"), "A");
    // w1, w12, w123 and w1234 are in the sentence.
    EXPECT_LE(count_candidates(g.grammar, normalize("run the program w1234").value()), 4U);
    EXPECT_EQ(count_candidates(g.grammar, normalize("stop the program").value()), 0U);
}

TEST(Matcher, DoesNotBlowUp) {
    // Each optional part could stand for each word: 2^60 ways, were they tried one by one.
    std::string sentence = "\"";
    std::string said;
    for (int i = 0; i < 60; ++i) {
        sentence += "[a ][a ]";
        said += "a ";
    }
    Grammars g(one(sentence + "b\""));
    EXPECT_EQ(g.match(said + "b"), "A");
    EXPECT_EQ(g.match(said + "c"), "-");
}

TEST(Matcher, HasALimitOfSteps) {
    std::string sentence = "\"";
    for (int i = 0; i < 30; ++i)
        sentence += "{w}a";
    Grammars g(one(sentence + "\"", "lists: {w: {wildcard: true}}"));
    EXPECT_THAT(g.match(std::string(limits::sentence_characters, 'a') + ""),
                ::testing::AnyOf(HasSubstr("(match_steps)"), HasSubstr("A ")));
    EXPECT_THAT(g.match(std::string(limits::sentence_characters - 1, 'a') + "b"),
                HasSubstr("(match_steps)"));
}

std::string compile_error(std::string_view yaml) {
    Package package{.language = "xx"};
    EXPECT_TRUE(package.add("xx.yaml", yaml));
    const auto made = Grammar::compile(package);
    EXPECT_FALSE(made);
    return made ? "" : made.error().detail;
}

TEST(Grammar, NamesWhatIsMissing) {
    EXPECT_EQ(compile_error(one("\"go <nowhere>\"")),
              "xx: intents.A, block 1, sentence 1: column 4: there is no rule <nowhere>");
    EXPECT_THAT(compile_error(one("\"go {nothing}\"")), HasSubstr("there is no list {nothing}"));
    EXPECT_THAT(compile_error(one("\"<a>\"", "expansion_rules: {a: \"<b>\", b: \"[<a>]\"}")),
                HasSubstr("the rule <a> uses itself"));
}

TEST(Grammar, HasLimits) {
    std::string chain = "expansion_rules:\n";
    for (std::size_t i = 0; i <= limits::rule_depth; ++i)
        chain += fmt::format("  r{}: \"x<r{}>\"\n", i, i + 1);
    chain += fmt::format("  r{}: y\n", limits::rule_depth + 1);
    EXPECT_THAT(compile_error(one("\"<r0>\"", chain)), HasSubstr("(rule_depth)"));

    // Rules that were compiled before count too: nodes below nodes, not rules within rules.
    std::string deep = "expansion_rules:\n  r0: \"(x|y)\"\n";
    std::string use;
    const std::string open(20, '('), close(20, ')');
    for (std::size_t i = 1; i <= 100; ++i) {
        std::string nested = fmt::format("<r{}>", i - 1);
        for (int level = 0; level < 5; ++level)
            nested = fmt::format("(a|b {})", nested);
        deep += fmt::format("  r{}: \"{}\"\n", i, nested);
        use += fmt::format("{}\"<r{}>\"", i == 1 ? "" : ", ", i);
    }
    EXPECT_THAT(compile_error(one(use, deep)), HasSubstr("(grammar_depth)"));
}

} // namespace
} // namespace hearth::language
