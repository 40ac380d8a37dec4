#pragma once

#include "base/value.h"
#include "journal/journal.h"

namespace hearth::app {

/// A record of any owner as JSON; its `kind` is the record's name.
Result<Value> describe_record(const journal::Record& record);

} // namespace hearth::app
