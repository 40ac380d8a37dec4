#include "adapters/mqtt_discovery/entity.h"

#include "adapters/mqtt_discovery/config_reader.h"
#include "base/json.h"

#include <cmath>

namespace hearth::mqtt_discovery {

Result<void> Outbox::publish(const std::string& topic, const SharedTemplate& command_template,
                             const ValueMap& names, std::string plain) {
    if (command_template == nullptr) {
        publish(topic, std::move(plain));
        return {};
    }
    templating::Scope scope;
    for (const auto& [name, value] : names)
        scope.set(name, value);
    auto payload = command_template->render(scope);
    if (!payload) return fail_in("command template for " + topic, payload);
    if (!payload->empty()) publish(topic, std::move(*payload));
    return {};
}

bool takes_back(const Value& value) {
    if (value.is_null()) return true;
    const std::string* text = value.as_string();
    return text != nullptr && (*text == "None" || *text == "unknown" || *text == "unavailable");
}

bool is_nothing(const Value& value) {
    const std::string* text = value.as_string();
    return takes_back(value) || (text != nullptr && text->empty());
}

Value number_value(double number) {
    constexpr double exact = 9007199254740992.0; // 2^53
    if (std::floor(number) == number && std::abs(number) < exact)
        return Value(static_cast<std::int64_t>(number));
    return Value(number);
}

std::string number_text(double number) {
    return to_json(number_value(number));
}

} // namespace hearth::mqtt_discovery
