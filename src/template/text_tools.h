#pragma once

#include "template/run.h"

#include <cstdint>
#include <string_view>

/// What filters and methods on texts share.
namespace hearth::templating {

/// Drops characters of a set at the ends.
std::string_view strip_characters(std::string_view text, std::string_view set, bool left,
                                  bool right);
/// str.replace(): a negative count replaces all.
Item replaced(Run& run, std::string_view text, std::string_view old, std::string_view with,
              std::int64_t count);
/// str.split(): at white space where there is no separator; a negative limit is none.
Item split_text(Run& run, std::string_view text, const Item& separator, std::int64_t limit);
/// str.rsplit(): a limit counts from the end.
Item split_text_from_right(Run& run, std::string_view text, const Item& separator,
                           std::int64_t limit);

} // namespace hearth::templating
