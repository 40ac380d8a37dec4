#include "adapters/mqtt_discovery/channels.h"
#include "adapters/mqtt_discovery/components.h"
#include "base/text.h"

#include <algorithm>

/// https://www.home-assistant.io/integrations/vacuum.mqtt/
namespace hearth::mqtt_discovery {
namespace {

struct VacuumConfig {
    std::string state_topic;
    std::string command_topic;
    std::string fan_speed_topic;
    std::vector<std::string> fan_speeds;
    WordsCodec commands; ///< payload, state
};

/// A robot's states in hearth's words for what runs through a program.
WordsCodec robot_states() {
    return {{{"cleaning", "running"},
             {"docked", "idle"},
             {"idle", "idle"},
             {"paused", "paused"},
             {"returning", "returning"},
             {"error", "error"}},
            {}};
}

class Vacuum final : public Entity {
public:
    explicit Vacuum(VacuumConfig config)
        : config_(std::move(config)) {}

    std::vector<Offer> offers() const override;
    std::vector<Reading> readings() const override {
        if (config_.state_topic.empty()) return {};
        return {{config_.state_topic, nullptr, true}};
    }
    void decode(std::size_t reading, const Value& value, Report& report) const override;
    Result<void> encode(const Asked& asked, Outbox& outbox) const override;

private:
    enum Index : std::size_t { operation, robot_state, fan };
    bool has_fan() const { return !config_.fan_speeds.empty(); }
    /// The last of its offers.
    std::size_t battery() const { return has_fan() ? fan + 1 : fan; }

    VacuumConfig config_;
};

std::vector<Offer> Vacuum::offers() const {
    std::vector<Offer> offers{catalog_offer("operation.state"),
                              untyped_offer("robot_state", catalog::AttributeType::text)};
    offers[operation].spec.writable = !config_.command_topic.empty();
    offers[operation].spec.answers = !config_.state_topic.empty();
    offers[operation].command_topic = config_.command_topic;
    if (has_fan()) {
        Offer& speed = offers.emplace_back(catalog_offer("fan.mode"));
        narrow_to(speed, same_words(config_.fan_speeds));
        speed.spec.writable = !config_.fan_speed_topic.empty();
        speed.spec.answers = !config_.state_topic.empty();
        speed.command_topic = config_.fan_speed_topic;
    }
    Offer& level = offers.emplace_back(catalog_offer("battery.percent"));
    level.when_told = true;
    level.key = "robot";
    for (Offer& offer : offers) {
        offer.claim = Claim::likely;
        offer.topic = config_.state_topic;
        offer.source = "JSON";
    }
    return offers;
}

void Vacuum::decode(std::size_t, const Value& value, Report& report) const {
    const ValueMap* told = value.as_map();
    if (told == nullptr) return;
    // Null takes back what was told; what is not in the message stays.
    if (const Value* state = told->find("state")) {
        const bool nothing = is_nothing(*state);
        report.put(robot_state, nothing ? Value() : Value(python_text(*state)));
        auto ours = nothing ? Result<Value>() : from_device(robot_states(), *state);
        // A state that hearth has no word for is no longer the last one.
        report.put(operation, ours ? std::move(*ours) : Value());
    }
    if (const Value* level = told->find("battery_level"); level != nullptr)
        if (level->is_number() || is_nothing(*level))
            report.put(battery(), level->is_number() ? *level : Value());
    if (!has_fan()) return;
    if (const Value* speed = told->find("fan_speed")) {
        const std::string name(speed->string_or(""));
        const bool known = std::ranges::find(config_.fan_speeds, name) != config_.fan_speeds.end();
        if (known || is_nothing(*speed)) report.put(fan, known ? Value(name) : Value());
    }
}

Result<void> Vacuum::encode(const Asked& asked, Outbox& outbox) const {
    for (const auto& [offer, value] : asked.asks) {
        if (offer == fan) {
            outbox.publish(config_.fan_speed_topic, std::string(value.string_or("")));
            continue;
        }
        const auto payload = to_device(config_.commands, value);
        if (!payload)
            return fail(Code::refused, "this robot can not be asked to be \"{}\"",
                        value.string_or(""));
        outbox.publish(config_.command_topic, std::string(payload->string_or("")));
    }
    return {};
}

} // namespace

MadeEntity make_vacuum(const Identity&, ConfigReader& config) {
    VacuumConfig vacuum;
    vacuum.state_topic = config.filter("state_topic");
    vacuum.command_topic = config.topic("command_topic");
    vacuum.fan_speed_topic = config.topic("set_fan_speed_topic");
    vacuum.fan_speeds = config.texts("fan_speed_list");
    vacuum.commands.words = {{config.text("payload_start", "start"), "running"},
                             {config.text("payload_pause", "pause"), "paused"},
                             {config.text("payload_return_to_base", "return_to_base"), "idle"},
                             {config.text("payload_stop", "stop"), "off"}};
    config.require(!vacuum.state_topic.empty() || !vacuum.command_topic.empty(),
                   "state_topic or command_topic");
    return std::make_unique<Vacuum>(std::move(vacuum));
}

} // namespace hearth::mqtt_discovery
