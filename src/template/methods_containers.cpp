#include "template/builtin.h"
#include "template/convert.h"
#include "template/operators.h"
#include "template/ordering.h"

#include <array>
#include <cmath>

/// Python's methods of dict, list and numbers, and loop.cycle().
namespace hearth::templating {
namespace {

Item method_get(Call& call) {
    const std::optional<Item> value = find_key(call.run, call.subject, call[0]);
    return value ? *value : call.value_or(1, Item::none());
}

Item method_items(Call& call) {
    return invoke(call.run, *find_filter("items"), call.subject, {});
}

Item method_keys(Call& call) {
    return iterable(call.run, call.subject);
}

Item method_values(Call& call) {
    List& list = call.run.make_list();
    const Entries entries = entries_of(call.subject);
    for (std::size_t i = 0; i < entries.size() && !call.run.failed(); ++i)
        call.run.append(list, entries.value(i));
    return Item::of(&list);
}

Item method_append(Call& call) {
    if (!call.subject.is(Item::Kind::list) || call.subject.list->tuple)
        return call.run.invalid("this list cannot be changed; make one of your own with `| list`");
    call.run.append(*call.subject.list, call[0]);
    return Item::none();
}

Item method_index(Call& call) {
    const Elements elements = elements_of(call.subject);
    for (std::size_t i = 0; i < elements.size() && call.run.spend(); ++i)
        if (equal(call.run, elements[i], call[0])) return Item::of_size(i);
    return call.run.invalid("index(): the list has no such element");
}

Item method_count(Call& call) {
    std::int64_t count = 0;
    const Elements elements = elements_of(call.subject);
    for (std::size_t i = 0; i < elements.size() && call.run.spend(); ++i)
        count += equal(call.run, elements[i], call[0]) ? 1 : 0;
    return Item::of(count);
}

/// dict.fromkeys(keys, value)
Item method_fromkeys(Call& call) {
    if (call.subject.function->name != "dict")
        return call.run.invalid("{} has no method 'fromkeys'", call.subject.function->name);
    const Item keys = iterable(call.run, call[0]);
    if (call.run.failed()) return {};
    Dict& dict = call.run.make_dict();
    const Elements elements = elements_of(keys);
    for (std::size_t i = 0; i < elements.size() && !call.run.failed(); ++i)
        call.run.put(dict, elements[i], call.value_or(1, Item::none()));
    return Item::of(&dict);
}

Item method_is_integer(Call& call) {
    return Item::of(call.subject.is_int() || call.subject.real == std::floor(call.subject.real));
}

Item method_cycle(Call& call) {
    if (call.positional.empty()) return call.run.invalid("cycle() needs something to go through");
    return call.positional[call.subject.loop->index0 % call.positional.size()];
}

constexpr std::array<Builtin, 10> table = {{
    {.name = "get",
     .call = method_get,
     .parameters = {"key", "default"},
     .required = 1,
     .subjects = on_map},
    {.name = "items", .call = method_items, .subjects = on_map},
    {.name = "keys", .call = method_keys, .subjects = on_map},
    {.name = "values", .call = method_values, .subjects = on_map},
    {.name = "append",
     .call = method_append,
     .parameters = {"object"},
     .required = 1,
     .subjects = on_list},
    {.name = "index",
     .call = method_index,
     .parameters = {"value"},
     .required = 1,
     .subjects = on_list},
    {.name = "count",
     .call = method_count,
     .parameters = {"value"},
     .required = 1,
     .subjects = on_list},
    {.name = "fromkeys",
     .call = method_fromkeys,
     .parameters = {"iterable", "value"},
     .required = 1,
     .subjects = on_function},
    {.name = "is_integer", .call = method_is_integer, .subjects = on_number},
    {.name = "cycle", .call = method_cycle, .variadic = true, .subjects = on_loop},
}};

} // namespace

std::span<const Builtin> container_methods() {
    return table;
}

} // namespace hearth::templating
