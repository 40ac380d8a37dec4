#pragma once

#include "template/run.h"

#include <string>
#include <string_view>

/// How Python writes values: str() and repr().
namespace hearth::templating {

/// str(item): what {{ item }} prints.
void append_str(Run& run, Text& out, const Item& item);
void append_repr(Run& run, Text& out, const Item& item);
/// str(item) as an item; a string is itself.
Item str(Run& run, const Item& item);
/// str(item) as a view that lives as long as the run.
std::string_view str_view(Run& run, const Item& item);

/// The value's text where that needs no run: null, booleans, numbers and strings. False for lists
/// and maps.
bool append_simple_str(std::string& out, const Value& value);

} // namespace hearth::templating
