#pragma once

#include "base/result.h"

#include <string_view>

namespace hearth::app {

/// Log lines go to stderr: "2026-11-24T08:01:49Z warn  journal.damaged  …". `level` is that of
/// the setting log.level.
Result<void> start_logging(std::string_view level);

} // namespace hearth::app
