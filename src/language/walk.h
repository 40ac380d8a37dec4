#pragma once

#include "language/grammar.h"
#include "language/limits.h"
#include "language/matcher.h"
#include "language/names.h"
#include "language/normalize.h"

#include <algorithm>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

/// The inside of the matcher: how nodes of a grammar match one sentence.
namespace hearth::language {

/// How good a match is; sums up along the sentence.
struct Score {
    std::int32_t name_bytes = 0; ///< of things that the home knows by that name
    std::int32_t variants = 0;   ///< names that are spelled otherwise
    std::int32_t wildcards = 0;
    std::int32_t words = 0; ///< pieces of literal text
    std::int32_t wildcard_bytes = 0;

    auto rank() const {
        return std::tuple(name_bytes, -variants, -wildcards, words, -wildcard_bytes);
    }
    bool operator<(const Score& other) const { return rank() < other.rank(); }
    Score operator+(const Score& other) const {
        return {name_bytes + other.name_bytes, variants + other.variants,
                wildcards + other.wildcards, words + other.words,
                wildcard_bytes + other.wildcard_bytes};
    }
};

inline constexpr std::uint32_t nothing = ~0U;

/// What was caught, as a tree in one array: a result that is remembered may be part of several.
struct Catch {
    enum class Kind : std::uint8_t { pair, value, number, text, names, unknown, unsuited, slot };
    Kind kind = Kind::pair;
    Op op = Op::slot;        ///< of a slot
    std::uint32_t a = 0;     ///< pair: left; slot: what is in it; else value, text number…
    std::uint32_t b = 0;     ///< pair: right; slot: its number
    std::uint32_t begin = 0; ///< in the sentence
    std::uint32_t end = 0;
};

/// One way to match a node from some place on.
struct Hit {
    std::uint32_t end = 0;
    std::uint32_t caught = nothing; ///< of the catches
    Score score;
};
using Hits = std::vector<Hit>;

/// The best of the ways to each end; knows by the end which it has already.
class Ways {
public:
    void clear(std::size_t places) {
        hits.clear();
        if (stamps_.size() != places) stamps_.assign(places, {0, 0});
        ++stamp_;
    }

    /// Where the hit would be the best so far: the place for it. Else nullptr.
    Hit* place_for(std::uint32_t end, const Score& score) {
        auto& [stamp, index] = stamps_[end];
        if (stamp != stamp_) {
            stamp = stamp_;
            index = static_cast<std::uint32_t>(hits.size());
            return &hits.emplace_back();
        }
        return hits[index].score < score ? &hits[index] : nullptr;
    }

    Hits hits;

private:
    std::vector<std::pair<std::uint32_t, std::uint32_t>> stamps_; ///< by end: stamp, index
    std::uint32_t stamp_ = 0;
};

/// Matches nodes against one sentence. All ends of a node from a place are found at once and, where
/// a node is shared, remembered: the work is bounded by nodes × places, whatever the templates say.
class Walk {
public:
    Walk(const Grammar& grammar, const HomeNames& names, const Normal& sentence,
         Strictness strictness)
        : grammar_(grammar)
        , names_(names)
        , sentence_(sentence)
        , text_(sentence.text)
        , strictness_(strictness) {}

    /// From where run() matches. What was found from another place on is forgotten.
    void begin(const Begin& begin) {
        begin_ = begin;
        known_.clear();
        kept_.clear();
    }
    void run(std::uint32_t node, Hits& out) { visit(node, begin_.at, out, 0); }
    bool may_begin(std::uint32_t node) const {
        return grammar_.beginnings[grammar_.nodes[node].begin].allows(text_[begin_.at]);
    }
    bool exhausted() const { return steps_ > limits::match_steps; }
    const Catch& caught(std::uint32_t number) const { return catches_[number]; }
    double number(std::uint32_t number) const { return numbers_[number]; }

private:
    struct Scratch {
        Ways now, next;
        Hits part;
    };

