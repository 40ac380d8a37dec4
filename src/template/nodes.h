#pragma once

#include "template/item.h"
#include "template/template.h"

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

/// The tree that a template is compiled to.
namespace hearth::templating {

struct Builtin;

enum class NodeKind : std::uint8_t {
    // Expressions. What their children are stands behind them.
    literal,   ///< `literal`
    name,      ///< `text`
    list,      ///< the elements
    tuple,     ///< the elements
    dict,      ///< key, value, key, value, …
    unary,     ///< op; the operand
    binary,    ///< op; left, right
    compare,   ///< the first operand, then one `operand` each
    operand,   ///< op; the expression
    logic_and, ///< left, right
    logic_or,  ///< left, right
    concat,    ///< the parts of a ~ b ~ c
    condition, ///< test, then, else or nullptr
    attribute, ///< `text`; the subject
    subscript, ///< the subject, the key
    slice,     ///< the subject, start, stop, step (or nullptr each)
    filter,    ///< `builtin`; the subject, the arguments
    test,      ///< `builtin`; the subject, the arguments
    call,      ///< the callee, the arguments
    method,    ///< `text`; the subject, the arguments
    captured,  ///< the text of the block that is being set or filtered

    // Statements.
    text,          ///< `text`
    output,        ///< the expression
    sequence,      ///< the statements
    if_else,       ///< test, body, test, body, …, and the else body where the count is odd
    for_in,        ///< `names` targets; iterable, body, condition or nullptr, else or nullptr
    set,           ///< `names` targets; the value
    set_attribute, ///< `names` namespace and attribute; the value
    set_block,     ///< `names` target; body, expression over `captured`
    filter_block,  ///< body, expression over `captured`
    macro,         ///< `text` its name, `names` parameters; body, defaults of the last parameters
    with,          ///< `names`; their values, then the body
    evaluate,      ///< {% do %}: the expression
    break_loop,
    continue_loop,
};

enum class Operator : std::uint8_t {
    none,
    add,
    subtract,
    multiply,
    divide,
    floor_divide,
    modulo,
    power,
    equal,
    not_equal,
    less,
    less_equal,
    greater,
    greater_equal,
    in,
    not_in,
    negate,
    plus,
    logical_not,
};

struct Node {
    NodeKind kind = NodeKind::literal;
    Operator op = Operator::none;
    std::uint16_t height = 1; ///< of the tree below and with this node
    std::uint32_t at = 0;     ///< where it stands in the source
    Item literal;
    std::string_view text;
    const Builtin* builtin = nullptr;
    std::vector<const Node*> children;
    /// Of calls: the names of the last arguments, which are given by keyword.
    std::vector<std::string_view> names;
};

/// What Template owns: the source, everything that views point into, and the tree.
struct Program {
    std::string source;
    Profile profile = Profile::discovery;
    std::deque<Node> nodes;
    std::deque<std::string> strings;  ///< literals whose escapes had to be resolved
    const Node* root = nullptr;       ///< a sequence
    const Node* expression = nullptr; ///< where the template is one {{ expression }}
    bool constant = false;

    /// `value_json.a["b"]`, by far the most common template: followed without a Run.
    std::string_view path_root;
    std::vector<std::string_view> path;
};

} // namespace hearth::templating
