#include "adapters/mqtt_discovery/test_home.h"

#include <gmock/gmock.h>

namespace hearth::mqtt_discovery {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::TestHome;

constexpr std::string_view plug = R"({
    "name": null, "command_topic": "z/plug/set", "state_topic": "z/plug",
    "value_template": "{{ value_json[\"state\"] }}", "payload_on": "ON", "payload_off": "OFF",
    "unique_id": "plug_switch", "device": {"identifiers": ["plug"], "name": "Plug"}})";
constexpr std::string_view plug_power = R"({
    "state_topic": "z/plug", "value_template": "{{ value_json[\"power\"] }}",
    "device_class": "power", "unit_of_measurement": "W", "unique_id": "plug_power",
    "device": {"identifiers": ["plug"], "name": "Plug"}})";

struct Discovery : ::testing::Test {
    TestHome hub;
    void SetUp() override {
        hub.start();
        ASSERT_TRUE(hub.started);
    }
    void announce(const std::string& topic, std::string_view payload) {
        hub.broker.send("homeassistant/" + topic + "/config", payload);
    }
};

TEST_F(Discovery, publishes_its_birth_and_its_will_without_retaining_them) {
    ASSERT_EQ(hub.broker.published.size(), 1u);
    EXPECT_EQ(hub.broker.published[0].topic, "homeassistant/status");
    EXPECT_EQ(hub.broker.published[0].payload, "online");
    EXPECT_FALSE(hub.broker.published[0].retain);
    hub.adapter.stop();
    EXPECT_EQ(hub.broker.published.back().payload, "offline");
    EXPECT_EQ(hub.broker.subscriptions(), 0u);
}

TEST_F(Discovery, many_components_are_one_device_announced_once) {
    announce("switch/plug/switch", plug);
    announce("sensor/plug/power", plug_power);
    EXPECT_EQ(hub.home.devices().size(), 0u) << "the burst is not over";
    hub.settle();
    ASSERT_NE(hub.only(), nullptr);
    EXPECT_EQ(hub.only()->name(), "Plug");
    EXPECT_EQ(hub.only()->type, "plug");
    EXPECT_EQ(hub.home.last_event(), 1u);
}

TEST_F(Discovery, a_state_that_comes_before_the_device_is_announced_is_not_lost) {
    announce("switch/plug/switch", plug);
    announce("sensor/plug/power", plug_power);
    hub.broker.send("z/plug", R"({"state":"ON","power":12.5})");
    hub.settle();
    EXPECT_EQ(hub.value("on_off.on"), Value(true));
    EXPECT_EQ(hub.value("power.watts"), Value(12.5));
}

TEST_F(Discovery, one_message_is_one_event_however_many_attributes_it_tells) {
    announce("switch/plug/switch", plug);
    announce("sensor/plug/power", plug_power);
    hub.settle();
    const auto before = hub.home.last_event();
    hub.broker.send("z/plug", R"({"state":"OFF","power":0})");
    EXPECT_EQ(hub.home.last_event(), before + 1);
}

TEST_F(Discovery, a_component_that_comes_later_gets_what_is_retained_on_its_topic) {
    hub.broker.send("z/plug", R"({"state":"ON","power":7})", true);
    announce("switch/plug/switch", plug);
    hub.settle();
    EXPECT_EQ(hub.value("on_off.on"), Value(true));
    announce("sensor/plug/power", plug_power);
    hub.settle();
    EXPECT_EQ(hub.value("power.watts"), Value(7));
}

TEST_F(Discovery, an_empty_payload_removes_the_component_and_with_the_last_one_the_device) {
    announce("switch/plug/switch", plug);
    announce("sensor/plug/power", plug_power);
    hub.settle();
    const home::DeviceId id = hub.only()->id;
    announce("sensor/plug/power", "");
    hub.settle();
    EXPECT_EQ(hub.attribute("power.watts"), nullptr);
    announce("switch/plug/switch", "");
    hub.settle();
    EXPECT_THAT(hub.home.devices(), IsEmpty());
    announce("switch/plug/switch", plug);
    hub.settle();
    EXPECT_EQ(hub.only()->id, id) << "its id waited for its return";
}

TEST_F(Discovery, the_same_announcement_again_changes_nothing) {
    announce("switch/plug/switch", plug);
    hub.settle();
    const auto before = hub.home.last_event();
    announce("switch/plug/switch", plug);
    hub.settle();
    EXPECT_EQ(hub.home.last_event(), before);
}

