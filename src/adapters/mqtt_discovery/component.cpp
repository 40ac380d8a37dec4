#include "adapters/mqtt_discovery/component.h"

#include "adapters/mqtt_discovery/components.h"
#include "adapters/mqtt_discovery/config_reader.h"
#include "adapters/mqtt_discovery/naming.h"
#include "base/text.h"

#include <algorithm>

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

/// Longer ones are as this.
constexpr double longest_timer_s = 366 * 86'400;

std::optional<Micros> read_timer(ConfigReader& config, std::string_view key) {
    const std::optional<double> given = config.maybe_number(key);
    if (!given) return std::nullopt;
    if (*given < 0) config.refuse({Code::invalid, std::string(key) + " must not be less than 0"});
    return static_cast<Micros>(std::clamp(*given, 0.0, longest_timer_s) * seconds);
}

void read_timers(ConfigReader& config, Component& component) {
    const std::string& platform = component.identity.platform;
    if (platform != "sensor" && platform != "binary_sensor") return;
    component.expire_after = read_timer(config, "expire_after").value_or(0);
    if (platform == "binary_sensor") component.off_delay = read_timer(config, "off_delay");
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

std::vector<std::string> device_ids(const Component& component) {
    if (!component.device.ids.empty()) return component.device.ids;
    if (!component.unique_id.empty() && component.unique_id.size() <= 150)
        return {"entity:" + component.unique_id};
    return {"entity:" + printable(component.id, 150)};
}

Result<Component> read_component(const DiscoveryTopic& topic, const ComponentConfig& config,
                                 const DeviceInfo& device, TemplateCache& templates) {
    Component component;
    component.identity = identify(topic, config, device);
    component.device = device;
    ConfigReader reader(config.options, templates);
    component.name = printable(trim(reader.text("name")), 150);
    component.unique_id = reader.text("unique_id");
    component.device_class = reader.text("device_class");
    component.availability = read_availability_rule(reader, templates);
    read_delivery(reader, component);
    read_timers(reader, component);
    auto entity = make_entity(component.identity, reader);
    if (!entity) return fail(entity);
    component.entity = std::move(*entity);
    return component;
}

} // namespace hearth::mqtt_discovery
