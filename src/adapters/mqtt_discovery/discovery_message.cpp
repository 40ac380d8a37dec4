#include "adapters/mqtt_discovery/discovery_message.h"

#include "adapters/mqtt_discovery/abbreviations.h"
#include "adapters/mqtt_discovery/config_reader.h"
#include "base/json.h"
#include "base/text.h"

#include <algorithm>
#include <array>

namespace hearth::mqtt_discovery {
namespace {

constexpr std::size_t longest_id = 150; // a device's external id has a limit of its own

/// What the device form states once for all its components.
constexpr auto shared_options = std::to_array<std::string_view>(
    {"~", "availability", "availability_mode", "availability_template", "availability_topic",
     "command_topic", "encoding", "payload_available", "payload_not_available", "qos",
     "state_topic"});

bool is_id(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_' || c == '-';
    });
}

Result<void> add_id(std::vector<std::string>& ids, std::string id) {
    if (id.empty()) return fail(Code::invalid, "a device's identifier is empty");
    if (id.size() > longest_id)
        return fail(Code::limit, "a device's identifier has {} bytes; at most {} are allowed",
                    id.size(), longest_id);
    if (std::ranges::find(ids, id) == ids.end()) ids.push_back(std::move(id));
    return {};
}

Result<void> read_connections(const Value& connections, std::vector<std::string>& ids) {
    const ValueList* list = connections.as_list();
    if (list == nullptr)
        return fail(Code::invalid, "device.connections must be a list of [TYPE, VALUE]");
    for (const Value& connection : *list) {
        const ValueList* pair = connection.as_list();
        if (pair == nullptr || pair->size() != 2)
            return fail(Code::invalid, "device.connections must be a list of [TYPE, VALUE]");
        const auto added =
            add_id(ids, python_text((*pair)[0]) + ":" + to_lower(python_text((*pair)[1])));
        if (!added) return added;
    }
    return {};
}

Result<void> read_ids(const Value& device, std::vector<std::string>& ids) {
    const Value& identifiers = device.at("identifiers");
    if (identifiers.is_map()) return fail(Code::invalid, "device.identifiers must be a list");
    if (const ValueList* list = identifiers.as_list()) {
        for (const Value& id : *list) {
            const auto added = add_id(ids, python_text(id));
            if (!added) return added;
        }
    } else if (!identifiers.is_null()) {
        const auto added = add_id(ids, python_text(identifiers));
        if (!added) return added;
    }
    const Value& connections = device.at("connections");
    if (!connections.is_null()) {
        const auto read = read_connections(connections, ids);
        if (!read) return read;
    }
    std::ranges::sort(ids);
    return {};
}

std::string text_of(const Value& device, std::string_view key) {
    const Value& value = device.at(key);
    return value.is_null() ? std::string() : printable(trim(python_text(value)), 150);
}

Result<DeviceInfo> read_device(const Value& device) {
    DeviceInfo info;
    if (device.is_null()) return info;
    if (!device.is_map()) return fail(Code::invalid, "device must be a map");
    const auto ids = read_ids(device, info.ids);
    if (!ids) return std::unexpected(ids.error());
    if (info.ids.empty())
        return fail(Code::invalid, "device needs identifiers or connections to be told apart by");
    info.name = text_of(device, "name");
    info.manufacturer = text_of(device, "manufacturer");
    info.model = text_of(device, "model");
    if (info.model.empty()) info.model = text_of(device, "model_id");
    info.version = text_of(device, "sw_version");
    info.suggested_area = text_of(device, "suggested_area");
    return info;
}

/// "~" at the start or end of a topic stands for the base topic.
void put_base(Value& value, std::string_view base) {
    std::string* topic = value.as_string();
    if (topic == nullptr || topic->empty()) return;
    if (topic->front() == '~')
        *topic = std::string(base) + topic->substr(1);
    else if (topic->back() == '~')
        *topic = topic->substr(0, topic->size() - 1) + std::string(base);
}

void put_base_in(ValueMap& options, std::string_view base) {
    for (auto& [key, value] : options)
        if (key.ends_with("topic")) put_base(value, base);
    Value* availability = options.find("availability");
    if (availability == nullptr) return;
    if (ValueMap* one = availability->as_map())
        if (Value* topic = one->find("topic")) put_base(*topic, base);
    if (ValueList* list = availability->as_list())
        for (Value& entry : *list)
            if (entry.as_map() != nullptr)
                if (Value* topic = entry.as_map()->find("topic")) put_base(*topic, base);
}

