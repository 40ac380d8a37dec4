#include "adapters/mqtt_discovery/state_message.h"

#include "base/json.h"

#include <algorithm>

namespace hearth::mqtt_discovery {

StateMessage::StateMessage(std::string_view topic, std::string_view payload, Micros now,
                           bool retained)
    : topic_(topic)
    , payload_(payload)
    , retained_(retained)
    , text_(payload) {
    plain_.set("value", text_).set_now(now);
}

const Value* StateMessage::json() {
    if (!json_) {
        json_ = parse_json(payload_, {.depth = 32});
        if (*json_) with_json_.set("value_json", **json_).set_parent(&plain_);
    }
    return *json_ ? &**json_ : nullptr;
}

Result<Value> StateMessage::evaluate(const SharedTemplate& value_template) {
    if (value_template == nullptr) return text_;
    const bool has_json = value_template->reads("value_json") && json() != nullptr;
    return value_template->evaluate(has_json ? with_json_ : plain_);
}

bool StateMessage::is_beside(const SharedTemplate& value_template) {
    const Value* message = json();
    if (message == nullptr || !message->is_map()) return false;
    const std::vector<std::string> places = json_places(value_template->source());
    return !places.empty() && std::ranges::all_of(places, [&](const std::string& place) {
        const Value& found = message->at(place.substr(0, place.find('.')));
        return found.is_null();
    });
}

} // namespace hearth::mqtt_discovery
