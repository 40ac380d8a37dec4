#include "adapters/mqtt_discovery/test_discovery.h"

/// Values that a device takes back are unknown from then on; what says nothing changes nothing.
namespace hearth::mqtt_discovery {
namespace {

using ::testing::ElementsAre;
using testing::TestHome;

/// A component, an attribute of it, a message that tells it and its value, and messages that take
/// it back.
struct Case {
    std::string platform;
    std::string options;
    std::string path;
    std::string topic;
    std::string telling;
    Value value;
    std::vector<std::string> taking;
};

std::vector<Case> cases() { // NOLINT(readability-function-size): a table
    const std::string field = R"("value_template":"{{ value_json.v }}")";
    const std::vector<std::string> nulls{R"({"v":null})", R"({"v":"None"})", R"({"v":"unknown"})",
                                         R"({"v":"unavailable"})"};
    const std::vector<std::string> words{"None", "unknown", "unavailable"};
    return {
        {"sensor",
         R"({"device_class":"battery","unit_of_measurement":"%","state_topic":"s",)" + field + "}",
         "battery.percent", "s", R"({"v":63})", Value(63), nulls},
        {"sensor", R"({"device_class":"temperature","state_topic":"s"})", "temperature.celsius",
         "s", "21.5", Value(21.5), words},
        {"sensor", R"({"state_topic":"s","name":"Word"})", "untyped.thing", "s", "hello",
         Value("hello"), words},
        {"sensor", R"({"state_topic":"s","options":["a","b"]})", "untyped.thing", "s", "a",
         Value("a"), words},
        {"binary_sensor", R"({"device_class":"motion","state_topic":"s"})", "occupancy.occupied",
         "s", "ON", Value(true), words},
        {"switch", R"({"name":null,"state_topic":"s","command_topic":"c",)" + field + "}",
         "on_off.on", "s", R"({"v":"ON"})", Value(true), nulls},
        {"climate",
         R"({"temperature_state_topic":"s","temperature_command_topic":"c",
             "temperature_state_template":"{{ value_json.v }}"})",
         "thermostat.target", "s", R"({"v":21})", Value(21), nulls},
        {"climate", R"({"modes":["off","heat"],"mode_state_topic":"s","mode_command_topic":"c"})",
         "thermostat.mode", "s", "heat", Value("heat"), words},
        {"climate",
         R"({"mode_command_topic":"c","action_topic":"s",
             "action_template":"{% set w = {none:none,'idle':'idle'} %}{{ w[value_json.v] }}"})",
         "thermostat.action",
         "s",
         R"({"v":"idle"})",
         Value("idle"),
         {R"({"v":null})"}},
        {"number",
         R"({"command_topic":"c","state_topic":"s","payload_reset":"gone"})",
         "untyped.thing",
         "s",
         "5",
         Value(5),
         {"None", "gone", "unknown"}},
        {"select",
         R"({"command_topic":"c","state_topic":"s","options":["a","b"]})",
         "untyped.thing",
         "s",
         "b",
         Value("b"),
         {"None", "none", "unknown"}},
        {"text", R"({"command_topic":"c","state_topic":"s"})", "untyped.thing", "s", "b",
         Value("b"), words},
        {"fan",
         R"({"command_topic":"c","percentage_state_topic":"s","percentage_command_topic":"p",
             "payload_reset_percentage":"reset"})",
         "fan.speed",
         "s",
         "50",
         Value(50),
         {"None", "reset"}},
        {"lock",
         R"({"command_topic":"c","state_topic":"s","payload_reset":"lost"})",
         "lock.state",
         "s",
         "LOCKED",
         Value("locked"),
         {"None", "lost"}},
        {"cover", R"({"command_topic":"c","state_topic":"s"})", "cover.position", "s", "open",
         Value(100), words},
        {"cover", R"({"command_topic":"c","set_position_topic":"c","position_topic":"s"})",
         "cover.position", "s", "40", Value(40), words},
        {"cover", R"({"command_topic":"c","tilt_status_topic":"s","tilt_command_topic":"t"})",
         "cover.tilt", "s", "40", Value(40), words},
        {"siren",
         R"({"name":null,"command_topic":"c","state_topic":"s"})",
         "on_off.on",
         "s",
         R"({"state":"ON"})",
         Value(true),
         {R"({"state":null})", "None"}},
        {"humidifier",
         R"({"command_topic":"c","target_humidity_command_topic":"t",
             "target_humidity_state_topic":"s"})",
         "thermostat.target_humidity", "s", "45", Value(45), words},
        {"alarm_control_panel", R"({"command_topic":"c","state_topic":"s"})", "untyped.alarm_state",
         "s", "disarmed", Value("disarmed"), words},
        {"update",
         R"({"state_topic":"s"})",
         "untyped.latest_version",
         "s",
         R"({"latest_version":"2"})",
         Value("2"),
         {R"({"latest_version":null})"}},
        {"light",
         R"({"schema":"json","name":null,"command_topic":"c","state_topic":"s"})",
         "on_off.on",
         "s",
         R"({"state":"ON"})",
         Value(true),
         {R"({"state":null})"}},
        {"light",
         R"({"schema":"json","name":null,"command_topic":"c","state_topic":"s",
             "supported_color_modes":["xy","color_temp"]})",
         "color.kelvin",
         "s",
         R"({"color_temp":250})",
         Value(4000),
         {R"({"color_temp":null})"}},
        {"light",
         R"({"schema":"json","name":null,"command_topic":"c","state_topic":"s",
             "supported_color_modes":["xy"]})",
         "color.x",
         "s",
         R"({"color":{"x":0.3,"y":0.4}})",
         Value(0.3),
         {R"({"color":null})"}},
        {"light",
         R"({"name":null,"command_topic":"c","brightness_state_topic":"s",
             "brightness_command_topic":"b"})",
         "level.percent", "s", "255", Value(100), words},
        {"light",
         R"({"schema":"template","name":null,"command_topic":"c","state_topic":"s",
             "command_on_template":"on","command_off_template":"off",
             "state_template":"{{ value_json.v }}"})",
         "on_off.on", "s", R"({"v":"on"})", Value(true), nulls},
    };
}

