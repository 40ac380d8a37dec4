#include "simulator/color.h"

#include <algorithm>
#include <cmath>

namespace hearth::simulator {
namespace {

double to_linear(double part) {
    return part <= 0.04045 ? part / 12.92 : std::pow((part + 0.055) / 1.055, 2.4);
}

double from_linear(double part) {
    return part <= 0.0031308 ? part * 12.92 : 1.055 * std::pow(part, 1 / 2.4) - 0.055;
}

} // namespace

HueSaturation from_rgb(double red, double green, double blue) {
    const double most = std::max({red, green, blue});
    const double spread = most - std::min({red, green, blue});
    if (most <= 0 || spread <= 0) return {};
    double sextant = 0;
    if (most == red)
        sextant = (green - blue) / spread;
    else if (most == green)
        sextant = 2 + (blue - red) / spread;
    else
        sextant = 4 + (red - green) / spread;
    return {std::fmod(sextant * 60 + 360, 360), 100 * spread / most};
}

HueSaturation from_xy(Xy xy) {
    const double x = xy.x / xy.y;
    const double z = (1 - xy.x - xy.y) / xy.y;
    double red = 3.2404542 * x - 1.5371385 - 0.4985314 * z;
    double green = -0.9692660 * x + 1.8760108 + 0.0415560 * z;
    double blue = 0.0556434 * x - 0.2040259 + 1.0572252 * z;
    const double most = std::max({red, green, blue, 1e-6});
    for (double* part : {&red, &green, &blue})
        *part = from_linear(std::max(0.0, *part / most));
    return from_rgb(red, green, blue);
}

Xy to_xy(HueSaturation color) {
    const auto part = [&](double shift) {
        const double k = std::fmod(shift + color.hue / 60, 6);
        return to_linear(1 - color.saturation / 100 * std::clamp(std::min(k, 4 - k), 0.0, 1.0));
    };
    const double red = part(5);
    const double green = part(3);
    const double blue = part(1);
    const double x = 0.4124564 * red + 0.3575761 * green + 0.1804375 * blue;
    const double y = 0.2126729 * red + 0.7151522 * green + 0.0721750 * blue;
    const double z = 0.0193339 * red + 0.1191920 * green + 0.9503041 * blue;
    return {x / (x + y + z), y / (x + y + z)};
}

} // namespace hearth::simulator
