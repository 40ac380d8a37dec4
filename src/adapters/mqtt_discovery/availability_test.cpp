#include "adapters/mqtt_discovery/test_discovery.h"

namespace hearth::mqtt_discovery {
namespace {

using ::testing::HasSubstr;

struct Availability : testing::DiscoveryTest {
    bool online() const { return hub.only() != nullptr && hub.only()->online; }
    void two_topics(const std::string& mode) {
        add("switch", R"({"command_topic":"c","availability_mode":")" + mode +
                          R"(","availability":[{"topic":"bridge"},{"topic":"device"}]})");
    }
};

TEST_F(Availability, a_device_that_never_says_is_thought_to_be_there) {
    add("switch", R"({"command_topic":"c"})");
    EXPECT_TRUE(online());
    two_topics("all");
    EXPECT_TRUE(online()) << "nothing was said yet";
}

TEST_F(Availability, one_topic_says_online_and_offline) {
    add("switch", R"({"command_topic":"c","availability_topic":"a"})");
    tell("a", "offline");
    EXPECT_FALSE(online());
    tell("a", "online");
    EXPECT_TRUE(online());
    tell("a", "perhaps");
    EXPECT_TRUE(online()) << "a word that it does not know changes nothing";
}

TEST_F(Availability, what_is_retained_counts) {
    hub.broker.send("a", "offline", true);
    add("switch", R"({"command_topic":"c","availability_topic":"a"})");
    EXPECT_FALSE(online());
}

TEST_F(Availability, in_words_and_through_templates_of_its_own) {
    add("switch", R"({"command_topic":"c","availability_topic":"LWT",
                      "availability_template":"{{ value_json.link }}",
                      "payload_available":"up","payload_not_available":"down"})");
    tell("LWT", R"({"link":"down"})");
    EXPECT_FALSE(online());
    tell("LWT", R"({"link":"up"})");
    EXPECT_TRUE(online());
}

TEST_F(Availability, a_bridge_may_say_it_in_json_or_as_it_once_did_in_plain_words) {
    add("switch", R"({"command_topic":"c","availability":[
                      {"topic":"bridge","value_template":"{{ value_json.state }}"}]})");
    tell("bridge", R"({"state":"offline"})");
    EXPECT_FALSE(online());
    tell("bridge", "online");
    EXPECT_TRUE(online());
}

TEST_F(Availability, mode_all_needs_all_that_have_spoken) {
    two_topics("all");
    tell("bridge", "online");
    EXPECT_TRUE(online());
    tell("device", "offline");
    EXPECT_FALSE(online());
    tell("device", "online");
    EXPECT_TRUE(online());
    tell("bridge", "offline");
    EXPECT_FALSE(online());
}

TEST_F(Availability, mode_any_needs_one) {
    two_topics("any");
    tell("bridge", "offline");
    EXPECT_FALSE(online());
    tell("device", "online");
    EXPECT_TRUE(online());
}

TEST_F(Availability, mode_latest_follows_whoever_spoke_last) {
    two_topics("latest");
    tell("bridge", "online");
    tell("device", "offline");
    EXPECT_FALSE(online());
    tell("bridge", "online");
    EXPECT_TRUE(online());
}

TEST_F(Availability, a_device_is_there_while_one_of_its_components_is) {
    add("switch", "a", R"({"command_topic":"c","availability_topic":"first"})");
    add("sensor", "b", R"({"state_topic":"s","availability_topic":"second"})");
    tell("first", "offline");
    tell("second", "online");
    EXPECT_TRUE(online());
    tell("second", "offline");
    EXPECT_FALSE(online());
}

TEST_F(Availability, of_a_component_that_goes_counts_no_more) {
    add("switch", "a", R"({"command_topic":"c","availability_topic":"first"})");
    add("sensor", "b", R"({"state_topic":"s","availability_topic":"second"})");
    tell("first", "offline");
    tell("second", "online");
    announce("sensor/thing/b", "");
    hub.settle();
    EXPECT_FALSE(online());
    EXPECT_EQ(hub.adapter.counts().topics, 1u);
}

TEST_F(Availability, survives_that_the_device_is_announced_again) {
    add("switch", R"({"command_topic":"c","availability_topic":"a"})");
    tell("a", "offline");
    add("switch", R"({"command_topic":"other","availability_topic":"a"})");
    EXPECT_FALSE(online());
}

TEST_F(Availability, options_that_make_no_sense_are_refused) {
    EXPECT_EQ(refusal_of("switch", R"({"command_topic":"c","availability_mode":"most"})"),
              "availability_mode must be all, any or latest, not most");
    EXPECT_EQ(refusal_of("switch", R"({"command_topic":"c","availability":["a"]})"),
              "availability must be a list of maps");
    EXPECT_EQ(refusal_of("switch", R"({"command_topic":"c","availability":[{}]})"),
              "availability.topic is missing");
    std::string many;
    for (int i = 0; i < 21; ++i)
        many += std::string(i == 0 ? "" : ",") + R"({"topic":"t"})";
    EXPECT_EQ(refusal_of("switch", R"({"command_topic":"c","availability":[)" + many + "]}"),
              "availability has more than 20 topics");
    EXPECT_THAT(refusal_of("switch", R"({"command_topic":"c","availability_topic":"a",
                                         "availability_template":"{{ x"})"),
                HasSubstr("availability_template: "));
}

} // namespace
} // namespace hearth::mqtt_discovery
