#include "base/document.h"

#include "base/text.h"

#include <algorithm>

#include <fmt/ranges.h>

namespace hearth {

Result<const ValueMap*> map_with(const Value& value, std::string_view place,
                                 std::initializer_list<std::string_view> known) {
    const ValueMap* map = value.as_map();
    if (map == nullptr)
        return fail(Code::invalid, "{}: a map is wanted, not a {}", place, to_string(value.type()));
    for (const auto& [key, unused] : *map) {
        if (std::ranges::find(known, key) != known.end()) continue;
        return fail(Code::invalid, "{}: unknown key \"{}\"; known are {}", place,
                    printable(key, 60), fmt::join(known, ", "));
    }
    return map;
}

Result<const ValueList*> list_in(const ValueMap& map, std::string_view key, std::string_view place,
                                 std::size_t most) {
    static const ValueList none;
    const Value* value = map.find(key);
    if (value == nullptr || value->is_null()) return &none;
    const ValueList* list = value->as_list();
    if (list == nullptr)
        return fail(Code::invalid, "{}: {}: a list is wanted, not a {}", place, key,
                    to_string(value->type()));
    if (list->size() > most)
        return fail(Code::limit, "{}: {}: {} entries; at most {} are allowed", place, key,
                    list->size(), most);
    return list;
}

} // namespace hearth
