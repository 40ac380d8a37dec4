#include "simulator/color.h"
#include "simulator/firmware.h"
#include "simulator/test_house.h"

#include <gmock/gmock.h>

namespace hearth::simulator {
namespace {

using testing::HasSubstr;

class Recorder final : public Outbox {
public:
    void publish(Message message) override { messages.push_back(std::move(message)); }

    /// The last message on a topic, or an empty one.
    Message last(std::string_view topic) const {
        Message found;
        for (const Message& message : messages)
            if (message.topic == topic) found = message;
        return found;
    }
    Value json(std::string_view topic) const {
        auto value = parse_json(last(topic).payload);
        EXPECT_TRUE(value) << topic << ": " << last(topic).payload;
        return value ? *value : Value();
    }
    std::size_t count(std::string_view topic) const {
        return static_cast<std::size_t>(std::ranges::count(messages, topic, &Message::topic));
    }

    std::vector<Message> messages;
};

/// One device with its firmware.
class Desk {
public:
    Desk(Kind kind, Dialect speaks)
        : house(device(kind, speaks)) {
        Thing& thing = *house.thing;
        switch (speaks) {
        case Dialect::zigbee2mqtt:
            firmware = make_zigbee2mqtt({&thing}, out, 1);
            break;
        case Dialect::esphome:
            firmware = make_esphome(thing, out, 1);
            break;
        case Dialect::tasmota:
            firmware = make_tasmota(thing, out, 1);
            break;
        case Dialect::device_form:
            firmware = make_device_form(thing, out, 1);
        }
        house.story.add(*firmware);
        firmware->connected(house.story.now());
    }
    static DevicePlan device(Kind kind, Dialect speaks) {
        DevicePlan plan = device_of(kind);
        plan.speaks = speaks;
        if (speaks != Dialect::zigbee2mqtt) plan.id = "A1B2C3D4E5F6";
        return plan;
    }
    void say(std::string_view topic, std::string_view payload) {
        firmware->received(topic, payload, house.story.now());
        house.turn(seconds);
    }

