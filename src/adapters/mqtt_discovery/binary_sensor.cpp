#include "adapters/mqtt_discovery/channels.h"
#include "adapters/mqtt_discovery/components.h"
#include "adapters/mqtt_discovery/measures.h"
#include "adapters/mqtt_discovery/naming.h"

/// https://www.home-assistant.io/integrations/binary_sensor.mqtt/
namespace hearth::mqtt_discovery {

MadeEntity make_binary_sensor(const Identity& identity, ConfigReader& config) {
    config.require(config.has("state_topic"), "state_topic");
    ChannelBuilder channels(identity, config);
    const std::string_view path = binary_path(config.text("device_class"));
    Offer offer = path.empty() ? untyped_offer(identity.key(), catalog::AttributeType::boolean)
                               : catalog_offer(path);
    if (!path.empty()) offer.claim = claim_of(identity.key(), path);
    SwitchCodec codec;
    codec.on = config.text("payload_on", "ON");
    codec.off = config.text("payload_off", "OFF");
    channels.add(std::move(offer), std::move(codec), {"state_topic", "value_template", "", ""});
    return std::make_unique<ChannelEntity>(channels.take());
}

} // namespace hearth::mqtt_discovery
