#include "adapters/mqtt_discovery/test_discovery.h"

/// The JSON schema: one topic each way, as Zigbee2MQTT and ESPHome speak.
namespace hearth::mqtt_discovery {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

struct JsonLight : testing::DiscoveryTest {
    void lamp(std::string_view modes, std::string_view more = "") {
        add("light", R"({"schema":"json","name":null,"state_topic":"lamp","command_topic":"set",
                         "supported_color_modes":)" +
                         std::string(modes) + std::string(more) + "}");
    }
};

TEST_F(JsonLight, that_only_switches_has_only_a_switch) {
    lamp(R"(["onoff"])");
    tell("lamp", R"({"state":"ON","brightness":77})");
    EXPECT_EQ(to_json(hub.twin()), R"({"on_off":{"on":true}})");
    EXPECT_THAT(hub.ask({{"on_off.on", false}}), ElementsAre(R"(set {"state":"OFF"})"));
    EXPECT_EQ(hub.only()->type, "light");
}

TEST_F(JsonLight, brightness_is_percent_of_its_scale) {
    lamp(R"(["brightness"])", R"(,"brightness_scale":254)");
    tell("lamp", R"({"state":"ON","brightness":127})");
    EXPECT_EQ(hub.value("level.percent"), Value(50));
    EXPECT_THAT(hub.ask({{"level.percent", 100}}),
                ElementsAre(R"(set {"state":"ON","brightness":254})"));
    tell("lamp", R"({"state":"ON","brightness":254})");
    EXPECT_EQ(hub.settlement(), "confirmed");
}

TEST_F(JsonLight, the_faintest_light_asked_for_is_still_light_and_0_is_off) {
    lamp(R"(["brightness"])");
    EXPECT_THAT(hub.ask({{"level.percent", 0.1}}),
                ElementsAre(R"(set {"state":"ON","brightness":1})"));
    EXPECT_THAT(hub.ask({{"level.percent", 0}}), ElementsAre(R"(set {"state":"OFF"})"));
}

TEST_F(JsonLight, all_that_is_asked_goes_out_in_one_message) {
    lamp(R"(["color_temp","xy"])", R"(,"brightness_scale":254)");
    EXPECT_THAT(hub.ask({{"on_off.on", true}, {"level.percent", 50}, {"color.kelvin", 4000}}),
                ElementsAre(R"(set {"state":"ON","brightness":127,"color_temp":250})"));
}

TEST_F(JsonLight, colour_temperature_is_kelvin_whether_it_speaks_mireds_or_kelvin) {
    lamp(R"(["color_temp"])", R"(,"min_mireds":200,"max_mireds":400)");
    tell("lamp", R"({"state":"ON","color_temp":250,"color_mode":"color_temp"})");
    EXPECT_EQ(hub.value("color.kelvin"), Value(4000));
    EXPECT_EQ(hub.value("color.mode"), Value("temperature"));
    EXPECT_EQ(hub.attribute("color.kelvin")->spec->min, 2500);
    EXPECT_EQ(hub.attribute("color.kelvin")->spec->max, 5000);
    EXPECT_THAT(hub.ask({{"color.kelvin", 9000}}), ElementsAre(HasSubstr("refused: ")));
    lamp(R"(["color_temp"])", R"(,"color_temp_kelvin":true,"min_kelvin":2200,"max_kelvin":6500)");
    tell("lamp", R"({"color_temp":3000})");
    EXPECT_EQ(hub.value("color.kelvin"), Value(3000));
    EXPECT_THAT(hub.ask({{"color.kelvin", 2700}}),
                ElementsAre(R"(set {"state":"ON","color_temp":2700})"));
}

TEST_F(JsonLight, colour_shows_as_x_y_and_as_hue_saturation_whichever_it_speaks) {
    lamp(R"(["xy"])");
    tell("lamp", R"({"state":"ON","color":{"x":0.7006,"y":0.2993}})");
    EXPECT_EQ(hub.value("color.x"), Value(0.7006));
    EXPECT_EQ(hub.value("color.hue"), Value(0));
    EXPECT_EQ(hub.value("color.saturation"), Value(100));
    tell("lamp", R"({"color":{"hue":120,"saturation":100}})");
    EXPECT_EQ(hub.value("color.hue"), Value(120));
    tell("lamp", R"({"color":{"r":0,"g":0,"b":255}})");
    EXPECT_EQ(hub.value("color.hue"), Value(240));
}

TEST_F(JsonLight, colour_is_sent_in_its_own_space) {
    lamp(R"(["xy"])");
    EXPECT_THAT(hub.ask({{"color.x", 0.3}, {"color.y", 0.6}}),
                ElementsAre(R"(set {"state":"ON","color":{"x":0.3,"y":0.6}})"));
    lamp(R"(["hs"])");
    EXPECT_THAT(hub.ask({{"color.hue", 120}, {"color.saturation", 50}}),
                ElementsAre(R"(set {"state":"ON","color":{"h":120,"s":50}})"));
    lamp(R"(["rgb"])");
    EXPECT_THAT(hub.ask({{"color.hue", 120}, {"color.saturation", 100}}),
                ElementsAre(R"(set {"state":"ON","color":{"r":0,"g":255,"b":0}})"));
}

