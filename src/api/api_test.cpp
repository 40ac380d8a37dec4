#include "api/test_api.h"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hearth::api {
namespace {

using testing::HasSubstr;

struct ApiTest : testing::Test, TestApi {};

/// With room for many who wait.
struct CrowdTest : testing::Test, TestApi {
    CrowdTest()
        : TestApi(1'000) {}
};

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

TEST_F(ApiTest, WaitIsReadFromTheQueryAsFromTheBody) {
    for (const char* target : {"/api/v1/devices/Lamp/commands?wait_s=2",
                               "/api/v1/devices/Lamp/commands?wait_s=2&timeout_s=9"}) {
        const auto asked = ask("POST", target, R"({"set":{"on_off.on":true}})");
        journal.commit();
        EXPECT_FALSE(asked.answered()) << "committed, not settled";
        report("on_off.on", true);
        journal.commit();
        EXPECT_EQ(asked.status(), 200);
        report("on_off.on", false);
    }
    const auto late = ask("POST", "/api/v1/devices/Lamp/commands?wait_s=2&timeout_s=1",
                          R"({"set":{"on_off.on":true}})");
    clock.turn(seconds);
    home.advance();
    journal.commit();
    EXPECT_EQ(late.body().at("settlement"), Value("timed_out"));
    EXPECT_EQ(
        ask("POST", "/api/v1/devices/Lamp/commands?wait_s=much", R"({"set":{"on_off.on":true}})")
            .status(),
        400);
}

TEST_F(CrowdTest, ManyWhoWaitEachHearOfTheirOwnCommand) {
    std::vector<Asked> asked;
    for (int i = 0; i < 500; ++i)
        asked.push_back(ask("POST", "/api/v1/devices/Lamp/commands?wait_s=2",
                            fmt::format(R"({{"set":{{"level.percent":{}}}}})", i % 100)));
    journal.commit();
    for (int i = 0; i < 100; ++i) {
        report("level.percent", i);
        turn(milliseconds);
        journal.commit();
    }
    for (const Asked& one : asked) {
        ASSERT_EQ(one.status(), 200);
        EXPECT_EQ(one.body().at("settlement"), Value("confirmed"));
    }
}

TEST_F(ApiTest, AKeyThatStandsForAnotherRequestIs422) {
    announce("fan", "Fan");
    const auto post = [&](const char* device, const char* body,
                          const std::string& token = "secret") {
        Request asked = request("POST", fmt::format("/api/v1/devices/{}/commands", device), body);
        asked.authorization = "Bearer " + token;
        asked.idempotency_key = "k1";
        return finished(std::move(asked));
    };
    const char* on = R"({"set":{"on_off.on":true}})";
    const Value first = post("Lamp", on).body().at("command");
    EXPECT_EQ(post("Lamp", on).body().at("command"), first);
    EXPECT_EQ(post("Lamp", R"({"set":{"on_off":{"on":"on"}},"wait_s":0})").body().at("command"),
              first);
    for (const auto& other : {post("Lamp", R"({"set":{"on_off.on":false}})"), post("Fan", on)}) {
        EXPECT_EQ(other.status(), 422);
        EXPECT_EQ(other.body().at("code"), Value("conflict"));
        EXPECT_THAT(other.detail(), HasSubstr("send a new key"));
    }
    const std::string token = persons.add_token("script", "").value();
    EXPECT_NE(post("Fan", on, token).body().at("command"), first) << "another's key";
    EXPECT_EQ(home.open_commands().size(), 2U);
}

TEST_F(ApiTest, ASentencesKeyStandsForThatSentence) {
    const auto say = [&](const char* text, const char* key) {
        Request asked = request("POST", "/api/v1/conversation",
                                to_json(ValueMap{{"text", text}, {"lang", "en"}}));
        asked.authorization = "Bearer secret";
        asked.idempotency_key = key;
        const Asked answer = send(std::move(asked));
        turn(2 * seconds);
        journal.commit();
        return answer;
    };
    const Value first = say("turn on the lamp", "k1").body().at("commands");
    ASSERT_EQ(first.as_list()->size(), 1U);
    EXPECT_EQ(say("turn on the lamp", "k1").body().at("commands"), first);
    EXPECT_EQ(say("turn off the lamp", "k1").status(), 422);
    EXPECT_NE(say("turn off the lamp", "k2").body().at("commands"), first);
    clock.turn(20 * seconds);
    home.advance();
    EXPECT_EQ(say("turn on the lamp", "k1").body().at("outcome"), Value("failed"))
        << "what became of it, not that it was done";
}

TEST_F(ApiTest, WhatIsOnItsWayIsSaidInTheCommandAndTheDevice) {
    const auto asked =
        ask("POST", "/api/v1/devices/Lamp/commands", R"({"set":{"level.percent":100}})");
    journal.commit();
    EXPECT_EQ(asked.body().at("under_way"), Value(false));
    report("level.percent", 10);
    report("level.percent", 20);
    EXPECT_EQ(ask("GET", "/api/v1/commands/1").body().at("under_way"), Value(true));
    EXPECT_EQ(to_json(ask("GET", "/api/v1/devices/Lamp").body().at("under_way")),
              R"(["level.percent"])");
    report("level.percent", 100);
    EXPECT_EQ(ask("GET", "/api/v1/commands/1").body().at("settlement"), Value("confirmed"));
    EXPECT_EQ(to_json(ask("GET", "/api/v1/devices/Lamp").body().at("under_way")), "[]");
}

TEST_F(ApiTest, ADeviceIsForgottenOnceItHasLeft) {
    const auto refused = ask("DELETE", "/api/v1/devices/Lamp");
    EXPECT_EQ(refused.status(), 409);
    EXPECT_THAT(refused.detail(), HasSubstr("would come back"));
    ASSERT_TRUE(home.record(home::Cause::of_device(lamp), home::DeviceLeft{lamp}));
    EXPECT_EQ(to_json(ask("GET", "/api/v1/devices").body()), "[]");
    EXPECT_EQ(ask("GET", "/api/v1/devices?left=true").body().as_list()->size(), 1U);
    const auto gone = ask("DELETE", "/api/v1/devices/lamp");
    EXPECT_FALSE(gone.answered());
    journal.commit();
    EXPECT_EQ(gone.status(), 204);
    EXPECT_EQ(ask("DELETE", "/api/v1/devices/Lamp").status(), 404);
    EXPECT_EQ(to_json(ask("GET", "/api/v1/devices?left=true").body()), "[]");
}

TEST_F(ApiTest, AnAreaIsRemovedByIdNameOrAlias) {
    ask("PATCH", "/api/v1/devices/Lamp", R"({"area":"Study"})");
    const auto removed = ask("DELETE", "/api/v1/areas/STUDY");
    journal.commit();
    EXPECT_EQ(removed.status(), 204);
    EXPECT_EQ(to_json(ask("GET", "/api/v1/areas").body()), "[]");
    EXPECT_EQ(ask("GET", "/api/v1/devices/Lamp").body().at("area"), Value());
    EXPECT_EQ(ask("DELETE", "/api/v1/areas/Study").status(), 404);
}

TEST_F(ApiTest, WhoHasHungUpWaitsNoMoreAndCountsNoMore) {
    const auto wait = [&] {
        return ask("POST", "/api/v1/devices/Lamp/commands?wait_s=60",
                   R"({"set":{"on_off.on":true}})");
    };
    const Asked first = wait();
    const Asked second = wait();
    const std::size_t before = home.open_commands().size();
    EXPECT_EQ(wait().status(), 429);
    EXPECT_EQ(home.open_commands().size(), before) << "refused means not done";
    first.responder->abandoner()();
    const Asked third = wait();
    EXPECT_FALSE(third.answered());
    report("on_off.on", true);
    journal.commit();
    EXPECT_FALSE(first.answered());
    EXPECT_EQ(second.status(), 200);
    EXPECT_EQ(third.status(), 200);
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

TEST_F(ApiTest, WhatComesLaterThanItWasWantedDoesNothing) {
    const auto asked = [&](std::string not_after) {
        Request late =
            request("POST", "/api/v1/devices/Lamp/commands", R"({"set": {"on_off.on": true}})");
        late.authorization = "Bearer secret";
        late.not_after = std::move(not_after);
        return send(std::move(late));
    };
    const std::string until = to_rfc3339(clock.utc() + 10 * seconds);
    clock.turn(10 * seconds + 1);
    const Asked late = asked(until);
    EXPECT_EQ(late.status(), 409);
    EXPECT_EQ(late.body().at("code"), Value("too_late"));
    EXPECT_TRUE(home.open_commands().empty());
    EXPECT_EQ(asked("soon").status(), 400);
    asked(to_rfc3339(clock.utc()));
    EXPECT_EQ(home.open_commands().size(), 1U);
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

TEST_F(ApiTest, ANumberThatIsStillToComeIsAnsweredAtOnceWithTheNewest) {
    const auto answer = ask("GET", "/api/v1/events?since=9223372036854775807"
                                   "&wait_s=9223372036854775807");
    ASSERT_EQ(answer.status(), 200);
    EXPECT_EQ(answer.body().at("last").number_or(-1), static_cast<double>(home.last_event()));
}

TEST_F(ApiTest, WhoWaitsForEverWaitsForTheLongestWait) {
    const auto waiting = ask("GET", "/api/v1/events?since=1&wait_s=9223372036854775807");
    EXPECT_FALSE(waiting.answered());
    turn(limits.longest_wait);
    EXPECT_TRUE(waiting.answered());
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

TEST_F(ApiTest, GivesADeviceToAnotherCredential) {
    const auto handed = ask("POST", "/api/v1/devices/Lamp/credential", R"({"credential":"lock2"})");
    journal.commit();
    EXPECT_EQ(handed.status(), 200);
    EXPECT_EQ(ask("POST", "/api/v1/devices/Lamp/credential", R"({"credential":"x"})").status(),
              404);
    EXPECT_EQ(ask("POST", "/api/v1/devices/Lamp/credential", R"({"credential":7})").status(), 400);
    EXPECT_EQ(ask("POST", "/api/v1/devices/Lamp/credential", "{}").status(), 400);
    EXPECT_EQ(ask("POST", "/api/v1/devices/none/credential", R"({"credential":"lock2"})").status(),
              404);
}

} // namespace
} // namespace hearth::api
