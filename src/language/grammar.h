#pragma once

#include "language/numbers.h"
#include "language/package.h"
#include "language/trie.h"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// A package compiled for matching: one graph of nodes in which equal parts are shared, and an
/// index that names the few templates which a sentence could match.
///
/// The index: of every template it is known which words (pieces of literal text) a sentence must
/// hold, as "one of these, and one of those". One walk over the sentence finds all words of the
/// language that stand in it; only templates whose every need is met are tried.
namespace hearth::language {

/// Lists that a home fills.
enum class Names : std::uint8_t { device, area, floor };

enum class Op : std::uint8_t {
    text,     ///< first, count: bytes of `letters`
    space,    ///< a space, or nothing where Normal::space_is_free
    loose,    ///< a space or nothing, anywhere
    sequence, ///< first, count: of `children`
    choice,   ///< likewise
    value,    ///< first: node; extra: of `values`
    number,   ///< extra: of `ranges`
    wildcard, ///< any text that is not empty
    names,    ///< first: a Names; extra: of `filters`
    slot,     ///< first: node; extra: of `slots`; what the node caught goes into the slot
    capture,  ///< likewise, for the reply alone
    said,     ///< likewise, but the text itself is caught
};

struct Node {
    Op op = Op::sequence;
    bool shared = false; ///< reached on several ways: the matcher remembers its results
    std::uint32_t first = 0;
    std::uint32_t count = 0;
    std::uint32_t extra = 0;
    std::uint32_t begin = 0; ///< of `beginnings`
};

/// Which bytes a node's text can begin with.
struct Beginning {
    std::array<std::uint64_t, 4> bytes{};
    bool empty = false; ///< it may also match nothing

    bool allows(char byte) const {
        const auto number = static_cast<unsigned char>(byte);
        return empty || (bytes[number / 64] >> (number % 64) & 1) != 0;
    }
    auto operator<=>(const Beginning&) const = default;
};

/// Which of a home's devices a {name} may mean: those that fit the block's needs.
struct Filter {
    std::vector<ContextNeed> requires_context; ///< only domain and device_class
    std::vector<ContextNeed> excludes_context;
};

struct Template {
    std::uint32_t root = 0;
    std::uint32_t block = 0; ///< of Package::blocks
    std::uint8_t needs = 0;  ///< how many; 0: must always be tried
};

struct Grammar {
    /// Compiles. The package must outlive the grammar. Errors: Code::invalid for rules and lists
    /// that do not exist or rules that use themselves; Code::limit. They name intent and template.
    static Result<Grammar> compile(const Package& package);

    std::vector<Node> nodes;
    std::vector<std::uint32_t> children;
    std::string letters;
    std::vector<Beginning> beginnings;
    std::vector<std::string> slots;
    std::vector<const ListValue*> values;
    std::vector<NumberRange> ranges;
    std::vector<Filter> filters;
    NumberWords number_words;

    /// Package::not_yet: kinds and the nodes of their templates.
    std::vector<std::pair<std::string, std::vector<std::uint32_t>>> not_yet;

    std::vector<Template> templates;   ///< in the order of the files
    std::vector<std::uint32_t> always; ///< templates without a need
    Trie words;                        ///< word → of `needs_of_word`
    std::vector<std::vector<std::uint32_t>> needs_of_word;
    std::vector<std::vector<std::uint32_t>> templates_of_need;
};

} // namespace hearth::language
