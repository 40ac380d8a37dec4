#include "template/builtin.h"
#include "template/convert.h"
#include "template/operators.h"
#include "template/ordering.h"

#include <algorithm>
#include <array>

/// Functions that every profile has.
namespace hearth::templating {
namespace {

Item function_range(Call& call) {
    const std::int64_t first = integer_argument(call, 0, 0);
    const std::int64_t second = integer_argument(call, 1, 0);
    const std::int64_t step = integer_argument(call, 2, 1);
    if (call.run.failed()) return {};
    if (step == 0) return call.run.invalid("range() needs a step other than 0");
    const std::int64_t start = call.has(1) ? first : 0;
    const std::int64_t stop = call.has(1) ? second : first;
    List& list = call.run.make_list();
    for (std::int64_t i = start; (step > 0 ? i < stop : i > stop) && !call.run.failed();) {
        call.run.append(list, Item::of(i));
        if (__builtin_add_overflow(i, step, &i)) break;
    }
    return Item::of(&list);
}

/// The entries of a dictionary or of a list of pairs.
void put_all(Call& call, Dict& dict, const Item& source) {
    if (source.is_map()) {
        const Entries entries = entries_of(source);
        for (std::size_t i = 0; i < entries.size() && !call.run.failed(); ++i)
            call.run.put(dict, entries.key(i), entries.value(i));
        return;
    }
    const Item list = iterable(call.run, source);
    if (call.run.failed()) return;
    const Elements elements = elements_of(list);
    for (std::size_t i = 0; i < elements.size() && !call.run.failed(); ++i) {
        const Item pair = iterable(call.run, elements[i]);
        if (call.run.failed()) return;
        const Elements parts = elements_of(pair);
        if (parts.size() == 2)
            call.run.put(dict, parts[0], parts[1]);
        else
            call.run.invalid("dict() needs pairs, not {} elements", parts.size());
    }
}

Item function_dict(Call& call) {
    Dict& dict = call.run.make_dict();
    for (const Item& source : call.positional)
        put_all(call, dict, source);
    for (const NamedItem& named : call.named)
        call.run.put(dict, Item::of(named.name), named.value);
    return Item::of(&dict);
}

Item function_namespace(Call& call) {
    Space& space = call.run.make_space();
    const auto set = [&](std::string_view name, const Item& value) {
        if (!call.run.spend_bytes(sizeof(NamedItem))) return;
        const auto present =
            std::ranges::find(space.attributes, name, &std::pair<std::string_view, Item>::first);
        if (present != space.attributes.end())
            present->second = value;
        else
            space.attributes.emplace_back(name, value);
    };
    for (const Item& source : call.positional) {
        if (!source.is_map())
            return call.run.invalid("namespace() needs dictionaries, not a {}", type_name(source));
        const Entries entries = entries_of(source);
        for (std::size_t i = 0; i < entries.size() && !call.run.failed(); ++i)
            if (entries.key(i).is_string()) set(entries.key(i).text(), entries.value(i));
    }
    for (const NamedItem& named : call.named)
        set(named.name, named.value);
    return Item::of(&space);
}

Item function_iif(Call& call) {
    if (call[0].is_none() && call.has(3)) return call[3];
    return truth(call.run, call[0]) ? call.value_or(1, Item::of(true))
                                    : call.value_or(2, Item::of(false));
}

/// Functions that are filters too: float(x, default) is x | float(default).
template <std::size_t extra>
Item as_filter(Call& call) {
    const Builtin* filter = find_filter(call.builtin.name);
    std::array<NamedItem, extra> named;
    std::size_t count = 0;
    for (std::size_t i = 0; i < extra; ++i)
        if (call.has(i + 1)) named[count++] = {call.builtin.parameters[i + 1], call[i + 1]};
    return invoke(call.run, *filter, call[0], {}, std::span(named).first(count));
}

/// min and max of several arguments or of one list.
Item extreme_of(Call& call, bool largest) {
    if (call.positional.empty())
        return call.run.invalid("{}() needs something to compare", call.builtin.name);
    const SortKey key{Item::none(), true};
    Item result;
    if (call.positional.size() == 1) {
        result = extreme(call.run, call.positional[0], key, largest);
    } else {
        List& list = call.run.make_list();
        for (const Item& item : call.positional)
            call.run.append(list, item);
        result = extreme(call.run, Item::of(&list), key, largest);
    }
    if (result.is_undefined()) return call.run.invalid("{}() of an empty list", call.builtin.name);
    return result;
}

Item function_min(Call& call) {
    return extreme_of(call, false);
}
Item function_max(Call& call) {
    return extreme_of(call, true);
}

Item function_zip(Call& call) {
    List& all = call.run.make_list();
    std::vector<Item> lists;
    std::size_t shortest = static_cast<std::size_t>(-1);
    for (const Item& argument : call.positional) {
        lists.push_back(iterable(call.run, argument));
        if (call.run.failed()) return {};
        shortest = std::min(shortest, elements_of(lists.back()).size());
    }
    for (std::size_t i = 0; !lists.empty() && i < shortest && !call.run.failed(); ++i) {
        List& row = call.run.make_list(true);
        for (const Item& list : lists)
            call.run.append(row, elements_of(list)[i]);
        call.run.append(all, Item::of(&row));
    }
    return Item::of(&all);
}

constexpr std::array<Builtin, 16> table = {{
    {"range", function_range, {"start", "stop", "step"}, 1},
    {.name = "dict", .call = function_dict, .variadic = true},
    {.name = "namespace", .call = function_namespace, .variadic = true},
    {"iif", function_iif, {"value", "if_true", "if_false", "if_none"}, 1},
    {"float", as_filter<1>, {"value", "default"}, 1},
    {"int", as_filter<2>, {"value", "default", "base"}, 1},
    {"bool", as_filter<1>, {"value", "default"}, 1},
    {"abs", as_filter<0>, {"value"}, 1},
    {"sqrt", as_filter<1>, {"value", "default"}, 1},
    {"log", as_filter<2>, {"value", "base", "default"}, 1},
    {"is_number", as_filter<0>, {"value"}, 1},
    {"average", as_filter<1>, {"value", "default"}, 1},
    {"median", as_filter<1>, {"value", "default"}, 1},
    {.name = "min", .call = function_min, .variadic = true},
    {.name = "max", .call = function_max, .variadic = true},
    {.name = "zip", .call = function_zip, .variadic = true},
}};

} // namespace

std::span<const Builtin> common_functions() {
    return table;
}

} // namespace hearth::templating
