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

Value devices_value(const home::Home& home, const home::Subject& viewer) {
    ValueList devices;
    for (const home::Device* device : home.devices())
        if (home.may_see(viewer, *device)) devices.push_back(device_summary(home, *device));
    return devices;
}

Value left_devices_value(const home::Home& home, const home::Subject& viewer) {
    ValueList devices;
    for (const home::Device* device : home.left_devices())
        if (home.may_see(viewer, *device)) devices.push_back(device_summary(home, *device));
    return devices;
}

bool may_know(const home::Home& home, const home::Subject& viewer, const home::Event& event) {
    const home::Device* device = home.find(home::device_of(event.fact));
    return device != nullptr ? home.may_see(viewer, *device)
                             : home.may(viewer, access::Verb::see).has_value();
}

Value event_value(const home::Event& event, const home::PersonBook& persons) {
    Value shown = home::to_value(event);
    const home::Subject& subject = event.cause.subject;
    if (subject.kind != home::Subject::Kind::person) return shown;
    if (const access::Person* person = persons.find_person(subject.id))
        if (Value* cause = shown.as_map()->find("cause"))
            cause->as_map()->find("subject")->as_map()->append("name", person->name);
    return shown;
}

Value whole_person_value(const access::Person& person) {
    Value shown = access::to_value(person.rights);
    ValueMap map{{"id", person.id}, {"name", person.name}};
    for (auto& [key, value] : *shown.as_map())
        map.append(key, std::move(value));
    return map;
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
