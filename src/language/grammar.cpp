#include "language/grammar.h"

#include "language/grammar_index.h"
#include "language/limits.h"
#include "language/normalize.h"

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

namespace hearth::language {
namespace {

using Kind = Expression::Kind;

bool is_of_the_device(const ContextNeed& need) {
    return need.key == "domain" || need.key == "device_class";
}

class Compiler {
public:
    explicit Compiler(const Package& package)
        : package_(package)
        , index_(grammar_) {}

    Result<Grammar> run() {
        space_ = add({.op = package_.settings.ignore_whitespace ? Op::loose : Op::space});
        nothing_ = add({.op = Op::sequence});
        begin_at(space_);
        begin_at(nothing_);
        for (std::size_t i = 0; i < package_.blocks.size(); ++i)
            if (auto done = compile_block(i); !done) return fail(done);
        index_.finish();
        read_number_words();
        return std::move(grammar_);
    }

private:
    /// What a rule or list means may depend on the block that it stands in. `touched` says whether
    /// it did: what did not is compiled once for the whole language.
    struct Scope {
        const Block* block;
        std::uint32_t filter;
        std::uint32_t number; ///< of the block
        /// The block has a rule or list of a name that the language has too: what a rule of the
        /// language means may then differ, however deep the name stands in it.
        bool shadows;
        bool touched = false;
        std::vector<std::string_view> rules; ///< that we are inside of
    };

    bool shadows(const Block& block) const {
        return std::ranges::any_of(
                   block.rules,
                   [&](const auto& rule) { return package_.rules.contains(rule.first); }) ||
               std::ranges::any_of(block.lists, [&](const auto& list) {
                   return package_.lists.contains(list.first);
               });
    }

    Result<void> compile_block(std::size_t number) {
        const Block& block = *package_.blocks[number];
        Scope scope{
            &block, filter_of(block), static_cast<std::uint32_t>(number), shadows(block), false,
            {}};
        for (std::size_t i = 0; i < block.sentences.size(); ++i) {
            auto root = compile(block.sentences[i], scope, 0);
            if (!root)
                return fail_in(fmt::format("{}: intents.{}, block {}, sentence {}",
                                           package_.language, block.intent, number + 1, i + 1),
                               root);
            if (too_deep_)
                return fail(Code::limit, "{}: intents.{}: nested more than {} deep (grammar_depth)",
                            package_.language, block.intent, limits::grammar_depth);
            grammar_.templates.push_back({*root, static_cast<std::uint32_t>(number), 0});
            index_.add(block.required_keywords);
        }
        return {};
    }

    std::uint32_t filter_of(const Block& block) {
        Filter filter;
        std::ranges::copy_if(block.requires_context, std::back_inserter(filter.requires_context),
                             is_of_the_device);
        std::ranges::copy_if(block.excludes_context, std::back_inserter(filter.excludes_context),
                             is_of_the_device);
        const auto same = [](const std::vector<ContextNeed>& a, const std::vector<ContextNeed>& b) {
            return std::ranges::equal(a, b, [](const ContextNeed& x, const ContextNeed& y) {
                return x.key == y.key && x.values == y.values;
            });
        };
        const auto found = std::ranges::find_if(grammar_.filters, [&](const Filter& known) {
            return same(known.requires_context, filter.requires_context) &&
                   same(known.excludes_context, filter.excludes_context);
        });
        const auto number = static_cast<std::uint32_t>(found - grammar_.filters.begin());
        if (found == grammar_.filters.end()) grammar_.filters.push_back(std::move(filter));
        return number;
    }

    Result<std::uint32_t> compile(const Expression& expression, Scope& scope, std::size_t depth) {
        if (depth > limits::grammar_depth)
            return fail(Code::limit, "nested more than {} deep (grammar_depth)",
                        limits::grammar_depth);
        if (grammar_.nodes.size() > limits::grammar_nodes)
            return fail(Code::limit, "compiles to more than {} nodes (grammar_nodes)",
                        limits::grammar_nodes);
        switch (expression.kind) {
        case Kind::text:
            return text(expression.text);
        case Kind::sequence:
        case Kind::alternatives:
            return group(expression, scope, depth);
        case Kind::permutation:
            return permutation(expression, scope, depth);
        case Kind::list:
            return list(expression, scope, depth);
        case Kind::range:
            return in_slot(number(expression.range), expression);
        case Kind::rule:
            return rule(expression, scope, depth);
        }
        return nothing_;
    }

