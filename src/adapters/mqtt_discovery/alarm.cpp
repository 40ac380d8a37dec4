#include "adapters/mqtt_discovery/channels.h"
#include "adapters/mqtt_discovery/components.h"

#include <utility>

/// Alarm panels: https://www.home-assistant.io/integrations/alarm_control_panel.mqtt/
namespace hearth::mqtt_discovery {
namespace {

/// For what a panel wants a code. One that names no `code` wants none, whatever else it says.
struct Codes {
    bool arm = false;
    bool disarm = false;
    bool trigger = false;

    bool wanted_for(std::string_view state) const {
        return state == "disarmed" ? disarm : state == "triggered" ? trigger : arm;
    }
};

std::string_view option_of(std::string_view state) {
    return state == "disarmed"    ? "code_disarm_required"
           : state == "triggered" ? "code_trigger_required"
                                  : "code_arm_required";
}

class AlarmPanel final : public ChannelEntity {
public:
    AlarmPanel(std::vector<Channel> channels, WordsCodec commands, Codes codes)
        : ChannelEntity(std::move(channels))
        , commands_(std::move(commands))
        , codes_(codes) {}

    Result<void> encode(const Asked& asked, Outbox& outbox) const override {
        for (const auto& [offer, value] : asked.asks) {
            const std::string_view state = value.string_or("");
            const auto action = to_device(commands_, value);
            if (!action) return fail(Code::refused, "it can not be asked to be \"{}\"", state);
            // Nobody is asked for codes here, and one that the panel does not know would be
            // answered by silence.
            if (codes_.wanted_for(state))
                return fail(Code::refused,
                            "it wants a code to be {} ({}), which hearth cannot give", state,
                            option_of(state));
            const Channel& panel = channel(offer);
            const ValueMap names{{"action", *action}, {"code", ""}, {"value", *action}};
            const auto sent = outbox.publish(panel.command_topic, panel.command_template, names,
                                             std::string(action->string_or("")));
            if (!sent) return sent;
        }
        return {};
    }

private:
    WordsCodec commands_;
    Codes codes_;
};

Codes read_codes(ConfigReader& config) {
    const Codes codes{config.flag("code_arm_required", true),
                      config.flag("code_disarm_required", true),
                      config.flag("code_trigger_required", true)};
    return config.has("code") ? codes : Codes();
}

WordsCodec read_commands(ConfigReader& config) {
    return {{{config.text("payload_disarm", "DISARM"), "disarmed"},
             {config.text("payload_arm_home", "ARM_HOME"), "armed_home"},
             {config.text("payload_arm_away", "ARM_AWAY"), "armed_away"},
             {config.text("payload_arm_night", "ARM_NIGHT"), "armed_night"},
             {config.text("payload_arm_vacation", "ARM_VACATION"), "armed_vacation"},
             {config.text("payload_arm_custom_bypass", "ARM_CUSTOM_BYPASS"), "armed_custom_bypass"},
             {config.text("payload_trigger", "TRIGGER"), "triggered"}},
            {}};
}

} // namespace

MadeEntity make_alarm_control_panel(const Identity& identity, ConfigReader& config) {
    ChannelBuilder channels(identity, config);
    const WordsCodec states =
        same_words({"disarmed", "armed_home", "armed_away", "armed_night", "armed_vacation",
                    "armed_custom_bypass", "pending", "triggered", "arming", "disarming"});
    Offer offer = untyped_offer("alarm_state", catalog::AttributeType::enumeration);
    narrow_to(offer, states);
    channels.add(std::move(offer), states,
                 {"state_topic", "value_template", "command_topic", "command_template"});
    return std::make_unique<AlarmPanel>(channels.take(), read_commands(config), read_codes(config));
}

} // namespace hearth::mqtt_discovery
