#include "template/operators.h"
#include "template/run.h"

#include <algorithm>

/// Calls: of filters, tests, functions, methods and macros.
namespace hearth::templating {
namespace {

void place(Call& call, std::size_t parameter, const Item& value) {
    call.values[parameter] = value;
    call.given |= static_cast<std::uint8_t>(1U << parameter);
}

bool place_named(Call& call, const NamedItem& argument) {
    for (std::size_t i = 0; i < max_parameters; ++i) {
        if (call.builtin.parameters[i].empty() || call.builtin.parameters[i] != argument.name)
            continue;
        if (call.has(i)) {
            call.run.invalid("\"{}\" is given \"{}\" twice", call.builtin.name, argument.name);
            return false;
        }
        place(call, i, argument.value);
        return true;
    }
    call.run.invalid("\"{}\" takes no argument \"{}\"", call.builtin.name, argument.name);
    return false;
}

} // namespace

Item invoke(Run& run, const Builtin& builtin, const Item& subject, std::span<const Item> positional,
            std::span<const NamedItem> named) {
    if (run.failed()) return {};
    Call call{run, builtin, subject, positional, named, {}, 0};
    if (builtin.variadic) return builtin.call(call);
    for (std::size_t i = 0; i < positional.size(); ++i) {
        if (i >= max_parameters || builtin.parameters[i].empty())
            return run.invalid("\"{}\" takes at most {} arguments", builtin.name, i);
        place(call, i, positional[i]);
    }
    for (const NamedItem& argument : named)
        if (!place_named(call, argument)) return {};
    for (std::size_t i = 0; i < builtin.required; ++i)
        if (!call.has(i))
            return run.invalid("\"{}\" needs its argument \"{}\"", builtin.name,
                               builtin.parameters[i]);
    return builtin.call(call);
}

void Run::arguments(const Node& node, Arguments& arguments) {
    const std::size_t count = node.children.size() - 1;
    const std::size_t positional = count - node.names.size();
    for (std::size_t i = 0; i < count && !failed(); ++i) {
        const Item value = evaluate(*node.children[i + 1]);
        if (i < positional)
            arguments.positional[arguments.positional_count++] = value;
        else
            arguments.named[arguments.named_count++] = {node.names[i - positional], value};
    }
    at_ = node.at;
}

Item Run::filter_or_test(const Node& node) {
    const Item subject = evaluate(*node.children[0]);
    if (node.children.size() == 1) {
        at_ = node.at;
        return invoke(*this, *node.builtin, subject, {});
    }
    Arguments given;
    arguments(node, given);
    return invoke(*this, *node.builtin, subject,
                  std::span(given.positional).first(given.positional_count),
                  std::span(given.named).first(given.named_count));
}

Item Run::call(const Node& node) {
    const Item callee = evaluate(*node.children[0]);
    Arguments given;
    arguments(node, given);
    if (failed()) return {};
    const auto positional = std::span(given.positional).first(given.positional_count);
    const auto named = std::span(given.named).first(given.named_count);
    if (callee.is(Item::Kind::macro)) return call_macro(*callee.macro, positional, named);
    if (callee.is(Item::Kind::function)) {
        if (callee.function->clock && !rules_.clock)
            return invalid("there is no {}() in templates of this kind", callee.function->name);
        return invoke(*this, *callee.function, {}, positional, named);
    }
    if (callee.is_undefined())
        return invalid("there is no function '{}': a template sees only the values that are handed "
                       "to it",
                       callee.text());
    return invalid("a {} cannot be called", type_name(callee));
}

Item Run::method(const Node& node) {
    const Item subject = evaluate(*node.children[0]);
    Arguments given;
    arguments(node, given);
    if (failed()) return {};
    const auto positional = std::span(given.positional).first(given.positional_count);
    const auto named = std::span(given.named).first(given.named_count);
    if (const Builtin* found = find_method(node.text, subject))
        return invoke(*this, *found, subject, positional, named);
    if (!usable(subject, true)) return {};
    if (subject.is(Item::Kind::space)) {
        const Item member = attribute(*this, subject, node.text);
        if (member.is(Item::Kind::macro)) return call_macro(*member.macro, positional, named);
    }
    return invalid("a {} has no method '{}'", type_name(subject), node.text);
}

void Run::bind_parameters(const Node& macro, std::span<const Item> positional,
                          std::span<const NamedItem> named) {
    const std::size_t count = macro.names.size();
    const std::size_t defaults = macro.children.size() - 1;
    if (positional.size() > count) {
        invalid("the macro '{}' takes at most {} arguments", macro.text, count);
        return;
    }
    for (const NamedItem& argument : named) {
        const auto parameter = std::ranges::find(macro.names, argument.name);
        if (parameter == macro.names.end() ||
            parameter - macro.names.begin() < std::ssize(positional)) {
            invalid("the macro '{}' takes no argument '{}' here", macro.text, argument.name);
            return;
        }
    }
    for (std::size_t i = 0; i < count && !failed(); ++i) {
        Item value = Item::undefined(macro.names[i]);
        const auto given = std::ranges::find(named, macro.names[i], &NamedItem::name);
        if (i < positional.size())
            value = positional[i];
        else if (given != named.end())
            value = given->value;
        else if (i + defaults >= count)
            value = evaluate(*macro.children[1 + i + defaults - count]);
        bind(macro.names[i], value);
    }
}

Item Run::call_macro(const Macro& macro, std::span<const Item> positional,
                     std::span<const NamedItem> named) {
    const Depth depth(*this);
    if (!depth) return {};
    const bool alive =
        macro.frame < frames_.size() && frames_[macro.frame].serial == macro.frame_serial;
    push_frame(alive ? macro.frame : 0);
    bind_parameters(*macro.node, positional, named);
    const Flow flow = std::exchange(flow_, Flow::on);
    const Item text = failed() ? Item() : capture(*macro.node->children[0]);
    flow_ = flow;
    pop_frame();
    return text;
}

} // namespace hearth::templating
