#pragma once

#include <string_view>

namespace hearth {

/// Whether a text is what it looks like on a screen: well-formed UTF-8 without control characters
/// (C0, DEL, C1), without line and paragraph separators, and without what reorders or hides the
/// text around it: bidirectional overrides, embeddings and isolates (Unicode UAX #9), the byte
/// order mark, tags. Marks that scripts and emoji need (joiners, variation selectors, LRM, RLM) are
/// allowed. `but` names control characters that are allowed, such as "\n".
bool is_plain_text(std::string_view text, std::string_view but = {});

} // namespace hearth