std::string shown(const Case& one) {
    return one.platform + " " + one.path + " " + one.options;
}

TEST(NotKnown, is_what_a_device_takes_back) {
    for (const Case& one : cases())
        for (const std::string& taking : one.taking) {
            TestHome hub;
            hub.start();
            hub.broker.send("homeassistant/" + one.platform + "/thing/config", one.options);
            hub.settle();
            hub.broker.send(one.topic, one.telling);
            ASSERT_EQ(hub.value(one.path), one.value) << shown(one) << hub.last_refusal();
            hub.broker.send(one.topic, taking);
            EXPECT_EQ(hub.value(one.path), Value()) << shown(one) << " after " << taking;
            EXPECT_EQ(hub.refusals.total(), 0u) << hub.last_refusal();
            const auto before = hub.home.last_event();
            hub.broker.send(one.topic, taking);
            EXPECT_EQ(hub.home.last_event(), before) << "it is unknown already";
            hub.broker.send(one.topic, one.telling);
            EXPECT_EQ(hub.value(one.path), one.value) << shown(one) << " told again";
        }
}

TEST(NotKnown, is_nothing_of_which_a_message_says_nothing) {
    for (const Case& one : cases()) {
        TestHome hub;
        hub.start();
        hub.broker.send("homeassistant/" + one.platform + "/thing/config", one.options);
        hub.settle();
        hub.broker.send(one.topic, one.telling);
        hub.broker.send(one.topic, "");
        EXPECT_EQ(hub.value(one.path), one.value) << shown(one) << " after an empty message";
        if (!one.telling.starts_with('{')) continue;
        hub.broker.send(one.topic, R"({"linkquality":80})");
        EXPECT_EQ(hub.value(one.path), one.value) << shown(one) << " after another key";
    }
}

struct TakenBack : testing::DiscoveryTest {};

TEST_F(TakenBack, words_that_a_device_announces_as_its_own_are_values) {
    add("select", R"({"command_topic":"c","state_topic":"s","options":["none","unknown"]})");
    tell("s", "none");
    EXPECT_EQ(hub.value("untyped.thing"), Value("none"));
    tell("s", "unknown");
    EXPECT_EQ(hub.value("untyped.thing"), Value("unknown"));
}

TEST_F(TakenBack, the_type_that_a_sensor_has_shown_stays) {
    add("sensor", R"({"state_topic":"s","value_template":"{{ value_json.v }}"})");
    tell("s", R"({"v":5})");
    tell("s", R"({"v":null})");
    tell("s", R"({"v":6})");
    EXPECT_EQ(hub.value("untyped.v"), Value(6));
}

TEST_F(TakenBack, while_a_command_waits_confirms_nothing) {
    add("switch", R"({"name":null,"command_topic":"c","state_topic":"s"})");
    tell("s", "OFF");
    EXPECT_THAT(hub.ask({{"on_off.on", true}}), ElementsAre("c ON"));
    tell("s", "None");
    EXPECT_EQ(hub.settlement(), "");
    tell("s", "ON");
    EXPECT_EQ(hub.settlement(), "confirmed");
}

} // namespace
} // namespace hearth::mqtt_discovery
