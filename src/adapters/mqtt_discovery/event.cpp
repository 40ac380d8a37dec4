#include "adapters/mqtt_discovery/channels.h"
#include "adapters/mqtt_discovery/components.h"
#include "adapters/mqtt_discovery/naming.h"
#include "base/json.h"
#include "base/text.h"

/// Presses and other events, which happen and are over: event, device_automation (triggers) and
/// tag. hearth keeps the last one as text. https://www.home-assistant.io/integrations/event.mqtt/,
/// device_trigger.mqtt and tag.mqtt.
namespace hearth::mqtt_discovery {
namespace {

class EventEntity final : public ChannelEntity {
public:
    using ChannelEntity::ChannelEntity;

    /// {"event_type": "single", …}, after the template as text.
    void decode(std::size_t reading, const Value& value, Report& report) const override {
        const std::string* text = value.as_string();
        if (text == nullptr) return tell(reading, value, report);
        if (is_nothing(value)) return;
        const auto json = parse_json(*text, {.bytes = 16'384, .depth = 8, .values = 1'000});
        tell(reading, json ? *json : Value(), report);
    }

private:
    void tell(std::size_t reading, const Value& event, Report& report) const {
        const Value& type = event.at("event_type");
        if (!type.is_string()) return report.problem("the event has no event_type");
        ChannelEntity::decode(reading, type, report);
    }
};

/// A reader tells which tag it has seen. An empty id is no tag, and the last one stays the last.
class TagEntity final : public ChannelEntity {
public:
    using ChannelEntity::ChannelEntity;

    void decode(std::size_t reading, const Value& value, Report& report) const override {
        if (!is_nothing(value)) ChannelEntity::decode(reading, value, report);
    }
};

} // namespace

MadeEntity make_event(const Identity& identity, ConfigReader& config) {
    config.require(config.has("state_topic"), "state_topic");
    config.require(config.has("event_types"), "event_types");
    ChannelBuilder channels(identity, config);
    const WordsCodec codec = same_words(config.texts("event_types"));
    Offer offer = untyped_offer(identity.object, catalog::AttributeType::enumeration);
    narrow_to(offer, codec);
    if (Channel* event =
            channels.add(std::move(offer), codec, {"state_topic", "value_template", "", ""}))
        event->ignore_kept = true;
    return std::make_unique<EventEntity>(channels.take());
}

MadeEntity make_device_automation(const Identity& identity, ConfigReader& config) {
    const std::string type = config.text("automation_type");
    if (type != "trigger")
        config.refuse({Code::invalid,
                       "automation_type must be trigger, not \"" + printable(type, 40) + "\""});
    config.require(config.has("topic"), "topic");
    ChannelBuilder channels(identity, config);
    // All triggers of one topic are one attribute: the last part of its name says what it is.
    const std::string topic = config.filter("topic");
    const std::size_t slash = topic.rfind('/');
    Offer offer = untyped_offer(short_slug(slash == topic.npos ? topic : topic.substr(slash + 1)),
                                catalog::AttributeType::text);
    if (Channel* trigger =
            channels.add(std::move(offer), TextCodec{}, {"topic", "value_template", "", ""}))
        trigger->ignore_kept = true;
    return std::make_unique<ChannelEntity>(channels.take());
}

MadeEntity make_tag(const Identity& identity, ConfigReader& config) {
    config.require(config.has("topic"), "topic");
    ChannelBuilder channels(identity, config);
    if (Channel* tag = channels.add(untyped_offer("tag", catalog::AttributeType::text), TextCodec{},
                                    {"topic", "value_template", "", ""}))
        tag->ignore_kept = true;
    return std::make_unique<TagEntity>(channels.take());
}

} // namespace hearth::mqtt_discovery
