#include "adapters/mqtt_discovery/channels.h"
#include "adapters/mqtt_discovery/components.h"
#include "adapters/mqtt_discovery/naming.h"

#include <algorithm>
#include <array>

/// https://www.home-assistant.io/integrations/switch.mqtt/
namespace hearth::mqtt_discovery {
namespace {

/// "relay", "relay2", "switch_1", "power_l2", and "state" with whatever follows: "state_left".
bool is_relay_name(std::string_view key) {
    constexpr auto words = std::to_array<std::string_view>(
        {"channel", "gang", "light", "on", "on_off", "outlet", "output", "plug", "power", "relay",
         "socket", "state", "switch"});
    const auto is_channel = [](std::string_view rest) {
        if (rest.starts_with('_')) rest.remove_prefix(1);
        if (!rest.empty() && rest[0] >= 'a' && rest[0] <= 'z') rest.remove_prefix(1);
        return std::ranges::all_of(rest, [](char c) { return c >= '0' && c <= '9'; });
    };
    return std::ranges::any_of(words, [&](std::string_view word) {
        if (!key.starts_with(word)) return false;
        const std::string_view rest = key.substr(word.size());
        return is_channel(rest) || (word == "state" && rest.starts_with('_'));
    });
}

/// Whether a switch turns the device on and off, and is not one of its settings ("child lock").
/// Devices tell the two apart by category; where they do not, a field of its own name in a message
/// that the whole device shares is a setting, while a relay has the word for one (in the message
/// or in its own name), is the device's main feature or has a topic to itself.
bool is_relay(const Identity& identity, const std::string& device_class) {
    if (!identity.is_plain()) return false;
    return identity.main || device_class == "outlet" || identity.place.empty() ||
           is_relay_name(identity.place) || is_relay_name(identity.object);
}

} // namespace

MadeEntity make_switch(const Identity& identity, ConfigReader& config) {
    config.require(config.has("command_topic"), "command_topic");
    ChannelBuilder channels(identity, config);
    const bool relay = is_relay(identity, config.text("device_class"));
    Offer offer = relay ? catalog_offer("on_off.on")
                        : untyped_offer(identity.key(), catalog::AttributeType::boolean);
    if (relay) offer.claim = claim_of(identity.key(), "on_off.on");
    SwitchCodec codec;
    codec.send_on = config.text("payload_on", "ON");
    codec.send_off = config.text("payload_off", "OFF");
    codec.on = config.text("state_on", codec.send_on);
    codec.off = config.text("state_off", codec.send_off);
    channels.add(std::move(offer), std::move(codec),
                 {"state_topic", "value_template", "command_topic", "command_template"});
    return std::make_unique<ChannelEntity>(channels.take());
}

} // namespace hearth::mqtt_discovery
