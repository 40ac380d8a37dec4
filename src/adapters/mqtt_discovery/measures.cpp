#include "adapters/mqtt_discovery/measures.h"

#include "adapters/mqtt_discovery/naming.h"
#include "base/text.h"

#include <algorithm>
#include <array>
#include <string>

namespace hearth::mqtt_discovery {
namespace {

struct ClassPath {
    std::string_view device_class;
    std::string_view path;
};

// https://www.home-assistant.io/integrations/sensor/#device-class
constexpr auto sensor_classes = std::to_array<ClassPath>({
    {"apparent_power", "power.apparent_va"},
    {"atmospheric_pressure", "pressure.hpa"},
    {"battery", "battery.percent"},
    {"carbon_dioxide", "carbon_dioxide.ppm"},
    {"carbon_monoxide", "carbon_monoxide.ppm"},
    {"current", "current.amperes"},
    {"energy", "energy.kwh"},
    {"frequency", "frequency.hertz"},
    {"humidity", "humidity.percent"},
    {"illuminance", "illuminance.lux"},
    {"moisture", "moisture.percent"},
    {"pm1", "particulates.pm1"},
    {"pm10", "particulates.pm10"},
    {"pm25", "particulates.pm25"},
    {"power", "power.watts"},
    {"power_factor", "power.factor"},
    {"pressure", "pressure.hpa"},
    {"reactive_power", "power.reactive_var"},
    {"signal_strength", "signal.rssi_dbm"},
    {"temperature", "temperature.celsius"},
    {"volatile_organic_compounds", "volatile_organics.ugm3"},
    {"volatile_organic_compounds_parts", "volatile_organics.ppb"},
    {"voltage", "voltage.volts"},
    {"water", "water.litres"},
});

// https://www.home-assistant.io/integrations/binary_sensor/#device-class
constexpr auto binary_classes = std::to_array<ClassPath>({
    {"battery", "battery.low"},
    {"battery_charging", "battery.charging"},
    {"carbon_monoxide", "carbon_monoxide.detected"},
    {"door", "contact.open"},
    {"garage_door", "contact.open"},
    {"gas", "gas.detected"},
    {"moisture", "leak.wet"},
    {"motion", "occupancy.occupied"},
    {"occupancy", "occupancy.occupied"},
    {"opening", "contact.open"},
    {"presence", "occupancy.occupied"},
    {"problem", "problem.detected"},
    {"smoke", "smoke.detected"},
    {"sound", "sound.detected"},
    {"tamper", "tamper.detected"},
    {"vibration", "vibration.detected"},
    {"window", "contact.open"},
});

struct UnitOf {
    std::string_view path;
    std::string_view unit; ///< folded: see fold_unit()
    double factor = 1;
    double offset = 0;
};

constexpr double fahrenheit = 5.0 / 9.0;

/// K is none of temperature's: heating controllers announce differences in it, as "Hysteresis", and
/// Home Assistant leaves them as they are, too.
/// Factors: BIPM's SI brochure (9th edition), tables 8 and 4; psi, inHg, gallon: NIST SP 811.
constexpr auto units = std::to_array<UnitOf>({
    {"temperature.celsius", "°c"},
    {"temperature.celsius", "c"},
    {"temperature.celsius", "°f", fahrenheit, -32 * fahrenheit},
    {"temperature.celsius", "f", fahrenheit, -32 * fahrenheit},
    {"humidity.percent", "%"},
    {"humidity.percent", "%rh"},
    {"moisture.percent", "%"},
    {"battery.percent", "%"},
    {"illuminance.lux", "lx"},
    {"illuminance.lux", "lux"},
    {"pressure.hpa", "hpa"},
    {"pressure.hpa", "mbar"},
    {"pressure.hpa", "kpa", 10},
    {"pressure.hpa", "pa", 0.01},
    {"pressure.hpa", "mpa", 10'000},
    {"pressure.hpa", "bar", 1'000},
    {"pressure.hpa", "cbar", 10},
    {"pressure.hpa", "psi", 68.9475729},
    {"pressure.hpa", "inhg", 33.863886},
    {"pressure.hpa", "mmhg", 1.333224},
    {"pressure.hpa", "inh₂o", 2.490889},
    {"power.watts", "w"},
    {"power.watts", "kw", 1'000},
    {"power.watts", "gw", 1e9},
    {"power.apparent_va", "va"},
    {"power.apparent_va", "kva", 1'000},
    {"power.reactive_var", "var"},
    {"power.reactive_var", "kvar", 1'000},
    {"power.factor", "%"},
    {"power.factor", "", 100},
    {"energy.kwh", "kwh"},
    {"energy.kwh", "wh", 0.001},
    {"energy.kwh", "gwh", 1e6},
    {"energy.kwh", "j", 1 / 3.6e6},
    {"energy.kwh", "kj", 1 / 3.6e3},
    {"energy.kwh", "gj", 1e3 / 3.6},
    {"energy.kwh", "cal", 4.184 / 3.6e6},
    {"energy.kwh", "kcal", 4.184 / 3.6e3},
    {"current.amperes", "a"},
    {"current.amperes", "ma", 0.001},
    {"voltage.volts", "v"},
    {"voltage.volts", "mv", 0.001},
    {"voltage.volts", "kv", 1'000},
    {"voltage.volts", "µv", 1e-6},
    {"frequency.hertz", "hz"},
    {"frequency.hertz", "khz", 1e3},
    {"frequency.hertz", "mhz", 1e6},
    {"frequency.hertz", "ghz", 1e9},
    {"carbon_dioxide.ppm", "ppm"},
    {"carbon_monoxide.ppm", "ppm"},
    {"carbon_monoxide.ppm", "ppb", 0.001},
    {"particulates.pm1", "µg/m³"},
    {"particulates.pm25", "µg/m³"},
    {"particulates.pm10", "µg/m³"},
    {"volatile_organics.ugm3", "µg/m³"},
    {"volatile_organics.ugm3", "mg/m³", 1'000},
    {"volatile_organics.ppb", "ppb"},
    {"volatile_organics.ppb", "ppm", 1'000},
    {"water.litres", "l"},
    {"water.litres", "ml", 0.001},
    {"water.litres", "m³", 1'000},
    {"water.litres", "gal", 3.785412},
    {"water.litres", "ft³", 28.316847},
    {"water.litres", "ccf", 2831.6847},
    {"signal.rssi_dbm", "dbm"},
});

/// Those whose unit says enough without a device class, where the key speaks of it too.
constexpr auto by_unit = std::to_array<std::string_view>({"temperature.celsius",
                                                          "illuminance.lux",
                                                          "power.apparent_va",
                                                          "power.reactive_var",
                                                          "power.factor",
                                                          "power.watts",
                                                          "energy.kwh",
                                                          "voltage.volts",
                                                          "current.amperes",
                                                          "frequency.hertz",
                                                          "battery.percent",
                                                          "moisture.percent",
                                                          "humidity.percent",
                                                          "pressure.hpa",
                                                          "carbon_dioxide.ppm",
                                                          "carbon_monoxide.ppm",
                                                          "signal.rssi_dbm",
                                                          "volatile_organics.ppb",
                                                          "volatile_organics.ugm3",
                                                          "particulates.pm1",
                                                          "particulates.pm25",
                                                          "particulates.pm10"});

void replace_all(std::string& text, std::string_view from, std::string_view to) {
    for (std::size_t at = text.find(from); at != text.npos; at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
}

/// One spelling for each unit. Case does not tell units apart here, but for milli and mega.
std::string fold_unit(std::string_view unit) {
    std::string folded(trim(unit));
    if (folded == "MW") return "gw/1000";
    if (folded == "mW") return "kw/1000000";
    if (folded == "MWh") return "gwh/1000";
    if (folded == "MJ") return "gj/1000";
    replace_all(folded, "℃", "°c");
    replace_all(folded, "℉", "°f");
    replace_all(folded, "º", "°");
    replace_all(folded, "μ", "µ"); // Greek letter to micro sign
    replace_all(folded, "m3", "m³");
    replace_all(folded, "ft3", "ft³");
    std::erase(folded, ' ');
    return to_lower(folded);
}

std::optional<Measure> convert(std::string_view path, std::string_view unit) {
    const std::string folded = fold_unit(unit);
    std::string_view name = folded;
    double divisor = 1;
    if (const std::size_t slash = folded.find("/1000"); slash != folded.npos) {
        parse_number(name.substr(slash + 1), divisor);
        name = name.substr(0, slash);
    }
    for (const UnitOf& known : units)
        if (known.path == path && known.unit == name)
            return Measure{known.path, known.factor / divisor, known.offset};
    return std::nullopt;
}

} // namespace

std::optional<Measure> measure_of(std::string_view device_class, std::string_view unit,
                                  std::string_view key) {
    if (!device_class.empty()) {
        const auto found =
            std::ranges::find(sensor_classes, device_class, &ClassPath::device_class);
        if (found == sensor_classes.end()) return std::nullopt;
        if (auto measure = convert(found->path, unit)) return measure;
        // A class without a unit means the usual one.
        if (unit.empty()) return Measure{found->path, 1, 0};
        return std::nullopt;
    }
    if (unit.empty()) return std::nullopt;
    for (const std::string_view path : by_unit)
        if (speaks_of(key, path))
            if (auto measure = convert(path, unit)) return measure;
    return std::nullopt;
}

std::string_view binary_path(std::string_view device_class) {
    const auto found = std::ranges::find(binary_classes, device_class, &ClassPath::device_class);
    return found != binary_classes.end() ? found->path : std::string_view();
}

bool is_fahrenheit(std::string_view unit) {
    const std::string folded = fold_unit(unit);
    return folded == "f" || folded == "°f";
}

} // namespace hearth::mqtt_discovery
