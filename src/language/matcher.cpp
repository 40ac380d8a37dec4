#include "language/matcher.h"

#include "language/capabilities.h"
#include "language/limits.h"
#include "language/ranges.h"
#include "language/walk.h"

#include <algorithm>

namespace hearth::language {
namespace {

/// The templates whose every need the sentence meets, in order.
std::vector<std::uint32_t> candidates(const Grammar& grammar, const Normal& sentence) {
    std::vector<std::uint32_t> found = grammar.always;
    std::vector<std::uint8_t> met(grammar.templates.size(), 0);
    std::vector<bool> seen(grammar.templates_of_need.size(), false);
    const auto see = [&](std::size_t, std::uint32_t word) {
        for (const std::uint32_t need : grammar.needs_of_word[word]) {
            if (seen[need]) continue;
            seen[need] = true;
            for (const std::uint32_t number : grammar.templates_of_need[need])
                if (++met[number] == grammar.templates[number].needs) found.push_back(number);
        }
    };
    for (std::size_t at = 0; at < sentence.text.size(); ++at)
        grammar.words.walk(sentence.text, at, see);
    std::ranges::sort(found);
    return found;
}

/// Makes a Match of what a walk has caught.
class Reading {
public:
    Reading(const Grammar& grammar, const HomeNames& names, const Normal& sentence,
            const Walk& walk, Match& match)
        : grammar_(grammar)
        , names_(names)
        , sentence_(sentence)
        , walk_(walk)
        , match_(match) {}

    void read(std::uint32_t root) {
        std::vector<std::uint32_t> todo{root};
        while (!todo.empty()) {
            const std::uint32_t number = todo.back();
            todo.pop_back();
            if (number == nothing) continue;
            const Catch& one = walk_.caught(number);
            if (one.kind == Catch::Kind::pair) {
                todo.push_back(one.b);
                todo.push_back(one.a);
            } else if (one.kind == Catch::Kind::slot) {
                // A rule's slot holds its text; the slots inside of it count too.
                if (one.op == Op::said) todo.push_back(one.a);
                slot(one);
            } else if (one.kind == Catch::Kind::value) {
                add_context(*grammar_.values[one.a]);
            }
        }
    }

private:
    void slot(const Catch& one) {
        Caught caught{.slot = grammar_.slots[one.b],
                      .value = {},
                      .said = sentence_.said(one.begin, one.end),
                      .things = {},
                      .is_capture = one.op == Op::capture,
                      .begin = one.begin,
                      .end = one.end};
        caught.value = caught.said;
        if (one.op != Op::said && one.a != nothing) fill(caught, walk_.caught(one.a));
        match_.caught.push_back(std::move(caught));
    }

    void fill(Caught& caught, const Catch& content) {
        switch (content.kind) {
        case Catch::Kind::value:
            caught.value = grammar_.values[content.a]->out;
            add_context(*grammar_.values[content.a]);
            break;
        case Catch::Kind::number:
            caught.value = number(walk_.number(content.a));
            break;
        case Catch::Kind::names:
        case Catch::Kind::unsuited:
            name(caught, content);
            break;
        case Catch::Kind::unknown:
            caught.is_name = true;
            break;
        case Catch::Kind::text:
            caught.is_wildcard = true;
            break;
        default:
            break;
        }
    }

    void name(Caught& caught, const Catch& content) {
        const auto kind = static_cast<Names>(content.b >> 24);
        const Filter& filter = grammar_.filters[content.b & 0xFFFFFF];
        caught.is_name = true;
        caught.is_unsuited = content.kind == Catch::Kind::unsuited;
        for (const Named& thing : names_.things(kind, content.a))
            if (kind != Names::device || caught.is_unsuited || fits(thing, filter))
                caught.things.push_back(thing);
        caught.value = caught.things.front().spelling;
        if (kind != Names::device) return;
        // So that what requires a domain at all finds one.
        const Named& first = caught.things.front();
        if (!first.domains.empty()) match_.context.set("domain", first.domains.front());
        match_.context.set("device_class", first.device_class);
    }

    static Value number(double value) {
        if (const auto whole = whole_number(value)) return *whole;
        return value;
    }

