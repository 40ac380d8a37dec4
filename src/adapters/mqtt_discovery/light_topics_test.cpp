#include "adapters/mqtt_discovery/test_discovery.h"

/// The default schema, a topic for everything, as Tasmota and many sketches speak; and the template
/// schema.
namespace hearth::mqtt_discovery {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

struct TopicLight : testing::DiscoveryTest {};
struct TemplateLight : testing::DiscoveryTest {};

TEST_F(TopicLight, switches_with_payloads_of_its_own) {
    add("light", R"({"state_topic":"s","command_topic":"c","payload_on":"1","payload_off":"0"})");
    tell("s", "1");
    EXPECT_EQ(hub.value("on_off.on"), Value(true));
    tell("s", "0");
    EXPECT_EQ(hub.value("on_off.on"), Value(false));
    tell("s", "2");
    EXPECT_THAT(hub.last_refusal(), HasSubstr("\"2\" is neither \"1\" nor \"0\""));
    EXPECT_THAT(hub.ask({{"on_off.on", true}}), ElementsAre("c 1"));
}

constexpr std::string_view full = R"({
    "state_topic":"s","command_topic":"c","state_value_template":"{{ value_json.p }}",
    "brightness_state_topic":"bs","brightness_command_topic":"bc","brightness_scale":100,
    "color_temp_state_topic":"ts","color_temp_command_topic":"tc",
    "hs_state_topic":"hs","hs_command_topic":"hc","color_mode_state_topic":"ms",
    "effect_state_topic":"es","effect_command_topic":"ec","effect_list":["blink"]})";

TEST_F(TopicLight, reads_each_part_from_its_topic) {
    add("light", full);
    tell("s", R"({"p":"ON"})");
    tell("bs", "40");
    tell("ts", "250");
    tell("hs", "120,100");
    tell("ms", "hs");
    tell("es", "blink");
    EXPECT_EQ(hub.value("on_off.on"), Value(true));
    EXPECT_EQ(hub.value("level.percent"), Value(40));
    EXPECT_EQ(hub.value("color.kelvin"), Value(4000));
    EXPECT_EQ(hub.value("color.hue"), Value(120));
    EXPECT_EQ(hub.value("color.mode"), Value("hs"));
    EXPECT_EQ(hub.value("color.effect"), Value("blink"));
    tell("hs", "red");
    EXPECT_THAT(hub.last_refusal(), HasSubstr("\"red\" is no colour"));
}

TEST_F(TopicLight, sets_each_part_on_its_topic_and_goes_on_last) {
    add("light", full);
    EXPECT_THAT(hub.ask({{"on_off.on", true}, {"level.percent", 40}}),
                ElementsAre("bc 40", "c ON"));
    EXPECT_THAT(hub.ask({{"color.kelvin", 5000}}), ElementsAre("tc 200", "c ON"));
    EXPECT_THAT(hub.ask({{"color.hue", 300}, {"color.saturation", 20}}),
                ElementsAre("hc 300,20", "c ON"));
    EXPECT_THAT(hub.ask({{"color.effect", "blink"}}), ElementsAre("ec blink", "c ON"));
    EXPECT_THAT(hub.ask({{"on_off.on", false}}), ElementsAre("c OFF"));
}

TEST_F(TopicLight, goes_on_first_or_by_its_brightness_where_it_wants_that) {
    constexpr std::string_view rest = R"(,"command_topic":"c","brightness_command_topic":"b"})";
    add("light", R"({"on_command_type":"first")" + std::string(rest));
    EXPECT_THAT(hub.ask({{"level.percent", 100}}), ElementsAre("c ON", "b 255"));
    add("light", R"({"on_command_type":"brightness")" + std::string(rest));
    EXPECT_THAT(hub.ask({{"level.percent", 100}}), ElementsAre("b 255"));
    EXPECT_THAT(hub.ask({{"on_off.on", true}}), ElementsAre("b 255"));
    EXPECT_THAT(hub.ask({{"on_off.on", false}}), ElementsAre("c OFF"));
}

TEST_F(TopicLight, speaks_rgb_and_xy_through_templates) {
    add("light", R"({"command_topic":"c","rgb_command_topic":"rgb","rgb_state_topic":"rs",
        "rgb_command_template":"{{ '#%02x%02x%02x' | format(red, green, blue) }}"})");
    EXPECT_THAT(hub.ask({{"color.hue", 0}, {"color.saturation", 100}}),
                ElementsAre("rgb #ff0000", "c ON"));
    tell("rs", "0,255,0");
    EXPECT_EQ(hub.value("color.hue"), Value(120));
    add("light", R"({"command_topic":"c","xy_command_topic":"xy"})");
    EXPECT_THAT(hub.ask({{"color.x", 0.25}, {"color.y", 0.5}}), ElementsAre("xy 0.25,0.5", "c ON"));
}

