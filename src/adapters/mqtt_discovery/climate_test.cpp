#include "adapters/mqtt_discovery/test_discovery.h"

/// Climates, water heaters and fans.
namespace hearth::mqtt_discovery {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

struct Climate : testing::DiscoveryTest {};
struct WaterHeater : testing::DiscoveryTest {};
struct Fan : testing::DiscoveryTest {};

constexpr std::string_view radiator = R"({
    "name":null,"modes":["off","heat","auto"],
    "mode_state_topic":"s","mode_state_template":"{{ value_json.system_mode }}",
    "mode_command_topic":"set/mode",
    "temperature_state_topic":"s","temperature_state_template":"{{ value_json.setpoint }}",
    "temperature_command_topic":"set/setpoint","min_temp":"5","max_temp":"30","temp_step":0.5,
    "current_temperature_topic":"s","current_temperature_template":"{{ value_json.local_temperature }}",
    "action_topic":"s",
    "action_template":"{% set values = {None:None,'idle':'idle','heat':'heating'} %}{{ values[value_json.running_state] }}",
    "preset_modes":["eco","boost"],"preset_mode_state_topic":"s",
    "preset_mode_value_template":"{{ value_json.preset }}","preset_mode_command_topic":"set/preset"})";

TEST_F(Climate, one_message_tells_mode_target_temperature_action_and_preset) {
    add("climate", radiator);
    tell("s", R"({"system_mode":"heat","setpoint":21.5,"local_temperature":19,
                  "running_state":"heat","preset":"eco"})");
    EXPECT_EQ(hub.value("thermostat.mode"), Value("heat"));
    EXPECT_EQ(hub.value("thermostat.target"), Value(21.5));
    EXPECT_EQ(hub.value("thermostat.action"), Value("heating"));
    EXPECT_EQ(hub.value("thermostat.preset"), Value("eco"));
    EXPECT_EQ(hub.value("temperature.celsius"), Value(19));
    EXPECT_EQ(hub.only()->type, "thermostat");
}

TEST_F(Climate, each_part_is_set_on_its_topic) {
    add("climate", radiator);
    EXPECT_THAT(hub.ask({{"thermostat.mode", "heat"}}), ElementsAre("set/mode heat"));
    EXPECT_THAT(hub.ask({{"thermostat.target", 20.3}}), ElementsAre("set/setpoint 20.5"));
    tell("s", R"({"setpoint":20.5})");
    EXPECT_EQ(hub.settlement(), "confirmed") << "half a step is as near as it gets";
    EXPECT_THAT(hub.ask({{"thermostat.preset", "none"}}), ElementsAre("set/preset none"));
}

TEST_F(Climate, takes_only_the_modes_and_temperatures_that_it_offers) {
    add("climate", radiator);
    EXPECT_THAT(hub.ask({{"thermostat.mode", "cool"}}), ElementsAre(HasSubstr("refused: ")));
    EXPECT_THAT(hub.ask({{"thermostat.target", 31}}), ElementsAre(HasSubstr("refused: ")));
    EXPECT_EQ(hub.attribute("thermostat.target")->spec->min, 5);
}

TEST_F(Climate, fahrenheit_is_converted_both_ways) {
    add("climate", R"({"temperature_unit":"F","temperature_state_topic":"s",
                       "temperature_command_topic":"c","min_temp":41,"max_temp":95,"temp_step":1,
                       "current_temperature_topic":"ct"})");
    tell("s", "68");
    tell("ct", "50");
    EXPECT_EQ(hub.value("thermostat.target"), Value(20));
    EXPECT_EQ(hub.value("temperature.celsius"), Value(10));
    EXPECT_THAT(hub.ask({{"thermostat.target", 25}}), ElementsAre("c 77"));
    EXPECT_EQ(hub.attribute("thermostat.target")->spec->max, 35);
}

