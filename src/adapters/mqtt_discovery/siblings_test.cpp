#include "adapters/mqtt_discovery/test_discovery.h"

#include <algorithm>

namespace hearth::mqtt_discovery {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsSupersetOf;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

/// Several things of one kind on one device, of which none is the main one.
struct Siblings : testing::DiscoveryTest {
    std::vector<std::string> paths() const {
        std::vector<std::string> paths;
        if (hub.only() == nullptr) return {"no device"};
        for (const home::Attribute& attribute : hub.only()->attributes)
            paths.push_back(attribute.spec->path.text);
        return paths;
    }

    /// A relay that tells what it and its meter do as JSON on a topic of its own.
    static std::string relay(const std::string& name, const std::string& number) {
        return R"({"name":")" + name + R"(","command_topic":"box/)" + number +
               R"(/set","state_topic":"box/)" + number +
               R"(","value_template":"{% if value_json.output %}ON{% else %}OFF{% endif %}"})";
    }
    static std::string meter(const std::string& name, const std::string& number) {
        return R"({"name":")" + name + R"(","state_topic":"box/)" + number +
               R"(","device_class":"power","unit_of_measurement":"W",)" +
               R"("value_template":"{{ value_json.apower }}"})";
    }
};

TEST_F(Siblings, none_of_equal_relays_takes_the_plain_word_and_each_has_its_meter_beside_it) {
    add("switch", "zz-0", relay("Well pump", "0"));
    add("sensor", "zz-0-power", meter("Well pump power", "0"));
    add("switch", "zz-1", relay("Patio light", "1"));
    add("sensor", "zz-1-power", meter("Patio light power", "1"));
    EXPECT_THAT(paths(), UnorderedElementsAre("patio_light/on_off.on", "patio_light/power.watts",
                                              "well_pump/on_off.on", "well_pump/power.watts"));
    tell("box/0", R"({"output":true,"apower":700})");
    EXPECT_EQ(hub.value("well_pump/power.watts"), Value(700));
    EXPECT_EQ(hub.value("patio_light/on_off.on"), Value());
    EXPECT_THAT(hub.ask({{"patio_light/on_off.on", true}}), ElementsAre("box/1/set ON"));
    ASSERT_NE(hub.attribute("patio_light/power.watts"), nullptr);
    EXPECT_EQ(hub.attribute("patio_light/on_off.on")->spec->label, "Patio light");
    EXPECT_EQ(hub.attribute("patio_light/power.watts")->spec->label, "Patio light power");
}

TEST_F(Siblings, stand_where_they_do_in_whatever_order_they_come) {
    std::vector<int> order{0, 1, 2};
    std::vector<std::vector<std::string>> shapes;
    do {
        testing::TestHome other;
        other.start();
        for (const int i : order) {
            const std::string number = std::to_string(i);
            auto config = parse_json(relay("Pump " + number, number));
            config->as_map()->set("device", ValueMap{{"identifiers", "box"}, {"name", "Box"}});
            other.broker.send("homeassistant/switch/box/r" + number + "/config", to_json(*config));
            other.settle();
        }
        ASSERT_NE(other.only(), nullptr);
        shapes.emplace_back();
        for (const home::Attribute& attribute : other.only()->attributes)
            shapes.back().push_back(attribute.spec->path.text);
    } while (std::ranges::next_permutation(order).found);
    EXPECT_EQ(shapes.size(), 6u);
    for (const auto& shape : shapes)
        EXPECT_THAT(shape, ElementsAre("pump_0/on_off.on", "pump_1/on_off.on", "pump_2/on_off.on"));
}

TEST_F(Siblings, the_first_of_a_series_is_no_more_than_its_second) {
    add("switch", "relay", R"({"name":"Pump","command_topic":"a"})");
    add("switch", "relay_2", R"({"name":"Heater","command_topic":"b"})");
    EXPECT_THAT(paths(), UnorderedElementsAre("pump/on_off.on", "heater/on_off.on"));
}

TEST_F(Siblings, without_names_are_told_apart_by_their_object_ids) {
    for (const std::string number : {"7", "9"})
        add("switch", "out-" + number,
            R"({"command_topic":"box/)" + number + R"(/set","state_topic":"box/)" + number +
                R"(","value_template":"{{ value_json.output }}"})");
    EXPECT_THAT(paths(), UnorderedElementsAre("7/on_off.on", "9/on_off.on"));
}

TEST_F(Siblings, of_one_name_are_told_apart_all_the_same) {
    add("switch", "zz-0", relay("Relay", "0"));
    add("switch", "zz-1", relay("Relay", "1"));
    EXPECT_EQ(paths().size(), 2u);
    EXPECT_THAT(paths(), Not(Contains("on_off.on")));
}

TEST_F(Siblings, one_alone_stays_plain_and_moves_when_another_comes) {
    add("switch", "zz-0", relay("Well pump", "0"));
    add("sensor", "zz-0-power", meter("Well pump power", "0"));
    EXPECT_THAT(paths(), UnorderedElementsAre("on_off.on", "power.watts"));
    add("switch", "zz-1", relay("Patio light", "1"));
    EXPECT_THAT(paths(), UnorderedElementsAre("well_pump/on_off.on", "well_pump/power.watts",
                                              "patio_light/on_off.on"));
    announce("switch/thing/zz-1", "");
    hub.settle();
    EXPECT_THAT(paths(), UnorderedElementsAre("on_off.on", "power.watts"));
}

TEST_F(Siblings, beside_a_main_one_leave_it_the_plain_word) {
    add("switch", "zz-0", relay("Well pump", "0"));
    add("switch", "zz-1", relay("Patio light", "1"));
    add("switch", "all", R"({"name":null,"command_topic":"box/all/set"})");
    EXPECT_THAT(paths(),
                UnorderedElementsAre("on_off.on", "well_pump/on_off.on", "patio_light/on_off.on"));
    EXPECT_THAT(hub.ask({{"on_off.on", false}}), ElementsAre("box/all/set OFF"));
}

