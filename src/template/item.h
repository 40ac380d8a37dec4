#pragma once

#include "base/time.h"
#include "base/value.h"

#include <cstdint>
#include <limits>
#include <memory_resource>
#include <string_view>
#include <utility>
#include <vector>

/// What an expression has in its hands while it runs. Not part of the room's interface.
namespace hearth::templating {

struct List;
struct Dict;
struct Space;
struct Macro;
struct Loop;
struct Builtin;

/// One value of a running template: 16 bytes, copied freely, owning nothing. Texts and containers
/// live in the run's arena, in the source of the template or in the Values that the caller handed
/// in; so copies share a list as Python's do, and a list that holds itself leaks nothing.
struct Item {
    enum class Kind : std::uint8_t {
        undefined, ///< text(): the name that is missing
        none,
        boolean,
        integer,
        real,
        string,
        list,      ///< made by the template: a list or a tuple
        dict,      ///< made by the template
        json_list, ///< the caller's; never changed
        json_map,  ///< the caller's; never changed
        space,     ///< namespace()
        macro,
        function,
        loop,
        datetime, ///< `integer` is microseconds UTC, `extra` seconds ahead of UTC or `naive`
        timedelta ///< `integer` is microseconds
    };

    /// A datetime without a time zone: `integer` is what its clock showed.
    static constexpr std::int32_t naive = std::numeric_limits<std::int32_t>::min();

    static constexpr std::string_view no_else = "the value of an `if` without `else`";

    Kind kind = Kind::undefined;
    std::int32_t extra = 0; ///< of a string: its length
    union {
        bool boolean;
        std::int64_t integer = 0;
        double real;
        const char* chars;
        List* list;
        Dict* dict;
        const ValueList* json_list;
        const ValueMap* json_map;
        Space* space;
        const Macro* macro;
        const Builtin* function;
        const Loop* loop;
    };

    static Item none();
    static Item of(bool value);
    static Item of(std::int64_t value);
    static Item of(double value);
    static Item of_size(std::size_t size) { return of(static_cast<std::int64_t>(size)); }
    /// Borrows the text.
    static Item of(std::string_view text);
    static Item of(List* list);
    static Item of(Dict* dict);
    static Item of(Space* space);
    static Item of(const Macro* macro);
    static Item of(const Builtin* function);
    static Item of(const Loop& loop);
    static Item undefined(std::string_view name);
    /// Of an `if` without `else`: it prints nothing in strict profiles too.
    static Item nothing();
    bool is_nothing() const { return is_undefined() && chars == no_else.data(); }
    static Item datetime(Micros micros, std::int32_t offset_s);
    static Item timedelta(Micros micros);
    /// Borrows the value.
    static Item of(const Value& value);
    template <class T>
    static Item of(T*) = delete;

    bool is(Kind other) const { return kind == other; }
    bool is_undefined() const { return kind == Kind::undefined; }
    bool is_none() const { return kind == Kind::none; }
    bool is_string() const { return kind == Kind::string; }
    /// Python's bool is an int.
    bool is_int() const { return kind == Kind::integer || kind == Kind::boolean; }
    bool is_number() const { return is_int() || kind == Kind::real; }
    bool is_list() const { return kind == Kind::list || kind == Kind::json_list; }
    bool is_map() const { return kind == Kind::dict || kind == Kind::json_map; }
    bool is_tuple() const;

    std::string_view text() const { return {chars, static_cast<std::uint32_t>(extra)}; }
    /// Of what is_int().
    std::int64_t int_value() const { return kind == Kind::boolean ? boolean : integer; }
    /// Of what is_number().
    double number() const;
};

/// A list or tuple that the template made. Lives in the arena: never destroyed.
struct List {
    std::pmr::vector<Item> items;
    bool tuple = false;
    bool group = false; ///< made by groupby: (grouper, list)
};

/// A dictionary that the template made; keys in their order, look-up linear.
struct Dict {
    std::pmr::vector<std::pair<Item, Item>> entries;
};

/// namespace(): the one thing whose attributes a template can set.
struct Space {
    std::pmr::vector<std::pair<std::string_view, Item>> attributes;
};

/// The elements of a list, whoever made it.
class Elements {
public:
    explicit Elements(const List& list)
        : list_(&list) {}
    explicit Elements(const ValueList& json)
        : json_(&json) {}

    std::size_t size() const { return list_ != nullptr ? list_->items.size() : json_->size(); }
    Item operator[](std::size_t i) const {
        return list_ != nullptr ? list_->items[i] : Item::of((*json_)[i]);
    }

private:
    const List* list_ = nullptr;
    const ValueList* json_ = nullptr;
};

/// The entries of a dictionary, whoever made it.
class Entries {
public:
    explicit Entries(const Dict& dict)
        : dict_(&dict) {}
    explicit Entries(const ValueMap& json)
        : json_(&json) {}

    std::size_t size() const { return dict_ != nullptr ? dict_->entries.size() : json_->size(); }
    Item key(std::size_t i) const {
        return dict_ != nullptr ? dict_->entries[i].first
                                : Item::of(std::string_view(json_->begin()[offset(i)].first));
    }
    Item value(std::size_t i) const {
        return dict_ != nullptr ? dict_->entries[i].second
                                : Item::of(json_->begin()[offset(i)].second);
    }

private:
    static std::ptrdiff_t offset(std::size_t i) { return static_cast<std::ptrdiff_t>(i); }

    const Dict* dict_ = nullptr;
    const ValueMap* json_ = nullptr;
};

/// Of what is_list(), or is_map().
Elements elements_of(const Item& list);
Entries entries_of(const Item& map);

/// As Python names the type in its messages: "int", "str", "dict".
std::string_view type_name(const Item& item);

} // namespace hearth::templating
