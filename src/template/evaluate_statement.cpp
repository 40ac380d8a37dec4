#include "template/operators.h"
#include "template/python_text.h"
#include "template/run.h"

namespace hearth::templating {

void Run::render(std::string& out) {
    out_ = &out;
    execute(*program_.root);
    out_ = nullptr;
}

void Run::emit(std::string_view text) {
    if (failed()) return;
    if (text.size() > limits_.output_bytes - out_->size()) {
        fail(Code::limit, "it prints more than {} bytes (templates.output_bytes)",
             limits_.output_bytes);
        return;
    }
    *out_ += text;
}

void Run::execute(const Node& node) {
    const Depth depth(*this);
    if (!depth) return;
    for (const Node* statement : node.children) {
        if (!spend() || flow_ != Flow::on) return;
        at_ = statement->at;
        execute_node(*statement);
    }
}

void Run::execute_node(const Node& node) {
    switch (node.kind) {
    case NodeKind::text:
        emit(node.text);
        break;
    case NodeKind::output:
        output(node);
        break;
    case NodeKind::if_else:
        if_else(node);
        break;
    case NodeKind::for_in:
        for_in(node);
        break;
    case NodeKind::set:
        bind_targets(node, evaluate(*node.children[0]));
        break;
    case NodeKind::set_attribute:
        set_attribute(node);
        break;
    case NodeKind::set_block:
    case NodeKind::filter_block:
        captured_block(node);
        break;
    case NodeKind::macro:
        define_macro(node);
        break;
    case NodeKind::with:
        with(node);
        break;
    case NodeKind::evaluate:
        evaluate(*node.children[0]);
        break;
    case NodeKind::break_loop:
        flow_ = Flow::break_loop;
        break;
    case NodeKind::continue_loop:
        flow_ = Flow::continue_loop;
        break;
    default:
        break;
    }
}

void Run::output(const Node& node) {
    const Item item = evaluate(*node.children[0]);
    at_ = node.children[0]->at;
    if (failed()) return;
    if (item.is_string()) return emit(item.text());
    Text text(*this);
    append_str(*this, text, item);
    emit(text.view());
}

void Run::if_else(const Node& node) {
    const std::size_t count = node.children.size();
    for (std::size_t i = 0; i + 1 < count && !failed(); i += 2)
        if (truth(*this, evaluate(*node.children[i]))) return execute(*node.children[i + 1]);
    if (count % 2 == 1 && !failed()) execute(*node.children[count - 1]);
}

/// Whether the element passes the `if` of a for.
bool Run::keeps(const Node& node, const Item& element) {
    if (node.children[2] == nullptr) return true;
    push_frame(top_frame());
    bind_targets(node, element);
    const bool kept = truth(*this, evaluate(*node.children[2]));
    pop_frame();
    return kept;
}

void Run::for_in(const Node& node) {
    Item all = iterable(*this, evaluate(*node.children[0]));
    if (failed()) return;
    if (node.children[2] != nullptr) {
        List& kept = make_list();
        const Elements elements = elements_of(all);
        for (std::size_t i = 0; i < elements.size() && spend(); ++i)
            if (keeps(node, elements[i])) append(kept, elements[i]);
        all = Item::of(&kept);
    }
    const Elements elements = elements_of(all);
    // In the arena, as the body may hand `loop` on.
    auto& loop = *new (arena_.allocate(sizeof(Loop), alignof(Loop)))
                     Loop{.index0 = 0, .length = elements.size(), .elements = elements};
    if (!spend_bytes(sizeof(Loop))) return;
    // The list may grow while it is gone through, as in Python; steps bound it.
    for (std::size_t i = 0; i < elements.size() && spend(); ++i) {
        loop.index0 = i;
        loop.length = elements.size();
        if (!for_turn(node, loop, elements[i])) break;
    }
    if (elements.size() == 0 && node.children[3] != nullptr) execute(*node.children[3]);
}

/// One turn; false ends the loop.
bool Run::for_turn(const Node& node, Loop& loop, const Item& element) {
    push_frame(top_frame());
    bind_targets(node, element);
    bind("loop", Item::of(std::as_const(loop)));
    execute(*node.children[1]);
    pop_frame();
    const bool broken = flow_ == Flow::break_loop;
    flow_ = Flow::on;
    return !broken && !failed();
}

void Run::bind_targets(const Node& node, const Item& value) {
    if (failed()) return;
    if (node.names.size() == 1) return bind(node.names[0], value);
    const Item parts = iterable(*this, value);
    if (failed()) return;
    const Elements elements = elements_of(parts);
    if (elements.size() != node.names.size()) {
        invalid("{} values for {} names", elements.size(), node.names.size());
        return;
    }
    for (std::size_t i = 0; i < elements.size(); ++i)
        bind(node.names[i], elements[i]);
}

void Run::set_attribute(const Node& node) {
    const Item value = evaluate(*node.children[0]);
    const Item target = look_up(node.names[0]);
    at_ = node.at;
    if (failed()) return;
    if (!target.is(Item::Kind::space)) {
        invalid("only a namespace() has attributes that can be set; '{}' is none", node.names[0]);
        return;
    }
    for (auto& [name, present] : target.space->attributes) {
        if (name != node.names[1]) continue;
        present = value;
        return;
    }
    if (spend_bytes(sizeof(NamedItem))) target.space->attributes.emplace_back(node.names[1], value);
}

void Run::define_macro(const Node& node) {
    if (!spend_bytes(sizeof(Macro))) return;
    void* memory = arena_.allocate(sizeof(Macro), alignof(Macro));
    const Macro& macro = *new (memory) Macro{&node, top_frame(), frames_[top_frame()].serial};
    bind(node.text, Item::of(&macro));
}

void Run::with(const Node& node) {
    std::array<Item, max_arguments> values;
    const std::size_t count = node.names.size();
    for (std::size_t i = 0; i < count && !failed(); ++i)
        values[i] = evaluate(*node.children[i]);
    push_frame(top_frame());
    for (std::size_t i = 0; i < count; ++i)
        bind(node.names[i], values[i]);
    execute(*node.children[count]);
    pop_frame();
}

Item Run::capture(const Node& body) {
    std::string text;
    std::string* const outer = std::exchange(out_, &text);
    execute(body);
    out_ = outer;
    return this->text(text);
}

void Run::captured_block(const Node& node) {
    push_frame(top_frame());
    const Item content = capture(*node.children[0]);
    pop_frame();
    const Item outer = std::exchange(captured_, content);
    const Item value = evaluate(*node.children[1]);
    captured_ = outer;
    if (failed()) return;
    if (node.kind == NodeKind::set_block) return bind(node.names[0], value);
    emit(str_view(*this, value));
}

} // namespace hearth::templating
