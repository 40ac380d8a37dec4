#include "language/package.h"

#include "base/text.h"
#include "base/yaml.h"
#include "language/limits.h"
#include "language/normalize.h"

#include <algorithm>
#include <initializer_list>
#include <optional>

namespace hearth::language {
namespace {

/// Where a template stands in its file. YAML values do not know their line, so it is looked for
/// when an error is told: nobody pays for it before.
struct File {
    std::string_view name;
    std::string_view text;

    /// "fr.yaml:12:9", or "fr.yaml: intents.X" where the text stands there in another form.
    std::string place(std::string_view what, std::string_view value, std::size_t column) const {
        const std::size_t found = value.empty() ? text.npos : text.find(value);
        if (found == text.npos) return fmt::format("{}: {}, column {}", name, what, column);
        const auto line = 1 + std::ranges::count(text.substr(0, found), '\n');
        const std::size_t start = found == 0 ? text.npos : text.rfind('\n', found - 1);
        std::size_t characters = 0;
        for (std::size_t at = start == text.npos ? 0 : start + 1; at < found; ++characters)
            next_character(text, at);
        return fmt::format("{}:{}:{}", name, line, characters + column);
    }
};

std::string text_of(const Value& value) {
    if (value.is_string()) return *value.as_string();
    if (const auto* integer = value.as_integer()) return fmt::format("{}", *integer);
    if (const auto* real = value.as_real()) return fmt::format("{}", *real);
    if (const auto* flag = value.as_bool()) return *flag ? "true" : "false";
    return "";
}

class Reader {
public:
    Reader(Package& package, File file)
        : package_(package)
        , file_(file) {}

    Result<void> read(const Value& root) {
        if (!root.is_map()) return wrong("the file", "a map is wanted");
        for (const auto& [key, value] : *root.as_map())
            if (auto done = read_top(key, value); !done) return fail(done);
        return {};
    }

private:
    Result<void> read_top(const std::string& key, const Value& value) {
        if (key == "language") return read_language(value);
        if (value.is_null()) return {}; // a section that is still empty
        if (key == "settings") return read_settings(value);
        if (key == "lists") return read_lists(package_.lists, "lists", value);
        if (key == "expansion_rules") return read_rules(package_.rules, key, value);
        if (key == "skip_words" || key == "questions" || key == "requests" || key == "answers")
            return read_section(key, value);
        if (key == "not_yet") return read_not_yet(value);
        if (key == "intents") return read_intents(value);
        if (key == "responses") return read_responses(value);
        if (key == "words") return read_texts(package_.words, "words", value);
        return unknown("the file", key,
                       "language, settings, lists, expansion_rules, skip_words, questions, "
                       "requests, answers, not_yet, intents, responses, words");
    }

    Result<void> read_language(const Value& value) {
        const std::string language = text_of(value);
        if (language.empty()) return wrong("language", "the language's tag is wanted");
        if (package_.language.empty()) package_.language = language;
        return {};
    }

    Result<void> read_settings(const Value& value) {
        if (!value.is_map()) return wrong("settings", "a map is wanted");
        for (const auto& [key, setting] : *value.as_map()) {
            if (!setting.is_bool()) return wrong("settings." + key, "true or false is wanted");
            if (key == "ignore_whitespace")
                package_.settings.ignore_whitespace = *setting.as_bool();
            else if (key == "filter_with_regex")
                package_.settings.filter_with_regex = *setting.as_bool();
            else
                return unknown("settings", key, "ignore_whitespace, filter_with_regex");
        }
        return {};
    }

    Result<void> read_lists(Lists& lists, const std::string& place, const Value& value) {
        if (!value.is_map()) return wrong(place, "a map is wanted");
        for (const auto& [name, description] : *value.as_map()) {
            if (lists.size() >= limits::package_lists)
                return fail(Code::limit, "{}: more than {} lists (package_lists)", file_.name,
                            limits::package_lists);
            const std::string here = place + "." + name;
            if (lists.contains(name)) return wrong(here, "the list comes twice");
            if (auto done = read_list(lists[name], here, description); !done) return fail(done);
        }
        return {};
    }

