#include "adapters/mqtt_discovery/test_discovery.h"

/// Covers and locks.
namespace hearth::mqtt_discovery {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

struct Cover : testing::DiscoveryTest {};
struct Lock : testing::DiscoveryTest {};

TEST_F(Cover, tells_its_motion_and_its_position) {
    add("cover", R"({"name":null,"state_topic":"s","command_topic":"c","position_topic":"p",
                     "set_position_topic":"sp"})");
    tell("s", "opening");
    tell("p", "30");
    EXPECT_EQ(to_json(hub.twin()), R"({"cover":{"motion":"opening","position":30}})");
    tell("s", "open");
    EXPECT_EQ(hub.value("cover.motion"), Value("stopped"));
    EXPECT_EQ(hub.value("cover.position"), Value(30)) << "the position knows better than the word";
    EXPECT_EQ(hub.only()->type, "cover");
}

TEST_F(Cover, that_lets_somebody_in_is_more_than_a_curtain) {
    add("cover", R"({"command_topic":"c","device_class":"garage"})");
    EXPECT_EQ(hub.only()->type, "garage_door");
}

TEST_F(Cover, without_a_position_its_two_ends_are_0_and_100) {
    add("cover", R"({"state_topic":"s","command_topic":"c"})");
    tell("s", "open");
    EXPECT_EQ(hub.value("cover.position"), Value(100));
    tell("s", "closed");
    EXPECT_EQ(hub.value("cover.position"), Value(0));
    EXPECT_THAT(hub.ask({{"cover.position", 100}}), ElementsAre("c OPEN"));
    EXPECT_THAT(hub.ask({{"cover.position", 0}}), ElementsAre("c CLOSE"));
    hub.ask({{"cover.position", 50}});
    EXPECT_EQ(hub.settlement(), "refused: this cover opens (100) and closes (0), nothing between");
}

TEST_F(Cover, motion_is_commanded_in_its_payloads) {
    add("cover", R"({"command_topic":"c","payload_open":"up","payload_close":"down",
                     "payload_stop":null,"position_topic":"p"})");
    EXPECT_THAT(hub.ask({{"cover.motion", "opening"}}), ElementsAre("c up"));
    EXPECT_EQ(hub.settlement(), "assumed");
    EXPECT_THAT(hub.ask({{"cover.motion", "closing"}}), ElementsAre("c down"));
    hub.ask({{"cover.motion", "stopped"}});
    EXPECT_EQ(hub.settlement(), "refused: this cover has no command for \"stopped\"");
}

TEST_F(Cover, a_range_that_runs_backwards_is_turned_round) {
    add("cover", R"({"position_topic":"p","set_position_topic":"sp","position_open":0,
                     "position_closed":100})");
    tell("p", "100");
    EXPECT_EQ(hub.value("cover.position"), Value(0));
    EXPECT_THAT(hub.ask({{"cover.position", 25}}), ElementsAre("sp 75"));
    tell("p", "75");
    EXPECT_EQ(hub.settlement(), "confirmed");
}

TEST_F(Cover, positions_are_written_by_its_template) {
    add("cover", R"({"position_topic":"p","position_template":"{{ value_json.position }}",
                     "set_position_topic":"sp",
                     "set_position_template":"{ \"position\": {{ position }} }"})");
    tell("p", R"({"position":40})");
    EXPECT_EQ(hub.value("cover.position"), Value(40));
    EXPECT_THAT(hub.ask({{"cover.position", 75}}), ElementsAre(R"(sp { "position": 75 })"));
}

TEST_F(Cover, tilts_in_percent_of_its_own_range) {
    add("cover", R"({"command_topic":"c","tilt_command_topic":"tc","tilt_status_topic":"ts",
                     "tilt_min":0,"tilt_max":90})");
    tell("ts", "45");
    EXPECT_EQ(hub.value("cover.tilt"), Value(50));
    EXPECT_THAT(hub.ask({{"cover.tilt", 100}}), ElementsAre("tc 90"));
}

TEST_F(Cover, words_of_its_own_are_read_and_others_refused) {
    add("cover", R"({"state_topic":"s","command_topic":"c","state_opening":"UP",
                     "state_closing":"DOWN","state_stopped":"STOP"})");
    tell("s", "UP");
    EXPECT_EQ(hub.value("cover.motion"), Value("opening"));
    tell("s", "sideways");
    EXPECT_THAT(hub.last_refusal(), HasSubstr("\"sideways\" is none of:"));
}

TEST_F(Cover, needs_a_topic_and_a_range) {
    EXPECT_EQ(refusal_of("cover", "{}"), "command_topic or state_topic is missing");
    EXPECT_EQ(refusal_of("cover", R"({"command_topic":"c","position_open":5,"position_closed":5})"),
              "position_open equals position_closed");
}

TEST_F(Lock, locks_and_unlocks_in_its_words) {
    add("lock", R"({"name":null,"state_topic":"s","command_topic":"c",
                    "value_template":"{{ value_json.state }}","state_locked":"LOCK",
                    "state_unlocked":"UNLOCK"})");
    tell("s", R"({"state":"LOCK"})");
    EXPECT_EQ(hub.value("lock.state"), Value("locked"));
    EXPECT_THAT(hub.ask({{"lock.state", "unlocked"}}), ElementsAre("c UNLOCK"));
    tell("s", R"({"state":"UNLOCK"})");
    EXPECT_EQ(hub.settlement(), "confirmed");
    EXPECT_EQ(hub.only()->type, "lock");
}

TEST_F(Lock, on_its_way_or_jammed_says_so_and_does_not_confirm) {
    add("lock", R"({"state_topic":"s","command_topic":"c"})");
    hub.ask({{"lock.state", "locked"}});
    tell("s", "LOCKING");
    EXPECT_EQ(hub.value("lock.state"), Value("locking"));
    EXPECT_EQ(hub.settlement(), "");
    tell("s", "JAMMED");
    EXPECT_EQ(hub.value("lock.state"), Value("jammed"));
    EXPECT_EQ(hub.settlement(), "");
    tell("s", "LOCKED");
    EXPECT_EQ(hub.settlement(), "confirmed");
}

TEST_F(Lock, opens_its_latch_only_where_it_can) {
    add("lock", R"({"state_topic":"s","command_topic":"c"})");
    hub.ask({{"lock.state", "open"}});
    EXPECT_EQ(hub.settlement(), "refused: this lock can not be asked to be open");
    add("lock", R"({"state_topic":"s","command_topic":"c","payload_open":"UNLATCH"})");
    EXPECT_THAT(hub.ask({{"lock.state", "open"}}), ElementsAre("c UNLATCH"));
}

TEST_F(Lock, a_word_that_it_does_not_know_changes_nothing) {
    add("lock", R"({"state_topic":"s","command_topic":"c"})");
    tell("s", "LOCKED");
    tell("s", "not_fully_locked");
    EXPECT_EQ(hub.value("lock.state"), Value("locked"));
    EXPECT_THAT(hub.last_refusal(), HasSubstr("\"not_fully_locked\" is none of: LOCKED"));
    EXPECT_EQ(refusal_of("lock", R"({"state_topic":"s"})"), "command_topic is missing");
}

} // namespace
} // namespace hearth::mqtt_discovery
