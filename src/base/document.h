#pragma once

#include "base/result.h"
#include "base/value.h"

#include <cstddef>
#include <initializer_list>
#include <string_view>

/// Reading documents that people write (home files, automations) out of a Value. `place` says where
/// something stands, for the error: "devices[2]: unknown key \"nmae\"; known are …". What is
/// returned points into the Value.
namespace hearth {

/// A map with none but these keys. Errors: invalid.
Result<const ValueMap*> map_with(const Value& value, std::string_view place,
                                 std::initializer_list<std::string_view> known);
/// A list of at most `most` entries; an empty one where the key is absent or null. Errors: invalid,
/// limit.
Result<const ValueList*> list_in(const ValueMap& map, std::string_view key, std::string_view place,
                                 std::size_t most);

} // namespace hearth
