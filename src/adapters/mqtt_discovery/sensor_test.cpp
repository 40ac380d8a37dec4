#include "adapters/mqtt_discovery/test_discovery.h"

/// Sensors and binary sensors: what they measure, in hearth's units.
namespace hearth::mqtt_discovery {
namespace {

using ::testing::HasSubstr;

struct Sensor : testing::DiscoveryTest {
    Value reading(const std::string& device_class, const std::string& unit,
                  const std::string& payload, std::string_view path) {
        add("sensor", R"({"state_topic":"s","device_class":")" + device_class +
                          R"(","unit_of_measurement":")" + unit + "\"}");
        tell("s", payload);
        return hub.value(path);
    }
};
struct BinarySensor : testing::DiscoveryTest {};

TEST_F(Sensor, a_device_class_has_a_word_of_hearths) {
    EXPECT_EQ(reading("temperature", "°C", "21.5", "temperature.celsius"), Value(21.5));
    EXPECT_EQ(reading("humidity", "%", "40", "humidity.percent"), Value(40));
    EXPECT_EQ(reading("illuminance", "lx", "120", "illuminance.lux"), Value(120));
    EXPECT_EQ(reading("battery", "%", "80", "battery.percent"), Value(80));
    EXPECT_EQ(reading("power", "W", "7.25", "power.watts"), Value(7.25));
    EXPECT_EQ(reading("current", "A", "0.5", "current.amperes"), Value(0.5));
}

TEST_F(Sensor, other_units_are_converted) {
    EXPECT_EQ(reading("temperature", "°F", "68", "temperature.celsius"), Value(20));
    EXPECT_EQ(reading("pressure", "kPa", "101.3", "pressure.hpa"), Value(1013));
    EXPECT_EQ(reading("power", "kW", "1.5", "power.watts"), Value(1500));
    EXPECT_EQ(reading("energy", "Wh", "250", "energy.kwh"), Value(0.25));
    EXPECT_EQ(reading("energy", "MWh", "2", "energy.kwh"), Value(2000));
    EXPECT_EQ(reading("current", "mA", "40", "current.amperes"), Value(0.04));
    EXPECT_EQ(reading("water", "m³", "1.5", "water.litres"), Value(1500));
}

TEST_F(Sensor, kelvin_is_left_as_it_is_for_it_may_be_a_difference) {
    add("sensor", "hyst", R"({"name":"Hysteresis","state_topic":"s","device_class":"temperature",
        "unit_of_measurement":"K","value_template":"{{ value_json.hyst }}"})");
    add("sensor", "flow", R"({"state_topic":"s","device_class":"temperature",
        "unit_of_measurement":"°C","value_template":"{{ value_json.flow }}"})");
    tell("s", R"({"hyst":5,"flow":41})");
    EXPECT_EQ(hub.value("untyped.hyst"), Value(5));
    EXPECT_EQ(hub.attribute("untyped.hyst")->spec->unit, "K");
    EXPECT_EQ(hub.value("temperature.celsius"), Value(41));
}

TEST_F(Sensor, kelvin_without_a_class_is_no_temperature_either) {
    add("sensor", "temperature", R"({"state_topic":"s","unit_of_measurement":"K"})");
    tell("s", "5");
    EXPECT_EQ(hub.value("untyped.temperature"), Value(5));
}

TEST_F(Sensor, a_class_in_a_unit_that_hearth_does_not_know_stays_untyped_with_its_unit) {
    add("sensor", "speed", R"({"state_topic":"s","device_class":"wind_speed",
                               "unit_of_measurement":"kn","value_template":"{{ value_json.w }}"})");
    tell("s", R"({"w":12})");
    EXPECT_EQ(hub.value("untyped.w"), Value(12));
    EXPECT_EQ(hub.attribute("untyped.w")->spec->unit, "kn");
}

TEST_F(Sensor, a_list_of_options_is_an_enumeration) {
    add("sensor", R"({"state_topic":"s","device_class":"enum","options":["a","b"],
                      "value_template":"{{ value_json.phase }}"})");
    tell("s", R"({"phase":"b"})");
    EXPECT_EQ(hub.value("untyped.phase"), Value("b"));
    tell("s", R"({"phase":"c"})");
    EXPECT_THAT(hub.last_refusal(), HasSubstr("\"c\" is none of: a, b"));
    EXPECT_EQ(hub.value("untyped.phase"), Value("b"));
}

TEST_F(Sensor, without_class_and_unit_follows_what_it_tells_and_becomes_text_when_that_varies) {
    add("sensor", R"({"state_topic":"s","value_template":"{{ value_json.x }}"})");
    tell("s", R"({"x":5})");
    EXPECT_EQ(hub.value("untyped.x"), Value(5));
    tell("s", R"({"x":"many"})");
    EXPECT_EQ(hub.value("untyped.x"), Value("many"));
    tell("s", R"({"x":6})");
    EXPECT_EQ(hub.value("untyped.x"), Value("6"));
}

