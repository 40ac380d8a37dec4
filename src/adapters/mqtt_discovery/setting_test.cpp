#include "adapters/mqtt_discovery/test_discovery.h"

/// Settings (number, select, text), things to press, and what hearth does not know at all.
namespace hearth::mqtt_discovery {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

struct Setting : testing::DiscoveryTest {};
struct Press : testing::DiscoveryTest {};
struct Unknown : testing::DiscoveryTest {};
struct Happening : testing::DiscoveryTest {};

TEST_F(Setting, a_number_has_a_range_a_step_and_a_unit) {
    add("number", R"({"state_topic":"s","command_topic":"c","min":10,"max":300,"step":5,
                      "unit_of_measurement":"s","value_template":"{{ value_json.timeout }}"})");
    tell("s", R"({"timeout":60})");
    EXPECT_EQ(hub.value("untyped.timeout"), Value(60));
    EXPECT_EQ(hub.attribute("untyped.timeout")->spec->unit, "s");
    EXPECT_THAT(hub.ask({{"untyped.timeout", 92}}), ElementsAre("c 90"));
    tell("s", R"({"timeout":90})");
    EXPECT_EQ(hub.settlement(), "confirmed");
    EXPECT_THAT(hub.ask({{"untyped.timeout", 301}}), ElementsAre(HasSubstr("refused: ")));
}

TEST_F(Setting, a_number_that_tells_more_than_can_be_set_is_believed_and_cannot_be_asked_for) {
    add("number", R"({"state_topic":"s","command_topic":"c","min":0,"max":10,
                      "value_template":"{{ value_json.n }}"})");
    tell("s", R"({"n":5})");
    tell("s", R"({"n":11})");
    EXPECT_EQ(hub.value("untyped.n"), Value(11));
    EXPECT_EQ(hub.refusals.total(), 0u);
    EXPECT_THAT(hub.ask({{"untyped.n", 11}}), ElementsAre(HasSubstr("refused: ")));
}

TEST_F(Setting, a_numbers_options_must_make_sense) {
    EXPECT_EQ(refusal_of("number", R"({"state_topic":"s"})"), "command_topic is missing");
    EXPECT_EQ(refusal_of("number", R"({"command_topic":"c","min":9,"max":1})"),
              "min is greater than max");
    EXPECT_EQ(refusal_of("number", R"({"command_topic":"c","step":-1})"),
              "step must be greater than 0");
}

TEST_F(Setting, a_select_takes_its_options_only) {
    add("select", R"({"state_topic":"s","command_topic":"c","options":["low","high"],
                      "value_template":"{{ value_json.sensitivity }}",
                      "command_template":"{\"sensitivity\":\"{{ value }}\"}"})");
    tell("s", R"({"sensitivity":"low"})");
    EXPECT_EQ(hub.value("untyped.sensitivity"), Value("low"));
    EXPECT_THAT(hub.ask({{"untyped.sensitivity", "high"}}),
                ElementsAre(R"(c {"sensitivity":"high"})"));
    EXPECT_THAT(hub.ask({{"untyped.sensitivity", "off"}}), ElementsAre(HasSubstr("refused: ")));
    EXPECT_EQ(refusal_of("select", R"({"command_topic":"c"})"), "options is missing");
    EXPECT_EQ(refusal_of("select", R"({"command_topic":"c","options":[["a"]]})"),
              R"(options must be a list of texts, not [["a"]])");
}

TEST_F(Setting, words_are_told_apart_by_case_only_where_they_must_be) {
    add("select", R"({"state_topic":"s","command_topic":"c","options":["open","stop","STOP"],
                      "value_template":"{{ value_json.state }}"})");
    tell("s", R"({"state":"OPEN"})");
    EXPECT_EQ(hub.value("untyped.state"), Value("open"));
    tell("s", R"({"state":"STOP"})");
    EXPECT_EQ(hub.value("untyped.state"), Value("STOP"));
}

TEST_F(Setting, a_text_is_kept_as_text) {
    add("text", R"({"state_topic":"s","command_topic":"c","value_template":"{{ value_json.t }}"})");
    tell("s", R"({"t":12})");
    EXPECT_EQ(hub.value("untyped.t"), Value("12"));
    EXPECT_THAT(hub.ask({{"untyped.t", "hello"}}), ElementsAre("c hello"));
}

TEST_F(Setting, a_template_that_gives_nothing_is_no_command) {
    add("select", R"({"command_topic":"c","options":["a","b"],
                      "command_template":"{% if value == 'a' %}A{% endif %}"})");
    EXPECT_THAT(hub.ask({{"untyped.thing", "a"}}), ElementsAre("c A"));
    EXPECT_THAT(hub.ask({{"untyped.thing", "b"}}), ElementsAre());
    EXPECT_EQ(hub.settlement(), "refused: its command template gives nothing for this value");
}

