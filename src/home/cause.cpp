#include "home/cause.h"

#include <algorithm>
#include <array>
#include <utility>

namespace hearth::home {
namespace {

constexpr std::array<std::string_view, 7> subjects{"nobody",     "person", "token", "agent",
                                                   "automation", "device", "hub"};
constexpr std::array<std::string_view, 7> ways{"none", "page", "api", "sentence",
                                               "rule", "cli",  "mcp"};
constexpr std::array<std::string_view, 4> own_parts{admin_part, "home file", "limit of devices",
                                                    "limit of areas"};

} // namespace

Cause Cause::of_device(DeviceId id, EventId event) {
    return {.subject = {Subject::Kind::device, std::move(id)}, .event = event};
}

Cause Cause::of_automation(std::string id, EventId event) {
    return {
        .subject = {Subject::Kind::automation, std::move(id)}, .via = Via::rule, .event = event};
}

Cause Cause::of_person(std::string id, Via via) {
    return {.subject = {Subject::Kind::person, std::move(id)}, .via = via};
}

Cause Cause::of_hub(std::string part, Via via) {
    return {.subject = {Subject::Kind::hub, std::move(part)}, .via = via};
}

bool is_own_part(std::string_view name) {
    return std::ranges::find(own_parts, name) != own_parts.end();
}

std::string_view to_string(Subject::Kind kind) {
    return subjects[static_cast<std::size_t>(kind)];
}

std::string_view to_string(Via via) {
    return ways[static_cast<std::size_t>(via)];
}

Value to_value(const Cause& cause) {
    ValueMap subject{{"kind", to_string(cause.subject.kind)}};
    if (!cause.subject.id.empty()) subject.append("id", cause.subject.id);
    ValueMap map{{"subject", std::move(subject)}};
    if (cause.via != Via::none) map.append("via", to_string(cause.via));
    if (!cause.said.empty()) map.append("said", cause.said);
    if (cause.event != 0) map.append("event", Value::of_unsigned(cause.event));
    return map;
}

} // namespace hearth::home
