#include "api/router.h"

#include "base/text.h"

namespace hearth::api {
namespace {

bool fits(const std::vector<std::string>& pattern, const std::vector<std::string_view>& path,
          PathParts& open_parts) {
    if (pattern.size() != path.size()) return false;
    open_parts.clear();
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (pattern[i] == "{}" && !path[i].empty())
            open_parts.push_back(percent_decoded(path[i]));
        else if (pattern[i] != path[i])
            return false;
    }
    return true;
}

} // namespace

void Router::add(std::string_view method, std::string_view pattern, Needs needs, Route route,
                 Door door) {
    std::vector<std::string> parts;
    for (const std::string_view part : split(pattern, '/'))
        parts.emplace_back(part);
    entries_.push_back({std::string(method), std::string(pattern), std::move(parts), needs,
                        std::move(route), door});
}

Router::Match Router::find(std::string_view method, std::string_view path) const {
    Match match;
    const std::vector<std::string_view> path_parts = split(path, '/');
    PathParts parts;
    for (const Entry& entry : entries_) {
        if (!fits(entry.parts, path_parts, parts)) continue;
        match.path_known = true;
        const bool same = entry.method == method || (method == "HEAD" && entry.method == "GET");
        if (!same) continue;
        match.route = &entry.route;
        match.door = entry.door;
        match.needs = entry.needs;
        match.parts = std::move(parts);
        return match;
    }
    return match;
}

std::vector<std::string> Router::all() const {
    std::vector<std::string> all;
    for (const Entry& entry : entries_)
        all.push_back(entry.method + " " + entry.pattern);
    return all;
}

} // namespace hearth::api
