#include "template/parser.h"

#include "base/text.h"
#include "template/run.h"

#include <algorithm>

namespace hearth::templating {
namespace {

std::string describe(const Token& token) {
    switch (token.kind) {
    case Token::Kind::end:
        return "the template ends";
    case Token::Kind::data:
        return "there is text";
    case Token::Kind::string:
        return "there is a string";
    default:
        return "there is \"" + printable(token.text, 40) + "\"";
    }
}

} // namespace

Parser::Parser(Program& program, std::vector<Token> tokens, const Limits& limits)
    : program_(program)
    , tokens_(std::move(tokens))
    , limits_(limits)
    , clock_(rules_of(program.profile).clock) {}

Result<void> Parser::parse() {
    program_.root = body({});
    if (failed()) return std::unexpected(*error_);
    return {};
}

void Parser::advance() {
    if (at_ + 1 < tokens_.size()) ++at_;
}

bool Parser::take_op(std::string_view symbol) {
    if (!token().is_op(symbol)) return false;
    advance();
    return true;
}

bool Parser::take_name(std::string_view word) {
    if (!token().is_name(word)) return false;
    advance();
    return true;
}

bool Parser::expect_op(std::string_view symbol) {
    if (take_op(symbol)) return true;
    unexpected(fmt::format("\"{}\"", symbol));
    return false;
}

bool Parser::expect(Token::Kind kind, std::string_view what) {
    if (!token().is(kind)) {
        unexpected(what);
        return false;
    }
    advance();
    return true;
}

std::string_view Parser::expect_name(std::string_view what) {
    const std::string_view name = token().text;
    return expect(Token::Kind::name, what) ? name : std::string_view();
}

const Node* Parser::fail_at(std::uint32_t at, Code code, std::string detail) {
    if (!error_) {
        error_ = Error{code, position(program_.source, at) + ": " + std::move(detail)};
        at_ = tokens_.size() - 1;
    }
    // Callers go on with a node that is harmless.
    static const Node nothing{};
    return &nothing;
}

const Node* Parser::unexpected(std::string_view expected) {
    return fail_at(token().at, Code::invalid,
                   fmt::format("{} is expected here, but {}", expected, describe(token())));
}

Node& Parser::make(NodeKind kind, std::uint32_t at) {
    Node& node = program_.nodes.emplace_back();
    node.kind = kind;
    node.at = at;
    return node;
}

const Node* Parser::finish(Node& node, std::vector<const Node*> children) {
    std::size_t height = 0;
    for (const Node* child : children)
        if (child != nullptr) height = std::max<std::size_t>(height, child->height);
    if (height >= limits_.depth)
        return fail_at(node.at, Code::limit,
                       fmt::format("nested deeper than {} (templates.depth)", limits_.depth));
    node.height = static_cast<std::uint16_t>(height + 1);
    node.children = std::move(children);
    return &node;
}

bool Parser::enter() {
    if (++depth_ <= limits_.depth) return !failed();
    fail_at(token().at, Code::limit,
            fmt::format("nested deeper than {} (templates.depth)", limits_.depth));
    return false;
}

} // namespace hearth::templating
