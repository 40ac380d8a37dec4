#pragma once

/// Colours between the spaces that lamps speak. Brightness is apart: all conversions take and give
/// the colour at full brightness.
namespace hearth::mqtt_discovery {

struct Hs {
    double hue = 0;        ///< degrees
    double saturation = 0; ///< percent
};

/// CIE 1931 chromaticity.
struct Xy {
    double x = 0;
    double y = 0;
};

/// sRGB (IEC 61966-2-1), each 0 to 255.
struct Rgb {
    double red = 0;
    double green = 0;
    double blue = 0;
};

Rgb to_rgb(const Hs& color);
Hs to_hs(const Rgb& color);
Xy to_xy(const Rgb& color);
Rgb to_rgb(const Xy& color);

} // namespace hearth::mqtt_discovery