TEST_F(Climate, has_two_targets_a_fan_and_a_humidity_where_it_says_so) {
    add("climate", R"({"temperature_low_command_topic":"lo","temperature_high_command_topic":"hi",
                       "fan_modes":["low","high"],"fan_mode_state_topic":"f",
                       "fan_mode_command_topic":"fc","swing_modes":["on","off"],
                       "swing_mode_command_topic":"sw","target_humidity_command_topic":"hum",
                       "power_command_topic":"pow"})");
    EXPECT_THAT(hub.ask({{"thermostat.target_low", 18}}), ElementsAre("lo 18"));
    EXPECT_THAT(hub.ask({{"thermostat.target_high", 24}}), ElementsAre("hi 24"));
    EXPECT_THAT(hub.ask({{"fan.mode", "high"}}), ElementsAre("fc high"));
    EXPECT_THAT(hub.ask({{"untyped.swing_mode", "on"}}), ElementsAre("sw on"));
    EXPECT_THAT(hub.ask({{"thermostat.target_humidity", 50}}), ElementsAre("hum 50"));
    EXPECT_THAT(hub.ask({{"on_off.on", false}}), ElementsAre("pow OFF"));
    tell("f", "low");
    EXPECT_EQ(hub.value("fan.mode"), Value("low"));
}

TEST_F(Climate, options_that_make_no_sense_are_refused) {
    EXPECT_EQ(refusal_of("climate", "{}"), "a topic to read or to set something is missing");
    EXPECT_EQ(refusal_of("climate", R"({"temperature_command_topic":"c","min_temp":30,
                                        "max_temp":5})"),
              "min_temp is greater than max_temp");
    EXPECT_EQ(refusal_of("climate", R"({"temperature_command_topic":"c","temp_step":0})"),
              "temp_step must be greater than 0");
    EXPECT_EQ(refusal_of("climate", R"({"temperature_command_topic":"c","min_temp":"cold"})"),
              R"(min_temp must be a number, not "cold")");
}

constexpr std::string_view tank = R"({
    "name":null,"modes":["off","eco","heat_pump","performance"],
    "mode_state_topic":"m","mode_command_topic":"m/set","temperature_state_topic":"t",
    "temperature_command_topic":"t/set"})";

TEST_F(WaterHeater, tells_and_takes_the_modes_of_its_own) {
    add("water_heater", tank);
    tell("m", "heat_pump");
    EXPECT_EQ(hub.value("thermostat.mode"), Value("heat_pump"));
    EXPECT_THAT(hub.attribute("thermostat.mode")->spec->options,
                ElementsAre("off", "eco", "heat_pump", "performance"));
    EXPECT_THAT(hub.ask({{"thermostat.mode", "eco"}}), ElementsAre("m/set eco"));
    tell("m", "eco");
    EXPECT_EQ(hub.settlement(), "confirmed");
    EXPECT_THAT(hub.ask({{"thermostat.mode", "gas"}}), ElementsAre(HasSubstr("refused: ")));
}

TEST_F(WaterHeater, has_all_of_its_words_where_it_names_none) {
    add("water_heater", R"({"mode_state_topic":"m"})");
    for (const std::string word :
         {"off", "eco", "electric", "gas", "heat_pump", "high_demand", "performance"}) {
        tell("m", word);
        EXPECT_EQ(hub.value("thermostat.mode"), Value(word));
    }
}

TEST_F(WaterHeater, is_as_hot_as_water_may_be_where_it_announces_no_range) {
    add("water_heater", tank);
    tell("t", "55");
    EXPECT_EQ(hub.value("thermostat.target"), Value(55));
    EXPECT_EQ(hub.attribute("thermostat.target")->spec->min, 43.3);
    EXPECT_EQ(hub.attribute("thermostat.target")->spec->max, 60);
    EXPECT_THAT(hub.ask({{"thermostat.target", 58}}), ElementsAre("t/set 58"));
    EXPECT_THAT(hub.ask({{"thermostat.target", 20}}), ElementsAre(HasSubstr("refused: ")));
}

