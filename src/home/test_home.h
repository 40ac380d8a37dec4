#pragma once

#include "base/json.h"
#include "home/home.h"
#include "home/records.h"
#include "journal/memory_journal.h"

#include <optional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

/// Only for the tests of this room.
namespace hearth::home {

/// A switchboard that only remembers.
class RecordingSender final : public Sender {
public:
    void send(const Device&, const Command& command) override { sent.push_back(command.id); }
    std::vector<CommandId> sent;
};

inline AttributeSpec boolean(std::string path, bool writable = true) {
    return {
        .path = {std::move(path)}, .type = catalog::AttributeType::boolean, .writable = writable};
}

inline AttributeSpec number(std::string path, double min, double max, double tolerance = 0) {
    return {.path = {std::move(path)},
            .type = catalog::AttributeType::number,
            .unit = "%",
            .min = min,
            .max = max,
            .writable = true,
            .tolerance = tolerance};
}

inline DeviceDescription lamp(std::string external_id = "lamp-1") {
    return {.adapter = "test",
            .external_id = std::move(external_id),
            .name = "Lamp",
            .type = "light",
            .attributes = {boolean("on_off.on"), number("level.percent", 0, 100, 1)}};
}

/// Its bell is what must not happen twice.
inline DeviceDescription lamp_with_bell(std::string external_id = "lamp-1") {
    DeviceDescription bell = lamp(std::move(external_id));
    bell.attributes.push_back({.path = {"button.press"},
                               .type = catalog::AttributeType::boolean,
                               .writable = true,
                               .command = true});
    bell.attributes.back().label = "Door bell";
    return bell;
}

inline const Cause somebody = Cause::of_person("ada");
inline const Cause itself = Cause::of_device("lamp");

/// A home on a journal in memory, and the shortest way to what tests do with it.
struct HomeTest : testing::Test {
    ManualClock clock;
    SeededRandom random{1};
    journal::MemoryJournal journal;
    RecordingSender sender;
    HomeLimits limits;
    Home home{clock, random, journal, sender, limits};

    DeviceId add(DeviceDescription description = lamp()) {
        return home.announce(itself, std::move(description)).value();
    }
    void report(const DeviceId& device, const std::string& path, const Value& value) {
        ASSERT_TRUE(
            home.record(Cause::of_device(device), AttributeReported{device, {{{path}, value}}}));
    }
    CommandId ask(const DeviceId& device, std::string path, Value value) {
        return home.issue(somebody, {device, {{{std::move(path)}, std::move(value)}}, {}}).value();
    }
    std::string twin(const DeviceId& device) { return to_json(reported_value(*home.find(device))); }
    std::string desired(const DeviceId& device) {
        return to_json(desired_value(*home.find(device)));
    }
    std::optional<CommandSettled> settled(CommandId id) {
        for (const Event& event : home.recent_events())
            if (const auto* fact = std::get_if<CommandSettled>(&event.fact);
                fact != nullptr && fact->command == id)
                return *fact;
        return std::nullopt;
    }
    std::vector<std::string> kinds() {
        std::vector<std::string> all;
        for (const Event& event : home.recent_events())
            all.emplace_back(kind_of(event.fact));
        return all;
    }
};

} // namespace hearth::home
