#include "language/limits.h"
#include "language/package.h"

#include <gmock/gmock.h>

namespace hearth::language {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string error_of(std::string_view yaml) {
    Package package;
    const auto done = package.add("xx.yaml", yaml);
    EXPECT_FALSE(done);
    return done ? "" : done.error().detail;
}

constexpr std::string_view whole = R"yaml(
language: xx
settings: {ignore_whitespace: true, filter_with_regex: false}
skip_words: [please, "could you please"]
lists:
  color:
    values:
      - red
      - {in: "(blue|azure)", out: "#00f", context: {kind: cold}, metadata: {warm: false}}
      - {in: 5, out: 55}
  level: {range: {from: 0, to: 100, step: 5, type: percentage, multiplier: -1}}
  heat: {range: {from: 5, to: 30, type: temperature, fractions: halves, words: false}}
  anything: {wildcard: true}
expansion_rules: {the: "[the ]"}
intents:
  Paint:
    data:
      - sentences: ["paint <the>{color}", "{anything} <here>"]
        slots: {domain: wall}
        response: painted
        requires_context: {domain: [wall, door], area: {slot: true}, kind: {value: cold}}
        excludes_context: {domain: lock}
        required_keywords: ["Paint"]
        expansion_rules: {here: "here"}
        lists: {own: {values: [x]}}
        metadata: {slot_combination: color}
      - sentences: ["roll"]
        name_domains: [wall]
        inferred_domain: wall
        context_area: true
responses:
  errors: {no_intent: "What?"}
  intents: {Paint: {painted: "Done", default: "{{ slots.color }}"}}
words: {red: rot}
)yaml";

TEST(Package, ReadsEverythingThatTheFormatHas) {
    Package package;
    const auto done = package.add("xx.yaml", whole);
    ASSERT_TRUE(done) << done.error().detail;
    EXPECT_EQ(package.language, "xx");
    EXPECT_TRUE(package.settings.ignore_whitespace);
    EXPECT_FALSE(package.settings.filter_with_regex);
    ASSERT_EQ(package.manners.fillers.size(), 2U);
    EXPECT_EQ(package.manners.fillers.back().text, "could you please");
    EXPECT_EQ(package.words.at("red"), "rot");
    EXPECT_EQ(package.errors.at("no_intent"), "What?");
    EXPECT_EQ(package.responses.at("Paint").at("painted"), "Done");

    const List& color = package.lists.at("color");
    ASSERT_EQ(color.values.size(), 3U);
    EXPECT_EQ(color.values[0].out, Value("red"));
    EXPECT_EQ(color.values[1].out, Value("#00f"));
    EXPECT_EQ(color.values[1].context.find("kind")->string_or(""), "cold");
    EXPECT_EQ(color.values[2].out, Value(55));
    EXPECT_EQ(
        package.lists.at("level").range,
        (NumberRange{
            .from = 0, .to = 100, .step = 5, .type = NumberType::percentage, .multiplier = -1}));
    EXPECT_EQ(package.lists.at("heat").range.fractions, Fractions::halves);
    EXPECT_FALSE(package.lists.at("heat").range.words);
    EXPECT_EQ(package.lists.at("anything").kind, List::Kind::wildcard);
}

TEST(Package, ReadsBlocksWithTheirConditions) {
    Package package;
    ASSERT_TRUE(package.add("xx.yaml", whole));
    ASSERT_EQ(package.blocks.size(), 2U);
    const Block& block = *package.blocks[0];
    EXPECT_EQ(block.intent, "Paint");
    EXPECT_EQ(block.sentences.size(), 2U);
    EXPECT_EQ(block.response, "painted");
    ASSERT_EQ(block.requires_context.size(), 3U);
    EXPECT_EQ(block.requires_context[0].values.size(), 2U);
    EXPECT_TRUE(block.requires_context[1].into_slot);
    EXPECT_EQ(block.requires_context[2].values, std::vector<Value>{"cold"});
    EXPECT_EQ(block.excludes_context[0].values, std::vector<Value>{"lock"});
    EXPECT_THAT(block.required_keywords, ElementsAre("paint"));
    EXPECT_TRUE(block.rules.contains("here"));
    EXPECT_TRUE(block.lists.contains("own"));
    const Block& shorthand = *package.blocks[1];
    EXPECT_EQ(shorthand.requires_context[0].key, "domain");
    EXPECT_EQ(shorthand.slots.find("domain")->string_or(""), "wall");
    EXPECT_TRUE(shorthand.requires_context[1].into_slot);
}