    std::uint32_t text(std::string_view source) {
        const std::string normal = normalize_piece(source);
        std::vector<std::uint32_t> parts;
        for (std::size_t at = 0; at < normal.size();) {
            if (normal[at] == ' ') {
                if (parts.empty() || parts.back() != space_) parts.push_back(space_);
                ++at;
                continue;
            }
            const std::size_t end = std::min(normal.size(), normal.find(' ', at));
            parts.push_back(letters(normal.substr(at, end - at)));
            at = end;
        }
        return sequence(std::move(parts));
    }

    std::uint32_t letters(const std::string& word) {
        const auto [entry, is_new] = letters_.emplace(word, 0);
        if (!is_new) return entry->second;
        const auto first = static_cast<std::uint32_t>(grammar_.letters.size());
        grammar_.letters += word;
        entry->second =
            add({.op = Op::text, .first = first, .count = static_cast<std::uint32_t>(word.size())});
        begin_at(entry->second);
        return entry->second;
    }

    Result<std::uint32_t> group(const Expression& expression, Scope& scope, std::size_t depth) {
        std::vector<std::uint32_t> parts;
        for (const Expression& item : expression.items) {
            auto part = compile(item, scope, depth + 1);
            if (!part) return fail(part);
            parts.push_back(*part);
        }
        return expression.kind == Kind::sequence ? sequence(std::move(parts))
                                                 : choice(std::move(parts));
    }

    /// Members in any order: what is left over after some were taken is the same whatever the order
    /// was, so there are 2^members nodes and not their faculty.
    Result<std::uint32_t> permutation(const Expression& expression, Scope& scope,
                                      std::size_t depth) {
        std::vector<std::uint32_t> members;
        for (const Expression& item : expression.items) {
            auto member = compile(item, scope, depth + 2 * expression.items.size());
            if (!member) return fail(member);
            members.push_back(*member);
        }
        const std::size_t all = (std::size_t(1) << members.size()) - 1;
        std::vector<std::uint32_t> left(all + 1, nothing_);
        for (std::size_t mask = 1; mask <= all; ++mask) {
            std::vector<std::uint32_t> ways;
            for (std::size_t i = 0; i < members.size(); ++i) {
                const std::size_t rest = mask & ~(std::size_t(1) << i);
                if (rest == mask) continue;
                if (rest == 0)
                    ways.push_back(members[i]);
                else
                    ways.push_back(sequence({members[i], space_, left[rest]}));
            }
            left[mask] = choice(std::move(ways));
            grammar_.nodes[left[mask]].shared = true;
        }
        return left[all];
    }

    Result<std::uint32_t> list(const Expression& expression, Scope& scope, std::size_t depth) {
        if (const auto local = scope.block->lists.find(expression.text);
            local != scope.block->lists.end()) {
            scope.touched = true;
            return in_slot(body(local->second, scope, depth), expression);
        }
        if (const auto found = package_.lists.find(expression.text); found != package_.lists.end())
            return in_slot(body(found->second, scope, depth), expression);
        if (expression.text == "name") {
            scope.touched = true;
            return in_slot(names(Names::device, scope.filter), expression);
        }
        if (expression.text == "area") return in_slot(names(Names::area, 0), expression);
        if (expression.text == "floor") return in_slot(names(Names::floor, 0), expression);
        return fail(Code::invalid, "column {}: there is no list {{{}}}", expression.column,
                    expression.text);
    }

    Result<std::uint32_t> body(const List& list, Scope& scope, std::size_t depth) {
        if (list.kind == List::Kind::range) return number(list.range);
        if (list.kind == List::Kind::wildcard) return wildcard();
        const auto known = lists_.find(&list);
        if (known != lists_.end() && !scope.shadows) return known->second;
        const bool touched = std::exchange(scope.touched, false);
        std::vector<std::uint32_t> ways;
        for (const ListValue& value : list.values) {
            auto in = compile(value.in, scope, depth + 2);
            if (!in) return fail(in);
            ways.push_back(add({.op = Op::value,
                                .first = *in,
                                .extra = static_cast<std::uint32_t>(grammar_.values.size())}));
            grammar_.values.push_back(&value);
            begin_at(ways.back());
        }
        const std::uint32_t made = choice(std::move(ways));
        grammar_.nodes[made].shared = true;
        if (!scope.touched && !scope.shadows) lists_.emplace(&list, made);
        scope.touched |= touched;
        return made;
    }

