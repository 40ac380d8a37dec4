#include "template/format.h"

#include "base/text.h"
#include "template/python_numbers.h"
#include "template/python_text.h"
#include "template/unicode.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace hearth::templating {
namespace {

/// Puts `separator` between groups of digits before the point.
void group(std::string& digits, char separator, std::size_t size) {
    std::size_t end = digits.find_first_not_of("0123456789abcdefABCDEF");
    if (size == 3) end = digits.find_first_not_of("0123456789");
    if (end == std::string::npos) end = digits.size();
    while (end > size) {
        end -= size;
        digits.insert(end, 1, separator);
    }
}

std::string integer_digits(std::uint64_t number, char type) {
    std::array<char, 70> buffer{};
    const int base = type == 'x' || type == 'X' ? 16 : type == 'o' ? 8 : type == 'b' ? 2 : 10;
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number, base);
    std::string digits(buffer.data(), end.ptr);
    return type == 'X' ? upper_case(digits) : digits;
}

/// %g: to `precision` significant digits, in the shorter of both notations.
std::string general_digits(double number, int precision, bool alternative) {
    if (precision == 0) precision = 1;
    return alternative ? fmt::format("{:#.{}g}", number, precision)
                       : fmt::format("{:.{}g}", number, precision);
}

std::string real_digits(double number, const FormatSpec& spec) {
    const char type = static_cast<char>(spec.type | 0x20);
    const int precision = spec.precision < 0 ? 6 : spec.precision;
    std::string digits;
    if (!std::isfinite(number)) {
        digits = std::isnan(number) ? "nan" : "inf";
    } else if (type == 'f' || spec.type == '%') {
        digits = spec.alternative ? fmt::format("{:#.{}f}", number, precision)
                                  : fmt::format("{:.{}f}", number, precision);
    } else if (type == 'e') {
        digits = fmt::format("{:.{}e}", number, precision);
    } else if (type == 'g' || type == 'n' || spec.precision >= 0) {
        digits = general_digits(number, precision, spec.alternative);
        // Without a type a floating number keeps its point.
        if (spec.type == 0 && digits.find_first_of(".e") == std::string::npos) digits += ".0";
    } else {
        digits = real_repr(number);
    }
    if (spec.type == '%') digits += '%';
    return spec.type >= 'A' && spec.type <= 'Z' ? upper_case(digits) : digits;
}

/// Sign, prefix and digits, padded to the width.
void append_number(Text& out, bool negative, std::string_view prefix, const std::string& digits,
                   const FormatSpec& spec) {
    std::string lead = negative ? "-" : spec.sign == '-' ? "" : std::string(1, spec.sign);
    lead += prefix;
    const std::size_t size = lead.size() + digits.size();
    const std::size_t padding = spec.width > size ? spec.width - size : 0;
    const char align = spec.align == 0 ? '>' : spec.align;
    const std::size_t before = align == '>' ? padding : align == '^' ? padding / 2 : 0;
    const auto fill = [&](std::size_t count) {
        for (std::size_t i = 0; i < count; ++i)
            out.append(spec.fill);
    };
    fill(before);
    out.append(lead);
    if (align == '=') fill(padding);
    out.append(digits);
    if (align != '=') fill(padding - before);
}

void append_integer(Text& out, std::int64_t number, const FormatSpec& spec) {
    const bool negative = number < 0;
    const std::uint64_t magnitude =
        negative ? 0 - static_cast<std::uint64_t>(number) : static_cast<std::uint64_t>(number);
    std::string digits = integer_digits(magnitude, spec.type);
    if (spec.grouping != 0)
        group(digits, spec.grouping, spec.type == 0 || spec.type == 'd' ? 3 : 4);
    std::string prefix;
    if (spec.alternative && spec.type != 0 && spec.type != 'd')
        prefix = std::string("0") + spec.type;
    append_number(out, negative, prefix, digits, spec);
}

void append_real(Text& out, double number, const FormatSpec& spec) {
    if (spec.type == '%') number *= 100;
    std::string digits = real_digits(std::abs(number), spec);
    if (spec.grouping != 0) group(digits, spec.grouping, 3);
    append_number(out, std::signbit(number) && !std::isnan(number), "", digits, spec);
}

void append_text(Text& out, std::string_view text, const FormatSpec& spec) {
    if (spec.precision >= 0)
        text = text.substr(0, byte_offset(text, static_cast<std::size_t>(spec.precision)));
    const std::size_t size = count_characters(text);
    const std::size_t padding = spec.width > size ? spec.width - size : 0;
    const std::size_t before = spec.align == '>' ? padding : spec.align == '^' ? padding / 2 : 0;
    for (std::size_t i = 0; i < before; ++i)
        out.append(spec.fill);
    out.append(text);
    for (std::size_t i = before; i < padding; ++i)
        out.append(spec.fill);
}

bool is_one_of(char c, std::string_view set) {
    return c == 0 || set.find(c) != std::string_view::npos;
}

} // namespace

void append_formatted(Run& run, Text& out, const Item& value, const FormatSpec& spec) {
    if (spec.width > max_format_width || spec.precision > max_format_precision) {
        run.fail(Code::limit, "a format wider than {} or with more than {} digits",
                 max_format_width, max_format_precision);
        return;
    }
    const bool whole = value.is_int() && (spec.type != 0 || !value.is(Item::Kind::boolean));
    if (whole && is_one_of(spec.type, "dxXobn") && spec.precision < 0) {
        append_integer(out, value.int_value(), spec);
    } else if (value.is_number() && (spec.type != 0 || !value.is(Item::Kind::boolean)) &&
               is_one_of(spec.type, value.is_int() ? "eEfFgG%" : "eEfFgGn%")) {
        append_real(out, value.number(), spec);
    } else if (!value.is_number() && is_one_of(spec.type, "s") && spec.align != '=') {
        append_text(out, str_view(run, value), spec);
    } else if (value.is(Item::Kind::boolean) && is_one_of(spec.type, "s")) {
        append_text(out, str_view(run, value), spec);
    } else {
        run.invalid("a {} has no format \"{}\"", type_name(value),
                    printable(std::string(1, spec.type == 0 ? '=' : spec.type)));
    }
}

} // namespace hearth::templating
