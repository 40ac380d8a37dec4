#include "adapters/mqtt_discovery/test_models.h"

#include <cmath>
#include <random>
#include <set>

/// Every model of a file of real devices: what Zigbee2MQTT announces for it, what it would tell,
/// and what it would be told.
namespace hearth::mqtt_discovery {
namespace {

using testing::Findings;
using testing::Model;
using testing::ModelMessage;
using testing::TestHome;

struct Models : testing::ModelsTest {};

/// All that a page or a rule sees of a device, as text.
std::string shape(const home::Device& device) {
    std::string text = device.name() + " " + device.type;
    for (const home::Attribute& attribute : device.attributes) {
        const home::AttributeSpec& spec = *attribute.spec;
        text +=
            fmt::format("\n{} {} {} {} {} {}{}{} {}", spec.path.text, static_cast<int>(spec.type),
                        spec.unit, spec.min.value_or(-1e9), spec.max.value_or(1e9), spec.writable,
                        spec.command, spec.answers, spec.tolerance);
        for (const std::string& option : spec.options)
            text += "," + option;
    }
    return text;
}

std::string first_difference(const std::string& a, const std::string& b) {
    const auto left = split(a, '\n');
    const auto right = split(b, '\n');
    for (std::size_t i = 0; i < std::min(left.size(), right.size()); ++i)
        if (left[i] != right[i]) return std::string(left[i]) + " | " + std::string(right[i]);
    return fmt::format("{} or {} attributes", left.size(), right.size());
}

TEST_F(Models, each_becomes_one_device_of_a_type_without_a_refusal) {
    for (const Model& model : all()) {
        if (model.discovery.empty()) continue;
        TestHome hub;
        testing::announce(hub, model.discovery);
        if (hub.only() == nullptr)
            findings.add(model, fmt::format("{} devices", hub.home.devices().size()));
        else if (hub.only()->type == "unknown" && model.discovery.size() > 2)
            findings.add(model, "is of no known type");
        if (hub.refusals.total() > 0) findings.add(model, hub.last_refusal());
        std::set<std::string> topics; // of two messages on one topic the later counts
        for (const ModelMessage& message : model.discovery)
            topics.insert(message.topic);
        if (hub.adapter.counts().components != topics.size())
            findings.add(model, "some of its components are missing");
    }
}

TEST_F(Models, each_is_the_same_in_whatever_order_its_messages_come) {
    std::mt19937 random(20'241'127); // fixed: a failure can be repeated
    for (const Model& model : all()) {
        TestHome in_order;
        testing::announce(in_order, model.discovery);
        std::vector<ModelMessage> messages = model.discovery;
        std::ranges::shuffle(messages, random);
        TestHome shuffled;
        testing::announce(shuffled, messages);
        if (in_order.only() == nullptr || shuffled.only() == nullptr) continue;
        const std::string expected = shape(*in_order.only());
        const std::string found = shape(*shuffled.only());
        if (expected != found) findings.add(model, first_difference(expected, found));
    }
}

// --- States ------------------------------------------------------------------------------------

/// The attributes that a component tells, by what reads them.
const home::Attribute* told_by(TestHome& hub, const std::string& topic, std::string_view source) {
    const Value sources = hub.adapter.sources(*hub.only());
    for (const Value& line : *sources.as_list())
        if (line.at("discovery") == Value(topic) && line.at("template") == Value(source))
            return hub.only()->find(line.at("path").string_or(""));
    return nullptr;
}

/// What an attribute must hold for this message, where that is plain to see; else nothing.
std::optional<Value> expected_value(const ModelMessage& message, const Value& told,
                                    const home::AttributeSpec& spec) {
    const auto is = [&](std::string_view component) { return message.component == component; };
    if (is("select") || is("text")) return told.is_string() ? told : Value(to_json(told));
    if (is("number")) return told;
    if (is("sensor") && told.is_number() && message.text("unit_of_measurement") == spec.unit)
        return told;
    if (is("binary_sensor") || is("switch")) {
        const bool reversed = told == message.config.at("payload_off");
        const Value& on =
            message.config.at(message.config.at("state_on").is_null() ? "payload_on" : "state_on");
        return Value(!reversed && (told == on || on.is_null()));
    }
    return std::nullopt;
}

/// Numbers come rounded to what a decimal fraction of a device can mean.
bool is_same(const Value& a, const Value& b) {
    if (a.is_number() && b.is_number()) return std::abs(a.number_or(0) - b.number_or(0)) < 1e-6;
    return a == b;
}

void check_state(const Model& model, const ValueMap& state, TestHome& hub, Findings& findings) {
    for (const ModelMessage& message : model.discovery)
        for (const auto& [option, source] : *message.config.as_map()) {
            if (!option.ends_with("template") || !source.is_string()) continue;
            if (option == "json_attributes_template") continue;
            const Value* told = state.find(testing::picked_key(*source.as_string()));
            if (told == nullptr || is_nothing(*told)) continue; // "unknown", "None"
            const home::Attribute* attribute = told_by(hub, message.topic, *source.as_string());
            if (attribute == nullptr) continue; // a part that hearth has no word for
            const std::string& path = attribute->spec->path.text;
            if (attribute->reported.is_null())
                findings.add(model, fmt::format("{} stays empty at {}", path, to_json(*told)));
            const auto expected = expected_value(message, *told, *attribute->spec);
            if (expected && !is_same(attribute->reported, *expected))
                findings.add(model, fmt::format("{} is {} at {}", path,
                                                to_json(attribute->reported), to_json(*told)));
        }
}

void check_lights(const Model& model, TestHome& hub, Findings& findings) {
    const Value sources = hub.adapter.sources(*hub.only());
    for (const ModelMessage& message : model.discovery)
        for (const Value& line : *sources.as_list()) {
            if (message.component != "light" || line.at("discovery") != Value(message.topic))
                continue;
            const home::Attribute* attribute = hub.only()->find(line.at("path").string_or(""));
            const std::string& path = attribute->spec->path.text;
            if (path.ends_with("on_off.on") && attribute->reported != Value(true))
                findings.add(model, path + " is not on");
            const bool half = std::abs(attribute->reported.number_or(0) - 50) < 0.5;
            if (path.ends_with("level.percent") && !half)
                findings.add(model, path + " is not half: " + to_json(attribute->reported));
        }
}

TEST_F(Models, a_state_of_each_shows_in_its_twin_without_a_refusal) {
    for (const Model& model : all()) {
        TestHome hub;
        testing::announce(hub, model.discovery);
        if (hub.only() == nullptr) continue;
        const ValueMap state = testing::state_of(model);
        testing::tell(hub, model, state);
        for (const Refusal& refusal : hub.refusals.list())
            findings.add(model, refusal.why);
        check_state(model, state, hub, findings);
        check_lights(model, hub, findings);
    }
}

} // namespace
} // namespace hearth::mqtt_discovery
