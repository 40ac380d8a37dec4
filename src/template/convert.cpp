#include "template/convert.h"

#include "base/text.h"
#include "template/operators.h"
#include "template/python_numbers.h"
#include "template/python_text.h"
#include "template/time_text.h"
#include "template/unicode.h"

#include <algorithm>
#include <array>

namespace hearth::templating {
namespace {

/// A key as Python's json.dumps() writes it.
std::string key_text(Run& run, const Item& key) {
    if (key.is_none()) return "null";
    if (key.is(Item::Kind::boolean)) return key.boolean ? "true" : "false";
    return std::string(str_view(run, key));
}

Value map_value(Run& run, const Item& item) {
    const Entries entries = entries_of(item);
    ValueMap map;
    for (std::size_t i = 0; i < entries.size() && run.spend(1 + i / 8); ++i)
        map.set(key_text(run, entries.key(i)), to_value(run, entries.value(i)));
    return map;
}

} // namespace

std::optional<double> real_of(Run& run, const Item& item) {
    if (!run.usable(item, true)) return std::nullopt;
    if (item.is_number()) return item.number();
    if (!item.is_string() || !run.spend(item.text().size() / 32)) return std::nullopt;
    return parse_real(item.text());
}

std::optional<std::int64_t> int_of(Run& run, const Item& item, std::int64_t base) {
    if (!run.usable(item, true)) return std::nullopt;
    if (item.is_int()) return item.int_value();
    if (item.is_string())
        if (const auto whole = parse_int(item.text(), base)) return whole;
    const std::optional<double> real = real_of(run, item);
    return real ? truncate(*real) : std::nullopt;
}

std::optional<bool> bool_of(Run& run, const Item& item) {
    if (!run.usable(item)) return std::nullopt;
    if (item.is_number()) return item.number() != 0;
    if (!item.is_string()) return std::nullopt;
    const std::string word = lower_case(strip(item.text()));
    constexpr std::array<std::string_view, 5> yes = {"1", "true", "yes", "on", "enable"};
    constexpr std::array<std::string_view, 5> no = {"0", "false", "no", "off", "disable"};
    if (std::ranges::find(yes, word) != yes.end()) return true;
    if (std::ranges::find(no, word) != no.end()) return false;
    return std::nullopt;
}

std::int64_t integer_argument(Call& call, std::size_t i, std::int64_t otherwise, std::int64_t min,
                              std::int64_t max) {
    if (!call.has(i)) return otherwise;
    if (call[i].is_int() && call[i].int_value() >= min && call[i].int_value() <= max)
        return call[i].int_value();
    call.run.invalid("\"{}\" of \"{}\" must be an integer{}", call.builtin.parameters[i],
                     call.builtin.name,
                     min == INT64_MIN ? std::string() : fmt::format(" from {} to {}", min, max));
    return otherwise;
}

Item no_default(Call& call) {
    if (call.run.failed()) return {};
    const Item subject = call.subject.is_undefined() && call.has(0) ? call[0] : call.subject;
    return call.run.invalid("{} got '{}', which it cannot convert, and no default is given",
                            call.builtin.name, printable(str_view(call.run, subject), 60));
}

Value to_value(Run& run, const Item& item) {
    const Depth depth(run);
    if (!depth || !run.usable(item)) return {};
    switch (item.kind) {
    case Item::Kind::undefined:
    case Item::Kind::none:
        return {};
    case Item::Kind::boolean:
        return item.boolean;
    case Item::Kind::integer:
        return item.integer;
    case Item::Kind::real:
        return item.real;
    case Item::Kind::string:
        return run.spend_bytes(item.text().size()) ? Value(item.text()) : Value();
    case Item::Kind::list:
    case Item::Kind::json_list: {
        const Elements elements = elements_of(item);
        ValueList list;
        for (std::size_t i = 0; i < elements.size() && run.spend_bytes(sizeof(Value)); ++i)
            list.push_back(to_value(run, elements[i]));
        return list;
    }
    case Item::Kind::dict:
    case Item::Kind::json_map:
        return map_value(run, item);
    case Item::Kind::datetime:
        return iso_text(item);
    case Item::Kind::timedelta:
        return static_cast<double>(item.integer) / 1e6;
    default:
        run.invalid("a {} is no value", type_name(item));
        return {};
    }
}

} // namespace hearth::templating