TEST_F(Press, a_button_is_pressed_and_keeps_no_state) {
    add("button", R"({"name":"Identify","command_topic":"c","payload_press":"identify"})");
    EXPECT_THAT(hub.ask({{"button.press", true}}), ElementsAre("c identify"));
    EXPECT_EQ(hub.settlement(), "assumed");
    EXPECT_EQ(to_json(hub.twin()), "{}");
    add("button", R"({"command_topic":"c"})");
    EXPECT_THAT(hub.ask({{"button.press", true}}), ElementsAre("c PRESS"));
    EXPECT_EQ(refusal_of("button", "{}"), "command_topic is missing");
}

TEST_F(Press, two_buttons_stand_on_endpoints_of_their_own) {
    add("button", "restart", R"({"command_topic":"r"})");
    add("button", "identify", R"({"command_topic":"i"})");
    EXPECT_THAT(hub.ask({{"restart/button.press", true}}), ElementsAre("r PRESS"));
    EXPECT_THAT(hub.ask({{"identify/button.press", true}}), ElementsAre("i PRESS"));
}

TEST_F(Happening, an_event_and_a_trigger_keep_the_last_as_a_word_and_forget_what_was_retained) {
    hub.broker.send("e", R"({"event_type":"hold"})", true);
    add("event", "knob", R"({"state_topic":"e","event_types":["single","hold"]})");
    EXPECT_EQ(hub.value("untyped.knob"), Value()) << "retained: it happened before";
    tell("e", R"({"event_type":"single"})");
    EXPECT_EQ(hub.value("untyped.knob"), Value("single"));
    tell("e", R"({"other":1})");
    EXPECT_THAT(hub.last_refusal(), HasSubstr("the event has no event_type"));
    add("device_automation", "on_press",
        R"({"automation_type":"trigger","type":"action","subtype":"on","payload":"on",
            "topic":"remote/action"})");
    tell("remote/action", "on");
    EXPECT_EQ(hub.value("untyped.action"), Value("on"));
}

TEST_F(Happening, a_tag_reader_keeps_the_last_tag_and_forgets_what_was_retained) {
    hub.broker.send("door/tag", R"({"uid":"00FF"})", true);
    add("tag", R"({"topic":"door/tag","value_template":"{{ value_json.uid }}"})");
    EXPECT_EQ(hub.value("untyped.tag"), Value()) << "retained: it was read before";
    tell("door/tag", R"({"uid":"04AA"})");
    EXPECT_EQ(hub.value("untyped.tag"), Value("04AA"));
    tell("door/tag", R"({"uid":""})");
    tell("door/tag", R"({"uid":null})");
    EXPECT_EQ(hub.value("untyped.tag"), Value("04AA")) << "no tag is none";
    EXPECT_EQ(hub.refusals.total(), 0u);
    EXPECT_FALSE(hub.attribute("untyped.tag")->spec->writable);
    EXPECT_EQ(hub.only()->type, "sensor");
    EXPECT_EQ(refusal_of("tag", "{}"), "topic is missing");
}

TEST_F(Happening, a_device_that_tells_nothing_but_presses_is_a_remote_control) {
    for (const std::string key : {"action_l1", "action_l2"})
        add("sensor", key,
            R"({"state_topic":"s","entity_category":"diagnostic",
                               "value_template":"{{ value_json.)" +
                key + R"( }}"})");
    EXPECT_EQ(hub.only()->type, "button");
}

TEST_F(Unknown, a_component_with_a_state_shows_it_as_what_it_tells) {
    add("air_mouse", R"({"state_topic":"s","value_template":"{{ value_json.squeaks }}"})");
    tell("s", R"({"squeaks":3})");
    EXPECT_EQ(hub.value("untyped.squeaks"), Value(3));
    EXPECT_FALSE(hub.attribute("untyped.squeaks")->spec->writable);
}

TEST_F(Unknown, a_component_with_a_command_takes_text) {
    add("notify", R"({"command_topic":"c","command_template":"say {{ value }}"})");
    EXPECT_THAT(hub.ask({{"untyped.thing", "hello"}}), ElementsAre("c say hello"));
}

TEST_F(Unknown, a_component_with_neither_is_not_supported_yet) {
    EXPECT_EQ(refusal_of("air_mouse", R"({"name":"x"})"), "air_mouse is not supported yet");
    EXPECT_EQ(refusal_of("camera", R"({"topic":"view"})"), "camera is not supported yet");
    EXPECT_EQ(refusal_of("image", R"({"image_topic":"last"})"), "image is not supported yet");
}

TEST_F(Unknown, a_valve_and_an_alarm_panel_keep_their_words) {
    add("valve", R"({"state_topic":"v","command_topic":"vc"})");
    tell("v", "open");
    EXPECT_EQ(hub.value("untyped.valve_state"), Value("open"));
    EXPECT_THAT(hub.ask({{"untyped.valve_state", "closed"}}), ElementsAre("vc CLOSE"));
    add("alarm_control_panel", R"({"state_topic":"a","command_topic":"ac"})");
    tell("a", "armed_away");
    EXPECT_EQ(hub.value("untyped.alarm_state"), Value("armed_away"));
    EXPECT_THAT(hub.ask({{"untyped.alarm_state", "disarmed"}}), ElementsAre("ac DISARM"));
}

} // namespace
} // namespace hearth::mqtt_discovery
