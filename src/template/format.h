#pragma once

#include "template/builtin.h"
#include "template/run.h"

#include <span>
#include <string_view>

/// Python's two ways of putting values into a text.
namespace hearth::templating {

/// "%05.1f kWh" % value: one value, a tuple of them, or a dictionary for %(name)s.
Item format_percent(Run& run, std::string_view format, const Item& values);

/// "{:>8.1f} {unit}".format(value, unit=…), with keys and attributes in fields ("{0.name}",
/// "{a[b]}").
Item format_braces(Run& run, std::string_view format, std::span<const Item> positional,
                   std::span<const NamedItem> named);

/// How a value is written: [[fill]align][sign][#][0][width][,][.precision][type], Python's format
/// specification mini-language.
struct FormatSpec {
    std::string fill = " ";
    char align = 0; ///< '<', '>', '^', '=' or none
    char sign = '-';
    bool alternative = false;
    char grouping = 0; ///< ',' or '_' or none
    std::size_t width = 0;
    int precision = -1;
    char type = 0;
};

/// Appends a value by its specification; fails the run where they do not fit together.
void append_formatted(Run& run, Text& out, const Item& value, const FormatSpec& spec);

constexpr std::size_t max_format_width = 1000;
constexpr int max_format_precision = 300;

} // namespace hearth::templating