    Result<void> read_list(List& list, const std::string& place, const Value& value) {
        if (!value.is_map()) return wrong(place, "a map is wanted");
        bool known = false;
        for (const auto& [key, part] : *value.as_map()) {
            Result<void> done;
            if (key == "values") {
                done = read_values(list, place, part);
            } else if (key == "range") {
                list.kind = List::Kind::range;
                done = read_range(list.range, place, part);
            } else if (key == "wildcard") {
                if (part.bool_or(false)) list.kind = List::Kind::wildcard;
            } else if (key == "metadata" || key == "context") {
                continue;
            } else {
                done = unknown(place, key, "values, range, wildcard");
            }
            if (!done) return fail(done);
            known = true;
        }
        if (!known) return wrong(place, "values, range or wildcard is wanted");
        return {};
    }

    Result<void> read_values(List& list, const std::string& place, const Value& value) {
        if (!value.is_list()) return wrong(place, "a list of values is wanted");
        if (value.as_list()->size() > limits::list_values)
            return fail(Code::limit, "{}: {}: {} values; at most {} are allowed (list_values)",
                        file_.name, place, value.as_list()->size(), limits::list_values);
        for (const Value& one : *value.as_list()) {
            ListValue made;
            const Value& in = one.is_map() ? one.at("in") : one;
            const std::string text = text_of(in);
            if (text.empty()) return wrong(place, "a value is a text, or a map with \"in\"");
            auto parsed = sentence(place, text);
            if (!parsed) return fail(parsed);
            made.in = std::move(*parsed);
            made.out = one.is_map() && one.find("out") ? one.at("out") : Value(text);
            if (const ValueMap* context = one.at("context").as_map()) made.context = *context;
            if (const ValueMap* metadata = one.at("metadata").as_map()) made.metadata = *metadata;
            list.values.push_back(std::move(made));
        }
        return {};
    }

    Result<void> read_range(NumberRange& range, const std::string& place, const Value& value) {
        if (!value.is_map()) return wrong(place, "a range is a map with from and to");
        for (const auto& [key, part] : *value.as_map()) {
            const std::string word = text_of(part);
            bool good = part.is_number();
            if (key == "from")
                range.from = part.number_or(0);
            else if (key == "to")
                range.to = part.number_or(0);
            else if (key == "step")
                range.step = part.number_or(1);
            else if (key == "multiplier")
                range.multiplier = part.number_or(1);
            else if (key == "type")
                good = read_type(range.type, word);
            else if (key == "fractions")
                good = read_fractions(range.fractions, word);
            else if (key == "digits")
                good = read_flag(range.digits, part);
            else if (key == "words")
                good = read_flag(range.words, part);
            else
                return unknown(place + ".range", key,
                               "from, to, step, type, fractions, multiplier, digits, words");
            if (!good)
                return wrong(place + ".range." + key,
                             fmt::format("\"{}\" makes no sense here", printable(word, 40)));
        }
        if (!value.find("from") || !value.find("to") || range.from > range.to || range.step <= 0)
            return wrong(place + ".range", "from, to and a step above 0 are wanted, from ≤ to");
        return {};
    }

    static bool read_type(NumberType& type, std::string_view word) {
        if (word == "number")
            type = NumberType::number;
        else if (word == "percentage")
            type = NumberType::percentage;
        else if (word == "temperature")
            type = NumberType::temperature;
        else
            return false;
        return true;
    }

    static bool read_fractions(Fractions& fractions, std::string_view word) {
        if (word == "halves")
            fractions = Fractions::halves;
        else if (word == "tenths")
            fractions = Fractions::tenths;
        else if (word == "none")
            fractions = Fractions::none;
        else
            return false;
        return true;
    }

    static bool read_flag(bool& flag, const Value& value) {
        if (value.is_bool()) flag = *value.as_bool();
        return value.is_bool();
    }

