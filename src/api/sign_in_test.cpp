#include "api/test_api.h"
#include "base/text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hearth::api {
namespace {

using testing::HasSubstr;
using testing::Not;

struct SignInTest : testing::Test, TestApi {
    Asked post(const char* path, const ValueMap& body) {
        return finished(request("POST", path, to_json(body)));
    }
    Asked claim_with(std::string_view code, std::string_view name = "Ann",
                     std::string_view password = "correct horse") {
        return post("/api/v1/claim", {{"code", code}, {"name", name}, {"password", password}});
    }
    Asked log_in(std::string_view name, std::string_view password,
                 std::string peer = "192.168.1.7") {
        Request asked = request("POST", "/api/v1/session",
                                to_json(ValueMap{{"name", name}, {"password", password}}));
        asked.peer = std::move(peer);
        return finished(std::move(asked));
    }
    std::string code() { return claim.make(random, clock.steady()); }

    static Request with_cookie(Request asked, const std::string& token) {
        asked.cookie = "hearth_session=" + token;
        asked.origin = "http://127.0.0.1:8080";
        return asked;
    }
};

TEST_F(SignInTest, WhoComesFirstIsToldThatTheHubIsNobodys) {
    const auto state = send(request("GET", "/api/v1/session"));
    EXPECT_EQ(state.status(), 200);
    EXPECT_EQ(state.body().at("claimed"), Value(false));
    EXPECT_TRUE(state.body().at("person").is_null());
    EXPECT_EQ(state.body().at("version"), Value(HEARTH_VERSION));
}

TEST_F(SignInTest, TheClaimCodeMakesTheFirstPersonOnce) {
    const auto claimed = claim_with(code());
    ASSERT_EQ(claimed.status(), 201);
    EXPECT_EQ(claimed.body().at("person").at("name"), Value("Ann"));
    const std::string token(claimed.body().at("token").string_or(""));
    EXPECT_EQ(claimed.header("Set-Cookie"),
              "hearth_session=" + token + "; Path=/; HttpOnly; SameSite=Strict; Max-Age=7776000");
    const auto state = send(with_cookie(request("GET", "/api/v1/session"), token));
    EXPECT_EQ(state.body().at("claimed"), Value(true));
    EXPECT_EQ(state.body().at("person"), claimed.body().at("person"));
    EXPECT_THAT(state.header("Set-Cookie"), HasSubstr(token)) << "prolonged";
    EXPECT_EQ(claim_with(code(), "Bob").status(), 409);
}

TEST_F(SignInTest, AClaimIsAnsweredOnlyOnceItIsCommitted) {
    const auto asked = send(request(
        "POST", "/api/v1/claim",
        to_json(ValueMap{{"code", code()}, {"name", "Ann"}, {"password", "correct horse"}})));
    workers.work();
    EXPECT_FALSE(asked.answered());
    journal.commit();
    EXPECT_EQ(asked.status(), 201);
}

TEST_F(SignInTest, OfTwoClaimsAtOnceOnlyTheFirstIsDone) {
    const auto body = [&](const char* name) {
        return to_json(ValueMap{{"code", code()}, {"name", name}, {"password", "correct horse"}});
    };
    const auto first = send(request("POST", "/api/v1/claim", body("Ann")));
    const auto second = send(request("POST", "/api/v1/claim", body("Bob")));
    workers.work();
    journal.commit();
    EXPECT_EQ(first.status(), 201);
    EXPECT_EQ(second.status(), 409);
}

TEST_F(SignInTest, ThroughTlsTheCookieIsSecure) {
    Request asked = request(
        "POST", "/api/v1/claim",
        to_json(ValueMap{{"code", code()}, {"name", "Ann"}, {"password", "correct horse"}}));
    asked.secure = true;
    EXPECT_THAT(finished(asked).header("Set-Cookie"), HasSubstr("; Secure"));
}

TEST_F(SignInTest, WrongCodesAreCountedDownAndTheTwentyFirstTryIsInVain) {
    const std::string right = code();
    for (int left = 19; left >= 0; --left) {
        const auto asked = claim_with("AAAA-AAAA");
        EXPECT_EQ(asked.status(), 403);
        EXPECT_THAT(asked.detail(), HasSubstr(fmt::format("; {} tries are left", left)));
    }
    const auto last = claim_with(right);
    EXPECT_EQ(last.status(), 403);
    EXPECT_THAT(last.detail(), HasSubstr("run `hearth claim`"));
    EXPECT_EQ(claim_with(code()).status(), 201);
}

TEST_F(SignInTest, AnOldCodeAndNoCodeSayHowToGetAnother) {
    EXPECT_THAT(claim_with("AAAA-AAAA").detail(), HasSubstr("run `hearth claim`"));
    const std::string old_code = code();
    turn(access::ClaimCode::good_for + 1);
    EXPECT_THAT(claim_with(old_code).detail(), HasSubstr("run `hearth claim`"));
}

TEST_F(SignInTest, NamesAndPasswordsThatWillNotDoCostNoTry) {
    const std::string right = code();
    EXPECT_EQ(claim_with(right, "").status(), 400);
    EXPECT_EQ(claim_with(right, "Ann", "short").status(), 400);
    EXPECT_EQ(claim_with(right, "Ann", std::string(201, 'x')).status(), 400);
    EXPECT_EQ(post("/api/v1/claim", {{"code", 1}, {"name", "Ann"}}).status(), 400);
    EXPECT_EQ(claim.tries_left(), access::ClaimCode::tries);
    EXPECT_EQ(claim_with(right).status(), 201);
}

TEST_F(SignInTest, NameAndPasswordOpenASession) {
    claim_for_ann();
    const auto opened = log_in("ann", "correct horse");
    EXPECT_EQ(opened.status(), 200);
    const std::string token(opened.body().at("token").string_or(""));
    EXPECT_EQ(ask("GET", "/api/v1/devices", "", "Bearer " + token, false).status(), 200);
    EXPECT_EQ(log_in("Ann", "correct hors").status(), 403);
    EXPECT_EQ(log_in("Bob", "correct horse").status(), 403);
    EXPECT_EQ(log_in("Ann", "correct hors").detail(), log_in("Bob", "x").detail());
}

TEST_F(SignInTest, AfterTenFailuresTheRightPasswordWaitsForSomeSecondsOnly) {
    claim_for_ann();
    EXPECT_THAT(log_in("Ann", "wrong").detail(), HasSubstr("after 9 more tries"));
    for (int i = 1; i < 10; ++i)
        EXPECT_EQ(log_in("Ann", "wrong").status(), 403);
    const auto waiting = log_in("Ann", "correct horse");
    EXPECT_FALSE(waiting.answered());
    EXPECT_EQ(log_in("Ann", "correct horse", "192.168.1.8").status(), 200) << "another machine";
    turn(seconds);
    workers.work();
    journal.commit();
    EXPECT_EQ(waiting.status(), 200);
    EXPECT_EQ(log_in("Ann", "wrong").status(), 403) << "it starts anew";
}

TEST_F(SignInTest, WhoKeepsFailingStandsInLineAndIsToldWhenToComeAgain) {
    claim_for_ann();
    Asked last = log_in("Ann", "wrong");
    for (int i = 0; i < 20 && last.status() != 429; ++i)
        last = log_in("Ann", "wrong");
    ASSERT_EQ(last.status(), 429);
    long long wait_s = 0;
    ASSERT_TRUE(parse_integer(last.header("Retry-After"), wait_s));
    EXPECT_GT(wait_s, 0);
    EXPECT_LE(wait_s, 16);
    turn(wait_s * seconds);
    EXPECT_NE(log_in("Ann", "correct horse").status(), 429);
}

TEST_F(SignInTest, OneHouseholdOfIpv6IsOneWhoTries) {
    claim_for_ann();
    for (int i = 0; i < 10; ++i)
        log_in("Ann", "wrong", "2001:db8:1:2::" + std::to_string(i + 1));
    EXPECT_FALSE(log_in("Ann", "wrong", "2001:db8:1:2:ffff::1").answered());
    EXPECT_EQ(log_in("Ann", "wrong", "2001:db8:1:3::1").status(), 403);
}

TEST_F(SignInTest, SuccessesAreNotCounted) {
    claim_for_ann();
    for (int i = 0; i < 20; ++i)
        EXPECT_EQ(log_in("Ann", "correct horse").status(), 200);
}

TEST_F(SignInTest, OnlySoManyPasswordsAreHashedAtOnce) {
    claim_for_ann();
    const auto body = to_json(ValueMap{{"name", "Ann"}, {"password", "correct horse"}});
    const auto first = send(request("POST", "/api/v1/session", body));
    const auto second = send(request("POST", "/api/v1/session", body));
    const auto third = send(request("POST", "/api/v1/session", body));
    EXPECT_EQ(third.status(), 503);
    EXPECT_EQ(third.header("Retry-After"), "1");
    for (int i = 0; i < 20; ++i)
        EXPECT_EQ(send(request("POST", "/api/v1/session", body)).status(), 503) << "costs no try";
    workers.work();
    journal.commit();
    EXPECT_EQ(first.status(), 200);
    EXPECT_EQ(log_in("Ann", "correct horse").status(), 200);
}

TEST_F(SignInTest, ABusyHubUsesUpNoClaimCode) {
    const auto log_in_body = to_json(ValueMap{{"name", "Ann"}, {"password", "correct horse"}});
    const auto first = send(request("POST", "/api/v1/session", log_in_body));
    const auto second = send(request("POST", "/api/v1/session", log_in_body));
    const std::string right = code();
    const auto body =
        to_json(ValueMap{{"code", right}, {"name", "Ann"}, {"password", "correct horse"}});
    EXPECT_EQ(send(request("POST", "/api/v1/claim", body)).status(), 503);
    workers.work();
    EXPECT_EQ(claim_with(right).status(), 201);
}

TEST_F(SignInTest, WhoLogsOutIsOut) {
    const std::string token = claim_for_ann();
    const auto out = finished(with_cookie(request("DELETE", "/api/v1/session"), token));
    EXPECT_EQ(out.status(), 204);
    EXPECT_THAT(out.header("Set-Cookie"), HasSubstr("hearth_session=;"));
    EXPECT_EQ(send(with_cookie(request("GET", "/api/v1/devices"), token)).status(), 401);
    EXPECT_EQ(ask("DELETE", "/api/v1/session").status(), 400) << "the admin token is no session";
}

/// Who manages the home sees and ends all.
TEST_F(SignInTest, SessionsAreListedAndEndedByWhoseTheyAre) {
    const std::string ann = claim_for_ann();
    const access::Rights member{.role = access::Role::member, .until = 0, .grants = {}};
    ASSERT_TRUE(persons.add_person("Bob", "", member).has_value());
    const auto bob = persons.open_session(persons.find_named("Bob")->id, "Firefox");
    const std::string anns = persons.sessions().front()->id == bob.id
                                 ? persons.sessions().back()->id
                                 : persons.sessions().front()->id;
    const Value mine = ask("GET", "/api/v1/sessions", "", "Bearer " + bob.token).body();
    ASSERT_EQ(mine.as_list()->size(), 1U);
    EXPECT_EQ(mine.as_list()->front().at("current"), Value(true));
    EXPECT_EQ(ask("DELETE", "/api/v1/sessions/" + anns, "", "Bearer " + bob.token).status(), 404);
    for (const std::string& token : {ann, std::string("secret")})
        EXPECT_EQ(ask("GET", "/api/v1/sessions", "", "Bearer " + token).body().as_list()->size(),
                  2U);
    ask("DELETE", "/api/v1/sessions/" + bob.id, "", "Bearer " + ann);
    EXPECT_EQ(ask("GET", "/api/v1/devices", "", "Bearer " + bob.token).status(), 401);
}

TEST_F(SignInTest, TokensAreShownOnceAndRevoked) {
    const std::string ann = "Bearer " + claim_for_ann();
    const auto made = ask("POST", "/api/v1/tokens", R"({"name":"my script"})", ann);
    journal.commit();
    EXPECT_EQ(made.status(), 201);
    const std::string key(made.body().at("token").string_or(""));
    EXPECT_EQ(ask("GET", "/api/v1/devices", "", "Bearer " + key, false).status(), 200);
    EXPECT_THAT(ask("GET", "/api/v1/tokens", "", ann).answer->value().body, Not(HasSubstr(key)));
    EXPECT_EQ(ask("POST", "/api/v1/tokens", R"({"name":"my script"})", ann).status(), 409);
    EXPECT_EQ(ask("POST", "/api/v1/tokens", R"({"name":""})", ann).status(), 400);
    EXPECT_EQ(ask("POST", "/api/v1/tokens", R"({})", ann).status(), 400);
    ask("DELETE", "/api/v1/tokens/my%20script", "", ann);
    EXPECT_EQ(ask("GET", "/api/v1/devices", "", "Bearer " + key).status(), 401);
    EXPECT_EQ(ask("DELETE", "/api/v1/tokens/my%20script", "", ann).status(), 404);
}

TEST_F(SignInTest, WhatIsDoneNamesWhoDidIt) {
    const std::string ann = claim_for_ann();
    const std::string key = persons.add_token("my script", "").value();
    const auto cause_by = [&](const std::string& token) {
        ask("PATCH", "/api/v1/devices/" + lamp, R"({"aliases":[")" + token.substr(0, 5) + "\"]}",
            "Bearer " + token);
        return to_json(home::to_value(home.recent_events().back().cause));
    };
    EXPECT_EQ(cause_by(ann), R"({"subject":{"kind":"person","id":")" +
                                 persons.find_named("Ann")->id + R"("},"via":"api"})");
    EXPECT_EQ(cause_by(key), R"({"subject":{"kind":"token","id":"my script"},"via":"api"})");
    EXPECT_EQ(cause_by("secret"), R"({"subject":{"kind":"hub","id":"admin token"},"via":"api"})");
}

