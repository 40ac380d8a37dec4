#pragma once

#include "base/result.h"
#include "base/value.h"

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace hearth {

/// On which line each key of a document stands, by its place: the keys above it and itself, joined
/// by dots ("types.light.icon"). Keys inside of lists have no place.
using YamlLines = std::map<std::string, std::size_t, std::less<>>;

/// Parses a YAML 1.2 document (config files, home files) into a Value: plain `true`/`false`, `null`
/// and numbers get their type, quoted ones stay strings (so "yes", "on" and "off" are strings too).
/// A key that comes twice, an alias (it could multiply without end) and nesting beyond 32 are
/// errors. Errors say line and column.
Result<Value> parse_yaml(std::string_view text);
/// Fills in `lines`, for who has errors of its own to tell.
Result<Value> parse_yaml(std::string_view text, YamlLines& lines);

} // namespace hearth
