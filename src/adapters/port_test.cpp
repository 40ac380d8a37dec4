#include "adapters/adapter.h"
#include "base/json.h"
#include "base/metrics.h"
#include "base/random.h"
#include "journal/memory_journal.h"

#include <gtest/gtest.h>

/// One value that is too much costs nothing beside it.
namespace hearth::adapters {
namespace {

struct NoSender final : home::Sender {
    void send(const home::Device&, const home::Command&) override {}
};

home::AttributeSpec attribute(std::string path, catalog::AttributeType type) {
    return {.path = {std::move(path)}, .type = type};
}

class PortTest : public testing::Test {
protected:
    ManualClock clock;
    SeededRandom random{1};
    journal::MemoryJournal journal;
    NoSender sender;
    home::HomeLimits limits = [] {
        home::HomeLimits small;
        small.text_value_bytes = 10;
        small.report_bytes = 25;
        small.twin_bytes = 30;
        return small;
    }();
    home::Home home{clock, random, journal, sender, limits};
    Metrics metrics;
    Refusals refusals{clock, metrics};
    Port port{"test", home, refusals, clock};
    home::DeviceId id = port.discovered(
        {.external_id = "phone",
         .name = "Phone",
         .type = "sensor",
         .attributes = {attribute("untyped.one", catalog::AttributeType::text),
                        attribute("untyped.three", catalog::AttributeType::text),
                        attribute("untyped.two", catalog::AttributeType::text),
                        attribute("battery.percent", catalog::AttributeType::number)}});

    Value told(std::string_view path) const { return home.find(id)->find(path)->reported; }
    static Value text(std::size_t bytes) { return std::string(bytes, 'x'); }
};

TEST_F(PortTest, ATextThatIsTooLongIsNamedAndTheValuesBesideItCount) {
    port.report(
        id, {{{"battery.percent"}, 80}, {{"untyped.one"}, text(11)}, {{"untyped.two"}, "short"}});
    EXPECT_EQ(told("battery.percent"), Value(80));
    EXPECT_EQ(told("untyped.two"), Value("short"));
    EXPECT_EQ(told("untyped.one"), Value());
    ASSERT_EQ(refusals.list().size(), 1U);
    EXPECT_EQ(refusals.list().back().why, "untyped.one is longer than 10 bytes");
}

TEST_F(PortTest, TextsThatAreTooMuchTogetherDoNotHideTheOthers) {
    port.report(id, {{{"battery.percent"}, 70},
                     {{"untyped.one"}, text(10)},
                     {{"untyped.two"}, text(10)},
                     {{"untyped.three"}, text(10)}});
    EXPECT_EQ(told("battery.percent"), Value(70));
    EXPECT_EQ(told("untyped.one"), Value());
    EXPECT_EQ(refusals.list().size(), 1U);
}

TEST_F(PortTest, NorDoTextsThatTheTwinHasNoRoomFor) {
    limits.twin_bytes = 15;
    home::Home small{clock, random, journal, sender, limits};
    ASSERT_TRUE(journal.replay_into({&small}));
    Port of_small{"test", small, refusals, clock};
    of_small.report(id, {{{"untyped.one"}, text(10)}});
    of_small.report(id, {{{"battery.percent"}, 60}, {{"untyped.two"}, text(10)}});
    EXPECT_EQ(small.find(id)->find("battery.percent")->reported, Value(60));
    EXPECT_EQ(small.find(id)->find("untyped.two")->reported, Value());
    of_small.report(id, {{{"battery.percent"}, 50}, {{"untyped.one"}, text(9)}});
    EXPECT_EQ(small.find(id)->find("untyped.one")->reported, text(9))
        << "it takes the place of one";
}

TEST_F(PortTest, WhatTheHomeDoesNotTakeIsARefusalOfTheDevice) {
    port.report(id, {{{"battery.percent"}, "many"}});
    EXPECT_EQ(told("battery.percent"), Value());
    EXPECT_EQ(refusals.list().size(), 1U);
}

} // namespace
} // namespace hearth::adapters