TEST(Package, IsWrittenInSeveralFiles) {
    Package package;
    ASSERT_TRUE(package.add("a.yaml", "language: xx\nlists: {a: {wildcard: true}}"));
    ASSERT_TRUE(package.add("b.yaml", "language: xx\nlists: {b: {wildcard: true}}"));
    EXPECT_EQ(package.lists.size(), 2U);
    EXPECT_THAT(package.add("c.yaml", "lists: {b: {wildcard: true}}").error().detail,
                HasSubstr("c.yaml: lists.b: the list comes twice"));
}

TEST(Package, SaysInWhichLineAndColumnATemplateIsWrong) {
    EXPECT_EQ(error_of("language: xx\n"
                       "intents:\n"
                       "  A:\n"
                       "    data:\n"
                       "      - sentences:\n"
                       "          - \"fine\"\n"
                       "          - \"turn (on\"\n"),
              "xx.yaml:7:19: \"(\" is never closed");
    EXPECT_EQ(error_of("expansion_rules:\n  é: 'a ]'\n"), "xx.yaml:2:9: \"]\" was not opened");
    EXPECT_THAT(error_of("expansion_rules: {a: \"\\u0061 ]\"}"), HasSubstr("expansion_rules.a"));
}

TEST(Package, RefusesWhatItDoesNotKnow) {
    EXPECT_THAT(error_of("lang: xx"), HasSubstr("xx.yaml:1:1: the file: unknown key \"lang\""));
    EXPECT_THAT(error_of("intents: {A: {data: [{sentence: [a]}]}}"),
                HasSubstr("intents.A.data[0]: unknown key \"sentence\""));
    EXPECT_THAT(error_of("settings: {x: true}"), HasSubstr("unknown key \"x\""));
    EXPECT_THAT(error_of("lists: {a: {range: {from: 0, to: 1, by: 2}}}"),
                HasSubstr("unknown key \"by\""));
}

TEST(Package, RefusesWhatMakesNoSense) {
    EXPECT_THAT(error_of("[]"), HasSubstr("a map is wanted"));
    EXPECT_THAT(error_of("intents: {A: {data: [{slots: {}}]}}"), HasSubstr("it has no sentences"));
    EXPECT_THAT(error_of("skip_words: [\"\"]"), HasSubstr("skip_words: a text is wanted"));
    EXPECT_THAT(error_of("lists: {a: {}}"), HasSubstr("values, range or wildcard"));
    EXPECT_THAT(error_of("lists: {a: {range: {from: 2, to: 1}}}"), HasSubstr("from ≤ to"));
    EXPECT_THAT(error_of("lists: {a: {range: {from: 0, to: 1, type: colour}}}"),
                HasSubstr("\"colour\" makes no sense"));
    EXPECT_THAT(error_of("lists: {a: {values: [{out: x}]}}"), HasSubstr("a map with \"in\""));
    EXPECT_THAT(error_of("a: [b"), HasSubstr("xx.yaml: line"));
}

TEST(Package, PassesOverWhatIsNotTranslatedYet) {
    Package package;
    ASSERT_TRUE(package.add("xx.yaml", "skip_words: [\"?\"]\nexpansion_rules:\n"
                                       "intents: {A: {data: [{sentences: []}]}}"));
    EXPECT_TRUE(package.blocks.empty());
    EXPECT_TRUE(package.manners.fillers.empty());
}

TEST(Package, HasLimits) {
    Package package;
    EXPECT_EQ(package.add("x", std::string(limits::package_bytes + 1, ' ')).error().code,
              Code::limit);
    std::string many = "lists: {a: {values: [";
    for (std::size_t i = 0; i <= limits::list_values; ++i)
        many += "a,";
    EXPECT_THAT(error_of(many + "]}}"), HasSubstr("(list_values)"));
    many = "intents: {A: {data: [{sentences: [";
    for (std::size_t i = 0; i <= limits::package_templates; ++i)
        many += "a,";
    EXPECT_THAT(error_of(many + "]}]}}"), HasSubstr("(package_templates)"));
    many = "expansion_rules:\n";
    for (std::size_t i = 0; i <= limits::package_rules; ++i)
        many += fmt::format("  r{}: a\n", i);
    EXPECT_THAT(error_of(many), HasSubstr("(package_rules)"));
    many = "lists:\n";
    for (std::size_t i = 0; i <= limits::package_lists; ++i)
        many += fmt::format("  r{}: {{wildcard: true}}\n", i);
    EXPECT_THAT(error_of(many), HasSubstr("(package_lists)"));
}

} // namespace
} // namespace hearth::language