    void add_context(const ListValue& value) {
        for (const auto& [key, part] : value.context)
            match_.context.set(key, part);
    }

    const Grammar& grammar_;
    const HomeNames& names_;
    const Normal& sentence_;
    const Walk& walk_;
    Match& match_;
};

bool is_one_of(const std::vector<Value>& values, const Value& value) {
    return contains(values, value);
}

bool is_unknown_name(const Caught& caught) {
    return caught.is_name && caught.things.empty();
}

bool names_a_device(const Match& match) {
    return std::ranges::any_of(
        match.caught, [](const Caught& caught) { return caught.is_name && caught.slot == "name"; });
}

/// Whether the context is as the block wants it. Needs that a named device met are met: the matcher
/// chose the device by them.
bool allows(const Match& match) {
    // Sentences that begin like many others say so: there an unknown name is no name.
    const bool only_known = match.block->metadata.find("only_known") != nullptr;
    if (only_known && std::ranges::any_of(match.caught, is_unknown_name)) return false;
    const bool device = names_a_device(match);
    for (const ContextNeed& need : match.block->requires_context) {
        if (device && (need.key == "domain" || need.key == "device_class")) continue;
        const Value* value = match.context.find(need.key);
        if (!value || (!need.values.empty() && !is_one_of(need.values, *value))) return false;
    }
    for (const ContextNeed& need : match.block->excludes_context) {
        if (device && (need.key == "domain" || need.key == "device_class")) continue;
        const Value* value = match.context.find(need.key);
        if (value && is_one_of(need.values, *value)) return false;
    }
    return true;
}

bool is_of_sort(const Block& block, Sort sort) {
    if (sort == Sort::statement) return block.metadata.find("question") == nullptr;
    return is_query(block.intent) == (sort == Sort::question);
}

class Search {
public:
    Search(const Package& package, const Grammar& grammar, const HomeNames& names,
           const Normal& sentence, const Context& context, const Wanted& wanted)
        : package_(package)
        , grammar_(grammar)
        , names_(names)
        , sentence_(sentence)
        , context_(context)
        , wanted_(wanted)
        , walk_(grammar, names, sentence, wanted.strictness) {}

    Result<std::optional<Match>> run(const Edges& edges) {
        const std::vector<std::uint32_t> numbers = candidates(grammar_, sentence_);
        for (const Begin& begin : edges.begins) {
            if (begin.literal && begins_a_name(begin.at)) continue;
            walk_.begin(begin);
            for (const std::uint32_t number : numbers) {
                try_template(grammar_.templates[number], begin.at, edges.ends);
                if (walk_.exhausted())
                    return fail(Code::limit,
                                "the sentence takes more than {} steps to understand "
                                "(match_steps)",
                                limits::match_steps);
            }
        }
        return std::move(best_);
    }

private:
    /// "please lamp on" may speak of a thing called "please lamp".
    bool begins_a_name(std::uint32_t at) const {
        bool found = false;
        names_.trie(Names::device).walk(sentence_.text, at, [&](std::size_t end, std::uint32_t) {
            found |= sentence_.is_word_end(end);
        });
        return found;
    }

    void try_template(const Template& candidate, std::uint32_t begin,
                      const std::vector<std::uint32_t>& ends) {
        const Block& block = *package_.blocks[candidate.block];
        if (!is_of_sort(block, wanted_.sort) || !walk_.may_begin(candidate.root)) return;
        hits_.clear();
        walk_.run(candidate.root, hits_);
        for (const Hit& hit : hits_)
            if (is_end(hit.end, ends)) take(hit, block, begin);
    }

    /// A template may take the space before what was passed over.
    bool is_end(std::uint32_t at, const std::vector<std::uint32_t>& ends) const {
        return std::ranges::any_of(ends, [&](std::uint32_t end) {
            return at == end ||
                   (at == end + 1 && end < sentence_.text.size() && sentence_.text[end] == ' ');
        });
    }

