#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Python's numbers: how they are written, read and rounded, and what their operators give where
/// C++ differs. Integers are int64: what does not fit is an empty optional, never wrapped.
namespace hearth::templating {

/// repr(float): the shortest text that reads back as the same number, "1.0", "1e+16", "inf", "nan".
std::string real_repr(double number);

/// float(text): white space around it, "inf", "nan", underscores between digits are fine.
std::optional<double> parse_real(std::string_view text);
/// int(text, base): base 2 to 36, or 0 for prefixes 0x 0o 0b.
std::optional<std::int64_t> parse_int(std::string_view text, std::int64_t base = 10);

/// int(float): towards zero; empty for what is not finite or does not fit.
std::optional<std::int64_t> truncate(double number);
/// round(float, digits): to the nearest decimal, ties to even, on the exact binary value.
double round_digits(double number, std::int64_t digits);

std::optional<std::int64_t> floor_divide(std::int64_t a, std::int64_t b);
std::int64_t floor_modulo(std::int64_t a, std::int64_t b);
double floor_modulo(double a, double b);
std::optional<std::int64_t> power(std::int64_t base, std::int64_t exponent);

} // namespace hearth::templating
