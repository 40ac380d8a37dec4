#include "api/views.h"

namespace hearth::api {

Value device_summary(const home::Home& home, const home::Device& device) {
    const home::Area* area = device.area.empty() ? nullptr : home.find_area(device.area);
    return ValueMap{{"id", device.id},
                    {"name", device.name()},
                    {"area", area != nullptr ? Value(area->name) : Value()},
                    {"type", device.type},
                    {"online", device.online},
                    {"aliases", ValueList(device.aliases.begin(), device.aliases.end())},
                    {"reported", home::reported_value(device)},
                    {"desired", home::desired_value(device)}};
}

Value devices_value(const home::Home& home) {
    ValueList devices;
    for (const home::Device* device : home.devices())
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
