#pragma once

#include "automations/automations.h"
#include "base/json.h"
#include "base/yaml.h"
#include "journal/memory_journal.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>

/// For tests of this room alone: a small house on a journal in memory, with a clock that is turned
/// by hand. Monday 2026-11-23 begins at `midnight`; its clocks show UTC.
namespace hearth::automations::testing {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr Micros midnight = 1'795'392'000 * seconds;
constexpr Place munich{48.1, 11.6};

inline const home::Cause ada = home::Cause::of_person("ada");

inline home::AttributeSpec attribute(std::string path, catalog::AttributeType type,
                                     bool writable = false) {
    return {.path = {std::move(path)}, .type = type, .writable = writable};
}

/// What was sent to devices, as "Lamp on_off.on=true".
class Wire final : public home::Sender {
public:
    void send(const home::Device& device, const home::Command& command) override {
        std::string line = device.name();
        for (const home::Ask& ask : command.asks)
            line += fmt::format(" {}={}", ask.path.text, value_text(ask.value, 100));
        sent.push_back(std::move(line));
    }
    std::vector<std::string> sent;
};

/// The hub's life between two starts: all that is lost when it is killed.
struct House {
    House(const Clock& clock, Random& random, journal::Journal& journal, Wire& wire,
          const TimeZone& zone, std::optional<Place> place, const Limits& limits)
        : refusals(clock, metrics)
        , home(clock, random, journal, wire)
        , rules({clock, random, journal, home, zone, place, &refusals}, limits) {}

    Metrics metrics;
    Refusals refusals;
    home::Home home;
    Automations rules;
};

struct Fixture : ::testing::Test {
    ManualClock clock{midnight + 10 * hours};
    SeededRandom random{1};
    journal::MemoryJournal journal;
    Wire wire;
    FixedZone zone;
    std::optional<Place> place = munich;
    Limits limits;
    std::unique_ptr<House> house;

    home::DeviceId motion;
    home::DeviceId lamp;
    home::DeviceId thermometer;
    home::DeviceId button;

    void SetUp() override { begin(); }

    /// The first start of a house with its devices.
    void begin() {
        make_house();
        motion = join("Motion", {attribute("occupancy.occupied", catalog::AttributeType::boolean),
                                 attribute("illuminance.lux", catalog::AttributeType::number)});
        lamp = join("Lamp", lamp_attributes());
        thermometer =
            join("Thermometer", {attribute("temperature.celsius", catalog::AttributeType::number)});
        button = join("Button", {attribute("button.event", catalog::AttributeType::text)});
        house->rules.resume();
    }
    void make_house() {
        house = std::make_unique<House>(clock, random, journal, wire, zone, place, limits);
    }
    /// Kills the hub and starts it again on what the journal has.
    void restart(Micros down_for = 0) {
        house.reset();
        clock.turn(down_for);
        make_house();
        ASSERT_TRUE(journal.replay_into({&house->home, &house->rules}));
        house->rules.resume();
        house->rules.advance();
    }

    static std::vector<home::AttributeSpec> lamp_attributes() {
        return {attribute("identify.identify", catalog::AttributeType::boolean, true),
                attribute("level.percent", catalog::AttributeType::integer, true),
                attribute("on_off.on", catalog::AttributeType::boolean, true)};
    }
    home::DeviceId join(const std::string& name, std::vector<home::AttributeSpec> attributes) {
        return house->home
            .announce(home::Cause::of_device(name), {.adapter = "test",
                                                     .external_id = name,
                                                     .name = name,
                                                     .type = "thing",
                                                     .attributes = std::move(attributes)})
            .value();
    }

    void report(const home::DeviceId& device, const std::string& path, const Value& value) {
        ASSERT_TRUE(house->home.record(home::Cause::of_device(device),
                                       home::AttributeReported{device, {{{path}, value}}}));
        house->rules.advance();
    }
    void see(bool somebody) { report(motion, "occupancy.occupied", somebody); }
    void turn(Micros by) {
        clock.turn(by);
        house->rules.advance();
    }

    static Value yaml(const std::string& text) { return parse_yaml(text).value(); }
    AutomationId add(const std::string& text) {
        auto added = house->rules.add(ada, yaml(text));
        EXPECT_TRUE(added) << (added ? "" : added.error().detail);
        return added ? *added : AutomationId();
    }
    /// Why a definition is refused; empty where it is not.
    std::string error_of(const std::string& text) {
        const auto checked = house->rules.check(yaml(text));
        return checked ? "" : checked.error().detail;
    }
    /// "when TRIGGER: switch the lamp on".
    AutomationId lamp_on(const std::string& trigger, const std::string& more = "") {
        return add("{name: On, triggers: [" + trigger + "], " + more +
                   " actions: [{device: Lamp, set: {on_off.on: true}}]}");
    }
    Value trace(const AutomationId& id) {
        const automations::Run* run = house->rules.last_run(id);
        return run != nullptr ? house->rules.trace_value(*run) : Value();
    }
    std::string state_of(const AutomationId& id) {
        return std::string(to_string(house->rules.find(id)->state));
    }
    /// Events of one kind.
    std::vector<Value> events(std::string_view kind) {
        std::vector<Value> found;
        for (const home::Event& event : house->home.recent_events())
            if (home::kind_of(event.fact) == kind) found.push_back(home::to_value(event));
        return found;
    }
    std::vector<std::string> run_states() {
        std::vector<std::string> states;
        for (const Value& event : events("automation_run"))
            states.emplace_back(event.at("state").string_or(""));
        return states;
    }
    std::vector<std::string> notifications() {
        std::vector<std::string> texts;
        for (const Value& event : events("notification"))
            texts.emplace_back(event.at("text").string_or(""));
        return texts;
    }
};

} // namespace hearth::automations::testing
