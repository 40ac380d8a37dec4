#pragma once

#include "adapters/mqtt_discovery/test_home.h"
#include "base/json.h"
#include "base/text.h"
#include "base/value.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

/// What a file of Zigbee2MQTT's device models holds, for tests over all of them. One model a line:
/// {"vendor", "model", "exposes": […], "discovery": [{"topic", "payload"}, …]}.
namespace hearth::mqtt_discovery::testing {

struct ModelMessage {
    std::string topic;     ///< homeassistant/COMPONENT/ADDRESS/OBJECT/config
    std::string component; ///< "light", "sensor"…
    Value config;

    std::string payload() const { return to_json(config); }
    std::string text(std::string_view option) const {
        return std::string(config.at(option).string_or(""));
    }
};

struct Model {
    std::string name; ///< vendor and model
    ValueList exposes;
    std::vector<ModelMessage> discovery;
};

inline Model read_model(const std::string& line) {
    const auto parsed = parse_json(line, {.bytes = 16U << 20, .values = 1'000'000});
    if (!parsed) {
        ADD_FAILURE() << parsed.error().detail;
        return {};
    }
    Model model;
    model.name = std::string(parsed->at("vendor").string_or("")) + " " +
                 std::string(parsed->at("model").string_or(""));
    if (const ValueList* exposes = parsed->at("exposes").as_list()) model.exposes = *exposes;
    if (const ValueList* messages = parsed->at("discovery").as_list())
        for (const Value& message : *messages) {
            const std::string topic(message.at("topic").string_or(""));
            const auto levels = split(topic, '/');
            // No client can publish on a topic that has a wildcard in it.
            if (topic.find_first_of("+#") != topic.npos) continue;
            model.discovery.push_back(
                {topic, std::string(levels.size() > 1 ? levels[1] : ""), message.at("payload")});
        }
    return model;
}

/// The models of $HEARTH_DATA/zigbee2mqtt-models.ndjson.gz; none where it is not there.
inline std::vector<Model> read_models() {
    std::vector<Model> models;
    const char* folder = std::getenv("HEARTH_DATA");
    if (folder == nullptr) return models;
    const std::string file = std::string(folder) + "/zigbee2mqtt-models.ndjson.gz";
    if (!std::filesystem::exists(file) || file.contains('\'')) return models;
    std::FILE* pipe = popen(("gzip -dc '" + file + "'").c_str(), "r");
    char* line = nullptr;
    std::size_t room = 0;
    for (ssize_t length = getline(&line, &room, pipe); length > 0;
         length = getline(&line, &room, pipe))
        models.push_back(read_model(std::string(line, static_cast<std::size_t>(length))));
    std::free(line); // NOLINT: getline's
    EXPECT_EQ(pclose(pipe), 0) << file;
    return models;
}

inline bool can_be_read(const Value& expose) {
    return (expose.at("access").integer_or(1) & 1) != 0;
}

/// A value in the middle of a property's range, on its step. Of a chromaticity everybody knows the
/// range, so that models do not tell it.
inline Value number_of(const Value& expose) {
    const std::string_view property = expose.at("property").string_or("");
    if (property == "x" || property == "y") return 0.3;
    const double low = expose.at("value_min").number_or(0);
    const double high = expose.at("value_max").number_or(std::max(low, 0.0) + 20);
    const double step = expose.at("value_step").number_or(1);
    double number = low + std::floor((high - low) / 2 / step) * step;
    if (number < low) number = low;
    if (number == std::floor(number)) return {static_cast<std::int64_t>(number)};
    return {number};
}

inline Value value_of(const Value& expose) {
    const std::string_view type = expose.at("type").string_or("");
    if (type == "numeric") return number_of(expose);
    if (type == "binary") return expose.at("value_on");
    if (type == "text") return "hello";
    if (type == "enum") {
        const ValueList* values = expose.at("values").as_list();
        return values != nullptr && !values->empty() ? values->front() : Value();
    }
    if (type == "list") return ValueList{};
    if (type != "composite") return {};
    ValueMap inside;
    if (const ValueList* features = expose.at("features").as_list())
        for (const Value& feature : *features)
            inside.set(feature.at("property").string_or("?"), value_of(feature));
    return inside;
}

inline void add_state(const ValueList& exposes, ValueMap& state) {
    for (const Value& expose : exposes) {
        const ValueList* features = expose.at("features").as_list();
        const bool is_property = expose.at("property").is_string();
        if (is_property && can_be_read(expose)) {
            const std::string_view property = *expose.at("property").as_string();
            if (!state.contains(property)) state.set(property, value_of(expose));
        } else if (!is_property && features != nullptr) {
            add_state(*features, state); // a light, a switch, a cover… only groups its features
        }
    }
}

/// A state message as the device would send it, made from what its model exposes: each property
/// once, with a value that its range, its words or its kind allows.
inline ValueMap state_of(const Model& model) {
    ValueMap state;
    add_state(model.exposes, state);
    return state;
}

/// The part of a state that an endpoint of the device tells on a topic of its own: "state_l1" as
/// "state" on ".../l1".
inline ValueMap state_of_endpoint(const ValueMap& state, std::string_view endpoint) {
    ValueMap part;
    const std::string ending = "_" + std::string(endpoint);
    for (const auto& [key, value] : state)
        if (key.ends_with(ending)) part.set(key.substr(0, key.size() - ending.size()), value);
    return part;
}

/// The key of a template that only picks one value: `{{ value_json["KEY"] }}` or `.KEY`; else "".
inline std::string picked_key(std::string_view source) {
    source = trim(source);
    if (!source.starts_with("{{") || !source.ends_with("}}")) return {};
    source = trim(source.substr(2, source.size() - 4));
    if (!source.starts_with("value_json")) return {};
    source.remove_prefix(std::string_view("value_json").size());
    if (source.starts_with('.'))
        source.remove_prefix(1);
    else if (source.starts_with("[\"") && source.ends_with("\"]"))
        source = source.substr(2, source.size() - 4);
    else
        return {};
    const bool plain = source.find_first_of("[].|()\" ") == source.npos;
    return plain ? std::string(source) : std::string();
}

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

struct ModelsTest : ::testing::Test {
    static const std::vector<Model>& all() {
        static const std::vector<Model> models = read_models();
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

inline void announce(TestHome& hub, const std::vector<ModelMessage>& messages) {
    hub.start();
    for (const ModelMessage& message : messages)
        hub.broker.send(message.topic, message.payload());
    hub.settle();
}

/// Sends it on the device's topic, and the endpoints' parts of it on theirs.
inline void tell(TestHome& hub, const Model& model, const ValueMap& state) {
    std::set<std::string> topics;
    for (const ModelMessage& message : model.discovery)
        for (const auto& [option, topic] : *message.config.as_map())
            if (option.ends_with("state_topic")) topics.insert(std::string(topic.string_or("")));
    for (const std::string& topic : topics) {
        const auto levels = split(topic, '/');
        const bool whole = levels.size() == 2; // zigbee2mqtt/ADDRESS
        hub.broker.send(topic, to_json(whole ? state : state_of_endpoint(state, levels.back())));
    }
}

} // namespace hearth::mqtt_discovery::testing
