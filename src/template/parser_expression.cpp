#include "base/text.h"
#include "template/parser.h"
#include "template/python_numbers.h"
#include "template/unicode.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace hearth::templating {
namespace {

struct Symbol {
    std::string_view text;
    Operator op;
    int level;
};

/// The arithmetic operators; a higher level binds tighter. `~` stands between + and *.
constexpr std::array<Symbol, 8> symbols = {{
    {"+", Operator::add, 0},
    {"-", Operator::subtract, 0},
    {"~", Operator::none, 1},
    {"*", Operator::multiply, 2},
    {"/", Operator::divide, 2},
    {"//", Operator::floor_divide, 2},
    {"%", Operator::modulo, 2},
    {"**", Operator::power, 3},
}};
constexpr int unary_level = 4;

constexpr std::array<Symbol, 6> comparisons = {{
    {"==", Operator::equal, 0},
    {"!=", Operator::not_equal, 0},
    {"<=", Operator::less_equal, 0},
    {">=", Operator::greater_equal, 0},
    {"<", Operator::less, 0},
    {">", Operator::greater, 0},
}};

constexpr std::array<std::string_view, 8> reserved = {"and", "or", "not",  "in",
                                                      "is",  "if", "else", "elif"};

} // namespace

const Node* Parser::tuple_or_expression(bool with_condition) {
    const std::uint32_t at = token().at;
    const auto element = [&] { return with_condition ? expression() : logic_or(); };
    const Node* first = element();
    if (!token().is_op(",")) return first;
    std::vector<const Node*> elements = {first};
    while (take_op(",") && !failed()) {
        const bool ends = token().is_op(")") || token().is(Token::Kind::variable_end) ||
                          token().is(Token::Kind::block_end);
        if (!ends) elements.push_back(element());
    }
    return finish(make(NodeKind::tuple, at), std::move(elements));
}

const Node* Parser::expression() {
    if (!enter()) return logic_or();
    const Node* value = logic_or();
    while (token().is_name("if") && !failed()) {
        const std::uint32_t at = token().at;
        advance();
        const Node* test = logic_or();
        const Node* otherwise = take_name("else") ? expression() : nullptr;
        value = finish(make(NodeKind::condition, at), {test, value, otherwise});
    }
    --depth_;
    return value;
}

const Node* Parser::logic_or() {
    const Node* left = logic_and();
    while (token().is_name("or") && !failed()) {
        const std::uint32_t at = token().at;
        advance();
        const Node* right = logic_and();
        left = finish(make(NodeKind::logic_or, at), {left, right});
    }
    return left;
}

const Node* Parser::logic_and() {
    const Node* left = logic_not();
    while (token().is_name("and") && !failed()) {
        const std::uint32_t at = token().at;
        advance();
        const Node* right = logic_not();
        left = finish(make(NodeKind::logic_and, at), {left, right});
    }
    return left;
}

const Node* Parser::logic_not() {
    const std::uint32_t at = token().at;
    if (!token().is_name("not")) return comparison();
    if (!enter()) return comparison();
    advance();
    const Node* operand = logic_not();
    Node& node = make(NodeKind::unary, at);
    node.op = Operator::logical_not;
    --depth_;
    return finish(node, {operand});
}

const Node* Parser::comparison() {
    const std::uint32_t at = token().at;
    std::vector<const Node*> operands = {arithmetic(0)};
    while (!failed()) {
        const std::uint32_t here = token().at;
        const auto* symbol = std::ranges::find_if(
            comparisons, [&](const Symbol& s) { return token().is_op(s.text); });
        Operator op = Operator::none;
        if (symbol != comparisons.end()) {
            op = symbol->op;
        } else if (token().is_name("in")) {
            op = Operator::in;
        } else if (token().is_name("not") && tokens_[at_ + 1].is_name("in")) {
            op = Operator::not_in;
            advance();
        } else {
            break;
        }
        advance();
        const Node* right = arithmetic(0);
        Node& operand = make(NodeKind::operand, here);
        operand.op = op;
        operands.push_back(finish(operand, {right}));
    }
    if (operands.size() == 1) return operands[0];
    return finish(make(NodeKind::compare, at), std::move(operands));
}

const Node* Parser::arithmetic(int level) {
    if (level == unary_level) return unary(true);
    const Node* left = arithmetic(level + 1);
    while (!failed()) {
        const auto* symbol = std::ranges::find_if(
            symbols, [&](const Symbol& s) { return s.level == level && token().is_op(s.text); });
        if (symbol == symbols.end()) break;
        const std::uint32_t at = token().at;
        if (symbol->op == Operator::none) {
            std::vector<const Node*> parts = {left};
            while (take_op("~") && !failed())
                parts.push_back(arithmetic(level + 1));
            left = finish(make(NodeKind::concat, at), std::move(parts));
            continue;
        }
        advance();
        const Node* right = arithmetic(level + 1);
        Node& node = make(NodeKind::binary, at);
        node.op = symbol->op;
        left = finish(node, {left, right});
    }
    return left;
}

