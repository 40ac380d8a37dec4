#include "adapters/mqtt_discovery/test_home.h"

#include <gmock/gmock.h>

/// What hearth says itself is no device's word.
namespace hearth::mqtt_discovery {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::TestHome;

struct OwnVoice : ::testing::Test {
    TestHome hub;
    void SetUp() override { hub.start(); }
    void announce(std::string_view payload) {
        hub.broker.send("homeassistant/switch/s/config", payload);
        hub.settle();
    }
};

TEST_F(OwnVoice, is_no_answer_where_the_state_topic_is_the_command_topic) {
    announce(R"({"state_topic":"s","command_topic":"s"})");
    hub.ask({{"on_off.on", true}});
    EXPECT_EQ(hub.settlement(), "") << "the device has said nothing yet";
    hub.broker.send("s", "ON");
    EXPECT_EQ(hub.settlement(), "confirmed");
}

TEST_F(OwnVoice, is_no_state_when_it_is_retained_either) {
    announce(R"({"state_topic":"s","command_topic":"s","retain":true})");
    hub.ask({{"on_off.on", true}});
    announce(R"({"state_topic":"s","command_topic":"s","retain":true,"name":"again"})");
    EXPECT_EQ(hub.value("on_off.on"), Value());
}

TEST_F(OwnVoice, a_command_of_two_messages_of_which_one_is_not_taken_is_no_danger) {
    hub.broker.send("homeassistant/device/d/config", R"({"device":{"identifiers":["d"]},
        "components":{
          "a":{"platform":"switch","state_topic":"a","command_topic":"a","object_id":"a"},
          "b":{"platform":"number","command_topic":"b","object_id":"b"}}})");
    hub.settle();
    ASSERT_NE(hub.only(), nullptr);
    hub.broker.takers_of["b"] = 0;
    std::vector<std::pair<std::string, Value>> asks;
    for (const home::Attribute& attribute : hub.only()->attributes)
        asks.emplace_back(attribute.spec->path.text,
                          attribute.spec->path.text.contains("on_off") ? Value(true) : Value(1));
    EXPECT_EQ(hub.ask(asks).size(), 2u);
    hub.broker.send("a", "ON");
    hub.pass(1 * seconds);
}

TEST_F(OwnVoice, a_command_after_the_stop_is_refused_not_assumed) {
    announce(R"({"command_topic":"s"})");
    hub.adapter.stop();
    EXPECT_THAT(hub.ask({{"on_off.on", true}}), IsEmpty());
    EXPECT_THAT(hub.settlement(), HasSubstr("refused: the hub is stopping"));
}

TEST_F(OwnVoice, a_state_that_is_acknowledged_does_not_wait_in_memory) {
    announce(R"({"state_topic":"s","command_topic":"c"})");
    const auto before = hub.home.last_event();
    hub.broker.send("homeassistant/switch/s/config",
                    R"({"state_topic":"s","command_topic":"c","name":"again"})");
    hub.broker.send_as("device", "s", "ON", {.qos = 1});
    EXPECT_EQ(hub.adapter.counts().waiting_messages, 0u);
    EXPECT_EQ(hub.value("on_off.on"), Value(true)) << "it is recorded when it is acknowledged";
    EXPECT_GT(hub.home.last_event(), before);
}

TEST_F(OwnVoice, a_state_that_is_acknowledged_for_what_was_just_removed_harms_nothing) {
    announce(R"({"state_topic":"s","command_topic":"c"})");
    hub.broker.send("homeassistant/switch/s/config", "");
    hub.broker.send_as("device", "s", "ON", {.qos = 1});
    EXPECT_THAT(hub.home.devices(), IsEmpty());
    hub.settle();
}

} // namespace
} // namespace hearth::mqtt_discovery