    std::uint32_t number(const NumberRange& range) {
        const auto found = std::ranges::find(grammar_.ranges, range);
        const auto extra = static_cast<std::uint32_t>(found - grammar_.ranges.begin());
        if (found == grammar_.ranges.end()) grammar_.ranges.push_back(range);
        return leaf({.op = Op::number, .extra = extra});
    }

    std::uint32_t wildcard() { return leaf({.op = Op::wildcard}); }

    std::uint32_t names(Names kind, std::uint32_t filter) {
        return leaf({.op = Op::names, .first = static_cast<std::uint32_t>(kind), .extra = filter});
    }

    Result<std::uint32_t> rule(const Expression& expression, Scope& scope, std::size_t depth) {
        const std::string& name = expression.text;
        const auto local = scope.block->rules.find(name);
        const auto global = package_.rules.find(name);
        const bool is_local = local != scope.block->rules.end();
        if (!is_local && global == package_.rules.end())
            return fail(Code::invalid, "column {}: there is no rule <{}>", expression.column, name);
        if (std::ranges::find(scope.rules, name) != scope.rules.end())
            return fail(Code::invalid, "the rule <{}> uses itself", name);
        if (scope.rules.size() >= limits::rule_depth)
            return fail(Code::limit, "rules within rules, more than {} deep (rule_depth)",
                        limits::rule_depth);
        if (const auto known = known_rule(name, scope, is_local))
            return in_slot(*known, expression);

        const bool touched = std::exchange(scope.touched, is_local || scope.shadows);
        scope.rules.push_back(name);
        auto made = compile(is_local ? local->second : global->second, scope, depth + 1);
        scope.rules.pop_back();
        if (!made) return fail_in(fmt::format("<{}>", name), made);
        grammar_.nodes[*made].shared = true;
        if (scope.touched)
            local_rules_[{name, scope.number}] = *made;
        else
            rules_[name] = *made;
        scope.touched |= touched;
        return in_slot(*made, expression);
    }

    std::optional<std::uint32_t> known_rule(const std::string& name, Scope& scope, bool is_local) {
        const bool global = !is_local && !scope.shadows;
        if (const auto known = rules_.find(name); known != rules_.end() && global)
            return known->second;
        const auto known = local_rules_.find({name, scope.number});
        if (known == local_rules_.end()) return std::nullopt;
        scope.touched = true;
        return known->second;
    }

    Result<std::uint32_t> in_slot(Result<std::uint32_t> node, const Expression& expression) {
        if (!node || expression.slot.empty()) return node;
        Op op = expression.kind == Kind::rule ? Op::said : Op::slot;
        if (expression.capture) op = Op::capture;
        return leaf({.op = op, .first = *node, .extra = slot(expression.slot)});
    }

    std::uint32_t slot(const std::string& name) {
        const auto found = std::ranges::find(grammar_.slots, name);
        const auto number = static_cast<std::uint32_t>(found - grammar_.slots.begin());
        if (found == grammar_.slots.end()) grammar_.slots.push_back(name);
        return number;
    }

    std::uint32_t sequence(std::vector<std::uint32_t> parts) {
        std::erase(parts, nothing_);
        if (parts.empty()) return nothing_;
        if (parts.size() == 1) return parts.front();
        return with_children(Op::sequence, parts);
    }

    std::uint32_t choice(std::vector<std::uint32_t> parts) {
        std::vector<std::uint32_t> once;
        for (const std::uint32_t part : parts)
            if (std::ranges::find(once, part) == once.end()) once.push_back(part);
        if (once.size() == 1) return once.front();
        return with_children(Op::choice, once);
    }

    /// Equal nodes are made once.
    std::uint32_t with_children(Op op, const std::vector<std::uint32_t>& parts) {
        const auto [entry, is_new] = groups_.emplace(std::pair(op, parts), 0);
        if (!is_new) {
            grammar_.nodes[entry->second].shared = true;
            return entry->second;
        }
        const auto first = static_cast<std::uint32_t>(grammar_.children.size());
        grammar_.children.insert(grammar_.children.end(), parts.begin(), parts.end());
        entry->second =
            add({.op = op, .first = first, .count = static_cast<std::uint32_t>(parts.size())});
        begin_at(entry->second);
        return entry->second;
    }

    std::uint32_t leaf(const Node& node) {
        const auto key = std::tuple(node.op, node.first, node.extra);
        const auto [entry, is_new] = leaves_.emplace(key, 0);
        if (is_new) {
            entry->second = add(node);
            begin_at(entry->second);
        }
        return entry->second;
    }

