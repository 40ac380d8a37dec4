#pragma once

#include <string>
#include <string_view>

namespace hearth::app {

/// A text as a QR code (ISO/IEC 18004) for a terminal: two rows of dots a line, by half blocks,
/// light on dark with the quiet zone that readers need. Empty where the text is too long for one.
std::string qr_code(std::string_view text);

} // namespace hearth::app
