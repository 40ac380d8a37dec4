#include "adapters/mqtt_discovery/discovery_message.h"

#include <gmock/gmock.h>

namespace hearth::mqtt_discovery {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

DiscoveryTopic topic_of(std::string_view topic) {
    const auto parsed = parse_discovery_topic("homeassistant", topic);
    return parsed ? *parsed : DiscoveryTopic{};
}

Result<Announcement> read(std::string_view payload, std::string_view component = "sensor") {
    return parse_announcement({std::string(component), "", "thing"}, payload, Limits{});
}

std::string error_of(std::string_view payload, std::string_view component = "sensor") {
    const auto announcement = read(payload, component);
    return announcement ? "accepted" : announcement.error().detail;
}

const Value& option(const Announcement& announcement, std::string_view key) {
    static const Value nothing;
    const Value* found = announcement.components.at(0).options.find(key);
    return found != nullptr ? *found : nothing;
}

// --- Topics ------------------------------------------------------------------------------------

TEST(DiscoveryTopic, names_component_and_object_and_perhaps_a_node) {
    const auto brief = topic_of("homeassistant/light/lamp/config");
    EXPECT_EQ(brief.component, "light");
    EXPECT_EQ(brief.node_id, "");
    EXPECT_EQ(brief.object_id, "lamp");
    const auto full = topic_of("homeassistant/sensor/0x00158d/power_L1/config");
    EXPECT_EQ(full.node_id, "0x00158d");
    EXPECT_EQ(full.object_id, "power_L1");
    EXPECT_TRUE(topic_of("homeassistant/device/lamp/config").is_device_form());
}

TEST(DiscoveryTopic, may_have_a_prefix_of_several_levels) {
    EXPECT_TRUE(parse_discovery_topic("a/b", "a/b/light/lamp/config").has_value());
}

TEST(DiscoveryTopic, is_nothing_else) {
    for (const std::string_view wrong :
         {"homeassistant/light/config", "homeassistant/light/a/b/c/config", "homeassistant",
          "homeassistantlight/lamp/x/config", "other/light/lamp/config",
          "homeassistant/light/lamp/state", "homeassistant/light/two words/config",
          "homeassistant//lamp/config", "homeassistant/light/lämp/config"})
        EXPECT_FALSE(parse_discovery_topic("homeassistant", wrong).has_value()) << wrong;
}

// --- One component -----------------------------------------------------------------------------

TEST(Announcement, of_one_component_takes_platform_and_object_from_the_topic) {
    const auto read_one = read(R"({"state_topic":"t","device":{"identifiers":["b","a"]}})");
    ASSERT_TRUE(read_one.has_value());
    ASSERT_EQ(read_one->components.size(), 1u);
    EXPECT_EQ(read_one->components[0].platform, "sensor");
    EXPECT_EQ(read_one->components[0].object_id, "thing");
    EXPECT_EQ(read_one->components[0].key, "");
    EXPECT_THAT(read_one->device.ids, ElementsAre("a", "b"));
}

TEST(Announcement, short_keys_mean_the_long_ones) {
    const auto announcement =
        read(R"({"stat_t":"t","val_tpl":"{{ value }}","uniq_id":"u","dev_cla":"power",
                 "unit_of_meas":"W","avty":[{"t":"a","val_tpl":"x"}],
                 "dev":{"ids":"a","mf":"Acme","mdl":"M","sw":"1.2","sa":"Hall","name":"N",
                        "cns":[["mac","AA:BB"]]}})");
    ASSERT_TRUE(announcement.has_value());
    EXPECT_EQ(option(*announcement, "state_topic"), Value("t"));
    EXPECT_EQ(option(*announcement, "value_template"), Value("{{ value }}"));
    EXPECT_EQ(option(*announcement, "unique_id"), Value("u"));
    EXPECT_EQ(option(*announcement, "device_class"), Value("power"));
    EXPECT_EQ(option(*announcement, "unit_of_measurement"), Value("W"));
    EXPECT_EQ(option(*announcement, "availability").as_list()->at(0).at("topic"), Value("a"));
    EXPECT_EQ(announcement->device.manufacturer, "Acme");
    EXPECT_EQ(announcement->device.model, "M");
    EXPECT_EQ(announcement->device.version, "1.2");
    EXPECT_EQ(announcement->device.suggested_area, "Hall");
    EXPECT_EQ(announcement->device.name, "N");
    EXPECT_THAT(announcement->device.ids, ElementsAre("a", "mac:aa:bb"));
}

TEST(Announcement, where_a_key_stands_in_both_forms_the_long_one_counts) {
    const auto announcement = read(R"({"stat_t":"short","state_topic":"long"})");
    EXPECT_EQ(option(*announcement, "state_topic"), Value("long"));
}

TEST(Announcement, the_base_topic_stands_at_the_start_or_the_end_of_topics_only) {
    const auto announcement =
        read(R"({"~":"home/lamp","state_topic":"~/state","command_topic":"cmnd/~",
                 "name":"~ lamp","availability":[{"topic":"~/lwt"}],"payload_on":"~"})");
    EXPECT_EQ(option(*announcement, "state_topic"), Value("home/lamp/state"));
    EXPECT_EQ(option(*announcement, "command_topic"), Value("cmnd/home/lamp"));
    EXPECT_EQ(option(*announcement, "availability").as_list()->at(0).at("topic"),
              Value("home/lamp/lwt"));
    EXPECT_EQ(option(*announcement, "name"), Value("~ lamp"));
    EXPECT_EQ(option(*announcement, "payload_on"), Value("~"));
}

