#include "adapters/mqtt_discovery/test_discovery.h"

/// expire_after and off_delay: values that end by the clock, over restarts too.
namespace hearth::mqtt_discovery {
namespace {

using ::testing::HasSubstr;
using testing::SmallBroker;

struct Expiry : testing::DiscoveryTest {
    void icebox(std::string_view more = "") {
        add("sensor", R"({"state_topic":"s","device_class":"temperature","expire_after":60,
                          "value_template":"{{ value_json.t }}")" +
                          std::string(more) + "}");
    }
    void motion(std::string_view more = "") {
        add("binary_sensor", R"({"state_topic":"s","device_class":"motion","off_delay":30)" +
                                 std::string(more) + "}");
    }
    Value celsius() const { return hub.value("temperature.celsius"); }
    Value occupied() const { return hub.value("occupancy.occupied"); }

    /// The hub starts again, `away` later, with what is retained.
    void restart(Micros away) {
        if (next) next->stop();
        hub.adapter.stop();
        hub.journal.commit();
        hub.clock.turn(away);
        after.retained = hub.broker.retained;
        next = std::make_unique<Adapter>(after);
        ASSERT_TRUE(next->start(hub.port).has_value());
        next->tick();
    }
    void pass_after(Micros time) {
        hub.clock.turn(time);
        next->tick();
    }
    void TearDown() override {
        if (next) next->stop();
    }

