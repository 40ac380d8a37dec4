#pragma once

#include "template/run.h"

#include <string_view>

/// JSON as Python's writers make it, which differs in small ways from each other and from
/// base/json.h: templates print it into payloads that devices compare.
namespace hearth::templating {

struct JsonStyle {
    bool ascii = false;  ///< what is beyond ASCII as \uXXXX
    bool html = false;   ///< < > & ' as \uXXXX, as Jinja2's tojson does
    bool sorted = false; ///< keys in order
    std::string_view item_separator = ",";
    std::string_view key_separator = ":";
};

/// Fails the run for what JSON has not: undefined values, macros, NaN and infinities become null.
void append_json(Run& run, Text& out, const Item& item, const JsonStyle& style);

} // namespace hearth::templating
