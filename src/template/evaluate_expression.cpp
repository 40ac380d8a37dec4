#include "template/operators.h"
#include "template/python_text.h"
#include "template/run.h"

namespace hearth::templating {

Item Run::evaluate(const Node& node) {
    at_ = node.at;
    switch (node.kind) {
    case NodeKind::literal:
        return spend() ? node.literal : Item();
    case NodeKind::name:
        return spend() ? look_up(node.text) : Item();
    default:
        break;
    }
    const Depth depth(*this);
    if (!depth || !spend()) return {};
    return evaluate_node(node);
}

Item Run::evaluate_node(const Node& node) {
    const auto child = [&](std::size_t i) { return evaluate(*node.children[i]); };
    switch (node.kind) {
    case NodeKind::list:
    case NodeKind::tuple:
    case NodeKind::dict:
        return literal_container(node);
    case NodeKind::unary: {
        const Item operand = child(0);
        at_ = node.at;
        return unary(*this, node.op, operand);
    }
    case NodeKind::binary: {
        const Item left = child(0);
        const Item right = child(1);
        at_ = node.at;
        return failed() ? Item() : binary(*this, node.op, left, right);
    }
    case NodeKind::compare:
        return compare(node);
    case NodeKind::logic_and:
    case NodeKind::logic_or:
        return logic(node);
    case NodeKind::concat:
        return concat(node);
    case NodeKind::condition:
        return condition(node);
    case NodeKind::attribute: {
        const Item subject = child(0);
        at_ = node.at;
        return attribute(*this, subject, node.text);
    }
    case NodeKind::subscript: {
        const Item subject = child(0);
        const Item key = child(1);
        at_ = node.at;
        return failed() ? Item() : subscript(*this, subject, key);
    }
    case NodeKind::slice:
        return slice(node);
    case NodeKind::filter:
    case NodeKind::test:
        return filter_or_test(node);
    case NodeKind::call:
        return call(node);
    case NodeKind::method:
        return method(node);
    case NodeKind::captured:
        return captured_;
    default:
        return {};
    }
}

Item Run::literal_container(const Node& node) {
    if (node.kind == NodeKind::dict) {
        Dict& dict = make_dict();
        for (std::size_t i = 0; i + 1 < node.children.size() && !failed(); i += 2) {
            const Item key = evaluate(*node.children[i]);
            const Item value = evaluate(*node.children[i + 1]);
            put(dict, key, value);
        }
        return Item::of(&dict);
    }
    List& list = make_list(node.kind == NodeKind::tuple);
    for (std::size_t i = 0; i < node.children.size() && !failed(); ++i)
        append(list, evaluate(*node.children[i]));
    return Item::of(&list);
}

Item Run::logic(const Node& node) {
    const Item left = evaluate(*node.children[0]);
    const bool decides_when = node.kind == NodeKind::logic_or;
    if (truth(*this, left) == decides_when || failed()) return left;
    return evaluate(*node.children[1]);
}

Item Run::compare(const Node& node) {
    Item left = evaluate(*node.children[0]);
    for (std::size_t i = 1; i < node.children.size() && !failed(); ++i) {
        const Node& operand = *node.children[i];
        const Item right = evaluate(*operand.children[0]);
        at_ = operand.at;
        if (failed() || !templating::compare(*this, operand.op, left, right))
            return Item::of(false);
        left = right;
    }
    return Item::of(true);
}

Item Run::concat(const Node& node) {
    Text text(*this);
    for (std::size_t i = 0; i < node.children.size() && !failed(); ++i) {
        const Item part = evaluate(*node.children[i]);
        append_str(*this, text, part);
    }
    return text.item();
}

Item Run::condition(const Node& node) {
    if (truth(*this, evaluate(*node.children[0]))) return evaluate(*node.children[1]);
    if (node.children[2] != nullptr) return evaluate(*node.children[2]);
    return Item::nothing();
}

Item Run::slice(const Node& node) {
    const auto part = [&](std::size_t i) {
        return node.children[i] != nullptr ? evaluate(*node.children[i]) : Item::none();
    };
    const Item subject = part(0);
    const Item start = part(1);
    const Item stop = part(2);
    const Item step = part(3);
    at_ = node.at;
    return failed() ? Item() : slice_of(*this, subject, start, stop, step);
}

} // namespace hearth::templating
