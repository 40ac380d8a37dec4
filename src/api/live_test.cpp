#include "api/test_api.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hearth::api {
namespace {

struct LiveTest : testing::Test, TestApi {
    Asked open(const std::string& target = "/api/v1/live", std::string token = "Bearer secret") {
        Request asked = request("GET", target);
        asked.authorization = std::move(token);
        asked.upgrade = true;
        return send(std::move(asked));
    }
    std::shared_ptr<FakeSocket> join(const std::string& target = "/api/v1/live",
                                     std::string token = "Bearer secret") {
        const Asked asked = open(target, std::move(token));
        EXPECT_EQ(asked.status(), 101);
        const auto socket = std::make_shared<FakeSocket>();
        (*asked.answer)->web_socket(socket);
        return socket;
    }
    static std::vector<std::string> kinds(const FakeSocket& socket) {
        std::vector<std::string> all;
        for (const Value& text : socket.texts)
            all.emplace_back(text.at("kind").string_or(""));
        return all;
    }
    using Kinds = std::vector<std::string>;
};

TEST_F(LiveTest, BeginsWithTheWholeHome) {
    ASSERT_TRUE(home.edit({}, lamp, {.area = "Study"}));
    const auto socket = join();
    ASSERT_EQ(kinds(*socket), Kinds{"snapshot"});
    const Value& snapshot = socket->texts[0];
    EXPECT_EQ(snapshot.at("event"), Value::of_unsigned(home.last_event()));
    EXPECT_EQ(snapshot.at("devices"), ask("GET", "/api/v1/devices").body());
    EXPECT_EQ(snapshot.at("areas"), ask("GET", "/api/v1/areas").body());
}

TEST_F(LiveTest, TellsEachEventOnceAndThenTheDevicesItChanged) {
    const auto socket = join();
    report("on_off.on", true);
    report("level.percent", 40);
    EXPECT_EQ(socket->texts.size(), 1U) << "not before the turn is written";
    turn(0);
    ASSERT_EQ(kinds(*socket), (Kinds{"snapshot", "event", "event", "device"}));
    EXPECT_EQ(socket->texts[1].at("event"),
              home::to_value(home.recent_events()[home.recent_events().size() - 2]));
    EXPECT_EQ(socket->texts[2].at("event"), home::to_value(home.recent_events().back()));
    EXPECT_EQ(socket->texts[3].at("device"), ask("GET", "/api/v1/devices").body().as_list()->at(0));
    turn(0);
    EXPECT_EQ(socket->texts.size(), 4U);
}

TEST_F(LiveTest, AReportThatChangesNothingShowsNoDevice) {
    report("on_off.on", true);
    const auto socket = join();
    report("on_off.on", true);
    turn(0);
    EXPECT_EQ(kinds(*socket), (Kinds{"snapshot", "event"}));
}

TEST_F(LiveTest, NamesAreasAndPresenceChangeADevice) {
    const auto socket = join();
    ASSERT_TRUE(home.edit({}, lamp, {.name = "Reading lamp"}));
    turn(0);
    EXPECT_EQ(socket->texts.back().at("device").at("name"), Value("Reading lamp"));
    ASSERT_TRUE(home.record({}, home::AvailabilityChanged{lamp, false}));
    turn(0);
    EXPECT_EQ(socket->texts.back().at("device").at("online"), Value(false));
    ASSERT_TRUE(home.record({}, home::DeviceLeft{lamp}));
    turn(0);
    EXPECT_EQ(socket->texts.back().at("event").at("kind"), Value("device_left"));
}

TEST_F(LiveTest, GoesOnAfterTheEventThatTheClientHas) {
    report("on_off.on", true);
    const home::EventId had = home.last_event();
    report("level.percent", 1);
    report("level.percent", 2);
    const auto socket = join("/api/v1/live?since=" + std::to_string(had));
    ASSERT_EQ(kinds(*socket), (Kinds{"event", "event", "device"}));
    EXPECT_EQ(socket->texts[0].at("event").at("id"), Value::of_unsigned(had + 1));
    report("level.percent", 3);
    turn(0);
    EXPECT_EQ(socket->texts[3].at("event").at("id"), Value::of_unsigned(had + 3));
    EXPECT_TRUE(join("/api/v1/live?since=" + std::to_string(home.last_event()))->texts.empty());
}

TEST_F(LiveTest, AHeartbeatTellsThatTheHubIsThereUntilNobodyListens) {
    const auto first = join();
    const auto slow = join();
    turn(LiveLimits().heartbeat - 1);
    EXPECT_EQ(first->texts.size(), 1U);
    slow->reads = false;
    slow->send(std::make_shared<const std::string>(R"({"kind":"waits"})"));
    turn(1);
    ASSERT_EQ(kinds(*first), (Kinds{"snapshot", "heartbeat"}));
    EXPECT_EQ(first->texts[1].at("event"), Value::of_unsigned(home.last_event()));
    const std::size_t waiting = slow->queued_bytes();
    turn(LiveLimits().heartbeat);
    EXPECT_EQ(first->texts.size(), 3U);
    EXPECT_EQ(slow->queued_bytes(), waiting) << "who reads nothing gathers no heartbeats";
    first->told();
    slow->told();
    turn(LiveLimits().heartbeat);
    EXPECT_EQ(first->texts.size(), 3U);
    EXPECT_TRUE(timers.empty()) << "an idle hub is not woken";
}

TEST_F(LiveTest, WhatIsForgottenUnknownOrTooMuchBeginsWithASnapshot) {
    EXPECT_EQ(kinds(*join("/api/v1/live?since=999")), Kinds{"snapshot"});
    for (int i = 0; i < 60; ++i)
        report("level.percent", i);
    const auto much = join("/api/v1/live?since=1");
    EXPECT_EQ(kinds(*much), Kinds{"snapshot"}) << "more than half of what may wait";
    much->told();
    for (int i = 0; i < 100; ++i)
        report("level.percent", i % 2);
    EXPECT_EQ(kinds(*join("/api/v1/live?since=2")), Kinds{"snapshot"}) << "not in memory any more";
}

TEST_F(LiveTest, WhatHappensInTheTurnOfJoiningIsToldOnce) {
    const auto first = join();
    report("on_off.on", true);
    const auto second = join();
    turn(0);
    EXPECT_EQ(kinds(*first), (Kinds{"snapshot", "event", "device"}));
    EXPECT_EQ(kinds(*second), Kinds{"snapshot"}) << "its snapshot has it";
}

TEST_F(LiveTest, WhoNeverReadsIsDroppedAndCostsTheOthersNothing) {
    const auto slow = join();
    const auto good = join();
    slow->reads = false;
    int told = 0;
    for (; told < 100 && !slow->closed_with; ++told) {
        report("level.percent", told);
        turn(0);
    }
    EXPECT_EQ(slow->closed_with, close_code::try_later);
    EXPECT_LT(told, 100);
    EXPECT_GT(slow->queued, limits.live.queue_bytes);
    EXPECT_LT(slow->queued, limits.live.queue_bytes + 2'000);
    EXPECT_EQ(good->closed_with, std::nullopt);
    EXPECT_EQ(good->texts.size(), 1U + 2 * static_cast<unsigned>(told));
    EXPECT_EQ(metrics.counter("hearth_live_dropped_total", "").value(), 1U);
    EXPECT_EQ(open().status(), 101) << "its place is free";
}

TEST_F(LiveTest, SubscribersAreLimited) {
    const auto first = join();
    const Asked second = open();
    const auto third = join();
    EXPECT_EQ(open().status(), 429);
    const auto late = std::make_shared<FakeSocket>();
    (*second.answer)->web_socket(late);
    EXPECT_EQ(late->closed_with, close_code::try_later) << "two came in while it shook hands";
    first->told();
    EXPECT_EQ(open().status(), 101);
}

TEST_F(LiveTest, WhatIsRevokedIsShutAtOnce) {
    const std::string ann = claim_for_ann();
    const auto by_session = join("/api/v1/live", "Bearer " + ann);
    ASSERT_TRUE(persons.close_session(persons.sessions().front()->id));
    EXPECT_EQ(by_session->closed_with, close_code::policy);
    const std::string key = persons.add_token("script", "").value();
    const auto by_token = join("/api/v1/live", "Bearer " + key);
    const auto by_admin = join();
    const Asked waiting = open("/api/v1/live", "Bearer " + key);
    ASSERT_TRUE(persons.revoke_token("script"));
    EXPECT_EQ(by_token->closed_with, close_code::policy);
    EXPECT_EQ(by_admin->closed_with, std::nullopt);
}

TEST_F(LiveTest, ARightThatGoesWhileShakingHandsOpensNothing) {
    const std::string key = persons.add_token("script", "").value();
    const Asked asked = open("/api/v1/live", "Bearer " + key);
    ASSERT_TRUE(persons.revoke_token("script"));
    const auto socket = std::make_shared<FakeSocket>();
    (*asked.answer)->web_socket(socket);
    EXPECT_EQ(socket->closed_with, close_code::policy);
    EXPECT_TRUE(socket->texts.empty());
}

TEST_F(LiveTest, OnlyThisHubsPageMayOpenIt) {
    const std::string ann = claim_for_ann();
    Request asked = request("GET", "/api/v1/live");
    asked.upgrade = true;
    EXPECT_EQ(send(asked).status(), 401);
    asked.cookie = "hearth_session=" + ann;
    EXPECT_EQ(send(asked).status(), 403) << "a cookie without an origin";
    asked.origin = "http://evil.example";
    EXPECT_EQ(send(asked).status(), 403);
    asked.origin = "http://127.0.0.1:8080";
    EXPECT_EQ(send(asked).status(), 101);
    asked.cookie.clear();
    asked.authorization = "Bearer secret";
    asked.origin = "http://evil.example";
    EXPECT_EQ(send(asked).status(), 403);
    asked.origin.clear();
    EXPECT_EQ(send(asked).status(), 101) << "a program";
}

TEST_F(LiveTest, WhatIsNoWebSocketIsToldSo) {
    const auto plain = ask("GET", "/api/v1/live");
    EXPECT_EQ(plain.status(), 426);
    EXPECT_EQ(plain.header("Upgrade"), "websocket");
    EXPECT_EQ(open("/api/v1/live?since=x").status(), 400);
    EXPECT_EQ(open("/api/v1/live?since=-1").status(), 400);
}

} // namespace
} // namespace hearth::api