TEST(Announcement, identifiers_may_be_one_text_or_number) {
    EXPECT_THAT(read(R"({"device":{"identifiers":"a"}})")->device.ids, ElementsAre("a"));
    EXPECT_THAT(read(R"({"device":{"identifiers":[17]}})")->device.ids, ElementsAre("17"));
    EXPECT_THAT(read(R"({"state_topic":"t"})")->device.ids, IsEmpty());
}

// --- The device form ---------------------------------------------------------------------------

constexpr std::string_view many = R"({
    "dev":{"ids":"d"}, "o":{"name":"maker"}, "~":"base", "state_topic":"~/all", "qos":2,
    "cmps":{"t":{"p":"sensor","dev_cla":"temperature","val_tpl":"{{ value_json.t }}"},
            "relay":{"platform":"switch","command_topic":"~/set","state_topic":"own"},
            "gone":{"p":"light"}}})";

TEST(DeviceForm, has_many_components_with_keys_of_their_own) {
    const auto announcement = read(many, "device");
    ASSERT_TRUE(announcement.has_value());
    ASSERT_EQ(announcement->components.size(), 3u);
    EXPECT_EQ(announcement->components[0].key, "t");
    EXPECT_EQ(announcement->components[0].platform, "sensor");
    EXPECT_EQ(*announcement->components[0].options.find("device_class"), Value("temperature"));
    EXPECT_EQ(announcement->components[1].object_id, "relay");
}

TEST(DeviceForm, states_shared_options_once_and_a_component_overrides_them) {
    const auto announcement = read(many, "device");
    EXPECT_EQ(*announcement->components[0].options.find("state_topic"), Value("base/all"));
    EXPECT_EQ(*announcement->components[0].options.find("qos"), Value(2));
    EXPECT_EQ(*announcement->components[1].options.find("state_topic"), Value("own"));
    EXPECT_EQ(*announcement->components[1].options.find("command_topic"), Value("base/set"));
}

TEST(DeviceForm, a_component_with_nothing_but_its_platform_goes) {
    const auto announcement = read(many, "device");
    EXPECT_FALSE(announcement->components[1].removed);
    EXPECT_TRUE(announcement->components[2].removed);
}

TEST(DeviceForm, needs_a_device_and_components) {
    EXPECT_EQ(error_of(R"({"components":{}})", "device"),
              "the device form needs a device with identifiers");
    EXPECT_EQ(error_of(R"({"device":{"identifiers":"d"}})", "device"),
              "components must be a map of components");
    EXPECT_EQ(error_of(R"({"device":{"identifiers":"d"},"components":{"a":7}})", "device"),
              "component a must be a map");
    EXPECT_EQ(error_of(R"({"device":{"identifiers":"d"},"components":{"a":{"x":1}}})", "device"),
              "component a: \"\" is no component");
}

TEST(DeviceForm, migration_is_asked_for_by_nothing_else) {
    EXPECT_TRUE(read(R"({"migrate_discovery":true})")->migrate);
    EXPECT_TRUE(read(R"({"migr_discvry":true})", "device")->migrate);
    EXPECT_FALSE(read(R"({"migrate_discovery":true,"state_topic":"t"})")->migrate);
}

// --- What makes no sense -----------------------------------------------------------------------

TEST(Announcement, that_makes_no_sense_says_why) {
    EXPECT_THAT(error_of("{not json"), HasSubstr("JSON"));
    EXPECT_THAT(error_of("\xff\xfe"), ::testing::Not("accepted"));
    EXPECT_EQ(error_of("[]"), "a discovery message must be a JSON map");
    EXPECT_EQ(error_of("17"), "a discovery message must be a JSON map");
    EXPECT_EQ(error_of(R"({"device":"d"})"), "device must be a map");
    EXPECT_EQ(error_of(R"({"device":{"name":"N"}})"),
              "device needs identifiers or connections to be told apart by");
    EXPECT_EQ(error_of(R"({"device":{"identifiers":{"a":1}}})"),
              "device.identifiers must be a list");
    EXPECT_EQ(error_of(R"({"device":{"identifiers":[""]}})"), "a device's identifier is empty");
    EXPECT_EQ(error_of(R"({"device":{"connections":["mac"]}})"),
              "device.connections must be a list of [TYPE, VALUE]");
    EXPECT_EQ(error_of(R"({"device":{"connections":"mac"}})"),
              "device.connections must be a list of [TYPE, VALUE]");
    EXPECT_EQ(error_of(R"({"~":7})"), "the base topic ~ must be text");
}

TEST(Announcement, has_limits_that_are_named) {
    Limits limits;
    limits.config_bytes = 40;
    limits.components_per_device = 1;
    const DiscoveryTopic device{"device", "", "d"};
    const auto long_one =
        parse_announcement(device, "{\"state_topic\":\"" + std::string(40, 'x') + "\"}", limits);
    ASSERT_FALSE(long_one.has_value());
    EXPECT_EQ(long_one.error().code, Code::limit);
    limits.config_bytes = 1000;
    const auto two = parse_announcement(
        device, R"({"dev":{"ids":"d"},"cmps":{"a":{"p":"sensor"},"b":{"p":"sensor"}}})", limits);
    ASSERT_FALSE(two.has_value());
    EXPECT_EQ(two.error().code, Code::limit);
    EXPECT_EQ(two.error().detail, "2 components; a device can have 1");
    EXPECT_THAT(error_of(R"({"device":{"identifiers":")" + std::string(151, 'x') + "\"}}"),
                HasSubstr("at most 150 are allowed"));
    EXPECT_THAT(error_of(std::string(20, '[') + std::string(20, ']')), HasSubstr("16"));
}

} // namespace
} // namespace hearth::mqtt_discovery
