#pragma once

#include "base/result.h"
#include "template/builtin.h"
#include "template/lexer.h"
#include "template/nodes.h"
#include "template/template.h"

#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hearth::templating {

/// Builds the tree of a template, by recursive descent after the grammar of Jinja2's parser (so
/// also its surprises: `2 ** 3 ** 2` is 64, `-2 ** 2` is 4, a filter binds tighter than `+`).
///
/// After the first error every further step returns quickly: the current token is then the last.
class Parser {
public:
    Parser(Program& program, std::vector<Token> tokens, const Limits& limits);

    /// Fills the program's root, or says what is wrong and where.
    Result<void> parse();

private:
    using Names = std::vector<std::string_view>;

    // parser.cpp: tools
    const Token& token() const { return tokens_[at_]; }
    void advance();
    bool take_op(std::string_view symbol);
    bool take_name(std::string_view word);
    bool expect_op(std::string_view symbol);
    bool expect(Token::Kind kind, std::string_view what);
    std::string_view expect_name(std::string_view what);
    bool failed() const { return error_.has_value(); }
    const Node* fail_at(std::uint32_t at, Code code, std::string detail);
    const Node* unexpected(std::string_view expected);
    Node& make(NodeKind kind, std::uint32_t at);
    /// Takes the children over and measures the height.
    const Node* finish(Node& node, std::vector<const Node*> children);
    bool enter();

    // parser_expression.cpp
    /// An expression as it may stand alone: with `if`, and with commas a tuple.
    const Node* tuple_or_expression(bool with_condition = true);
    const Node* expression();
    const Node* logic_or();
    const Node* logic_and();
    const Node* logic_not();
    const Node* comparison();
    const Node* arithmetic(int level);
    const Node* unary(bool with_filters);
    const Node* primary();
    const Node* number();
    const Node* strings();
    const Node* parenthesis();
    const Node* list();
    const Node* dict();
    const Node* postfix(const Node* node);
    const Node* member(const Node* subject);
    const Node* subscript(const Node* subject);
    const Node* filters(const Node* node);
    /// From the filter's name on.
    const Node* filter(const Node* subject);
    const Node* test(const Node* subject);
    bool test_argument_follows() const;
    const Node* call(const Node* callee);
    /// The arguments up to `)`: appends to children and names.
    void arguments(std::vector<const Node*>& children, Names& names);
    const Node* checked(Node& node, std::vector<const Node*> children);
    std::string_view unescaped(const Token& token);

    // parser_statement.cpp
    /// Statements up to a block that begins with one of these words, which is not consumed.
    const Node* body(std::initializer_list<std::string_view> ends);
    const Node* statement();
    const Node* output();
    const Node* if_else(std::uint32_t at);
    const Node* for_in(std::uint32_t at);
    const Node* set(std::uint32_t at);
    const Node* set_block(std::uint32_t at, std::string_view target);
    const Node* macro(std::uint32_t at);
    const Node* with(std::uint32_t at);
    const Node* filter_block(std::uint32_t at);
    const Node* loop_control(std::uint32_t at, NodeKind kind, std::string_view word);
    Names targets();
    bool end_of_block(std::string_view word);
    bool at_block(std::string_view word) const;

    Program& program_;
    std::vector<Token> tokens_;
    const Limits& limits_;
    bool clock_;
    std::size_t at_ = 0;
    std::size_t depth_ = 0;
    std::size_t loops_ = 0;
    std::optional<Error> error_;
};

} // namespace hearth::templating
