#include "adapters/mqtt_discovery/channels.h"
#include "adapters/mqtt_discovery/components.h"

#include <algorithm>
#include <array>

/// https://www.home-assistant.io/integrations/lawn_mower.mqtt/
namespace hearth::mqtt_discovery {
namespace {

/// One thing that it can be told to do, on a topic of its own.
struct Errand {
    std::string_view word;    ///< hearth's
    std::string_view payload; ///< also `value` in its template
    std::string_view topic_option;
    std::string_view template_option;
};

constexpr auto errands = std::to_array<Errand>(
    {{"running", "start_mowing", "start_mowing_command_topic", "start_mowing_command_template"},
     {"paused", "pause", "pause_command_topic", "pause_command_template"},
     {"idle", "dock", "dock_command_topic", "dock_command_template"}});

/// A mower's activities in hearth's words, as those of a robot that cleans.
WordsCodec activities() {
    return {{{"mowing", "running"},
             {"docked", "idle"},
             {"paused", "paused"},
             {"returning", "returning"},
             {"error", "error"}},
            {}};
}

struct Command {
    std::string_view word;
    std::string payload;
    std::string_view topic_option;
    std::string topic;
    SharedTemplate command_template;
};

/// Beside its state it offers nothing; that it reads as others do, and writes by its own topics.
class LawnMower final : public ChannelEntity {
public:
    LawnMower(std::vector<Channel> channels, std::vector<Command> commands)
        : ChannelEntity(std::move(channels))
        , commands_(std::move(commands)) {}

    Result<void> encode(const Asked& asked, Outbox& outbox) const override {
        for (const auto& [offer, value] : asked.asks) {
            const auto command = std::ranges::find(commands_, value.string_or(""), &Command::word);
            if (command == commands_.end())
                return fail(Code::refused, "this mower can not be asked to be \"{}\"",
                            value.string_or(""));
            const auto sent = outbox.publish(command->topic, command->command_template,
                                             {{"value", command->payload}}, command->payload);
            if (!sent) return sent;
        }
        return {};
    }

private:
    std::vector<Command> commands_;
};

std::vector<Command> read_commands(ConfigReader& config) {
    std::vector<Command> commands;
    for (const Errand& errand : errands) {
        Command command{errand.word, std::string(errand.payload), errand.topic_option,
                        config.topic(errand.topic_option), config.compiled(errand.template_option)};
        if (!command.topic.empty()) commands.push_back(std::move(command));
    }
    return commands;
}

} // namespace

MadeEntity make_lawn_mower(const Identity& identity, ConfigReader& config) {
    ChannelBuilder channels(identity, config);
    std::vector<Command> commands = read_commands(config);
    // The channel knows one topic to command it on, the entity all of them.
    const std::string_view topic =
        commands.empty() ? std::string_view() : commands.front().topic_option;
    Offer offer = catalog_offer("operation.state");
    narrow_to(offer, activities());
    offer.claim = Claim::likely;
    channels.add(std::move(offer), activities(),
                 {"activity_state_topic", "activity_value_template", topic, ""});
    config.require(!channels.empty(), "activity_state_topic or a command topic");
    return std::make_unique<LawnMower>(channels.take(), std::move(commands));
}

} // namespace hearth::mqtt_discovery
