#pragma once

#include "base/result.h"
#include "base/value.h"
#include "language/manners.h"
#include "language/sentence.h"

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// A language as its files say it: sentences, rules, lists, replies. One file or many; docs/
/// language.md explains the format to people who write one.
namespace hearth::language {

/// One value of a list: what is said, and what that means.
struct ListValue {
    Expression in;
    Value out;        ///< the text itself where the file gives no `out`
    ValueMap context; ///< what choosing it adds to the context
    ValueMap metadata;
};

struct List {
    enum class Kind : std::uint8_t { values, range, wildcard };
    Kind kind = Kind::values;
    std::vector<ListValue> values;
    NumberRange range;
};

using Lists = std::map<std::string, List, std::less<>>;
using Rules = std::map<std::string, Expression, std::less<>>;

/// What a block asks of the context of a match: of the thing that is named ("domain"), of the
/// values that were chosen, or of the place where the sentence was said ("area").
struct ContextNeed {
    std::string key;
    std::vector<Value> values; ///< one of these; any where empty
    bool into_slot = false;    ///< the value is copied into the slot of that name
};

/// Sentences of one intent that mean the same.
struct Block {
    std::string intent;
    std::vector<Expression> sentences;
    ValueMap slots; ///< set unless the sentence set them
    std::vector<ContextNeed> requires_context;
    std::vector<ContextNeed> excludes_context;
    std::vector<std::string> required_keywords; ///< one of them is in the sentence
    std::string response = "default";
    ValueMap metadata;
    Rules rules; ///< in this block before those of the language
    Lists lists; ///< likewise
};

struct Settings {
    bool ignore_whitespace = false; ///< spaces of templates may always be missing
    bool filter_with_regex = true; ///< of hassil's first filter; hearth has another, and ignores it
};

/// All that is known of one language. Moves, because blocks are large.
struct Package {
    std::string language; ///< the name of its file without ".yaml", as `--lang` takes it
    Settings settings;
    Lists lists;
    Rules rules;
    Manners manners;
    /// What the language can say and hearth cannot do yet, by its kind: "later": "in {minutes}
    /// minutes". So that a reply speaks of that, and not of a room called "10 minutes".
    std::map<std::string, std::vector<Expression>, std::less<>> not_yet;
    std::vector<std::unique_ptr<const Block>> blocks;
    std::map<std::string, std::map<std::string, std::string, std::less<>>, std::less<>>
        responses; ///< intent → key → reply template
    std::map<std::string, std::map<std::string, std::string, std::less<>>, std::less<>>
        questions; ///< likewise: what to ask before it is done
    std::map<std::string, std::map<std::string, std::string, std::less<>>, std::less<>>
        under_way; ///< likewise: what to say while the devices are at it
    std::map<std::string, std::string, std::less<>> errors; ///< key → reply template
    /// How the language says a state or a kind of device in a reply: "locked" → "fermé à clé".
    std::map<std::string, std::string, std::less<>> words;

    std::size_t templates = 0;

    /// Adds what a file says. Errors begin with file, line and column ("fr.yaml:12:9: …"); the
    /// package is then half filled and of no use. An unknown key, a rule or list that comes twice,
    /// and a wrong type are errors.
    Result<void> add(std::string_view file, std::string_view text);
};

} // namespace hearth::language