    void take(const Hit& hit, const Block& block, std::uint32_t begin) {
        const bool is_likelier = !best_ || is_better(hit.score, block);
        if (!is_likelier && wanted_.strictness == Strictness::known) return;
        Match match{&block, {}, context_};
        Reading(grammar_, names_, sentence_, walk_, match).read(hit.caught);
        if (!allows(match) || cuts_a_wildcard(match, begin, hit.end)) return;
        if (best_ && wanted_.strictness == Strictness::unknown) {
            if (names_whole(*best_, match)) return;
            if (!is_likelier && !names_whole(match, *best_)) return;
        }
        best_ = std::move(match);
        score_ = hit.score;
    }

    /// Whether one takes for a thing's name what the other takes for a room and more: nobody who
    /// says "turn on the kitty lamp" means a room called "kitty".
    static bool names_whole(const Match& one, const Match& other) {
        const auto unknown = [](const Match& match, std::string_view slot) {
            return std::ranges::find_if(match.caught, [&](const Caught& caught) {
                return is_unknown_name(caught) && caught.slot == slot;
            });
        };
        const auto name = unknown(one, "name");
        const auto area = unknown(other, "area");
        return name != one.caught.end() && area != other.caught.end() &&
               name->begin == area->begin && unknown(one, "area") == one.caught.end();
    }

    /// What any text may be is not cut short.
    bool cuts_a_wildcard(const Match& match, std::uint32_t begin, std::uint32_t end) const {
        return std::ranges::any_of(match.caught, [&](const Caught& caught) {
            return caught.is_wildcard && ((begin > 0 && caught.begin <= begin) ||
                                          (end < sentence_.text.size() && caught.end >= end));
        });
    }

    bool is_better(const Score& score, const Block& block) const {
        if (score_ < score) return true;
        return !(score < score_) && block.intent < best_->block->intent;
    }

    const Package& package_;
    const Grammar& grammar_;
    const HomeNames& names_;
    const Normal& sentence_;
    const Context& context_;
    Wanted wanted_;
    Walk walk_;
    Hits hits_;
    std::optional<Match> best_;
    Score score_;
};

} // namespace

Result<std::optional<Match>> match(const Package& package, const Grammar& grammar,
                                   const HomeNames& names, const Normal& sentence,
                                   const Context& context, const Wanted& wanted,
                                   const Edges& edges) {
    return Search(package, grammar, names, sentence, context, wanted).run(edges);
}

Result<std::optional<Match>> match(const Package& package, const Grammar& grammar,
                                   const HomeNames& names, const Normal& sentence,
                                   const Context& context, Strictness strictness) {
    const Wanted wanted{strictness, Sort::statement};
    auto found = match(package, grammar, names, sentence, context, wanted, whole(sentence));
    if (!found || *found) return found;
    return match(package, grammar, names, sentence, context, wanted,
                 polite(package.manners, sentence, false));
}

std::string not_yet_in(const Grammar& grammar, const HomeNames& names, const Normal& sentence,
                       bool anywhere) {
    if (grammar.not_yet.empty()) return "";
    const std::string& text = sentence.text;
    bool names_something = anywhere;
    for (std::uint32_t at = 0; at < text.size() && !names_something; ++at)
        for (const Names kind : {Names::device, Names::area})
            if (sentence.is_word_end(at))
                names.trie(kind).walk(text, at, [&](std::size_t end, std::uint32_t) {
                    names_something |= sentence.is_word_end(end);
                });
    if (!names_something) return "";
    Walk walk(grammar, names, sentence, Strictness::known);
    Hits hits;
    for (std::uint32_t at = 0; at < text.size() && !walk.exhausted(); ++at) {
        if (!sentence.is_character(at) || !sentence.is_word_end(at) || text[at] == ' ') continue;
        walk.begin({at, false});
        for (const auto& [kind, roots] : grammar.not_yet)
            for (const std::uint32_t root : roots) {
                hits.clear();
                if (walk.may_begin(root)) walk.run(root, hits);
                if (std::ranges::any_of(
                        hits, [&](const Hit& hit) { return sentence.is_word_end(hit.end); }))
                    return kind;
            }
    }
    return "";
}

std::size_t count_candidates(const Grammar& grammar, const Normal& sentence) {
    return candidates(grammar, sentence).size();
}

} // namespace hearth::language
