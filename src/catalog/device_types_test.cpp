#include "catalog/device_types.h"

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hearth::catalog {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const DeviceTypes& types() {
    return DeviceTypes::builtin();
}

/// A device that has just what it is told to have: "lock", "cover/garage", "on_off.on".
class Made final : public Evidence {
public:
    explicit Made(std::set<std::string> things, bool readings = false, bool presses = false)
        : things_(std::move(things))
        , readings_(readings)
        , presses_(presses) {}

    bool has_platform(std::string_view platform, std::string_view device_class) const override {
        const std::string word(platform);
        if (!device_class.empty()) return things_.contains(word + "/" + std::string(device_class));
        return std::ranges::any_of(things_, [&](const std::string& thing) {
            return thing == word || thing.starts_with(word + "/");
        });
    }
    bool has(std::string_view attribute) const override {
        return things_.contains(std::string(attribute));
    }
    bool has_readings() const override { return readings_; }
    bool has_presses() const override { return presses_; }

private:
    std::set<std::string> things_;
    bool readings_;
    bool presses_;
};

std::string decided(const Evidence& device) {
    const DeviceType* type = types().decide(device);
    return type != nullptr ? type->name : "unknown";
}

// --- What stood in tables of the adapter and of sentences before the catalogue had it
// -------------

using Words = std::pair<std::string_view, std::string_view>;

constexpr auto old_by_platform = std::to_array<Words>({
    {"lock", "lock"},
    {"cover", "cover"},
    {"climate", "thermostat"},
    {"water_heater", "thermostat"},
    {"vacuum", "vacuum"},
    {"lawn_mower", "lawn_mower"},
    {"humidifier", "humidifier"},
    {"fan", "fan"},
    {"light", "light"},
    {"alarm_control_panel", "alarm_panel"},
    {"valve", "valve"},
});
constexpr auto old_by_cover_class =
    std::to_array<Words>({{"garage", "garage_door"}, {"gate", "gate"}, {"door", "door"}});
constexpr auto old_by_capability = std::to_array<Words>({
    {"smoke.detected", "smoke_sensor"},
    {"carbon_monoxide.detected", "gas_sensor"},
    {"gas.detected", "gas_sensor"},
    {"leak.wet", "leak_sensor"},
    {"occupancy.occupied", "motion_sensor"},
    {"contact.open", "contact_sensor"},
    {"vibration.detected", "vibration_sensor"},
    {"temperature.celsius", "sensor"},
    {"humidity.percent", "sensor"},
    {"illuminance.lux", "sensor"},
    {"pressure.hpa", "sensor"},
    {"moisture.percent", "sensor"},
    {"carbon_dioxide.ppm", "sensor"},
    {"carbon_monoxide.ppm", "sensor"},
    {"particulates.pm25", "sensor"},
    {"volatile_organics.ppb", "sensor"},
    {"volatile_organics.ugm3", "sensor"},
    {"sound.detected", "sensor"},
    {"power.watts", "meter"},
    {"energy.kwh", "meter"},
    {"current.amperes", "meter"},
    {"water.litres", "meter"},
});

std::string old_decision(const Evidence& device) {
    for (const auto& [device_class, type] : old_by_cover_class)
        if (device.has_platform("cover", device_class)) return std::string(type);
    for (const auto& [platform, type] : old_by_platform)
        if (device.has_platform(platform, "")) return std::string(type);
    if (device.has("on_off.on") && device.has_platform("switch", ""))
        return device.has("power.watts") || device.has("energy.kwh") ? "plug" : "switch";
    for (const auto& [path, type] : old_by_capability)
        if (device.has(path)) return std::string(type);
    if (device.has_platform("siren", "")) return "siren";
    if (device.has_readings()) return "sensor";
    return device.has_presses() ? "button" : "unknown";
}

constexpr auto old_domains = std::to_array<Words>({
    {"lock.state", "lock"},
    {"cover.position", "cover"},
    {"cover.motion", "cover"},
    {"thermostat.target", "climate"},
    {"fan.speed", "fan"},
    {"media.state", "media_player"},
    {"media.volume", "media_player"},
    {"occupancy.occupied", "binary_sensor"},
    {"contact.open", "binary_sensor"},
    {"leak.wet", "binary_sensor"},
    {"smoke.detected", "binary_sensor"},
    {"vibration.detected", "binary_sensor"},
    {"gas.detected", "binary_sensor"},
});
constexpr auto old_measured = std::to_array<std::string_view>(
    {"temperature.celsius", "humidity.percent", "illuminance.lux", "pressure.hpa", "power.watts",
     "energy.kwh", "battery.percent", "moisture.percent", "carbon_dioxide.ppm",
     "particulates.pm25"});

std::vector<std::string_view> old_domains_of(const std::set<std::string>& attributes,
                                             std::string_view type) {
    std::vector<std::string_view> found;
    const auto has = [&](std::string_view attribute) {
        return attributes.contains(std::string(attribute));
    };
    const auto add = [&](std::string_view domain) {
        if (std::ranges::find(found, domain) == found.end()) found.push_back(domain);
    };
    for (const auto& [attribute, domain] : old_domains)
        if (has(attribute)) add(domain);
    const bool switches = has("on_off.on");
    const bool shines = has("level.percent") || has("color.hue") || has("color.kelvin");
    const bool is_other = !found.empty() && found.front() != "binary_sensor";
    if (type == "light" || (switches && shines && !is_other))
        add("light");
    else if (switches && !is_other)
        add("switch");
    for (const std::string_view attribute : old_measured)
        if (has(attribute)) add("sensor");
    return found;
}

std::vector<std::string_view> domains_of(const std::set<std::string>& attributes,
                                         std::string_view type) {
    DomainHints hints;
    for (const std::string& attribute : attributes)
        hints |= types().hints(attribute);
    return types().names_of(types().domains_of(hints, type));
}

/// Calls back with each choice of at most three of some things.
template <class Then>
void each_three(const std::vector<std::string>& things, const Then& then) {
    for (std::size_t a = 0; a < things.size(); ++a)
        for (std::size_t b = a; b < things.size(); ++b)
            for (std::size_t c = b; c < things.size(); ++c)
                then(std::set<std::string>{things[a], things[b], things[c]});
}

TEST(DeviceTypes, DecideAsTheAdaptersTablesDid) {
    std::vector<std::string> things{"on_off.on", "switch", "siren", "nothing", "cover/awning"};
    for (const auto& [platform, unused] : old_by_platform)
        things.emplace_back(platform);
    for (const auto& [device_class, unused] : old_by_cover_class)
        things.push_back("cover/" + std::string(device_class));
    for (const auto& [path, unused] : old_by_capability)
        things.emplace_back(path);
    each_three(things, [](const std::set<std::string>& some) {
        for (const bool readings : {false, true})
            for (const bool presses : {false, true}) {
                const Made device(some, readings, presses);
                ASSERT_EQ(decided(device), old_decision(device)) << ::testing::PrintToString(some);
            }
    });
}

TEST(DeviceTypes, AreToSentencesWhatTheirTablesSaid) {
    std::vector<std::string> attributes{"on_off.on", "level.percent", "color.hue", "color.kelvin",
                                        "color.x"};
    for (const auto& [attribute, unused] : old_domains)
        attributes.emplace_back(attribute);
    for (const std::string_view attribute : old_measured)
        attributes.emplace_back(attribute);
    each_three(attributes, [](const std::set<std::string>& some) {
        for (const char* type : {"light", "plug", "lock", "unknown"})
            ASSERT_EQ(domains_of(some, type), old_domains_of(some, type))
                << ::testing::PrintToString(some) << type;
    });
}

TEST(DeviceTypes, ADomainsStateAndAClasssAttributesAreWhatTheTablesOfSentencesSaid) {
    const auto state = [](const char* domain) { return types().domain(domain)->state; };
    EXPECT_THAT(state("lock"), ElementsAre("lock.state"));
    EXPECT_THAT(state("cover"), ElementsAre("cover.position"));
    for (const char* domain : {"light", "switch", "fan"})
        EXPECT_THAT(state(domain), ElementsAre("on_off.on"));
    EXPECT_THAT(state("climate"), ElementsAre("temperature.celsius", "thermostat.mode"));
    EXPECT_THAT(state("media_player"), ElementsAre("media.state", "on_off.on"));
    EXPECT_THAT(state("binary_sensor"),
                ElementsAre("occupancy.occupied", "contact.open", "leak.wet", "smoke.detected",
                            "gas.detected", "vibration.detected"));
    EXPECT_THAT(state("sensor"),
                ElementsAre("temperature.celsius", "humidity.percent", "illuminance.lux",
                            "pressure.hpa", "power.watts", "energy.kwh", "carbon_dioxide.ppm",
                            "moisture.percent", "battery.percent"));
    const auto old_classes = std::to_array<Words>({
        {"brightness", "level.percent"},
        {"temperature", "temperature.celsius"},
        {"humidity", "humidity.percent"},
        {"illuminance", "illuminance.lux"},
        {"pressure", "pressure.hpa"},
        {"atmospheric_pressure", "pressure.hpa"},
        {"power", "power.watts"},
        {"energy", "energy.kwh"},
        {"carbon_dioxide", "carbon_dioxide.ppm"},
        {"pm25", "particulates.pm25"},
        {"door", "contact.open"},
        {"garage_door", "contact.open"},
        {"window", "contact.open"},
        {"opening", "contact.open"},
        {"motion", "occupancy.occupied"},
        {"occupancy", "occupancy.occupied"},
        {"presence", "occupancy.occupied"},
        {"smoke", "smoke.detected"},
        {"gas", "gas.detected"},
        {"vibration", "vibration.detected"},
        {"tamper", "tamper.detected"},
    });
    for (const auto& [device_class, attribute] : old_classes)
        EXPECT_THAT(types().of_class(device_class), ElementsAre(attribute)) << device_class;
    EXPECT_THAT(types().of_class("battery"), ElementsAre("battery.percent", "battery.low"));
    EXPECT_THAT(types().of_class("moisture"), ElementsAre("leak.wet", "moisture.percent"));
    EXPECT_TRUE(types().of_class("no such").empty());
}

TEST(DeviceTypes, ThePageShowsFirstWhatItsOwnTableSaid) {
    EXPECT_THAT(types().readings(),
                ElementsAre("occupancy.occupied", "contact.open", "leak.wet", "smoke.detected",
                            "gas.detected", "carbon_monoxide.detected", "temperature.celsius",
                            "humidity.percent", "illuminance.lux", "power.watts", "operation.state",
                            "operation.program", "operation.phase", "operation.remaining_s",
                            "carbon_dioxide.ppm", "energy.kwh"));
    for (const auto& [type, icon] : std::to_array<Words>({{"light", "light"},
                                                          {"plug", "plug"},
                                                          {"switch", "plug"},
                                                          {"motion_sensor", "motion"},
                                                          {"sensor", "sensor"},
                                                          {"cover", "cover"},
                                                          {"lock", "lock"},
                                                          {"fan", "fan"},
                                                          {"thermostat", "thermostat"},
                                                          {"media_player", "media"},
                                                          {"tv", "media"},
                                                          {"speaker", "media"},
                                                          {"washer", "appliance"},
                                                          {"dryer", "appliance"},
                                                          {"dishwasher", "appliance"},
                                                          {"cooker", "appliance"},
                                                          {"oven", "appliance"},
                                                          {"fridge", "appliance"},
                                                          {"vacuum", "appliance"},
                                                          {"lawn_mower", "appliance"},
                                                          {"contact_sensor", "contact"},
                                                          {"leak_sensor", "leak"},
                                                          {"smoke_sensor", "smoke"},
                                                          {"button", "button"},
                                                          {"remote", "button"}}))
        EXPECT_EQ(types().find(type)->icon, icon) << type;
}

// --- What the file is held to
// ---------------------------------------------------------------------

/// A catalogue with two attributes, of which one asks first about a lamp.
const Catalog& small() {
    static const Catalog catalog =
        *Catalog::parse("on_off:\n  on: {type: boolean, ask_first: {types: [lamp]}}\nlevel:\n  "
                        "percent: {type: number}\n");
    return catalog;
}

std::string refusal_of(std::string_view all_types, std::string_view rest = "") {
    const std::string yaml = "domains:\n  light: {by: [on_off.on]}\nclasses: {}\ntypes:\n" +
                             std::string(all_types) + std::string(rest);
    const auto parsed = DeviceTypes::parse(yaml, small());
    return parsed ? "" : parsed.error().detail;
}

constexpr std::string_view lamp = "  lamp: {icon: light, decided_by: {platforms: [light]}}\n";

TEST(DeviceTypes, AGoodFileIsRead) {
    EXPECT_EQ(refusal_of(lamp), "");
}

TEST(DeviceTypes, ErrorsNameTheLineAndTheKey) {
    const auto refused = [](std::string_view type) { return refusal_of(lamp, type); };
    EXPECT_EQ(
        refused("  b: {icon: x,\n      colour: red}\n"),
        "device_types.yaml: line 7: types.b.colour: unknown key; known are icon, plural, primary, "
        "domains, classes, matter, decided_by, otherwise");
    EXPECT_EQ(refused("  b: {primary: on_off.on}\n"),
              "device_types.yaml: line 6: types.b: icon is missing");
    EXPECT_EQ(refused("  b: {icon: x, primary: on_off.off}\n"),
              "device_types.yaml: line 6: types.b.primary: capabilities.yaml has no on_off.off");
    EXPECT_EQ(
        refused("  b: {icon: x, domains: [lihgt]}\n"),
        "device_types.yaml: line 6: types.b.domains: there is no domain lihgt here or before");
    EXPECT_EQ(refused("  b: {icon: x, decided_by: {has: [on_off.of]}}\n"),
              "device_types.yaml: line 6: types.b.decided_by.has: capabilities.yaml has no "
              "on_off.of");
    EXPECT_THAT(refused("  b: {icon: x, decided_by: {class: garage, has: [on_off.on]}}\n"),
                HasSubstr("types.b.decided_by: a class is one of platforms"));
    EXPECT_THAT(refused("  b: {icon: x, decided_by: {}}\n"), HasSubstr("nothing is said"));
    EXPECT_THAT(refused("  b: {icon: x, otherwise: maybe}\n"),
                HasSubstr("types.b.otherwise: it is readings or presses"));
    EXPECT_THAT(refused("  b: {icon: x, matter: [12]}\n"), HasSubstr("types.b.matter"));
    EXPECT_THAT(refused("  b: {icon: x, matter: [12x]}\n"), HasSubstr("12x is no id"));
    EXPECT_THAT(refused("  b: {icon: x, matter: [0x01]}\n  c: {icon: x, matter: [0x1]}\n"),
                HasSubstr("types.c.matter: 0x1 is b already"));
    EXPECT_THAT(refused("  B c: {icon: x}\n"), HasSubstr("a name has the letters"));
    EXPECT_THAT(refused("lamps: []\n"), HasSubstr("line 6: lamps: unknown key"));
    EXPECT_THAT(refused("readings: [on_off.on, on_off.on]\n"), HasSubstr("comes twice"));
    EXPECT_FALSE(DeviceTypes::parse("[]", small()));
    EXPECT_FALSE(DeviceTypes::parse("a: [", small()));
}

TEST(DeviceTypes, ATypeThatNoDeviceCanBeIsRefused) {
    EXPECT_EQ(refusal_of(lamp, "  spot: {icon: x, decided_by: {platforms: [light], class: a}}\n"),
              "device_types.yaml: line 6: types.spot.decided_by: no device can be one: lamp, which "
              "stands before, takes them all");
    const auto after = [](std::string_view before, std::string_view then) {
        return refusal_of(fmt::format("  lamp: {{icon: x, decided_by: {}}}\n", before),
                          fmt::format("  b: {{icon: x, decided_by: {}}}\n", then));
    };
    EXPECT_NE(after("{any_of: [on_off.on, level.percent]}", "{any_of: [level.percent]}"), "");
    EXPECT_NE(after("{any_of: [on_off.on]}", "{has: [on_off.on, level.percent]}"), "");
    EXPECT_NE(after("{has: [on_off.on]}", "{has: [on_off.on], platforms: [light]}"), "");
    EXPECT_EQ(after("{any_of: [level.percent]}", "{any_of: [on_off.on, level.percent]}"), "");
    EXPECT_EQ(after("{platforms: [light]}", "{has: [on_off.on]}"), "");
    EXPECT_EQ(after("{platforms: [light], class: a}", "{platforms: [light]}"), "");
    EXPECT_EQ(after("{has: [on_off.on, level.percent]}", "{has: [on_off.on]}"), "");
}

TEST(DeviceTypes, WhatIsAskedAboutFirstNamesTypesThatAreThere) {
    EXPECT_EQ(refusal_of("  bulb: {icon: light}\n"),
              "device_types.yaml: line 4: types: capabilities.yaml: on_off.on: ask_first: there is "
              "no lamp");
}

TEST(DeviceTypes, AClassCallsADeviceBesideItsOwnName) {
    EXPECT_TRUE(types().find("garage_door")->is_called("garage"));
    EXPECT_TRUE(types().find("garage_door")->is_called("garage_door"));
    EXPECT_FALSE(types().find("garage_door")->is_called("gate"));
    EXPECT_EQ(types().find("no such"), nullptr);
}

} // namespace
} // namespace hearth::catalog
