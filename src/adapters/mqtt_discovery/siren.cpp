#include "adapters/mqtt_discovery/channels.h"
#include "adapters/mqtt_discovery/components.h"
#include "adapters/mqtt_discovery/naming.h"
#include "base/json.h"

/// https://www.home-assistant.io/integrations/siren.mqtt/
namespace hearth::mqtt_discovery {
namespace {

class Siren final : public ChannelEntity {
public:
    Siren(std::vector<Channel> channels, SharedTemplate off_template)
        : ChannelEntity(std::move(channels))
        , off_template_(std::move(off_template)) {}

    /// A state may come as JSON with the tone beside it.
    void decode(std::size_t reading, const Value& value, Report& report) const override {
        const std::string* text = value.as_string();
        if (text != nullptr && text->starts_with('{')) {
            const auto json = parse_json(*text, {.bytes = 4096, .depth = 4, .values = 100});
            return tell(reading, json ? *json : value, report);
        }
        tell(reading, value, report);
    }

    Result<void> encode(const Asked& asked, Outbox& outbox) const override {
        for (const auto& [offer, value] : asked.asks) {
            const Channel& power = channel(offer);
            const auto payload = to_device(power.codec, value);
            if (!payload) return std::unexpected(payload.error());
            const bool off = !value.bool_or(true);
            const auto sent = outbox.publish(
                power.command_topic,
                off && off_template_ != nullptr ? off_template_ : power.command_template,
                {{"value", *payload}, {"state", *payload}}, to_json(ValueMap{{"state", *payload}}));
            if (!sent) return sent;
        }
        return {};
    }

private:
    void tell(std::size_t reading, const Value& message, Report& report) const {
        const Value* state = message.is_map() ? message.find("state") : &message;
        if (state != nullptr) ChannelEntity::decode(reading, *state, report);
    }

    SharedTemplate off_template_;
};

} // namespace

MadeEntity make_siren(const Identity& identity, ConfigReader& config) {
    ChannelBuilder channels(identity, config);
    Offer offer = catalog_offer("on_off.on");
    offer.claim = identity.main ? Claim::likely : claim_of(identity.object, "on_off.on");
    SwitchCodec codec;
    codec.send_on = config.text("payload_on", "ON");
    codec.send_off = config.text("payload_off", "OFF");
    codec.on = config.text("state_on", codec.send_on);
    codec.off = config.text("state_off", codec.send_off);
    SharedTemplate off_template = config.compiled("command_off_template");
    channels.add(std::move(offer), std::move(codec),
                 {"state_topic",
                  config.has("state_value_template") ? "state_value_template" : "value_template",
                  "command_topic", "command_template"});
    return std::make_unique<Siren>(channels.take(), std::move(off_template));
}

} // namespace hearth::mqtt_discovery
