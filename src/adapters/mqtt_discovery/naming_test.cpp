#include "adapters/mqtt_discovery/naming.h"
#include "adapters/mqtt_discovery/test_discovery.h"

namespace hearth::mqtt_discovery {
namespace {

struct Naming : testing::DiscoveryTest {
    std::string label(std::string_view path) const {
        const home::Attribute* attribute = hub.attribute(path);
        return attribute != nullptr ? attribute->spec->label : "no such attribute";
    }
};

TEST_F(Naming, what_an_announcement_calls_a_thing_is_the_label_of_its_attributes) {
    add("sensor", "mast-WS", R"({"name":"Wind speed","state_topic":"s",
                                 "unit_of_measurement":"km/h"})");
    add("number", "mast-n2", R"({"name":" Alarm above ","state_topic":"n","command_topic":"c",
                                 "value_template":"{{ value_json.value }}"})");
    add("light", "ring", R"({"name":"Ring","schema":"json","brightness":true,"state_topic":"l",
                             "command_topic":"l/set"})");
    EXPECT_EQ(label("untyped.mast_ws"), "Wind speed");
    EXPECT_EQ(label("untyped.value"), "Alarm above");
    EXPECT_EQ(label("on_off.on"), "Ring");
    EXPECT_EQ(label("level.percent"), "Ring");
}

TEST_F(Naming, the_devices_main_feature_and_what_has_no_name_have_no_label) {
    add("switch", "relay", R"({"name":null,"state_topic":"s","command_topic":"c"})");
    add("sensor", "power", R"({"state_topic":"p","device_class":"power"})");
    EXPECT_EQ(label("on_off.on"), "");
    EXPECT_EQ(label("power.watts"), "");
}

TEST_F(Naming, a_device_by_itself_is_called_so_and_its_attribute_is_not) {
    announce("sensor/alone", R"({"name":"Rain gauge","state_topic":"r"})");
    hub.settle();
    ASSERT_NE(hub.only(), nullptr);
    EXPECT_EQ(hub.only()->name(), "Rain gauge");
    EXPECT_EQ(label("untyped.alone"), "");
}

TEST_F(Naming, a_new_name_is_told_though_nothing_else_changed) {
    add("sensor", "ws", R"({"name":"Wind","state_topic":"s"})");
    add("sensor", "ws", R"({"name":"Gust","state_topic":"s"})");
    EXPECT_EQ(label("untyped.ws"), "Gust");
}

TEST_F(Naming, the_longest_name_still_fits) {
    add("sensor", "ws", R"({"name":")" + std::string(400, 'w') + R"(","state_topic":"s"})");
    EXPECT_EQ(hub.refusals.total(), 0u);
    EXPECT_TRUE(label("untyped.ws").starts_with("wwww"));
}

TEST(Label, leaves_the_devices_own_name_away) {
    EXPECT_EQ(label_of("Kitchen plug power", "Kitchen plug"), "Power");
    EXPECT_EQ(label_of("kitchen plug power", "Kitchen Plug"), "power");
    EXPECT_EQ(label_of("Kitchen plug: Power", "Kitchen plug"), "Power");
    EXPECT_EQ(label_of("Kitchen plug", "Kitchen plug"), "");
    EXPECT_EQ(label_of("客厅灯亮度", "客厅灯"), "亮度");
}

TEST(Label, keeps_what_only_begins_like_it) {
    EXPECT_EQ(label_of("Lampion", "Lamp"), "Lampion");
    EXPECT_EQ(label_of("Power of the plug", "Plug"), "Power of the plug");
    EXPECT_EQ(label_of("Power", ""), "Power");
    EXPECT_EQ(label_of("", "Plug"), "");
}

} // namespace
} // namespace hearth::mqtt_discovery
