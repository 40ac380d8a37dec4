#include "adapters/mqtt_discovery/test_discovery.h"

/// Sirens, robots (of floors and lawns), humidifiers, and firmware updates.
namespace hearth::mqtt_discovery {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

struct Siren : testing::DiscoveryTest {};
struct Vacuum : testing::DiscoveryTest {};
struct LawnMower : testing::DiscoveryTest {};
struct Humidifier : testing::DiscoveryTest {};
struct Update : testing::DiscoveryTest {};

TEST_F(Siren, sounds_by_one_template_and_falls_silent_by_another) {
    add("siren", R"({"name":null,"command_topic":"c","optimistic":true,
                     "command_template":"{\"mode\":\"{{ tone | default('fire') }}\"}",
                     "command_off_template":"{\"mode\":\"stop\"}"})");
    EXPECT_THAT(hub.ask({{"on_off.on", true}}), ElementsAre(R"(c {"mode":"fire"})"));
    EXPECT_EQ(hub.settlement(), "assumed");
    EXPECT_THAT(hub.ask({{"on_off.on", false}}), ElementsAre(R"(c {"mode":"stop"})"));
    EXPECT_EQ(hub.only()->type, "siren");
}

TEST_F(Siren, tells_its_state_plainly_or_with_its_tone_beside_it) {
    add("siren", R"({"command_topic":"c","state_topic":"s"})");
    tell("s", "ON");
    EXPECT_EQ(hub.value("on_off.on"), Value(true));
    tell("s", R"({"state":"OFF","tone":"fire"})");
    EXPECT_EQ(hub.value("on_off.on"), Value(false));
    EXPECT_THAT(hub.ask({{"on_off.on", true}}), ElementsAre(R"(c {"state":"ON"})"));
}

constexpr std::string_view robot = R"({
    "name":null,"state_topic":"s","command_topic":"c","set_fan_speed_topic":"f",
    "fan_speed_list":["quiet","strong"],"payload_start":"go"})";

TEST_F(Vacuum, a_robots_state_is_an_operation_and_its_own_word) {
    add("vacuum", robot);
    tell("s", R"({"state":"returning","battery_level":61,"fan_speed":"quiet"})");
    EXPECT_EQ(
        to_json(hub.twin()),
        R"({"battery":{"percent":61},"fan":{"mode":"quiet"},"operation":{"state":"returning"},)"
        R"("untyped":{"robot_state":"returning"}})");
    EXPECT_EQ(hub.only()->type, "vacuum");
    tell("s", R"({"state":"dancing"})");
    EXPECT_EQ(hub.value("untyped.robot_state"), Value("dancing"));
    EXPECT_EQ(hub.value("operation.state"), Value()) << "hearth has no word for it";
}

TEST_F(Vacuum, takes_back_what_it_told) {
    add("vacuum", robot);
    tell("s", R"({"state":"cleaning","battery_level":61,"fan_speed":"quiet"})");
    tell("s", R"({"battery_level":60})");
    EXPECT_EQ(hub.value("operation.state"), Value("running")) << "what is not told stays";
    tell("s", R"({"state":null,"battery_level":null,"fan_speed":null})");
    EXPECT_EQ(to_json(hub.twin()), "{}");
    EXPECT_EQ(hub.refusals.total(), 0u);
}

constexpr std::string_view battery_sensor = R"({"name":"Battery level","state_topic":"b",
    "device_class":"battery","unit_of_measurement":"%"})";

TEST_F(Vacuum, has_no_battery_until_it_has_told_of_one) {
    add("vacuum", robot);
    tell("s", R"({"state":"docked"})");
    EXPECT_EQ(hub.attribute("battery.percent"), nullptr);
    tell("s", R"({"state":"docked","battery_level":100})");
    EXPECT_EQ(hub.value("battery.percent"), Value(100));
    tell("s", R"({"state":"cleaning","battery_level":99})");
    EXPECT_EQ(hub.value("battery.percent"), Value(99));
    EXPECT_EQ(hub.refusals.total(), 0u);
}

TEST_F(Vacuum, a_battery_sensor_of_its_own_is_its_battery) {
    add("vacuum", "robot", robot);
    add("sensor", "gauge", battery_sensor);
    tell("b", "77");
    EXPECT_EQ(hub.value("battery.percent"), Value(77));
    EXPECT_NE(hub.attribute("operation.state"), nullptr);
    EXPECT_NE(hub.attribute("fan.mode"), nullptr);
    tell("s", R"({"state":"docked","battery_level":76})");
    EXPECT_EQ(hub.value("battery.percent"), Value(77)) << "what was announced stays what it is";
    EXPECT_EQ(hub.value("robot/battery.percent"), Value(76));
    EXPECT_EQ(hub.value("operation.state"), Value("idle"));
}

TEST_F(Vacuum, a_battery_that_was_told_is_there_after_a_restart) {
    add("vacuum", robot);
    tell("s", R"({"state":"docked","battery_level":61})");
    const auto before = hub.home.last_event();
    hub.adapter.stop();
    testing::SmallBroker broker;
    broker.authorizer.all = hub.broker.authorizer.all;
    Adapter next(broker);
    ASSERT_TRUE(next.start(hub.port).has_value());
    EXPECT_EQ(hub.home.last_event(), before) << "nothing is announced anew";
    EXPECT_EQ(hub.value("battery.percent"), Value(61));
    broker.send("s", R"({"battery_level":60})");
    EXPECT_EQ(hub.value("battery.percent"), Value(60));
    next.stop();
}

