#include "adapters/mqtt_discovery/channels.h"
#include "adapters/mqtt_discovery/components.h"
#include "adapters/mqtt_discovery/measures.h"
#include "adapters/mqtt_discovery/naming.h"

/// https://www.home-assistant.io/integrations/sensor.mqtt/
namespace hearth::mqtt_discovery {
namespace {

constexpr ChannelBuilder::Names names{"state_topic", "value_template", "", ""};

/// Temperatures of a device's own inside say nothing about the room it stands in.
bool is_inside(const Identity& identity, std::string_view path) {
    return identity.diagnostic && (path == "temperature.celsius" || path == "humidity.percent");
}

void add_measured(ChannelBuilder& channels, const Measure& measure) {
    const Identity& identity = channels.identity();
    Offer offer = catalog_offer(measure.path);
    offer.claim = is_inside(identity, measure.path) ? Claim::internal
                                                    : claim_of(identity.key(), measure.path);
    NumberCodec codec{.factor = measure.factor, .offset = measure.offset};
    // A battery at 100.4 % is full; a humidity of 101 % is the sensor's error, not the room's.
    if (offer.spec.unit == "%" && offer.spec.min == 0.0) {
        codec.min = 0;
        codec.max = 100;
    }
    channels.add(std::move(offer), codec, names);
}

void add_untyped(ChannelBuilder& channels, std::string_view unit, std::string_view device_class) {
    ConfigReader& config = channels.config();
    const std::string& key = channels.identity().key();
    const std::vector<std::string> options = config.texts("options");
    const bool number =
        !unit.empty() || config.has("state_class") || config.has("suggested_display_precision");
    if (!options.empty() && !number) {
        Offer offer = untyped_offer(key, catalog::AttributeType::enumeration);
        const WordsCodec codec = same_words(options);
        narrow_to(offer, codec);
        channels.add(std::move(offer), codec, names);
    } else if (number) {
        Offer offer = untyped_offer(key, catalog::AttributeType::number);
        offer.spec.unit = unit;
        channels.add(std::move(offer), NumberCodec{}, names);
    } else {
        Offer offer = untyped_offer(key, catalog::AttributeType::text);
        const bool text = device_class == "timestamp" || device_class == "date";
        offer.flexible = !text;
        channels.add(std::move(offer), TextCodec{.typed = !text, .reset = {}}, names);
    }
}

} // namespace

MadeEntity make_sensor(const Identity& identity, ConfigReader& config) {
    config.require(config.has("state_topic"), "state_topic");
    ChannelBuilder channels(identity, config);
    const std::string device_class = config.text("device_class");
    const std::string unit = config.text("unit_of_measurement");
    if (const auto measure = measure_of(device_class, unit, identity.key()))
        add_measured(channels, *measure);
    else
        add_untyped(channels, unit, device_class);
    return std::make_unique<ChannelEntity>(channels.take());
}

} // namespace hearth::mqtt_discovery