    House house;
    Recorder out;
    std::unique_ptr<Firmware> firmware;
};

TEST(Zigbee2Mqtt, AnnouncesEachEntityRetainedAndSaysThatItIsThere) {
    const Desk desk(Kind::thermometer, Dialect::zigbee2mqtt);
    const Value config = desk.out.json("homeassistant/sensor/0x01/temperature/config");
    EXPECT_TRUE(desk.out.last("homeassistant/sensor/0x01/temperature/config").retain);
    EXPECT_EQ(config.at("state_topic"), Value("zigbee2mqtt/thing"));
    EXPECT_EQ(config.at("value_template"), Value("{{ value_json.temperature }}"));
    EXPECT_EQ(config.at("unit_of_measurement"), Value("°C"));
    EXPECT_EQ(config.at("unique_id"), Value("0x01_temperature_zigbee2mqtt"));
    EXPECT_EQ(config.at("device").at("identifiers"), Value(ValueList{"zigbee2mqtt_0x01"}));
    EXPECT_FALSE(desk.out.last("homeassistant/sensor/0x01/humidity/config").payload.empty());
    EXPECT_EQ(desk.out.last("zigbee2mqtt/bridge/state").payload, R"({"state":"online"})");
    EXPECT_EQ(desk.out.last("zigbee2mqtt/thing/availability").payload, R"({"state":"online"})");
    EXPECT_TRUE(desk.out.last("zigbee2mqtt/thing/availability").retain);
    EXPECT_TRUE(desk.out.json("zigbee2mqtt/thing").at("temperature").is_number());
    EXPECT_FALSE(desk.out.last("zigbee2mqtt/thing").retain);
}

TEST(Zigbee2Mqtt, ObeysSetAndTellsTheState) {
    Desk desk(Kind::color_light, Dialect::zigbee2mqtt);
    desk.say("zigbee2mqtt/thing/set",
             R"({"state":"ON","brightness":100,"color":{"h":120,"s":80}})");
    Value state = desk.out.json("zigbee2mqtt/thing");
    EXPECT_EQ(state.at("state"), Value("ON"));
    EXPECT_EQ(state.at("brightness"), Value(100));
    EXPECT_EQ(state.at("color_mode"), Value("hs"));
    EXPECT_EQ(state.at("color").at("hue"), Value(120));
    desk.say("zigbee2mqtt/thing/set", R"({"color_temp":250})");
    state = desk.out.json("zigbee2mqtt/thing");
    EXPECT_EQ(state.at("color_mode"), Value("color_temp"));
    EXPECT_EQ(state.at("color_temp"), Value(250));
    desk.say("zigbee2mqtt/thing/set", "TOGGLE");
    EXPECT_EQ(desk.out.json("zigbee2mqtt/thing").at("state"), Value("OFF"));
    desk.say("zigbee2mqtt/thing/set/state", "on");
    EXPECT_EQ(desk.out.json("zigbee2mqtt/thing").at("state"), Value("ON"));
    desk.say("zigbee2mqtt/thing/set", R"({"color":{"hex":"#0000ff"}})");
    EXPECT_EQ(desk.out.json("zigbee2mqtt/thing").at("color").at("hue"), Value(240));
}

TEST(Zigbee2Mqtt, LogsWhatMakesNoSenseAndChangesNothing) {
    Desk desk(Kind::color_light, Dialect::zigbee2mqtt);
    const std::size_t states = desk.out.count("zigbee2mqtt/thing");
    std::size_t logged = 0;
    for (const char* nonsense :
         {R"({"state":"MAYBE"})", R"({"brightness":"bright"})", R"({"brightness":999})",
          R"({"color":{"x":1}})", R"({"wobble":1})", "{", "", "[]", R"({"color_temp":1})", "{}"}) {
        desk.say("zigbee2mqtt/thing/set", nonsense);
        EXPECT_EQ(desk.out.count("zigbee2mqtt/bridge/logging"), ++logged) << nonsense;
    }
    desk.say("zigbee2mqtt/nobody/set", "ON");
    EXPECT_THAT(desk.out.last("zigbee2mqtt/bridge/logging").payload, HasSubstr("nobody"));
    EXPECT_EQ(desk.out.count("zigbee2mqtt/thing"), states);
}

TEST(Zigbee2Mqtt, ASensorTakesNoCommands) {
    Desk desk(Kind::motion_sensor, Dialect::zigbee2mqtt);
    desk.say("zigbee2mqtt/thing/set", "ON");
    EXPECT_EQ(desk.out.count("zigbee2mqtt/bridge/logging"), 1U);
}

TEST(Zigbee2Mqtt, TellsTheStateOnRequest) {
    Desk desk(Kind::light, Dialect::zigbee2mqtt);
    desk.out.messages.clear();
    desk.say("zigbee2mqtt/thing/get", R"({"state":""})");
    EXPECT_EQ(desk.out.count("zigbee2mqtt/thing"), 1U);
}

TEST(Zigbee2Mqtt, LeavesAWillAndSaysGoodbyeOnTheSameTopic) {
    Desk desk(Kind::light, Dialect::zigbee2mqtt);
    const ClientOptions options = desk.firmware->client_options();
    desk.firmware->say_offline();
    EXPECT_EQ(desk.out.messages.back(), *options.will);
    EXPECT_TRUE(options.will->retain);
}

TEST(Firmware, AnnouncesAgainWhenTheHubComesOnline) {
    for (const auto& [kind, speaks] :
         {std::pair{Kind::light, Dialect::zigbee2mqtt}, std::pair{Kind::light, Dialect::esphome},
          std::pair{Kind::metering_plug, Dialect::tasmota},
          std::pair{Kind::lock, Dialect::device_form}}) {
        Desk desk(kind, speaks);
        const std::vector<Message> first = std::exchange(desk.out.messages, {});
        desk.say("homeassistant/status", "offline");
        desk.house.turn(2 * seconds);
        EXPECT_TRUE(desk.out.messages.empty());
        desk.say("homeassistant/status", "online");
        desk.house.turn(2 * seconds);
        EXPECT_EQ(desk.out.messages.front(), first.front());
        EXPECT_GE(desk.out.messages.size(), first.size());
    }
}

TEST(EspHome, SpeaksItsShortWordsAndRetainsItsState) {
    Desk desk(Kind::dimmable_light, Dialect::esphome);
    const Value config = desk.out.json("homeassistant/light/thing/thing/config");
    EXPECT_EQ(config.at("stat_t"), Value("thing/light/thing/state"));
    EXPECT_EQ(config.at("cmd_t"), Value("thing/light/thing/command"));
    EXPECT_EQ(config.at("dev").at("ids"), Value("A1B2C3D4E5F6"));
    EXPECT_EQ(desk.out.last("thing/status").payload, "online");
    desk.say("thing/light/thing/command", R"({"state":"ON","brightness":255,"transition":0})");
    const Message state = desk.out.last("thing/light/thing/state");
    EXPECT_TRUE(state.retain);
    EXPECT_EQ(state.payload, R"({"color_mode":"brightness","state":"ON","brightness":255})");
}

TEST(EspHome, LogsWhatIsNoJson) {
    Desk desk(Kind::light, Dialect::esphome);
    desk.say("thing/light/thing/command", "ON");
    EXPECT_THAT(desk.out.last("thing/debug").payload, HasSubstr("JSON"));
}

TEST(Tasmota, AnnouncesRelayAndMetersInItsShortWords) {
    Desk desk(Kind::metering_plug, Dialect::tasmota);
    const Value relay = desk.out.json("homeassistant/switch/A1B2C3D4E5F6_RL_1/config");
    EXPECT_EQ(relay.at("~"), Value("tele/thing/"));
    EXPECT_EQ(relay.at("stat_t"), Value("~STATE"));
    EXPECT_EQ(relay.at("cmd_t"), Value("cmnd/thing/POWER"));
    const Value power = desk.out.json("homeassistant/sensor/A1B2C3D4E5F6_ENERGY_Power/config");
    EXPECT_EQ(power.at("val_tpl"), Value("{{ value_json['ENERGY']['Power'] }}"));
    EXPECT_EQ(desk.out.last("tele/thing/LWT").payload, "Online");
    const Value sensor = desk.out.json("tele/thing/SENSOR");
    EXPECT_TRUE(sensor.at("ENERGY").at("Total").is_number());
    EXPECT_EQ(sensor.at("Time"), Value("2026-06-14T23:00:00"));
}

TEST(Tasmota, ObeysPowerAndAnswers) {
    Desk desk(Kind::light, Dialect::tasmota);
    desk.say("cmnd/thing/POWER", "ON");
    EXPECT_EQ(desk.out.last("stat/thing/RESULT").payload, R"({"POWER":"ON"})");
    EXPECT_EQ(desk.out.json("tele/thing/STATE").at("POWER"), Value("ON"));
    desk.say("cmnd/thing/Power1", "2");
    EXPECT_EQ(desk.out.last("stat/thing/POWER").payload, "OFF");
    desk.out.messages.clear();
    desk.say("cmnd/thing/POWER", "");
    EXPECT_EQ(desk.out.last("stat/thing/RESULT").payload, R"({"POWER":"OFF"})");
    desk.say("cmnd/thing/DANCE", "1");
    EXPECT_EQ(desk.out.last("stat/thing/RESULT").payload, R"({"Command":"Unknown"})");
}

TEST(DeviceForm, AnnouncesTheWholeDeviceInOneMessage) {
    Desk desk(Kind::lock, Dialect::device_form);
    const Value config = desk.out.json("homeassistant/device/A1B2C3D4E5F6/config");
    EXPECT_EQ(config.at("dev").at("ids"), Value(ValueList{"A1B2C3D4E5F6"}));
    EXPECT_EQ(config.at("cmps").at("lock").at("p"), Value("lock"));
    EXPECT_EQ(config.at("cmps").at("battery").at("dev_cla"), Value("battery"));
    EXPECT_EQ(desk.firmware->client_options().version, mqtt::Version::v5);
    EXPECT_EQ(desk.out.last("thing/available").payload, "online");
    EXPECT_EQ(desk.out.json("thing/state").at("lock"), Value("LOCKED"));
}

TEST(DeviceForm, LockMovesAndRefusesOtherWords) {
    Desk desk(Kind::lock, Dialect::device_form);
    desk.say("thing/set", "UNLOCK");
    EXPECT_EQ(desk.out.json("thing/state").at("lock"), Value("UNLOCKING"));
    desk.house.turn(2 * seconds);
    EXPECT_EQ(desk.out.json("thing/state").at("lock"), Value("UNLOCKED"));
    desk.say("thing/set", "OPEN SESAME");
    EXPECT_THAT(desk.out.last("thing/log").payload, HasSubstr("OPEN SESAME"));
}

TEST(DeviceForm, CurtainTellsItsStateAndPosition) {
    Desk desk(Kind::curtain, Dialect::device_form);
    EXPECT_EQ(desk.out.last("thing/state").payload, R"({"state":"closed","position":0})");
    desk.say("thing/set", "OPEN");
    EXPECT_EQ(desk.out.json("thing/state").at("state"), Value("opening"));
    desk.house.turn(11 * seconds);
    EXPECT_EQ(desk.out.last("thing/state").payload, R"({"state":"open","position":100})");
    desk.say("thing/position/set", "40");
    desk.house.turn(11 * seconds);
    EXPECT_EQ(desk.out.last("thing/state").payload, R"({"state":"open","position":40})");
    for (const char* nonsense : {"nan", "-1", "half", ""}) {
        desk.out.messages.clear();
        desk.say("thing/position/set", nonsense);
        EXPECT_EQ(desk.out.count("thing/log"), 1U) << nonsense;
    }
}

TEST(Color, GoesToXyAndBack) {
    for (const double hue : {0.0, 60.0, 120.0, 200.0, 300.0}) {
        const HueSaturation back = from_xy(to_xy({hue, 75}));
        EXPECT_NEAR(back.hue, hue, 1);
        EXPECT_NEAR(back.saturation, 75, 1);
    }
    EXPECT_NEAR(to_xy({0, 0}).x, 0.3127, 0.001); // D65
    EXPECT_NEAR(to_xy({0, 0}).y, 0.3290, 0.001);
}

} // namespace
} // namespace hearth::simulator
