#include "home/cause.h"

#include <array>

namespace hearth::home {
namespace {

constexpr std::array<std::string_view, 6> names{"device",   "person", "automation",
                                                "sentence", "api",    "agent"};

} // namespace

std::string_view to_string(Cause::By by) {
    return names[static_cast<std::size_t>(by)];
}

std::optional<Cause::By> parse_cause_by(std::string_view text) {
    for (std::size_t i = 0; i < names.size(); ++i)
        if (names[i] == text) return static_cast<Cause::By>(i);
    return std::nullopt;
}

Value to_value(const Cause& cause) {
    ValueMap map;
    map.append("by", to_string(cause.by));
    map.append("id", cause.id);
    if (cause.event != 0) map.append("event", Value::of_unsigned(cause.event));
    return map;
}

} // namespace hearth::home
