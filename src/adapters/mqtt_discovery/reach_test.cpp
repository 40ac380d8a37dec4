#include "adapters/mqtt_discovery/test_owners.h"

#include <gmock/gmock.h>

/// Nobody reaches another's device: what an announcement may name.
namespace hearth::mqtt_discovery {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::Owners;

struct Reach : Owners {
    std::string refusal_of(std::string_view platform, std::string_view options) {
        const auto before = hub.refusals.total();
        const bool taken = announce("evil", std::string(platform) + "/nice",
                                    "{\"name\":\"Nice\",\"device\":{\"identifiers\":[\"nice\"]}," +
                                        std::string(options) + "}");
        hub.settle();
        EXPECT_EQ(hub.home.devices().size(), taken ? 2u : 1u);
        if (hub.refusals.total() == before) return taken ? "" : "refused without a word";
        return taken ? "taken: " + hub.last_refusal() : hub.last_refusal();
    }
};

TEST_F(Reach, a_command_goes_nowhere_where_its_owner_may_not_listen) {
    EXPECT_THAT(refusal_of("switch", R"("command_topic":"lock1/set","payload_on":"UNLOCK")"),
                AllOf(HasSubstr("command_topic lock1/set"), HasSubstr("credential evil"),
                      HasSubstr("hearth credential add evil --topic lock1/set")));
    for (const std::string option :
         {"brightness_command_topic", "rgb_command_topic", "effect_command_topic"})
        EXPECT_THAT(
            refusal_of("light", R"("command_topic":"evil/set",")" + option + R"(":"lock1/set")"),
            HasSubstr(option + " lock1/set"));
    EXPECT_THAT(
        refusal_of("cover", R"("set_position_topic":"lock1/set","position_topic":"evil/p")"),
        HasSubstr("set_position_topic lock1/set"));
    EXPECT_THAT(
        refusal_of("vacuum", R"("command_topic":"evil/c","send_command_topic":"lock1/set")"),
        HasSubstr("send_command_topic lock1/set"));
    EXPECT_THAT(refusal_of("switch", R"("command_topic":"$SYS/x")"), HasSubstr("begin with $"));
    expect_untouched();
}

TEST_F(Reach, no_command_is_an_announcement_or_hearths_own_word) {
    hub.broker.authorizer.add("evil", {"#"});
    EXPECT_THAT(refusal_of("switch", R"("command_topic":"homeassistant/switch/evil9/config")"),
                HasSubstr("an announcement is no command"));
    EXPECT_THAT(refusal_of("switch", R"("command_topic":"homeassistant/switch/a/b/config")"),
                HasSubstr("an announcement is no command"));
    EXPECT_THAT(refusal_of("switch", R"("command_topic":"homeassistant/status")"),
                HasSubstr("only hearth says that it is there"));
}

TEST_F(Reach, nothing_is_read_where_its_owner_may_not_speak) {
    for (const std::string topic : {"lock1/state", "lock1/+", "#", "+/state", "lock1/#"})
        EXPECT_THAT(refusal_of("sensor", R"("state_topic":")" + topic + "\""),
                    HasSubstr("state_topic " + topic));
    EXPECT_THAT(refusal_of("sensor", R"("state_topic":"homeassistant/lock/lock1/config")"),
                HasSubstr("announcements are no device's state"));
    EXPECT_THAT(refusal_of("sensor", R"("state_topic":"evil/s","availability_topic":"lock1/s")"),
                HasSubstr("availability_topic lock1/s"));
    EXPECT_THAT(
        refusal_of("sensor", R"("state_topic":"evil/s","availability":[{"topic":"lock1/s"}])"),
        HasSubstr("lock1/s"));
    EXPECT_THAT(refusal_of("sensor", R"("state_topic":"evil/s","json_attributes_topic":"lock1/s")"),
                HasSubstr("json_attributes_topic lock1/s"));
    EXPECT_THAT(refusal_of("device_automation", R"("automation_type":"trigger","type":"a",
        "subtype":"b","topic":"lock1/s")"),
                HasSubstr("topic lock1/s"));
    expect_untouched();
}

TEST_F(Reach, wildcards_within_what_is_its_own_are_read) {
    EXPECT_EQ(refusal_of("sensor", R"("state_topic":"evil/+/t")"), "");
    hub.broker.authorizer.add("evil", {"#"});
    EXPECT_EQ(refusal_of("sensor", R"("state_topic":"lock1/state")"), "") << "a person said so";
}

TEST_F(Reach, rights_taken_away_end_what_needs_them_at_once) {
    hub.broker.authorizer.add("evil", {"shed/#"});
    EXPECT_TRUE(announce("evil", "device/nice", R"({"device":{"identifiers":["nice"]},
        "components":{"a":{"platform":"sensor","state_topic":"shed/t","object_id":"a"},
                      "b":{"platform":"sensor","state_topic":"evil/t","object_id":"b"}}})"));
    EXPECT_TRUE(announce("evil", "switch/shed", R"({"command_topic":"shed/set",
        "device":{"identifiers":["shed"]}})"));
    hub.settle();
    EXPECT_EQ(hub.home.devices().size(), 3u);
    hub.broker.authorizer.add("evil");
    hub.adapter.rights_changed("evil");
    ASSERT_EQ(hub.home.devices().size(), 2u);
    for (const home::Device* device : hub.home.devices())
        if (device != hub.home.find_external("mqtt_discovery", "lock1dev"))
            EXPECT_EQ(device->attributes.size(), 1u);
    EXPECT_THAT(hub.last_refusal(), HasSubstr("shed/"));
}

TEST_F(Reach, a_command_asks_for_its_owners_rights_when_it_is_sent) {
    hub.broker.authorizer.all["lock1"].subscribe.clear();
    EXPECT_THAT(hub.ask({{"lock.state", "locked"}}), IsEmpty());
    EXPECT_THAT(hub.settlement(), HasSubstr("refused: command topic lock1/set"));
}

TEST_F(Reach, a_command_that_waits_is_refused_once_its_owner_may_not_listen_any_more) {
    hub.broker.takers = 0;
    hub.ask({{"lock.state", "locked"}});
    EXPECT_EQ(hub.adapter.counts().pending_commands, 1u);
    hub.broker.authorizer.all["lock1"].subscribe.clear();
    hub.broker.published.clear();
    hub.pass(1 * seconds);
    EXPECT_THAT(hub.broker.published, IsEmpty());
    EXPECT_THAT(hub.settlement(), HasSubstr("refused: command topic lock1/set"));
}

TEST_F(Reach, what_is_retained_by_who_may_no_longer_speak_there_is_not_believed) {
    hub.broker.retained["lock1/state"] = {"UNLOCKED", "evil"};
    restart();
    EXPECT_EQ(hub.value("lock.state"), Value());
    EXPECT_THAT(hub.last_refusal(), HasSubstr("not believed"));
}

} // namespace
} // namespace hearth::mqtt_discovery
