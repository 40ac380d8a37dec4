#include "adapters/mqtt_discovery/test_discovery.h"

namespace hearth::mqtt_discovery {
namespace {

using ::testing::ElementsAre;

struct Switch : testing::DiscoveryTest {};

TEST_F(Switch, of_the_device_itself_turns_it_on_and_off) {
    add("switch", R"({"name":null,"state_topic":"s","command_topic":"c",
                      "value_template":"{{ value_json.state }}"})");
    tell("s", R"({"state":"ON"})");
    EXPECT_EQ(to_json(hub.twin()), R"({"on_off":{"on":true}})");
    EXPECT_THAT(hub.ask({{"on_off.on", false}}), ElementsAre("c OFF"));
    EXPECT_EQ(hub.only()->type, "switch");
}

TEST_F(Switch, may_report_other_words_than_it_takes) {
    add("switch", R"({"state_topic":"s","command_topic":"c","payload_on":"{\"set\":1}",
                      "payload_off":"{\"set\":0}","state_on":"open","state_off":"closed"})");
    tell("s", "open");
    EXPECT_EQ(hub.value("on_off.on"), Value(true));
    EXPECT_THAT(hub.ask({{"on_off.on", true}}), ElementsAre(R"(c {"set":1})"));
}

TEST_F(Switch, truths_in_options_mean_truths_in_messages) {
    add("switch", R"({"name":null,"state_topic":"s","command_topic":"c","payload_on":true,
                      "payload_off":false,"value_template":"{{ value_json.state }}"})");
    tell("s", R"({"state":true})");
    EXPECT_EQ(hub.value("on_off.on"), Value(true));
    EXPECT_THAT(hub.ask({{"on_off.on", false}}), ElementsAre("c False"));
}

TEST_F(Switch, a_command_template_writes_the_payload) {
    add("switch", R"({"command_topic":"c","command_template":"{\"relay\":\"{{ value }}\"}"})");
    EXPECT_THAT(hub.ask({{"on_off.on", true}}), ElementsAre(R"(c {"relay":"ON"})"));
}

TEST_F(Switch, two_relays_stand_on_endpoints_of_their_own) {
    for (const std::string side : {"left", "right"})
        add("switch", "switch_" + side,
            R"({"state_topic":"s","command_topic":"c/)" + side +
                R"(","value_template":"{{ value_json.state_)" + side + R"( }}"})");
    tell("s", R"({"state_left":"ON","state_right":"OFF"})");
    EXPECT_EQ(to_json(hub.twin()), R"({"left/on_off":{"on":true},"right/on_off":{"on":false}})");
    EXPECT_THAT(hub.ask({{"right/on_off.on", true}}), ElementsAre("c/right ON"));
}

TEST_F(Switch, is_a_relay_by_the_word_in_its_message_or_in_its_own_name) {
    add("switch", "relay", R"({"state_topic":"s","command_topic":"c",
                               "value_template":"{{ value_json.r }}"})");
    EXPECT_NE(hub.attribute("on_off.on"), nullptr);
    announce("switch/thing/relay", "");
    add("switch", "x", R"({"state_topic":"s","command_topic":"c",
                           "value_template":"{{ value_json.on }}"})");
    EXPECT_NE(hub.attribute("on_off.on"), nullptr);
    add("switch", "power_outage_memory", R"({"state_topic":"s","command_topic":"c",
                           "value_template":"{{ value_json.power_outage_memory }}"})");
    EXPECT_NE(hub.attribute("untyped.power_outage_memory"), nullptr);
}

TEST_F(Switch, that_is_a_setting_stays_an_untyped_truth) {
    add("switch", R"({"state_topic":"s","command_topic":"c","entity_category":"config",
                      "value_template":"{{ value_json.child_lock }}","payload_on":"LOCK",
                      "payload_off":"UNLOCK"})");
    tell("s", R"({"child_lock":"LOCK"})");
    EXPECT_EQ(to_json(hub.twin()), R"({"untyped":{"child_lock":true}})");
    EXPECT_THAT(hub.ask({{"untyped.child_lock", false}}), ElementsAre("c UNLOCK"));
}

TEST_F(Switch, is_assumed_done_where_it_says_that_it_guesses) {
    add("switch", R"({"state_topic":"s","command_topic":"c","optimistic":true})");
    hub.ask({{"on_off.on", true}});
    EXPECT_EQ(hub.settlement(), "assumed");
}

TEST_F(Switch, quality_and_retain_are_those_of_its_options) {
    add("switch", R"({"command_topic":"c","qos":1,"retain":true})");
    hub.ask({{"on_off.on", true}});
    ASSERT_EQ(hub.broker.published.size(), 1u);
    EXPECT_EQ(hub.broker.published[0].qos, broker::Qos::at_least_once);
    EXPECT_TRUE(hub.broker.published[0].retain);
    EXPECT_EQ(refusal_of("switch", R"({"command_topic":"c","qos":3})"), "qos must be 0, 1 or 2");
}

TEST_F(Switch, needs_a_command_topic) {
    EXPECT_EQ(refusal_of("switch", R"({"state_topic":"s"})"), "command_topic is missing");
}

} // namespace
} // namespace hearth::mqtt_discovery
