#include "catalog/catalog.h"

#include <gtest/gtest.h>

namespace hearth::catalog {
namespace {

TEST(Catalog, TheBuiltInOneIsWhole) {
    const Catalog& catalog = Catalog::builtin();
    // The first names, which never change.
    for (const char* path : {"on_off.on",
                             "level.percent",
                             "color.mode",
                             "color.hue",
                             "color.saturation",
                             "color.x",
                             "color.y",
                             "color.kelvin",
                             "cover.position",
                             "cover.tilt",
                             "cover.motion",
                             "lock.state",
                             "thermostat.mode",
                             "thermostat.target",
                             "thermostat.target_low",
                             "thermostat.target_high",
                             "thermostat.action",
                             "fan.speed",
                             "fan.mode",
                             "fan.oscillating",
                             "temperature.celsius",
                             "humidity.percent",
                             "illuminance.lux",
                             "pressure.hpa",
                             "occupancy.occupied",
                             "contact.open",
                             "leak.wet",
                             "smoke.detected",
                             "battery.percent",
                             "battery.low",
                             "power.watts",
                             "energy.kwh",
                             "media.state",
                             "media.volume",
                             "media.muted",
                             "media.source",
                             "media.title",
                             "operation.state",
                             "operation.program",
                             "operation.phase",
                             "operation.remaining_s",
                             "heart_rate.bpm",
                             "steps.count"})
        EXPECT_NE(catalog.find(path), nullptr) << path;
    EXPECT_EQ(catalog.find("on_off.off"), nullptr);
}

TEST(Catalog, AModeIsAWordEvenWhereYamlMightReadABoolean) {
    const AttributeInfo* mode = Catalog::builtin().find("thermostat.mode");
    ASSERT_NE(mode, nullptr);
    EXPECT_EQ(mode->options.front(), "off");
    EXPECT_TRUE(mode->write);
}

TEST(Catalog, ErrorsNameTheAttribute) {
    EXPECT_EQ(Catalog::parse("a:\n  b: {type: colour}\n").error().detail, "a.b: unknown type");
    EXPECT_FALSE(Catalog::parse("a:\n  b: {type: enum}\n"));
    EXPECT_FALSE(Catalog::parse("a:\n  b: {kind: text}\n"));
    EXPECT_FALSE(Catalog::parse("a: 1\n"));
    EXPECT_FALSE(Catalog::parse("[]"));
}

} // namespace
} // namespace hearth::catalog
