#include "adapters/mqtt_discovery/assembly.h"
#include "catalog/device_types.h"

#include <algorithm>
#include <array>

namespace hearth::mqtt_discovery {
namespace {

/// Of these every battery-powered device has some; they say nothing of what it is for.
bool is_upkeep(const AssembledAttribute& attribute) {
    constexpr auto upkeep =
        std::to_array<std::string_view>({"battery", "signal", "tamper", "problem", "button"});
    const home::Path& path = attribute.spec.path;
    const std::string_view capability =
        path.capability_attribute().substr(0, path.capability_attribute().find('.'));
    if (std::ranges::find(upkeep, capability) != upkeep.end()) return true;
    const Component& component = *attribute.sources.front().component;
    return !component.identity.is_plain() || component.identity.platform == "update" ||
           component.identity.platform == "device_automation" ||
           component.identity.platform == "event";
}

/// Remote controls tell what was done to them in words of their own: "action", "click_l1".
bool is_press(const AssembledAttribute& attribute) {
    constexpr auto words = std::to_array<std::string_view>({"action", "button", "click", "press"});
    const home::Path& path = attribute.spec.path;
    if (!path.capability_attribute().starts_with("untyped.")) return false;
    const std::string_view name = path.attribute();
    return std::ranges::any_of(words, [&](std::string_view word) {
        return name == word || (name.starts_with(word) && name[word.size()] == '_');
    });
}

/// What its components tell of a device, those apart that are settings or say how it is.
class Discovered final : public catalog::Evidence {
public:
    Discovered(const std::vector<Component*>& components,
               const std::vector<AssembledAttribute>& attributes)
        : components_(components)
        , attributes_(attributes) {}

    bool has_platform(std::string_view platform, std::string_view device_class) const override {
        return std::ranges::any_of(components_, [&](const Component* component) {
            return component->identity.platform == platform && component->identity.is_plain() &&
                   (device_class.empty() || component->device_class == device_class);
        });
    }
    bool has(std::string_view attribute) const override {
        return std::ranges::any_of(attributes_, [&](const AssembledAttribute& one) {
            return one.spec.path.capability_attribute() == attribute;
        });
    }
    bool has_readings() const override { return !std::ranges::all_of(attributes_, is_upkeep); }
    bool has_presses() const override {
        return has_platform("button", "") || has_platform("event", "") ||
               has_platform("device_automation", "") || has("battery.percent") ||
               has("battery.low") || std::ranges::any_of(attributes_, is_press);
    }

private:
    const std::vector<Component*>& components_;
    const std::vector<AssembledAttribute>& attributes_;
};

} // namespace

std::string device_type(const std::vector<Component*>& components,
                        const std::vector<AssembledAttribute>& attributes) {
    const catalog::DeviceType* type =
        catalog::DeviceTypes::builtin().decide(Discovered(components, attributes));
    return type != nullptr ? type->name : "unknown";
}

} // namespace hearth::mqtt_discovery
