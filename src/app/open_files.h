#pragma once

#include <cstddef>

namespace hearth::app {

/// Asks the system for as many open files as so many MQTT connections and `others` need, up to what
/// it may have at all (the hard limit), and returns how many MQTT connections then fit. Where these
/// are fewer than wanted it says so in the log.
std::size_t raise_open_files(std::size_t connections, std::size_t others);

} // namespace hearth::app
