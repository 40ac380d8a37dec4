#include "language/grammar.h"

#include "language/grammar_index.h"
#include "language/grammar_nodes.h"
#include "language/limits.h"

#include <algorithm>
#include <map>
#include <optional>
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
        , nodes_(grammar_, package.settings.ignore_whitespace)
        , index_(grammar_) {}

    Result<Grammar> run() {
        for (std::size_t i = 0; i < package_.blocks.size(); ++i)
            if (auto done = compile_block(i); !done) return fail(done);
        if (auto done = compile_not_yet(); !done) return fail(done);
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
            if (nodes_.too_deep())
                return fail(Code::limit, "{}: intents.{}: nested more than {} deep (grammar_depth)",
                            package_.language, block.intent, limits::grammar_depth);
            grammar_.templates.push_back({*root, static_cast<std::uint32_t>(number), 0});
            index_.add(block.required_keywords);
        }
        return {};
    }

    Result<void> compile_not_yet() {
        static const Block nothing;
        Scope scope{&nothing,
                    filter_of(nothing),
                    static_cast<std::uint32_t>(package_.blocks.size()),
                    false,
                    false,
                    {}};
        for (const auto& [kind, templates] : package_.not_yet) {
            auto& roots = grammar_.not_yet.emplace_back(kind, std::vector<std::uint32_t>()).second;
            for (const Expression& expression : templates) {
                auto root = compile(expression, scope, 0);
                if (!root)
                    return fail_in(fmt::format("{}: not_yet.{}", package_.language, kind), root);
                roots.push_back(*root);
            }
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
            return nodes_.text(expression.text);
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
        return nodes_.nothing();
    }

    Result<std::uint32_t> group(const Expression& expression, Scope& scope, std::size_t depth) {
        std::vector<std::uint32_t> parts;
        for (const Expression& item : expression.items) {
            auto part = compile(item, scope, depth + 1);
            if (!part) return fail(part);
            parts.push_back(*part);
        }
        return expression.kind == Kind::sequence ? nodes_.sequence(std::move(parts))
                                                 : nodes_.choice(parts);
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
        std::vector<std::uint32_t> left(all + 1, nodes_.nothing());
        for (std::size_t mask = 1; mask <= all; ++mask) {
            std::vector<std::uint32_t> ways;
            for (std::size_t i = 0; i < members.size(); ++i) {
                const std::size_t rest = mask & ~(std::size_t(1) << i);
                if (rest == mask) continue;
                if (rest == 0)
                    ways.push_back(members[i]);
                else
                    ways.push_back(nodes_.sequence({members[i], nodes_.space(), left[rest]}));
            }
            left[mask] = nodes_.choice(ways);
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
            const auto number = static_cast<std::uint32_t>(grammar_.values.size());
            ways.push_back(nodes_.leaf({.op = Op::value, .first = *in, .extra = number}));
            grammar_.values.push_back(&value);
        }
        const std::uint32_t made = nodes_.choice(ways);
        grammar_.nodes[made].shared = true;
        if (!scope.touched && !scope.shadows) lists_.emplace(&list, made);
        scope.touched |= touched;
        return made;
    }

    std::uint32_t number(const NumberRange& range) {
        const auto found = std::ranges::find(grammar_.ranges, range);
        const auto extra = static_cast<std::uint32_t>(found - grammar_.ranges.begin());
        if (found == grammar_.ranges.end()) grammar_.ranges.push_back(range);
        return nodes_.leaf({.op = Op::number, .extra = extra});
    }

    std::uint32_t wildcard() { return nodes_.leaf({.op = Op::wildcard}); }

    std::uint32_t names(Names kind, std::uint32_t filter) {
        return nodes_.leaf(
            {.op = Op::names, .first = static_cast<std::uint32_t>(kind), .extra = filter});
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
        return nodes_.leaf({.op = op, .first = *node, .extra = nodes_.slot(expression.slot)});
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
    GrammarNodes nodes_;
    GrammarIndex index_;
    std::map<const List*, std::uint32_t> lists_;
    std::map<std::string, std::uint32_t, std::less<>> rules_;
    std::map<std::pair<std::string, std::uint32_t>, std::uint32_t> local_rules_;
};

} // namespace

Result<Grammar> Grammar::compile(const Package& package) {
    return Compiler(package).run();
}

} // namespace hearth::language
