#include "api/views.h"

#include <algorithm>

namespace hearth::api {

namespace {

/// Of the commands that the device is on its way to: what they ask for.
ValueList under_way(const home::Home& home, const home::Device& device) {
    ValueList paths;
    for (const home::CommandId id : device.open_commands) {
        const auto open = home.open_commands().find(id);
        if (open == home.open_commands().end() || !open->second.under_way) continue;
        for (const home::Ask& ask : open->second.command.asks)
            if (std::ranges::find(paths, Value(ask.path.text)) == paths.end())
                paths.emplace_back(ask.path.text);
    }
    return paths;
}

/// What the device itself calls its attributes, as far as it does.
ValueMap labels_of(const home::Device& device) {
    ValueMap labels;
    for (const home::Attribute& attribute : device.attributes)
        if (!attribute.spec->label.empty())
            labels.append(attribute.spec->path.text, attribute.spec->label);
    return labels;
}

} // namespace

Value device_summary(const home::Home& home, const home::Device& device) {
    const home::Area* area = device.area.empty() ? nullptr : home.find_area(device.area);
    return ValueMap{{"id", device.id},
                    {"name", device.name()},
                    {"area", area != nullptr ? Value(area->name) : Value()},
                    {"type", device.type},
                    {"online", device.online},
                    {"aliases", ValueList(device.aliases.begin(), device.aliases.end())},
                    {"labels", labels_of(device)},
                    {"reported", home::reported_value(device)},
                    {"desired", home::desired_value(device)},
                    {"under_way", under_way(home, device)}};
}

Value devices_value(const home::Home& home) {
    ValueList devices;
    for (const home::Device* device : home.devices())
        devices.push_back(device_summary(home, *device));
    return devices;
}

Value left_devices_value(const home::Home& home) {
    ValueList devices;
    for (const home::Device* device : home.left_devices())
        devices.push_back(device_summary(home, *device));
    return devices;
}

Value areas_value(const home::Home& home) {
    ValueList areas;
    for (const auto& [id, area] : home.areas())
        areas.push_back(ValueMap{{"id", id},
                                 {"name", area.name},
                                 {"floor", area.floor},
                                 {"aliases", ValueList(area.aliases.begin(), area.aliases.end())}});
    return areas;
}

} // namespace hearth::api