const Node* Parser::unary(bool with_filters) {
    const std::uint32_t at = token().at;
    const bool minus = token().is_op("-");
    const Node* node = nullptr;
    if (minus || token().is_op("+")) {
        if (!enter()) return primary();
        advance();
        const Node* operand = unary(false);
        Node& sign = make(NodeKind::unary, at);
        sign.op = minus ? Operator::negate : Operator::plus;
        node = finish(sign, {operand});
        --depth_;
    } else {
        node = postfix(primary());
    }
    return with_filters ? filters(node) : node;
}

const Node* Parser::primary() {
    const Token& first = token();
    switch (first.kind) {
    case Token::Kind::integer:
    case Token::Kind::real:
        return number();
    case Token::Kind::string:
        return strings();
    case Token::Kind::op:
        if (first.text == "(") return parenthesis();
        if (first.text == "[") return list();
        if (first.text == "{") return dict();
        return unexpected("a value");
    case Token::Kind::name:
        break;
    default:
        return unexpected("a value");
    }
    if (std::ranges::find(reserved, first.text) != reserved.end()) return unexpected("a value");
    const std::string_view word = first.text;
    Node& node = make(NodeKind::literal, first.at);
    advance();
    if (word == "true" || word == "True") {
        node.literal = Item::of(true);
    } else if (word == "false" || word == "False") {
        node.literal = Item::of(false);
    } else if (word == "none" || word == "None") {
        node.literal = Item::none();
    } else {
        node.kind = NodeKind::name;
        node.text = word;
    }
    return &node;
}

const Node* Parser::number() {
    const Token first = token();
    advance();
    Node& node = make(NodeKind::literal, first.at);
    if (first.kind == Token::Kind::real) {
        const std::optional<double> real = parse_real(first.text);
        if (!real) return fail_at(first.at, Code::invalid, "this is no number");
        node.literal = Item::of(*real);
        return &node;
    }
    const bool prefixed = first.text.size() > 1 && first.text[0] == '0' && first.text[1] > '9';
    const std::optional<std::int64_t> whole = parse_int(first.text, prefixed ? 0 : 10);
    if (!whole)
        return fail_at(first.at, Code::invalid,
                       fmt::format("{} is no integer of 64 bits", printable(first.text, 40)));
    node.literal = Item::of(*whole);
    return &node;
}

const Node* Parser::strings() {
    Node& node = make(NodeKind::literal, token().at);
    std::string_view text = unescaped(token());
    advance();
    // 'a' 'b' is one string.
    while (token().is(Token::Kind::string)) {
        text = program_.strings.emplace_back(std::string(text) + std::string(unescaped(token())));
        advance();
    }
    node.literal = Item::of(text);
    return &node;
}

const Node* Parser::parenthesis() {
    const std::uint32_t at = token().at;
    advance();
    if (take_op(")")) return finish(make(NodeKind::tuple, at), {});
    const Node* node = tuple_or_expression();
    expect_op(")");
    return node;
}

const Node* Parser::list() {
    Node& node = make(NodeKind::list, token().at);
    std::vector<const Node*> elements;
    advance();
    while (!failed() && !token().is_op("]")) {
        elements.push_back(expression());
        if (!take_op(",")) break;
    }
    expect_op("]");
    return finish(node, std::move(elements));
}

const Node* Parser::dict() {
    Node& node = make(NodeKind::dict, token().at);
    std::vector<const Node*> entries;
    advance();
    while (!failed() && !token().is_op("}")) {
        entries.push_back(expression());
        expect_op(":");
        entries.push_back(expression());
        if (!take_op(",")) break;
    }
    expect_op("}");
    return finish(node, std::move(entries));
}

const Node* Parser::postfix(const Node* node) {
    while (!failed()) {
        if (token().is_op("."))
            node = member(node);
        else if (token().is_op("["))
            node = subscript(node);
        else if (token().is_op("("))
            node = call(node);
        else
            break;
    }
    return node;
}

const Node* Parser::member(const Node* subject) {
    const std::uint32_t at = token().at;
    advance();
    const Token name = token();
    if (name.is(Token::Kind::integer)) {
        const Node* index = number();
        return finish(make(NodeKind::subscript, at), {subject, index});
    }
    Node& node = make(NodeKind::attribute, at);
    node.text = expect_name("a name after the dot");
    return finish(node, {subject});
}

const Node* Parser::subscript(const Node* subject) {
    const std::uint32_t at = token().at;
    advance();
    std::array<const Node*, 3> parts{};
    std::size_t colons = 0;
    for (; !failed(); ++colons) {
        if (!token().is_op(":") && !token().is_op("]")) parts[colons] = expression();
        if (colons == 2 || !take_op(":")) break;
    }
    if (colons == 0 && parts[0] == nullptr) return unexpected("a key or an index");
    expect_op("]");
    if (colons == 0) return finish(make(NodeKind::subscript, at), {subject, parts[0]});
    return finish(make(NodeKind::slice, at), {subject, parts[0], parts[1], parts[2]});
}

const Node* Parser::filters(const Node* node) {
    while (!failed()) {
        if (take_op("|"))
            node = filter(node);
        else if (token().is_name("is"))
            node = test(node);
        else if (token().is_op("("))
            node = call(node); // what a filter or test gives, called: an error at evaluation
        else
            break;
    }
    return node;
}

