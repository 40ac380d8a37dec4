#include "adapters/mqtt_discovery/component.h"

#include "adapters/mqtt_discovery/components.h"
#include "adapters/mqtt_discovery/config_reader.h"
#include "adapters/mqtt_discovery/naming.h"
#include "base/text.h"

namespace hearth::mqtt_discovery {
namespace {

constexpr std::size_t most_availability_topics = 20;

Availability read_availability(ConfigReader& config, std::string_view topic,
                               std::string_view value_template) {
    Availability availability;
    availability.topic = config.filter(topic);
    availability.value_template = config.compiled(value_template);
    availability.available = config.text("payload_available", "online");
    availability.not_available = config.text("payload_not_available", "offline");
    return availability;
}

void read_availability_list(ConfigReader& config, TemplateCache& templates,
                            AvailabilityRule& rule) {
    const Value* given = config.options().find("availability");
    if (given == nullptr || given->is_null()) return;
    // A single map is as good as a list of one.
    const ValueList list = given->is_list() ? *given->as_list() : ValueList{*given};
    if (list.size() > most_availability_topics)
        return config.refuse({Code::limit, "availability has more than 20 topics"});
    for (const Value& entry : list) {
        if (!entry.is_map())
            return config.refuse({Code::invalid, "availability must be a list of maps"});
        ConfigReader one(*entry.as_map(), templates);
        one.require(one.has("topic"), "availability.topic");
        rule.topics.push_back(read_availability(one, "topic", "value_template"));
        if (one.error()) return config.refuse(*one.error());
    }
}

AvailabilityRule read_availability_rule(ConfigReader& config, TemplateCache& templates) {
    AvailabilityRule rule;
    read_availability_list(config, templates, rule);
    if (config.has("availability_topic"))
        rule.topics.push_back(
            read_availability(config, "availability_topic", "availability_template"));
    const std::string mode = config.text("availability_mode", "latest");
    if (mode == "all")
        rule.mode = AvailabilityMode::all;
    else if (mode == "any")
        rule.mode = AvailabilityMode::any;
    else if (mode != "latest")
        config.refuse({Code::invalid,
                       "availability_mode must be all, any or latest, not " + printable(mode, 40)});
    return rule;
}

void read_delivery(ConfigReader& config, Component& component) {
    const double qos = config.number("qos", 0);
    if (qos != 0 && qos != 1 && qos != 2) config.refuse({Code::invalid, "qos must be 0, 1 or 2"});
    component.qos = qos == 1   ? broker::Qos::at_least_once
                    : qos == 2 ? broker::Qos::exactly_once
                               : broker::Qos::at_most_once;
    component.retain = config.flag("retain", false);
    const std::string encoding = to_lower(config.text("encoding", "utf-8"));
    if (!encoding.empty() && encoding != "utf-8" && encoding != "utf8" && encoding != "ascii")
        config.refuse({Code::refused, "encoding " + printable(encoding, 40) +
                                          " is not supported; it can be utf-8"});
}

} // namespace

Result<Component> read_component(const DiscoveryTopic& topic, const ComponentConfig& config,
                                 const DeviceInfo& device, TemplateCache& templates) {
    Component component;
    component.identity = identify(topic, config, device);
    component.device = device;
    ConfigReader reader(config.options, templates);
    component.name = printable(trim(reader.text("name")), 150);
    component.unique_id = reader.text("unique_id");
    component.availability = read_availability_rule(reader, templates);
    read_delivery(reader, component);
    auto entity = make_entity(component.identity, reader);
    if (!entity) return fail(entity);
    component.entity = std::move(*entity);
    return component;
}

} // namespace hearth::mqtt_discovery
