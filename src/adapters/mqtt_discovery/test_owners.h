#pragma once

#include "adapters/mqtt_discovery/test_home.h"

#include <memory>
#include <string>
#include <string_view>

#include <gmock/gmock.h>

namespace hearth::mqtt_discovery::testing {

inline constexpr std::string_view lock = R"({
    "name":"Front door","unique_id":"lock1_u","state_topic":"lock1/state",
    "command_topic":"lock1/set","device":{"identifiers":["lock1dev"],
    "connections":[["mac","02:aa"]],"name":"Front door lock"}})";

/// The same lock as another would have it.
inline constexpr std::string_view hijack = R"({
    "name":"Hacked","unique_id":"evil_u","state_topic":"evil/state","command_topic":"evil/set",
    "device":{"identifiers":["lock1dev"],"name":"Hacked"}})";

/// A lock that the credential `lock1` has announced, and `evil`, who would like to have it.
struct Owners : ::testing::Test {
    TestHome hub;
    SmallBroker after;
    std::unique_ptr<Adapter> next;

    void SetUp() override {
        hub.broker.authorizer.add("lock1");
        hub.broker.authorizer.add("evil");
        hub.start();
        EXPECT_TRUE(announce("lock1", "lock/lock1", lock));
        hub.settle();
        ASSERT_NE(hub.only(), nullptr);
    }
    void TearDown() override {
        if (next) next->stop();
    }

    bool announce(const std::string& who, const std::string& what, std::string_view payload,
                  bool retain = true) {
        return hub.broker.send_as(who, "homeassistant/" + what + "/config", payload,
                                  {.retain = retain});
    }

    /// The lock is as it was, and obeys and is read as it did.
    void expect_untouched() {
        hub.settle();
        ASSERT_NE(hub.only(), nullptr);
        EXPECT_EQ(hub.only()->name(), "Front door lock");
        hub.broker.send_as("lock1", "lock1/state", "UNLOCKED", {});
        EXPECT_EQ(hub.value("lock.state"), Value("unlocked"));
        EXPECT_THAT(hub.ask({{"lock.state", "locked"}}), ::testing::ElementsAre("lock1/set LOCK"));
        hub.broker.send_as("lock1", "lock1/state", "LOCKED", {});
        EXPECT_EQ(hub.settlement(), "confirmed");
        EXPECT_EQ(hub.broker.retained.at("homeassistant/lock/lock1/config").payload, lock);
        EXPECT_EQ(hub.broker.retained.at("homeassistant/lock/lock1/config").owner, "lock1");
    }

    void restart() {
        hub.adapter.stop();
        hub.journal.commit();
        after.retained = hub.broker.retained;
        after.authorizer.all = hub.broker.authorizer.all;
        next = std::make_unique<Adapter>(after);
        ASSERT_TRUE(next->start(hub.port).has_value());
    }

    std::string owner_of(const home::Device& device, const Adapter& adapter) {
        const Value sources = adapter.sources(device);
        return sources.as_list()->empty()
                   ? "nobody"
                   : std::string(sources.as_list()->front().at("credential").string_or("?"));
    }
};

} // namespace hearth::mqtt_discovery::testing
