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

TEST(Catalog, WhatLetsSomebodyInOrDisarmsIsAskedAboutByHandToo) {
    const Catalog& catalog = Catalog::builtin();
    const auto asks = [&](const char* path, const Value& value, const char* type) {
        const AskFirst* first = catalog.ask_first(path);
        return first != nullptr && first->by_hand && first->covers(value, type);
    };
    EXPECT_TRUE(asks("lock.state", "unlocked", "lock"));
    EXPECT_FALSE(asks("lock.state", "locked", "lock"));
    EXPECT_TRUE(asks("cover.position", 1, "garage_door"));
    EXPECT_TRUE(asks("cover.motion", "opening", "gate"));
    EXPECT_FALSE(asks("cover.motion", "closing", "gate"));
    EXPECT_FALSE(asks("cover.position", 100, "cover"));
    EXPECT_TRUE(asks("untyped.alarm_state", "disarmed", "alarm_panel"));
    EXPECT_FALSE(asks("untyped.alarm_state", "armed_away", "alarm_panel"));
    EXPECT_FALSE(asks("thermostat.target", 30, "thermostat")) << "only a sentence may be misheard";
    EXPECT_EQ(catalog.find("untyped.alarm_state"), nullptr);
}

TEST(Catalog, AModeIsAWordEvenWhereYamlMightReadABoolean) {
    const AttributeInfo* mode = Catalog::builtin().find("thermostat.mode");
    ASSERT_NE(mode, nullptr);
    EXPECT_EQ(mode->options.front(), "off");
    EXPECT_TRUE(mode->write);
}

TEST(Catalog, SaysWhatIsOffAndWhatIsOnTheWay) {
    const Catalog& catalog = Catalog::builtin();
    const AttributeInfo* level = catalog.find("level.percent");
    ASSERT_TRUE(level->zero_is && level->needs);
    EXPECT_EQ(level->zero_is->path, "on_off.on");
    EXPECT_EQ(level->zero_is->value, Value(false));
    EXPECT_EQ(level->needs->value, Value(true));
    const AttributeInfo* position = catalog.find("cover.position");
    ASSERT_EQ(position->under_way.size(), 1U);
    EXPECT_EQ(position->under_way[0], (UnderWay{"cover.motion", {"opening", "closing"}, {}}));
    EXPECT_EQ(catalog.find("operation.state")->under_way[0].to, "idle");
}

TEST(Catalog, ErrorsNameTheAttribute) {
    EXPECT_EQ(Catalog::parse("a:\n  b: {type: colour}\n").error().detail, "a.b: unknown type");
    EXPECT_FALSE(Catalog::parse("a:\n  b: {type: enum}\n"));
    EXPECT_FALSE(Catalog::parse("a:\n  b: {kind: text}\n"));
    EXPECT_FALSE(Catalog::parse("a: 1\n"));
    EXPECT_FALSE(Catalog::parse("[]"));
    EXPECT_EQ(Catalog::parse("a:\n  b: {type: number, zero_is: {c.d: false}}\n").error().detail,
              "a.b: zero_is: there is no c.d");
    EXPECT_FALSE(Catalog::parse("a:\n  b: {type: number, needs: {}}\n"));
    EXPECT_FALSE(Catalog::parse("a:\n  b: {type: text, under_way: [{by: a.b}]}\n"));
    EXPECT_FALSE(Catalog::parse("a:\n  b: {type: text, under_way: [{by: a.b, is: [c], or: d}]}\n"));
}

} // namespace
} // namespace hearth::catalog
