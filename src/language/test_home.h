#pragma once

#include "base/random.h"
#include "base/time.h"
#include "home/home.h"
#include "journal/memory_journal.h"
#include "language/language.h"

#include <algorithm>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

/// For tests, the benchmark and the fuzzer alone: a small home with names in three languages.
namespace hearth::language::testing {

class NoSender final : public home::Sender {
public:
    void send(const home::Device&, const home::Command&) override {}
};

/// Four areas and eight devices. Each is known here by a short word: "kitchen", "hall", "lamp"
/// (lights), "coffee" (a switch that measures), "curtain", "door" (a lock), "thermometer",
/// "motion".
class TestHome {
public:
    TestHome() {
        area("Hall", {"Entrance", "门厅", "玄关", "Entrée"});
        area("Kitchen", {"厨房", "Cuisine"});
        area("Living room", {"Lounge", "客厅", "Salon", "Séjour"});
        area("Bedroom", {"卧室", "Chambre"});
        add("lamp", "Living room lamp", "Living room", "light",
            {"Floor lamp", "客厅灯", "落地灯", "Lampe du salon"},
            {flag("on_off.on"), percent("level.percent")});
        add("kitchen", "Kitchen light", "Kitchen", "light", {"厨房灯", "Lumière de la cuisine"},
            {flag("on_off.on"), percent("level.percent")});
        add("hall", "Hall light", "Hall", "light", {"门厅灯", "Lumière de l'entrée"},
            {flag("on_off.on")});
        add("coffee", "Coffee machine", "Kitchen", "plug",
            {"Coffee plug", "咖啡机", "Machine à café"},
            {flag("on_off.on"), measure("power.watts", "W")});
        add("curtain", "Bedroom curtain", "Bedroom", "cover",
            {"Curtain", "窗帘", "卧室窗帘", "Rideau de la chambre"}, {percent("cover.position")});
        add("door", "Front door", "Hall", "lock", {"Door lock", "门锁", "大门", "Porte d'entrée"},
            {lock_state()});
        add("thermometer", "Bedroom thermometer", "Bedroom", "sensor",
            {"Thermometer", "卧室温度计", "Thermomètre de la chambre"},
            {measure("temperature.celsius", "°C"), measure("humidity.percent", "%")});
        add("motion", "Hall motion", "Hall", "sensor",
            {"Motion sensor", "门厅人体传感器", "Détecteur de l'entrée"},
            {{.path = {"occupancy.occupied"}, .type = catalog::AttributeType::boolean}});
    }

    void area(const std::string& name, std::vector<std::string> aliases) {
        (void)home.add_area(cause, {"", name, "Ground floor", std::move(aliases)});
    }

    void add(const std::string& word, const std::string& name, const std::string& area_name,
             const std::string& type, std::vector<std::string> aliases,
             std::vector<home::AttributeSpec> attributes) {
        const auto id = home.announce(cause, {.adapter = "test",
                                              .external_id = word,
                                              .name = name,
                                              .type = type,
                                              .suggested_area = area_name,
                                              .attributes = std::move(attributes)});
        (void)home.edit(cause, *id, {.aliases = std::move(aliases)});
    }

    void report(const std::string& word, const std::string& path, const Value& value) {
        (void)home.record(cause, home::AttributeReported{device(word).id, {{{path}, value}}, 0});
    }

    const home::Device& device(const std::string& word) const {
        return *home.find_external("test", word);
    }

    /// A frame in one line, devices by their short words and sorted: "hall on_off.on=true",
    /// "confirm risk: door lock.state=unlocked" where it waits for a yes,
    /// "? door lock.state=locked"; else the verdict and the reply: "ambiguous which_one".
    std::string describe(const Understanding& meant) const {
        std::vector<std::string> parts;
        if (const Action* action = std::get_if<Action>(&meant.frame))
            for (const auto& [id, asks] : action->devices)
                for (const home::Ask& ask : asks)
                    parts.push_back(fmt::format("{} {}={}", home.find(id)->external_id,
                                                ask.path.text, show(ask.value)));
        std::string end;
        if (const Query* query = std::get_if<Query>(&meant.frame)) {
            for (const auto& [id, read] : query->readings)
                parts.push_back(fmt::format("? {} {}", home.find(id)->external_id, read.text));
            if (!query->wanted.empty()) end = "=" + query->wanted;
        }
        if (parts.empty()) return fmt::format("{} {}", to_string(meant.verdict), meant.response);
        std::ranges::sort(parts);
        std::string line;
        const std::string begin = meant.verdict == Verdict::confirm
                                      ? fmt::format("confirm {}: ", to_string(meant.doubt))
                                      : "";
        for (const std::string& part : parts)
            line += (line.empty() ? "" : ", ") + part;
        return begin + line + end;
    }

    static home::AttributeSpec flag(std::string path) {
        return {
            .path = {std::move(path)}, .type = catalog::AttributeType::boolean, .writable = true};
    }
    static home::AttributeSpec percent(std::string path) {
        return {.path = {std::move(path)},
                .type = catalog::AttributeType::number,
                .unit = "%",
                .min = 0,
                .max = 100,
                .writable = true};
    }
    static home::AttributeSpec measure(std::string path, std::string unit) {
        return {.path = {std::move(path)},
                .type = catalog::AttributeType::number,
                .unit = std::move(unit)};
    }
    static home::AttributeSpec lock_state() {
        return {.path = {"lock.state"},
                .type = catalog::AttributeType::enumeration,
                .options = {"locked", "unlocked", "locking", "unlocking", "jammed"},
                .writable = true};
    }

    ManualClock clock;
    SeededRandom random{1};
    journal::MemoryJournal journal;
    NoSender sender;
    home::Home home{clock, random, journal, sender};
    home::Cause cause = home::Cause::of_hub("test");

private:
    static std::string show(const Value& value) {
        if (value.is_bool()) return *value.as_bool() ? "true" : "false";
        if (value.is_number()) return fmt::format("{}", value.number_or(0));
        return std::string(value.string_or("?"));
    }
};

/// The built-in languages, loaded once a process.
inline const Languages& languages() {
    static const Result<Languages> made = Languages::make();
    if (!made) throw std::runtime_error(made.error().detail);
    return *made;
}

} // namespace hearth::language::testing
