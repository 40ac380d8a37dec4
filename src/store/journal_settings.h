#pragma once

#include "base/settings.h"
#include "store/file_journal.h"

#include <span>

namespace hearth::store {

/// The settings `journal.*`, for the program's table.
std::span<const SettingInfo> journal_settings();

/// The options that they say. `settings` must know journal_settings().
JournalOptions journal_options(const Settings& settings);

} // namespace hearth::store
