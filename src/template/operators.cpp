#include "template/operators.h"

#include "template/format.h"
#include "template/python_numbers.h"
#include "template/unicode.h"

#include <cmath>

namespace hearth::templating {
namespace {

using Kind = Item::Kind;

std::string_view symbol(Operator op) {
    switch (op) {
    case Operator::add:
        return "+";
    case Operator::subtract:
        return "-";
    case Operator::multiply:
        return "*";
    case Operator::divide:
        return "/";
    case Operator::floor_divide:
        return "//";
    case Operator::modulo:
        return "%";
    case Operator::power:
        return "**";
    case Operator::negate:
        return "-";
    default:
        return "+";
    }
}

bool equal_lists(Run& run, const Item& a, const Item& b) {
    const Elements left = elements_of(a);
    const Elements right = elements_of(b);
    if (left.size() != right.size() || a.is_tuple() != b.is_tuple()) return false;
    for (std::size_t i = 0; i < left.size(); ++i)
        if (!run.spend() || !equal(run, left[i], right[i])) return false;
    return true;
}

bool equal_maps(Run& run, const Item& a, const Item& b) {
    const Entries left = entries_of(a);
    if (left.size() != entries_of(b).size()) return false;
    for (std::size_t i = 0; i < left.size(); ++i) {
        const std::optional<Item> other = find_key(run, b, left.key(i));
        if (!run.spend() || !other || !equal(run, left.value(i), *other)) return false;
    }
    return true;
}

bool less_lists(Run& run, const Item& a, const Item& b) {
    const Elements left = elements_of(a);
    const Elements right = elements_of(b);
    for (std::size_t i = 0; i < left.size() && i < right.size(); ++i) {
        if (!run.spend()) return false;
        if (!equal(run, left[i], right[i])) return less(run, left[i], right[i]);
    }
    return left.size() < right.size();
}

Item checked(Run& run, const std::optional<std::int64_t>& result) {
    if (!result) return run.invalid("the result is beyond the range of 64-bit integers");
    return Item::of(*result);
}

Item integers(Run& run, Operator op, std::int64_t a, std::int64_t b) {
    std::int64_t result = 0;
    switch (op) {
    case Operator::add:
        return checked(run, __builtin_add_overflow(a, b, &result) ? std::nullopt
                                                                  : std::optional(result));
    case Operator::subtract:
        return checked(run, __builtin_sub_overflow(a, b, &result) ? std::nullopt
                                                                  : std::optional(result));
    case Operator::multiply:
        return checked(run, __builtin_mul_overflow(a, b, &result) ? std::nullopt
                                                                  : std::optional(result));
    case Operator::floor_divide:
        if (b == 0) return run.invalid("division by zero");
        return checked(run, floor_divide(a, b));
    case Operator::modulo:
        if (b == 0) return run.invalid("division by zero");
        return Item::of(floor_modulo(a, b));
    default:
        return checked(run, power(a, b));
    }
}

Item reals(Run& run, Operator op, double a, double b) {
    const bool divides =
        op == Operator::divide || op == Operator::floor_divide || op == Operator::modulo;
    if (divides && b == 0) return run.invalid("division by zero");
    switch (op) {
    case Operator::add:
        return Item::of(a + b);
    case Operator::subtract:
        return Item::of(a - b);
    case Operator::multiply:
        return Item::of(a * b);
    case Operator::divide:
        return Item::of(a / b);
    case Operator::floor_divide:
        return Item::of(std::floor(a / b));
    case Operator::modulo:
        return Item::of(floor_modulo(a, b));
    default:
        break;
    }
    if (a == 0 && b < 0) return run.invalid("0 has no negative powers");
    const double result = std::pow(a, b);
    if (std::isnan(result) && !std::isnan(a) && !std::isnan(b))
        return run.invalid("a negative number has no fractional powers");
    if (std::isinf(result) && std::isfinite(a) && std::isfinite(b))
        return run.invalid("the power is beyond the range of floating numbers");
    return Item::of(result);
}

Item joined_lists(Run& run, const Item& a, const Item& b) {
    List& list = run.make_list(a.is_tuple());
    for (const Item* part : {&a, &b}) {
        const Elements elements = elements_of(*part);
        for (std::size_t i = 0; i < elements.size() && !run.failed(); ++i)
            run.append(list, elements[i]);
    }
    return Item::of(&list);
}

/// 'ab' * 3, [0] * 3
Item repeated(Run& run, const Item& what, std::int64_t times) {
    const auto count = static_cast<std::size_t>(std::max<std::int64_t>(times, 0));
    if (what.is_string()) {
        const std::string_view part = what.text();
        if (part.empty() || count == 0) return Item::of(std::string_view());
        if (count > run.limits().working_bytes / part.size()) {
            run.fail(Code::limit, "a text repeated {} times is too long (templates.working_bytes)",
                     count);
            return {};
        }
        Text text(run);
        for (std::size_t i = 0; i < count && run.spend(); ++i)
            text.append(part);
        return text.item();
    }
    const Elements elements = elements_of(what);
    List& list = run.make_list(what.is_tuple());
    for (std::size_t i = 0; i < count && elements.size() > 0 && !run.failed(); ++i)
        for (std::size_t k = 0; k < elements.size() && !run.failed(); ++k)
            run.append(list, elements[k]);
    return Item::of(&list);
}

Item times(Run& run, Operator op, const Item& a, const Item& b) {
    const bool plus = op == Operator::add;
    const bool minus = op == Operator::subtract;
    std::int64_t result = 0;
    const bool overflow = plus ? __builtin_add_overflow(a.integer, b.integer, &result)
                               : __builtin_sub_overflow(a.integer, b.integer, &result);
    if ((plus || minus) && overflow) return run.invalid("the time is out of range");
    if (a.is(Kind::timedelta) && b.is(Kind::timedelta) && (plus || minus))
        return Item::timedelta(result);
    if (a.is(Kind::datetime) && b.is(Kind::timedelta) && (plus || minus))
        return Item::datetime(result, a.extra);
    if (a.is(Kind::timedelta) && b.is(Kind::datetime) && plus)
        return Item::datetime(result, b.extra);
    if (a.is(Kind::datetime) && b.is(Kind::datetime) && minus &&
        (a.extra == Item::naive) == (b.extra == Item::naive))
        return Item::timedelta(result);
    return run.invalid("{} {} {} makes no sense", type_name(a), symbol(op), type_name(b));
}

bool is_time(const Item& item) {
    return item.is(Kind::datetime) || item.is(Kind::timedelta);
}

} // namespace

bool truth(Run& run, const Item& item) {
    switch (item.kind) {
    case Kind::undefined:
        run.usable(item);
        return false;
    case Kind::none:
        return false;
    case Kind::boolean:
        return item.boolean;
    case Kind::integer:
    case Kind::timedelta:
        return item.integer != 0;
    case Kind::real:
        return item.real != 0;
    case Kind::string:
        return !item.text().empty();
    case Kind::list:
    case Kind::json_list:
        return elements_of(item).size() > 0;
    case Kind::dict:
    case Kind::json_map:
        return entries_of(item).size() > 0;
    default:
        return true;
    }
}

bool equal(Run& run, const Item& a, const Item& b) {
    if (!run.usable(a) || !run.usable(b)) return false;
    if (a.is_number() && b.is_number())
        return a.is_int() && b.is_int() ? a.int_value() == b.int_value() : a.number() == b.number();
    if (a.is_string() && b.is_string()) {
        return run.spend(a.text().size() / 32) && a.text() == b.text();
    }
    const Depth depth(run);
    if (!depth) return false;
    if (a.is_list() && b.is_list()) return equal_lists(run, a, b);
    if (a.is_map() && b.is_map()) return equal_maps(run, a, b);
    if (a.kind != b.kind) return false;
    switch (a.kind) {
    case Kind::undefined:
    case Kind::none:
        return true;
    case Kind::datetime:
        return a.integer == b.integer && (a.extra == Item::naive) == (b.extra == Item::naive);
    default:
        return a.integer == b.integer; // the same object
    }
}

bool less(Run& run, const Item& a, const Item& b) {
    if (!run.usable(a, true) || !run.usable(b, true)) return false;
    if (a.is_number() && b.is_number())
        return a.is_int() && b.is_int() ? a.int_value() < b.int_value() : a.number() < b.number();
    if (a.is_string() && b.is_string())
        return run.spend(a.text().size() / 32) && a.text() < b.text();
    const Depth depth(run);
    if (!depth) return false;
    if (a.is_list() && b.is_list() && a.is_tuple() == b.is_tuple()) return less_lists(run, a, b);
    if (is_time(a) && a.kind == b.kind && (a.extra == Item::naive) == (b.extra == Item::naive))
        return a.integer < b.integer;
    run.invalid("{} and {} have no order: '{}' < '{}' makes no sense", type_name(a), type_name(b),
                type_name(a), type_name(b));
    return false;
}

bool compare(Run& run, Operator op, const Item& a, const Item& b) {
    switch (op) {
    case Operator::equal:
        return equal(run, a, b);
    case Operator::not_equal:
        return !equal(run, a, b);
    case Operator::less:
        return less(run, a, b);
    case Operator::greater:
        return less(run, b, a);
    // NaN is neither smaller nor equal, so these are no negations.
    case Operator::less_equal:
        return less(run, a, b) || equal(run, a, b);
    case Operator::greater_equal:
        return less(run, b, a) || equal(run, a, b);
    case Operator::in:
        return contains(run, b, a);
    case Operator::not_in:
        return !contains(run, b, a);
    default:
        return false;
    }
}

bool contains(Run& run, const Item& container, const Item& item) {
    if (container.is_string()) {
        if (!run.usable(item, true)) return false;
        if (!item.is_string()) {
            run.invalid("a text can hold only texts: {} in str makes no sense", type_name(item));
            return false;
        }
        return run.spend(container.text().size() / 32) &&
               container.text().find(item.text()) != std::string_view::npos;
    }
    if (container.is_map()) return find_key(run, container, item).has_value();
    const Item list = iterable(run, container);
    if (!list.is_list()) return false;
    const Elements elements = elements_of(list);
    for (std::size_t i = 0; i < elements.size() && run.spend(); ++i)
        if (equal(run, elements[i], item)) return true;
    return false;
}

bool hashable(Run& run, const Item& key) {
    if (!run.usable(key)) return false;
    if (key.is_map() || (key.is_list() && !key.is_tuple())) {
        run.invalid("a {} cannot be a key", type_name(key));
        return false;
    }
    return true;
}

Item unary(Run& run, Operator op, const Item& operand) {
    if (op == Operator::logical_not) return Item::of(!truth(run, operand));
    if (!run.usable(operand, true)) return {};
    const bool negate = op == Operator::negate;
    if (operand.is(Kind::real)) return negate ? Item::of(-operand.real) : operand;
    if (operand.is_int())
        return negate ? integers(run, Operator::subtract, 0, operand.int_value())
                      : Item::of(operand.int_value());
    if (operand.is(Kind::timedelta))
        return negate ? times(run, Operator::subtract, Item::timedelta(0), operand) : operand;
    return run.invalid("{}{} makes no sense", symbol(op), type_name(operand));
}

Item binary(Run& run, Operator op, const Item& a, const Item& b) {
    // "text" % values formats; everything else needs two defined operands.
    if (!run.usable(a, true)) return {};
    if (op == Operator::modulo && a.is_string()) return format_percent(run, a.text(), b);
    if (!run.usable(b, true)) return {};
    if (a.is_int() && b.is_int()) {
        const bool real = op == Operator::divide || (op == Operator::power && b.int_value() < 0);
        if (!real) return integers(run, op, a.int_value(), b.int_value());
    }
    if (a.is_number() && b.is_number()) return reals(run, op, a.number(), b.number());
    if (op == Operator::add) {
        if (a.is_string() && b.is_string()) {
            Text text(run);
            text.append(a.text());
            text.append(b.text());
            return text.item();
        }
        if (a.is_list() && b.is_list() && a.is_tuple() == b.is_tuple())
            return joined_lists(run, a, b);
    }
    if (op == Operator::multiply) {
        if ((a.is_string() || a.is_list()) && b.is_int()) return repeated(run, a, b.int_value());
        if ((b.is_string() || b.is_list()) && a.is_int()) return repeated(run, b, a.int_value());
    }
    if (is_time(a) && is_time(b)) return times(run, op, a, b);
    return run.invalid("{} {} {} makes no sense", type_name(a), symbol(op), type_name(b));
}

} // namespace hearth::templating
