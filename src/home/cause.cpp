#include "home/cause.h"

#include <algorithm>
#include <array>

namespace hearth::home {
namespace {

constexpr std::array<std::string_view, 6> names{"device",   "person", "automation",
                                                "sentence", "api",    "agent"};
constexpr std::array<std::string_view, 4> own_parts{"admin token", "home file", "limit of devices",
                                                    "limit of areas"};
constexpr std::array<std::string_view, 4> subjects{"nobody", "person", "token", "admin"};

} // namespace

bool is_own_part(std::string_view api_id) {
    return std::ranges::find(own_parts, api_id) != own_parts.end();
}

std::string_view to_string(Cause::By by) {
    return names[static_cast<std::size_t>(by)];
}

std::optional<Cause::By> parse_cause_by(std::string_view text) {
    for (std::size_t i = 0; i < names.size(); ++i)
        if (names[i] == text) return static_cast<Cause::By>(i);
    return std::nullopt;
}

std::string_view to_string(Subject::Kind kind) {
    return subjects[static_cast<std::size_t>(kind)];
}

Value to_value(const Cause& cause) {
    ValueMap map;
    map.append("by", to_string(cause.by));
    map.append("id", cause.id);
    if (cause.event != 0) map.append("event", Value::of_unsigned(cause.event));
    const auto& [kind, id] = cause.subject;
    if (kind == Subject::Kind::nobody) return map;
    ValueMap subject{{"kind", to_string(kind)}};
    if (!id.empty()) subject.append("id", id);
    map.append("subject", std::move(subject));
    return map;
}

} // namespace hearth::home
