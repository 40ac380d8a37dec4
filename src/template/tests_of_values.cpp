#include "template/builtin.h"
#include "template/convert.h"
#include "template/operators.h"
#include "template/python_text.h"
#include "template/regex.h"
#include "template/unicode.h"

#include <array>
#include <cmath>

/// What may stand behind `is`.
namespace hearth::templating {
namespace {

using Kind = Item::Kind;

Item test_defined(Call& call) {
    return Item::of(!call.subject.is_undefined());
}
Item test_undefined(Call& call) {
    return Item::of(call.subject.is_undefined());
}
Item test_none(Call& call) {
    return Item::of(call.subject.is_none());
}
Item test_boolean(Call& call) {
    return Item::of(call.subject.is(Kind::boolean));
}
Item test_true(Call& call) {
    return Item::of(call.subject.is(Kind::boolean) && call.subject.boolean);
}
Item test_false(Call& call) {
    return Item::of(call.subject.is(Kind::boolean) && !call.subject.boolean);
}
Item test_integer(Call& call) {
    return Item::of(call.subject.is(Kind::integer));
}
Item test_float(Call& call) {
    return Item::of(call.subject.is(Kind::real));
}
Item test_string(Call& call) {
    return Item::of(call.subject.is_string());
}
Item test_mapping(Call& call) {
    return Item::of(call.subject.is_map());
}
Item test_list(Call& call) {
    return Item::of(call.subject.is_list() && !call.subject.is_tuple());
}
Item test_tuple(Call& call) {
    return Item::of(call.subject.is_tuple());
}
Item test_datetime(Call& call) {
    return Item::of(call.subject.is(Kind::datetime));
}
Item test_callable(Call& call) {
    return Item::of(call.subject.is(Kind::macro) || call.subject.is(Kind::function));
}

/// What len() and [] work on. Undefined is one too in Jinja2, as it has a length of 0.
Item test_sequence(Call& call) {
    return Item::of(call.subject.is_list() || call.subject.is_map() || call.subject.is_string() ||
                    (call.subject.is_undefined() && !call.run.rules().strict));
}

Item test_iterable(Call& call) {
    return call.run.usable(call.subject) ? test_sequence(call) : Item();
}

Item test_number(Call& call) {
    return Item::of(call.subject.is_number());
}

/// Home Assistant's: whatever float() takes and is finite, "12" too.
Item test_is_number(Call& call) {
    if (call.subject.is_undefined()) return Item::of(false);
    const std::optional<double> real = real_of(call.run, call.subject);
    return Item::of(real && std::isfinite(*real));
}

Item modulo(Call& call, const Item& divisor) {
    return binary(call.run, Operator::modulo, call.subject, divisor);
}
Item test_even(Call& call) {
    return Item::of(
        equal(call.run, modulo(call, Item::of(std::int64_t{2})), Item::of(std::int64_t{0})));
}
Item test_odd(Call& call) {
    return Item::of(
        equal(call.run, modulo(call, Item::of(std::int64_t{2})), Item::of(std::int64_t{1})));
}
Item test_divisibleby(Call& call) {
    return Item::of(equal(call.run, modulo(call, call[0]), Item::of(std::int64_t{0})));
}

template <Operator op>
Item test_compare(Call& call) {
    return Item::of(compare(call.run, op, call.subject, call[0]));
}

/// Python's `is`: 1 is not true, 1.0 not 1, and a list only itself. Equal texts are taken as one.
Item test_sameas(Call& call) {
    const Item& other = call[0];
    if (call.subject.kind != other.kind) return Item::of(false);
    if (call.subject.is_list()) return Item::of(call.subject.list == other.list);
    if (call.subject.is_map()) return Item::of(call.subject.dict == other.dict);
    return Item::of(equal(call.run, call.subject, other));
}

Item test_contains(Call& call) {
    return Item::of(contains(call.run, call.subject, call[0]));
}

Item test_lower(Call& call) {
    const std::string_view text = str_view(call.run, call.subject);
    return Item::of(text == lower_case(text) && text != upper_case(text));
}
Item test_upper(Call& call) {
    const std::string_view text = str_view(call.run, call.subject);
    return Item::of(text == upper_case(text) && text != lower_case(text));
}

Item matches(Call& call, bool at_start) {
    const bool ignore_case = call.has(1) && truth(call.run, call[1]);
    return Item::of(regex_matches(
        call.run, str_view(call.run, call.subject),
        str_view(call.run, call.value_or(0, Item::of(std::string_view()))), ignore_case, at_start));
}
Item test_match(Call& call) {
    return matches(call, true);
}
Item test_search(Call& call) {
    return matches(call, false);
}

constexpr std::array<Builtin, 43> table = {{
    {"defined", test_defined},
    {"undefined", test_undefined},
    {"none", test_none},
    {"boolean", test_boolean},
    {"true", test_true},
    {"false", test_false},
    {"integer", test_integer},
    {"float", test_float},
    {"number", test_number},
    {"is_number", test_is_number},
    {"string", test_string},
    {"mapping", test_mapping},
    {"list", test_list},
    {"tuple", test_tuple},
    {"datetime", test_datetime},
    {"callable", test_callable},
    {"sequence", test_sequence},
    {"iterable", test_iterable},
    {"even", test_even},
    {"odd", test_odd},
    {"divisibleby", test_divisibleby, {"num"}, 1},
    {"equalto", test_compare<Operator::equal>, {"other"}, 1},
    {"eq", test_compare<Operator::equal>, {"other"}, 1},
    {"==", test_compare<Operator::equal>, {"other"}, 1},
    {"sameas", test_sameas, {"other"}, 1},
    {"ne", test_compare<Operator::not_equal>, {"other"}, 1},
    {"!=", test_compare<Operator::not_equal>, {"other"}, 1},
    {"lt", test_compare<Operator::less>, {"other"}, 1},
    {"lessthan", test_compare<Operator::less>, {"other"}, 1},
    {"<", test_compare<Operator::less>, {"other"}, 1},
    {"le", test_compare<Operator::less_equal>, {"other"}, 1},
    {"<=", test_compare<Operator::less_equal>, {"other"}, 1},
    {"gt", test_compare<Operator::greater>, {"other"}, 1},
    {"greaterthan", test_compare<Operator::greater>, {"other"}, 1},
    {">", test_compare<Operator::greater>, {"other"}, 1},
    {"ge", test_compare<Operator::greater_equal>, {"other"}, 1},
    {">=", test_compare<Operator::greater_equal>, {"other"}, 1},
    {"in", test_compare<Operator::in>, {"seq"}, 1},
    {"contains", test_contains, {"value"}, 1},
    {"lower", test_lower},
    {"upper", test_upper},
    {"match", test_match, {"find", "ignorecase"}},
    {"search", test_search, {"find", "ignorecase"}},
}};

} // namespace

std::span<const Builtin> value_tests() {
    return table;
}

} // namespace hearth::templating
