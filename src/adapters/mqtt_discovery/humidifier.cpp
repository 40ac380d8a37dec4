#include "adapters/mqtt_discovery/channels.h"
#include "adapters/mqtt_discovery/components.h"

/// https://www.home-assistant.io/integrations/humidifier.mqtt/
namespace hearth::mqtt_discovery {

MadeEntity make_humidifier(const Identity& identity, ConfigReader& config) {
    config.require(config.has("command_topic"), "command_topic");
    config.require(config.has("target_humidity_command_topic"), "target_humidity_command_topic");
    ChannelBuilder channels(identity, config);
    Offer power = catalog_offer("on_off.on");
    power.claim = Claim::likely;
    SwitchCodec on;
    on.on = on.send_on = config.text("payload_on", "ON");
    on.off = on.send_off = config.text("payload_off", "OFF");
    channels.add(std::move(power), std::move(on),
                 {"state_topic", "state_value_template", "command_topic", "command_template"});
    Offer target = catalog_offer("thermostat.target_humidity");
    target.spec.min = config.number("min_humidity", 0);
    target.spec.max = config.number("max_humidity", 100);
    target.spec.tolerance = half_step(1);
    NumberCodec humidity{.step = 1};
    humidity.reset = config.text("payload_reset_humidity", "None");
    channels.add(std::move(target), std::move(humidity),
                 {"target_humidity_state_topic", "target_humidity_state_template",
                  "target_humidity_command_topic", "target_humidity_command_template"});
    WordsCodec modes = same_words(config.texts("modes"));
    if (!modes.words.empty()) {
        modes.reset = config.text("payload_reset_mode", "None");
        Offer mode = catalog_offer("fan.mode");
        narrow_to(mode, modes);
        channels.add(std::move(mode), std::move(modes),
                     {"mode_state_topic", "mode_state_template", "mode_command_topic",
                      "mode_command_template"});
    }
    channels.add(catalog_offer("humidity.percent"), NumberCodec{},
                 {"current_humidity_topic", "current_humidity_template", "", ""});
    channels.add(untyped_offer("action", catalog::AttributeType::text), TextCodec{},
                 {"action_topic", "action_template", "", ""});
    return std::make_unique<ChannelEntity>(channels.take());
}

} // namespace hearth::mqtt_discovery
