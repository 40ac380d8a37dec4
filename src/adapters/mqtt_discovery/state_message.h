#pragma once

#include "adapters/mqtt_discovery/template_budget.h"
#include "adapters/mqtt_discovery/templates.h"
#include "base/result.h"
#include "base/value.h"

#include <optional>
#include <string_view>
#include <unordered_map>

namespace hearth::mqtt_discovery {

/// What comes with a message.
struct StateOrigin {
    bool retained = false;
    std::string_view publisher; ///< its credential, who pays for reading it
};

/// One message on a state topic, read by many templates: its JSON is parsed once, when the first
/// of them asks, and a dear template that many listeners share is evaluated once. All that reading
/// it takes is on its budget. Borrows everything.
class StateMessage {
public:
    StateMessage(std::string_view topic, std::string_view payload, StateOrigin origin,
                 TemplateBudget& all, const Clock& clock, const Limits& limits);

    std::string_view topic() const { return topic_; }
    std::string_view payload() const { return payload_; }
    bool retained() const { return retained_; }
    MessageBudget& budget() { return budget_; }

    /// The payload as text.
    const Value& text() const { return text_; }
    /// The payload as JSON, or nullptr where it is none.
    const Value* json();
    /// What a template gives; without one the text. An undefined result is "", as it prints; null
    /// is what the device says itself.
    Result<Value> evaluate(const SharedTemplate& value_template);

    /// Whether the next listener is to read it. Once the budget is spent, none is any more.
    bool goes_on();

    /// Whether the message holds nothing of what a template reads: it is about something else, and
    /// a template that fails on it is no fault of the device.
    bool is_beside(const SharedTemplate& value_template);

private:
    Result<Value> evaluate_anew(const templating::Template& value_template, std::size_t granted);

    std::string_view topic_;
    std::string_view payload_;
    bool retained_;
    MessageBudget budget_;
    Value text_;
    std::optional<Result<Value>> json_;
    templating::Scope plain_;
    templating::Scope with_json_;
    /// What dear templates gave. They live as long as the message: their listeners hold them.
    std::unordered_map<const templating::Template*, Result<Value>> dear_;
};

} // namespace hearth::mqtt_discovery
