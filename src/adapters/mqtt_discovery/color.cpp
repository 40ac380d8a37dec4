#include "adapters/mqtt_discovery/color.h"

#include <algorithm>
#include <cmath>

namespace hearth::mqtt_discovery {
namespace {

/// IEC 61966-2-1: between a light's linear share and its stored value, both 0 to 1.
double to_linear(double stored) {
    return stored <= 0.04045 ? stored / 12.92 : std::pow((stored + 0.055) / 1.055, 2.4);
}

double to_stored(double linear) {
    return linear <= 0.0031308 ? linear * 12.92 : 1.055 * std::pow(linear, 1 / 2.4) - 0.055;
}

Rgb brightest(double red, double green, double blue) {
    const double most = std::max({red, green, blue});
    if (most <= 0) return {255, 255, 255};
    return {255 * red / most, 255 * green / most, 255 * blue / most};
}

} // namespace

Rgb to_rgb(const Hs& color) {
    const double saturation = std::clamp(color.saturation, 0.0, 100.0) / 100;
    const double sector = std::fmod(std::fmod(color.hue, 360) + 360, 360) / 60;
    const double middle = 1 - saturation * std::abs(std::fmod(sector, 2) - 1);
    const double low = 1 - saturation;
    const auto rgb = [](double r, double g, double b) { return Rgb{255 * r, 255 * g, 255 * b}; };
    switch (static_cast<int>(sector)) {
    case 0:
        return rgb(1, middle, low);
    case 1:
        return rgb(middle, 1, low);
    case 2:
        return rgb(low, 1, middle);
    case 3:
        return rgb(low, middle, 1);
    case 4:
        return rgb(middle, low, 1);
    default:
        return rgb(1, low, middle);
    }
}

Hs to_hs(const Rgb& color) {
    const double most = std::max({color.red, color.green, color.blue});
    const double span = most - std::min({color.red, color.green, color.blue});
    if (most <= 0 || span <= 0) return {0, 0};
    double hue = 0;
    if (most == color.red)
        hue = std::fmod((color.green - color.blue) / span + 6, 6);
    else if (most == color.green)
        hue = (color.blue - color.red) / span + 2;
    else
        hue = (color.red - color.green) / span + 4;
    return {60 * hue, 100 * span / most};
}

Xy to_xy(const Rgb& color) {
    const double red = to_linear(std::clamp(color.red, 0.0, 255.0) / 255);
    const double green = to_linear(std::clamp(color.green, 0.0, 255.0) / 255);
    const double blue = to_linear(std::clamp(color.blue, 0.0, 255.0) / 255);
    // sRGB's primaries and its white point D65 (IEC 61966-2-1).
    const double x = 0.4124 * red + 0.3576 * green + 0.1805 * blue;
    const double y = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    const double z = 0.0193 * red + 0.1192 * green + 0.9505 * blue;
    const double sum = x + y + z;
    if (sum <= 0) return {0.3127, 0.3290};
    return {x / sum, y / sum};
}

Rgb to_rgb(const Xy& color) {
    const double y = std::max(color.y, 1e-6);
    const double x_share = color.x / y;
    const double z_share = (1 - color.x - color.y) / y;
    // What lies outside of sRGB is moved to its edge.
    const double red = std::max(0.0, 3.2406 * x_share - 1.5372 - 0.4986 * z_share);
    const double green = std::max(0.0, -0.9689 * x_share + 1.8758 + 0.0415 * z_share);
    const double blue = std::max(0.0, 0.0557 * x_share - 0.2040 + 1.0570 * z_share);
    const double most = std::max({red, green, blue, 1e-9});
    return brightest(to_stored(red / most), to_stored(green / most), to_stored(blue / most));
}

} // namespace hearth::mqtt_discovery
