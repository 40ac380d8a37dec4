#pragma once

#include <optional>
#include <string_view>

/// Which of hearth's words a sensor's device class and unit stand for, and how its unit converts.
namespace hearth::mqtt_discovery {

/// hearth = device * factor + offset
struct Measure {
    std::string_view path; ///< "temperature.celsius"
    double factor = 1;
    double offset = 0;
};

/// By device class and unit of measurement; without a device class the unit alone decides, but only
/// where `key` speaks of the same: not every °C is a temperature that was measured. Nothing where
/// hearth has no word, or the unit does not belong to the class.
std::optional<Measure> measure_of(std::string_view device_class, std::string_view unit,
                                  std::string_view key);

/// The path of a binary sensor's device class ("moisture" → "leak.wet"), or "". What is on is true.
std::string_view binary_path(std::string_view device_class);

/// °F to °C and back: whether a unit is Fahrenheit.
bool is_fahrenheit(std::string_view unit);

} // namespace hearth::mqtt_discovery