TEST_F(Siblings, what_is_of_the_whole_device_stays_plain) {
    add("switch", "zz-0", relay("Well pump", "0"));
    add("switch", "zz-1", relay("Patio light", "1"));
    add("sensor", "zz-0-power", meter("Well pump power", "0"));
    add("sensor", "zz-1-power", meter("Patio light power", "1"));
    add("sensor", "temp", R"({"name":"Temperature","state_topic":"box/0",
        "device_class":"temperature","unit_of_measurement":"°C",
        "value_template":"{{ value_json.temperature }}"})");
    add("sensor", "sum", R"({"name":"Total power","state_topic":"box/sum",
        "device_class":"power","unit_of_measurement":"W",
        "value_template":"{{ value_json.power }}"})");
    EXPECT_THAT(paths(), IsSupersetOf({"temperature.celsius", "power.watts",
                                       "well_pump/power.watts", "patio_light/power.watts"}));
}

TEST_F(Siblings, a_meter_goes_to_its_relay_by_its_topic_where_each_has_one) {
    add("switch", "zz-0", relay("Well pump", "0"));
    add("switch", "zz-1", relay("Patio light", "1"));
    add("sensor", "a", meter("Consumption A", "1"));
    add("sensor", "b", meter("Consumption B", "0"));
    tell("box/1", R"({"apower":5})");
    EXPECT_EQ(hub.value("patio_light/power.watts"), Value(5));
    EXPECT_THAT(paths(), Contains("well_pump/power.watts"));
}

TEST_F(Siblings, the_longer_name_says_whose_a_meter_is) {
    add("switch", "a", relay("Pump", "0"));
    add("switch", "b", relay("Pump 2", "1"));
    add("sensor", "c", meter("Pump 2 power", "x"));
    add("sensor", "d", meter("Pump power", "y"));
    tell("box/x", R"({"apower":2})");
    EXPECT_EQ(hub.value("pump_2/power.watts"), Value(2));
    EXPECT_THAT(paths(), Contains("pump/power.watts"));
}

TEST_F(Siblings, of_two_meters_of_one_relay_one_stands_beside_it) {
    add("switch", "zz-0", relay("Well pump", "0"));
    add("switch", "zz-1", relay("Patio light", "1"));
    add("sensor", "zz-0-power", meter("Well pump power", "0"));
    add("sensor", "zz-0-peak", R"({"name":"Well pump peak","state_topic":"box/0",
        "device_class":"power","unit_of_measurement":"W",
        "value_template":"{{ value_json.peak }}"})");
    tell("box/0", R"({"apower":3,"peak":9})");
    EXPECT_EQ(hub.value("well_pump/power.watts"), Value(3));
    EXPECT_EQ(paths().size(), 4u);
}

TEST_F(Siblings, two_doors_of_one_controller_are_siblings_too) {
    add("lock", "front", R"({"name":"Front door","command_topic":"f","state_topic":"fs"})");
    add("lock", "back", R"({"name":"Back door","command_topic":"b","state_topic":"bs"})");
    EXPECT_THAT(paths(), UnorderedElementsAre("front_door/lock.state", "back_door/lock.state"));
    add("climate", "up", R"({"name":"Upstairs","temperature_command_topic":"u",
        "current_temperature_topic":"ut"})");
    add("climate", "down", R"({"name":"Downstairs","temperature_command_topic":"d",
        "current_temperature_topic":"dt"})");
    EXPECT_THAT(paths(),
                IsSupersetOf({"upstairs/thermostat.target", "upstairs/temperature.celsius",
                              "downstairs/thermostat.target", "downstairs/temperature.celsius"}));
}

TEST_F(Siblings, a_sensor_that_stands_beside_one_already_stays_there) {
    for (const std::string zone : {"l1", "l2"}) {
        add("climate", "climate_" + zone,
            R"({"name":")" + zone + R"(","temperature_command_topic":"c/)" + zone +
                R"(","current_temperature_topic":"s","current_temperature_template":)"
                R"("{{ value_json.local_temperature_)" +
                zone + R"( }}"})");
        add("sensor", "temperature_" + zone,
            R"({"state_topic":"s","device_class":"temperature",
            "unit_of_measurement":"°C","value_template":"{{ value_json.temperature_)" +
                zone + R"( }}"})");
    }
    tell("s", R"({"local_temperature_l1":20,"temperature_l1":21})");
    EXPECT_EQ(hub.value("l1/temperature.celsius"), Value(21));
    EXPECT_EQ(hub.value("local_l1/temperature.celsius"), Value(20));
    EXPECT_THAT(paths(), IsSupersetOf({"l1/thermostat.target", "l2/thermostat.target"}));
}

TEST_F(Siblings, relays_named_after_their_gangs_keep_those_endpoints) {
    for (const std::string gang : {"l1", "l2"}) {
        add("switch", "switch_" + gang,
            R"({"name":"Gang )" + gang + R"(","state_topic":"s","command_topic":"c/)" + gang +
                R"(","value_template":"{{ value_json.state_)" + gang + R"( }}"})");
        add("sensor", "power_" + gang,
            R"({"name":"Power )" + gang + R"(","state_topic":"s","device_class":"power",
                "unit_of_measurement":"W","value_template":"{{ value_json.power_)" +
                gang + R"( }}"})");
    }
    EXPECT_THAT(paths(), UnorderedElementsAre("l1/on_off.on", "l1/power.watts", "l2/on_off.on",
                                              "l2/power.watts"));
}

} // namespace
} // namespace hearth::mqtt_discovery