Result<void> complete(ComponentConfig& component) {
    if (!is_id(component.platform))
        return fail(Code::invalid, "\"{}\" is no component", printable(component.platform, 60));
    if (const Value* base = component.options.find("~")) {
        if (!base->is_string()) return fail(Code::invalid, "the base topic ~ must be text");
        const std::string text = *base->as_string();
        put_base_in(component.options, text);
    }
    return {};
}

Result<ComponentConfig> read_component(const std::string& key, Value& body,
                                       const ValueMap& shared) {
    ValueMap* options = body.as_map();
    if (options == nullptr) return fail(Code::invalid, "component {} must be a map", key);
    ComponentConfig component;
    component.key = key;
    component.object_id = key;
    component.platform = options->find("platform") != nullptr
                             ? python_text(*options->find("platform"))
                             : std::string();
    component.removed = options->size() == 1;
    component.options = std::move(*options);
    for (const std::string_view option : shared_options)
        if (const Value* value = shared.find(option);
            value != nullptr && !component.options.contains(option))
            component.options.append(std::string(option), *value);
    const auto completed = complete(component);
    if (!completed)
        return fail(completed.error().code, "component {}: {}", printable(key, 60),
                    completed.error().detail);
    return component;
}

Result<void> read_components(Announcement& announcement, ValueMap& config, const Limits& limits) {
    Value* components = config.find("components");
    ValueMap* map = components != nullptr ? components->as_map() : nullptr;
    if (map == nullptr) return fail(Code::invalid, "components must be a map of components");
    if (map->size() > limits.components_per_device)
        return fail(Code::limit, "{} components; a device can have {}", map->size(),
                    limits.components_per_device);
    for (auto& [key, body] : *map) {
        auto component = read_component(key, body, config);
        if (!component) return fail(component);
        announcement.components.push_back(std::move(*component));
    }
    return {};
}

bool asks_to_migrate(const Value& config) {
    return config.as_map()->size() == 1 && config.at("migrate_discovery").bool_or(false);
}

} // namespace

Result<DiscoveryTopic> parse_discovery_topic(std::string_view prefix, std::string_view topic) {
    const auto refused = [&] {
        return fail(Code::invalid,
                    "\"{}\" is no discovery topic: {}/COMPONENT/[NODE_ID/]OBJECT_ID/config, with "
                    "letters, digits, _ and - only",
                    printable(topic, 120), prefix);
    };
    if (!topic.starts_with(prefix) || topic.size() <= prefix.size() || topic[prefix.size()] != '/')
        return refused();
    const std::vector<std::string_view> levels = split(topic.substr(prefix.size() + 1), '/');
    const bool good = (levels.size() == 3 || levels.size() == 4) && levels.back() == "config" &&
                      std::ranges::all_of(levels, is_id);
    if (!good) return refused();
    DiscoveryTopic parsed;
    parsed.component = levels[0];
    if (levels.size() == 4) parsed.node_id = levels[1];
    parsed.object_id = levels[levels.size() - 2];
    return parsed;
}

Result<Announcement> parse_announcement(const DiscoveryTopic& topic, std::string_view payload,
                                        const Limits& limits) {
    auto config = parse_json(payload, {.bytes = limits.config_bytes, .depth = 16});
    if (!config) return fail(config);
    if (!config->is_map()) return fail(Code::invalid, "a discovery message must be a JSON map");
    expand_abbreviations(*config);
    Announcement announcement;
    if (asks_to_migrate(*config)) {
        announcement.migrate = true;
        return announcement;
    }
    auto device = read_device(config->at("device"));
    if (!device) return fail(device);
    announcement.device = std::move(*device);
    if (topic.is_device_form()) {
        if (announcement.device.ids.empty())
            return fail(Code::invalid, "the device form needs a device with identifiers");
        const auto read = read_components(announcement, *config->as_map(), limits);
        if (!read) return std::unexpected(read.error());
        return announcement;
    }
    ComponentConfig component;
    component.platform = topic.component;
    component.object_id = topic.object_id;
    component.options = std::move(*config->as_map());
    const auto completed = complete(component);
    if (!completed) return std::unexpected(completed.error());
    announcement.components.push_back(std::move(component));
    return announcement;
}

} // namespace hearth::mqtt_discovery