TEST_F(TopicLight, white_channels_stay_dark_while_a_colour_is_asked_for) {
    const std::vector<std::pair<std::string, Value>> red{{"color.hue", 0},
                                                         {"color.saturation", 100}};
    add("light", R"({"command_topic":"c","rgbw_command_topic":"w"})");
    EXPECT_THAT(hub.ask(red), ElementsAre("w 255,0,0,0", "c ON"));
    add("light", R"({"command_topic":"c","rgbww_command_topic":"w","rgbww_command_template":
                     "{{ red }}/{{ cold_white }}/{{ warm_white }}"})");
    EXPECT_THAT(hub.ask(red), ElementsAre("w 255/0/0", "c ON"));
}

TEST_F(TopicLight, is_assumed_done_only_in_parts_that_it_never_tells) {
    add("light", R"({"command_topic":"c","state_topic":"s","brightness_command_topic":"b"})");
    EXPECT_TRUE(hub.attribute("on_off.on")->spec->answers);
    EXPECT_FALSE(hub.attribute("level.percent")->spec->answers);
}

TEST_F(TopicLight, needs_a_topic_to_be_commanded_on) {
    EXPECT_EQ(refusal_of("light", R"({"state_topic":"s"})"), "command_topic is missing");
}

constexpr std::string_view templated = R"({
    "schema":"template","state_topic":"s","command_topic":"c",
    "command_on_template":
      "on{% if brightness is defined %} b{{ brightness }}{% endif %}{% if red is defined %} {{ red }}-{{ green }}-{{ blue }}{% endif %}{% if color_temp is defined %} t{{ color_temp }}{% endif %}{% if effect is defined %} e{{ effect }}{% endif %}",
    "command_off_template":"off",
    "state_template":"{{ value.split(',')[0] }}",
    "brightness_template":"{{ value.split(',')[1] }}",
    "color_temp_template":"{{ value.split(',')[2] }}",
    "red_template":"{{ value.split(',')[3] }}",
    "green_template":"{{ value.split(',')[4] }}",
    "blue_template":"{{ value.split(',')[5] }}",
    "effect_template":"{{ value.split(',')[6] }}",
    "effect_list":["blink"]})";

TEST_F(TemplateLight, reads_each_part_by_its_template) {
    add("light", templated);
    tell("s", "on,51,250,0,0,255,blink");
    EXPECT_EQ(hub.value("on_off.on"), Value(true));
    EXPECT_EQ(hub.value("level.percent"), Value(20));
    EXPECT_EQ(hub.value("color.kelvin"), Value(4000));
    EXPECT_EQ(hub.value("color.hue"), Value(240));
    EXPECT_EQ(hub.value("color.effect"), Value("blink"));
    tell("s", "perhaps,51,250,0,0,255,blink");
    EXPECT_THAT(hub.last_refusal(), HasSubstr("state \"perhaps\" is neither on nor off"));
}

TEST_F(TemplateLight, commands_are_rendered_from_what_is_asked) {
    add("light", templated);
    EXPECT_THAT(hub.ask({{"on_off.on", true}}), ElementsAre("c on"));
    EXPECT_THAT(hub.ask({{"on_off.on", true}, {"level.percent", 20}}), ElementsAre("c on b51"));
    EXPECT_THAT(hub.ask({{"color.hue", 240}, {"color.saturation", 100}}),
                ElementsAre("c on 0-0-255"));
    EXPECT_THAT(hub.ask({{"color.kelvin", 4000}, {"color.effect", "blink"}}),
                ElementsAre("c on t250 eblink"));
    EXPECT_THAT(hub.ask({{"on_off.on", false}}), ElementsAre("c off"));
}

TEST_F(TemplateLight, needs_both_commands) {
    EXPECT_EQ(refusal_of("light", R"({"schema":"template","command_topic":"c",
                                      "command_on_template":"on"})"),
              "command_off_template is missing");
    EXPECT_EQ(refusal_of("light", R"({"schema":"template","command_topic":"c",
                                      "command_off_template":"off"})"),
              "command_on_template is missing");
}

} // namespace
} // namespace hearth::mqtt_discovery
