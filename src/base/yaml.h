#pragma once

#include "base/result.h"
#include "base/value.h"

#include <string_view>

namespace hearth {

/// Parses a YAML 1.2 document (config files, home files) into a Value: plain `true`/`false`, `null`
/// and numbers get their type, quoted ones stay strings (so "yes", "on" and "off" are strings too).
/// A key that comes twice, an alias (it could multiply without end) and nesting beyond 32 are
/// errors. Errors say line and column.
Result<Value> parse_yaml(std::string_view text);

} // namespace hearth
