#include "adapters/mqtt_discovery/channels.h"
#include "adapters/mqtt_discovery/components.h"
#include "adapters/mqtt_discovery/naming.h"

#include <algorithm>
#include <cmath>

/// https://www.home-assistant.io/integrations/fan.mqtt/
namespace hearth::mqtt_discovery {
namespace {

/// A fan whose speed 0 is off, as its documentation wants.
class Fan final : public ChannelEntity {
public:
    Fan(std::vector<Channel> channels, double lowest)
        : ChannelEntity(std::move(channels))
        , lowest_(lowest) {}

    Result<void> encode(const Asked& asked, Outbox& outbox) const override {
        for (const auto& [offer, value] : asked.asks) {
            const bool speed = channel(offer).offer.spec.path.text == "fan.speed";
            Result<void> sent = !speed                   ? send(offer, value, outbox)
                                : value.number_or(0) > 0 ? send_speed(offer, value, outbox)
                                                         : send(0, Value(false), outbox);
            if (!sent) return sent;
        }
        return {};
    }

private:
    /// However slow it is asked to turn, it is asked to turn.
    Result<void> send_speed(std::size_t offer, const Value& value, Outbox& outbox) const {
        const NumberCodec& codec = std::get<NumberCodec>(channel(offer).codec);
        const double slowest = lowest_ * codec.factor + codec.offset;
        return send(offer, number_value(std::max(value.number_or(0), slowest)), outbox);
    }

    double lowest_;
};

void add_power(ChannelBuilder& channels) {
    ConfigReader& config = channels.config();
    Offer offer = catalog_offer("on_off.on");
    const Identity& identity = channels.identity();
    offer.claim = identity.main ? Claim::likely : claim_of(identity.object, "on_off.on");
    SwitchCodec codec;
    codec.on = codec.send_on = config.text("payload_on", "ON");
    codec.off = codec.send_off = config.text("payload_off", "OFF");
    channels.add(std::move(offer), std::move(codec),
                 {"state_topic", "state_value_template", "command_topic", "command_template"});
}

/// Steps LOW…HIGH stand for equal shares of 100 %; the step below LOW is standing still.
double add_speed(ChannelBuilder& channels) {
    ConfigReader& config = channels.config();
    const double low = config.number("speed_range_min", 1);
    const double high = config.number("speed_range_max", 100);
    if (low >= high)
        config.refuse({Code::invalid, "speed_range_min must be less than speed_range_max"});
    const double share = 100 / std::max(1.0, high - low + 1);
    Offer offer = catalog_offer("fan.speed");
    offer.spec.tolerance = half_step(share) + 0.1;
    offer.claim = Claim::likely;
    NumberCodec codec{.factor = share, .offset = -(low - 1) * share, .decimals = 1};
    codec.min = 0;
    codec.max = 100;
    codec.step = 1;
    codec.reset = config.text("payload_reset_percentage", "None");
    channels.add(std::move(offer), std::move(codec),
                 {"percentage_state_topic", "percentage_value_template", "percentage_command_topic",
                  "percentage_command_template"});
    return low;
}

void add_preset(ChannelBuilder& channels) {
    ConfigReader& config = channels.config();
    Offer offer = catalog_offer("fan.mode");
    offer.claim = Claim::likely;
    WordsCodec codec = same_words(config.texts("preset_modes"));
    if (codec.words.empty()) return;
    codec.reset = config.text("payload_reset_preset_mode", "None");
    narrow_to(offer, codec);
    channels.add(std::move(offer), std::move(codec),
                 {"preset_mode_state_topic", "preset_mode_value_template",
                  "preset_mode_command_topic", "preset_mode_command_template"});
}

void add_oscillation(ChannelBuilder& channels) {
    ConfigReader& config = channels.config();
    Offer offer = catalog_offer("fan.oscillating");
    offer.claim = Claim::likely;
    SwitchCodec codec;
    codec.on = codec.send_on = config.text("payload_oscillation_on", "oscillate_on");
    codec.off = codec.send_off = config.text("payload_oscillation_off", "oscillate_off");
    channels.add(std::move(offer), std::move(codec),
                 {"oscillation_state_topic", "oscillation_value_template",
                  "oscillation_command_topic", "oscillation_command_template"});
}

void add_direction(ChannelBuilder& channels) {
    Offer offer = catalog_offer("fan.direction");
    offer.claim = Claim::likely;
    const WordsCodec codec = same_words({"forward", "reverse"});
    channels.add(std::move(offer), codec,
                 {"direction_state_topic", "direction_value_template", "direction_command_topic",
                  "direction_command_template"});
}

} // namespace

MadeEntity make_fan(const Identity& identity, ConfigReader& config) {
    config.require(config.has("command_topic"), "command_topic");
    ChannelBuilder channels(identity, config);
    add_power(channels);
    const double lowest = add_speed(channels);
    add_preset(channels);
    add_oscillation(channels);
    add_direction(channels);
    return std::make_unique<Fan>(channels.take(), lowest);
}

} // namespace hearth::mqtt_discovery
