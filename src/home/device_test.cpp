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

} // namespace
} // namespace hearth::home