TEST_F(SignInTest, ACookieAloneChangesNothingFromAnotherSite) {
    const std::string ann = claim_for_ann();
    Request rename =
        with_cookie(request("PATCH", "/api/v1/devices/" + lamp, R"({"name":"Mine"})"), ann);
    for (const char* origin : {"", "http://evil.example", "null", "http://127.0.0.1:8081"}) {
        rename.origin = origin;
        const auto refused = finished(rename);
        EXPECT_EQ(refused.status(), 403) << origin;
        EXPECT_EQ(refused.body().at("code"), Value("cross_site"));
    }
    rename.origin = "http://127.0.0.1:8080";
    rename.sec_fetch_site = "cross-site";
    EXPECT_EQ(finished(rename).status(), 403);
    EXPECT_EQ(home.find(lamp)->name(), "Lamp");
    rename.sec_fetch_site = "same-origin";
    EXPECT_EQ(finished(rename).status(), 200);
}

TEST_F(SignInTest, AnotherSiteCannotLogAPersonIn) {
    claim_for_ann();
    Request asked = request("POST", "/api/v1/session",
                            to_json(ValueMap{{"name", "Ann"}, {"password", "correct horse"}}));
    asked.origin = "http://evil.example";
    EXPECT_EQ(finished(asked).status(), 403);
}

