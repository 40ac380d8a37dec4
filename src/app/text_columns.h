#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// How wide text stands in a terminal: letters of East Asia and emoji take two columns, marks that
/// sit on a letter none.
namespace hearth::app {

std::size_t columns_of(std::string_view text);
/// At most so many columns of it; what is cut off is told by "…". Never cuts through a letter and
/// its marks, or an emoji that is made of several.
std::string cut_to_columns(std::string_view text, std::size_t columns);
/// Whether some of it is written from right to left, as Arabic and Hebrew are.
bool runs_right_to_left(std::string_view text);

} // namespace hearth::app
