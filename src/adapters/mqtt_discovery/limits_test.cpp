#include "adapters/mqtt_discovery/test_discovery.h"

/// Each limit of limits.h, reached; and templates that fail or never end. Whatever is refused is
/// refused with a line that says what and how much, and the rest goes on.
namespace hearth::mqtt_discovery {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::TestHome;

struct Limited : ::testing::Test {
    std::unique_ptr<TestHome> owned;
    TestHome* hub = nullptr;

    void start(Limits limits) {
        Options options;
        options.limits = limits;
        owned = std::make_unique<TestHome>(options);
        hub = owned.get();
        hub->start();
        ASSERT_TRUE(hub->started);
    }
    void announce(const std::string& topic, std::string_view payload) {
        hub->broker.send("homeassistant/" + topic + "/config", payload);
    }
    void sensor(const std::string& device, const std::string& object) {
        announce("sensor/" + device + "/" + object, R"({"state_topic":")" + device + "/" + object +
                                                        R"(","device":{"identifiers":")" + device +
                                                        "\"}}");
    }
    Code last_code() const { return hub->refusals.list().back().code; }
};

TEST_F(Limited, a_discovery_message_beyond_config_bytes) {
    start({.config_bytes = 100});
    announce("sensor/a", R"({"state_topic":")" + std::string(100, 'x') + "\"}");
    EXPECT_EQ(hub->last_refusal(), "a discovery message of 118 bytes; at most 100 are allowed");
    EXPECT_EQ(last_code(), Code::limit);
    sensor("b", "small");
    hub->settle();
    EXPECT_NE(hub->only(), nullptr);
}

TEST_F(Limited, a_state_beyond_state_bytes) {
    start({.state_bytes = 10});
    sensor("a", "x");
    hub->settle();
    hub->broker.send("a/x", "12345678901");
    EXPECT_EQ(hub->last_refusal(), "a message of 11 bytes; at most 10 are read");
    EXPECT_EQ(last_code(), Code::limit);
    hub->broker.send("a/x", "7");
    EXPECT_EQ(hub->value("untyped.x"), Value("7"));
}

TEST_F(Limited, more_than_components_per_device) {
    start({.components_per_device = 2});
    sensor("a", "x");
    sensor("a", "y");
    sensor("a", "z");
    EXPECT_EQ(hub->last_refusal(), "the device has 2 components and takes no more");
    EXPECT_EQ(last_code(), Code::limit);
    hub->settle();
    EXPECT_EQ(hub->only()->attributes.size(), 2u);
    sensor("a", "y");
    hub->settle();
    EXPECT_EQ(hub->refusals.total(), 1u) << "one that it has may come again";
}

TEST_F(Limited, devices_that_merge_do_not_go_around_components_per_device) {
    start({.components_per_device = 2});
    for (const std::string device : {"a", "b"}) {
        sensor(device, "x");
        sensor(device, "y");
    }
    announce("sensor/ab", R"({"state_topic":"t","device":{"identifiers":["a","b"]}})");
    EXPECT_EQ(last_code(), Code::limit);
    hub->settle();
    EXPECT_EQ(hub->home.devices().size(), 2u) << "they stay two";
}

TEST_F(Limited, more_than_the_devices) {
    start({.devices = 2});
    sensor("a", "x");
    sensor("b", "x");
    sensor("c", "x");
    EXPECT_EQ(hub->last_refusal(), "2 devices are known and no more are taken");
    EXPECT_EQ(last_code(), Code::limit);
    announce("sensor/a/x", "");
    hub->settle();
    sensor("c", "x");
    hub->settle();
    EXPECT_EQ(hub->refusals.total(), 1u) << "one left, one may come";
    EXPECT_EQ(hub->home.devices().size(), 2u);
}

TEST_F(Limited, more_than_the_topics) {
    start({.topics = 2});
    sensor("a", "x");
    sensor("a", "y");
    sensor("a", "z");
    EXPECT_EQ(hub->last_refusal(), "2 topics are listened to and no more are taken");
    EXPECT_EQ(last_code(), Code::limit);
    hub->settle();
    hub->broker.send("a/y", "1");
    EXPECT_EQ(hub->value("untyped.y"), Value("1"));
    sensor("b", "x");
    hub->settle();
    EXPECT_EQ(hub->home.devices().size(), 1u) << "a device whose only component is refused";
    EXPECT_EQ(hub->adapter.counts().devices, 1u);
    EXPECT_EQ(hub->adapter.counts().topics, 2u);
}

TEST_F(Limited, a_template_beyond_template_bytes) {
    start({.template_bytes = 20});
    announce("sensor/a", R"({"state_topic":"t","value_template":"{{ value_json.temperature }}"})");
    EXPECT_EQ(hub->last_refusal(),
              "value_template: a template of 28 bytes; at most 20 are allowed");
    EXPECT_EQ(last_code(), Code::limit);
}

