#include "template/operators.h"
#include "template/time_text.h"
#include "template/unicode.h"

#include <algorithm>
#include <charconv>

/// Members, keys, indices and slices; and what a for goes through.
namespace hearth::templating {
namespace {

using Kind = Item::Kind;

Item loop_member(const Loop& loop, std::string_view name) {
    if (name == "index") return Item::of_size(loop.index0 + 1);
    if (name == "index0") return Item::of_size(loop.index0);
    if (name == "revindex") return Item::of_size(loop.length - loop.index0);
    if (name == "revindex0") return Item::of_size(loop.length - loop.index0 - 1);
    if (name == "first") return Item::of(loop.index0 == 0);
    if (name == "last") return Item::of(loop.index0 + 1 >= loop.length);
    if (name == "length") return Item::of_size(loop.length);
    // Jinja2 counts recursive loops only, which there are none of here.
    if (name == "depth") return Item::of_size(1);
    if (name == "depth0") return Item::of_size(0);
    if (name == "previtem")
        return loop.index0 > 0 ? loop.elements[loop.index0 - 1] : Item::undefined("loop.previtem");
    if (name == "nextitem")
        return loop.index0 + 1 < loop.length ? loop.elements[loop.index0 + 1]
                                             : Item::undefined("loop.nextitem");
    return Item::undefined(name);
}

Item space_member(const Space& space, std::string_view name) {
    for (const auto& [present, value] : space.attributes)
        if (present == name) return value;
    return Item::undefined(name);
}

/// What groupby made has names for its two places.
std::optional<Item> group_member(const Item& subject, std::string_view name) {
    if (!subject.is(Kind::list) || !subject.list->group) return std::nullopt;
    if (name == "grouper") return subject.list->items[0];
    if (name == "list") return subject.list->items[1];
    return std::nullopt;
}

Item character(std::string_view text, std::size_t index) {
    const std::string_view rest = text.substr(byte_offset(text, index));
    return Item::of(rest.substr(0, character_length(rest)));
}

/// How a message names a key that is missing. Made only on the way to an undefined value, whose
/// name the run must keep.
std::string_view key_name(Run& run, const Item& key) {
    if (key.is_string()) return key.text();
    if (key.is_int()) return run.text(fmt::format("[{}]", key.int_value())).text();
    return type_name(key);
}

/// Python's rule for slice bounds: from the end where negative, then cut to what there is.
std::int64_t bound(Run& run, const Item& item, std::int64_t size, std::int64_t otherwise,
                   bool backwards) {
    if (item.is_none()) return otherwise;
    if (!item.is_int()) {
        run.invalid("a slice from or to a {} makes no sense", type_name(item));
        return otherwise;
    }
    const std::int64_t least = backwards ? -1 : 0;
    const std::int64_t most = backwards ? size - 1 : size;
    std::int64_t index = item.int_value();
    if (index < 0) index = index < -size ? least : index + size;
    return std::clamp(index, least, std::max(least, most));
}

Item sliced_text(Run& run, std::string_view text, std::int64_t start, std::int64_t stop,
                 std::int64_t step) {
    if (!run.spend(text.size() / 32)) return {};
    if (step == 1) {
        if (stop <= start) return Item::of(std::string_view());
        const std::size_t from = byte_offset(text, static_cast<std::size_t>(start));
        return Item::of(text.substr(
            from, byte_offset(text.substr(from), static_cast<std::size_t>(stop - start))));
    }
    std::vector<std::size_t> offsets;
    for (std::size_t at = 0; at < text.size(); at += character_length(text.substr(at)))
        offsets.push_back(at);
    Text out(run);
    for (std::int64_t i = start; (step > 0 ? i < stop : i > stop) && run.spend(); i += step) {
        const std::string_view rest = text.substr(offsets[static_cast<std::size_t>(i)]);
        out.append(rest.substr(0, character_length(rest)));
        if ((step > 0 && step > stop - i) || (step < 0 && step < stop - i)) break;
    }
    return out.item();
}

} // namespace

std::optional<Item> find_key(Run& run, const Item& map, const Item& key) {
    if (!hashable(run, key)) return std::nullopt;
    if (map.is(Kind::json_map)) {
        if (!run.spend(1 + map.json_map->size() / 8) || !key.is_string()) return std::nullopt;
        const Value* value = map.json_map->find(key.text());
        return value != nullptr ? std::optional(Item::of(*value)) : std::nullopt;
    }
    for (const auto& [present, value] : map.dict->entries)
        if (run.spend() && equal(run, present, key)) return value;
    return std::nullopt;
}

Item attribute(Run& run, const Item& subject, std::string_view name) {
    if (!run.usable(subject, true)) return {};
    switch (subject.kind) {
    case Kind::dict:
    case Kind::json_map:
        if (const std::optional<Item> value = find_key(run, subject, Item::of(name))) return *value;
        break;
    case Kind::list:
        if (const std::optional<Item> member = group_member(subject, name)) return *member;
        break;
    case Kind::space:
        return space_member(*subject.space, name);
    case Kind::loop:
        return loop_member(*subject.loop, name);
    case Kind::datetime:
    case Kind::timedelta:
        return time_member(subject, name);
    default:
        break;
    }
    return Item::undefined(name);
}

Item subscript(Run& run, const Item& subject, const Item& key) {
    if (!run.usable(subject, true) || !run.usable(key)) return {};
    if (subject.is_map()) {
        // A list cannot be a key, and a look-up with one is undefined in Jinja2, not an error.
        const bool possible =
            !key.is_undefined() && !key.is_map() && (!key.is_list() || key.is_tuple());
        if (possible)
            if (const std::optional<Item> value = find_key(run, subject, key)) return *value;
        return Item::undefined(key_name(run, key));
    }
    if (key.is_string()) return attribute(run, subject, key.text());
    const bool indexed = subject.is_string() || subject.is_list();
    if (!indexed || !key.is_int()) return Item::undefined(key_name(run, key));
    const std::size_t size =
        subject.is_string() ? count_characters(subject.text()) : elements_of(subject).size();
    if (subject.is_string() && !run.spend(subject.text().size() / 32)) return {};
    std::int64_t index = key.int_value();
    if (index < 0) index += static_cast<std::int64_t>(size);
    if (index < 0 || index >= static_cast<std::int64_t>(size))
        return Item::undefined(key_name(run, key));
    const auto at = static_cast<std::size_t>(index);
    return subject.is_string() ? character(subject.text(), at) : elements_of(subject)[at];
}

Item dotted(Run& run, Item subject, std::string_view path) {
    while (!run.failed()) {
        const std::size_t dot = path.find('.');
        const std::string_view part = path.substr(0, dot);
        std::int64_t index = 0;
        const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), index);
        const bool number = error == std::errc() && end == part.data() + part.size();
        subject = subscript(run, subject, number ? Item::of(index) : Item::of(part));
        if (dot == std::string_view::npos) return subject;
        path.remove_prefix(dot + 1);
    }
    return {};
}

