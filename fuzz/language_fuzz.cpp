// Arbitrary bytes as a template, as a package, as a template that a sentence is matched against,
// and as a sentence in each language. The first byte says which.
//
// Properties: everything ends within its limits with an answer or an error; a template that parses
// compiles or says why not; a match spends no more than its steps; what is not understood has no
// frame; whatever is understood can be said back.
#include "language/matcher.h"
#include "language/test_home.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace {

using namespace hearth;
using namespace hearth::language;

void require(bool holds) {
    if (!holds) __builtin_trap();
}

const testing::TestHome& house() {
    static const testing::TestHome made;
    return made;
}

const HomeNames& names() {
    static const HomeNames made(house().home);
    return made;
}

void match_against(const Package& package, std::string_view sentence) {
    const auto grammar = Grammar::compile(package);
    if (!grammar) {
        require(!grammar.error().detail.empty());
        return;
    }
    const auto normal = normalize(sentence);
    if (!normal) return;
    for (const Strictness strictness : {Strictness::known, Strictness::unknown}) {
        const auto found =
            match(package, *grammar, names(), *normal, {{"area", "Kitchen"}}, strictness);
        require(found || found.error().code == Code::limit);
    }
    (void)not_yet_in(*grammar, names(), *normal, true);
    (void)answer_of(package.manners, *normal);
    for (const Edges& edges : requested(package.manners, *normal))
        for (const std::uint32_t end : edges.ends)
            require(end <= normal->text.size());
}

void as_template(std::string_view input) {
    const std::size_t line = std::min(input.find('\n'), input.size());
    const auto parsed = parse_sentence(input.substr(0, line));
    if (!parsed) return require(parsed.error().column >= 1 && !parsed.error().what.empty());
    Package package{.language = "en"};
    require(package
                .add("fuzz.yaml", "lists: {n: {range: {from: 0, to: 100}}, w: {wildcard: true}, "
                                  "v: {values: [\"a[b]\", {in: \"(c|d)\", out: 1}]}}\n"
                                  "expansion_rules: {r: \"[the] (x|y)\"}\nskip_words: [please]\n"
                                  "requests: [{start: [can you], end: [now]}]\n"
                                  "not_yet: {several: [and]}")
                .has_value());
    auto block = std::make_unique<Block>();
    block->intent = "A";
    block->sentences.push_back(*parsed);
    package.blocks.push_back(std::move(block));
    match_against(package, line < input.size() ? input.substr(line + 1) : "");
}

void as_package(std::string_view input) {
    Package package{.language = "fr"};
    const auto read = package.add("fuzz.yaml", input);
    if (!read) return require(!read.error().detail.empty());
    match_against(package, "allume la lumière de la cuisine à 50 %");
}

void as_sentence(std::string_view tag, std::string_view input) {
    const auto& languages = testing::languages();
    for (const auto& here : {std::optional<home::AreaId>(), {"kitchen"}}) {
        const auto made = languages.understand(house().home, names(), tag, input, here);
        if (!made) return;
        const bool has_frame = !std::holds_alternative<std::monostate>(made->frame);
        require(has_frame ==
                (made->verdict == Verdict::understood || made->verdict == Verdict::confirm));
        const auto reply = languages.reply(house().home, *made);
        require(reply.has_value() && !reply->empty());
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view input(reinterpret_cast<const char*>(data) + 1, size - 1);
    switch (data[0] % 5) {
    case 0:
        as_template(input);
        break;
    case 1:
        as_package(input);
        break;
    case 2:
        as_sentence("en", input);
        break;
    case 3:
        as_sentence("fr", input);
        break;
    default:
        as_sentence("zh-CN", input);
        break;
    }
    return 0;
}
