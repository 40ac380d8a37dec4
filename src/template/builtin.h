#pragma once

#include "template/item.h"

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

/// Filters, tests, functions and methods: how they are declared and found. Each family stands in a
/// file of its own with the table of what it offers.
namespace hearth::templating {

class Run;

constexpr std::size_t max_parameters = 7;
constexpr std::size_t max_arguments = 16; ///< of one call in a source; more are refused by parse()

struct NamedItem {
    std::string_view name;
    Item value;
};

/// One call: what it is applied to and its arguments, bound to the declared parameters.
struct Call {
    Run& run;
    const Builtin& builtin;
    Item subject; ///< left of `|`, `is` or `.`; undefined for functions
    std::span<const Item> positional;
    std::span<const NamedItem> named;
    std::array<Item, max_parameters> values{};
    std::uint8_t given = 0; ///< bit i: parameter i was given

    bool has(std::size_t i) const { return (given >> i & 1U) != 0; }
    const Item& operator[](std::size_t i) const { return values[i]; }
    Item value_or(std::size_t i, Item otherwise) const { return has(i) ? values[i] : otherwise; }
};

/// Which kinds of subject a method has.
enum Subjects : std::uint8_t {
    on_any = 0xFF,
    on_text = 1,
    on_list = 2,
    on_map = 4,
    on_time = 8,
    on_number = 16,
    on_function = 32,
    on_loop = 64,
};

struct Builtin {
    std::string_view name;
    Item (*call)(Call&);
    std::array<std::string_view, max_parameters> parameters{};
    std::uint8_t required = 0; ///< that many of the first parameters must be given
    bool variadic = false;     ///< takes what it is given; reads `positional` and `named`
    std::uint8_t subjects = on_any;
    bool clock = false; ///< not in profiles that have no `now`
};

/// nullptr where there is none.
const Builtin* find_filter(std::string_view name);
const Builtin* find_test(std::string_view name);
const Builtin* find_function(std::string_view name);
const Builtin* find_method(std::string_view name, const Item& subject);

/// Binds the arguments and calls. A wrong call fails the run and gives undefined.
Item invoke(Run& run, const Builtin& builtin, const Item& subject, std::span<const Item> positional,
            std::span<const NamedItem> named = {});

// The tables.
std::span<const Builtin> number_filters();
std::span<const Builtin> text_filters();
std::span<const Builtin> list_filters();
std::span<const Builtin> selecting_filters();
std::span<const Builtin> json_filters();
std::span<const Builtin> regex_filters();
std::span<const Builtin> time_filters();
std::span<const Builtin> value_tests();
std::span<const Builtin> common_functions();
std::span<const Builtin> time_functions();
std::span<const Builtin> text_methods();
std::span<const Builtin> container_methods();
std::span<const Builtin> time_methods();

} // namespace hearth::templating
