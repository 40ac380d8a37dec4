#pragma once

#include "base/settings.h"

#include <span>

namespace hearth::app {

/// Every setting there is, with its default, range and one line of help.
std::span<const SettingInfo> settings_table();

/// `hearth help settings`: the table for people.
void print_settings();

} // namespace hearth::app
