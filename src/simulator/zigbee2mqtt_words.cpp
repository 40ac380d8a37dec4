#include "simulator/zigbee2mqtt_words.h"

#include "base/json.h"
#include "base/text.h"
#include "simulator/color.h"

#include <cmath>

namespace hearth::simulator::zigbee2mqtt {
namespace {

/// As JavaScript writes it: no ".0", and at most two digits of fraction.
Value number(double value) {
    const double rounded = std::round(value * 100) / 100;
    if (rounded == std::round(rounded)) return static_cast<std::int64_t>(rounded);
    return rounded;
}

Result<void> read_state(const Value& value, ValueMap& request) {
    const std::string word = to_lower(value.string_or(""));
    if (word == "toggle")
        request.set("toggle", true);
    else if (word == "on" || word == "off")
        request.set("on", word == "on");
    else
        return fail(Code::invalid,
                    "Value {} is not allowed for state, expected one of ON, OFF, "
                    "TOGGLE",
                    printable(to_json(value), 60));
    return {};
}

/// The parts that all must be numbers, or nothing.
bool numbers(const Value& map, std::initializer_list<std::string_view> keys,
             std::vector<double>& out) {
    out.clear();
    for (const std::string_view key : keys) {
        if (!map.at(key).is_number()) return false;
        out.push_back(map.at(key).number_or(0));
    }
    return true;
}

bool read_hex(std::string_view text, HueSaturation& color) {
    if (text.starts_with('#')) text.remove_prefix(1);
    if (text.size() != 6) return false;
    double parts[3];
    for (std::size_t i = 0; i < 3; ++i) {
        const auto digit = [&](char c) {
            constexpr std::string_view digits = "0123456789abcdef";
            return digits.find(to_lower(std::string_view(&c, 1)));
        };
        const std::size_t high = digit(text[2 * i]);
        const std::size_t low = digit(text[2 * i + 1]);
        if (high == std::string_view::npos || low == std::string_view::npos) return false;
        parts[i] = static_cast<double>(high * 16 + low) / 255;
    }
    color = from_rgb(parts[0], parts[1], parts[2]);
    return true;
}

Result<void> read_color(const Value& value, ValueMap& request) {
    std::vector<double> parts;
    HueSaturation color;
    if (numbers(value, {"hue", "saturation"}, parts) || numbers(value, {"h", "s"}, parts))
        color = {parts[0], parts[1]};
    else if (numbers(value, {"x", "y"}, parts) && parts[1] > 0)
        color = from_xy({parts[0], parts[1]});
    else if (numbers(value, {"r", "g", "b"}, parts))
        color = from_rgb(parts[0] / 255, parts[1] / 255, parts[2] / 255);
    else if (!read_hex(value.at("hex").string_or(value.string_or("")), color))
        return fail(Code::invalid, "Invalid color: {}", printable(to_json(value), 60));
    request.set("hue", color.hue);
    request.set("saturation", color.saturation);
    return {};
}

Result<void> read_attribute(std::string_view key, const Value& value, ValueMap& request) {
    if (key == "state") return read_state(value, request);
    if (key == "color") return read_color(value, request);
    if (key == "brightness" || key == "transition" || key == "color_temp") {
        if (!value.is_number())
            return fail(Code::invalid, "Attribute '{}' must be a number, got {}", key,
                        printable(to_json(value), 60));
        request.set(key == "transition"   ? "transition_s"
                    : key == "color_temp" ? "mireds"
                                          : "brightness",
                    value);
        return {};
    }
    return fail(Code::invalid, "No converter available for '{}' ({})", printable(key, 60),
                printable(to_json(value), 60));
}

bool takes_commands(const DevicePlan& plan) {
    return plan.kind != Kind::motion_sensor && plan.kind != Kind::thermometer;
}

} // namespace

ValueMap state_message(const DevicePlan& plan, const ValueMap& state, int link_quality) {
    ValueMap message;
    const auto take = [&](std::string_view key, std::string_view as) {
        if (const Value* value = state.find(key)) message.set(as, *value);
    };
    if (const Value* on = state.find("on")) message.set("state", on->bool_or(false) ? "ON" : "OFF");
    take("brightness", "brightness");
    if (plan.kind == Kind::color_light) {
        const HueSaturation color{state.find("hue")->number_or(0),
                                  state.find("saturation")->number_or(0)};
        const Xy xy = to_xy(color);
        message.set("color_mode", state.find("color_mode")->string_or("") == "ct"
                                      ? Value("color_temp")
                                      : Value("hs"));
        message.set("color", ValueMap{{"hue", number(color.hue)},
                                      {"saturation", number(color.saturation)},
                                      {"x", std::round(xy.x * 10'000) / 10'000},
                                      {"y", std::round(xy.y * 10'000) / 10'000}});
        take("mireds", "color_temp");
    }
    take("occupied", "occupancy");
    take("lux", "illuminance");
    take("celsius", "temperature");
    take("humidity", "humidity");
    take("watts", "power");
    take("volts", "voltage");
    take("amperes", "current");
    take("kwh", "energy");
    take("battery", "battery");
    message.set("linkquality", link_quality);
    return message;
}

Result<ValueMap> read_set(const DevicePlan& plan, std::string_view payload) {
    if (!takes_commands(plan)) return fail(Code::invalid, "No converter available for 'state'");
    ValueMap request;
    auto json = parse_json(payload, {.bytes = 65'536, .depth = 8, .values = 200});
    if (!json || !json->is_map()) {
        // Not JSON: the payload is the state, as "ON" is.
        if (auto read = read_state(Value(payload), request); !read) return fail(read);
        return request;
    }
    for (const auto& [key, value] : *json->as_map()) {
        if (auto read = read_attribute(key, value, request); !read) return fail(read);
    }
    if (request.empty()) return fail(Code::invalid, "Nothing to set in an empty message");
    return request;
}

Result<ValueMap> read_set(const DevicePlan& plan, std::string_view attribute,
                          std::string_view payload) {
    if (!takes_commands(plan)) return fail(Code::invalid, "No converter available for 'state'");
    auto json = parse_json(payload, {.bytes = 65'536, .depth = 8, .values = 200});
    ValueMap request;
    if (auto read = read_attribute(attribute, json ? *json : Value(payload), request); !read)
        return fail(read);
    return request;
}

} // namespace hearth::simulator::zigbee2mqtt
