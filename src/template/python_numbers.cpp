#include "template/python_numbers.h"

#include "template/unicode.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>

namespace hearth::templating {
namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// Drops the underscores that Python allows between digits; empty where one stands elsewhere.
std::optional<std::string> without_underscores(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '_') {
            out += text[i];
            continue;
        }
        const auto alnum = [&](std::size_t at) {
            return at < text.size() && text[at] != '_' && text[at] != '.' && text[at] != '+' &&
                   text[at] != '-';
        };
        if (i == 0 || !alnum(i - 1) || !alnum(i + 1)) return std::nullopt;
    }
    return out;
}

/// The shortest digits and the exponent of the first one: 123.4 is "1234" and 2.
std::pair<std::string, int> shortest_digits(double number) {
    std::array<char, 40> buffer{};
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number,
                                   std::chars_format::scientific);
    const std::string_view text(buffer.data(), static_cast<std::size_t>(end.ptr - buffer.data()));
    const std::size_t e = text.find('e');
    std::string digits;
    for (const char c : text.substr(0, e))
        if (is_digit(c)) digits += c;
    std::string_view power = text.substr(e + 1);
    if (power.starts_with('+')) power.remove_prefix(1);
    int exponent = 0;
    std::from_chars(power.data(), power.data() + power.size(), exponent);
    return {digits, exponent};
}

bool take_prefix(std::string_view& text, char small) {
    if (text.size() < 2 || text[0] != '0' || (text[1] | 0x20) != small) return false;
    text.remove_prefix(2);
    return true;
}

/// Resolves prefixes: the base that the digits left in `text` are of.
int base_of(std::string_view& text, std::int64_t base) {
    if ((base == 0 || base == 16) && take_prefix(text, 'x')) return 16;
    if ((base == 0 || base == 8) && take_prefix(text, 'o')) return 8;
    if ((base == 0 || base == 2) && take_prefix(text, 'b')) return 2;
    return base == 0 ? 10 : static_cast<int>(base);
}

} // namespace

std::string real_repr(double number) {
    if (std::isnan(number)) return "nan";
    if (std::isinf(number)) return number < 0 ? "-inf" : "inf";
    auto [digits, exponent] = shortest_digits(number);
    std::string out = std::signbit(number) ? "-" : "";
    if (exponent < -4 || exponent >= 16) {
        out += digits[0];
        if (digits.size() > 1) out.append(".").append(digits, 1);
        out += exponent < 0 ? "e-" : "e+";
        if (std::abs(exponent) < 10) out += '0';
        return out + std::to_string(std::abs(exponent));
    }
    if (exponent < 0)
        return out + "0." + std::string(static_cast<std::size_t>(-exponent - 1), '0') + digits;
    const auto whole = static_cast<std::size_t>(exponent) + 1;
    if (digits.size() < whole) digits.append(whole - digits.size(), '0');
    out.append(digits, 0, whole).append(".");
    return digits.size() > whole ? out.append(digits, whole) : out + "0";
}

std::optional<double> parse_real(std::string_view text) {
    text = strip(text);
    const std::optional<std::string> plain = without_underscores(text);
    if (!plain) return std::nullopt;
    std::string_view rest = *plain;
    const bool negative = rest.starts_with('-');
    if (negative || rest.starts_with('+')) rest.remove_prefix(1);
    if (rest.empty()) return std::nullopt;
    const std::string word = lower_case(rest);
    double number = 0;
    if (word == "inf" || word == "infinity") {
        number = std::numeric_limits<double>::infinity();
    } else if (word == "nan") {
        number = std::numeric_limits<double>::quiet_NaN();
    } else {
        if (!is_digit(rest[0]) && rest[0] != '.') return std::nullopt;
        const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
        if (end != rest.data() + rest.size()) return std::nullopt;
        if (error == std::errc::result_out_of_range) {
            number = std::strtod(plain->c_str() + (plain->size() - rest.size()), nullptr);
        } else if (error != std::errc()) {
            return std::nullopt;
        }
    }
    return negative ? -number : number;
}

std::optional<std::int64_t> parse_int(std::string_view text, std::int64_t base) {
    if (base != 0 && (base < 2 || base > 36)) return std::nullopt;
    text = strip(text);
    const std::optional<std::string> plain = without_underscores(text);
    if (!plain) return std::nullopt;
    std::string_view rest = *plain;
    const bool negative = rest.starts_with('-');
    if (negative || rest.starts_with('+')) rest.remove_prefix(1);
    const int radix = base_of(rest, base);
    if (rest.empty() || rest[0] == '-' || rest[0] == '+') return std::nullopt;
    const std::string digits = (negative ? "-" : "") + std::string(rest);
    std::int64_t number = 0;
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), number, radix);
    if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
    return number;
}

std::optional<std::int64_t> truncate(double number) {
    constexpr double limit = 9223372036854775808.0; // 2^63
    if (!(number >= -limit && number < limit)) return std::nullopt;
    return static_cast<std::int64_t>(number);
}

double round_digits(double number, std::int64_t digits) {
    if (!std::isfinite(number) || digits > 22 + 300) return number;
    if (digits < -308) return std::copysign(0.0, number);
    if (digits < 0) {
        const double unit = std::pow(10.0, static_cast<double>(-digits));
        return std::nearbyint(number / unit) * unit;
    }
    std::array<char, 700> buffer{};
    const auto written = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number,
                                       std::chars_format::fixed, static_cast<int>(digits));
    double rounded = number;
    if (written.ec == std::errc()) std::from_chars(buffer.data(), written.ptr, rounded);
    return rounded;
}

std::optional<std::int64_t> floor_divide(std::int64_t a, std::int64_t b) {
    if (a == std::numeric_limits<std::int64_t>::min() && b == -1) return std::nullopt;
    return a / b - (a % b != 0 && (a % b < 0) != (b < 0) ? 1 : 0);
}

std::int64_t floor_modulo(std::int64_t a, std::int64_t b) {
    if (b == -1) return 0;
    const std::int64_t rest = a % b;
    return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
}

double floor_modulo(double a, double b) {
    const double rest = std::fmod(a, b);
    if (rest == 0) return std::copysign(0.0, b);
    return (rest < 0) != (b < 0) ? rest + b : rest;
}

std::optional<std::int64_t> power(std::int64_t base, std::int64_t exponent) {
    std::int64_t result = 1;
    for (;;) {
        if ((exponent & 1) != 0 && __builtin_mul_overflow(result, base, &result))
            return std::nullopt;
        exponent >>= 1;
        if (exponent == 0) return result;
        if (__builtin_mul_overflow(base, base, &base)) return std::nullopt;
    }
}

} // namespace hearth::templating
