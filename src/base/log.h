#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <fmt/core.h>

/// One line for each thing an operator wants to know: `log::warn("journal.damaged", "…")`. The
/// event name is fixed and can be searched for; the text is for reading. Never a secret, never a
/// whole message from outside (see printable()). Safe from any thread.
namespace hearth::log {

enum class Level { debug, info, warn, error };

/// Where lines go: the program hands in a function that adds the time and writes; until then they
/// go nowhere. It may be called from any thread. Set once, before other threads start.
using Sink = void (*)(Level level, std::string_view event, std::string_view text);
void set_sink(Sink sink);
void set_level(Level level);

bool enabled(Level level);
void write(Level level, std::string_view event, std::string_view text);

template <class... Args>
void at(Level level, std::string_view event, fmt::format_string<Args...> format, Args&&... args) {
    if (enabled(level)) write(level, event, fmt::format(format, std::forward<Args>(args)...));
}
template <class... Args>
void debug(std::string_view event, fmt::format_string<Args...> format, Args&&... args) {
    at(Level::debug, event, format, std::forward<Args>(args)...);
}
template <class... Args>
void info(std::string_view event, fmt::format_string<Args...> format, Args&&... args) {
    at(Level::info, event, format, std::forward<Args>(args)...);
}
template <class... Args>
void warn(std::string_view event, fmt::format_string<Args...> format, Args&&... args) {
    at(Level::warn, event, format, std::forward<Args>(args)...);
}
template <class... Args>
void error(std::string_view event, fmt::format_string<Args...> format, Args&&... args) {
    at(Level::error, event, format, std::forward<Args>(args)...);
}

} // namespace hearth::log