TEST_F(WaterHeater, of_fahrenheit_has_the_same_range_in_its_unit) {
    add("water_heater", R"({"temperature_unit":"F","temperature_state_topic":"t",
                            "temperature_command_topic":"t/set"})");
    tell("t", "140");
    EXPECT_EQ(hub.value("thermostat.target"), Value(60));
    EXPECT_NEAR(*hub.attribute("thermostat.target")->spec->min, 43.33, 0.01);
    EXPECT_EQ(hub.attribute("thermostat.target")->spec->max, 60);
}

constexpr std::string_view ceiling = R"({
    "name":null,"state_topic":"s","command_topic":"c","state_value_template":"{{ value_json.on }}",
    "percentage_state_topic":"s","percentage_value_template":"{{ value_json.speed }}",
    "percentage_command_topic":"sp","speed_range_min":1,"speed_range_max":4,
    "preset_modes":["breeze","sleep"],"preset_mode_state_topic":"s",
    "preset_mode_value_template":"{{ value_json.preset }}","preset_mode_command_topic":"pc",
    "oscillation_state_topic":"o","oscillation_command_topic":"oc",
    "direction_state_topic":"d","direction_command_topic":"dc"})";

TEST_F(Fan, tells_speed_in_percent_of_its_steps_and_the_rest_in_words) {
    add("fan", ceiling);
    tell("s", R"({"on":"ON","speed":2,"preset":"sleep"})");
    tell("o", "oscillate_on");
    tell("d", "reverse");
    EXPECT_EQ(hub.value("on_off.on"), Value(true));
    EXPECT_EQ(hub.value("fan.speed"), Value(50));
    EXPECT_EQ(hub.value("fan.mode"), Value("sleep"));
    EXPECT_EQ(hub.value("fan.oscillating"), Value(true));
    EXPECT_EQ(hub.value("fan.direction"), Value("reverse"));
    EXPECT_EQ(hub.only()->type, "fan");
}

TEST_F(Fan, speed_is_sent_as_the_nearest_step_and_0_is_off) {
    add("fan", ceiling);
    EXPECT_THAT(hub.ask({{"fan.speed", 75}}), ElementsAre("sp 3"));
    tell("s", R"({"speed":3})");
    EXPECT_EQ(hub.settlement(), "confirmed");
    EXPECT_THAT(hub.ask({{"fan.speed", 1}}), ElementsAre("sp 1")) << "however slow, it turns";
    EXPECT_THAT(hub.ask({{"fan.speed", 0}}), ElementsAre("c OFF"));
}

TEST_F(Fan, modes_swing_and_direction_are_set_on_their_topics) {
    add("fan", ceiling);
    EXPECT_THAT(hub.ask({{"on_off.on", true}}), ElementsAre("c ON"));
    EXPECT_THAT(hub.ask({{"fan.mode", "breeze"}}), ElementsAre("pc breeze"));
    EXPECT_THAT(hub.ask({{"fan.oscillating", false}}), ElementsAre("oc oscillate_off"));
    EXPECT_THAT(hub.ask({{"fan.direction", "forward"}}), ElementsAre("dc forward"));
    EXPECT_THAT(hub.ask({{"fan.mode", "storm"}}), ElementsAre(HasSubstr("refused: ")));
}

TEST_F(Fan, options_that_make_no_sense_are_refused) {
    EXPECT_EQ(refusal_of("fan", R"({"state_topic":"s"})"), "command_topic is missing");
    EXPECT_EQ(refusal_of("fan", R"({"command_topic":"c","percentage_command_topic":"p",
                                    "speed_range_min":5,"speed_range_max":5})"),
              "speed_range_min must be less than speed_range_max");
}

} // namespace
} // namespace hearth::mqtt_discovery
