#include "adapters/mqtt_discovery/channels.h"
#include "adapters/mqtt_discovery/light.h"
#include "adapters/mqtt_discovery/naming.h"
#include "base/json.h"
#include "base/text.h"

#include <algorithm>
#include <cmath>

/// A light that speaks JSON in one topic each way: the schema of Zigbee2MQTT and ESPHome.
/// https://www.home-assistant.io/integrations/light.mqtt/#json-schema
namespace hearth::mqtt_discovery {
namespace {

struct Topics {
    std::string state;
    std::string command;
};

class JsonLight final : public Light {
public:
    JsonLight(LightShape shape, Claim claim, Topics topics)
        : Light(std::move(shape), claim)
        , topics_(std::move(topics)) {}

    std::vector<Reading> readings() const override {
        if (topics_.state.empty()) return {};
        return {{topics_.state, nullptr, true}};
    }
    void decode(std::size_t reading, const Value& value, Report& report) const override;
    Result<void> encode(const Asked& asked, Outbox& outbox) const override;

private:
    void place(LightRole, Offer& offer) const override {
        offer.topic = topics_.state;
        offer.source = "JSON";
        offer.command_topic = topics_.command;
    }
    void decode_power(const Value& state, Report& report) const;
    void decode_color(const Value& color, Report& report) const;
    Result<void> add_color(const Asked& asked, ValueMap& message) const;

    Topics topics_;
};

void JsonLight::decode(std::size_t, const Value& value, Report& report) const {
    // A key that is not there says nothing; null takes back what was told.
    if (const Value* state = value.find("state")) decode_power(*state, report);
    if (const Value* brightness = value.find("brightness")) put_brightness(*brightness, report);
    if (const Value* mireds = value.find("color_temp")) put_color_temperature(*mireds, report);
    if (const Value* color = value.find("color")) decode_color(*color, report);
    if (const Value* mode = value.find("color_mode")) put_mode(*mode, report);
    if (const Value* effect = value.find("effect")) put_effect(*effect, report);
}

void JsonLight::decode_power(const Value& state, Report& report) const {
    if (state == Value("ON"))
        put(LightRole::on, true, report);
    else if (state == Value("OFF"))
        put(LightRole::on, false, report);
    else if (!take_back(LightRole::on, state, report) && !is_nothing(state))
        report.problem("state \"" + printable(python_text(state), 40) + "\" is neither ON nor OFF");
}

void JsonLight::decode_color(const Value& color, Report& report) const {
    if (take_back_color(color, report)) return;
    const auto number = [&](std::string_view key) { return color.at(key).number_or(-1); };
    if (color.at("x").is_number() && color.at("y").is_number())
        return put_color(Xy{number("x"), number("y")}, report);
    if (color.at("h").is_number() && color.at("s").is_number())
        return put_color(Hs{number("h"), number("s")}, report);
    if (color.at("hue").is_number() && color.at("saturation").is_number())
        return put_color(Hs{number("hue"), number("saturation")}, report);
    if (color.at("r").is_number() && color.at("g").is_number() && color.at("b").is_number())
        put_color(to_hs(Rgb{number("r"), number("g"), number("b")}), report);
}

Result<void> JsonLight::encode(const Asked& asked, Outbox& outbox) const {
    ValueMap message;
    if (asks_to_go_out(asked)) {
        message.set("state", "OFF");
    } else {
        message.set("state", "ON");
        if (const auto brightness = asked_brightness(asked))
            message.set("brightness", number_value(*brightness));
        const auto colored = add_color(asked, message);
        if (!colored) return colored;
        if (const auto temperature = asked_color_temperature(asked))
            message.set("color_temp", number_value(*temperature));
        if (const Value* effect = asked_for(asked, LightRole::effect))
            message.set("effect", *effect);
    }
    outbox.publish(topics_.command, to_json(std::move(message)));
    return {};
}

Result<void> JsonLight::add_color(const Asked& asked, ValueMap& message) const {
    const auto color = asked_color(asked);
    if (!color) return std::unexpected(color.error());
    if (!*color) return {};
    const auto rounded = [](double value, double steps) {
        return number_value(std::round(value * steps) / steps);
    };
    if (shape().color == ColorSpace::xy) {
        const Xy xy = (*color)->xy();
        message.set("color", ValueMap{{"x", rounded(xy.x, 1e4)}, {"y", rounded(xy.y, 1e4)}});
    } else if (shape().color == ColorSpace::hs) {
        const Hs hs = (*color)->hs();
        message.set("color",
                    ValueMap{{"h", rounded(hs.hue, 100)}, {"s", rounded(hs.saturation, 100)}});
    } else {
        const Rgb rgb = (*color)->rgb();
        ValueMap shares{{"r", number_value(rgb.red)},
                        {"g", number_value(rgb.green)},
                        {"b", number_value(rgb.blue)}};
        if (shape().whites == 2) shares.set("c", 0);
        if (shape().whites > 0) shares.set("w", 0);
        message.set("color", std::move(shares));
    }
    return {};
}

void read_modes(ConfigReader& config, LightShape& shape) {
    const std::vector<std::string> modes = config.texts("supported_color_modes");
    const auto has = [&](std::string_view mode) {
        return std::ranges::find(modes, mode) != modes.end();
    };
    // Before there were modes, each had a switch of its own.
    const auto legacy = [&](std::string_view key) {
        const Value* value = config.options().find(key);
        return value != nullptr && value->bool_or(false);
    };
    const bool rgb = has("rgb") || has("rgbw") || has("rgbww");
    shape.kelvin = has("color_temp") || legacy("color_temp");
    if (has("xy") || legacy("xy"))
        shape.color = ColorSpace::xy;
    else if (has("hs") || legacy("hs"))
        shape.color = ColorSpace::hs;
    else if (rgb || legacy("rgb"))
        shape.color = ColorSpace::rgb;
    if (!has("rgb")) shape.whites = has("rgbw") ? 1 : has("rgbww") ? 2 : 0;
    const bool dimmable = std::ranges::any_of(
        modes, [](std::string_view mode) { return mode != "onoff" && mode != "unknown"; });
    shape.level = config.flag("brightness", dimmable);
    shape.mode = !modes.empty() && (shape.kelvin || shape.color != ColorSpace::none);
}

} // namespace

MadeEntity make_light_with_json(const Identity& identity, ConfigReader& config) {
    config.require(config.has("command_topic"), "command_topic");
    LightShape shape = read_light_shape(config);
    read_modes(config, shape);
    Topics topics{config.filter("state_topic"), config.topic("command_topic")};
    const Claim claim = identity.main ? Claim::likely : claim_of(identity.key(), "on_off.on");
    return std::make_unique<JsonLight>(std::move(shape), claim, std::move(topics));
}

} // namespace hearth::mqtt_discovery
