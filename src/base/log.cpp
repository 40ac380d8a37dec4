#include "base/log.h"

#include <atomic>

namespace hearth::log {
namespace {
std::atomic<Sink> current_sink = nullptr;
std::atomic<Level> current_level = Level::info;
} // namespace

void set_sink(Sink sink) {
    current_sink = sink;
}
void set_level(Level level) {
    current_level = level;
}

bool enabled(Level level) {
    return current_sink.load() != nullptr && level >= current_level.load();
}

void write(Level level, std::string_view event, std::string_view text) {
    if (const Sink sink = current_sink) sink(level, event, text);
}

} // namespace hearth::log