    Result<void> read_rules(Rules& rules, const std::string& place, const Value& value) {
        if (!value.is_map()) return wrong(place, "a map is wanted");
        for (const auto& [name, text] : *value.as_map()) {
            if (rules.size() >= limits::package_rules)
                return fail(Code::limit, "{}: more than {} rules (package_rules)", file_.name,
                            limits::package_rules);
            const std::string here = place + "." + name;
            if (rules.contains(name)) return wrong(here, "the rule comes twice");
            if (text.is_list() || text.is_map()) return wrong(here, "a template is wanted");
            auto parsed = sentence(here, text_of(text));
            if (!parsed) return fail(parsed);
            rules.emplace(name, std::move(*parsed));
        }
        return {};
    }

    Result<void> read_section(const std::string& section, const Value& value) {
        if (auto done = read_manners(package_.manners, section, value); !done)
            return wrong(section, done.error().detail);
        return {};
    }

    Result<void> read_not_yet(const Value& value) {
        if (!value.is_map()) return wrong("not_yet", "a map is wanted");
        for (const auto& [kind, templates] : *value.as_map())
            if (auto done = read_sentences(package_.not_yet[kind], "not_yet." + kind, templates);
                !done)
                return fail(done);
        return {};
    }

    Result<void> read_intents(const Value& value) {
        if (!value.is_map()) return wrong("intents", "a map is wanted");
        for (const auto& [intent, description] : *value.as_map()) {
            const std::string here = "intents." + intent;
            const Value& data = description.at("data");
            if (!data.is_list()) return wrong(here, "\"data\" with a list of blocks is wanted");
            std::size_t number = 0;
            for (const Value& block : *data.as_list()) {
                auto done = read_block(intent, fmt::format("{}.data[{}]", here, number++), block);
                if (!done) return fail(done);
            }
        }
        return {};
    }

    Result<void> read_block(const std::string& intent, const std::string& place,
                            const Value& value) {
        if (!value.is_map()) return wrong(place, "a block is a map with \"sentences\"");
        auto block = std::make_unique<Block>();
        block->intent = intent;
        for (const auto& [key, part] : *value.as_map())
            if (auto done = read_block_part(*block, place, key, part); !done) return fail(done);
        // A translation that nobody has written yet.
        if (value.at("sentences").is_list() && block->sentences.empty()) return {};
        if (block->sentences.empty()) return wrong(place, "it has no sentences");
        package_.templates += block->sentences.size();
        if (package_.templates > limits::package_templates)
            return fail(Code::limit, "{}: more than {} templates (package_templates)", file_.name,
                        limits::package_templates);
        package_.blocks.push_back(std::move(block));
        return {};
    }

    Result<void> read_block_part(Block& block, const std::string& place, const std::string& key,
                                 const Value& value) {
        const std::string here = place + "." + key;
        if (key == "sentences") return read_sentences(block.sentences, here, value);
        if (key == "expansion_rules") return read_rules(block.rules, here, value);
        if (key == "lists") return read_lists(block.lists, here, value);
        if (key == "slots") return read_map(block.slots, here, value);
        if (key == "metadata") return read_map(block.metadata, here, value);
        if (key == "requires_context") return read_context(block.requires_context, here, value);
        if (key == "excludes_context") return read_context(block.excludes_context, here, value);
        if (key == "required_keywords") return read_keywords(block, here, value);
        if (key == "response") {
            block.response = text_of(value);
            return {};
        }
        // Shorthands of the packages' sources.
        if (key == "name_domains") {
            block.requires_context.push_back({"domain", values_of(value)});
            return {};
        }
        if (key == "inferred_domain") {
            block.slots.set("domain", value);
            return {};
        }
        if (key == "context_area") {
            if (value.bool_or(false)) block.requires_context.push_back({"area", {}, true});
            return {};
        }
        return unknown(place, key,
                       "sentences, slots, response, requires_context, excludes_context, "
                       "required_keywords, expansion_rules, lists, metadata, name_domains, "
                       "inferred_domain, context_area");
    }

    Result<void> read_sentences(std::vector<Expression>& sentences, const std::string& place,
                                const Value& value) {
        if (!value.is_list()) return wrong(place, "a list of templates is wanted");
        for (const Value& one : *value.as_list()) {
            const std::string text = text_of(one);
            if (text.empty()) return wrong(place, "a template is a text");
            auto parsed = sentence(place, text);
            if (!parsed) return fail(parsed);
            sentences.push_back(std::move(*parsed));
        }
        return {};
    }