TEST_F(SignInTest, ATokenInTheHeaderIsNoOtherSites) {
    Request asked = request("POST", "/api/v1/claim-codes");
    asked.authorization = "Bearer secret";
    asked.origin = "http://evil.example";
    EXPECT_EQ(finished(asked).status(), 201);
}

TEST_F(SignInTest, AClaimedHubGivesNoOtherCode) {
    EXPECT_EQ(ask("POST", "/api/v1/claim-codes").status(), 201);
    claim_for_ann();
    const auto refused = ask("POST", "/api/v1/claim-codes");
    EXPECT_EQ(refused.status(), 409);
    EXPECT_EQ(refused.body().at("detail"),
              Value("this hub is claimed already; log in with your name"));
}

TEST_F(SignInTest, AnApiTokenIsNoCookie) {
    const std::string key = persons.add_token("script", "").value();
    EXPECT_EQ(send(with_cookie(request("GET", "/api/v1/devices"), key)).status(), 401);
    EXPECT_EQ(send(with_cookie(request("GET", "/api/v1/devices"), "secret")).status(), 401);
}

TEST_F(SignInTest, PeopleAreListedWithoutTheirPasswords) {
    claim_for_ann();
    const auto people = ask("GET", "/api/v1/persons");
    EXPECT_EQ(people.body().as_list()->front().at("name"), Value("Ann"));
    EXPECT_THAT(people.answer->value().body, Not(HasSubstr("argon2")));
}

} // namespace
} // namespace hearth::api