Item slice_of(Run& run, const Item& subject, const Item& start, const Item& stop,
              const Item& step) {
    if (!run.usable(subject, true)) return {};
    if (!subject.is_string() && !subject.is_list())
        return run.invalid("a {} cannot be sliced", type_name(subject));
    const std::int64_t stride = step.is_int() ? step.int_value() : 1;
    if (stride == 0 || (!step.is_int() && !step.is_none()))
        return run.invalid("a slice's step must be an integer other than 0");
    const auto size = static_cast<std::int64_t>(
        subject.is_string() ? count_characters(subject.text()) : elements_of(subject).size());
    const bool backwards = stride < 0;
    const std::int64_t from = bound(run, start, size, backwards ? size - 1 : 0, backwards);
    const std::int64_t to = bound(run, stop, size, backwards ? -1 : size, backwards);
    if (run.failed()) return {};
    if (subject.is_string()) return sliced_text(run, subject.text(), from, to, stride);
    List& list = run.make_list(subject.is_tuple());
    const Elements elements = elements_of(subject);
    for (std::int64_t i = from; (backwards ? i > to : i < to) && !run.failed(); i += stride) {
        run.append(list, elements[static_cast<std::size_t>(i)]);
        if (backwards ? stride < to - i : stride > to - i) break; // i + stride could overflow
    }
    return Item::of(&list);
}

Item iterable(Run& run, const Item& item) {
    if (item.is_list()) return item;
    List& list = run.make_list();
    if (item.is_undefined()) {
        run.usable(item);
    } else if (item.is_map()) {
        const Entries entries = entries_of(item);
        for (std::size_t i = 0; i < entries.size() && !run.failed(); ++i)
            run.append(list, entries.key(i));
    } else if (item.is_string()) {
        for (std::string_view rest = item.text(); !rest.empty() && !run.failed();) {
            const std::size_t length = character_length(rest);
            run.append(list, Item::of(rest.substr(0, length)));
            rest.remove_prefix(length);
        }
    } else {
        run.invalid("a {} has no elements to go through", type_name(item));
    }
    return Item::of(&list);
}

Item length(Run& run, const Item& item) {
    if (item.is_string()) {
        run.spend(item.text().size() / 32);
        return Item::of_size(count_characters(item.text()));
    }
    if (item.is_list()) return Item::of_size(elements_of(item).size());
    if (item.is_map()) return Item::of_size(entries_of(item).size());
    if (item.is_undefined()) return run.usable(item) ? Item::of_size(0) : Item();
    return run.invalid("a {} has no length", type_name(item));
}

} // namespace hearth::templating