constexpr std::string_view mower = R"({
    "name":null,"activity_state_topic":"act","activity_value_template":"{{ value_json.a }}",
    "start_mowing_command_topic":"go","pause_command_topic":"wait","dock_command_topic":"home",
    "dock_command_template":"{\"do\":\"{{ value }}\"}","retain":true})";

TEST_F(LawnMower, tells_what_it_does_as_a_robot_does) {
    add("lawn_mower", mower);
    const std::vector<std::pair<std::string, std::string>> words{{"mowing", "running"},
                                                                 {"docked", "idle"},
                                                                 {"paused", "paused"},
                                                                 {"returning", "returning"},
                                                                 {"error", "error"}};
    for (const auto& [theirs, ours] : words) {
        tell("act", R"({"a":")" + theirs + R"("})");
        EXPECT_EQ(hub.value("operation.state"), Value(ours));
    }
    EXPECT_EQ(hub.only()->type, "lawn_mower");
}

TEST_F(LawnMower, is_sent_out_held_and_called_home_each_on_its_topic) {
    add("lawn_mower", mower);
    EXPECT_THAT(hub.ask({{"operation.state", "running"}}), ElementsAre("go start_mowing"));
    EXPECT_TRUE(hub.broker.published.back().retain);
    EXPECT_THAT(hub.ask({{"operation.state", "paused"}}), ElementsAre("wait pause"));
    EXPECT_THAT(hub.ask({{"operation.state", "idle"}}), ElementsAre(R"(home {"do":"dock"})"));
    tell("act", R"({"a":"returning"})");
    EXPECT_EQ(hub.settlement(), "") << "it is on its way";
    tell("act", R"({"a":"docked"})");
    EXPECT_EQ(hub.settlement(), "confirmed");
}

TEST_F(LawnMower, does_only_what_it_has_a_topic_for) {
    add("lawn_mower", R"({"activity_state_topic":"act","dock_command_topic":"home"})");
    hub.ask({{"operation.state", "running"}});
    EXPECT_EQ(hub.settlement(), R"(refused: this mower can not be asked to be "running")");
    add("lawn_mower", R"({"activity_state_topic":"act"})");
    EXPECT_FALSE(hub.attribute("operation.state")->spec->writable);
    EXPECT_EQ(refusal_of("lawn_mower", "{}"), "activity_state_topic or a command topic is missing");
}

TEST_F(Vacuum, is_sent_to_work_and_home) {
    add("vacuum", robot);
    EXPECT_THAT(hub.ask({{"operation.state", "running"}}), ElementsAre("c go"));
    EXPECT_THAT(hub.ask({{"operation.state", "idle"}}), ElementsAre("c return_to_base"));
    EXPECT_THAT(hub.ask({{"fan.mode", "strong"}}), ElementsAre("f strong"));
    hub.ask({{"operation.state", "error"}});
    EXPECT_EQ(hub.settlement(), R"(refused: this robot can not be asked to be "error")");
    EXPECT_EQ(refusal_of("vacuum", "{}"), "state_topic or command_topic is missing");
}

TEST_F(Humidifier, has_a_switch_a_target_and_modes) {
    add("humidifier", R"({"name":null,"state_topic":"s","command_topic":"c",
        "target_humidity_command_topic":"t","target_humidity_state_topic":"ts","min_humidity":30,
        "max_humidity":80,"modes":["eco"],"mode_command_topic":"m","current_humidity_topic":"h"})");
    tell("ts", "45");
    tell("h", "38");
    EXPECT_EQ(hub.value("thermostat.target_humidity"), Value(45));
    EXPECT_EQ(hub.value("humidity.percent"), Value(38));
    EXPECT_THAT(hub.ask({{"thermostat.target_humidity", 50}}), ElementsAre("t 50"));
    EXPECT_THAT(hub.ask({{"thermostat.target_humidity", 90}}), ElementsAre(HasSubstr("refused: ")));
    EXPECT_THAT(hub.ask({{"fan.mode", "eco"}}), ElementsAre("m eco"));
    EXPECT_THAT(hub.ask({{"on_off.on", true}}), ElementsAre("c ON"));
    EXPECT_EQ(refusal_of("humidifier", R"({"command_topic":"c"})"),
              "target_humidity_command_topic is missing");
}

TEST_F(Update, compares_what_runs_with_what_there_is) {
    add("update", R"({"state_topic":"s","command_topic":"c","payload_install":"go",
                      "value_template":"{{ value_json.update | tojson }}"})");
    tell("s", R"({"update":{"installed_version":3,"latest_version":4,"in_progress":false}})");
    EXPECT_EQ(hub.value("untyped.installed_version"), Value("3"));
    EXPECT_EQ(hub.value("untyped.update_available"), Value(true));
    EXPECT_EQ(hub.value("untyped.update_in_progress"), Value(false));
    EXPECT_THAT(hub.ask({{"untyped.install_update", true}}), ElementsAre("c go"));
    tell("s", R"({"update":{"installed_version":4,"latest_version":4}})");
    EXPECT_EQ(hub.value("untyped.update_available"), Value(false));
}

TEST_F(Update, plain_text_is_what_runs_and_without_a_payload_nothing_is_installed) {
    add("update", R"({"state_topic":"s","command_topic":"c"})");
    tell("s", "1.2.3");
    EXPECT_EQ(hub.value("untyped.installed_version"), Value("1.2.3"));
    EXPECT_EQ(hub.attribute("untyped.install_update"), nullptr);
}

} // namespace
} // namespace hearth::mqtt_discovery
