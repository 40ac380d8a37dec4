#pragma once

/// Colours as protocols name them. Hue in degrees (0–360), saturation in percent, red, green and
/// blue from 0 to 1, x and y of CIE 1931.
namespace hearth::simulator {

struct HueSaturation {
    double hue = 0;
    double saturation = 0;
};

struct Xy {
    double x = 0;
    double y = 0;
};

/// Of the colour alone, without its brightness. Black gives saturation 0.
HueSaturation from_rgb(double red, double green, double blue);
/// By the matrix of sRGB (IEC 61966-2-1) with its D65 white; y must be above 0.
HueSaturation from_xy(Xy xy);
Xy to_xy(HueSaturation color);

} // namespace hearth::simulator
