#include "adapters/mqtt_discovery/test_discovery.h"
#include "adapters/mqtt_discovery/test_models.h"

#include <cmath>
#include <random>
#include <set>

/// Every model of a file of real devices: what Zigbee2MQTT announces for it, what it would tell,
/// and what it would be told.
namespace hearth::mqtt_discovery {
namespace {

using testing::Model;
using testing::ModelMessage;
using testing::TestHome;

/// Collects what is wrong with each model, and shows the first of it.
class Findings {
public:
    void add(const Model& model, const std::string& what) {
        if (count_++ < 20) text_ += "\n" + model.name + ": " + what;
    }
    std::size_t count() const { return count_; }
    const std::string& text() const { return text_; }

private:
    std::size_t count_ = 0;
    std::string text_;
};

struct Models : ::testing::Test {
    static const std::vector<Model>& all() {
        static const std::vector<Model> models = testing::read_models();
        return models;
    }
    Findings findings;

    void SetUp() override {
        if (all().empty()) GTEST_SKIP() << "skipped: no data";
    }
    void TearDown() override {
        EXPECT_EQ(findings.count(), 0u)
            << findings.text() << "\n(of " << all().size() << " models)";
    }
};

void announce(TestHome& hub, const std::vector<ModelMessage>& messages) {
    hub.start();
    for (const ModelMessage& message : messages)
        hub.broker.send(message.topic, message.payload());
    hub.settle();
}

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
        announce(hub, model.discovery);
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
        announce(in_order, model.discovery);
        std::vector<ModelMessage> messages = model.discovery;
        std::ranges::shuffle(messages, random);
        TestHome shuffled;
        announce(shuffled, messages);
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

/// Sends it on the device's topic, and the endpoints' parts of it on theirs.
void tell(TestHome& hub, const Model& model, const ValueMap& state) {
    std::set<std::string> topics;
    for (const ModelMessage& message : model.discovery)
        for (const auto& [option, topic] : *message.config.as_map())
            if (option.ends_with("state_topic")) topics.insert(std::string(topic.string_or("")));
    for (const std::string& topic : topics) {
        const auto levels = split(topic, '/');
        const bool whole = levels.size() == 2; // zigbee2mqtt/ADDRESS
        hub.broker.send(topic,
                        to_json(whole ? state : testing::state_of_endpoint(state, levels.back())));
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
        announce(hub, model.discovery);
        if (hub.only() == nullptr) continue;
        const ValueMap state = testing::state_of(model);
        tell(hub, model, state);
        for (const Refusal& refusal : hub.refusals.list())
            findings.add(model, refusal.why);
        check_state(model, state, hub, findings);
        check_lights(model, hub, findings);
    }
}

// --- Commands ----------------------------------------------------------------------------------

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

TEST_F(Models, a_command_for_each_settable_attribute_goes_out_on_its_topic_in_its_format) {
    std::size_t commands = 0;
    for (const Model& model : all()) {
        TestHome hub;
        announce(hub, model.discovery);
        if (hub.only() == nullptr) continue;
        tell(hub, model, testing::state_of(model));
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
