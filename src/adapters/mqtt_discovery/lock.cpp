#include "adapters/mqtt_discovery/channels.h"
#include "adapters/mqtt_discovery/components.h"

/// https://www.home-assistant.io/integrations/lock.mqtt/
namespace hearth::mqtt_discovery {
namespace {

class LockEntity final : public ChannelEntity {
public:
    LockEntity(std::vector<Channel> channels, WordsCodec commands)
        : ChannelEntity(std::move(channels))
        , commands_(std::move(commands)) {}

    /// What is asked for and what is reported are different words: "LOCK", "LOCKED".
    Result<void> encode(const Asked& asked, Outbox& outbox) const override {
        for (const auto& [offer, value] : asked.asks) {
            const auto payload = to_device(commands_, value);
            if (!payload)
                return fail(Code::refused, "this lock can not be asked to be {}",
                            value.string_or("?"));
            const auto sent =
                outbox.publish(channel(offer).command_topic, channel(offer).command_template,
                               {{"value", *payload}}, std::string(payload->string_or("")));
            if (!sent) return sent;
        }
        return {};
    }

private:
    WordsCodec commands_;
};

} // namespace

MadeEntity make_lock(const Identity& identity, ConfigReader& config) {
    config.require(config.has("command_topic"), "command_topic");
    ChannelBuilder channels(identity, config);
    WordsCodec states{{{config.text("state_locked", "LOCKED"), "locked"},
                       {config.text("state_unlocked", "UNLOCKED"), "unlocked"},
                       {config.text("state_locking", "LOCKING"), "locking"},
                       {config.text("state_unlocking", "UNLOCKING"), "unlocking"},
                       {config.text("state_jammed", "JAMMED"), "jammed"},
                       {config.text("state_open", "OPEN"), "open"},
                       {config.text("state_opening", "OPENING"), "unlocking"}},
                      config.text("payload_reset", "None")};
    WordsCodec commands{{{config.text("payload_lock", "LOCK"), "locked"},
                         {config.text("payload_unlock", "UNLOCK"), "unlocked"}},
                        {}};
    if (config.has("payload_open"))
        commands.words.emplace_back(config.text("payload_open"), "open");
    Offer offer = catalog_offer("lock.state");
    offer.claim = Claim::likely;
    channels.add(std::move(offer), std::move(states),
                 {"state_topic", "value_template", "command_topic", "command_template"});
    return std::make_unique<LockEntity>(channels.take(), std::move(commands));
}

} // namespace hearth::mqtt_discovery
