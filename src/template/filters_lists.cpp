#include "template/builtin.h"
#include "template/convert.h"
#include "template/operators.h"
#include "template/ordering.h"
#include "template/python_text.h"
#include "template/unicode.h"

#include <algorithm>
#include <array>

/// Filters on lists and dictionaries that take or give elements as they are.
namespace hearth::templating {
namespace {

/// The subject as a list; an empty one after a failure.
Elements subject_elements(Call& call) {
    const Item list = iterable(call.run, call.subject);
    return elements_of(list.is_list() ? list : Item::of(&call.run.make_list()));
}

Item filter_default(Call& call) {
    const bool by_truth = call.has(1) && truth(call.run, call[1]);
    const bool missing =
        call.subject.is_undefined() || (by_truth && !truth(call.run, call.subject));
    return missing ? call.value_or(0, Item::of(std::string_view())) : call.subject;
}

Item filter_is_defined(Call& call) {
    return call.run.usable(call.subject, true) ? call.subject : Item();
}

Item filter_iif(Call& call) {
    if (call.subject.is_none() && call.has(2)) return call[2];
    return truth(call.run, call.subject) ? call.value_or(0, Item::of(true))
                                         : call.value_or(1, Item::of(false));
}

Item filter_length(Call& call) {
    return length(call.run, call.subject);
}

Item filter_first(Call& call) {
    const Elements elements = subject_elements(call);
    return elements.size() > 0 ? elements[0] : Item::undefined("the first of an empty list");
}

Item filter_last(Call& call) {
    const Elements elements = subject_elements(call);
    return elements.size() > 0 ? elements[elements.size() - 1]
                               : Item::undefined("the last of an empty list");
}

Item filter_list(Call& call) {
    List& list = call.run.make_list();
    const Elements elements = subject_elements(call);
    for (std::size_t i = 0; i < elements.size() && !call.run.failed(); ++i)
        call.run.append(list, elements[i]);
    return Item::of(&list);
}

Item filter_join(Call& call) {
    const Elements elements = subject_elements(call);
    const std::string_view between = call.has(0) ? str_view(call.run, call[0]) : std::string_view();
    Text out(call.run);
    for (std::size_t i = 0; i < elements.size() && call.run.spend(); ++i) {
        if (i > 0) out.append(between);
        append_str(call.run, out,
                   call.has(1) && !call[1].is_none()
                       ? dotted(call.run, elements[i], str_view(call.run, call[1]))
                       : elements[i]);
    }
    return out.item();
}

Item filter_reverse(Call& call) {
    const Item backwards = Item::of(std::int64_t{-1});
    if (call.subject.is_string() || call.subject.is_list())
        return slice_of(call.run, call.subject, Item::none(), Item::none(), backwards);
    const Item list = iterable(call.run, call.subject);
    return call.run.failed() ? Item()
                             : slice_of(call.run, list, Item::none(), Item::none(), backwards);
}

Item filter_sum(Call& call) {
    const Elements elements = subject_elements(call);
    Item total = call.value_or(1, Item::of(std::int64_t{0}));
    for (std::size_t i = 0; i < elements.size() && call.run.spend(); ++i) {
        const Item element = call.has(0) && !call[0].is_none()
                                 ? dotted(call.run, elements[i], str_view(call.run, call[0]))
                                 : elements[i];
        total = binary(call.run, Operator::add, total, element);
    }
    return total;
}

Item filter_items(Call& call) {
    List& list = call.run.make_list();
    if (call.subject.is_undefined()) return Item::of(&list); // in strict profiles too
    if (!call.subject.is_map())
        return call.run.invalid("items needs a dictionary, not a {}", type_name(call.subject));
    const Entries entries = entries_of(call.subject);
    for (std::size_t i = 0; i < entries.size() && !call.run.failed(); ++i)
        call.run.append(list, pair_of(call.run, entries.key(i), entries.value(i)));
    return Item::of(&list);
}

Item filter_batch(Call& call) {
    const std::int64_t size = integer_argument(call, 0, 1, 1, 1 << 20);
    const Elements elements = subject_elements(call);
    List& batches = call.run.make_list();
    List* batch = nullptr;
    for (std::size_t i = 0; i < elements.size() && !call.run.failed(); ++i) {
        if (batch == nullptr || std::ssize(batch->items) >= size) {
            batch = &call.run.make_list();
            call.run.append(batches, Item::of(batch));
        }
        call.run.append(*batch, elements[i]);
    }
    while (call.has(1) && batch != nullptr && std::ssize(batch->items) < size && !call.run.failed())
        call.run.append(*batch, call[1]);
    return Item::of(&batches);
}

Item filter_slice(Call& call) {
    const auto slices = static_cast<std::size_t>(integer_argument(call, 0, 1, 1, 1 << 20));
    const Elements elements = subject_elements(call);
    const std::size_t each = elements.size() / slices;
    const std::size_t longer = elements.size() % slices;
    List& all = call.run.make_list();
    std::size_t next = 0;
    for (std::size_t i = 0; i < slices && !call.run.failed(); ++i) {
        List& part = call.run.make_list();
        for (std::size_t k = 0; k < each + (i < longer ? 1 : 0) && !call.run.failed(); ++k)
            call.run.append(part, elements[next++]);
        if (call.has(1) && longer > 0 && i >= longer) call.run.append(part, call[1]);
        call.run.append(all, Item::of(&part));
    }
    return Item::of(&all);
}

Item filter_flatten(Call& call) {
    List& flat = call.run.make_list();
    const Elements elements = subject_elements(call);
    for (std::size_t i = 0; i < elements.size() && !call.run.failed(); ++i) {
        if (!elements[i].is_list()) {
            call.run.append(flat, elements[i]);
            continue;
        }
        const Depth depth(call.run);
        Call inner{call.run, call.builtin, elements[i], {}, {}, {}, 0};
        const Item part = depth ? filter_flatten(inner) : Item();
        if (!part.is_list()) return {};
        const Elements parts = elements_of(part);
        for (std::size_t k = 0; k < parts.size() && !call.run.failed(); ++k)
            call.run.append(flat, parts[k]);
    }
    return Item::of(&flat);
}

Item filter_contains(Call& call) {
    return Item::of(contains(call.run, call.subject, call[0]));
}

constexpr std::array<Builtin, 17> table = {{
    {"default", filter_default, {"default_value", "boolean"}},
    {"d", filter_default, {"default_value", "boolean"}},
    {"is_defined", filter_is_defined},
    {"iif", filter_iif, {"if_true", "if_false", "if_none"}},
    {"length", filter_length},
    {"count", filter_length},
    {"first", filter_first},
    {"last", filter_last},
    {"list", filter_list},
    {"join", filter_join, {"d", "attribute"}},
    {"reverse", filter_reverse},
    {"sum", filter_sum, {"attribute", "start"}},
    {"items", filter_items},
    {"batch", filter_batch, {"linecount", "fill_with"}, 1},
    {"slice", filter_slice, {"slices", "fill_with"}, 1},
    {"flatten", filter_flatten},
    {"contains", filter_contains, {"value"}, 1},
}};

} // namespace

std::span<const Builtin> list_filters() {
    return table;
}

} // namespace hearth::templating