    std::uint32_t add(Node node) {
        grammar_.nodes.push_back(node);
        heights_.push_back(1);
        return static_cast<std::uint32_t>(grammar_.nodes.size() - 1);
    }

    /// Finds out which bytes a node begins with; its children's are known.
    void begin_at(std::uint32_t number) {
        const Node& node = grammar_.nodes[number];
        Beginning beginning;
        switch (node.op) {
        case Op::text: {
            const auto byte = static_cast<unsigned char>(grammar_.letters[node.first]);
            beginning.bytes[byte / 64] = std::uint64_t(1) << (byte % 64);
            break;
        }
        case Op::sequence:
            beginning.empty = true;
            for (std::uint32_t i = 0; i < node.count && beginning.empty; ++i) {
                beginning.empty = false;
                join(beginning, grammar_.children[node.first + i]);
            }
            break;
        case Op::choice:
            for (std::uint32_t i = 0; i < node.count; ++i)
                join(beginning, grammar_.children[node.first + i]);
            break;
        case Op::value:
        case Op::slot:
        case Op::capture:
        case Op::said:
            join(beginning, node.first);
            break;
        case Op::space:
        case Op::loose:
            beginning.bytes[0] = std::uint64_t(1) << ' ';
            beginning.empty = true;
            break;
        case Op::number:
        case Op::wildcard:
        case Op::names:
            beginning.bytes.fill(~std::uint64_t(0));
            break; // anything, but something
        }
        const auto next = static_cast<std::uint32_t>(grammar_.beginnings.size());
        const auto [entry, is_new] = beginnings_.emplace(beginning, next);
        if (is_new) grammar_.beginnings.push_back(beginning);
        grammar_.nodes[number].begin = entry->second;
        measure(number);
    }

    /// The matcher calls itself as deep as the highest node is.
    void measure(std::uint32_t number) {
        const Node& node = grammar_.nodes[number];
        std::uint32_t below = 0;
        if (node.op == Op::sequence || node.op == Op::choice) {
            for (std::uint32_t i = 0; i < node.count; ++i)
                below = std::max(below, heights_[grammar_.children[node.first + i]]);
        } else if (has_node(node.op)) {
            below = heights_[node.first];
        }
        heights_[number] = below + 1;
        too_deep_ |= below >= limits::grammar_depth;
    }

    static bool has_node(Op op) {
        return op == Op::value || op == Op::slot || op == Op::capture || op == Op::said;
    }

    void join(Beginning& beginning, std::uint32_t node) const {
        const Beginning& other = grammar_.beginnings[grammar_.nodes[node].begin];
        for (std::size_t i = 0; i < beginning.bytes.size(); ++i)
            beginning.bytes[i] |= other.bytes[i];
        beginning.empty |= other.empty;
    }

    void read_number_words() {
        double from = 0;
        double to = -1;
        bool halves = false;
        for (const NumberRange& range : grammar_.ranges) {
            if (!range.words) continue;
            from = std::min(from, range.from);
            to = std::max(to, range.to);
            halves |= range.fractions != Fractions::none;
        }
        const auto inside = [](double number) {
            return static_cast<std::int64_t>(std::clamp(number, -1e6, 1e6));
        };
        if (to >= from)
            grammar_.number_words =
                NumberWords(package_.language, inside(from), inside(to), halves);
    }

    const Package& package_;
    Grammar grammar_;
    GrammarIndex index_;
    std::uint32_t space_ = 0;
    std::uint32_t nothing_ = 0;
    std::vector<std::uint32_t> heights_; ///< of the nodes
    bool too_deep_ = false;
    std::map<std::string, std::uint32_t, std::less<>> letters_;
    std::map<std::pair<Op, std::vector<std::uint32_t>>, std::uint32_t> groups_;
    std::map<std::tuple<Op, std::uint32_t, std::uint32_t>, std::uint32_t> leaves_;
    std::map<Beginning, std::uint32_t> beginnings_;
    std::map<const List*, std::uint32_t> lists_;
    std::map<std::string, std::uint32_t, std::less<>> rules_;
    std::map<std::pair<std::string, std::uint32_t>, std::uint32_t> local_rules_;
};

} // namespace

Result<Grammar> Grammar::compile(const Package& package) {
    return Compiler(package).run();
}

} // namespace hearth::language
