#include "automations/definition_reader.h"

#include <algorithm>

namespace hearth::automations {
namespace {

Result<Trigger> parse_attribute(const Value& value, const std::string& place,
                                const Limits& limits) {
    const auto map = map_with(
        value, place, {"device", "attribute", "event", "to", "from", "above", "below", "for"});
    if (!map) return std::unexpected(map.error());
    AttributeTrigger trigger;
    auto device = text_in(**map, "device", place, limits.name_bytes);
    if (!device) return std::unexpected(device.error());
    trigger.device = std::move(*device);
    auto path = path_in(**map, place);
    if (!path) return std::unexpected(path.error());
    trigger.path = std::move(*path);
    auto test = test_in(**map, "to", place, limits);
    if (!test) return std::unexpected(test.error());
    trigger.test = std::move(*test);
    if (const Value* from = (*map)->find("from")) {
        auto scalar = scalar_at(*from, place + ": from", limits);
        if (!scalar) return std::unexpected(scalar.error());
        trigger.from = std::move(*scalar);
    }
    if (const Value* event = (*map)->find("event")) {
        if (event->string_or("") != "reported")
            return fail_at(place, Code::invalid,
                           "event: with an attribute, only \"reported\" is known");
        trigger.reported = true;
    }
    if (const Value* hold = (*map)->find("for")) {
        const auto length = length_at(*hold, place + ": for", limits);
        if (!length) return std::unexpected(length.error());
        trigger.hold = *length;
    }
    if (trigger.reported && (trigger.hold != 0 || trigger.from))
        return fail_at(place, Code::invalid, "event: reported goes with to, above and below only");
    return trigger;
}

Result<Trigger> parse_device(const Value& value, const std::string& place, const Limits& limits) {
    const auto map = map_with(value, place, {"device", "event"});
    if (!map) return std::unexpected(map.error());
    DeviceTrigger trigger;
    const auto event = text_in(**map, "event", place, limits.name_bytes);
    if (!event) return std::unexpected(event.error());
    const auto known = std::ranges::find(device_events, std::string_view(*event));
    if (known == device_events.end())
        return fail_at(place, Code::invalid, "event: \"{}\" is none of {}", printable(*event, 60),
                       fmt::join(device_events, ", "));
    trigger.what = static_cast<DeviceTrigger::What>(known - device_events.begin());
    if (!(*map)->contains("device")) return trigger;
    auto device = text_in(**map, "device", place, limits.name_bytes);
    if (!device) return std::unexpected(device.error());
    trigger.device = std::move(*device);
    return trigger;
}

Result<Trigger> parse_time(const Value& value, const std::string& place) {
    const auto map = map_with(value, place, {"time", "weekdays"});
    if (!map) return std::unexpected(map.error());
    const auto time = time_at(value.at("time"), place + ": time");
    if (!time) return std::unexpected(time.error());
    const auto weekdays = weekdays_in(**map, place);
    if (!weekdays) return std::unexpected(weekdays.error());
    return TimeTrigger{*time, *weekdays};
}

Result<Micros> parse_offset(const ValueMap& map, const std::string& place, const Limits& limits) {
    const Value* value = map.find("offset");
    if (value == nullptr) return 0;
    const std::string_view text = trim(value->string_or(""));
    const bool minus = text.starts_with('-');
    const Value length(minus || text.starts_with('+') ? text.substr(1) : text);
    const auto offset = length_at(value->is_string() ? length : *value, place + ": offset", limits);
    if (!offset) return offset;
    if (*offset > 12 * hours)
        return fail_at(place, Code::limit, "offset: at most 12h before or after");
    return minus ? -*offset : *offset;
}

Result<Trigger> parse_sun(const Value& value, const std::string& place, const Limits& limits) {
    const auto map = map_with(value, place, {"sun", "offset", "weekdays"});
    if (!map) return std::unexpected(map.error());
    SunTrigger trigger;
    const std::string_view event = (*map)->find("sun")->string_or("");
    if (event != "sunrise" && event != "sunset")
        return fail_at(place, Code::invalid, "sun: sunrise or sunset is wanted");
    trigger.event = event == "sunrise" ? SunEvent::sunrise : SunEvent::sunset;
    const auto offset = parse_offset(**map, place, limits);
    if (!offset) return std::unexpected(offset.error());
    trigger.offset = *offset;
    const auto weekdays = weekdays_in(**map, place);
    if (!weekdays) return std::unexpected(weekdays.error());
    trigger.weekdays = *weekdays;
    return trigger;
}

} // namespace

Result<Trigger> parse_trigger(const Value& value, const std::string& place, const Limits& limits) {
    if (value.find("attribute") != nullptr) return parse_attribute(value, place, limits);
    if (value.find("event") != nullptr) return parse_device(value, place, limits);
    if (value.find("time") != nullptr) return parse_time(value, place);
    if (value.find("sun") != nullptr) return parse_sun(value, place, limits);
    return fail_at(place, Code::invalid,
                   "what starts it? One of device and attribute, device and event, time or sun");
}

} // namespace hearth::automations
