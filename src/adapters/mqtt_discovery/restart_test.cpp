#include "adapters/mqtt_discovery/test_discovery.h"

/// Devices that go and come back, forms that change, and the hub's own restart.
namespace hearth::mqtt_discovery {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::SmallBroker;
using testing::TestHome;

constexpr std::string_view relay = R"({
    "command_topic":"c","state_topic":"s","unique_id":"r","name":"Relay",
    "device":{"identifiers":"plug","name":"Plug"}})";
constexpr std::string_view both = R"({
    "device":{"identifiers":"plug","name":"Plug"},"state_topic":"s","components":{
      "relay":{"platform":"switch","command_topic":"c","value_template":"{{ value_json.on }}"},
      "power":{"platform":"sensor","device_class":"power","unit_of_measurement":"W",
               "value_template":"{{ value_json.w }}"}}})";

struct Removal : testing::DiscoveryTest {};
struct ManyInOne : testing::DiscoveryTest {};

TEST_F(Removal, takes_the_topics_with_it_and_gives_them_up) {
    announce("switch/plug", relay);
    hub.settle();
    EXPECT_EQ(hub.adapter.counts().topics, 1u);
    announce("switch/plug", "");
    hub.settle();
    EXPECT_THAT(hub.home.devices(), IsEmpty());
    EXPECT_EQ(hub.adapter.counts().topics, 0u);
    EXPECT_EQ(hub.adapter.counts().components, 0u);
    EXPECT_EQ(hub.broker.subscriptions(), 2u) << "only discovery itself";
}

TEST_F(Removal, of_what_was_never_announced_is_nothing) {
    announce("switch/plug", "");
    hub.settle();
    EXPECT_EQ(hub.refusals.total(), 0u);
    EXPECT_THAT(hub.home.devices(), IsEmpty());
}

TEST_F(Removal, within_one_burst_is_no_removal) {
    announce("switch/plug", relay);
    hub.settle();
    const auto before = hub.home.last_event();
    announce("switch/plug", "");
    announce("switch/plug", relay);
    hub.settle();
    EXPECT_EQ(hub.home.last_event(), before) << "the home hears nothing of it";
    tell("s", "ON");
    EXPECT_EQ(hub.value("on_off.on"), Value(true));
}

TEST_F(Removal, a_device_that_comes_back_has_its_id_and_the_name_a_person_gave_it) {
    announce("switch/plug", relay);
    hub.settle();
    const home::DeviceId id = hub.only()->id;
    ASSERT_TRUE(hub.home.edit(home::Cause::of_person("anna"), id, {.name = "Coffee"}).has_value());
    announce("switch/plug", "");
    hub.settle();
    announce("switch/plug", relay);
    hub.settle();
    ASSERT_NE(hub.only(), nullptr);
    EXPECT_EQ(hub.only()->id, id);
    EXPECT_EQ(hub.only()->name(), "Coffee");
}

TEST_F(Removal, a_command_to_a_device_that_is_gone_is_refused) {
    announce("switch/plug", relay);
    hub.settle();
    announce("switch/plug", "");
    EXPECT_THAT(hub.ask({{"on_off.on", true}}), ElementsAre());
    EXPECT_THAT(hub.settlement(), HasSubstr("refused: on_off.on can not be set any more"));
}

TEST_F(ManyInOne, sends_a_command_again_under_the_numbers_by_which_the_broker_knows_it) {
    announce("device/plug", both);
    hub.settle();
    EXPECT_THAT(hub.ask({{"on_off.on", true}}), ElementsAre("c ON"));
    const home::Command command = hub.home.open_commands().begin()->second.command;
    const std::uint64_t number = hub.broker.published.back().number;
    EXPECT_NE(number, 0u);
    hub.adapter.send(*hub.only(), command); // as after a restart
    EXPECT_EQ(hub.broker.published.back().number, number);
    hub.ask({{"on_off.on", false}});
    EXPECT_NE(hub.broker.published.back().number, number);
}

// --- The device form ---------------------------------------------------------------------------

TEST_F(ManyInOne, is_one_device_of_all_its_components) {
    announce("device/plug", both);
    hub.settle();
    tell("s", R"({"on":"ON","w":5})");
    EXPECT_EQ(to_json(hub.twin()), R"({"on_off":{"on":true},"power":{"watts":5}})");
    EXPECT_THAT(hub.ask({{"on_off.on", false}}), ElementsAre("c OFF"));
    EXPECT_EQ(hub.only()->type, "plug");
}

TEST_F(ManyInOne, what_it_no_longer_names_or_names_with_its_platform_alone_is_gone) {
    for (const std::string_view power : {R"(,"power":{"platform":"sensor"})", ""}) {
        announce("device/plug", both);
        hub.settle();
        EXPECT_NE(hub.attribute("power.watts"), nullptr);
        announce("device/plug", R"({"device":{"identifiers":"plug"},"components":{
            "relay":{"platform":"switch","command_topic":"c"})" +
                                    std::string(power) + "}}");
        hub.settle();
        EXPECT_EQ(hub.attribute("power.watts"), nullptr);
        EXPECT_NE(hub.attribute("on_off.on"), nullptr);
    }
}

