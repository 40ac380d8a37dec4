#pragma once

#include "base/result.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace hearth::templating {

struct Token {
    enum class Kind : std::uint8_t {
        data,           ///< text between tags
        variable_begin, ///< {{
        variable_end,   ///< }}
        block_begin,    ///< {%
        block_end,      ///< %}
        name,
        string, ///< text: between the quotes, escapes as they stand
        integer,
        real,
        op,
        end,
    };

    Kind kind = Kind::end;
    std::uint32_t at = 0;
    std::string_view text;

    bool is(Kind other) const { return kind == other; }
    bool is_op(std::string_view symbol) const { return kind == Kind::op && text == symbol; }
    bool is_name(std::string_view word) const { return kind == Kind::name && text == word; }
};

/// Cuts a source into tokens, after Jinja2's lexer: white space control (`{%- -%}`), comments and
/// raw blocks are resolved here, `}}` within brackets is no end. The tokens point into the source,
/// whose line ends must be '\n'. The last token is `end`.
Result<std::vector<Token>> tokenize(std::string_view source);

/// "line 2 column 5": columns count characters, from 1.
std::string position(std::string_view source, std::size_t at);

} // namespace hearth::templating
