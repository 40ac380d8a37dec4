#include "adapters/mqtt_discovery/channels.h"
#include "adapters/mqtt_discovery/components.h"
#include "adapters/mqtt_discovery/naming.h"

/// What hearth has no words for stays usable as untyped attributes: valves with their commands, and
/// any other component as far as it has a topic to read or to set.
namespace hearth::mqtt_discovery {
namespace {

/// A component whose states and commands are different words.
class TwoWords final : public ChannelEntity {
public:
    TwoWords(std::vector<Channel> channels, WordsCodec commands)
        : ChannelEntity(std::move(channels))
        , commands_(std::move(commands)) {}

    Result<void> encode(const Asked& asked, Outbox& outbox) const override {
        for (const auto& [offer, value] : asked.asks) {
            const Channel& which = channel(offer);
            const bool worded = std::holds_alternative<WordsCodec>(which.codec);
            const auto payload = to_device(worded ? Codec(commands_) : which.codec, value);
            if (!payload)
                return fail(Code::refused, "it can not be asked to be \"{}\"", value.string_or(""));
            const auto sent = outbox.publish(which.command_topic, which.command_template,
                                             {{"value", *payload}}, python_text(*payload));
            if (!sent) return sent;
        }
        return {};
    }

private:
    WordsCodec commands_;
};

constexpr ChannelBuilder::Names names{"state_topic", "value_template", "command_topic",
                                      "command_template"};

} // namespace

MadeEntity make_valve(const Identity& identity, ConfigReader& config) {
    ChannelBuilder channels(identity, config);
    if (config.flag("reports_position", false)) {
        Offer offer = untyped_offer("valve_position", catalog::AttributeType::number);
        const double closed = config.number("position_closed", 0);
        const double open = config.number("position_open", 100);
        if (closed == open) config.refuse({Code::invalid, "position_open equals position_closed"});
        offer.spec.unit = "%";
        offer.spec.min = 0;
        offer.spec.max = 100;
        const double factor = 100 / (open == closed ? 1 : open - closed);
        offer.spec.tolerance = half_step(factor);
        channels.add(std::move(offer),
                     NumberCodec{.factor = factor, .offset = -closed * factor, .step = 1}, names);
        return std::make_unique<ChannelEntity>(channels.take());
    }
    WordsCodec states{{{config.text("state_open", "open"), "open"},
                       {config.text("state_closed", "closed"), "closed"},
                       {config.text("state_opening", "opening"), "opening"},
                       {config.text("state_closing", "closing"), "closing"}},
                      {}};
    WordsCodec commands{{{config.text("payload_open", "OPEN"), "open"},
                         {config.text("payload_close", "CLOSE"), "closed"}},
                        {}};
    Offer offer = untyped_offer("valve_state", catalog::AttributeType::enumeration);
    narrow_to(offer, states);
    channels.add(std::move(offer), std::move(states), names);
    return std::make_unique<TwoWords>(channels.take(), std::move(commands));
}

MadeEntity make_other(const Identity& identity, ConfigReader& config) {
    ChannelBuilder channels(identity, config);
    Offer offer = untyped_offer(identity.key(), catalog::AttributeType::text);
    offer.flexible = config.has("state_topic") && !config.has("command_topic");
    const TextCodec codec{.typed = offer.flexible, .reset = {}};
    channels.add(std::move(offer), codec, names);
    return std::make_unique<ChannelEntity>(channels.take());
}

} // namespace hearth::mqtt_discovery
