#include "adapters/mqtt_discovery/channels.h"
#include "adapters/mqtt_discovery/light.h"
#include "adapters/mqtt_discovery/naming.h"
#include "base/text.h"

#include <cmath>

/// A light with a topic for everything: on and off, brightness, colour…
/// https://www.home-assistant.io/integrations/light.mqtt/#default-schema
namespace hearth::mqtt_discovery {
namespace {

enum class Part { on, brightness, color_temp, color, mode, effect, count };

struct Wire {
    std::string state_topic;
    SharedTemplate value_template;
    std::string command_topic;
    SharedTemplate command_template;

    bool used() const { return !state_topic.empty() || !command_topic.empty(); }
};

struct Wires {
    std::array<Wire, static_cast<std::size_t>(Part::count)> parts;
    SwitchCodec power;
    std::string on_command_type;

    Wire& operator[](Part part) { return parts[static_cast<std::size_t>(part)]; }
    const Wire& operator[](Part part) const { return parts[static_cast<std::size_t>(part)]; }
};

Part part_of(LightRole role) {
    switch (role) {
    case LightRole::on:
        return Part::on;
    case LightRole::level:
        return Part::brightness;
    case LightRole::kelvin:
        return Part::color_temp;
    case LightRole::mode:
        return Part::mode;
    case LightRole::effect:
        return Part::effect;
    default:
        return Part::color;
    }
}

class TopicLight final : public Light {
public:
    TopicLight(LightShape shape, Claim claim, Wires wires)
        : Light(std::move(shape), claim)
        , wires_(std::move(wires)) {
        for (std::size_t i = 0; i < wires_.parts.size(); ++i)
            if (!wires_.parts[i].state_topic.empty()) read_.push_back(static_cast<Part>(i));
    }

    std::vector<Reading> readings() const override {
        std::vector<Reading> readings;
        for (const Part part : read_)
            readings.push_back({wires_[part].state_topic, wires_[part].value_template});
        return readings;
    }
    void decode(std::size_t reading, const Value& value, Report& report) const override;
    Result<void> encode(const Asked& asked, Outbox& outbox) const override;

private:
    void place(LightRole role, Offer& offer) const override;
    void decode_color(const Value& value, Report& report) const;
    Result<void> send(Part part, const Value& value, const ValueMap& names, Outbox& outbox) const;
    Result<void> send_color(const Asked& asked, Outbox& outbox) const;
    Result<void> send_style(const Asked& asked, Outbox& outbox) const;
    Result<void> send_on(const Asked& asked, Outbox& outbox) const;

