#include "adapters/mqtt_discovery/templates.h"

#include <algorithm>

namespace hearth::mqtt_discovery {
namespace {

constexpr std::string_view json_name = "value_json";

bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

std::string_view take_word(std::string_view& rest) {
    std::size_t length = 0;
    while (length < rest.size() && is_word(rest[length]))
        ++length;
    const std::string_view word = rest.substr(0, length);
    rest.remove_prefix(length);
    return word;
}

/// What stands in brackets: "name", 'name' or 0; empty for anything else.
std::string_view take_bracketed(std::string_view& rest, char close) {
    std::string_view inside = rest.substr(1);
    std::string_view name;
    if (!inside.empty() && (inside[0] == '"' || inside[0] == '\'')) {
        const std::size_t end = inside.find(inside[0], 1);
        if (end == inside.npos) return {};
        name = inside.substr(1, end - 1);
        inside.remove_prefix(end + 1);
    } else {
        name = take_word(inside);
    }
    const std::size_t end = inside.find(close);
    if (name.empty() || end == inside.npos) return {};
    rest = inside.substr(end + 1);
    return name;
}

std::string_view take_step(std::string_view& rest) {
    if (rest.starts_with(".get(")) {
        rest.remove_prefix(4);
        return take_bracketed(rest, ')');
    }
    if (rest.starts_with('[')) return take_bracketed(rest, ']');
    if (!rest.starts_with('.')) return {};
    std::string_view after = rest.substr(1);
    const std::string_view word = take_word(after);
    if (word.empty() || after.starts_with('(')) return {}; // a method, not a key
    rest = after;
    return word;
}

} // namespace

Result<SharedTemplate> TemplateCache::get(std::string_view source) {
    if (source.size() > template_bytes_)
        return fail(Code::limit, "a template of {} bytes; at most {} are allowed", source.size(),
                    template_bytes_);
    std::weak_ptr<const templating::Template>& known = known_[std::string(source)];
    if (SharedTemplate shared = known.lock()) return shared;
    auto parsed = templating::Template::parse(source, templating::Profile::discovery);
    if (!parsed) {
        known_.erase(std::string(source));
        return fail(parsed);
    }
    auto shared = std::make_shared<const templating::Template>(std::move(*parsed));
    known = shared;
    forget_unused();
    return shared;
}

void TemplateCache::forget_unused() {
    if (known_.size() < clean_up_at_) return;
    std::erase_if(known_, [](const auto& entry) { return entry.second.expired(); });
    clean_up_at_ = std::max<std::size_t>(1024, 2 * known_.size());
}

std::vector<std::string> json_places(std::string_view source, std::size_t most) {
    std::vector<std::string> places;
    for (std::size_t at = source.find(json_name); at != source.npos && places.size() < most;
         at = source.find(json_name, at + 1)) {
        std::string_view rest = source.substr(at + json_name.size());
        if ((at > 0 && is_word(source[at - 1])) || (!rest.empty() && is_word(rest[0]))) continue;
        std::string place;
        for (std::string_view step = take_step(rest); !step.empty(); step = take_step(rest))
            place += (place.empty() ? "" : ".") + std::string(step);
        if (!place.empty() && std::ranges::find(places, place) == places.end())
            places.push_back(std::move(place));
    }
    return places;
}

} // namespace hearth::mqtt_discovery