TEST_F(Discovery, a_command_goes_out_and_the_answer_confirms_it) {
    announce("switch/plug/switch", plug);
    hub.settle();
    EXPECT_THAT(hub.ask({{"on_off.on", true}}), ElementsAre("z/plug/set ON"));
    EXPECT_EQ(hub.settlement(), "");
    hub.broker.send("z/plug", R"({"state":"ON"})");
    EXPECT_EQ(hub.settlement(), "confirmed");
}

TEST_F(Discovery, a_command_is_good_until_its_deadline_and_not_for_who_wakes_later) {
    announce("switch/plug/switch", plug);
    hub.settle();
    hub.ask({{"on_off.on", true}});
    ASSERT_EQ(hub.broker.published.size(), 1u);
    const home::Command& command = hub.home.open_commands().begin()->second.command;
    EXPECT_EQ(hub.broker.published[0].expires_at, command.deadline);
}

TEST_F(Discovery, a_command_that_its_owner_wants_retained_waits_for_who_wakes) {
    announce("switch/plug/switch", R"({"state_topic":"z/plug","command_topic":"z/plug/set",
                                       "retain":true,"device":{"identifiers":"plug"}})");
    hub.settle();
    hub.ask({{"on_off.on", true}});
    ASSERT_EQ(hub.broker.published.size(), 1u);
    EXPECT_TRUE(hub.broker.published[0].retain);
    EXPECT_EQ(hub.broker.published[0].expires_at, 0);
}

TEST_F(Discovery, a_command_that_nobody_takes_is_tried_again_until_somebody_does) {
    announce("switch/plug/switch", plug);
    hub.settle();
    hub.broker.takers = 0;
    hub.ask({{"on_off.on", true}});
    EXPECT_EQ(hub.adapter.counts().pending_commands, 1u);
    hub.broker.published.clear();
    hub.pass(1 * seconds);
    EXPECT_EQ(hub.broker.published.size(), 1u) << "once a second";
    hub.broker.takers = 1;
    hub.pass(1 * seconds);
    EXPECT_EQ(hub.adapter.counts().pending_commands, 0u);
    hub.broker.published.clear();
    hub.pass(3 * seconds);
    EXPECT_THAT(hub.broker.published, IsEmpty()) << "it was taken: never twice";
}

TEST_F(Discovery, a_command_that_nobody_ever_takes_says_so) {
    announce("switch/plug/switch", plug);
    hub.settle();
    hub.broker.takers = 0;
    hub.ask({{"on_off.on", true}});
    for (int i = 0; i < 11; ++i)
        hub.pass(1 * seconds);
    EXPECT_EQ(hub.settlement(), "timed_out: nobody subscribes to z/plug/set; is the device or "
                                "Zigbee2MQTT running?");
}

TEST_F(Discovery, a_command_without_an_answer_is_refused_at_once_where_nobody_takes_it) {
    announce("button/plug/identify",
             R"({"command_topic":"z/plug/set/identify","payload_press":"identify",
                 "device":{"identifiers":"plug"}})");
    hub.settle();
    hub.broker.takers = 0;
    hub.ask({{"button.press", true}});
    EXPECT_THAT(hub.settlement(), HasSubstr("refused: nobody subscribes to z/plug/set/identify"));
    hub.broker.takers = 1;
    EXPECT_THAT(hub.ask({{"button.press", true}}), ElementsAre("z/plug/set/identify identify"));
    EXPECT_EQ(hub.settlement(), "assumed");
}