TEST_F(Sensor, of_the_devices_inside_does_not_take_the_rooms_word) {
    add("sensor", "t", R"({"state_topic":"s","device_class":"temperature",
        "unit_of_measurement":"°C","value_template":"{{ value_json.temperature }}"})");
    add("sensor", "dt", R"({"state_topic":"s","device_class":"temperature",
        "unit_of_measurement":"°C","entity_category":"diagnostic",
        "value_template":"{{ value_json.device_temperature }}"})");
    tell("s", R"({"temperature":20,"device_temperature":45})");
    EXPECT_EQ(hub.value("temperature.celsius"), Value(20));
    EXPECT_EQ(hub.value("device/temperature.celsius"), Value(45));
}

TEST_F(Sensor, voltage_is_the_batterys_where_the_device_runs_on_one) {
    add("sensor", "b", R"({"state_topic":"s","device_class":"battery","unit_of_measurement":"%",
                           "value_template":"{{ value_json.battery }}"})");
    add("sensor", "v", R"({"state_topic":"s","device_class":"voltage","unit_of_measurement":"mV",
                           "value_template":"{{ value_json.voltage }}"})");
    tell("s", R"({"battery":90,"voltage":3000})");
    EXPECT_EQ(to_json(hub.twin()), R"({"battery":{"percent":90,"volts":3}})");
}

TEST_F(Sensor, a_reading_beyond_what_can_be_is_refused_with_its_range) {
    EXPECT_EQ(reading("temperature", "°C", "-400", "temperature.celsius"), Value());
    EXPECT_THAT(hub.last_refusal(), HasSubstr("temperature.celsius"));
    EXPECT_EQ(reading("battery", "%", "100.4", "battery.percent"), Value(100)) << "it is full";
}

TEST_F(Sensor, that_says_unknown_says_nothing) {
    EXPECT_EQ(reading("power", "W", "unavailable", "power.watts"), Value());
    EXPECT_EQ(reading("power", "W", "None", "power.watts"), Value());
    EXPECT_EQ(hub.refusals.total(), 0u);
    EXPECT_EQ(reading("power", "W", "NaN", "power.watts"), Value());
    EXPECT_EQ(hub.refusals.total(), 1u);
}

TEST_F(Sensor, needs_a_state_topic) {
    EXPECT_EQ(refusal_of("sensor", R"({"device_class":"power"})"), "state_topic is missing");
    EXPECT_EQ(refusal_of("sensor", R"({"state_topic":7})"), "state_topic must be a topic, not 7");
    EXPECT_EQ(refusal_of("binary_sensor", "{}"), "state_topic is missing");
}

TEST_F(BinarySensor, a_device_class_has_a_word_of_hearths) {
    struct Case {
        std::string device_class;
        std::string path;
        std::string type;
    };
    for (const Case& one : {Case{"motion", "occupancy.occupied", "motion_sensor"},
                            Case{"occupancy", "occupancy.occupied", "motion_sensor"},
                            Case{"door", "contact.open", "contact_sensor"},
                            Case{"window", "contact.open", "contact_sensor"},
                            Case{"moisture", "leak.wet", "leak_sensor"},
                            Case{"smoke", "smoke.detected", "smoke_sensor"},
                            Case{"gas", "gas.detected", "gas_sensor"},
                            Case{"vibration", "vibration.detected", "vibration_sensor"},
                            Case{"battery", "battery.low", "button"}}) {
        add("binary_sensor",
            R"({"name":null,"state_topic":"s","device_class":")" + one.device_class + "\"}");
        tell("s", "ON");
        EXPECT_EQ(hub.value(one.path), Value(true)) << one.device_class;
        tell("s", "OFF");
        EXPECT_EQ(hub.value(one.path), Value(false)) << one.device_class;
        EXPECT_EQ(hub.only()->type, one.type) << one.device_class;
    }
}

TEST_F(BinarySensor, a_contact_that_tells_true_when_closed_is_open_when_false) {
    add("binary_sensor", R"({"name":null,"state_topic":"s","device_class":"door","payload_on":false,
                             "payload_off":true,"value_template":"{{ value_json.contact }}"})");
    tell("s", R"({"contact":false})");
    EXPECT_EQ(hub.value("contact.open"), Value(true));
    tell("s", R"({"contact":true})");
    EXPECT_EQ(hub.value("contact.open"), Value(false));
}

TEST_F(BinarySensor, of_no_class_is_an_untyped_truth_and_can_not_be_set) {
    add("binary_sensor", R"({"state_topic":"s","value_template":"{{ value_json.running }}",
                             "payload_on":"yes","payload_off":"no"})");
    tell("s", R"({"running":"yes"})");
    EXPECT_EQ(hub.value("untyped.running"), Value(true));
    tell("s", R"({"running":"maybe"})");
    EXPECT_THAT(hub.last_refusal(), HasSubstr("\"maybe\" is neither \"yes\" nor \"no\""));
    EXPECT_FALSE(hub.attribute("untyped.running")->spec->writable);
}

} // namespace
} // namespace hearth::mqtt_discovery
