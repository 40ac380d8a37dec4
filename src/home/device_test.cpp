#include "home/device.h"

#include <gtest/gtest.h>

namespace hearth::home {
namespace {

TEST(Path, HasEndpointCapabilityAndAttribute) {
    const Path path = parse_path("left/on_off.on").value();
    EXPECT_EQ(path.endpoint(), "left");
    EXPECT_EQ(path.capability_key(), "left/on_off");
    EXPECT_EQ(path.capability_attribute(), "on_off.on");
    EXPECT_EQ(path.attribute(), "on");
    EXPECT_EQ(parse_path("on_off.on")->endpoint(), "");
    EXPECT_EQ(make_path("left", "on_off", "on"), path);
}

TEST(Path, WhatIsNoneIsRefused) {
    for (const char* text : {"", ".", "on_off", "on_off.", ".on", "a/b", "/a.b", "a/.b", "a/b.c/d",
                             "a b.c", "a.b.c", "a.b\n"})
        EXPECT_FALSE(parse_path(text)) << text;
    EXPECT_FALSE(parse_path(std::string(max_path_bytes, 'a') + ".b"));
    EXPECT_TRUE(parse_path("untyped.Größe"));
}

TEST(CheckValue, EachTypeTakesItsOwn) {
    AttributeSpec spec{.path = {"a.b"}, .type = catalog::AttributeType::boolean};
    EXPECT_TRUE(check_value(spec, true));
    EXPECT_FALSE(check_value(spec, 1));
    spec.type = catalog::AttributeType::integer;
    EXPECT_TRUE(check_value(spec, 3));
    EXPECT_FALSE(check_value(spec, 3.5));
    spec.type = catalog::AttributeType::number;
    spec.min = 0;
    EXPECT_TRUE(check_value(spec, 3.5));
    EXPECT_FALSE(check_value(spec, -1));
    EXPECT_FALSE(check_value(spec, "3"));
    spec.type = catalog::AttributeType::enumeration;
    spec.options = {"locked", "unlocked"};
    EXPECT_TRUE(check_value(spec, "locked"));
    EXPECT_EQ(check_value(spec, "ajar").error().detail, "a.b is ajar; it can be: locked, unlocked");
    spec.type = catalog::AttributeType::text;
    EXPECT_TRUE(check_value(spec, "anything"));
    EXPECT_FALSE(check_value(spec, "\xc3"));
    EXPECT_FALSE(check_value(spec, nullptr));
}

TEST(CheckReported, ADeviceMayTakeBackWhatItToldAndStandBeyondWhereItCanBeSet) {
    const AttributeSpec target{.path = {"thermostat.target"},
                               .type = catalog::AttributeType::number,
                               .min = 7,
                               .max = 35,
                               .writable = true};
    EXPECT_TRUE(check_reported(target, Value()));
    EXPECT_TRUE(check_reported(target, Value(55.0)));
    EXPECT_FALSE(check_value(target, Value(55.0))); // it cannot be asked for
    EXPECT_FALSE(check_reported(target, Value("55")));
    const AttributeSpec level{.path = {"level.percent"},
                              .type = catalog::AttributeType::number,
                              .min = 10,
                              .max = 90,
                              .writable = true};
    EXPECT_TRUE(check_reported(level, Value(95.0)));
    EXPECT_FALSE(check_reported(level, Value(120.0))); // no percentage is
    const AttributeSpec read_only{
        .path = {"untyped.n"}, .type = catalog::AttributeType::number, .min = 0, .max = 9};
    EXPECT_FALSE(check_reported(read_only, Value(10.0)));
    const AttributeSpec press{.path = {"button.press"},
                              .type = catalog::AttributeType::boolean,
                              .writable = true,
                              .command = true};
    EXPECT_FALSE(check_reported(press, Value()));
}

TEST(Matches, ANumberMayComeBackAsFarOffAsTheDeviceRounds) {
    // 255 steps: 50 % is 128 of them, which is 50.2 %.
    const AttributeSpec level{
        .path = {"level.percent"}, .type = catalog::AttributeType::number, .tolerance = 0.25};
    EXPECT_TRUE(matches(level, 50, 50.2));
    EXPECT_TRUE(matches(level, 50.2, 50));
    EXPECT_FALSE(matches(level, 50, 50.3));
    EXPECT_FALSE(matches(level, 50, "50"));
    EXPECT_FALSE(matches(level, 0, Value()));
    const AttributeSpec exact{.path = {"steps.count"}, .type = catalog::AttributeType::integer};
    EXPECT_TRUE(matches(exact, 7, 7.0));
    EXPECT_FALSE(matches(exact, 7, 8));
}

TEST(Matches, WhatIsNoNumberIsEqualOrItIsNot) {
    const AttributeSpec state{.path = {"lock.state"}, .tolerance = 5};
    EXPECT_TRUE(matches(state, "locked", "locked"));
    EXPECT_FALSE(matches(state, "locked", "unlocked"));
    EXPECT_FALSE(matches(state, true, false));
    EXPECT_TRUE(matches(state, Value(), Value()));
}

} // namespace
} // namespace hearth::home
