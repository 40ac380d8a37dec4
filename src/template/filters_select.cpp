#include "template/builtin.h"
#include "template/convert.h"
#include "template/operators.h"
#include "template/ordering.h"
#include "template/python_text.h"

#include <algorithm>
#include <array>

/// Filters that choose, order or transform elements: map, select and its kin, sort, unique.
namespace hearth::templating {
namespace {

bool flag(Call& call, std::size_t i) {
    return call.has(i) && truth(call.run, call[i]);
}

const Item* named(const Call& call, std::string_view name) {
    const auto found = std::ranges::find(call.named, name, &NamedItem::name);
    return found != call.named.end() ? &found->value : nullptr;
}

/// The elements; none for null, false and 0, as Jinja2 asks for truth first.
Item source_of(Call& call) {
    if (!truth(call.run, call.subject)) return Item::of(&call.run.make_list());
    return iterable(call.run, call.subject);
}

/// map(attribute='x', default=…)
Item map_attribute(Call& call, const Elements& elements, const Item& attribute) {
    const Item* fallback = named(call, "default");
    const std::string_view path = str_view(call.run, attribute);
    List& list = call.run.make_list();
    for (std::size_t i = 0; i < elements.size() && !call.run.failed(); ++i) {
        const Item value = dotted(call.run, elements[i], path);
        call.run.append(list, value.is_undefined() && fallback != nullptr ? *fallback : value);
    }
    return Item::of(&list);
}

/// map('filter', arguments…)
Item map_filter(Call& call, const Elements& elements) {
    if (call.positional.empty() || !call.positional[0].is_string())
        return call.run.invalid("map needs the name of a filter or attribute=…");
    const std::string_view name = call.positional[0].text();
    const Builtin* filter = find_filter(name);
    if (filter == nullptr || (filter->clock && !call.run.rules().clock))
        return call.run.invalid("there is no filter \"{}\"", name);
    List& list = call.run.make_list();
    for (std::size_t i = 0; i < elements.size() && !call.run.failed(); ++i)
        call.run.append(
            list, invoke(call.run, *filter, elements[i], call.positional.subspan(1), call.named));
    return Item::of(&list);
}

Item filter_map(Call& call) {
    const Depth depth(call.run);
    const Item source = source_of(call);
    if (!depth || call.run.failed()) return {};
    if (const Item* attribute = named(call, "attribute"))
        return map_attribute(call, elements_of(source), *attribute);
    return map_filter(call, elements_of(source));
}

/// select, reject, selectattr, rejectattr: by a test's name and its arguments, else by truth.
Item choose(Call& call, bool by_attribute, bool keep) {
    const Depth depth(call.run);
    const Item source = source_of(call);
    if (!depth || call.run.failed()) return {};
    const std::size_t skipped = by_attribute ? 1 : 0;
    if (call.positional.size() < skipped || !call.named.empty())
        return call.run.invalid("{} needs {}", call.builtin.name,
                                by_attribute ? "the name of an attribute" : "the name of a test");
    const std::string_view attribute =
        by_attribute ? str_view(call.run, call.positional[0]) : std::string_view();
    const Builtin* test = nullptr;
    if (call.positional.size() > skipped) {
        const std::string_view name = str_view(call.run, call.positional[skipped]);
        test = find_test(name);
        if (test == nullptr) return call.run.invalid("there is no test \"{}\"", name);
    }
    const Elements elements = elements_of(source);
    List& list = call.run.make_list();
    for (std::size_t i = 0; i < elements.size() && call.run.spend(); ++i) {
        const Item element = elements[i];
        const Item value = by_attribute ? dotted(call.run, element, attribute) : element;
        const Item verdict =
            test == nullptr ? value
                            : invoke(call.run, *test, value, call.positional.subspan(skipped + 1));
        if (truth(call.run, verdict) == keep) call.run.append(list, element);
    }
    return Item::of(&list);
}

Item filter_select(Call& call) {
    return choose(call, false, true);
}
Item filter_reject(Call& call) {
    return choose(call, false, false);
}
Item filter_selectattr(Call& call) {
    return choose(call, true, true);
}
Item filter_rejectattr(Call& call) {
    return choose(call, true, false);
}

Item filter_sort(Call& call) {
    return sorted(call.run, call.subject, {call.value_or(2, Item::none()), flag(call, 1)},
                  flag(call, 0));
}

Item filter_unique(Call& call) {
    const SortKey key{call.value_or(1, Item::none()), flag(call, 0)};
    const Item source = iterable(call.run, call.subject);
    if (call.run.failed()) return {};
    const Elements elements = elements_of(source);
    List& seen = call.run.make_list();
    List& list = call.run.make_list();
    for (std::size_t i = 0; i < elements.size() && !call.run.failed(); ++i) {
        const Item value = key.of(call.run, elements[i]);
        if (contains(call.run, Item::of(&seen), value)) continue;
        call.run.append(seen, value);
        call.run.append(list, elements[i]);
    }
    return Item::of(&list);
}

Item filter_min(Call& call) {
    return extreme(call.run, call.subject, {call.value_or(1, Item::none()), flag(call, 0)}, false);
}

Item filter_max(Call& call) {
    return extreme(call.run, call.subject, {call.value_or(1, Item::none()), flag(call, 0)}, true);
}

Item filter_dictsort(Call& call) {
    if (!call.subject.is_map())
        return call.run.invalid("dictsort needs a dictionary, not a {}", type_name(call.subject));
    const bool by_value = call.has(1) && str_view(call.run, call[1]) == "value";
    const Entries entries = entries_of(call.subject);
    List& pairs = call.run.make_list();
    for (std::size_t i = 0; i < entries.size() && !call.run.failed(); ++i)
        call.run.append(pairs, pair_of(call.run, entries.key(i), entries.value(i)));
    const SortKey key{Item::of(std::string_view(by_value ? "1" : "0")), flag(call, 0)};
    return sorted(call.run, Item::of(&pairs), key, flag(call, 2));
}

/// [(value, [elements]), …] in the order of the values.
Item filter_groupby(Call& call) {
    const SortKey key{call[0], flag(call, 2), call[1]};
    const SortKey shown{call[0], true, call[1]};
    const Item all = sorted(call.run, call.subject, key, false);
    if (call.run.failed()) return {};
    const Elements elements = elements_of(all);
    List& groups = call.run.make_list();
    List* group = nullptr;
    Item group_key;
    for (std::size_t i = 0; i < elements.size() && !call.run.failed(); ++i) {
        const Item value = key.of(call.run, elements[i]);
        if (group == nullptr || !equal(call.run, value, group_key)) {
            group = &call.run.make_list();
            group_key = value;
            const Item pair = pair_of(call.run, shown.of(call.run, elements[i]), Item::of(group));
            pair.list->group = pair.list->items.size() == 2; // less after a failure
            call.run.append(groups, pair);
        }
        call.run.append(*group, elements[i]);
    }
    return Item::of(&groups);
}

/// The elements of a list; none where one is no number, which is an error without a default.
std::vector<Item> numbers(Call& call) {
    const Item source = iterable(call.run, call.subject);
    std::vector<Item> all;
    if (call.run.failed()) return all;
    const Elements elements = elements_of(source);
    for (std::size_t i = 0; i < elements.size() && call.run.spend_bytes(sizeof(Item)); ++i) {
        if (!call.run.usable(elements[i], true)) return {};
        if (elements[i].is_number()) {
            all.push_back(elements[i]);
            continue;
        }
        if (!call.has(0))
            call.run.invalid("{} needs numbers, not a {}", call.builtin.name,
                             type_name(elements[i]));
        return {};
    }
    return all;
}

Item no_numbers(Call& call) {
    if (call.has(0)) return call[0];
    return call.run.invalid("{} of nothing, and no default is given", call.builtin.name);
}

Item filter_average(Call& call) {
    const std::vector<Item> all = numbers(call);
    if (all.empty()) return no_numbers(call);
    double sum = 0;
    for (const Item& number : all)
        sum += number.number();
    return Item::of(sum / static_cast<double>(all.size()));
}

/// As Python's statistics.median(): the element in the middle with its type, else the mean of two.
Item filter_median(Call& call) {
    std::vector<Item> all = numbers(call);
    std::erase_if(all, [](const Item& item) { return item.number() != item.number(); });
    if (all.empty()) return no_numbers(call);
    std::ranges::sort(all, {}, &Item::number);
    const std::size_t middle = all.size() / 2;
    if (all.size() % 2 == 1) return all[middle];
    return Item::of((all[middle - 1].number() + all[middle].number()) / 2);
}

constexpr std::array<Builtin, 13> table = {{
    {.name = "map", .call = filter_map, .variadic = true},
    {.name = "select", .call = filter_select, .variadic = true},
    {.name = "reject", .call = filter_reject, .variadic = true},
    {.name = "selectattr", .call = filter_selectattr, .variadic = true},
    {.name = "rejectattr", .call = filter_rejectattr, .variadic = true},
    {"sort", filter_sort, {"reverse", "case_sensitive", "attribute"}},
    {"unique", filter_unique, {"case_sensitive", "attribute"}},
    {"min", filter_min, {"case_sensitive", "attribute"}},
    {"max", filter_max, {"case_sensitive", "attribute"}},
    {"dictsort", filter_dictsort, {"case_sensitive", "by", "reverse"}},
    {"groupby", filter_groupby, {"attribute", "default", "case_sensitive"}, 1},
    {"average", filter_average, {"default"}},
    {"median", filter_median, {"default"}},
}};

} // namespace

std::span<const Builtin> selecting_filters() {
    return table;
}

} // namespace hearth::templating
