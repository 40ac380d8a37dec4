#include "adapters/mqtt_discovery/color.h"

#include <gtest/gtest.h>

namespace hearth::mqtt_discovery {
namespace {

TEST(Color, hue_and_saturation_are_red_green_and_blue) {
    struct Case {
        Hs hs;
        Rgb rgb;
    };
    // The colours of the circle, its mixtures, and white.
    for (const auto& [hs, rgb] :
         {Case{{0, 100}, {255, 0, 0}}, Case{{60, 100}, {255, 255, 0}},
          Case{{120, 100}, {0, 255, 0}}, Case{{180, 100}, {0, 255, 255}},
          Case{{240, 100}, {0, 0, 255}}, Case{{300, 100}, {255, 0, 255}},
          Case{{30, 100}, {255, 127.5, 0}}, Case{{90, 50}, {191.25, 255, 127.5}},
          Case{{0, 0}, {255, 255, 255}}}) {
        const Rgb given = to_rgb(hs);
        EXPECT_NEAR(given.red, rgb.red, 1e-9) << hs.hue << " " << hs.saturation;
        EXPECT_NEAR(given.green, rgb.green, 1e-9) << hs.hue << " " << hs.saturation;
        EXPECT_NEAR(given.blue, rgb.blue, 1e-9) << hs.hue << " " << hs.saturation;
    }
}

TEST(Color, there_and_back_is_the_same) {
    for (int hue = 0; hue < 360; hue += 7)
        for (int saturation = 5; saturation <= 100; saturation += 19) {
            const Hs asked{static_cast<double>(hue), static_cast<double>(saturation)};
            const Hs direct = to_hs(to_rgb(asked));
            EXPECT_NEAR(direct.hue, asked.hue, 1e-6);
            EXPECT_NEAR(direct.saturation, asked.saturation, 1e-6);
            const Hs through_xy = to_hs(to_rgb(to_xy(to_rgb(asked))));
            EXPECT_NEAR(through_xy.saturation, asked.saturation, 0.5) << hue;
            EXPECT_NEAR(through_xy.hue, asked.hue, 1) << saturation;
        }
}

TEST(Color, the_primaries_of_srgb_stand_where_the_standard_puts_them) {
    EXPECT_NEAR(to_xy(Rgb{255, 0, 0}).x, 0.64, 0.001);
    EXPECT_NEAR(to_xy(Rgb{255, 0, 0}).y, 0.33, 0.001);
    EXPECT_NEAR(to_xy(Rgb{0, 255, 0}).x, 0.30, 0.001);
    EXPECT_NEAR(to_xy(Rgb{0, 255, 0}).y, 0.60, 0.001);
    EXPECT_NEAR(to_xy(Rgb{0, 0, 255}).x, 0.15, 0.001);
    EXPECT_NEAR(to_xy(Rgb{255, 255, 255}).x, 0.3127, 0.001);
}

TEST(Color, what_is_no_colour_still_is_one) {
    EXPECT_EQ(to_hs(Rgb{0, 0, 0}).saturation, 0);
    EXPECT_NEAR(to_xy(Rgb{0, 0, 0}).y, 0.3290, 1e-9);
    const Rgb outside = to_rgb(Xy{0.9, 0.0});
    for (const double share : {outside.red, outside.green, outside.blue}) {
        EXPECT_GE(share, 0);
        EXPECT_LE(share, 255);
    }
    EXPECT_NEAR(to_rgb(Hs{-120, 100}).blue, 255, 1e-9) << "a circle has no beginning";
}

} // namespace
} // namespace hearth::mqtt_discovery
