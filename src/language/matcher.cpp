#include "language/matcher.h"

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
                      .is_capture = one.op == Op::capture};
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
        const auto whole = static_cast<std::int64_t>(value);
        if (static_cast<double>(whole) == value) return whole;
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

class Search {
public:
    Search(const Package& package, const Grammar& grammar, const HomeNames& names,
           const Normal& sentence, const Context& context, Strictness strictness)
        : package_(package)
        , grammar_(grammar)
        , names_(names)
        , sentence_(sentence)
        , context_(context)
        , walk_(grammar, names, sentence, strictness) {}

    Result<std::optional<Match>> run() {
        for (const std::uint32_t number : candidates(grammar_, sentence_)) {
            try_template(grammar_.templates[number]);
            if (walk_.exhausted())
                return fail(Code::limit,
                            "the sentence takes more than {} steps to understand "
                            "(match_steps)",
                            limits::match_steps);
        }
        return std::move(best_);
    }

private:
    void try_template(const Template& candidate) {
        if (!walk_.may_begin(candidate.root)) return;
        hits_.clear();
        walk_.run(candidate.root, 0, hits_);
        const auto whole = std::ranges::find(hits_, sentence_.text.size(), &Hit::end);
        if (whole == hits_.end()) return;
        const Block& block = *package_.blocks[candidate.block];
        if (best_ && !is_better(whole->score, block)) return;
        Match match{&block, {}, context_};
        Reading(grammar_, names_, sentence_, walk_, match).read(whole->caught);
        if (!allows(match)) return;
        best_ = std::move(match);
        score_ = whole->score;
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
    Walk walk_;
    Hits hits_;
    std::optional<Match> best_;
    Score score_;
};

/// Takes out the skip words of a sentence; false where there is none, or nothing else.
bool drop_skip_words(const Package& package, Normal& sentence) {
    bool dropped = false;
    for (const std::string& word : package.skip_words) {
        for (std::size_t at = sentence.text.find(word); at != std::string::npos;
             at = sentence.text.find(word, at)) {
            std::size_t end = at + word.size();
            if (!sentence.is_word_end(at) || !sentence.is_word_end(end)) {
                ++at;
                continue;
            }
            // With one of the spaces around it.
            if (end < sentence.text.size() && sentence.text[end] == ' ')
                ++end;
            else if (at > 0 && sentence.text[at - 1] == ' ')
                --at;
            sentence.erase(at, end);
            dropped = true;
        }
    }
    return dropped && !sentence.text.empty();
}

} // namespace

Result<std::optional<Match>> match(const Package& package, const Grammar& grammar,
                                   const HomeNames& names, const Normal& sentence,
                                   const Context& context, Strictness strictness) {
    auto found = Search(package, grammar, names, sentence, context, strictness).run();
    if (!found || *found || package.skip_words.empty()) return found;
    Normal shorter = sentence;
    if (!drop_skip_words(package, shorter)) return found;
    return Search(package, grammar, names, shorter, context, strictness).run();
}

std::size_t count_candidates(const Grammar& grammar, const Normal& sentence) {
    return candidates(grammar, sentence).size();
}

} // namespace hearth::language
