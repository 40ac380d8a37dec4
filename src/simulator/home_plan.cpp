#include "simulator/home_plan.h"

#include "base/text.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <set>
#include <utility>

#include <fmt/ranges.h>

namespace hearth::simulator {
namespace {

constexpr std::array kinds = {
    std::pair{Kind::light, std::string_view("light")},
    std::pair{Kind::dimmable_light, std::string_view("dimmable_light")},
    std::pair{Kind::color_light, std::string_view("color_light")},
    std::pair{Kind::curtain, std::string_view("curtain")},
    std::pair{Kind::lock, std::string_view("lock")},
    std::pair{Kind::motion_sensor, std::string_view("motion_sensor")},
    std::pair{Kind::thermometer, std::string_view("thermometer")},
    std::pair{Kind::metering_plug, std::string_view("metering_plug")},
};

constexpr std::array dialects = {
    std::pair{Dialect::zigbee2mqtt, std::string_view("zigbee2mqtt")},
    std::pair{Dialect::esphome, std::string_view("esphome")},
    std::pair{Dialect::tasmota, std::string_view("tasmota")},
    std::pair{Dialect::device_form, std::string_view("device_form")},
};

bool speaks(Dialect dialect, Kind kind) {
    switch (dialect) {
    case Dialect::zigbee2mqtt:
        return kind != Kind::curtain && kind != Kind::lock;
    case Dialect::esphome:
        return kind == Kind::light || kind == Kind::dimmable_light;
    case Dialect::tasmota:
        return kind == Kind::light || kind == Kind::metering_plug;
    case Dialect::device_form:
        return kind == Kind::curtain || kind == Kind::lock || kind == Kind::thermometer;
    }
    return false;
}

/// One map of the file, whose keys are asked for one by one. Keeps the first error.
class Reader {
public:
    Reader(const Value& value, std::string place, std::initializer_list<std::string_view> known)
        : place_(std::move(place))
        , map_(value.as_map()) {
        if (map_ == nullptr) {
            note(fmt::format("a map is wanted, not a {}", to_string(value.type())));
            return;
        }
        for (const auto& [key, unused] : *map_) {
            if (std::ranges::find(known, key) != known.end()) continue;
            note(fmt::format("unknown key \"{}\"; known are {}", printable(key, 60),
                             fmt::join(known, ", ")));
        }
    }

    const Value* find(std::string_view key) const { return map_ ? map_->find(key) : nullptr; }

    void text(std::string_view key, std::string& out, bool needed = false) {
        const Value* value = find(key);
        if (value == nullptr) {
            if (needed) note(fmt::format("{} is missing", key));
        } else if (value->is_string() && !value->string_or("").empty()) {
            out = value->string_or("");
        } else {
            note(fmt::format("{}: a text is wanted", key));
        }
    }

    void number(std::string_view key, double& out, double min, double max) {
        const Value* value = find(key);
        if (value == nullptr) return;
        const double number = value->number_or(max + 1);
        if (!value->is_number() || number < min || number > max)
            note(fmt::format("{}: a number from {} to {} is wanted", key, min, max));
        else
            out = number;
    }

    template <class Names, class Enum>
    void word(std::string_view key, const Names& names, Enum& out) {
        std::string text_of_key;
        text(key, text_of_key, true);
        if (text_of_key.empty()) return;
        for (const auto& [value, name] : names) {
            if (name != text_of_key) continue;
            out = value;
            return;
        }
        std::vector<std::string_view> known;
        for (const auto& [value, name] : names)
            known.push_back(name);
        note(fmt::format("{}: \"{}\" is unknown; known are {}", key, printable(text_of_key, 60),
                         fmt::join(known, ", ")));
    }

    void note(const std::string& error) {
        if (done_) done_ = fail(Code::invalid, "{}: {}", place_, error);
    }
    Result<void> done() { return std::move(done_); }

private:
    std::string place_;
    const ValueMap* map_;
    Result<void> done_;
};

bool is_topic_level(std::string_view text) {
    const auto fine = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '_' || c == '.';
    };
    return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, fine);
}