TEST_F(Limited, more_than_the_pending_commands) {
    start({.pending_commands = 1});
    announce("switch/a", R"({"command_topic":"c","state_topic":"s","device":{"ids":"a"}})");
    hub->settle();
    hub->broker.takers = 0;
    hub->ask({{"on_off.on", true}});
    EXPECT_EQ(hub->settlement(), "");
    hub->ask({{"on_off.on", false}});
    EXPECT_EQ(hub->settlement(), "refused: nobody subscribes to c; is the device or Zigbee2MQTT "
                                 "running? (1 commands wait already)");
    EXPECT_EQ(hub->adapter.counts().pending_commands, 1u);
}

TEST_F(Limited, more_than_the_waiting_messages) {
    start({.waiting_messages = 1});
    sensor("a", "x");
    hub->broker.send("a/x", "1");
    hub->broker.send("a/x", "2");
    EXPECT_THAT(hub->last_refusal(), HasSubstr("too many messages wait"));
    EXPECT_EQ(last_code(), Code::limit);
    hub->settle();
    EXPECT_EQ(hub->value("untyped.x"), Value("1"));
    EXPECT_EQ(hub->adapter.counts().waiting_messages, 0u);
}

TEST_F(Limited, more_than_the_waiting_bytes) {
    start({.waiting_bytes = 5});
    sensor("a", "x");
    hub->broker.send("a/x", "12345");
    hub->broker.send("a/x", "6");
    EXPECT_THAT(hub->last_refusal(), HasSubstr("too many messages wait"));
    hub->settle();
    EXPECT_EQ(hub->value("untyped.x"), Value("12345"));
    sensor("a", "y");
    hub->broker.send("a/y", "67890");
    EXPECT_EQ(hub->refusals.total(), 1u) << "what was taken makes room";
}

TEST_F(Limited, a_burst_that_does_not_end_is_announced_after_announce_at_most) {
    start({});
    for (int i = 0; i < 30; ++i) {
        sensor("a", "x" + std::to_string(i));
        EXPECT_EQ(hub->home.devices().size(), i * 40 < 1000 ? 0u : 1u) << i;
        EXPECT_TRUE(hub->adapter.next_deadline().has_value());
        hub->pass(40 * milliseconds);
    }
    EXPECT_EQ(hub->home.devices().size(), 1u);
}

// --- Templates ---------------------------------------------------------------------------------

struct FailingTemplate : Limited {
    void SetUp() override {
        start({});
        announce("sensor/a/good", R"({"state_topic":"s","value_template":"{{ value_json.good }}",
                                      "device":{"ids":"a"}})");
    }
    void bad(std::string_view value_template) {
        announce("sensor/a/bad", R"({"state_topic":"s","value_template":)" +
                                     to_json(Value(value_template)) + R"(,"device":{"ids":"a"}})");
        hub->settle();
    }
};

TEST_F(FailingTemplate, that_fails_on_a_message_is_counted_each_time_and_costs_only_itself) {
    bad("{{ value_json.list[9] + 1 }}");
    hub->broker.send("s", R"({"good":1,"list":[]})");
    hub->broker.send("s", R"({"good":2,"list":[]})");
    EXPECT_EQ(hub->value("untyped.good"), Value(2));
    EXPECT_EQ(hub->refusals.total(), 2u);
    EXPECT_THAT(hub->last_refusal(), HasSubstr("sensor list_9: "));
}

TEST_F(FailingTemplate, that_asks_home_assistant_for_more_than_its_message_is_counted) {
    bad("{{ states('sensor.other') }}");
    hub->broker.send("s", R"({"good":1})");
    EXPECT_EQ(hub->value("untyped.good"), Value(1));
    EXPECT_EQ(hub->refusals.total(), 1u);
    EXPECT_THAT(hub->last_refusal(), HasSubstr("states"));
}

TEST_F(FailingTemplate, that_never_ends_is_stopped) {
    bad("{% for a in range(9999) %}{% for b in range(9999) %}{{ a }}{% endfor %}{% endfor %}");
    hub->broker.send("s", R"({"good":1})");
    EXPECT_EQ(hub->value("untyped.good"), Value(1));
    EXPECT_EQ(hub->refusals.total(), 1u);
}

TEST_F(FailingTemplate, that_is_none_is_refused_when_it_is_announced) {
    for (const std::string_view wrong : {"{{ value_json.", "{% if %}", "{{ value | nonsuch }}"}) {
        const auto before = hub->refusals.total();
        bad(wrong);
        EXPECT_EQ(hub->refusals.total(), before + 1) << wrong;
        EXPECT_THAT(hub->last_refusal(), HasSubstr("value_template: ")) << wrong;
    }
    hub->broker.send("s", R"({"good":1})");
    EXPECT_EQ(hub->value("untyped.good"), Value(1));
}

TEST_F(FailingTemplate, of_a_command_refuses_the_command) {
    announce("switch/a/relay", R"({"command_topic":"c","command_template":"{{ 1 / 0 }}",
                                   "device":{"ids":"a"}})");
    hub->settle();
    EXPECT_THAT(hub->ask({{"on_off.on", true}}), ElementsAre());
    EXPECT_THAT(hub->settlement(), HasSubstr("refused: "));
}

} // namespace
} // namespace hearth::mqtt_discovery
