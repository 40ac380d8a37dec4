#pragma once

#include "base/result.h"
#include "base/value.h"

#include <string>
#include <string_view>

/// JSON text (RFC 8259) to and from Value. Stateless; safe from any thread.
namespace hearth {

/// What one text may cost. A text beyond a limit is refused with Code::limit.
struct JsonLimits {
    std::size_t bytes = 1 << 20;  ///< length of the text
    std::size_t depth = 64;       ///< nesting of lists and maps
    std::size_t values = 100'000; ///< values of all kinds, keys counted too
};

/// Parses one whole text. Of a key that comes twice the last value counts. Integers beyond int64
/// become floating numbers. Errors say at which byte.
Result<Value> parse_json(std::string_view text, const JsonLimits& limits = {});

/// Compact text, keys in their order, UTF-8 as it stands. NaN and infinities, which JSON has not,
/// become null. Floating numbers are the shortest text that reads back as the same number, and keep
/// a ".0" where they are whole.
std::string to_json(const Value& value);
void append_json(std::string& out, const Value& value);
/// A string with its quotes.
void append_json_string(std::string& out, std::string_view text);

/// The same, indented by two spaces for people to read.
std::string to_pretty_json(const Value& value);

} // namespace hearth
