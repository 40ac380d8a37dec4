#include "adapters/mqtt_discovery/test_discovery.h"

/// Devices of which a part is away.
namespace hearth::mqtt_discovery {
namespace {

using testing::SmallBroker;

struct Parts : testing::DiscoveryTest {
    /// A solar panel and the grid, each with a word of its own on whether it is there.
    void roof() {
        add("sensor", "pv", R"({"state_topic":"pv","device_class":"power","name":"PV",
                                "unit_of_measurement":"W","availability_topic":"pv/av"})");
        add("sensor", "grid", R"({"state_topic":"grid","device_class":"voltage","name":"Grid",
                                  "unit_of_measurement":"V","availability_topic":"grid/av"})");
    }
    void all_there() {
        roof();
        for (const std::string topic : {"pv/av", "grid/av"})
            hub.broker.send(topic, "online", true);
        hub.broker.send("pv", "812", true);
        hub.broker.send("grid", "230", true);
        ASSERT_EQ(watts(), Value(812));
        ASSERT_EQ(volts(), Value(230));
    }
    Value watts() const { return hub.value("power.watts"); }
    Value volts() const { return hub.value("voltage.volts"); }
};

TEST_F(Parts, that_are_away_are_unknown_and_the_rest_stays) {
    all_there();
    tell("pv/av", "offline");
    EXPECT_TRUE(hub.only()->online);
    EXPECT_EQ(watts(), Value());
    EXPECT_EQ(volts(), Value(230));
    const auto before = hub.home.last_event();
    tell("pv/av", "offline");
    EXPECT_EQ(hub.home.last_event(), before);
}

TEST_F(Parts, that_are_back_are_what_they_tell_next_or_have_retained) {
    all_there();
    tell("pv/av", "offline");
    tell("pv/av", "online");
    EXPECT_EQ(watts(), Value());
    hub.adapter.tick();
    EXPECT_EQ(watts(), Value(812));
    tell("pv/av", "offline");
    hub.broker.retained.erase("pv");
    tell("pv/av", "online");
    hub.adapter.tick();
    EXPECT_EQ(watts(), Value());
    tell("pv", "5");
    EXPECT_EQ(watts(), Value(5));
}

TEST_F(Parts, that_are_back_do_not_make_the_others_read_again) {
    add("sensor", "a", R"({"state_topic":"s","value_template":"{{ value_json.a }}",
                           "availability_topic":"a/av"})");
    add("sensor", "b", R"({"state_topic":"s","value_template":"{{ value_json.b }}",
                           "availability_topic":"b/av"})");
    hub.broker.send("s", R"({"a":1,"b":1})", true);
    tell("b/av", "online");
    tell("a/av", "offline");
    tell("s", R"({"b":2})");
    tell("a/av", "online");
    hub.adapter.tick();
    EXPECT_EQ(hub.value("untyped.a"), Value(1));
    EXPECT_EQ(hub.value("untyped.b"), Value(2)) << "what is retained is older";
}

TEST_F(Parts, that_speak_are_there) {
    all_there();
    tell("pv/av", "offline");
    tell("pv", "7");
    EXPECT_EQ(watts(), Value(7));
}

TEST_F(Parts, all_of_them_away_are_a_device_that_is_offline_and_keeps_its_last_values) {
    all_there();
    tell("pv/av", "offline");
    tell("grid/av", "offline");
    EXPECT_FALSE(hub.only()->online);
    EXPECT_EQ(volts(), Value(230));
    tell("grid/av", "online");
    EXPECT_TRUE(hub.only()->online);
    EXPECT_EQ(volts(), Value(230));
    EXPECT_EQ(watts(), Value());
    tell("pv/av", "online");
    hub.adapter.tick();
    EXPECT_EQ(watts(), Value(812));
}

TEST_F(Parts, of_one_rule_go_and_come_with_their_device) {
    for (const std::string object : {"a", "b"})
        add("sensor", object,
            R"({"state_topic":"s","availability_topic":"av","value_template":"{{ value_json.)" +
                object + R"( }}"})");
    tell("s", R"({"a":1,"b":2})");
    tell("av", "offline");
    EXPECT_FALSE(hub.only()->online);
    EXPECT_EQ(hub.value("untyped.a"), Value(1));
}

TEST_F(Parts, a_value_that_another_part_tells_too_stays) {
    const std::string options = R"({"state_topic":"s","device_class":"power","name":"Power",
                                    "unit_of_measurement":"W","availability_topic":")";
    add("sensor", "a", options + "a/av\"}");
    add("sensor", "b", options + "b/av\"}");
    tell("s", "9");
    tell("a/av", "offline");
    tell("b/av", "online");
    EXPECT_EQ(hub.only()->attributes.size(), 1u);
    EXPECT_EQ(watts(), Value(9));
    add("sensor", "c", R"({"state_topic":"t","availability_topic":"c/av"})");
    tell("c/av", "online");
    tell("b/av", "offline");
    EXPECT_EQ(watts(), Value()) << "nobody is left who tells it";
}

TEST_F(Parts, that_are_away_at_a_restart_do_not_come_back_by_what_is_retained) {
    all_there();
    hub.broker.send("pv/av", "offline", true);
    hub.adapter.stop();
    hub.journal.commit();
    const auto before = hub.home.last_event();
    SmallBroker after;
    after.retained = hub.broker.retained;
    Adapter next(after);
    ASSERT_TRUE(next.start(hub.port).has_value());
    next.tick();
    EXPECT_EQ(watts(), Value());
    EXPECT_TRUE(hub.only()->online);
    for (const home::Event& event : hub.home.recent_events())
        if (const auto* told = std::get_if<home::AttributeReported>(&event.fact);
            told != nullptr && event.id > before)
            for (const auto& [path, value] : told->values)
                EXPECT_NE(path.text, "power.watts") << "not for a moment";
    next.stop();
}

TEST_F(Parts, announced_anew_while_they_are_away_stay_unknown) {
    all_there();
    hub.broker.send("pv/av", "offline", true);
    add("sensor", "pv", R"({"state_topic":"pv","device_class":"power","name":"Sun",
                            "unit_of_measurement":"W","availability_topic":"pv/av"})");
    hub.adapter.tick();
    EXPECT_EQ(watts(), Value());
}

} // namespace
} // namespace hearth::mqtt_discovery
