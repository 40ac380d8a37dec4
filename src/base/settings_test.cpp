#include "base/settings.h"
#include "base/time.h"
#include "base/yaml.h"

#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hearth {
namespace {

using testing::HasSubstr;

const std::array<SettingInfo, 4> table{{
    {"broker.receive_maximum", SettingInfo::Kind::integer, 100, 1, 65535, ""},
    {"journal.commit_interval", SettingInfo::Kind::duration, 5 * seconds, 0, minutes, ""},
    {"broker.allow_plain_lan", SettingInfo::Kind::boolean, false, 0, 0, ""},
    {"log.level", SettingInfo::Kind::text, "info", 0, 0, ""},
}};

TEST(Settings, WithoutAFileTheDefaultsHold) {
    const Settings settings(table);
    EXPECT_EQ(settings.integer("broker.receive_maximum"), 100);
    EXPECT_EQ(settings.duration("journal.commit_interval"), 5 * seconds);
}

TEST(Settings, TheCommandLineWinsOverTheFile) {
    Settings settings(table);
    ASSERT_TRUE(
        settings.load(*parse_yaml("broker:\n  receive_maximum: 10\n  allow_plain_lan: true\n"
                                  "journal.commit_interval: 250 ms\n")));
    ASSERT_TRUE(settings.set("broker.receive_maximum=20"));
    EXPECT_EQ(settings.integer("broker.receive_maximum"), 20);
    EXPECT_TRUE(settings.boolean("broker.allow_plain_lan"));
    EXPECT_EQ(settings.duration("journal.commit_interval"), 250 * milliseconds);
}

TEST(Settings, WhatMakesNoSenseIsNamed) {
    Settings settings(table);
    EXPECT_THAT(settings.set("broker.recieve_maximum=1").error().detail,
                HasSubstr("no setting \"broker.recieve_maximum\""));
    EXPECT_THAT(settings.set("broker.receive_maximum=0").error().detail, HasSubstr("1 to 65535"));
    EXPECT_THAT(settings.set("broker.receive_maximum=many").error().detail,
                HasSubstr("whole number"));
    EXPECT_THAT(settings.set("journal.commit_interval=2 h").error().detail, HasSubstr("0 to 60 s"));
    EXPECT_FALSE(settings.set("broker.allow_plain_lan=maybe"));
    EXPECT_FALSE(settings.set("nonsense"));
    EXPECT_FALSE(settings.load(Value("text")));
    EXPECT_FALSE(settings.load(*parse_yaml("broker: 3\n")));
}

TEST(Durations, HaveUnits) {
    EXPECT_EQ(*parse_duration("250ms"), 250 * milliseconds);
    EXPECT_EQ(*parse_duration("1.5 h"), 90 * minutes);
    EXPECT_EQ(*parse_duration("7 d"), 7 * days);
    EXPECT_EQ(*parse_duration("10"), 10 * seconds);
    for (const char* text : {"", "s", "5 parsecs", "-1 s", "1e30 d"})
        EXPECT_FALSE(parse_duration(text)) << text;
}

} // namespace
} // namespace hearth
