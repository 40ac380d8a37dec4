#pragma once

#include "template/run.h"

#include <cstdint>
#include <optional>

/// Conversions that filters, tests and functions share.
namespace hearth::templating {

/// Python's float(item), or empty for what it refuses. Of undefined always an error of the run.
std::optional<double> real_of(Run& run, const Item& item);
/// Jinja2's int filter: int(text, base), else int(float(item)).
std::optional<std::int64_t> int_of(Run& run, const Item& item, std::int64_t base = 10);
/// Home Assistant's boolean: "yes", "on", "enable", "1", … and their opposites, numbers other than
/// 0.
std::optional<bool> bool_of(Run& run, const Item& item);

/// An argument that must be an integer within a range; fails the run otherwise.
std::int64_t integer_argument(Call& call, std::size_t i, std::int64_t otherwise,
                              std::int64_t min = INT64_MIN, std::int64_t max = INT64_MAX);
/// The error of a conversion that has no default: "float got \"abc\" …".
Item no_default(Call& call);

/// Turns an item into a value that outlives the run. Fails for what has none.
Value to_value(Run& run, const Item& item);

} // namespace hearth::templating
