#include "template/builtin.h"

#include "template/run.h"

#include <initializer_list>
#include <unordered_map>

namespace hearth::templating {
namespace {

/// From name to entry, made once. Methods of one name on different subjects are found by their
/// mask.
class Index {
public:
    Index(std::initializer_list<std::span<const Builtin>> tables) {
        for (const auto& table : tables)
            for (const Builtin& builtin : table)
                by_name_.emplace(builtin.name, &builtin);
    }

    const Builtin* find(std::string_view name, std::uint8_t subject = on_any) const {
        const auto [begin, end] = by_name_.equal_range(name);
        for (auto at = begin; at != end; ++at)
            if ((at->second->subjects & subject) != 0) return at->second;
        return nullptr;
    }

private:
    std::unordered_multimap<std::string_view, const Builtin*> by_name_;
};

std::uint8_t subject_of(const Item& item) {
    if (item.is_string()) return on_text;
    if (item.is_list()) return on_list;
    if (item.is_map()) return on_map;
    if (item.is_number()) return on_number;
    switch (item.kind) {
    case Item::Kind::datetime:
    case Item::Kind::timedelta:
        return on_time;
    case Item::Kind::function:
        return on_function;
    case Item::Kind::loop:
        return on_loop;
    default:
        return 0;
    }
}

} // namespace

const Builtin* find_filter(std::string_view name) {
    static const Index index{number_filters(), text_filters(),  list_filters(), selecting_filters(),
                             json_filters(),   regex_filters(), time_filters()};
    return index.find(name);
}

const Builtin* find_test(std::string_view name) {
    static const Index index{value_tests()};
    return index.find(name);
}

const Builtin* find_function(std::string_view name) {
    static const Index index{common_functions(), time_functions()};
    return index.find(name);
}

const Builtin* find_method(std::string_view name, const Item& subject) {
    static const Index index{text_methods(), container_methods(), time_methods()};
    const std::uint8_t kind = subject_of(subject);
    return kind != 0 ? index.find(name, kind) : nullptr;
}

} // namespace hearth::templating
