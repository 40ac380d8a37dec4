#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// Small text helpers. Text is UTF-8; what is not is refused where it enters.
namespace hearth {

/// Whether bytes are well-formed UTF-8 (RFC 3629: no overlong forms, no surrogates).
bool is_utf8(std::string_view bytes);

/// ASCII letters in lower case, everything else as it is.
std::string to_lower(std::string_view text);
/// Equal, but for the case of ASCII letters.
bool equal_fold(std::string_view a, std::string_view b);

std::string_view trim(std::string_view text);
std::vector<std::string_view> split(std::string_view text, char separator);

/// For one line of a log or a terminal: control characters and bytes that are no UTF-8 become \xNN,
/// and what is longer than `limit` bytes ends in "…".
std::string printable(std::string_view bytes, std::size_t limit = 200);

/// "Kitchen light" → "kitchen_light": letters, digits and underscores only, never empty.
std::string slug(std::string_view text);

/// Whole-text parses: nothing may stand before or after the number.
bool parse_number(std::string_view text, double& number);
bool parse_integer(std::string_view text, long long& number);

} // namespace hearth
