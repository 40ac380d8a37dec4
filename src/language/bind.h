#pragma once

#include "language/language.h"
#include "language/matcher.h"

namespace hearth::language {

/// Binds a match to the devices of a home that `names` knows: who is meant, and what is asked of
/// them. `here` is the
/// area in which the sentence was said, or nullptr. An action that is `asked`, opens or unlocks, or
/// moves the whole house, is to be confirmed.
Understanding bind(const home::Home& home, const HomeNames& names, const Match& match,
                   const home::Area* here, bool asked);

} // namespace hearth::language
