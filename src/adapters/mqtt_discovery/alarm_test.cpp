#include "adapters/mqtt_discovery/test_discovery.h"

namespace hearth::mqtt_discovery {
namespace {

using ::testing::ElementsAre;

struct Alarm : testing::DiscoveryTest {
    void panel(const std::string& more) {
        add("alarm_control_panel", R"({"name":null,"state_topic":"s","command_topic":"c")" +
                                       (more.empty() ? "" : "," + more) + "}");
    }
    std::vector<std::string> to(const std::string& state) {
        return hub.ask({{"untyped.alarm_state", Value(state)}});
    }
};

constexpr auto with_template =
    R"("command_template":"{\"do\":\"{{ action }}\",\"pin\":\"{{ code }}\"}","payload_arm_away":"AWAY")";

TEST_F(Alarm, is_told_by_its_own_words_and_confirms_by_its_state) {
    panel(R"("payload_arm_away":"AWAY")");
    EXPECT_THAT(to("armed_away"), ElementsAre("c AWAY"));
    tell("s", "arming");
    tell("s", "armed_away");
    EXPECT_EQ(hub.settlement(), "confirmed");
    EXPECT_THAT(to("disarmed"), ElementsAre("c DISARM"));
    EXPECT_THAT(to("triggered"), ElementsAre("c TRIGGER"));
    to("pending");
    EXPECT_EQ(hub.settlement(), "refused: it can not be asked to be \"pending\"");
}

TEST_F(Alarm, hands_action_and_an_empty_code_to_the_template_where_none_is_wanted) {
    panel(with_template);
    EXPECT_THAT(to("armed_away"), ElementsAre(R"(c {"do":"AWAY","pin":""})"));
    EXPECT_THAT(to("disarmed"), ElementsAre(R"(c {"do":"DISARM","pin":""})"));
}

TEST_F(Alarm, that_wants_a_code_refuses_the_command_and_is_sent_nothing) {
    for (const std::string code : {"REMOTE_CODE", "REMOTE_CODE_TEXT", "1234"}) {
        panel(std::string(with_template) + R"(,"code":")" + code + "\"");
        for (const std::string state : {"armed_away", "armed_home", "disarmed", "triggered"})
            EXPECT_THAT(to(state), ElementsAre()) << code << " " << state;
    }
    EXPECT_EQ(hub.settlement(), "refused: it wants a code to be triggered (code_trigger_required), "
                                "which hearth cannot give");
}

TEST_F(Alarm, wants_it_only_for_what_it_says) {
    panel(std::string(with_template) + R"(,"code":"REMOTE_CODE_TEXT","code_arm_required":false)");
    EXPECT_THAT(to("armed_away"), ElementsAre(R"(c {"do":"AWAY","pin":""})"));
    EXPECT_THAT(to("disarmed"), ElementsAre());
    EXPECT_EQ(hub.settlement(), "refused: it wants a code to be disarmed (code_disarm_required), "
                                "which hearth cannot give");
    panel(R"("code":"1234","code_disarm_required":false,"code_trigger_required":false)");
    EXPECT_THAT(to("disarmed"), ElementsAre("c DISARM"));
    EXPECT_THAT(to("triggered"), ElementsAre("c TRIGGER"));
    EXPECT_THAT(to("armed_night"), ElementsAre());
}

} // namespace
} // namespace hearth::mqtt_discovery