TEST_F(JsonLight, white_channels_stay_dark_while_a_colour_is_asked_for) {
    lamp(R"(["rgbw"])");
    EXPECT_THAT(hub.ask({{"color.hue", 120}, {"color.saturation", 100}}),
                ElementsAre(R"(set {"state":"ON","color":{"r":0,"g":255,"b":0,"w":0}})"));
    lamp(R"(["rgbww"])");
    EXPECT_THAT(hub.ask({{"color.hue", 120}, {"color.saturation", 100}}),
                ElementsAre(R"(set {"state":"ON","color":{"r":0,"g":255,"b":0,"c":0,"w":0}})"));
}

TEST_F(JsonLight, what_is_not_asked_of_a_colour_is_what_the_lamp_told_last) {
    lamp(R"(["hs"])");
    EXPECT_THAT(hub.ask({{"color.hue", 10}}),
                ElementsAre(R"(set {"state":"ON","color":{"h":10,"s":100}})"));
    tell("lamp", R"({"state":"ON","color":{"h":30,"s":40}})");
    EXPECT_THAT(hub.ask({{"color.hue", 10}}),
                ElementsAre(R"(set {"state":"ON","color":{"h":10,"s":40}})"));
}

TEST_F(JsonLight, half_a_colour_is_refused_while_the_other_half_is_unknown) {
    lamp(R"(["xy"])");
    hub.ask({{"color.x", 0.3}});
    EXPECT_THAT(hub.settlement(), HasSubstr("refused: color.x and color.y belong together"));
}

TEST_F(JsonLight, effects_are_those_of_its_list) {
    lamp(R"(["brightness"])", R"(,"effect":true,"effect_list":["blink","breathe"])");
    tell("lamp", R"({"state":"ON","effect":"blink"})");
    EXPECT_EQ(hub.value("color.effect"), Value("blink"));
    EXPECT_THAT(hub.ask({{"color.effect", "breathe"}}),
                ElementsAre(R"(set {"state":"ON","effect":"breathe"})"));
    EXPECT_THAT(hub.ask({{"color.effect", "dance"}}), ElementsAre(HasSubstr("refused: ")));
}

TEST_F(JsonLight, old_switches_for_each_mode_still_count) {
    add("light", R"({"schema":"json","command_topic":"set","state_topic":"lamp","brightness":true,
                     "color_temp":true,"xy":true})");
    EXPECT_NE(hub.attribute("level.percent"), nullptr);
    EXPECT_NE(hub.attribute("color.kelvin"), nullptr);
    EXPECT_NE(hub.attribute("color.x"), nullptr);
}

TEST_F(JsonLight, a_message_may_tell_nothing_or_nonsense_of_a_part) {
    lamp(R"(["brightness"])");
    tell("lamp", R"({"state":null,"brightness":null,"linkquality":80})");
    tell("lamp", "");
    EXPECT_EQ(hub.refusals.total(), 0u);
    tell("lamp", R"({"state":"DIM","brightness":255})");
    EXPECT_THAT(hub.last_refusal(), HasSubstr("state \"DIM\" is neither ON nor OFF"));
    EXPECT_EQ(hub.value("level.percent"), Value(100)) << "the rest of the message counts";
    tell("lamp", R"({"state":"ON","brightness":"bright"})");
    EXPECT_THAT(hub.last_refusal(), HasSubstr("brightness \"bright\" is no number"));
    tell("lamp", "ON");
    EXPECT_THAT(hub.last_refusal(), HasSubstr("the message is no JSON"));
}

TEST_F(JsonLight, without_a_state_topic_a_command_is_assumed_done) {
    add("light", R"({"schema":"json","command_topic":"set"})");
    hub.ask({{"on_off.on", true}});
    EXPECT_EQ(hub.settlement(), "assumed");
}

TEST_F(JsonLight, options_that_make_no_sense_are_refused) {
    EXPECT_EQ(refusal_of("light", R"({"schema":"json","state_topic":"t"})"),
              "command_topic is missing");
    EXPECT_EQ(refusal_of("light", R"({"schema":"json","command_topic":"c","brightness_scale":0})"),
              "brightness_scale must be at least 1");
    EXPECT_EQ(refusal_of("light", R"({"schema":"json","command_topic":"c","min_mireds":500,
                                      "max_mireds":100})"),
              "min_mireds and max_mireds are no range");
    EXPECT_EQ(refusal_of("light", R"({"schema":"xml","command_topic":"c"})"),
              "schema must be basic, json or template, not xml");
    EXPECT_EQ(refusal_of("light", R"({"schema":"json","command_topic":"a/+"})"),
              R"(command_topic must be a topic without wildcards, not "a/+")");
}

} // namespace
} // namespace hearth::mqtt_discovery
