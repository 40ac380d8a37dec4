#pragma once

#include "template/run.h"

/// Sorting and what rests on it.
namespace hearth::templating {

/// (key, value), as dict.items() has them.
Item pair_of(Run& run, const Item& first, const Item& second);

/// How elements are compared: by themselves or by an attribute ("state" or "a.0.b"; "a,b" by both),
/// texts without regard to case unless `case_sensitive`.
struct SortKey {
    Item attribute = Item::none();
    bool case_sensitive = false;
    Item missing; ///< stands for an attribute that an element lacks

    Item of(Run& run, const Item& element) const;
};

/// A new list in order; equal elements keep theirs.
Item sorted(Run& run, const Item& list, const SortKey& key, bool reverse);

/// The smallest or largest element, the first of equal ones; undefined of nothing.
Item extreme(Run& run, const Item& list, const SortKey& key, bool largest);

} // namespace hearth::templating
