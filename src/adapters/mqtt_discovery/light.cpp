#include "adapters/mqtt_discovery/light.h"

#include "adapters/mqtt_discovery/channels.h"
#include "adapters/mqtt_discovery/naming.h"
#include "base/text.h"

#include <algorithm>
#include <cmath>

/// https://www.home-assistant.io/integrations/light.mqtt/
namespace hearth::mqtt_discovery {
namespace {

constexpr std::array<std::string_view, light_roles> role_paths = {
    "on_off.on", "level.percent", "color.kelvin", "color.hue",   "color.saturation",
    "color.x",   "color.y",       "color.mode",   "color.effect"};

std::size_t index(LightRole role) {
    return static_cast<std::size_t>(role);
}

double rounded(double number, int decimals) {
    const double scale = std::pow(10.0, decimals);
    return std::round(number * scale) / scale;
}

std::optional<double> number_in(const Value& value) {
    if (value.is_number()) return value.number_or(0);
    double number = 0;
    if (value.is_string() && parse_number(trim(*value.as_string()), number)) return number;
    return std::nullopt;
}

/// How far a value that comes back may be from the one asked for.
double tolerance_of(LightRole role, const LightShape& shape) {
    switch (role) {
    case LightRole::level:
        return half_step(100 / shape.scale) + 0.05;
    case LightRole::kelvin: // half a mired at the blue end
        return shape.speaks_kelvin ? 1 : shape.max_kelvin * shape.max_kelvin / 2e6 + 1;
    case LightRole::hue:
    case LightRole::saturation:
        return 2;
    case LightRole::x:
    case LightRole::y:
        return 0.01;
    default:
        return 0;
    }
}

} // namespace

MadeEntity make_light(const Identity& identity, ConfigReader& config) {
    const std::string schema = config.text("schema", "basic");
    if (schema == "json") return make_light_with_json(identity, config);
    if (schema == "template") return make_light_with_templates(identity, config);
    if (schema != "basic" && schema != "default")
        config.refuse({Code::invalid,
                       "schema must be basic, json or template, not " + printable(schema, 40)});
    return make_light_with_topics(identity, config);
}

LightShape read_light_shape(ConfigReader& config) {
    LightShape shape;
    shape.scale = config.number("brightness_scale", 255);
    if (shape.scale < 1) config.refuse({Code::invalid, "brightness_scale must be at least 1"});
    shape.speaks_kelvin = config.flag("color_temp_kelvin", false);
    const double coldest = config.number("min_mireds", 153);
    const double warmest = config.number("max_mireds", 500);
    if (coldest <= 0 || warmest < coldest)
        config.refuse({Code::invalid, "min_mireds and max_mireds are no range"});
    shape.min_kelvin = config.number("min_kelvin", std::floor(1e6 / warmest));
    shape.max_kelvin = config.number("max_kelvin", std::ceil(1e6 / coldest));
    shape.min_kelvin = std::clamp(shape.min_kelvin, 1000.0, 20'000.0);
    shape.max_kelvin = std::clamp(shape.max_kelvin, shape.min_kelvin, 20'000.0);
    shape.effects = config.texts("effect_list");
    shape.answers = config.has("state_topic") && !config.flag("optimistic", false);
    return shape;
}

Rgb AskedColor::rgb(double brightness) const {
    const Rgb full = given_xy ? to_rgb(*given_xy) : to_rgb(given_hs);
    return {std::round(full.red * brightness), std::round(full.green * brightness),
            std::round(full.blue * brightness)};
}

Light::Light(LightShape shape, Claim claim)
    : shape_(std::move(shape))
    , claim_(claim) {
    const bool color = shape_.color != ColorSpace::none;
    const auto add = [&](bool has, LightRole role) {
        if (has) roles_.push_back(role);
    };
    add(true, LightRole::on);
    add(shape_.level, LightRole::level);
    add(shape_.kelvin, LightRole::kelvin);
    add(color, LightRole::hue);
    add(color, LightRole::saturation);
    add(color, LightRole::x);
    add(color, LightRole::y);
    add(shape_.mode, LightRole::mode);
    add(!shape_.effects.empty(), LightRole::effect);
}

std::vector<Offer> Light::offers() const {
    std::vector<Offer> offers;
    for (const LightRole role : roles_) {
        Offer offer = catalog_offer(role_paths[index(role)]);
        offer.claim = claim_;
        offer.spec.writable = role != LightRole::mode;
        offer.spec.answers = shape_.answers;
        offer.spec.tolerance = tolerance_of(role, shape_);
        if (role == LightRole::kelvin) {
            offer.spec.min = shape_.min_kelvin;
            offer.spec.max = shape_.max_kelvin;
        }
        if (role == LightRole::effect) narrow_to(offer, same_words(shape_.effects));
        place(role, offer);
        offers.push_back(std::move(offer));
    }
    return offers;
}

std::optional<std::size_t> Light::offer_of(LightRole role) const {
    const auto found = std::ranges::find(roles_, role);
    if (found == roles_.end()) return std::nullopt;
    return static_cast<std::size_t>(found - roles_.begin());
}

// --- Commands ----------------------------------------------------------------------------------

const Value* Light::asked_for(const Asked& asked, LightRole role) const {
    const auto offer = offer_of(role);
    return offer ? asked.find(*offer) : nullptr;
}

bool Light::asks_to_go_out(const Asked& asked) const {
    if (const Value* on = asked_for(asked, LightRole::on)) return !on->bool_or(true);
    const Value* level = asked_for(asked, LightRole::level);
    return level != nullptr && level->number_or(1) <= 0;
}

bool Light::asks_for_light(const Asked& asked) const {
    return !asks_to_go_out(asked);
}

std::optional<double> Light::asked_brightness(const Asked& asked) const {
    const Value* level = asked_for(asked, LightRole::level);
    if (level == nullptr) return std::nullopt;
    const double brightness = std::round(level->number_or(0) / 100 * shape_.scale);
    return level->number_or(0) > 0 ? std::max(brightness, 1.0) : 0;
}

std::optional<double> Light::asked_color_temperature(const Asked& asked) const {
    const Value* kelvin = asked_for(asked, LightRole::kelvin);
    if (kelvin == nullptr) return std::nullopt;
    const double number = std::max(kelvin->number_or(0), 1.0);
    return std::round(shape_.speaks_kelvin ? number : 1e6 / number);
}

Result<std::optional<AskedColor>> Light::asked_color(const Asked& asked) const {
    const auto completed = [&](LightRole role, double otherwise) {
        if (const Value* value = asked_for(asked, role)) return value->number_or(0);
        const auto offer = offer_of(role);
        return offer && asked.current ? asked.current(*offer).number_or(otherwise) : otherwise;
    };
    if (asked_for(asked, LightRole::x) != nullptr || asked_for(asked, LightRole::y) != nullptr) {
        const Xy color{completed(LightRole::x, -1), completed(LightRole::y, -1)};
        if (color.x < 0 || color.y < 0)
            return fail(Code::refused, "color.x and color.y belong together: set both");
        return AskedColor{color, {}};
    }
    if (asked_for(asked, LightRole::hue) != nullptr ||
        asked_for(asked, LightRole::saturation) != nullptr)
        return AskedColor{std::nullopt,
                          {completed(LightRole::hue, 0), completed(LightRole::saturation, 100)}};
    return std::optional<AskedColor>();
}

// --- States ------------------------------------------------------------------------------------

void Light::put(LightRole role, Value value, Report& report) const {
    if (const auto offer = offer_of(role)) report.put(*offer, std::move(value));
}

void Light::put_brightness(const Value& value, Report& report) const {
    if (take_back(LightRole::level, value, report)) return;
    if (is_nothing(value) || !shape_.level) return;
    const auto brightness = number_in(value);
    if (!brightness || *brightness < 0)
        return report.problem("brightness \"" + printable(python_text(value), 40) +
                              "\" is no number");
    const double percent = std::min(100.0, *brightness / shape_.scale * 100);
    put(LightRole::level, number_value(rounded(percent, 1)), report);
}

void Light::put_color_temperature(const Value& value, Report& report) const {
    if (take_back(LightRole::kelvin, value, report)) return;
    if (is_nothing(value) || !shape_.kelvin) return;
    const auto number = number_in(value);
    if (!number || *number <= 0)
        return report.problem("color_temp \"" + printable(python_text(value), 40) +
                              "\" is no colour temperature");
    const double kelvin = shape_.speaks_kelvin ? *number : 1e6 / *number;
    put(LightRole::kelvin,
        number_value(std::round(std::clamp(kelvin, shape_.min_kelvin, shape_.max_kelvin))), report);
}

void Light::put_color(const Hs& color, Report& report) const {
    const Xy xy = to_xy(to_rgb(color));
    put(LightRole::hue, number_value(rounded(color.hue, 1)), report);
    put(LightRole::saturation, number_value(rounded(color.saturation, 1)), report);
    put(LightRole::x, number_value(rounded(xy.x, 4)), report);
    put(LightRole::y, number_value(rounded(xy.y, 4)), report);
}

void Light::put_color(const Xy& color, Report& report) const {
    const Hs hs = to_hs(to_rgb(color));
    put(LightRole::x, number_value(rounded(color.x, 4)), report);
    put(LightRole::y, number_value(rounded(color.y, 4)), report);
    put(LightRole::hue, number_value(rounded(hs.hue, 1)), report);
    put(LightRole::saturation, number_value(rounded(hs.saturation, 1)), report);
}

void Light::put_mode(const Value& value, Report& report) const {
    if (take_back(LightRole::mode, value, report)) return;
    const std::string_view mode = value.string_or("");
    if (mode == "xy")
        put(LightRole::mode, "xy", report);
    else if (mode == "color_temp")
        put(LightRole::mode, "temperature", report);
    else if (mode == "hs" || mode.starts_with("rgb"))
        put(LightRole::mode, "hs", report);
}

void Light::put_effect(const Value& value, Report& report) const {
    const std::string effect = python_text(value);
    // Lamps tell of effects that they do not offer, or that there is none.
    if (std::ranges::find(shape_.effects, effect) != shape_.effects.end())
        put(LightRole::effect, effect, report);
    else
        take_back(LightRole::effect, value, report);
}

bool Light::take_back(LightRole role, const Value& value, Report& report) const {
    if (!takes_back(value)) return false;
    put(role, Value(), report);
    return true;
}

bool Light::take_back_color(const Value& value, Report& report) const {
    if (!takes_back(value)) return false;
    for (const LightRole role : {LightRole::hue, LightRole::saturation, LightRole::x, LightRole::y})
        put(role, Value(), report);
    return true;
}

} // namespace hearth::mqtt_discovery
