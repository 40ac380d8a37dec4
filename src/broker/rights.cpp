#include "broker/rights.h"

#include <algorithm>

namespace hearth::broker {

namespace {

/// Takes the first level off; false when there is none left.
bool take_level(std::string_view& rest, bool& more, std::string_view& level) {
    if (!more) return false;
    const std::size_t slash = rest.find('/');
    more = slash != std::string_view::npos;
    level = rest.substr(0, slash);
    rest.remove_prefix(more ? slash + 1 : rest.size());
    return true;
}

bool is_system(std::string_view topic) {
    return topic.starts_with('$');
}

} // namespace

bool covers(std::string_view allowed, std::string_view asked) {
    if (is_system(asked) && !is_system(allowed)) return false;
    bool more_allowed = true;
    bool more_asked = true;
    std::string_view have;
    std::string_view want;
    while (take_level(allowed, more_allowed, have)) {
        if (have == "#") return true;
        if (!take_level(asked, more_asked, want)) return false;
        if (want == "#") return false;
        if (have != "+" && have != want) return false;
        // "a/#" also covers "a" itself.
        if (!more_asked && more_allowed) return allowed == "#";
    }
    return !more_asked;
}

bool Rights::may_publish(std::string_view topic) const {
    if (is_system(topic)) return false;
    return std::ranges::any_of(publish,
                               [&](const std::string& allowed) { return covers(allowed, topic); });
}

bool Rights::may_subscribe(std::string_view filter) const {
    if (is_system(filter)) return false;
    return std::ranges::any_of(subscribe,
                               [&](const std::string& allowed) { return covers(allowed, filter); });
}

Rights rights_of_anonymous() {
    return {{"#"}, {"#"}};
}

} // namespace hearth::broker
