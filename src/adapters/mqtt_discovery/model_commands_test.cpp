#include "adapters/mqtt_discovery/test_models.h"

#include <cmath>

/// Every model of a file of real devices: what it would be told.
namespace hearth::mqtt_discovery {
namespace {

using testing::Findings;
using testing::Model;
using testing::ModelMessage;
using testing::TestHome;

struct ModelCommands : testing::ModelsTest {};

/// A value that an attribute can be asked for.
Value wish(const home::AttributeSpec& spec) {
    using catalog::AttributeType;
    if (spec.type == AttributeType::boolean) return true;
    if (spec.type == AttributeType::enumeration) return spec.options.front();
    if (spec.type == AttributeType::text) return "hello";
    if (spec.path.text.ends_with("cover.position")) return 100;
    const double low = spec.min.value_or(0);
    const double high = spec.max.value_or(low + 100);
    return std::max(low, std::floor((low + high) / 2));
}

/// The topics that a device takes commands on.
bool is_command_topic(const Model& model, std::string_view topic) {
    for (const ModelMessage& message : model.discovery)
        for (const auto& [option, value] : *message.config.as_map())
            if (option.ends_with("command_topic") || option == "set_position_topic")
                if (value.string_or("") == topic) return true;
    return false;
}

/// Whether the payload is of the form that the component's documentation gives; "" or what is
/// wrong.
std::string fault_of(const ModelMessage& message, const Value& wanted, const std::string& payload) {
    const auto is = [&](std::string_view component) { return message.component == component; };
    if (is("select") || is("text"))
        return payload == wanted.string_or("") ? "" : "is not the option itself";
    if (is("number")) {
        double number = 0;
        return parse_number(payload, number) ? "" : "is no number";
    }
    if (is("light")) {
        const auto json = parse_json(payload);
        return json && json->at("state").is_string() ? "" : "is no JSON with a state";
    }
    if (is("switch") && message.config.at("payload_on").is_string())
        return payload == message.text("payload_on") ? "" : "is not payload_on";
    if (is("lock"))
        return payload == "LOCK" || payload == message.text("payload_lock") ? ""
                                                                            : "is no lock word";
    if (is("button")) {
        const bool good = message.config.at("payload_press").is_null() ||
                          payload == message.text("payload_press");
        return good ? "" : "is not payload_press";
    }
    return payload.empty() ? "is empty" : "";
}

const ModelMessage* message_of(const Model& model, const Value& sources, std::string_view path) {
    for (const Value& line : *sources.as_list()) {
        if (line.at("path") != Value(path) || line.at("command_topic").is_null()) continue;
        for (const ModelMessage& message : model.discovery)
            if (line.at("discovery") == Value(message.topic)) return &message;
    }
    return nullptr;
}

void check_command(const Model& model, const home::AttributeSpec& spec, TestHome& hub,
                   Findings& findings) {
    const std::string& path = spec.path.text;
    const Value wanted = wish(spec);
    std::vector<std::pair<std::string, Value>> wishes{{path, wanted}};
    // Half a colour is none: a lamp that has told no colour yet is asked for both.
    if (path.ends_with("color.x")) wishes.emplace_back(path.substr(0, path.size() - 1) + "y", 0.3);
    if (path.ends_with("color.y")) return;
    const std::vector<std::string> lines = hub.ask(wishes);
    const std::string about = path + "=" + to_json(wanted) + ": ";
    if (lines.empty() || lines[0].starts_with("refused: "))
        return findings.add(model, about + (lines.empty() ? hub.settlement() : lines[0]));
    const std::size_t space = lines[0].find(' ');
    const std::string topic = lines[0].substr(0, space);
    const std::string payload = lines[0].substr(space + 1);
    if (!is_command_topic(model, topic))
        findings.add(model, about + topic + " is none of its command topics");
    const ModelMessage* message = message_of(model, hub.adapter.sources(*hub.only()), path);
    if (message == nullptr) return findings.add(model, about + "nothing says where it goes");
    const std::string fault = fault_of(*message, wanted, payload);
    if (!fault.empty()) findings.add(model, about + payload + " " + fault);
}

TEST_F(ModelCommands, a_command_for_each_settable_attribute_goes_out_on_its_topic_in_its_format) {
    std::size_t commands = 0;
    for (const Model& model : all()) {
        TestHome hub;
        testing::announce(hub, model.discovery);
        if (hub.only() == nullptr) continue;
        testing::tell(hub, model, testing::state_of(model));
        std::vector<home::AttributeSpec> settable;
        for (const home::Attribute& attribute : hub.only()->attributes)
            if (attribute.spec->writable) settable.push_back(*attribute.spec);
        for (const home::AttributeSpec& spec : settable)
            check_command(model, spec, hub, findings);
        commands += settable.size();
    }
    RecordProperty("commands", static_cast<int>(commands));
    EXPECT_GT(commands, all().size()) << "else this test proves nothing";
}

} // namespace
} // namespace hearth::mqtt_discovery
