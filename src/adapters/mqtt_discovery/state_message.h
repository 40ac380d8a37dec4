#pragma once

#include "adapters/mqtt_discovery/templates.h"
#include "base/result.h"
#include "base/value.h"

#include <optional>
#include <string_view>

namespace hearth::mqtt_discovery {

/// One message on a state topic, read by many templates: its JSON is parsed once, when the first
/// of them asks. Borrows topic and payload.
class StateMessage {
public:
    StateMessage(std::string_view topic, std::string_view payload, Micros now, bool retained);

    std::string_view topic() const { return topic_; }
    std::string_view payload() const { return payload_; }
    bool retained() const { return retained_; }

    /// The payload as text.
    const Value& text() const { return text_; }
    /// The payload as JSON, or nullptr where it is none.
    const Value* json();
    /// What a template gives; without one the text.
    Result<Value> evaluate(const SharedTemplate& value_template);

    /// Whether the message holds nothing of what a template reads: it is about something else, and
    /// a template that fails on it is no fault of the device.
    bool is_beside(const SharedTemplate& value_template);

private:
    std::string_view topic_;
    std::string_view payload_;
    bool retained_;
    Value text_;
    std::optional<Result<Value>> json_;
    templating::Scope plain_;
    templating::Scope with_json_;
};

} // namespace hearth::mqtt_discovery
