#include "adapters/mqtt_discovery/state_message.h"

#include "base/json.h"

#include <algorithm>

namespace hearth::mqtt_discovery {
namespace {

/// From here on it is cheaper to remember a result than to compute it again.
constexpr std::size_t dear_steps = 100;
/// So many of a template's places are looked for in a message that it fails on.
constexpr std::size_t most_places = 32;

/// What it takes to hand a text on.
std::size_t steps_for(const Result<Value>& value) {
    return value ? value->string_or({}).size() / 32 : 0;
}

} // namespace

StateMessage::StateMessage(std::string_view topic, std::string_view payload, StateOrigin origin,
                           TemplateBudget& all, const Clock& clock, const Limits& limits)
    : topic_(topic)
    , payload_(payload)
    , retained_(origin.retained)
    , budget_(all, origin.publisher, clock, limits)
    , text_(payload) {
    plain_.set("value", text_).set_now(clock.utc());
}

const Value* StateMessage::json() {
    if (!json_) {
        json_ = parse_json(payload_, {.depth = 32});
        if (*json_) with_json_.set("value_json", **json_).set_parent(&plain_);
    }
    return *json_ ? &**json_ : nullptr;
}

bool StateMessage::goes_on() {
    if (budget_.is_exhausted()) return false;
    if (budget_.left(1) == 0) budget_.exhaust();
    return !budget_.is_exhausted();
}

Result<Value> StateMessage::evaluate(const SharedTemplate& value_template) {
    if (value_template == nullptr) {
        budget_.spend(1 + payload_.size() / 32);
        return text_;
    }
    const auto known = dear_.empty() ? dear_.end() : dear_.find(value_template.get());
    if (known != dear_.end()) {
        budget_.spend(1 + steps_for(known->second));
        return known->second;
    }
    const std::size_t most = templating::Limits().steps;
    return evaluate_anew(*value_template, std::min(most, budget_.left(most)));
}

Result<Value> StateMessage::evaluate_anew(const templating::Template& value_template,
                                          std::size_t granted) {
    templating::Limits limits;
    const bool is_short = granted < limits.steps;
    limits.steps = granted;
    templating::Spent spent;
    const bool has_json = value_template.reads("value_json") && json() != nullptr;
    auto value = value_template.evaluate(has_json ? with_json_ : plain_, limits, &spent);
    if (is_short && !value && value.error().code == Code::limit && spent.steps >= granted)
        budget_.exhaust();
    if (value && spent.undefined) value = Value("");
    const std::size_t steps = spent.steps + value_template.source().size() / 256;
    budget_.spend(1 + steps + steps_for(value));
    if (steps >= dear_steps) dear_.emplace(&value_template, value);
    return value;
}

bool StateMessage::is_beside(const SharedTemplate& value_template) {
    const Value* message = json();
    if (message == nullptr || !message->is_map()) return false;
    const std::vector<std::string> places = json_places(value_template->source(), most_places);
    const std::size_t keys = message->as_map()->size();
    budget_.spend((value_template->source().size() + places.size() * (8 + keys)) / 8);
    return !places.empty() && std::ranges::all_of(places, [&](const std::string& place) {
        const Value& found = message->at(place.substr(0, place.find('.')));
        return found.is_null();
    });
}

} // namespace hearth::mqtt_discovery
