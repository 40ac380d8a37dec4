#include "adapters/mqtt_discovery/channels.h"
#include "adapters/mqtt_discovery/components.h"
#include "base/json.h"
#include "base/text.h"

/// Firmware: https://www.home-assistant.io/integrations/update.mqtt/
namespace hearth::mqtt_discovery {
namespace {

class Update final : public Entity {
public:
    Update(std::string state_topic, SharedTemplate value_template, std::string command_topic,
           std::string payload)
        : state_topic_(std::move(state_topic))
        , value_template_(std::move(value_template))
        , command_topic_(std::move(command_topic))
        , payload_(std::move(payload)) {}

    std::vector<Offer> offers() const override;
    std::vector<Reading> readings() const override {
        if (state_topic_.empty()) return {};
        return {{state_topic_, value_template_}};
    }
    void decode(std::size_t reading, const Value& value, Report& report) const override;
    Result<void> encode(const Asked& asked, Outbox& outbox) const override;

private:
    enum Index : std::size_t { installed, latest, available, in_progress, install };

    std::string state_topic_;
    SharedTemplate value_template_;
    std::string command_topic_;
    std::string payload_;
};

std::vector<Offer> Update::offers() const {
    using catalog::AttributeType;
    std::vector<Offer> offers{untyped_offer("installed_version", AttributeType::text),
                              untyped_offer("latest_version", AttributeType::text),
                              untyped_offer("update_available", AttributeType::boolean),
                              untyped_offer("update_in_progress", AttributeType::boolean)};
    for (Offer& offer : offers) {
        offer.topic = state_topic_;
        if (value_template_ != nullptr) offer.source = value_template_->source();
    }
    if (command_topic_.empty()) return offers;
    Offer& start = offers.emplace_back(untyped_offer("install_update", AttributeType::boolean));
    start.command_topic = command_topic_;
    start.spec.command = true;
    start.spec.writable = true;
    start.spec.answers = false;
    return offers;
}

void Update::decode(std::size_t, const Value& value, Report& report) const {
    Value state = value;
    if (const std::string* text = value.as_string()) {
        auto json = parse_json(*text, {.bytes = 65'536, .depth = 8, .values = 1'000});
        // Plain text is the installed version alone.
        state = json && json->is_map() ? std::move(*json)
                                       : Value(ValueMap{{"installed_version", *text}});
    }
    const auto tell = [&](std::string_view key, Index offer) {
        const Value* version = state.find(key);
        if (version == nullptr) return;
        if (takes_back(*version))
            report.put(offer, Value());
        else if (!is_nothing(*version))
            report.put(offer, python_text(*version));
    };
    tell("installed_version", installed);
    tell("latest_version", latest);
    const Value& now = state.at("installed_version");
    const Value& newest = state.at("latest_version");
    if (!is_nothing(now) && !is_nothing(newest))
        report.put(available, Value(python_text(now) != python_text(newest)));
    if (state.at("in_progress").is_bool()) report.put(in_progress, state.at("in_progress"));
}

Result<void> Update::encode(const Asked&, Outbox& outbox) const {
    outbox.publish(command_topic_, payload_);
    return {};
}

} // namespace

MadeEntity make_update(const Identity&, ConfigReader& config) {
    config.require(config.has("state_topic") || config.has("command_topic"), "state_topic");
    std::string command_topic = config.topic("command_topic");
    if (!config.has("payload_install")) command_topic.clear(); // without it, it cannot install
    return std::make_unique<Update>(config.filter("state_topic"), config.compiled("value_template"),
                                    std::move(command_topic), config.text("payload_install"));
}

} // namespace hearth::mqtt_discovery