const Node* Parser::filter(const Node* subject) {
    Node& node = make(NodeKind::filter, token().at);
    node.text = expect_name("the name of a filter");
    if (failed()) return &node;
    node.builtin = find_filter(node.text);
    if (node.builtin == nullptr || (node.builtin->clock && !clock_))
        return fail_at(node.at, Code::invalid,
                       fmt::format("there is no filter \"{}\"", printable(node.text, 40)));
    std::vector<const Node*> children = {subject};
    if (take_op("(")) arguments(children, node.names);
    return checked(node, std::move(children));
}

bool Parser::test_argument_follows() const {
    switch (token().kind) {
    case Token::Kind::name:
        return std::ranges::find(reserved, token().text) == reserved.end();
    case Token::Kind::string:
    case Token::Kind::integer:
    case Token::Kind::real:
        return true;
    default:
        return token().is_op("[") || token().is_op("{");
    }
}

const Node* Parser::test(const Node* subject) {
    const std::uint32_t at = token().at;
    advance();
    const bool negated = take_name("not");
    Node& node = make(NodeKind::test, token().at);
    node.text = expect_name("the name of a test");
    if (failed()) return &node;
    node.builtin = find_test(node.text);
    if (node.builtin == nullptr)
        return fail_at(node.at, Code::invalid,
                       fmt::format("there is no test \"{}\"", printable(node.text, 40)));
    std::vector<const Node*> children = {subject};
    if (take_op("("))
        arguments(children, node.names);
    else if (test_argument_follows())
        children.push_back(postfix(primary()));
    const Node* result = checked(node, std::move(children));
    if (!negated || failed()) return result;
    Node& negation = make(NodeKind::unary, at);
    negation.op = Operator::logical_not;
    return finish(negation, {result});
}

const Node* Parser::call(const Node* callee) {
    const std::uint32_t at = callee->at;
    advance();
    const bool method = callee->kind == NodeKind::attribute;
    Node& node = make(method ? NodeKind::method : NodeKind::call, method ? token().at : at);
    node.at = at;
    node.text = callee->text;
    std::vector<const Node*> children = {method ? callee->children[0] : callee};
    arguments(children, node.names);
    return finish(node, std::move(children));
}

void Parser::arguments(std::vector<const Node*>& children, Names& names) {
    while (!failed() && !token().is_op(")")) {
        if (token().is_op("*") || token().is_op("**")) {
            unexpected("an argument (lists of arguments with * are not supported)");
            return;
        }
        if (token().is(Token::Kind::name) && tokens_[at_ + 1].is_op("=")) {
            names.push_back(token().text);
            advance();
            advance();
        } else if (!names.empty()) {
            unexpected("another argument with its name");
        }
        children.push_back(expression());
        if (children.size() > max_arguments)
            fail_at(token().at, Code::limit,
                    fmt::format("a call with more than {} arguments", max_arguments - 1));
        if (!take_op(",")) break;
    }
    expect_op(")");
}

const Node* Parser::checked(Node& node, std::vector<const Node*> children) {
    const Builtin& builtin = *node.builtin;
    const std::size_t positional = children.size() - 1 - node.names.size();
    const auto known = static_cast<std::size_t>(
        std::ranges::find(builtin.parameters, std::string_view()) - builtin.parameters.begin());
    if (!builtin.variadic && positional > known)
        return fail_at(node.at, Code::invalid,
                       fmt::format("\"{}\" takes at most {} arguments", builtin.name, known));
    return finish(node, std::move(children));
}

std::string_view Parser::unescaped(const Token& token) {
    std::string_view rest = token.text;
    if (rest.find('\\') == std::string_view::npos) return rest;
    std::string out;
    const auto hex = [&](std::size_t digits) {
        const std::string_view number = rest.substr(0, digits);
        unsigned code = 0;
        const auto [end, error] =
            std::from_chars(number.data(), number.data() + number.size(), code, 16);
        if (error != std::errc() || end != number.data() + digits)
            fail_at(token.at, Code::invalid,
                    fmt::format("an escape in this string needs {} hexadecimal digits", digits));
        else
            append_utf8(out, code);
        rest.remove_prefix(number.size());
    };
    while (!rest.empty() && !failed()) {
        const std::size_t slash = rest.find('\\');
        out += rest.substr(0, slash);
        if (slash == std::string_view::npos || slash + 1 >= rest.size()) break;
        const char c = rest[slash + 1];
        rest.remove_prefix(slash + 2);
        constexpr std::string_view letters = "nrtabfv0\\'\"";
        constexpr std::string_view meanings("\n\r\t\a\b\f\v\0\\'\"", 11);
        if (const std::size_t i = letters.find(c); i != std::string_view::npos)
            out += meanings[i];
        else if (c == 'x' || c == 'u' || c == 'U')
            hex(c == 'x' ? 2 : c == 'u' ? 4 : 8);
        else if (c != '\n')
            out.append(1, '\\').append(1, c);
    }
    return program_.strings.emplace_back(std::move(out));
}

} // namespace hearth::templating
