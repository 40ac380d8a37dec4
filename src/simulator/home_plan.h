#pragma once

#include "base/result.h"
#include "base/value.h"

#include <string>
#include <vector>

/// What `hearth simulate` takes from a home file: which devices to play, how they speak, where the
/// house stands and who lives in it. The rest of the file is the hub's to check.
namespace hearth::simulator {

/// What a device is and does.
enum class Kind {
    light,
    dimmable_light,
    color_light,
    curtain,
    lock,
    motion_sensor,
    thermometer,
    metering_plug
};

/// Whose messages it sends.
enum class Dialect { zigbee2mqtt, esphome, tasmota, device_form };

struct DevicePlan {
    std::string name; ///< for people; what the device calls itself is its topic
    std::string id;   ///< its identifier in discovery messages
    std::string area;
    Kind kind = Kind::light;
    Dialect speaks = Dialect::zigbee2mqtt;
    std::string topic; ///< the device's part of its topics: letters, digits, "-", "_" and "."

    double report_s = 60;      ///< thermometer, plug: between readings; 1 to 86,400
    double hold_s = 60;        ///< motion sensor: occupied for so long after the last motion
    double travel_s = 10;      ///< curtain: from closed to open
    double celsius = 21;       ///< thermometer: the mean
    double humidity = 50;      ///< thermometer: the mean, percent
    std::string load = "none"; ///< plug: "coffee_machine", "fridge" or "none"
};

struct HomePlan {
    static constexpr std::size_t max_devices = 100'000;

    std::string name;
    std::vector<std::string> areas;
    std::vector<DevicePlan> devices;

    double latitude = 48; ///< degrees, north is positive
    double longitude = 11;
    double utc_offset_h = 1; ///< of the clock that people live by
    int people = 2;
    /// Areas by what people do in them; empty where the file does not say.
    std::string sleep_in;
    std::string eat_in;
    std::string live_in;
    std::string enter_through;
};

/// Errors: invalid, naming the place: an unknown key in `simulate` or `simulation`, an unknown kind
/// or dialect, a kind that a dialect cannot speak, a value out of range, an id or topic that comes
/// twice, nothing to simulate; limit.
Result<HomePlan> parse_home_plan(const Value& yaml);

/// Adds `count` thermometers behind the Zigbee bridge, for measurements.
void add_thermometers(HomePlan& plan, int count);

std::string_view to_string(Kind kind);
std::string_view to_string(Dialect dialect);

} // namespace hearth::simulator
