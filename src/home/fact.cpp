#include "home/fact.h"

#include <array>

namespace hearth::home {
namespace {

constexpr std::array<std::string_view, 17> kinds{
    "area_added",        "device_joined",        "device_changed",     "device_left",
    "device_edited",     "availability_changed", "attribute_reported", "command_issued",
    "command_settled",   "automation_run",       "notification",       "automation_edited",
    "desired_withdrawn", "device_forgotten",     "area_removed",       "command_under_way",
    "device_handed"};

constexpr std::array<std::string_view, 4> settlements{"confirmed", "assumed", "refused",
                                                      "timed_out"};

ValueList list_of(const std::vector<std::string>& texts) {
    return {texts.begin(), texts.end()};
}

void put_description(ValueMap& map, const DeviceDescription& description) {
    map.append("name", description.name);
    map.append("type", description.type);
    map.append("adapter", description.adapter);
    map.append("external_id", description.external_id);
    if (!description.manufacturer.empty()) map.append("manufacturer", description.manufacturer);
    if (!description.model.empty()) map.append("model", description.model);
    ValueList attributes;
    for (const AttributeSpec& spec : description.attributes)
        attributes.push_back(spec.path.text);
    map.append("attributes", std::move(attributes));
}

/// Adds to the event's JSON what its kind has beyond the device.
struct Data {
    ValueMap& map;

    void operator()(const AreaAdded& fact) const {
        map.append("area", fact.area.id);
        map.append("name", fact.area.name);
        if (!fact.area.floor.empty()) map.append("floor", fact.area.floor);
        if (!fact.area.aliases.empty()) map.append("aliases", list_of(fact.area.aliases));
    }
    void operator()(const DeviceJoined& fact) const {
        put_description(map, fact.description);
        if (!fact.area.empty()) map.append("area", fact.area);
    }
    void operator()(const DeviceChanged& fact) const { put_description(map, fact.description); }
    void operator()(const DeviceLeft&) const {}
    void operator()(const DeviceEdited& fact) const {
        map.append("name", fact.name);
        map.append("area", fact.area);
        map.append("aliases", list_of(fact.aliases));
    }
    void operator()(const AvailabilityChanged& fact) const { map.append("online", fact.online); }
    void operator()(const AttributeReported& fact) const {
        ValueMap attributes;
        for (const auto& [path, value] : fact.values)
            attributes.append(path.text, value);
        map.append("attributes", std::move(attributes));
        if (fact.device_time != 0) map.append("device_time", to_rfc3339(fact.device_time));
    }
    void operator()(const CommandIssued& fact) const {
        ValueMap asks;
        for (const Ask& ask : fact.command.asks)
            asks.append(ask.path.text, ask.value);
        map.append("command", Value::of_unsigned(fact.command.id));
        map.append("set", std::move(asks));
        map.append("deadline", to_rfc3339(fact.command.deadline));
    }
    void operator()(const CommandSettled& fact) const {
        map.append("command", Value::of_unsigned(fact.command));
        map.append("settlement", to_string(fact.settlement));
        if (!fact.detail.empty()) map.append("detail", fact.detail);
    }
    void operator()(const AutomationRan& fact) const {
        map.append("automation", fact.automation);
        if (fact.run != 0) map.append("run", Value::of_unsigned(fact.run));
        map.append("name", fact.name);
        map.append("state", fact.state);
        if (!fact.detail.empty()) map.append("detail", fact.detail);
    }
    void operator()(const Notified& fact) const {
        map.append("text", fact.text);
        if (fact.automation.empty()) return;
        map.append("automation", fact.automation);
        map.append("run", Value::of_unsigned(fact.run));
        map.append("step", fact.step);
    }
    void operator()(const AutomationEdited& fact) const {
        map.append("automation", fact.automation);
        map.append("name", fact.name);
        map.append("change", fact.change);
    }
    void operator()(const DeviceHanded& fact) const {
        map.append("from", fact.from);
        map.append("to", fact.to);
    }
    void operator()(const DesiredWithdrawn& fact) const {
        ValueList paths;
        for (const Path& path : fact.paths)
            paths.emplace_back(path.text);
        map.append("attributes", std::move(paths));
    }
    void operator()(const DeviceForgotten&) const {}
    void operator()(const AreaRemoved& fact) const {
        map.append("area", fact.area);
        map.append("name", fact.name);
    }
    void operator()(const CommandUnderWay& fact) const {
        map.append("command", Value::of_unsigned(fact.command));
        map.append("under_way", fact.under_way);
    }
};

struct DeviceOf {
    std::string_view operator()(const AreaAdded&) const { return {}; }
    std::string_view operator()(const AutomationRan&) const { return {}; }
    std::string_view operator()(const Notified&) const { return {}; }
    std::string_view operator()(const AutomationEdited&) const { return {}; }
    std::string_view operator()(const AreaRemoved&) const { return {}; }
    std::string_view operator()(const CommandIssued& fact) const { return fact.command.device; }
    std::string_view operator()(const auto& fact) const { return fact.device; }
};

} // namespace

std::string_view to_string(Settlement settlement) {
    return settlements[static_cast<std::size_t>(settlement)];
}

std::string_view kind_of(const Fact& fact) {
    static_assert(kinds.size() == std::variant_size_v<Fact>);
    return kinds[fact.index()];
}

std::string_view device_of(const Fact& fact) {
    return std::visit(DeviceOf(), fact);
}

Value to_value(const Event& event) {
    ValueMap map;
    map.append("id", Value::of_unsigned(event.id));
    map.append("time", to_rfc3339(event.at));
    map.append("kind", kind_of(event.fact));
    map.append("cause", to_value(event.cause));
    if (const std::string_view device = device_of(event.fact); !device.empty())
        map.append("device", device);
    std::visit(Data{map}, event.fact);
    return map;
}

} // namespace hearth::home
