#pragma once

#include "base/result.h"
#include "base/value.h"

#include <string>
#include <string_view>
#include <vector>

/// What commands print, and the exit codes by which scripts tell what happened.
namespace hearth::app {

constexpr int exit_done = 0;
constexpr int exit_failed = 1; ///< refused or failed: one line on stderr says why and what to do
constexpr int exit_usage = 2;  ///< the command line makes no sense
constexpr int exit_asked = 3;  ///< nothing was done: the hub wants a yes first

/// Prints "hearth: DETAIL" on stderr and returns exit_failed.
int failed(const Error& error);

void print_line(std::string_view text);
void print_json(const Value& value);

/// Columns padded to their widest cell, as wide as it stands in a terminal; the first row is the
/// head. What people name (the columns NAME and AREA) is cut at 40 columns, so that one long name
/// does not push all others aside. On a terminal the last column is cut where the line ends: a
/// table is to be looked at, --json has everything.
void print_table(const std::vector<std::vector<std::string>>& rows);

/// "on_off.on=true level.percent=40": a twin's JSON on one line.
std::string one_line(const Value& twin);
/// A value without quotes; a number as people write it, without what a machine's fractions add.
std::string plain(const Value& value);
/// One event for people: time, device, what happened and why.
std::string event_line(const Value& event, std::string_view device_name);

} // namespace hearth::app
