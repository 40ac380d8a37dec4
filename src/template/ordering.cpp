#include "template/ordering.h"

#include "template/operators.h"
#include "template/python_text.h"
#include "template/unicode.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace hearth::templating {
namespace {

using Keyed = std::pair<Item, Item>; // key, element

/// `<`, but what has no such attribute is equal to what has none either, as in Python, where keys
/// are lists and equal elements are not compared further.
bool before(Run& run, const Item& a, const Item& b) {
    if (a.is_undefined() && b.is_undefined()) {
        run.usable(a);
        return false;
    }
    return less(run, a, b);
}

/// Merges two neighbouring runs. Written out as the standard library's sorts need an order without
/// contradictions, and NaN is one.
void merge(Run& run, std::vector<Keyed>& from, std::vector<Keyed>& to, std::size_t begin,
           std::size_t middle, std::size_t end, bool reverse) {
    std::size_t left = begin;
    std::size_t right = middle;
    for (std::size_t at = begin; at < end; ++at) {
        bool take_left = right >= end;
        if (!take_left && left < middle && run.spend())
            take_left = reverse ? !before(run, from[left].first, from[right].first)
                                : !before(run, from[right].first, from[left].first);
        else if (!take_left)
            take_left = left < middle;
        to[at] = from[take_left ? left++ : right++];
    }
}

void merge_sort(Run& run, std::vector<Keyed>& items, bool reverse) {
    std::vector<Keyed> other(items.size());
    for (std::size_t width = 1; width < items.size() && !run.failed(); width *= 2) {
        for (std::size_t begin = 0; begin < items.size(); begin += 2 * width)
            merge(run, items, other, begin, std::min(begin + width, items.size()),
                  std::min(begin + 2 * width, items.size()), reverse);
        items.swap(other);
    }
}

} // namespace

Item pair_of(Run& run, const Item& first, const Item& second) {
    List& pair = run.make_list(true);
    run.append(pair, first);
    run.append(pair, second);
    return Item::of(&pair);
}

Item SortKey::of(Run& run, const Item& element) const {
    const auto folded = [&](Item item) {
        if (item.is_undefined() && !missing.is_undefined()) item = missing;
        return item.is_string() && !case_sensitive ? run.text(lower_case(item.text())) : item;
    };
    if (attribute.is_none() || attribute.is_undefined()) return folded(element);
    std::string_view path = str_view(run, attribute);
    if (path.find(',') == std::string_view::npos) return folded(dotted(run, element, path));
    List& keys = run.make_list(true);
    while (!run.failed()) {
        const std::size_t comma = path.find(',');
        run.append(keys, folded(dotted(run, element, path.substr(0, comma))));
        if (comma == std::string_view::npos) break;
        path.remove_prefix(comma + 1);
    }
    return Item::of(&keys);
}

Item sorted(Run& run, const Item& list, const SortKey& key, bool reverse) {
    const Item source = iterable(run, list);
    if (run.failed()) return {};
    const Elements elements = elements_of(source);
    std::vector<Keyed> items;
    for (std::size_t i = 0; i < elements.size() && run.spend_bytes(2 * sizeof(Keyed)); ++i)
        items.emplace_back(key.of(run, elements[i]), elements[i]);
    merge_sort(run, items, reverse);
    List& result = run.make_list();
    for (std::size_t i = 0; i < items.size() && !run.failed(); ++i)
        run.append(result, items[i].second);
    return Item::of(&result);
}

Item extreme(Run& run, const Item& list, const SortKey& key, bool largest) {
    const Item source = iterable(run, list);
    if (run.failed()) return {};
    const Elements elements = elements_of(source);
    if (elements.size() == 0) return Item::undefined("the extreme of an empty list");
    Item best = elements[0];
    Item best_key = key.of(run, best);
    for (std::size_t i = 1; i < elements.size() && run.spend(); ++i) {
        const Item candidate = key.of(run, elements[i]);
        if (!(largest ? less(run, best_key, candidate) : less(run, candidate, best_key))) continue;
        best = elements[i];
        best_key = candidate;
    }
    return best;
}

} // namespace hearth::templating