    void visit(std::uint32_t number, std::uint32_t at, Hits& out, std::size_t depth) {
        if (++steps_ > limits::match_steps) return;
        const Node& node = grammar_.nodes[number];
        const Beginning& beginning = grammar_.beginnings[node.begin];
        if (!beginning.empty && (at == text_.size() || !beginning.allows(text_[at]))) return;
        if (!node.shared) return enter(node, at, out, depth);
        const std::uint64_t key = std::uint64_t(number) << 32 | at;
        if (const auto known = known_.find(key); known != known_.end()) {
            const auto [first, count] = known->second;
            for (std::uint32_t i = 0; i < count; ++i)
                out.push_back(kept_[first + i]);
            steps_ += count;
            return;
        }
        const std::size_t before = out.size();
        enter(node, at, out, depth);
        known_.emplace(key, std::pair(static_cast<std::uint32_t>(kept_.size()),
                                      static_cast<std::uint32_t>(out.size() - before)));
        kept_.insert(kept_.end(), out.begin() + static_cast<std::ptrdiff_t>(before), out.end());
    }

    void enter(const Node& node, std::uint32_t at, Hits& out, std::size_t depth) {
        switch (node.op) {
        case Op::text:
            return text(node, at, out);
        case Op::space:
        case Op::loose:
            return space(node.op, at, out);
        case Op::sequence:
            return sequence(node, at, out, depth);
        case Op::choice:
            return choice(node, at, out, depth);
        case Op::value:
            return value(node, at, out, depth);
        case Op::number:
            return number(node, at, out);
        case Op::wildcard:
            return any_text(at, Catch::Kind::text, out);
        case Op::names:
            return names(node, at, out);
        case Op::slot:
        case Op::capture:
        case Op::said:
            return slot(node, at, out, depth);
        }
    }

    void text(const Node& node, std::uint32_t at, Hits& out) {
        const auto wanted = std::string_view(grammar_.letters).substr(node.first, node.count);
        if (std::string_view(text_).substr(at).starts_with(wanted))
            out.push_back({at + node.count, nothing, {.words = 1}});
    }

    void space(Op op, std::uint32_t at, Hits& out) {
        if (at < text_.size() && text_[at] == ' ')
            out.push_back({at + 1, nothing, {}});
        else if (op == Op::loose || sentence_.space_is_free(at))
            out.push_back({at, nothing, {}});
    }

    void sequence(const Node& node, std::uint32_t at, Hits& out, std::size_t depth) {
        Scratch& scratch = scratch_at(depth);
        scratch.now.clear(text_.size() + 1);
        scratch.now.hits.push_back({at, nothing, {}});
        for (std::uint32_t i = 0; i < node.count && !scratch.now.hits.empty(); ++i) {
            const std::uint32_t child = grammar_.children[node.first + i];
            scratch.next.clear(text_.size() + 1);
            for (const Hit& before : scratch.now.hits) {
                scratch.part.clear();
                visit(child, before.end, scratch.part, depth + 1);
                for (const Hit& hit : scratch.part)
                    join(before, hit, scratch.next);
            }
            std::swap(scratch.now, scratch.next);
        }
        out.insert(out.end(), scratch.now.hits.begin(), scratch.now.hits.end());
    }

    void join(const Hit& before, const Hit& hit, Ways& ways) {
        const Score score = before.score + hit.score;
        Hit* place = ways.place_for(hit.end, score);
        if (!place) return;
        std::uint32_t caught = before.caught;
        if (caught == nothing)
            caught = hit.caught;
        else if (hit.caught != nothing)
            caught = keep({.kind = Catch::Kind::pair, .a = before.caught, .b = hit.caught});
        *place = {hit.end, caught, score};
    }

    void choice(const Node& node, std::uint32_t at, Hits& out, std::size_t depth) {
        Scratch& scratch = scratch_at(depth);
        scratch.part.clear();
        for (std::uint32_t i = 0; i < node.count; ++i)
            visit(grammar_.children[node.first + i], at, scratch.part, depth + 1);
        if (scratch.part.size() < 2) {
            out.insert(out.end(), scratch.part.begin(), scratch.part.end());
            return;
        }
        scratch.next.clear(text_.size() + 1);
        for (const Hit& hit : scratch.part)
            if (Hit* place = scratch.next.place_for(hit.end, hit.score)) *place = hit;
        out.insert(out.end(), scratch.next.hits.begin(), scratch.next.hits.end());
    }

    void value(const Node& node, std::uint32_t at, Hits& out, std::size_t depth) {
        Hits& ways = scratch_at(depth).part;
        ways.clear();
        visit(node.first, at, ways, depth + 1);
        for (Hit& hit : ways) {
            // What a value's own template catches stays with it: a value is one word or phrase.
            hit.caught =
                keep({.kind = Catch::Kind::value, .a = node.extra, .begin = at, .end = hit.end});
            out.push_back(hit);
        }
    }

