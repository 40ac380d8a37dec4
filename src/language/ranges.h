#pragma once

#include <algorithm>
#include <functional>
#include <utility>

namespace hearth::language {

/// As C++23's std::ranges::contains(), which the house's standard library does not have yet.
template <class Range, class Value, class Projection = std::identity>
bool contains(const Range& range, const Value& value, Projection projection = {}) {
    return std::ranges::find(range, value, std::move(projection)) != std::ranges::end(range);
}

} // namespace hearth::language
