#include "base/json.h"
#include "broker/broker_fixture.h"
#include "broker/records.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

/// Wills over the death of the hub.
namespace hearth::broker::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class WillCrashTest : public testing::Test {
protected:
    World world;
    Client plug{world, Version::v5};
    ConnectOptions options;

    void SetUp() override {
        options.will = mqtt::Will{.topic = "plug/online",
                                  .payload = "no",
                                  .qos = mqtt::Qos::at_least_once,
                                  .retain = true,
                                  .properties = {}};
    }
    void keep(std::uint32_t delay_s) {
        options.clean = false;
        options.properties.session_expiry_s = 100;
        options.will->properties.delay_s = delay_s;
    }
    /// The hub after its death, with somebody who watches.
    struct After {
        World world;
        Client watcher{world, Version::v5};

        After(const World& before)
            : world(before.journal, before.clock.utc(), before.limits) {
            watcher.connect("watcher").subscribe("#");
            watcher.take();
        }
        Lines heard() {
            world.commit();
            return watcher.take();
        }
    };
    std::size_t records_of(const World& of, RecordKind kind) {
        return static_cast<std::size_t>(
            std::ranges::count_if(of.journal.records(), [&](const auto& record) {
                return record.kind == static_cast<journal::Kind>(kind);
            }));
    }
};

TEST_F(WillCrashTest, OfWhoDoesNotComeBackIsPublishedAfterTheGrace) {
    plug.connect("plug", options);
    After after(world);
    after.world.pass(9 * seconds);
    EXPECT_THAT(after.heard(), IsEmpty());
    after.world.pass(1 * seconds);
    EXPECT_THAT(after.heard(), ElementsAre("PUBLISH plug/online q0 = no"));
    EXPECT_EQ(after.world.broker->stats().retained, 1U);
    After third(after.world); // once is enough
    EXPECT_THAT(third.heard(), IsEmpty());
    third.world.pass(60 * seconds);
    EXPECT_THAT(third.heard(), IsEmpty());
}

TEST_F(WillCrashTest, OfWhoIsBackInTimeIsForgotten) {
    plug.connect("plug", options);
    After after(world);
    Client again(after.world, Version::v5);
    ConnectOptions without;
    again.connect("plug", without);
    after.world.pass(60 * seconds);
    EXPECT_THAT(after.heard(), IsEmpty());
    After third(after.world);
    third.world.pass(60 * seconds);
    EXPECT_THAT(third.heard(), IsEmpty());
}

TEST_F(WillCrashTest, OfWhoIsBackTheNewOneHolds) {
    plug.connect("plug", options);
    After after(world);
    options.will->payload = "gone";
    Client again(after.world, Version::v5);
    again.connect("plug", options);
    after.world.pass(60 * seconds);
    EXPECT_THAT(after.heard(), IsEmpty());
    again.vanish();
    EXPECT_THAT(after.heard(), ElementsAre("PUBLISH plug/online q0 = gone"));
}

TEST_F(WillCrashTest, AnotherCredentialsClientOfThatNameDoesNotEndIt) {
    options.user = "plug";
    plug.connect("x", options);
    After after(world);
    Client other(after.world, Version::v5);
    ConnectOptions others;
    others.user = "other";
    other.connect("x", others);
    after.world.pass(10 * seconds);
    EXPECT_THAT(after.heard(), ElementsAre("PUBLISH plug/online q0 = no"));
}

TEST_F(WillCrashTest, IsNotWaitedForByConnack) {
    plug.connect("plug", options, false);
    EXPECT_THAT(plug.take(), ElementsAre("CONNACK"));
    EXPECT_EQ(records_of(world, RecordKind::will_left), 1U);
}

TEST_F(WillCrashTest, OfWhoSaidGoodByeIsForgotten) {
    plug.connect("plug", options);
    plug.disconnect();
    After after(world);
    after.world.pass(60 * seconds);
    EXPECT_THAT(after.heard(), IsEmpty());
}

TEST_F(WillCrashTest, ThatWasPublishedBeforeIsNotPublishedAgain) {
    plug.connect("plug", options);
    plug.vanish();
    world.commit();
    After after(world);
    EXPECT_THAT(after.heard(), IsEmpty());
    after.world.pass(60 * seconds);
    EXPECT_THAT(after.heard(), IsEmpty());
    EXPECT_EQ(records_of(world, RecordKind::will_left), records_of(world, RecordKind::will_over));
}

TEST_F(WillCrashTest, OfAKeptSessionWaitsForItsDelay) {
    keep(30);
    plug.connect("plug", options);
    After after(world);
    after.world.pass(29 * seconds);
    EXPECT_THAT(after.heard(), IsEmpty());
    after.world.pass(1 * seconds);
    EXPECT_THAT(after.heard(), ElementsAre("PUBLISH plug/online q0 = no"));
}

