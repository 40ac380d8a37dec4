#include "adapters/mqtt_discovery/channels.h"
#include "adapters/mqtt_discovery/components.h"
#include "adapters/mqtt_discovery/naming.h"

#include <cmath>

/// Settings of a device, which hearth has no words for: number, select, text; and button, scene,
/// which are done rather than kept. https://www.home-assistant.io/integrations/number.mqtt/ and so
/// on.
namespace hearth::mqtt_discovery {
namespace {

constexpr ChannelBuilder::Names names{"state_topic", "value_template", "command_topic",
                                      "command_template"};

MadeEntity made(ChannelBuilder& channels) {
    return std::make_unique<ChannelEntity>(channels.take());
}

/// Something to press: its payload never varies.
MadeEntity make_press(const Identity& identity, ConfigReader& config,
                      std::string_view payload_option, std::string_view payload) {
    config.require(config.has("command_topic"), "command_topic");
    ChannelBuilder channels(identity, config);
    Offer offer = catalog_offer("button.press");
    offer.claim = claim_of(identity.key(), "button.press");
    SwitchCodec codec;
    codec.send_on = codec.send_off = config.text(payload_option, payload);
    if (Channel* press = channels.add(std::move(offer), std::move(codec),
                                      {"", "", "command_topic", "command_template"}))
        press->offer.spec.answers = false;
    return made(channels);
}

} // namespace

MadeEntity make_number(const Identity& identity, ConfigReader& config) {
    config.require(config.has("command_topic"), "command_topic");
    ChannelBuilder channels(identity, config);
    Offer offer = untyped_offer(identity.key(), catalog::AttributeType::number);
    offer.spec.min = config.number("min", 1);
    offer.spec.max = config.number("max", 100);
    if (*offer.spec.min > *offer.spec.max)
        config.refuse({Code::invalid, "min is greater than max"});
    const double step = config.number("step", 1);
    if (step <= 0) config.refuse({Code::invalid, "step must be greater than 0"});
    offer.spec.unit = config.text("unit_of_measurement");
    offer.spec.tolerance = half_step(step);
    NumberCodec codec{.step = step, .step_from = *offer.spec.min};
    codec.reset = config.text("payload_reset");
    channels.add(std::move(offer), std::move(codec), names);
    return made(channels);
}

MadeEntity make_select(const Identity& identity, ConfigReader& config) {
    config.require(config.has("command_topic"), "command_topic");
    config.require(config.has("options"), "options");
    ChannelBuilder channels(identity, config);
    WordsCodec codec = same_words(config.texts("options"));
    codec.reset = "none";
    Offer offer = untyped_offer(identity.key(), catalog::AttributeType::enumeration);
    narrow_to(offer, codec);
    channels.add(std::move(offer), codec, names);
    return made(channels);
}

MadeEntity make_text(const Identity& identity, ConfigReader& config) {
    config.require(config.has("command_topic"), "command_topic");
    ChannelBuilder channels(identity, config);
    config.number("min", 0);
    config.number("max", 255);
    channels.add(untyped_offer(identity.key(), catalog::AttributeType::text), TextCodec{}, names);
    return made(channels);
}

MadeEntity make_button(const Identity& identity, ConfigReader& config) {
    return make_press(identity, config, "payload_press", "PRESS");
}

MadeEntity make_scene(const Identity& identity, ConfigReader& config) {
    return make_press(identity, config, "payload_on", "ON");
}

} // namespace hearth::mqtt_discovery