    SmallBroker after;
    std::unique_ptr<Adapter> next;
};

TEST_F(Expiry, a_value_is_unknown_once_nothing_was_heard_for_so_long) {
    icebox();
    tell("s", R"({"t":4.2})");
    hub.pass(59 * seconds);
    EXPECT_EQ(celsius(), Value(4.2));
    ASSERT_TRUE(hub.adapter.next_deadline().has_value());
    EXPECT_LE(*hub.adapter.next_deadline() - hub.clock.steady(), 1 * seconds);
    hub.pass(1 * seconds);
    EXPECT_EQ(celsius(), Value());
    EXPECT_EQ(hub.adapter.next_deadline(), std::nullopt);
    tell("s", R"({"t":5})");
    EXPECT_EQ(celsius(), Value(5)) << "the device's own later word counts";
}

TEST_F(Expiry, each_message_begins_it_anew_also_one_that_tells_no_value) {
    icebox();
    tell("s", R"({"t":4.2})");
    for (int i = 0; i < 5; ++i) {
        hub.pass(50 * seconds);
        tell("s", i % 2 == 0 ? R"({"t":4.2})" : R"({"battery":80})");
    }
    EXPECT_EQ(celsius(), Value(4.2));
    hub.pass(60 * seconds);
    EXPECT_EQ(celsius(), Value());
}

TEST_F(Expiry, without_it_or_with_0_a_value_stays) {
    add("sensor", R"({"state_topic":"s","device_class":"temperature","expire_after":0})");
    tell("s", "4");
    hub.pass(1'000 * hours);
    EXPECT_EQ(celsius(), Value(4));
    EXPECT_EQ(hub.adapter.counts().value_timers, 0u);
}

TEST_F(Expiry, goes_with_its_component) {
    icebox();
    tell("s", R"({"t":4.2})");
    EXPECT_EQ(hub.adapter.counts().value_timers, 1u);
    announce("sensor/thing", "");
    hub.settle();
    EXPECT_EQ(hub.adapter.counts().value_timers, 0u);
    hub.pass(100 * seconds);
}

TEST_F(Expiry, announced_anew_a_value_is_as_old_as_it_is) {
    icebox();
    hub.broker.send("s", R"({"t":4.2})", true);
    hub.pass(40 * seconds);
    icebox(R"(,"name":"Colder")");
    hub.pass(1 * milliseconds);
    EXPECT_EQ(celsius(), Value(4.2));
    hub.pass(20 * seconds);
    EXPECT_EQ(celsius(), Value()) << "what is retained is no news";
}

TEST_F(Expiry, goes_on_over_a_restart) {
    icebox();
    tell("s", R"({"t":4.2})");
    restart(40 * seconds);
    EXPECT_EQ(celsius(), Value(4.2));
    pass_after(19 * seconds);
    EXPECT_EQ(celsius(), Value(4.2));
    pass_after(1 * seconds);
    EXPECT_EQ(celsius(), Value());
}

TEST_F(Expiry, what_became_due_meanwhile_is_due_at_once) {
    icebox();
    tell("s", R"({"t":4.2})");
    restart(2 * hours);
    EXPECT_EQ(celsius(), Value());
}

TEST_F(Expiry, what_is_retained_makes_no_old_value_fresh_and_brings_none_back) {
    icebox();
    hub.broker.send("s", R"({"t":4.2})", true);
    restart(40 * seconds);
    EXPECT_EQ(celsius(), Value(4.2));
    pass_after(20 * seconds);
    EXPECT_EQ(celsius(), Value()) << "as old as it was";
    restart(1 * seconds);
    EXPECT_EQ(celsius(), Value()) << "it has expired";
    after.send("s", R"({"t":4.2})");
    EXPECT_EQ(celsius(), Value(4.2));
}

TEST_F(Expiry, what_is_retained_of_a_device_that_is_new_is_as_old_as_its_receipt) {
    hub.broker.send("s", R"({"t":4.2})", true);
    icebox();
    EXPECT_EQ(celsius(), Value(4.2));
    hub.pass(60 * seconds);
    EXPECT_EQ(celsius(), Value());
}

TEST_F(Expiry, off_delay_is_off_so_long_after_the_last_on) {
    motion();
    tell("s", "ON");
    hub.pass(20 * seconds);
    tell("s", "ON");
    hub.pass(20 * seconds);
    EXPECT_EQ(occupied(), Value(true)) << "each ON begins anew";
    hub.pass(10 * seconds);
    EXPECT_EQ(occupied(), Value(false));
    const auto before = hub.home.last_event();
    hub.pass(60 * seconds);
    EXPECT_EQ(hub.home.last_event(), before);
}

TEST_F(Expiry, off_delay_is_over_with_the_devices_own_off) {
    motion();
    tell("s", "ON");
    tell("s", "OFF");
    EXPECT_EQ(hub.adapter.counts().value_timers, 0u);
    tell("s", "ON");
    tell("s", "None");
    hub.pass(60 * seconds);
    EXPECT_EQ(occupied(), Value()) << "unknown is not off";
}

TEST_F(Expiry, off_delay_goes_on_over_a_restart_and_a_retained_on_is_no_motion_of_now) {
    motion();
    hub.broker.send("s", "ON", true);
    restart(20 * seconds);
    EXPECT_EQ(occupied(), Value(true));
    pass_after(10 * seconds);
    EXPECT_EQ(occupied(), Value(false));
    const auto before = hub.home.last_event();
    restart(1 * seconds);
    EXPECT_EQ(occupied(), Value(false));
    EXPECT_EQ(hub.home.last_event(), before) << "no rule sees a motion that was not";
    after.send("s", "ON");
    EXPECT_EQ(occupied(), Value(true));
    restart(1 * hours);
    EXPECT_EQ(occupied(), Value(false));
}

TEST_F(Expiry, both_of_one_sensor_end_each_in_its_time) {
    motion(R"(,"expire_after":100)");
    tell("s", "ON");
    hub.pass(30 * seconds);
    EXPECT_EQ(occupied(), Value(false));
    hub.pass(70 * seconds);
    EXPECT_EQ(occupied(), Value());
}

TEST_F(Expiry, an_off_delay_of_0_is_off_at_the_end_of_the_turn) {
    add("binary_sensor", R"({"state_topic":"s","device_class":"motion","off_delay":0})");
    tell("s", "ON");
    EXPECT_EQ(occupied(), Value(true));
    hub.adapter.tick();
    EXPECT_EQ(occupied(), Value(false));
}

TEST_F(Expiry, lengths_that_make_no_sense_are_refused_and_long_ones_cut) {
    EXPECT_EQ(refusal_of("sensor", R"({"state_topic":"s","expire_after":-1})"),
              "expire_after must not be less than 0");
    EXPECT_EQ(refusal_of("binary_sensor", R"({"state_topic":"s","off_delay":-5})"),
              "off_delay must not be less than 0");
    EXPECT_EQ(refusal_of("sensor", R"({"state_topic":"s","expire_after":1e300})"), "");
    tell("s", "4");
    hub.pass(367 * 24 * hours);
    EXPECT_EQ(hub.value("untyped.thing"), Value());
}

TEST(ExpiryLimit, beyond_value_timers_a_value_that_would_never_end_is_not_read) {
    Options options;
    options.limits.value_timers = 1;
    testing::TestHome hub(options);
    hub.start();
    for (const std::string name : {"a", "b"})
        hub.broker.send("homeassistant/sensor/" + name + "/config",
                        R"({"state_topic":")" + name +
                            R"(","expire_after":60,"device":{"identifiers":"x"}})");
    hub.settle();
    hub.broker.send("a", "1");
    hub.broker.send("b", "1");
    EXPECT_EQ(hub.value("untyped.a"), Value("1"));
    EXPECT_EQ(hub.value("untyped.b"), Value());
    EXPECT_EQ(hub.refusals.list().back().code, Code::limit);
    EXPECT_THAT(hub.last_refusal(), HasSubstr("1 values wait for their time already"));
}

} // namespace
} // namespace hearth::mqtt_discovery
