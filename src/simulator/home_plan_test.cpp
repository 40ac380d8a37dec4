#include "base/yaml.h"
#include "simulator/credentials_file.h"
#include "simulator/home_plan.h"
#include "simulator/pace.h"

#include <filesystem>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>

namespace hearth::simulator {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string error_of(const std::string& text) {
    auto yaml = parse_yaml(text);
    EXPECT_TRUE(yaml) << (yaml ? "" : yaml.error().detail);
    auto plan = parse_home_plan(*yaml);
    return plan ? "" : plan.error().detail;
}

std::string device_with(const std::string& simulate) {
    return "areas: [{name: Hall}]\ndevices: [{name: Lamp, id: x, area: Hall, simulate: {" +
           simulate + "}}]";
}

/// The demo home, found from the folder in which the test runs.
std::string demo_home() {
    for (auto folder = std::filesystem::current_path();; folder = folder.parent_path()) {
        if (std::ifstream file(folder / "homes/demo.yaml"); file) {
            std::ostringstream text;
            text << file.rdbuf();
            return text.str();
        }
        if (folder == folder.root_path()) return "";
    }
}

TEST(HomePlan, ReadsTheDemoHome) {
    const std::string text = demo_home();
    ASSERT_FALSE(text.empty()) << "run this test below the repository";
    auto plan = parse_home_plan(*parse_yaml(text));
    ASSERT_TRUE(plan) << plan.error().detail;
    EXPECT_EQ(plan->devices.size(), 8U);
    const auto count = [&](Kind kind) {
        return std::ranges::count(plan->devices, kind, &DevicePlan::kind);
    };
    EXPECT_EQ(count(Kind::light) + count(Kind::dimmable_light) + count(Kind::color_light), 3);
    for (const Kind kind : {Kind::color_light, Kind::curtain, Kind::lock, Kind::motion_sensor,
                            Kind::thermometer, Kind::metering_plug})
        EXPECT_EQ(count(kind), 1) << to_string(kind);
    for (const Dialect dialect :
         {Dialect::zigbee2mqtt, Dialect::esphome, Dialect::tasmota, Dialect::device_form})
        EXPECT_GE(std::ranges::count(plan->devices, dialect, &DevicePlan::speaks), 1);
}

TEST(HomePlan, NamesWhatIsWrongAndWhere) {
    const std::string fine = "kind: light, speaks: tasmota, topic: lamp";
    EXPECT_EQ(error_of(device_with(fine)), "");
    EXPECT_THAT(error_of(device_with(fine + ", colour: red")),
                HasSubstr("devices[0] \"Lamp\": simulate: unknown key \"colour\""));
    EXPECT_THAT(error_of(device_with("kind: lamp, speaks: tasmota, topic: lamp")),
                HasSubstr("kind: \"lamp\" is unknown; known are light"));
    EXPECT_THAT(error_of(device_with("kind: light, speaks: tasmota")),
                HasSubstr("topic is missing"));
    EXPECT_THAT(error_of(device_with("kind: light, speaks: tasmota, topic: a/b")),
                HasSubstr("topic:"));
    EXPECT_THAT(error_of(device_with("kind: lock, speaks: tasmota, topic: lamp")),
                HasSubstr("a lock cannot speak tasmota"));
    EXPECT_THAT(error_of(device_with(fine + ", report_s: 0")), HasSubstr("from 1 to 86400"));
    EXPECT_THAT(error_of(device_with(fine + ", load: tv")), HasSubstr("coffee_machine"));
    EXPECT_THAT(error_of("devices: [{name: Lamp}]"), HasSubstr("nothing to play"));
    EXPECT_THAT(error_of("devices: [{name: Lamp, simulate: {" + fine + "}}]"),
                HasSubstr("needs an id"));
    EXPECT_THAT(error_of(device_with(fine) + "\nsimulation: {gravity: 9.8}"),
                HasSubstr("simulation: unknown key \"gravity\""));
    EXPECT_THAT(error_of(device_with(fine) + "\nsimulation: {sleep_in: Attic}"),
                HasSubstr("no area \"Attic\""));
    EXPECT_THAT(error_of(device_with(fine) + "\nsimulation: {latitude: 90}"),
                HasSubstr("from -66 to 66"));
    const std::string entry = "{name: a, id: x, simulate: {" + fine + "}}";
    EXPECT_THAT(error_of("devices: [" + entry + ", " + entry + "]"), HasSubstr("comes twice"));
    EXPECT_THAT(error_of("[]"), HasSubstr("a map"));
    EXPECT_THAT(error_of("devices: [7]"), HasSubstr("devices[0]"));
}

TEST(HomePlan, HasALimit) {
    ValueList many(HomePlan::max_devices + 1, Value(ValueMap()));
    const auto plan = parse_home_plan(ValueMap{{"devices", std::move(many)}});
    ASSERT_FALSE(plan);
    EXPECT_EQ(plan.error().code, Code::limit);
}

TEST(HomePlan, AddsThermometersForMeasurements) {
    HomePlan plan;
    add_thermometers(plan, 1'000);
    ASSERT_EQ(plan.devices.size(), 1'000U);
    EXPECT_NE(plan.devices[0].id, plan.devices[999].id);
    EXPECT_NE(plan.devices[0].topic, plan.devices[999].topic);
}

TEST(Credentials, AreOneForAllOrOneForEach) {
    const auto one = Credentials::parse("username: demo\npassword: \"123\"\n");
    ASSERT_TRUE(one);
    EXPECT_EQ(one->find("anybody"), (Login{"demo", "123"}));
    const auto each = Credentials::parse("clients: {lamp: {username: lamp, password: a}}");
    ASSERT_TRUE(each);
    EXPECT_EQ(each->find("lamp"), (Login{"lamp", "a"}));
    EXPECT_FALSE(each->find("other"));
    const auto both = Credentials::parse(
        "username: demo\npassword: b\nclients: {lamp: {username: lamp, password: a}}");
    ASSERT_TRUE(both);
    EXPECT_EQ(both->find("lamp")->user_name, "lamp");
    EXPECT_EQ(both->find("other")->user_name, "demo");
}

TEST(Credentials, ReadWhatCredentialAddPrints) {
    const auto made = Credentials::parse(
        R"({"name": "demo", "password": "abc", "topics": ["#"], "created": "2026-11-24T08:00:00Z"})");
    ASSERT_TRUE(made);
    EXPECT_EQ(made->find("x"), (Login{"demo", "abc"}));
}

TEST(Credentials, RefuseWithoutTellingTheSecret) {
    for (const char* wrong :
         {"username: demo\npassword: 12345", "user: demo\npassword: s3cret", "password: s3cret",
          "clients: {lamp: s3cret}", "clients: s3cret", "[]", "{\"name\": \"a\"}", "{"}) {
        const auto parsed = Credentials::parse(wrong);
        ASSERT_FALSE(parsed) << wrong;
        EXPECT_THAT(parsed.error().detail, Not(HasSubstr("s3cret")));
        EXPECT_THAT(parsed.error().detail, Not(HasSubstr("12345")));
    }
}

TEST(Pace, RunsAsFastAsItIsToldAndStandsStillWhileHeld) {
    Pace pace(10, 1'000 * seconds);
    EXPECT_EQ(pace.at(77 * seconds), 1'000 * seconds);
    pace.run_from(100 * seconds, 1'000 * seconds);
    EXPECT_EQ(pace.at(103 * seconds), 1'030 * seconds);
    pace.run_from(200 * seconds, 1'030 * seconds); // held in between
    EXPECT_EQ(pace.at(201 * seconds), 1'040 * seconds);
    EXPECT_EQ(pace.real(10 * seconds), seconds);
}

} // namespace
} // namespace hearth::simulator