TEST_F(Discovery, nonsense_is_refused_with_its_topic_and_the_rest_goes_on) {
    announce("sensor/plug/bad", R"({"value_template":"{{ x }}","device":{"identifiers":"plug"}})");
    EXPECT_EQ(hub.refusals.list().back().from, "homeassistant/sensor/plug/bad/config");
    EXPECT_EQ(hub.last_refusal(), "state_topic is missing");
    announce("sensor/plug/worse",
             R"({"state_topic":"t","value_template":"{{ x","device":{"identifiers":"plug"}})");
    EXPECT_THAT(hub.last_refusal(), HasSubstr("value_template"));
    announce("sensor/plug/json", "{not json");
    announce("sensor/plug/list", "[1]");
    EXPECT_EQ(hub.last_refusal(), "a discovery message must be a JSON map");
    announce("switch/plug/switch", plug);
    hub.settle();
    EXPECT_EQ(hub.refusals.total(), 4u);
    EXPECT_NE(hub.attribute("on_off.on"), nullptr);
}

TEST_F(Discovery, a_wrong_update_leaves_what_was_there) {
    announce("switch/plug/switch", plug);
    hub.settle();
    announce("switch/plug/switch", R"({"device":{"identifiers":"plug"}})");
    hub.settle();
    EXPECT_THAT(hub.ask({{"on_off.on", true}}), ElementsAre("z/plug/set ON"));
}

TEST_F(Discovery, values_that_make_no_sense_are_refused_once_a_message_and_the_others_count) {
    announce("switch/plug/switch", plug);
    announce("sensor/plug/power", plug_power);
    hub.settle();
    hub.broker.send("z/plug", R"({"state":"ON","power":"much"})");
    EXPECT_EQ(hub.value("on_off.on"), Value(true));
    EXPECT_EQ(hub.refusals.total(), 1u);
    EXPECT_EQ(hub.last_refusal(), "sensor power: \"much\" is no number");
    hub.broker.send("z/plug", R"({"state":"ON","power":null})");
    hub.broker.send("z/plug", R"({"state":"ON"})");
    EXPECT_EQ(hub.refusals.total(), 1u) << "saying nothing is no fault";
}

TEST_F(Discovery, a_template_that_never_ends_costs_only_itself) {
    announce(
        "sensor/plug/loop",
        R"({"state_topic":"z/plug","value_template":"{% for a in range(9999) %}{% for b in range(9999) %}x{% endfor %}{% endfor %}",
                 "device":{"identifiers":"plug"}})");
    announce("switch/plug/switch", plug);
    hub.settle();
    hub.broker.send("z/plug", R"({"state":"ON"})");
    EXPECT_EQ(hub.value("on_off.on"), Value(true));
    EXPECT_EQ(hub.refusals.total(), 1u);
}

TEST_F(Discovery, two_devices_that_turn_out_to_be_one_become_one) {
    announce("sensor/a/t",
             R"({"state_topic":"a","device_class":"temperature","device":{"identifiers":"a"}})");
    announce(
        "sensor/b/h",
        R"({"state_topic":"b","device_class":"humidity","device":{"connections":[["mac","02:AB"]]}})");
    hub.settle();
    EXPECT_EQ(hub.home.devices().size(), 2u);
    announce(
        "sensor/a/p",
        R"({"state_topic":"c","device_class":"pressure","device":{"identifiers":"a","connections":[["mac","02:ab"]]}})");
    hub.settle();
    ASSERT_NE(hub.only(), nullptr);
    EXPECT_NE(hub.attribute("temperature.celsius"), nullptr);
    EXPECT_NE(hub.attribute("humidity.percent"), nullptr);
    EXPECT_NE(hub.attribute("pressure.hpa"), nullptr);
}

TEST_F(Discovery, a_component_without_a_device_is_a_device_of_its_own) {
    announce("switch/lamp", R"({"command_topic":"lamp/set","name":"Lamp","unique_id":"lamp1"})");
    hub.settle();
    ASSERT_NE(hub.only(), nullptr);
    EXPECT_EQ(hub.only()->name(), "Lamp");
    EXPECT_THAT(hub.ask({{"on_off.on", false}}), ElementsAre("lamp/set OFF"));
    EXPECT_EQ(hub.settlement(), "assumed") << "it has no state topic";
}

TEST_F(Discovery, the_second_component_with_one_unique_id_is_refused) {
    announce("switch/plug/switch", plug);
    announce("switch/other/switch", plug);
    EXPECT_THAT(hub.last_refusal(), HasSubstr("unique_id plug_switch is that of"));
}

TEST_F(Discovery, sources_name_topic_template_and_command_topic) {
    announce("switch/plug/switch", plug);
    hub.settle();
    const Value sources = hub.adapter.sources(*hub.only());
    ASSERT_EQ(sources.as_list()->size(), 1u);
    const Value& line = sources.as_list()->front();
    EXPECT_EQ(line.at("path"), Value("on_off.on"));
    EXPECT_EQ(line.at("topic"), Value("z/plug"));
    EXPECT_EQ(line.at("command_topic"), Value("z/plug/set"));
    EXPECT_EQ(line.at("template"), Value("{{ value_json[\"state\"] }}"));
}

} // namespace
} // namespace hearth::mqtt_discovery