TEST_F(WillCrashTest, OfAKeptSessionWithoutADelayWaitsForTheGrace) {
    keep(0);
    plug.connect("plug", options);
    After after(world);
    after.world.pass(9 * seconds);
    EXPECT_THAT(after.heard(), IsEmpty());
    after.world.pass(1 * seconds);
    EXPECT_THAT(after.heard(), ElementsAre("PUBLISH plug/online q0 = no"));
}

/// A hub that dies again before anybody could come back took that time from them.
TEST_F(WillCrashTest, OfAKeptSessionWaitsForTheGraceAfterEachStart) {
    keep(0);
    plug.connect("plug", options);
    After after(world);
    after.world.pass(5 * seconds);
    After third(after.world);
    third.world.pass(9 * seconds);
    EXPECT_THAT(third.heard(), IsEmpty());
    third.world.pass(1 * seconds);
    EXPECT_THAT(third.heard(), ElementsAre("PUBLISH plug/online q0 = no"));
}

TEST_F(WillCrashTest, OfAKeptSessionWhoseClientIsBackIsForgotten) {
    keep(30);
    plug.connect("plug", options);
    After after(world);
    Client again(after.world, Version::v5);
    options.will.reset();
    again.connect("plug", options);
    after.world.pass(60 * seconds);
    EXPECT_THAT(after.heard(), IsEmpty());
    After third(after.world);
    third.world.pass(60 * seconds);
    EXPECT_THAT(third.heard(), IsEmpty());
}

TEST_F(WillCrashTest, ADelayThatHadBegunGoesOn) {
    keep(30);
    plug.connect("plug", options);
    plug.vanish();
    world.commit();
    world.clock.turn(20 * seconds); // the hub is down meanwhile
    After after(world);
    after.world.pass(9 * seconds);
    EXPECT_THAT(after.heard(), IsEmpty());
    after.world.pass(1 * seconds);
    EXPECT_THAT(after.heard(), ElementsAre("PUBLISH plug/online q0 = no"));
}

TEST_F(WillCrashTest, IsInACheckpointWhereverItWaits) {
    plug.connect("plug", options);
    keep(30);
    Client kept(world, Version::v5);
    kept.connect("kept", options);
    Client away(world, Version::v5);
    away.connect("away", options);
    away.vanish();
    world.commit();
    world.journal.checkpoint({world.broker.get()});
    After after(world);
    after.world.journal.checkpoint({after.world.broker.get()});
    After third(after.world);
    third.world.pass(30 * seconds);
    EXPECT_EQ(third.heard().size(), 3U);
}

TEST_F(WillCrashTest, OfARevokedCredentialIsNotPublished) {
    options.user = "plug";
    plug.connect("plug", options);
    keep(30);
    Client kept(world, Version::v5);
    kept.connect("kept", options);
    After after(world);
    after.world.broker->drop_sessions_of("plug");
    after.world.pass(60 * seconds);
    EXPECT_THAT(after.heard(), IsEmpty());
    After third(after.world);
    third.world.pass(60 * seconds);
    EXPECT_THAT(third.heard(), IsEmpty());
}

TEST_F(WillCrashTest, OnATopicThatHasBeenTakenAwayIsNotPublished) {
    options.user = "plug";
    plug.connect("plug", options);
    After after(world);
    after.world.authorizer.forbidden.insert("plug > plug/online");
    ++after.world.authorizer.now;
    after.world.pass(10 * seconds);
    EXPECT_THAT(after.heard(), IsEmpty());
    EXPECT_THAT(after.world.refusal(), HasSubstr("plug/online"));
}

TEST_F(WillCrashTest, KeepsItsPropertiesAndItsExpiry) {
    options.will->properties.content_type = "text/plain";
    options.will->properties.message_expiry_s = 10;
    plug.connect("plug", options);
    After after(world);
    after.world.pass(10 * seconds);
    const Lines heard = after.heard();
    ASSERT_EQ(heard.size(), 1U);
    after.world.pass(11 * seconds);
    Client late(after.world, Version::v5);
    late.connect("late").subscribe("#");
    EXPECT_THAT(late.take(), ElementsAre("CONNACK", "SUBACK 0x00"));
}

TEST_F(WillCrashTest, RecordsReadInTheJournalAsTheyAre) {
    plug.connect("plug", options);
    plug.disconnect();
    std::vector<std::string> lines;
    for (const auto& record : world.journal.records())
        if (const auto shown = broker::describe(record.view())) lines.push_back(to_json(*shown));
    EXPECT_THAT(lines, ElementsAre(AllOf(HasSubstr("will_left"), HasSubstr("plug/online")),
                                   HasSubstr("will_over")));
}

} // namespace
} // namespace hearth::broker::test
