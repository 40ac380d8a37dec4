#pragma once

#include "adapters/mqtt_discovery/test_home.h"

#include <string>
#include <string_view>

#include <gmock/gmock.h>

namespace hearth::mqtt_discovery::testing {

/// A hub to announce things to, with as few words as a test needs.
struct DiscoveryTest : ::testing::Test {
    TestHome hub;

    void SetUp() override {
        hub.start();
        ASSERT_TRUE(hub.started);
    }

    void announce(const std::string& topic, std::string_view payload, bool retain = false) {
        hub.broker.send("homeassistant/" + topic + "/config", payload, retain);
    }

    /// Announces `options` as homeassistant/PLATFORM/thing/config of the device "thing".
    void add(const std::string& platform, std::string_view options) {
        announce(platform + "/thing", with_device(options));
        hub.settle();
    }

    /// The same with a name of its own among the device's components.
    void add(const std::string& platform, const std::string& object, std::string_view options) {
        announce(platform + "/thing/" + object, with_device(options));
        hub.settle();
    }

    void tell(const std::string& topic, std::string_view payload) {
        hub.broker.send(topic, payload);
    }

    /// The refusal that options of a component lead to.
    std::string refusal_of(const std::string& platform, std::string_view options) {
        const auto before = hub.refusals.total();
        add(platform, options);
        return hub.refusals.total() == before ? "" : hub.last_refusal();
    }

private:
    static std::string with_device(std::string_view options) {
        auto config = parse_json(options);
        EXPECT_TRUE(config.has_value()) << "the test itself is wrong: " << options;
        if (!config) return {};
        config->as_map()->set("device",
                              ValueMap{{"identifiers", ValueList{"thing"}}, {"name", "Thing"}});
        return to_json(*config);
    }
};

} // namespace hearth::mqtt_discovery::testing