    /// Whether only a template's own text may stand here.
    bool is_literal(std::uint32_t at) const { return begin_.literal && at == begin_.at; }

    void number(const Node& node, std::uint32_t at, Hits& out) {
        if (is_literal(at)) return;
        const NumberRange& range = grammar_.ranges[node.extra];
        const auto add = [&](const Number& found) {
            if (!range.takes(found.value)) return;
            const auto index = static_cast<std::uint32_t>(numbers_.size());
            numbers_.push_back(found.value * range.multiplier);
            const auto end = static_cast<std::uint32_t>(found.end);
            out.push_back({end,
                           keep({.kind = Catch::Kind::number, .a = index, .begin = at, .end = end}),
                           {}});
        };
        if (const auto digits = read_digits(text_, at)) {
            if (range.digits) add(*digits);
            return; // words are looked for only where no digits stand
        }
        if (!range.words || !sentence_.is_word_end(at)) return;
        grammar_.number_words.at(text_, at, [&](const Number& found) {
            if (sentence_.is_word_end(found.end)) add(found);
        });
    }

    void any_text(std::uint32_t at, Catch::Kind kind, Hits& out) {
        if (is_literal(at)) return;
        for (auto end = at + 1; end <= text_.size(); ++end) {
            if (!sentence_.is_character(end)) continue;
            ++steps_;
            const auto bytes = static_cast<std::int32_t>(end - at);
            out.push_back({end,
                           keep({.kind = kind, .begin = at, .end = end}),
                           {.wildcards = 1, .wildcard_bytes = bytes}});
        }
    }

    void names(const Node& node, std::uint32_t at, Hits& out) {
        if (is_literal(at)) return;
        const auto kind = static_cast<Names>(node.first);
        found_.clear();
        names_.find(kind, sentence_, at, grammar_.number_words, found_);
        for (const auto& [end, text, exact] : found_) {
            const bool fit = kind != Names::device || suits(node, text);
            if (!fit && strictness_ == Strictness::known) continue;
            const Catch made{.kind = fit ? Catch::Kind::names : Catch::Kind::unsuited,
                             .a = text,
                             .b = node.first << 24 | (node.extra & 0xFFFFFF),
                             .begin = at,
                             .end = end};
            // Only a device's name is a name in this sense; an area is a word like others.
            const bool counts = kind == Names::device;
            out.push_back({end,
                           keep(made),
                           {.name_bytes = counts ? static_cast<std::int32_t>(end - at) : 0,
                            .variants = exact ? 0 : 1,
                            .wildcards = fit ? 0 : 1}});
        }
        if (strictness_ == Strictness::unknown && at > begin_.at && text_[at] != ' ')
            any_text(at, Catch::Kind::unknown, out);
    }

    bool suits(const Node& node, std::uint32_t text) const {
        const Filter& filter = grammar_.filters[node.extra];
        return std::ranges::any_of(names_.things(Names::device, text),
                                   [&](const Named& thing) { return fits(thing, filter); });
    }

    void slot(const Node& node, std::uint32_t at, Hits& out, std::size_t depth) {
        Hits& ways = scratch_at(depth).part;
        ways.clear();
        visit(node.first, at, ways, depth + 1);
        for (Hit& hit : ways) {
            Catch made{.kind = Catch::Kind::slot,
                       .op = node.op,
                       .a = hit.caught,
                       .b = node.extra,
                       .begin = at,
                       .end = hit.end};
            hit.caught = keep(made);
            out.push_back(hit);
        }
    }

    std::uint32_t keep(const Catch& made) {
        catches_.push_back(made);
        return static_cast<std::uint32_t>(catches_.size() - 1);
    }

    /// Lists that a level of the recursion fills; kept, so that a walk allocates little.
    Scratch& scratch_at(std::size_t depth) {
        while (scratch_.size() <= depth)
            scratch_.emplace_back();
        return scratch_[depth];
    }

    const Grammar& grammar_;
    const HomeNames& names_;
    const Normal& sentence_;
    const std::string& text_;
    Strictness strictness_;
    Begin begin_;
    std::size_t steps_ = 0;
    std::deque<Scratch> scratch_;
    std::vector<Catch> catches_;
    std::vector<double> numbers_;
    std::vector<HomeNames::Found> found_; ///< by names()
    std::unordered_map<std::uint64_t, std::pair<std::uint32_t, std::uint32_t>> known_;
    Hits kept_; ///< of shared nodes
};

} // namespace hearth::language
