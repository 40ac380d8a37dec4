#include "template/builtin.h"
#include "template/convert.h"
#include "template/operators.h"
#include "template/python_numbers.h"

#include <array>
#include <cmath>

/// float, int, bool, round, abs and arithmetic. Where the profile is Home Assistant's, conversions
/// refuse bad input unless they have a default; Jinja2's own give 0.
namespace hearth::templating {
namespace {

Item filter_float(Call& call) {
    if (const std::optional<double> real = real_of(call.run, call.subject)) return Item::of(*real);
    if (call.has(0)) return call[0];
    return call.run.rules().home_assistant ? no_default(call) : Item::of(0.0);
}

Item filter_int(Call& call) {
    const std::int64_t base = integer_argument(call, 1, 10, 0, 36);
    if (const std::optional<std::int64_t> whole = int_of(call.run, call.subject, base))
        return Item::of(*whole);
    if (call.has(0)) return call[0];
    return call.run.rules().home_assistant ? no_default(call) : Item::of(std::int64_t{0});
}

Item filter_bool(Call& call) {
    if (const std::optional<bool> flag = bool_of(call.run, call.subject)) return Item::of(*flag);
    return call.has(0) ? call[0] : no_default(call);
}

/// To the integer above or below, at some digit.
double directed(double number, std::int64_t digits, bool up) {
    const double unit = std::pow(10.0, static_cast<double>(digits));
    return (up ? std::ceil(number * unit) : std::floor(number * unit)) / unit;
}

Item whole_or_real(Call& call, double number, bool whole) {
    if (!whole) return Item::of(number);
    const std::optional<std::int64_t> integer = truncate(number);
    return integer ? Item::of(*integer)
                   : call.run.invalid("{} is beyond the range of 64-bit integers", number);
}

Item filter_round(Call& call) {
    const std::int64_t digits = integer_argument(call, 0, 0, -300, 300);
    const bool home_assistant = call.run.rules().home_assistant;
    const std::string_view method =
        call.has(1) && call[1].is_string() ? call[1].text() : std::string_view("common");
    if (!home_assistant && !call.subject.is_number() && call.run.usable(call.subject, true))
        return call.run.invalid("round needs a number, not a {}", type_name(call.subject));
    const std::optional<double> real = real_of(call.run, call.subject);
    if (!real) return call.has(2) ? call[2] : no_default(call);
    if (method == "ceil" || method == "floor")
        return whole_or_real(call, directed(*real, digits, method == "ceil"),
                             home_assistant && digits == 0);
    if (method == "half" && home_assistant)
        return whole_or_real(call, std::nearbyint(*real * 2) / 2, digits == 0);
    // Python's round() of an integer is one, which Jinja2 shows and Home Assistant does not.
    const bool stays_integer = !home_assistant && call.subject.is_int();
    return whole_or_real(call, round_digits(*real, digits),
                         stays_integer || (home_assistant && digits == 0));
}

Item filter_abs(Call& call) {
    const Item& subject = call.subject;
    if (!call.run.usable(subject, true)) return {};
    if (subject.is(Item::Kind::real)) return Item::of(std::abs(subject.real));
    if (!subject.is_int())
        return call.run.invalid("abs needs a number, not a {}", type_name(subject));
    return subject.int_value() < 0 ? unary(call.run, Operator::negate, subject)
                                   : Item::of(subject.int_value());
}

Item with_real(Call& call, Operator op) {
    const std::optional<double> real = real_of(call.run, call.subject);
    if (!real) return call.has(1) ? call[1] : no_default(call);
    if (!call[0].is_number())
        return call.has(1) ? call[1]
                           : call.run.invalid("{} needs a number, not a {}", call.builtin.name,
                                              type_name(call[0]));
    return binary(call.run, op, Item::of(*real), call[0]);
}

Item filter_multiply(Call& call) {
    return with_real(call, Operator::multiply);
}

Item filter_add(Call& call) {
    return with_real(call, Operator::add);
}

template <class Combine>
Item bitwise(Call& call, Combine combine) {
    if (!call.run.usable(call.subject, true)) return {};
    if (!call.subject.is_int() || !call[0].is_int())
        return call.run.invalid("{} needs two integers, not {} and {}", call.builtin.name,
                                type_name(call.subject), type_name(call[0]));
    return Item::of(combine(call.subject.int_value(), call[0].int_value()));
}

Item filter_bitwise_and(Call& call) {
    return bitwise(call, [](std::int64_t a, std::int64_t b) { return a & b; });
}

Item filter_bitwise_or(Call& call) {
    return bitwise(call, [](std::int64_t a, std::int64_t b) { return a | b; });
}

Item filter_bitwise_xor(Call& call) {
    return bitwise(call, [](std::int64_t a, std::int64_t b) { return a ^ b; });
}

Item filter_sqrt(Call& call) {
    const std::optional<double> real = real_of(call.run, call.subject);
    if (real && *real >= 0) return Item::of(std::sqrt(*real));
    return call.has(0) ? call[0] : no_default(call);
}

Item filter_log(Call& call) {
    const std::optional<double> real = real_of(call.run, call.subject);
    const double base = call.has(0) && call[0].is_number() ? call[0].number() : std::exp(1.0);
    if (real && *real > 0 && base > 0 && base != 1)
        return Item::of(call.has(0) ? std::log(*real) / std::log(base) : std::log(*real));
    return call.has(1) ? call[1] : no_default(call);
}

Item filter_ordinal(Call& call) {
    const std::optional<std::int64_t> whole = int_of(call.run, call.subject);
    if (!whole) return no_default(call);
    const std::int64_t last = *whole % 10;
    const bool teen = *whole % 100 >= 11 && *whole % 100 <= 13;
    const std::string_view ending = teen        ? "th"
                                    : last == 1 ? "st"
                                    : last == 2 ? "nd"
                                    : last == 3 ? "rd"
                                                : "th";
    return call.run.text(fmt::format("{}{}", *whole, ending));
}

Item filter_is_number(Call& call) {
    const std::optional<double> real =
        call.subject.is_undefined() ? std::nullopt : real_of(call.run, call.subject);
    return Item::of(real && std::isfinite(*real));
}

constexpr std::array<Builtin, 14> table = {{
    {"float", filter_float, {"default"}},
    {"int", filter_int, {"default", "base"}},
    {"bool", filter_bool, {"default"}},
    {"round", filter_round, {"precision", "method", "default"}},
    {"abs", filter_abs},
    {"multiply", filter_multiply, {"amount", "default"}, 1},
    {"add", filter_add, {"amount", "default"}, 1},
    {"bitwise_and", filter_bitwise_and, {"second_value"}, 1},
    {"bitwise_or", filter_bitwise_or, {"second_value"}, 1},
    {"bitwise_xor", filter_bitwise_xor, {"second_value"}, 1},
    {"sqrt", filter_sqrt, {"default"}},
    {"log", filter_log, {"base", "default"}},
    {"ordinal", filter_ordinal},
    {"is_number", filter_is_number},
}};

} // namespace

std::span<const Builtin> number_filters() {
    return table;
}

} // namespace hearth::templating