    Result<void> read_map(ValueMap& map, const std::string& place, const Value& value) {
        if (!value.is_map()) return wrong(place, "a map is wanted");
        map = *value.as_map();
        return {};
    }

    static std::vector<Value> values_of(const Value& value) {
        if (value.is_null()) return {};
        if (value.is_list()) return *value.as_list();
        return {value};
    }

    Result<void> read_context(std::vector<ContextNeed>& needs, const std::string& place,
                              const Value& value) {
        if (!value.is_map()) return wrong(place, "a map is wanted");
        for (const auto& [key, wanted] : *value.as_map()) {
            ContextNeed need{.key = key, .values = {}};
            if (wanted.is_map()) {
                need.into_slot = wanted.at("slot").bool_or(false);
                need.values = values_of(wanted.at("value"));
            } else {
                need.values = values_of(wanted);
            }
            needs.push_back(std::move(need));
        }
        return {};
    }

    Result<void> read_keywords(Block& block, const std::string& place, const Value& value) {
        for (const Value& word : values_of(value)) {
            std::string normal = normalize_name(text_of(word));
            if (normal.empty()) return wrong(place, "a keyword is empty");
            block.required_keywords.push_back(std::move(normal));
        }
        return {};
    }

    Result<void> read_responses(const Value& value) {
        if (!value.is_map()) return wrong("responses", "a map is wanted");
        for (const auto& [key, part] : *value.as_map()) {
            if (key == "errors") {
                if (auto done = read_texts(package_.errors, "responses.errors", part); !done)
                    return fail(done);
                continue;
            }
            auto* const all = key == "intents"     ? &package_.responses
                              : key == "questions" ? &package_.questions
                              : key == "under_way" ? &package_.under_way
                                                   : nullptr;
            if (!all) return unknown("responses", key, "errors, intents, questions, under_way");
            const std::string here = "responses." + key;
            if (!part.is_map()) return wrong(here, "a map is wanted");
            for (const auto& [intent, texts] : *part.as_map())
                if (auto done = read_texts((*all)[intent], here + "." + intent, texts); !done)
                    return fail(done);
        }
        return {};
    }

    Result<void> read_texts(std::map<std::string, std::string, std::less<>>& texts,
                            const std::string& place, const Value& value) {
        if (value.is_null()) return {};
        if (!value.is_map()) return wrong(place, "a map is wanted");
        for (const auto& [key, text] : *value.as_map()) {
            if (text.is_map() || text.is_list())
                return wrong(place + "." + key, "a text is wanted");
            texts[key] = text_of(text);
        }
        return {};
    }

    Result<Expression> sentence(const std::string& place, const std::string& text) {
        auto parsed = parse_sentence(text);
        if (parsed) return std::move(*parsed);
        return std::unexpected(
            Error{parsed.error().code,
                  fmt::format("{}: {}", file_.place(place, text, parsed.error().column),
                              parsed.error().what)});
    }

    std::unexpected<Error> wrong(std::string_view place, std::string_view what) const {
        return fail(Code::invalid, "{}: {}: {}", file_.name, place, what);
    }

    /// The line of the key: the first one in the file that is written so.
    std::unexpected<Error> unknown(std::string_view place, std::string_view key,
                                   std::string_view known) const {
        return fail(Code::invalid, "{}: {}: unknown key \"{}\"; known are {}",
                    file_.place(place, fmt::format("{}:", key), 1), place, printable(key, 60),
                    known);
    }

    Package& package_;
    File file_;
};

} // namespace

Result<void> Package::add(std::string_view file, std::string_view text) {
    if (text.size() > limits::package_bytes)
        return fail(Code::limit, "{}: {} bytes; at most {} are allowed (package_bytes)", file,
                    text.size(), limits::package_bytes);
    const Result<Value> root = parse_yaml(text);
    if (!root) return fail_in(file, root);
    return Reader(*this, File{file, text}).read(*root);
}

} // namespace hearth::language
