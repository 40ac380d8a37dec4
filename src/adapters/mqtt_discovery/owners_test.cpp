#include "adapters/mqtt_discovery/notes.h"
#include "adapters/mqtt_discovery/test_owners.h"

#include <gmock/gmock.h>

/// Nobody reaches another's device: whose an announcement is.
namespace hearth::mqtt_discovery {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::hijack;
using ::testing::IsEmpty;
using testing::lock;
using testing::Owners;

TEST_F(Owners, whose_a_device_is_stands_in_its_sources) {
    EXPECT_EQ(owner_of(*hub.only(), hub.adapter), "lock1");
}

TEST_F(Owners, nobody_else_announces_on_the_same_topic) {
    EXPECT_FALSE(announce("evil", "lock/lock1", hijack)) << "nor is it retained";
    EXPECT_THAT(hub.last_refusal(), AllOf(HasSubstr("credential lock1"),
                                          HasSubstr("credential evil"), HasSubstr("hearth hand")));
    EXPECT_FALSE(announce("evil", "lock/lock1", "no json", false));
    EXPECT_FALSE(announce("evil", "lock/lock1", std::string(300'000, 'x')));
    expect_untouched();
}

TEST_F(Owners, nobody_else_removes_it) {
    EXPECT_FALSE(announce("evil", "lock/lock1", ""));
    EXPECT_FALSE(announce("evil", "lock/lock1", "", false));
    expect_untouched();
}

TEST_F(Owners, nobody_else_lets_it_migrate) {
    EXPECT_FALSE(announce("evil", "lock/lock1", R"({"migrate_discovery":true})"));
    const std::string successor = R"({"unique_id":"lock1_u","state_topic":"evil/state",
        "command_topic":"evil/set","device":{"identifiers":["evildev"]}})";
    EXPECT_FALSE(announce("evil", "lock/evil", successor));
    // Though its owner is about to do so.
    EXPECT_TRUE(announce("lock1", "lock/lock1", R"({"migrate_discovery":true})"));
    EXPECT_FALSE(announce("evil", "lock/evil", successor));
    EXPECT_THAT(hub.last_refusal(), AllOf(HasSubstr("unique_id lock1_u"), HasSubstr("lock1"),
                                          HasSubstr("credential evil")));
    EXPECT_TRUE(announce("lock1", "lock/lock1", lock));
    expect_untouched();
}

TEST_F(Owners, nobody_else_joins_the_device_by_identifier_or_connection) {
    EXPECT_FALSE(announce("evil", "lock/aaa", hijack));
    EXPECT_THAT(hub.last_refusal(), AllOf(HasSubstr("lock1dev"), HasSubstr("credential lock1"),
                                          HasSubstr("credential evil")));
    EXPECT_FALSE(announce("evil", "sensor/aaa", R"({"state_topic":"evil/t",
        "device":{"identifiers":["mine"],"connections":[["mac","02:AA"]],"name":"Hacked"}})"));
    EXPECT_FALSE(announce("evil", "device/aaa", R"({"device":{"identifiers":["lock1dev"]},
        "components":{"a":{"platform":"sensor","state_topic":"evil/t"}}})"));
    expect_untouched();
}

TEST_F(Owners, nobody_joins_a_device_that_named_itself_after_another_entity) {
    EXPECT_TRUE(announce("lock1", "switch/lonely",
                         R"({"command_topic":"lock1/x","unique_id":"lonely","name":"Lonely"})"));
    EXPECT_FALSE(announce("evil", "switch/evil", R"({"command_topic":"evil/x",
        "device":{"identifiers":["entity:lonely"]}})"));
}

TEST_F(Owners, a_component_with_anothers_unique_id_is_refused_and_those_beside_it_count) {
    EXPECT_TRUE(announce("evil", "device/mine", R"({"device":{"identifiers":["mine"]},
        "components":{
          "a":{"platform":"lock","unique_id":"lock1_u","command_topic":"evil/set"},
          "b":{"platform":"sensor","unique_id":"b","state_topic":"evil/t"}}})"));
    EXPECT_THAT(hub.last_refusal(), HasSubstr("a: its unique_id lock1_u"));
    hub.settle();
    EXPECT_EQ(hub.home.devices().size(), 2u);
}

TEST_F(Owners, a_device_that_has_left_stays_its_credentials) {
    EXPECT_TRUE(announce("lock1", "lock/lock1", ""));
    hub.settle();
    EXPECT_THAT(hub.home.devices(), IsEmpty());
    EXPECT_FALSE(announce("evil", "lock/aaa", hijack));
    restart();
    EXPECT_FALSE(after.send_as("evil", "homeassistant/lock/aaa/config", hijack, {}));
    EXPECT_TRUE(after.send_as("lock1", "homeassistant/lock/lock1/config", lock, {}));
    hub.clock.turn(60 * milliseconds);
    next->tick();
    EXPECT_EQ(hub.home.devices().size(), 1u);
    EXPECT_EQ(hub.noted_owner("lock1dev"), "lock1");
}

TEST_F(Owners, the_same_credential_replaces_moves_and_removes_what_is_its_own) {
    const home::DeviceId id = hub.only()->id;
    EXPECT_TRUE(announce("lock1", "lock/lock1", R"({"migrate_discovery":true})"));
    EXPECT_TRUE(announce("lock1", "device/lock1", R"({"device":{"identifiers":["lock1dev"],
        "name":"Front door lock"},"components":{"l":{"platform":"lock","unique_id":"lock1_u",
        "state_topic":"lock1/s2","command_topic":"lock1/set2"}}})"));
    EXPECT_TRUE(announce("lock1", "lock/lock1", ""));
    hub.settle();
    ASSERT_NE(hub.only(), nullptr);
    EXPECT_EQ(hub.only()->id, id);
    EXPECT_THAT(hub.ask({{"lock.state", "locked"}}), ElementsAre("lock1/set2 LOCK"));
    EXPECT_EQ(hub.noted_announcements().size(), 1u);
    EXPECT_TRUE(announce("lock1", "device/lock1", ""));
    hub.settle();
    EXPECT_THAT(hub.home.devices(), IsEmpty());
}

// --- Clients without a name --------------------------------------------------------------------

TEST_F(Owners, clients_without_a_name_are_one_owner_and_take_nothing_of_a_credential) {
    hub.broker.authorizer.all[""] = broker::rights_of_anonymous();
    EXPECT_FALSE(announce("", "lock/lock1", hijack));
    EXPECT_FALSE(announce("", "lock/lock1", ""));
    EXPECT_FALSE(announce("", "lock/aaa", hijack));
    EXPECT_TRUE(announce("", "switch/free", R"({"command_topic":"free/set","name":"Free",
        "unique_id":"f","device":{"identifiers":["free"]}})"));
    EXPECT_FALSE(announce("evil", "switch/free", "")) << "nor a credential of theirs";
    EXPECT_FALSE(announce("evil", "switch/evil", R"({"command_topic":"evil/set",
        "device":{"identifiers":["free"]}})"));
    EXPECT_THAT(hub.last_refusal(), HasSubstr("clients without a name"));
    EXPECT_TRUE(announce("", "switch/free", ""));
    expect_untouched();
}

// --- Revocation --------------------------------------------------------------------------------

TEST_F(Owners, revocation_takes_what_a_credential_announced_at_once_and_for_good) {
    EXPECT_TRUE(announce("lock1", "sensor/lock1/b",
                         R"({"state_topic":"lock1/b","device":{"identifiers":["other"]}})", false));
    hub.settle();
    EXPECT_EQ(hub.home.devices().size(), 2u);
    hub.revoke("lock1");
    EXPECT_THAT(hub.home.devices(), IsEmpty());
    EXPECT_EQ(hub.home.notes("mqtt_discovery").size(), 0u);
    EXPECT_EQ(hub.adapter.counts().topics, 0u);
    // The name made anew begins with nothing.
    hub.broker.authorizer.add("lock1");
    restart();
    EXPECT_THAT(hub.home.devices(), IsEmpty());
}

TEST_F(Owners, what_a_revoked_credential_had_is_anybodys_to_bring_back) {
    const home::DeviceId id = hub.only()->id;
    hub.revoke("lock1");
    EXPECT_TRUE(announce("evil", "lock/lock1", hijack));
    hub.settle();
    ASSERT_NE(hub.only(), nullptr);
    EXPECT_EQ(hub.only()->id, id) << "its names and rules wait for a new key";
}

TEST_F(Owners, an_announcement_that_expired_in_the_broker_is_gone) {
    hub.broker.drop("homeassistant/lock/lock1/config");
    hub.settle();
    EXPECT_THAT(hub.home.devices(), IsEmpty());
    EXPECT_EQ(hub.adapter.counts().devices, 0u);
}

TEST_F(Owners, a_device_that_nobody_announces_any_more_is_gone_after_a_restart) {
    hub.broker.retained.clear();
    restart();
    EXPECT_THAT(hub.home.devices(), IsEmpty());
}

/// What is retained there when the hub comes back, instead of what the device was announced with.
struct Replaced : Owners, ::testing::WithParamInterface<const char*> {
    void settle() {
        hub.clock.turn(60 * milliseconds);
        next->tick();
    }
};

TEST_P(Replaced, a_device_whose_announcement_is_gone_after_a_restart_stays_its_credentials) {
    const home::DeviceId id = hub.only()->id;
    const std::string topic = "homeassistant/lock/lock1/config";
    if (std::string_view(GetParam()).empty())
        hub.broker.retained.erase(topic);
    else
        hub.broker.retained.at(topic).payload = GetParam();
    restart();
    ASSERT_FALSE(hub.home.find(id)->present);
    EXPECT_FALSE(after.send_as("evil", "homeassistant/lock/evil/config", hijack, {.retain = true}));
    settle();
    EXPECT_FALSE(hub.home.find(id)->present);
    EXPECT_TRUE(after.send_as("lock1", topic, lock, {.retain = true}));
    settle();
    EXPECT_TRUE(hub.home.find(id)->present);
}

INSTANTIATE_TEST_SUITE_P(by, Replaced,
                         ::testing::Values("", "no announcement", "{}",
                                           R"({"state_topic":"lock1/state"})",
                                           R"({"name":"Another","state_topic":"lock1/state",
                                               "command_topic":"lock1/set",
                                               "device":{"identifiers":["another"]}})"));

// --- To another's hands ------------------------------------------------------------------------

struct Hand : Owners {
    Result<std::string> hand(const std::string& credential) {
        return hub.adapter.hand(*hub.home.find_external("mqtt_discovery", "lock1dev"), credential);
    }
};

TEST_F(Hand, gives_a_device_with_its_announcements_to_another_credential_for_good) {
    hub.broker.authorizer.add("lock2", {"lock1/#"});
    EXPECT_TRUE(announce("lock1", "sensor/lock1",
                         R"({"state_topic":"lock1/b","device":{"identifiers":["lock1dev"]}})",
                         false));
    hub.settle();
    EXPECT_EQ(hand("lock2").value_or("?"), "lock1");
    EXPECT_FALSE(announce("lock1", "lock/lock1", ""));
    EXPECT_FALSE(announce("lock1", "sensor/lock1", ""));
    hub.revoke("lock1");
    EXPECT_EQ(hub.home.devices().size(), 1u);
    restart();
    ASSERT_NE(hub.only(), nullptr);
    EXPECT_EQ(owner_of(*hub.only(), *next), "lock2");
    EXPECT_EQ(hub.only()->attributes.size(), 2u);
    EXPECT_TRUE(after.send_as("lock2", "homeassistant/lock/lock1/config", lock, {}));
}

TEST_F(Hand, needs_a_credential_that_may_use_its_topics) {
    EXPECT_EQ(hand("nobody").error().code, Code::not_found);
    const auto refused = hand("evil");
    ASSERT_FALSE(refused.has_value());
    EXPECT_THAT(refused.error().detail, HasSubstr("--topic lock1/"));
    expect_untouched();
}

TEST_F(Hand, looks_at_the_topics_that_it_does_not_use_itself_too) {
    hub.broker.authorizer.add("lock2", {"lock1/#"});
    hub.broker.authorizer.add("lock1", {"extra/#"});
    std::string more(lock);
    more.insert(1, R"("json_attributes_topic":"extra/a",)");
    EXPECT_TRUE(announce("lock1", "lock/lock1", more));
    hub.settle();
    EXPECT_THAT(hand("lock2").error().detail, HasSubstr("json_attributes_topic extra/a"));
}

TEST_F(Hand, of_a_device_that_has_left_lets_another_bring_it_back) {
    EXPECT_TRUE(announce("lock1", "lock/lock1", ""));
    hub.settle();
    EXPECT_EQ(hand("evil").value_or("?"), "lock1");
    restart();
    EXPECT_TRUE(after.send_as("evil", "homeassistant/lock/aaa/config", hijack, {}));
}

// --- Restart -----------------------------------------------------------------------------------

TEST_F(Owners, after_a_restart_who_was_first_is_first_again) {
    // Retained though it was refused, as an earlier hearth did; by topic it comes before the lock.
    hub.broker.retained["homeassistant/lock/aaa/config"] = {std::string(hijack), "evil"};
    restart();
    ASSERT_NE(hub.only(), nullptr);
    EXPECT_EQ(owner_of(*hub.only(), *next), "lock1");
    EXPECT_EQ(hub.only()->name(), "Front door lock");
    EXPECT_FALSE(after.send_as("evil", "homeassistant/lock/lock1/config", "", {}));
}

TEST_F(Owners, a_note_keeps_whose_it_is) {
    EXPECT_TRUE(announce("lock1", "lock/lock1", ""));
    EXPECT_TRUE(announce("lock1", "lock/lock1", lock, false));
    hub.settle();
    restart();
    ASSERT_NE(hub.only(), nullptr);
    EXPECT_EQ(owner_of(*hub.only(), *next), "lock1");
    EXPECT_FALSE(after.send_as("evil", "homeassistant/lock/lock1/config", "", {}));
}

TEST_F(Owners, an_announcement_is_noted_before_it_can_be_acknowledged) {
    const auto before = hub.home.notes("mqtt_discovery").size();
    announce("evil", "switch/nice", R"({"command_topic":"evil/set"})", false);
    EXPECT_EQ(hub.home.notes("mqtt_discovery").size(), before + 1);
}

TEST_F(Owners, a_note_of_an_earlier_hearth_counts_only_for_clients_without_a_name) {
    const std::string topic = "homeassistant/switch/old/config";
    const std::string old = R"({"command_topic":"old/set","device":{"identifiers":["old"]}})";
    ASSERT_TRUE(hub.home.keep_note("mqtt_discovery", topic, old));
    restart();
    EXPECT_EQ(hub.home.devices().size(), 1u);
    EXPECT_THAT(hub.last_refusal(), HasSubstr("clients without a name"));
    next->stop();
    after.authorizer.all[""] = broker::rights_of_anonymous();
    next = std::make_unique<Adapter>(after);
    ASSERT_TRUE(next->start(hub.port).has_value());
    EXPECT_EQ(hub.home.devices().size(), 2u);
}

TEST(Notes, say_whose_an_announcement_is_and_what_it_says) {
    const AnnouncementNote note = decode_announcement(encode_announcement("lock1", "{}"));
    EXPECT_EQ(note.owner, "lock1");
    EXPECT_EQ(note.payload, "{}");
    EXPECT_FALSE(note.is_old);
    EXPECT_EQ(decode_announcement(encode_announcement("", "")).payload, "");
    const AnnouncementNote old = decode_announcement(R"({"a":1})");
    EXPECT_EQ(old.payload, R"({"a":1})");
    EXPECT_TRUE(old.is_old);
    EXPECT_TRUE(is_owner_key(owner_key("a/b")));
    EXPECT_EQ(owned_id(owner_key("a/b")), "a/b");
    EXPECT_FALSE(is_owner_key("homeassistant/switch/old/config"));
    (void)decode_announcement("\1\xff\xff");
}

} // namespace
} // namespace hearth::mqtt_discovery
