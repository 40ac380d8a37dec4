#include "base/text.h"
#include "template/parser.h"

#include <algorithm>
#include <array>

namespace hearth::templating {

bool Parser::at_block(std::string_view word) const {
    return token().is(Token::Kind::block_begin) && tokens_[at_ + 1].is_name(word);
}

const Node* Parser::body(std::initializer_list<std::string_view> ends) {
    Node& node = make(NodeKind::sequence, token().at);
    std::vector<const Node*> statements;
    if (!enter()) return &node;
    while (!failed() && !token().is(Token::Kind::end)) {
        if (std::ranges::any_of(ends, [&](std::string_view word) { return at_block(word); })) break;
        statements.push_back(statement());
    }
    --depth_;
    if (token().is(Token::Kind::end) && ends.size() > 0)
        fail_at(token().at, Code::invalid,
                fmt::format("{{% {} %}} is missing at the end", *(ends.end() - 1)));
    return finish(node, std::move(statements));
}

const Node* Parser::statement() {
    const std::uint32_t at = token().at;
    if (token().is(Token::Kind::data)) {
        Node& node = make(NodeKind::text, at);
        node.text = token().text;
        advance();
        return &node;
    }
    if (token().is(Token::Kind::variable_begin)) return output();
    if (!expect(Token::Kind::block_begin, "a tag")) return &make(NodeKind::text, at);
    const Token word = token();
    advance();
    if (word.is_name("if")) return if_else(at);
    if (word.is_name("for")) return for_in(at);
    if (word.is_name("set")) return set(at);
    if (word.is_name("macro")) return macro(at);
    if (word.is_name("with")) return with(at);
    if (word.is_name("filter")) return filter_block(at);
    if (word.is_name("break")) return loop_control(at, NodeKind::break_loop, "break");
    if (word.is_name("continue")) return loop_control(at, NodeKind::continue_loop, "continue");
    if (word.is_name("do")) {
        const Node* expression = tuple_or_expression();
        expect(Token::Kind::block_end, "\"%}\"");
        return finish(make(NodeKind::evaluate, at), {expression});
    }
    return fail_at(word.at, Code::invalid,
                   fmt::format("\"{}\" is no statement here; there are if, for, set, macro, with, "
                               "filter, do, break, continue and raw",
                               printable(word.text, 40)));
}

const Node* Parser::output() {
    const std::uint32_t at = token().at;
    advance();
    const Node* expression = tuple_or_expression();
    expect(Token::Kind::variable_end, "\"}}\" or an operator");
    return finish(make(NodeKind::output, at), {expression});
}

bool Parser::end_of_block(std::string_view word) {
    if (!at_block(word)) {
        unexpected(fmt::format("{{% {} %}}", word));
        return false;
    }
    advance();
    advance();
    return expect(Token::Kind::block_end, "\"%}\"");
}

const Node* Parser::if_else(std::uint32_t at) {
    std::vector<const Node*> parts;
    while (!failed()) {
        parts.push_back(tuple_or_expression());
        take_op(":"); // as Python has it, which published templates use
        expect(Token::Kind::block_end, "\"%}\"");
        parts.push_back(body({"elif", "else", "endif"}));
        if (!at_block("elif")) break;
        advance();
        advance();
    }
    if (at_block("else")) {
        advance();
        advance();
        take_op(":");
        expect(Token::Kind::block_end, "\"%}\"");
        parts.push_back(body({"endif"}));
    }
    end_of_block("endif");
    return finish(make(NodeKind::if_else, at), std::move(parts));
}

Parser::Names Parser::targets() {
    const bool bracket = take_op("(");
    Names names;
    do {
        names.push_back(expect_name("the name of a variable"));
    } while (!failed() && take_op(",") && token().is(Token::Kind::name) && !token().is_name("in"));
    if (bracket) expect_op(")");
    return names;
}

const Node* Parser::for_in(std::uint32_t at) {
    Node& node = make(NodeKind::for_in, at);
    node.names = targets();
    if (!take_name("in")) return unexpected("\"in\"");
    const Node* iterable = tuple_or_expression(false);
    const Node* condition = take_name("if") ? expression() : nullptr;
    if (token().is_name("recursive"))
        return fail_at(token().at, Code::invalid, "recursive loops are not supported: use a macro");
    take_op(":");
    expect(Token::Kind::block_end, "\"%}\"");
    ++loops_;
    const Node* turn = body({"else", "endfor"});
    --loops_;
    const Node* otherwise = nullptr;
    if (at_block("else")) {
        advance();
        advance();
        take_op(":");
        expect(Token::Kind::block_end, "\"%}\"");
        otherwise = body({"endfor"});
    }
    end_of_block("endfor");
    return finish(node, {iterable, turn, condition, otherwise});
}

const Node* Parser::set(std::uint32_t at) {
    Node& node = make(NodeKind::set, at);
    node.names = targets();
    if (node.names.size() == 1 && take_op(".")) {
        node.kind = NodeKind::set_attribute;
        node.names.push_back(expect_name("the name of an attribute"));
    } else if (node.names.size() == 1 && !token().is_op("=")) {
        return set_block(at, node.names[0]);
    }
    expect_op("=");
    const Node* value = tuple_or_expression();
    expect(Token::Kind::block_end, "\"%}\"");
    return finish(node, {value});
}

const Node* Parser::set_block(std::uint32_t at, std::string_view target) {
    Node& node = make(NodeKind::set_block, at);
    node.names = {target};
    const Node* value = filters(&make(NodeKind::captured, at));
    expect(Token::Kind::block_end, "\"%}\" or \"=\"");
    const Node* content = body({"endset"});
    end_of_block("endset");
    return finish(node, {content, value});
}

const Node* Parser::filter_block(std::uint32_t at) {
    // {% filter a | b %}: the first filter has no bar before it.
    const Node* value = filters(filter(&make(NodeKind::captured, at)));
    expect(Token::Kind::block_end, "\"%}\"");
    const Node* content = body({"endfilter"});
    end_of_block("endfilter");
    return finish(make(NodeKind::filter_block, at), {content, value});
}

const Node* Parser::macro(std::uint32_t at) {
    Node& node = make(NodeKind::macro, at);
    node.text = expect_name("the name of the macro");
    expect_op("(");
    std::vector<const Node*> parts = {nullptr};
    while (!failed() && !token().is_op(")")) {
        node.names.push_back(expect_name("the name of a parameter"));
        if (take_op("="))
            parts.push_back(expression());
        else if (parts.size() > 1)
            return unexpected("\"=\" and a default, as the parameter before has one,");
        if (!take_op(",")) break;
    }
    if (node.names.size() > max_arguments)
        return fail_at(at, Code::limit,
                       fmt::format("a macro with more than {} parameters", max_arguments));
    expect_op(")");
    take_op(":");
    expect(Token::Kind::block_end, "\"%}\"");
    const std::size_t loops = std::exchange(loops_, 0);
    parts[0] = body({"endmacro"});
    loops_ = loops;
    end_of_block("endmacro");
    return finish(node, std::move(parts));
}

const Node* Parser::with(std::uint32_t at) {
    Node& node = make(NodeKind::with, at);
    std::vector<const Node*> parts;
    while (!failed() && token().is(Token::Kind::name)) {
        node.names.push_back(expect_name("the name of a variable"));
        expect_op("=");
        parts.push_back(expression());
        if (!take_op(",")) break;
    }
    if (parts.size() > max_arguments)
        return fail_at(at, Code::limit, fmt::format("a with of more than {} names", max_arguments));
    expect(Token::Kind::block_end, "\"%}\"");
    parts.push_back(body({"endwith"}));
    end_of_block("endwith");
    return finish(node, std::move(parts));
}

const Node* Parser::loop_control(std::uint32_t at, NodeKind kind, std::string_view word) {
    if (loops_ == 0)
        return fail_at(at, Code::invalid, fmt::format("\"{}\" stands in no loop", word));
    expect(Token::Kind::block_end, "\"%}\"");
    return finish(make(kind, at), {});
}

} // namespace hearth::templating