Result<DevicePlan> read_device(const Value& entry, std::size_t index) {
    DevicePlan plan;
    plan.name = entry.at("name").string_or("");
    plan.id = entry.at("id").string_or("");
    plan.area = entry.at("area").string_or("");
    Reader reader(entry.at("simulate"),
                  fmt::format("devices[{}] \"{}\": simulate", index, printable(plan.name, 60)),
                  {"kind", "speaks", "topic", "report_s", "hold_s", "travel_s", "celsius",
                   "humidity", "load"});
    reader.word("kind", kinds, plan.kind);
    reader.word("speaks", dialects, plan.speaks);
    reader.text("topic", plan.topic, true);
    reader.number("report_s", plan.report_s, 1, 86'400);
    reader.number("hold_s", plan.hold_s, 1, 3'600);
    reader.number("travel_s", plan.travel_s, 1, 600);
    reader.number("celsius", plan.celsius, -40, 60);
    reader.number("humidity", plan.humidity, 1, 99);
    reader.text("load", plan.load);
    if (plan.load != "none" && plan.load != "coffee_machine" && plan.load != "fridge")
        reader.note("load: known are coffee_machine, fridge, none");
    if (!plan.topic.empty() && !is_topic_level(plan.topic))
        reader.note("topic: 1 to 64 letters, digits, \"-\", \"_\" and \".\" are wanted");
    if (plan.id.empty()) reader.note("the device needs an id: under it it announces itself");
    if (!speaks(plan.speaks, plan.kind))
        reader.note(
            fmt::format("a {} cannot speak {}", to_string(plan.kind), to_string(plan.speaks)));
    if (auto done = reader.done(); !done) return fail(done);
    return plan;
}

Result<void> read_devices(const Value& yaml, HomePlan& plan) {
    const ValueList* list = yaml.at("devices").as_list();
    if (list == nullptr) return fail(Code::invalid, "devices: a list is wanted");
    if (list->size() > HomePlan::max_devices)
        return fail(Code::limit, "devices: {} entries; at most {} are allowed", list->size(),
                    HomePlan::max_devices);
    std::set<std::string> ids;
    std::set<std::string> topics;
    for (std::size_t i = 0; i < list->size(); ++i) {
        if (!(*list)[i].is_map()) return fail(Code::invalid, "devices[{}]: a map is wanted", i);
        if ((*list)[i].find("simulate") == nullptr) continue; // a real one
        auto device = read_device((*list)[i], i);
        if (!device) return fail(device);
        if (!ids.insert(device->id).second || !topics.insert(device->topic).second)
            return fail(Code::conflict, "devices[{}] \"{}\": its id or topic comes twice", i,
                        printable(device->name, 60));
        plan.devices.push_back(std::move(*device));
    }
    if (plan.devices.empty())
        return fail(Code::invalid, "no device of this file has `simulate:`; nothing to play");
    return {};
}

void read_areas(const Value& holder, HomePlan& plan) {
    const ValueList* list = holder.at("areas").as_list();
    if (list == nullptr) return;
    for (const Value& area : *list)
        plan.areas.emplace_back(area.at("name").string_or(""));
}

Result<void> read_simulation(const Value& simulation, HomePlan& plan) {
    if (simulation.is_null()) return {};
    Reader reader(simulation, "simulation",
                  {"latitude", "longitude", "utc_offset_h", "people", "sleep_in", "eat_in",
                   "live_in", "enter_through"});
    reader.number("latitude", plan.latitude, -66, 66); // beyond, the sun does not rise each day
    reader.number("longitude", plan.longitude, -180, 180);
    reader.number("utc_offset_h", plan.utc_offset_h, -12, 14);
    double people = plan.people;
    reader.number("people", people, 0, 20);
    plan.people = static_cast<int>(people);
    const std::array roles = {
        std::pair{"sleep_in", &plan.sleep_in}, std::pair{"eat_in", &plan.eat_in},
        std::pair{"live_in", &plan.live_in}, std::pair{"enter_through", &plan.enter_through}};
    for (const auto& [key, area] : roles) {
        reader.text(key, *area);
        if (!area->empty() && std::ranges::find(plan.areas, *area) == plan.areas.end())
            reader.note(fmt::format("{}: there is no area \"{}\"", key, printable(*area, 60)));
    }
    return reader.done();
}

template <class Names, class Enum>
std::string_view name_of(const Names& names, Enum wanted) {
    for (const auto& [value, name] : names)
        if (value == wanted) return name;
    return "";
}

} // namespace

std::string_view to_string(Kind kind) {
    return name_of(kinds, kind);
}

std::string_view to_string(Dialect dialect) {
    return name_of(dialects, dialect);
}

Result<HomePlan> parse_home_plan(const Value& yaml) {
    if (!yaml.is_map()) return fail(Code::invalid, "a home file is a map with `devices:`");
    HomePlan plan;
    plan.name = yaml.at("name").string_or("home");
    if (const ValueList* floors = yaml.at("floors").as_list()) {
        for (const Value& floor : *floors)
            read_areas(floor, plan);
    }
    read_areas(yaml, plan);
    if (auto read = read_devices(yaml, plan); !read) return fail(read);
    if (auto read = read_simulation(yaml.at("simulation"), plan); !read) return fail(read);
    return plan;
}

void add_thermometers(HomePlan& plan, int count) {
    for (int i = 1; i <= count; ++i) {
        DevicePlan device;
        device.name = fmt::format("Thermometer {}", i);
        device.topic = fmt::format("thermometer_{}", i);
        device.id = fmt::format("zigbee2mqtt_0x00124b0033{:06x}", i);
        device.kind = Kind::thermometer;
        plan.devices.push_back(std::move(device));
    }
}

} // namespace hearth::simulator