TEST_F(ManyInOne, one_component_that_makes_no_sense_does_not_spoil_the_others) {
    announce("device/plug", R"({"device":{"identifiers":"plug"},"components":{
        "relay":{"platform":"switch","command_topic":"c"},
        "bad":{"platform":"sensor","name":"no topic"}}})");
    hub.settle();
    EXPECT_EQ(hub.last_refusal(), "bad: state_topic is missing");
    EXPECT_NE(hub.attribute("on_off.on"), nullptr);
}

TEST_F(ManyInOne, replaces_the_single_form_that_asked_to_migrate) {
    announce("switch/plug", relay);
    hub.settle();
    const home::DeviceId id = hub.only()->id;
    const std::string successor = R"({"device":{"identifiers":"plug"},"components":{
        "relay":{"platform":"switch","command_topic":"new","unique_id":"r"}}})";
    announce("device/plug", successor);
    EXPECT_THAT(hub.last_refusal(), HasSubstr("its unique_id r is that of"));
    announce("switch/plug", R"({"migrate_discovery":true})");
    announce("device/plug", successor);
    announce("switch/plug", "");
    hub.settle();
    ASSERT_NE(hub.only(), nullptr);
    EXPECT_EQ(hub.only()->id, id);
    EXPECT_THAT(hub.ask({{"on_off.on", true}}), ElementsAre("new ON"));
}

// --- Birth and restart -------------------------------------------------------------------------

TEST(Birth, is_published_where_it_is_wanted_after_what_is_retained_was_read) {
    Options options;
    options.status_topic = "home/hearth";
    TestHome hub(options);
    hub.broker.retained["homeassistant/switch/plug/config"] = {std::string(relay)};
    hub.start();
    ASSERT_EQ(hub.broker.published.size(), 1u);
    EXPECT_EQ(hub.broker.published[0].topic, "home/hearth");
    EXPECT_EQ(hub.broker.published[0].payload, "online");
    EXPECT_EQ(hub.home.devices().size(), 1u) << "retained announcements need no birth";
}

TEST(Birth, is_not_published_where_no_topic_is_given) {
    Options options;
    options.status_topic = "";
    TestHome hub(options);
    hub.start();
    hub.adapter.stop();
    EXPECT_THAT(hub.broker.published, IsEmpty());
}

TEST(Birth, under_a_prefix_that_is_no_topic_does_not_happen) {
    Options options;
    options.prefix = "home/#";
    TestHome hub(options);
    EXPECT_FALSE(hub.adapter.start(hub.port).has_value());
}

/// The same home, a new adapter, as after a restart of the hub.
struct Restart : ::testing::Test {
    TestHome hub;
    SmallBroker after;
    std::unique_ptr<Adapter> next;
    void SetUp() override { hub.start(); }
    void restart() {
        hub.adapter.stop();
        hub.journal.commit();
        after.retained = hub.broker.retained;
        after.authorizer.all = hub.broker.authorizer.all;
        next = std::make_unique<Adapter>(after);
        ASSERT_TRUE(next->start(hub.port).has_value());
    }
    void TearDown() override {
        if (next) next->stop();
    }
};

TEST_F(Restart, an_announcement_that_is_not_retained_is_kept_in_a_note) {
    hub.broker.send("homeassistant/switch/plug/config", relay);
    hub.settle();
    EXPECT_EQ(hub.noted_announcements().size(), 1u);
    restart();
    EXPECT_EQ(next->counts().devices, 1u);
    after.send("s", "ON");
    EXPECT_EQ(hub.value("on_off.on"), Value(true));
}

TEST_F(Restart, of_an_announcement_that_is_retained_only_whose_it_is_is_noted) {
    hub.broker.send("homeassistant/switch/plug/config", relay, true);
    hub.settle();
    ASSERT_EQ(hub.noted_announcements().size(), 1u);
    EXPECT_LT(hub.noted_announcements().begin()->second.size(), 10u);
    restart();
    EXPECT_EQ(next->counts().devices, 1u);
}

TEST_F(Restart, a_note_goes_with_its_component) {
    hub.broker.send("homeassistant/switch/plug/config", relay);
    hub.settle();
    hub.broker.send("homeassistant/switch/plug/config", "");
    EXPECT_EQ(hub.noted_announcements().size(), 0u);
    hub.settle();
    EXPECT_EQ(hub.noted_owner("plug"), "device");
}

TEST_F(Restart, what_was_refused_is_not_kept) {
    hub.broker.send("homeassistant/switch/plug/config", R"({"state_topic":"s"})");
    hub.settle();
    EXPECT_EQ(hub.noted_announcements().size(), 0u);
}

TEST_F(Restart, nothing_is_announced_anew_and_the_device_keeps_its_id_and_types) {
    hub.broker.send("homeassistant/sensor/x/config",
                    R"({"state_topic":"s","value_template":"{{ value_json.n }}",
                        "device":{"identifiers":"plug"}})");
    hub.settle();
    hub.broker.send("s", R"({"n":5})");
    const home::DeviceId id = hub.only()->id;
    const auto before = hub.home.last_event();
    restart();
    EXPECT_EQ(hub.home.last_event(), before);
    EXPECT_EQ(hub.only()->id, id);
    after.send("s", R"({"n":6})");
    EXPECT_EQ(hub.home.last_event(), before + 1) << "only the new value";
    EXPECT_EQ(hub.value("untyped.n"), Value(6));
}

} // namespace
} // namespace hearth::mqtt_discovery
