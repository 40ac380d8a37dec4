#include "adapters/mqtt_discovery/channels.h"
#include "adapters/mqtt_discovery/light.h"
#include "adapters/mqtt_discovery/naming.h"
#include "base/text.h"

#include <cmath>

/// A light whose two commands are templates, each with all that is asked for.
/// https://www.home-assistant.io/integrations/light.mqtt/#template-schema
namespace hearth::mqtt_discovery {
namespace {

enum class Part { state, brightness, color_temp, red, green, blue, effect, count };
constexpr std::size_t parts = static_cast<std::size_t>(Part::count);

struct Templates {
    std::string state_topic;
    std::string command_topic;
    SharedTemplate command_on;
    SharedTemplate command_off;
    std::array<SharedTemplate, parts> values;
};

class TemplateLight final : public Light {
public:
    TemplateLight(LightShape shape, Claim claim, Templates templates)
        : Light(std::move(shape), claim)
        , templates_(std::move(templates)) {
        for (std::size_t i = 0; i < parts; ++i)
            if (templates_.values[i] != nullptr) read_.push_back(static_cast<Part>(i));
    }

    std::vector<Reading> readings() const override {
        std::vector<Reading> readings;
        if (templates_.state_topic.empty()) return readings;
        for (const Part part : read_)
            readings.push_back({templates_.state_topic, of(part)});
        return readings;
    }
    void decode(std::size_t reading, const Value& value, Report& report) const override;
    Result<void> encode(const Asked& asked, Outbox& outbox) const override;

private:
    const SharedTemplate& of(Part part) const {
        return templates_.values[static_cast<std::size_t>(part)];
    }
    void place(LightRole, Offer& offer) const override {
        offer.topic = templates_.state_topic;
        offer.command_topic = templates_.command_topic;
    }

    Templates templates_;
    std::vector<Part> read_;
    // Red, green and blue of one message come one after the other and are one colour.
    mutable Rgb color_;
};

void TemplateLight::decode(std::size_t reading, const Value& value, Report& report) const {
    const auto share = [&] {
        double number = value.number_or(0);
        if (value.is_string()) parse_number(trim(*value.as_string()), number);
        return number;
    };
    switch (read_[reading]) {
    case Part::state:
        if (python_text(value) == "on")
            put(LightRole::on, true, report);
        else if (python_text(value) == "off")
            put(LightRole::on, false, report);
        else if (!take_back(LightRole::on, value, report) && !is_nothing(value))
            report.problem("state \"" + printable(python_text(value), 40) +
                           "\" is neither on nor off");
        return;
    case Part::brightness:
        return put_brightness(value, report);
    case Part::color_temp:
        return put_color_temperature(value, report);
    case Part::red:
        color_.red = share();
        return;
    case Part::green:
        color_.green = share();
        return;
    case Part::blue:
        color_.blue = share();
        if (!take_back_color(value, report) && !is_nothing(value)) put_color(to_hs(color_), report);
        return;
    default:
        return put_effect(value, report);
    }
}

Result<void> TemplateLight::encode(const Asked& asked, Outbox& outbox) const {
    if (asks_to_go_out(asked))
        return outbox.publish(templates_.command_topic, templates_.command_off, {{"state", "off"}},
                              {});
    ValueMap names{{"state", "on"}};
    if (const auto brightness = asked_brightness(asked))
        names.set("brightness", number_value(*brightness));
    if (const auto temperature = asked_color_temperature(asked))
        names.set("color_temp", number_value(*temperature));
    if (const Value* effect = asked_for(asked, LightRole::effect)) names.set("effect", *effect);
    const auto color = asked_color(asked);
    if (!color) return std::unexpected(color.error());
    if (*color) {
        const Rgb rgb = (*color)->rgb();
        const Hs hs = (*color)->hs();
        names.set("red", number_value(rgb.red));
        names.set("green", number_value(rgb.green));
        names.set("blue", number_value(rgb.blue));
        names.set("hue", number_value(hs.hue));
        names.set("sat", number_value(hs.saturation));
    }
    return outbox.publish(templates_.command_topic, templates_.command_on, names, {});
}

} // namespace

MadeEntity make_light_with_templates(const Identity& identity, ConfigReader& config) {
    config.require(config.has("command_topic"), "command_topic");
    config.require(config.has("command_on_template"), "command_on_template");
    config.require(config.has("command_off_template"), "command_off_template");
    LightShape shape = read_light_shape(config);
    Templates templates{config.filter("state_topic"),
                        config.topic("command_topic"),
                        config.compiled("command_on_template"),
                        config.compiled("command_off_template"),
                        {config.compiled("state_template"), config.compiled("brightness_template"),
                         config.compiled("color_temp_template"), config.compiled("red_template"),
                         config.compiled("green_template"), config.compiled("blue_template"),
                         config.compiled("effect_template")}};
    const auto has = [&](Part part) {
        return templates.values[static_cast<std::size_t>(part)] != nullptr;
    };
    shape.level = has(Part::brightness);
    shape.kelvin = has(Part::color_temp);
    if (has(Part::red) && has(Part::green) && has(Part::blue)) shape.color = ColorSpace::rgb;
    shape.answers = shape.answers && has(Part::state);
    const Claim claim = identity.main ? Claim::likely : claim_of(identity.key(), "on_off.on");
    return std::make_unique<TemplateLight>(std::move(shape), claim, std::move(templates));
}

} // namespace hearth::mqtt_discovery
