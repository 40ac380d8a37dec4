#pragma once

#include "adapters/mqtt_discovery/color.h"
#include "adapters/mqtt_discovery/components.h"

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace hearth::mqtt_discovery {

enum class LightRole { on, level, kelvin, hue, saturation, x, y, mode, effect };
constexpr std::size_t light_roles = 9;

/// The words that a lamp speaks its colour in.
enum class ColorSpace { none, hs, xy, rgb };

/// What a lamp can do, whichever way it is told.
struct LightShape {
    bool level = false;
    double scale = 255; ///< of its brightness
    bool kelvin = false;
    bool speaks_kelvin = false; ///< else mireds
    double min_kelvin = 2000;
    double max_kelvin = 6535;
    ColorSpace color = ColorSpace::none;
    /// White channels beside red, green and blue: one (rgbw), or cold and warm (rgbww). They stay
    /// dark while a colour is asked for.
    int whites = 0;
    bool mode = false; ///< tells which of colour and temperature counts
    std::vector<std::string> effects;
    bool answers = true;
};

/// A colour that was asked for, in the words that were used; convertible to the lamp's.
struct AskedColor {
    std::optional<Xy> given_xy;
    Hs given_hs;

    Xy xy() const { return given_xy ? *given_xy : to_xy(to_rgb(given_hs)); }
    Hs hs() const { return given_xy ? to_hs(to_rgb(*given_xy)) : given_hs; }
    /// At this share of full brightness (0 to 1), in whole steps.
    Rgb rgb(double brightness = 1) const;
};

/// Reads the options that all three schemas share.
LightShape read_light_shape(ConfigReader& config);

/// What the three schemas of a light have in common: its attributes, and how values convert. A
/// coloured lamp offers hue and saturation as well as x and y, whichever it speaks.
class Light : public Entity {
public:
    explicit Light(LightShape shape, Claim claim);

    std::vector<Offer> offers() const override;

protected:
    const LightShape& shape() const { return shape_; }
    const Value* asked_for(const Asked& asked, LightRole role) const;
    /// Whether anything is asked for but to go out.
    bool asks_for_light(const Asked& asked) const;
    bool asks_to_go_out(const Asked& asked) const;
    /// What is asked of the colour, completed by what the lamp last told. Errors: refused where it
    /// has told nothing yet.
    Result<std::optional<AskedColor>> asked_color(const Asked& asked) const;
    std::optional<double> asked_brightness(const Asked& asked) const; ///< in the lamp's scale
    std::optional<double> asked_color_temperature(const Asked& asked) const; ///< in its unit

    void put(LightRole role, Value value, Report& report) const;
    void put_brightness(const Value& value, Report& report) const;
    void put_color_temperature(const Value& value, Report& report) const;
    void put_color(const Hs& color, Report& report) const;
    void put_color(const Xy& color, Report& report) const;
    void put_mode(const Value& value, Report& report) const;
    void put_effect(const Value& value, Report& report) const;
    /// Whether the lamp takes a role back, which is then done; of the colour all its numbers.
    bool take_back(LightRole role, const Value& value, Report& report) const;
    bool take_back_color(const Value& value, Report& report) const;

    /// Says where a role is read and set, for offers().
    virtual void place(LightRole role, Offer& offer) const = 0;

private:
    std::optional<std::size_t> offer_of(LightRole role) const;

    LightShape shape_;
    Claim claim_;
    std::vector<LightRole> roles_; ///< by offer
};

} // namespace hearth::mqtt_discovery
