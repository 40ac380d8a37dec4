#include "api/test_api.h"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hearth::api {
namespace {

using testing::HasSubstr;

struct ApiTest : testing::Test, TestApi {};

TEST_F(ApiTest, WithoutATokenNothingIsShown) {
    for (const char* path : {"/api/v1/devices", "/api/v1/refused", "/nothing", "/"})
        EXPECT_EQ(ask("GET", path, "", "").status(), 401) << path;
    EXPECT_EQ(ask("GET", "/api/v1/devices", "", "Bearer secre").status(), 401);
    EXPECT_EQ(ask("GET", "/api/v1/devices", "", "Basic secret").status(), 401);
    EXPECT_GT(refusals.total(), 0U);
}

TEST_F(ApiTest, MetricsAndTheDescriptionAreOpenToThisMachineOnly) {
    for (const char* path : {"/metrics", "/api/v1/openapi.json"}) {
        EXPECT_EQ(ask("GET", path, "", "").status(), 200) << path;
        EXPECT_EQ(ask("GET", path, "", "", false).status(), 401) << path;
        EXPECT_EQ(ask("GET", path, "", "Bearer secret", false).status(), 200) << path;
    }
}

TEST_F(ApiTest, DevicesAreShownWithTheirTwins) {
    report("on_off.on", true);
    const Value devices = ask("GET", "/api/v1/devices").body();
    ASSERT_EQ(devices.as_list()->size(), 1U);
    const Value& shown = devices.as_list()->front();
    EXPECT_EQ(shown.at("id"), Value(lamp));
    EXPECT_EQ(to_json(shown.at("reported")), R"({"on_off":{"on":true}})");
    EXPECT_EQ(to_json(shown.at("desired")), "{}");
    const Value one = ask("GET", "/api/v1/devices/Lamp").body();
    EXPECT_EQ(one.at("capabilities").at("level").at("percent").at("max"), Value(100));
    EXPECT_EQ(one.at("sources"), Value("a topic"));
    EXPECT_EQ(one.at("events").as_list()->size(), 2U);
    EXPECT_EQ(ask("GET", "/api/v1/devices/nobody").status(), 404);
}

TEST_F(ApiTest, ACommandIsAcknowledgedOnlyOnceItIsCommitted) {
    const auto asked =
        ask("POST", "/api/v1/devices/Lamp/commands", R"({"set":{"on_off.on":true}})");
    EXPECT_FALSE(asked.answered());
    journal.commit();
    EXPECT_EQ(asked.status(), 202);
    EXPECT_EQ(asked.body().at("command"), Value(1));
    EXPECT_TRUE(asked.body().at("settlement").is_null());
}

TEST_F(ApiTest, ACommandThatCannotBeCommittedIsNotAcknowledged) {
    const auto asked =
        ask("POST", "/api/v1/devices/Lamp/commands", R"({"set":{"on_off.on":true}})");
    journal.fail({Code::unavailable, "the disk is full"});
    EXPECT_EQ(asked.status(), 503);
    EXPECT_THAT(to_json(asked.body()), HasSubstr("the disk is full"));
}

TEST_F(ApiTest, WhoWaitsHearsOfTheSettlement) {
    const auto asked = ask("POST", "/api/v1/devices/Lamp/commands",
                           R"({"set":{"on_off":{"on":"true"}},"wait_s":5})");
    journal.commit();
    EXPECT_FALSE(asked.answered());
    report("on_off.on", true);
    EXPECT_FALSE(asked.answered()) << "not before the settlement is committed";
    journal.commit();
    EXPECT_EQ(asked.status(), 200);
    EXPECT_EQ(asked.body().at("settlement"), Value("confirmed"));
    const Value later = ask("GET", "/api/v1/commands/1").body();
    EXPECT_EQ(later.at("settlement"), Value("confirmed"));
    EXPECT_EQ(ask("GET", "/api/v1/commands/99").status(), 404);
}

TEST_F(ApiTest, WhoWaitsTooLongHearsThatItIsUnderWay) {
    const auto asked =
        ask("POST", "/api/v1/devices/Lamp/commands", R"({"set":{"on_off.on":true},"wait_s":5})");
    turn(5 * seconds);
    journal.commit();
    EXPECT_EQ(asked.status(), 202);
}

TEST_F(ApiTest, CommandsThatMakeNoSenseAreProblems) {
    const auto status = [&](std::string body) {
        return ask("POST", "/api/v1/devices/Lamp/commands", std::move(body)).status();
    };
    EXPECT_EQ(status("{"), 400);
    EXPECT_EQ(status("{}"), 400);
    EXPECT_EQ(status(R"({"set":{}})"), 400);
    EXPECT_EQ(status(R"({"set":{"on off":1}})"), 400);
    EXPECT_EQ(status(R"({"set":{"no.such":1}})"), 404);
    EXPECT_EQ(status(R"({"set":{"level.percent":101}})"), 400);
    EXPECT_EQ(status(R"({"set":{"level.percent":"much"}})"), 400);
    EXPECT_EQ(status(R"({"set":{"on_off.on":true},"wait_s":-1})"), 400);
    EXPECT_EQ(status(R"({"set":{"on_off.on":true},"wait_s":"x"})"), 400);
}

TEST_F(ApiTest, EditingChangesWhatWasNamedAndNothingElse) {
    const auto edited = ask("PATCH", "/api/v1/devices/Lamp",
                            R"({"name":"Reading lamp","area":"Study","aliases":["灯"]})");
    journal.commit();
    EXPECT_EQ(edited.body().at("name"), Value("Reading lamp"));
    EXPECT_EQ(edited.body().at("area"), Value("Study"));
    EXPECT_EQ(home.find_by_word("灯").value()->id, lamp);
    EXPECT_EQ(ask("PATCH", "/api/v1/devices/灯", R"({"id":"x"})").status(), 400);
    EXPECT_EQ(ask("PATCH", "/api/v1/devices/灯", R"({"name":""})").status(), 400);
    EXPECT_EQ(ask("PATCH", "/api/v1/devices/灯", "[]").status(), 400);
}

TEST_F(ApiTest, EventsComeAfterANumberAndAreWaitedFor) {
    report("on_off.on", true);
    EXPECT_EQ(ask("GET", "/api/v1/events?since=1").body().at("events").as_list()->size(), 1U);
    const auto waiting = ask("GET", "/api/v1/events?since=2&wait_s=30");
    EXPECT_FALSE(waiting.answered());
    report("on_off.on", false);
    report("on_off.on", true);
    EXPECT_FALSE(waiting.answered()) << "once for all events of a turn";
    turn(0);
    EXPECT_EQ(waiting.body().at("events").as_list()->size(), 2U);
    const auto in_vain = ask("GET", "/api/v1/events?since=4&wait_s=30");
    turn(30 * seconds);
    EXPECT_EQ(in_vain.body().at("events").as_list()->size(), 0U);
    EXPECT_EQ(ask("GET", "/api/v1/events?since=x").status(), 400);
}

TEST_F(ApiTest, EventsAreLeafedThroughBackwards) {
    for (int i = 0; i < 5; ++i)
        report("level.percent", i);
    const auto ids = [&](const char* target) {
        std::vector<std::int64_t> all;
        const Value page = ask("GET", target).body();
        for (const Value& event : *page.at("events").as_list())
            all.push_back(event.at("id").integer_or(0));
        return all;
    };
    EXPECT_EQ(ids("/api/v1/events?limit=2"), (std::vector<std::int64_t>{5, 6}));
    EXPECT_EQ(ids("/api/v1/events?limit=2&before=5"), (std::vector<std::int64_t>{3, 4}));
    EXPECT_EQ(ids("/api/v1/events?limit=2&device=Lamp"), (std::vector<std::int64_t>{5, 6}));
    EXPECT_EQ(ids("/api/v1/events?since=2&limit=2"), (std::vector<std::int64_t>{3, 4}));
    EXPECT_EQ(ids("/api/v1/events?before=1"), (std::vector<std::int64_t>{}));
}

TEST_F(ApiTest, ABodyThatIsTooDeepOrTooManyIsRefused) {
    const std::string deep = std::string(40, '[') + std::string(40, ']');
    std::string many = "[0";
    for (int i = 0; i < 10'000; ++i)
        many += ",0";
    many += "]";
    for (const std::string& bomb : {deep, many})
        for (const char* path : {"/api/v1/devices/Lamp/commands", "/api/v1/credentials",
                                 "/api/v1/claim", "/api/v1/session", "/api/v1/tokens"})
            EXPECT_EQ(ask("POST", path, "{\"set\":" + bomb + "}").status(), 400) << path;
    EXPECT_EQ(ask("PATCH", "/api/v1/devices/Lamp", "{\"x\":" + deep + "}").status(), 400);
    EXPECT_EQ(ask("POST", "/api/v1/claim", std::string((1U << 20) + 1, ' ')).status(), 413);
}

TEST_F(ApiTest, WhoMayWaitIsLimited) {
    const auto first = ask("GET", "/api/v1/events?since=1&wait_s=30");
    const auto second = ask("GET", "/api/v1/events?since=1&wait_s=30");
    EXPECT_EQ(ask("GET", "/api/v1/events?since=1&wait_s=30").status(), 429);
}

TEST_F(ApiTest, ACredentialIsShownOnceAndRevoked) {
    const auto made = ask("POST", "/api/v1/credentials", R"({"name":"plug","topics":["a/#"]})");
    journal.commit();
    EXPECT_EQ(made.status(), 201);
    const std::string password(made.body().at("password").string_or(""));
    EXPECT_NE(credentials.authenticate("plug", password), nullptr);
    EXPECT_EQ(ask("GET", "/api/v1/credentials").answer->value().body.find(password),
              std::string::npos);
    EXPECT_EQ(ask("POST", "/api/v1/credentials", R"({"name":"plug"})").status(), 409);
    EXPECT_EQ(ask("POST", "/api/v1/credentials", R"({"name":"a/b"})").status(), 400);
    EXPECT_EQ(ask("POST", "/api/v1/credentials", R"({"name":"b","topics":[""]})").status(), 400);
    const auto revoked = ask("DELETE", "/api/v1/credentials/plug");
    journal.commit();
    EXPECT_EQ(revoked.status(), 204);
    EXPECT_EQ(ask("DELETE", "/api/v1/credentials/plug").status(), 404);
}

TEST_F(ApiTest, WhatWasRefusedIsListed) {
    refusals.add("mqtt", "client", {Code::invalid, "malformed packet"}, "\xff");
    const Value list = ask("GET", "/api/v1/refused").body();
    EXPECT_EQ(list.at("total"), Value(1));
    EXPECT_EQ(list.at("refused").as_list()->front().at("why"), Value("malformed packet"));
}

TEST_F(ApiTest, UnknownPathsAndMethodsAreTold) {
    EXPECT_EQ(ask("GET", "/api/v1/nothing").status(), 404);
    EXPECT_EQ(ask("PUT", "/api/v1/devices").status(), 405);
    EXPECT_EQ(ask("HEAD", "/api/v1/devices").status(), 200);
}

TEST_F(ApiTest, TheDescriptionHasEveryRouteAndNoOther) {
    const std::string_view text = openapi_document();
    EXPECT_TRUE(text.starts_with("{\n  \"openapi\"")) << "its first key";
    const Value document = parse_json(text).value();
    std::set<std::string> described;
    for (const auto& [path, item] : *document.at("paths").as_map())
        for (const auto& [method, operation] : *item.as_map()) {
            if (method == "parameters") continue;
            std::string plain;
            bool inside = false;
            for (const char c : path) {
                if (c == '}') inside = false;
                if (!inside) plain += c;
                if (c == '{') inside = true;
            }
            std::string upper = method;
            for (char& c : upper)
                c = static_cast<char>(std::toupper(c));
            described.insert(upper + " " + plain);
        }
    const auto routes = api.routes();
    EXPECT_EQ(described, std::set<std::string>(routes.begin(), routes.end()));
}

TEST(PercentDecoding, LeavesWhatIsMalformed) {
    EXPECT_EQ(percent_decoded("a%20b%2Fc"), "a b/c");
    EXPECT_EQ(percent_decoded("100%"), "100%");
    EXPECT_EQ(percent_decoded("%zz%4"), "%zz%4");
    EXPECT_EQ(percent_decoded("a+b", true), "a b");
}

TEST(Responder, AnUnansweredRequestGetsA500) {
    int status = 0;
    {
        const Responder responder([&](const Response& response) { status = response.status; });
    }
    EXPECT_EQ(status, 500);
}

} // namespace
} // namespace hearth::api