    Wires wires_;
    std::vector<Part> read_;
};

void TopicLight::place(LightRole role, Offer& offer) const {
    const Wire& wire = wires_[part_of(role)];
    offer.topic = wire.state_topic;
    if (wire.value_template != nullptr) offer.source = wire.value_template->source();
    offer.command_topic = wire.command_topic;
    // A lamp without a topic of its own for a part of it never tells that part.
    offer.spec.answers = offer.spec.answers && !wire.state_topic.empty();
    // Brightness alone may turn it on and off.
    const bool by_level = role == LightRole::on && wires_.on_command_type == "brightness";
    offer.spec.writable = !wire.command_topic.empty() || by_level;
}

void TopicLight::decode(std::size_t reading, const Value& value, Report& report) const {
    switch (read_[reading]) {
    case Part::on: {
        auto on = read_told(wires_.power, value);
        if (!on) return report.problem(on.error().detail);
        if (*on) put(LightRole::on, std::move(**on), report);
        return;
    }
    case Part::brightness:
        return put_brightness(value, report);
    case Part::color_temp:
        return put_color_temperature(value, report);
    case Part::color:
        return decode_color(value, report);
    case Part::mode:
        return put_mode(value, report);
    default:
        return put_effect(value, report);
    }
}

/// "120,100", "0.3,0.3" or "255,0,0": which it is follows from the lamp's space.
void TopicLight::decode_color(const Value& value, Report& report) const {
    if (take_back_color(value, report) || is_nothing(value)) return;
    std::vector<double> numbers;
    if (const ValueList* list = value.as_list()) {
        for (const Value& entry : *list)
            numbers.push_back(entry.number_or(NAN));
    } else {
        const std::string text = python_text(value);
        for (const std::string_view part : split(text, ',')) {
            double number = NAN;
            if (!parse_number(trim(part), number)) number = NAN;
            numbers.push_back(number);
        }
    }
    const std::size_t needed = shape().color == ColorSpace::rgb ? 3 : 2;
    bool good = numbers.size() >= needed;
    for (const double number : numbers)
        good = good && std::isfinite(number);
    if (!good) return report.problem("\"" + printable(python_text(value), 40) + "\" is no colour");
    if (shape().color == ColorSpace::xy)
        put_color(Xy{numbers[0], numbers[1]}, report);
    else if (shape().color == ColorSpace::hs)
        put_color(Hs{numbers[0], numbers[1]}, report);
    else
        put_color(to_hs(Rgb{numbers[0], numbers[1], numbers[2]}), report);
}

Result<void> TopicLight::send(Part part, const Value& value, const ValueMap& names,
                              Outbox& outbox) const {
    const Wire& wire = wires_[part];
    if (wire.command_topic.empty()) return {};
    ValueMap all = names;
    all.set("value", value);
    return outbox.publish(wire.command_topic, wire.command_template, all, python_text(value));
}

Result<void> TopicLight::send_color(const Asked& asked, Outbox& outbox) const {
    const auto color = asked_color(asked);
    if (!color) return std::unexpected(color.error());
    if (!*color) return {};
    const auto rounded = [](double value) { return number_value(std::round(value * 1e4) / 1e4); };
    const auto pair = [&](double a, double b) {
        return python_text(rounded(a)) + "," + python_text(rounded(b));
    };
    if (shape().color == ColorSpace::xy) {
        const Xy xy = (*color)->xy();
        return send(Part::color, pair(xy.x, xy.y), {{"x", rounded(xy.x)}, {"y", rounded(xy.y)}},
                    outbox);
    }
    if (shape().color == ColorSpace::hs) {
        const Hs hs = (*color)->hs();
        return send(Part::color, pair(hs.hue, hs.saturation),
                    {{"hue", rounded(hs.hue)}, {"sat", rounded(hs.saturation)}}, outbox);
    }
    const Rgb rgb = (*color)->rgb();
    ValueMap names{{"red", number_value(rgb.red)},
                   {"green", number_value(rgb.green)},
                   {"blue", number_value(rgb.blue)}};
    std::string plain =
        number_text(rgb.red) + "," + number_text(rgb.green) + "," + number_text(rgb.blue);
    if (shape().whites == 1) names.set("white", 0);
    if (shape().whites == 2) {
        names.set("cold_white", 0);
        names.set("warm_white", 0);
    }
    for (int i = 0; i < shape().whites; ++i)
        plain += ",0";
    return send(Part::color, std::move(plain), names, outbox);
}

Result<void> TopicLight::send_style(const Asked& asked, Outbox& outbox) const {
    if (const auto brightness = asked_brightness(asked)) {
        const auto sent = send(Part::brightness, number_value(*brightness), {}, outbox);
        if (!sent) return sent;
    }
    if (const auto temperature = asked_color_temperature(asked)) {
        const auto sent = send(Part::color_temp, number_value(*temperature), {}, outbox);
        if (!sent) return sent;
    }
    if (const Value* effect = asked_for(asked, LightRole::effect)) {
        const auto sent = send(Part::effect, *effect, {}, outbox);
        if (!sent) return sent;
    }
    return send_color(asked, outbox);
}

Result<void> TopicLight::send_on(const Asked& asked, Outbox& outbox) const {
    if (wires_.on_command_type != "brightness")
        return send(Part::on, wires_.power.send_on, {}, outbox);
    // Its brightness is its switch: without one asked for, it goes fully on.
    if (asked_for(asked, LightRole::level) != nullptr) return {};
    return send(Part::brightness, number_value(shape().scale), {}, outbox);
}

Result<void> TopicLight::encode(const Asked& asked, Outbox& outbox) const {
    if (asks_to_go_out(asked)) {
        if (wires_[Part::on].command_topic.empty())
            return send(Part::brightness, Value(0), {}, outbox);
        return send(Part::on, wires_.power.send_off, {}, outbox);
    }
    const bool first = wires_.on_command_type == "first";
    if (first) {
        const auto sent = send_on(asked, outbox);
        if (!sent) return sent;
    }
    const auto styled = send_style(asked, outbox);
    if (!styled || first) return styled;
    return send_on(asked, outbox);
}

Wire read_wire(ConfigReader& config, const std::string& stem, const std::string& template_stem) {
    Wire wire;
    wire.state_topic = config.filter(stem + "state_topic");
    wire.value_template = config.compiled(template_stem + "value_template");
    wire.command_topic = config.topic(stem + "command_topic");
    wire.command_template = config.compiled(stem + "command_template");
    return wire;
}

Wires read_wires(ConfigReader& config, LightShape& shape) {
    Wires wires;
    wires[Part::on] = read_wire(config, "", config.has("state_value_template") ? "state_" : "");
    wires[Part::brightness] = read_wire(config, "brightness_", "brightness_");
    wires[Part::color_temp] = read_wire(config, "color_temp_", "color_temp_");
    wires[Part::effect] = read_wire(config, "effect_", "effect_");
    wires[Part::mode] = read_wire(config, "color_mode_", "color_mode_");
    struct Space {
        std::string_view stem;
        ColorSpace space;
        int whites = 0;
    };
    for (const Space& space : {Space{"xy_", ColorSpace::xy}, Space{"hs_", ColorSpace::hs},
                               Space{"rgb_", ColorSpace::rgb}, Space{"rgbw_", ColorSpace::rgb, 1},
                               Space{"rgbww_", ColorSpace::rgb, 2}}) {
        const std::string stem(space.stem);
        Wire wire = read_wire(config, stem, stem);
        if (wires[Part::color].used() || !wire.used()) continue;
        wires[Part::color] = std::move(wire);
        shape.color = space.space;
        shape.whites = space.whites;
    }
    wires.power.send_on = config.text("payload_on", "ON");
    wires.power.send_off = config.text("payload_off", "OFF");
    wires.power.on = wires.power.send_on;
    wires.power.off = wires.power.send_off;
    wires.on_command_type = config.text("on_command_type", "last");
    return wires;
}

} // namespace

MadeEntity make_light_with_topics(const Identity& identity, ConfigReader& config) {
    config.require(config.has("command_topic") || config.has("brightness_command_topic"),
                   "command_topic");
    LightShape shape = read_light_shape(config);
    Wires wires = read_wires(config, shape);
    if (wires[Part::on].command_topic.empty()) wires.on_command_type = "brightness";
    shape.level = wires[Part::brightness].used();
    shape.kelvin = wires[Part::color_temp].used();
    shape.mode = wires[Part::mode].used();
    if (!wires[Part::effect].used()) shape.effects.clear();
    shape.answers = !config.flag("optimistic", false);
    const Claim claim = identity.main ? Claim::likely : claim_of(identity.key(), "on_off.on");
    return std::make_unique<TopicLight>(std::move(shape), claim, std::move(wires));
}

} // namespace hearth::mqtt_discovery
