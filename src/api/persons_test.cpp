#include "api/test_api.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

/// Who lives here, and what they may do through the API.
namespace hearth::api {
namespace {

using testing::HasSubstr;

struct PersonsTest : testing::Test, TestApi {
    PersonsTest() { owner = claim_for_ann(); }

    Asked as(const std::string& token, std::string method, const std::string& target,
             std::string body = {}) {
        Request asked = request(std::move(method), target, std::move(body));
        asked.authorization = "Bearer " + token;
        return finished(std::move(asked));
    }
    Asked as_owner(std::string method, const std::string& target, std::string body = {}) {
        return as(owner, std::move(method), target, std::move(body));
    }
    std::string sign_in(std::string_view name, std::string_view password = "correct horse") {
        const ValueMap body{{"name", name}, {"password", password}};
        return std::string(finished(request("POST", "/api/v1/session", to_json(body)))
                               .body()
                               .at("token")
                               .string_or(""));
    }
    /// Ben, with such rights as JSON; returns his token.
    std::string ben(const std::string& rights = R"("role": "guest")") {
        EXPECT_EQ(as_owner("POST", "/api/v1/persons",
                           R"({"name": "Ben", "password": "correct horse", )" + rights + "}")
                      .status(),
                  201);
        return sign_in("Ben");
    }
    std::shared_ptr<FakeSocket> live(const std::string& token) {
        Request asked = request("GET", "/api/v1/live");
        asked.authorization = "Bearer " + token;
        asked.upgrade = true;
        const Asked opened = send(std::move(asked));
        EXPECT_EQ(opened.status(), 101);
        auto socket = std::make_shared<FakeSocket>();
        (*opened.answer)->web_socket(socket);
        return socket;
    }
    static std::size_t devices_in(const Value& snapshot) {
        return snapshot.at("devices").as_list()->size();
    }
    static constexpr const char* use_study =
        R"("role": "guest", "grants": [{"areas": ["Study"], "verbs": ["use"]}])";

    std::string owner;
    home::DeviceId desk = announce("desk", "Desk lamp");
    home::AreaId study = home.add_area({}, {.name = "Study"}).value();
    bool placed = home.edit({}, desk, {.area = "Study"}).has_value();
};

TEST_F(PersonsTest, AnOwnerAddsChangesAndForgetsPeople) {
    const Asked added = as_owner(
        "POST", "/api/v1/persons",
        R"({"name": "Cleo", "password": "correct horse", "role": "guest", "until": "2099-01-01T00:00:00Z"})");
    ASSERT_EQ(added.status(), 201);
    EXPECT_EQ(added.body().at("role"), Value("guest"));
    const Asked changed = as_owner(
        "PATCH", "/api/v1/persons/cleo",
        R"({"role": "member", "until": null, "grants": [{"areas": ["Study"], "verbs": ["use"]}]})");
    ASSERT_EQ(changed.status(), 200);
    EXPECT_EQ(changed.body().at("grants").as_list()->front().at("areas"),
              Value(ValueList{Value(study)}));
    EXPECT_EQ(as_owner("DELETE", "/api/v1/persons/Cleo").status(), 204);
    EXPECT_EQ(as_owner("DELETE", "/api/v1/persons/Cleo").status(), 404);
    EXPECT_EQ(as_owner("GET", "/api/v1/persons").body().as_list()->size(), 1U);
}

TEST_F(PersonsTest, AHomeKeepsAnOwner) {
    EXPECT_EQ(as_owner("DELETE", "/api/v1/persons/Ann").status(), 409);
    EXPECT_EQ(as_owner("PATCH", "/api/v1/persons/Ann", R"({"role": "member"})").status(), 409);
}

TEST_F(PersonsTest, WhatMakesNoSenseIsRefused) {
    const auto status = [&](const std::string& body) {
        return as_owner("POST", "/api/v1/persons", body).status();
    };
    EXPECT_EQ(status(R"({"name": "Ben"})"), 400);
    EXPECT_EQ(status(R"({"name": "Ben", "password": "short"})"), 400);
    EXPECT_EQ(status(R"({"name": "ann", "password": "correct horse"})"), 409);
    EXPECT_EQ(status(R"({"name": "Ben", "password": "correct horse", "age": 7})"), 400);
    EXPECT_EQ(
        status(
            R"({"name": "Ben", "password": "correct horse", "grants": [{"areas": ["Moon"], "verbs": ["use"]}]})"),
        404);
    EXPECT_EQ(as_owner("GET", "/api/v1/persons").body().as_list()->size(), 1U);
}

TEST_F(PersonsTest, NobodyButAnOwnerManages) {
    const std::string token = ben(R"("role": "member")");
    for (const auto& [method, target] :
         {std::pair{"POST", "/api/v1/persons"}, std::pair{"PATCH", "/api/v1/persons/Ben"},
          std::pair{"DELETE", "/api/v1/persons/Ann"}, std::pair{"GET", "/api/v1/credentials"},
          std::pair{"POST", "/api/v1/credentials"}, std::pair{"GET", "/api/v1/refused"},
          std::pair{"POST", "/api/v1/claim-codes"}, std::pair{"DELETE", "/api/v1/devices/Lamp"}})
        EXPECT_EQ(as(token, method, target, R"({"role": "owner"})").status(), 403) << target;
    EXPECT_EQ(
        as(token, "PUT", "/api/v1/persons/Ann/password", R"({"password": "my own one"})").status(),
        403);
    EXPECT_THAT(to_json(ask("GET", "/api/v1/refused").body()), HasSubstr("Ben may not manage"));
}

TEST_F(PersonsTest, OthersAreKnownByNameOnly) {
    const std::string token = ben();
    const Value all = as(token, "GET", "/api/v1/persons").body();
    for (const Value& person : *all.as_list())
        EXPECT_EQ(person.as_map()->contains("role"), person.at("name") == Value("Ben"));
}

TEST_F(PersonsTest, WhatOneMayNotSeeIsNotThere) {
    const std::string token = ben(use_study);
    const Value devices = as(token, "GET", "/api/v1/devices").body();
    ASSERT_EQ(devices.as_list()->size(), 1U);
    EXPECT_EQ(devices.as_list()->front().at("id"), Value(desk));
    EXPECT_EQ(as(token, "GET", "/api/v1/devices/Lamp").status(), 404);
    EXPECT_EQ(as(token, "GET", "/api/v1/events?device=Lamp").status(), 404);
    report("on_off.on", true);
    const Asked events = as(token, "GET", "/api/v1/events");
    EXPECT_THAT((*events.answer)->body, testing::Not(HasSubstr(lamp)));
    EXPECT_THAT((*events.answer)->body, HasSubstr(desk));
    EXPECT_EQ(as(token, "GET", "/api/v1/automations").status(), 403);
    EXPECT_EQ(as(token, "GET", "/metrics").status(), 403);
}

TEST_F(PersonsTest, ACommandIsJudged) {
    const std::string token = ben(use_study);
    constexpr const char* on = R"({"set": {"on_off.on": true}})";
    EXPECT_EQ(as(token, "POST", "/api/v1/devices/Lamp/commands", on).status(), 404);
    const Asked done = as(token, "POST", "/api/v1/devices/Desk lamp/commands", on);
    EXPECT_EQ(done.status(), 202);
    const std::string command = to_json(done.body().at("command"));
    EXPECT_EQ(as(token, "GET", "/api/v1/commands/" + command).status(), 202);
    const Asked other = as_owner("POST", "/api/v1/devices/Lamp/commands", on);
    EXPECT_EQ(as(token, "GET", "/api/v1/commands/" + to_json(other.body().at("command"))).status(),
              404);
    EXPECT_EQ(as(token, "PATCH", "/api/v1/devices/Desk lamp", R"({"name": "Mine"})").status(), 403);
    ASSERT_EQ(as_owner("PATCH", "/api/v1/persons/Ben",
                       R"({"grants": [{"areas": ["Study"], "verbs": ["see"]}]})")
                  .status(),
              200);
    EXPECT_EQ(as(token, "POST", "/api/v1/devices/Desk lamp/commands", on).status(), 403);
    EXPECT_EQ(as(token, "DELETE", "/api/v1/devices/Desk lamp/desired").status(), 403);
}

TEST_F(PersonsTest, ASentenceIsJudged) {
    const std::string token = ben(use_study);
    const auto say = [&](const std::string& sentence) {
        return as(token, "POST", "/api/v1/conversation", to_json(ValueMap{{"text", sentence}}));
    };
    announce("kettle", "Kettle");
    EXPECT_EQ(say("turn on the kettle").body().at("outcome"), Value()) << "there is none for Ben";
    say("turn on the desk lamp"); // answered once the lamp has had its time
    ASSERT_EQ(home.open_commands().size(), 1U);
    EXPECT_EQ(home.open_commands().begin()->second.command.device, desk);
    ASSERT_EQ(as_owner("PATCH", "/api/v1/persons/Ben",
                       R"({"grants": [{"areas": ["Study"], "verbs": ["see"]}]})")
                  .status(),
              200);
    const Asked refused = say("turn off the desk lamp");
    EXPECT_EQ(refused.body().at("outcome"), Value("failed"));
    EXPECT_THAT(std::string(refused.body().at("reply").string_or("")), HasSubstr("may not use"));
    EXPECT_EQ(home.open_commands().size(), 1U);
}

TEST_F(PersonsTest, TheLiveStreamShowsWhatOneMaySee) {
    const auto socket = live(ben(use_study));
    ASSERT_EQ(socket->texts.size(), 1U);
    EXPECT_EQ(devices_in(socket->texts[0]), 1U);
    report("on_off.on", true);
    turn(0);
    EXPECT_EQ(socket->texts.size(), 1U) << "nothing of the other lamp";
    ASSERT_TRUE(home.record(home::Cause::of_device(desk),
                            home::AttributeReported{desk, {{{"on_off.on"}, true}}}));
    turn(0);
    EXPECT_EQ(socket->texts.size(), 3U) << "its event and the device";
}

TEST_F(PersonsTest, ADeviceThatMovesOutOfSightGoes) {
    const auto socket = live(ben(use_study));
    ASSERT_TRUE(home.edit({}, desk, {.area = "Hall"}));
    turn(0);
    ASSERT_EQ(socket->texts.size(), 2U);
    EXPECT_EQ(devices_in(socket->texts[1]), 0U);
}

TEST_F(PersonsTest, WhoArrangesARoomMovesNothingElsewhere) {
    const std::string token =
        ben(R"("role": "member", "grants": [{"areas": ["Study"], "verbs": ["arrange"]}])");
    ASSERT_TRUE(home.add_area({}, {.name = "Hall"}));
    const auto move = [&](const char* area) {
        return as(token, "PATCH", "/api/v1/devices/Desk lamp",
                  to_json(ValueMap{{"area", area}, {"name", "My lamp"}}))
            .status();
    };
    for (const char* elsewhere : {"Hall", "A new room", ""})
        EXPECT_EQ(move(elsewhere), 403) << elsewhere;
    EXPECT_EQ(home.find(desk)->name(), "Desk lamp");
    EXPECT_EQ(move("Study"), 200);
    ASSERT_EQ(as_owner("PATCH", "/api/v1/persons/Ben",
                       R"({"grants": [{"areas": ["Study", "Hall"], "verbs": ["arrange"]}]})")
                  .status(),
              200);
    EXPECT_EQ(as(token, "PATCH", "/api/v1/devices/My lamp", R"({"area": "Hall"})").status(), 200);
}

TEST_F(PersonsTest, ADeviceThatIsForgottenIsGoneForAGuestToo) {
    const auto socket = live(ben(use_study));
    ASSERT_TRUE(home.record(home::Cause::of_device(desk), home::DeviceLeft{desk}));
    ASSERT_TRUE(home.forget({}, desk));
    turn(0);
    ASSERT_EQ(socket->texts.size(), 2U);
    EXPECT_EQ(devices_in(socket->texts[1]), 0U);
}

TEST_F(PersonsTest, WhoseRightsChangeIsShownTheHomeAnewAlsoWhereAllIsSeen) {
    const auto socket = live(ben(R"("role": "member")"));
    const auto owners = live(owner);
    ASSERT_EQ(as_owner("PATCH", "/api/v1/persons/Ben", R"({"role": "child"})").status(), 200);
    EXPECT_EQ(socket->texts.size(), 2U);
    EXPECT_EQ(owners->texts.size(), 1U);
}

TEST_F(PersonsTest, RightsThatChangeCountAtOnceInAnOpenStream) {
    const auto socket = live(ben(R"("role": "member")"));
    EXPECT_EQ(devices_in(socket->texts.back()), 2U);
    ASSERT_EQ(as_owner("PATCH", "/api/v1/persons/Ben",
                       R"({"grants": [{"areas": ["Study"], "verbs": ["see"]}]})")
                  .status(),
              200);
    EXPECT_EQ(devices_in(socket->texts.back()), 1U);
    ASSERT_EQ(as_owner("DELETE", "/api/v1/persons/Ben").status(), 204);
    EXPECT_EQ(socket->closed_with, 1008);
}

TEST_F(PersonsTest, AGuestsStreamEndsWithTheirTime) {
    clock.jump_to(home::PersonBook::clock_was_set + hours);
    const std::string until = to_rfc3339(clock.utc() + minutes);
    const std::string token = ben(
        fmt::format(R"("role": "guest", "until": "{}", "grants": [{{"verbs": ["use"]}}])", until));
    const auto socket = live(token);
    EXPECT_FALSE(socket->closed_with);
    turn(minutes + 5 * seconds);
    EXPECT_EQ(socket->closed_with, 1008);
    EXPECT_EQ(as(token, "GET", "/api/v1/devices").status(), 401);
    const ValueMap body{{"name", "Ben"}, {"password", "correct horse"}};
    EXPECT_EQ(finished(request("POST", "/api/v1/session", to_json(body))).status(), 403);
}

TEST_F(PersonsTest, ARuleIsJudgedByItsAuthor) {
    constexpr const char* rule =
        R"({"name": "On", "triggers": [{"time": "07:30"}],
            "actions": [{"set": {"on_off.on": true}, "device": "Desk lamp"}]})";
    const std::string token = ben(R"("role": "member", "grants": [{"verbs": ["arrange"]}])");
    const Asked refused = as(token, "POST", "/api/v1/automations", rule);
    EXPECT_EQ(refused.status(), 403) << (*refused.answer)->body;
    ASSERT_EQ(as_owner("PATCH", "/api/v1/persons/Ben", R"({"grants": []})").status(), 200);
    ASSERT_EQ(as(token, "POST", "/api/v1/automations", rule).status(), 201);
    automations.resume();
    ASSERT_EQ(as_owner("PATCH", "/api/v1/persons/Ben", R"({"role": "guest"})").status(), 200);
    ASSERT_EQ(as_owner("POST", "/api/v1/automations/on/run").status(), 202);
    automations.advance();
    EXPECT_TRUE(home.open_commands().empty());
    EXPECT_THAT(to_json(as_owner("GET", "/api/v1/automations/on/runs").body()),
                HasSubstr("there is no device"));
    // Whoever may do it saves it again, and takes it over.
    ASSERT_EQ(as_owner("PUT", "/api/v1/automations/on", rule).status(), 200);
    ASSERT_EQ(as_owner("POST", "/api/v1/automations/on/run").status(), 202);
    automations.advance();
    EXPECT_EQ(home.open_commands().size(), 1U);
}

TEST_F(PersonsTest, OnesOwnPasswordNeedsTheOldOne) {
    const std::string token = ben();
    const std::string second = sign_in("Ben");
    const auto change = [&](const std::string& old) {
        return as(token, "PUT", "/api/v1/persons/Ben/password",
                  to_json(ValueMap{{"password", "battery staple"}, {"old_password", old}}));
    };
    EXPECT_EQ(as(token, "PUT", "/api/v1/persons/Ben/password", R"({"password": "battery staple"})")
                  .status(),
              400);
    // The old one is looked at first, then the new one is hashed.
    Asked wrong = change("a wrong one");
    EXPECT_EQ(wrong.status(), 403);
    Asked right = change("correct horse");
    workers.work();
    journal.commit();
    EXPECT_EQ(right.status(), 204);
    EXPECT_EQ(as(token, "GET", "/api/v1/devices").status(), 200) << "this session goes on";
    EXPECT_EQ(as(second, "GET", "/api/v1/devices").status(), 401);
    EXPECT_FALSE(sign_in("Ben", "battery staple").empty());
}

TEST_F(PersonsTest, AnOwnerSetsOneThatWasForgotten) {
    const std::string token = ben();
    EXPECT_EQ(as_owner("PUT", "/api/v1/persons/Ben/password", R"({"password": "battery staple"})")
                  .status(),
              204);
    EXPECT_EQ(as(token, "GET", "/api/v1/devices").status(), 401);
    EXPECT_FALSE(sign_in("Ben", "battery staple").empty());
    EXPECT_EQ(ask("PUT", "/api/v1/persons/Ann/password", R"({"password": "short"})").status(), 400);
}

TEST_F(PersonsTest, TokensHaveTheRightsOfWhoMadeThemAndAreTheirs) {
    const std::string token = ben(use_study);
    const Asked made = as(token, "POST", "/api/v1/tokens", R"({"name": "bens"})");
    ASSERT_EQ(made.status(), 201);
    const std::string script(made.body().at("token").string_or(""));
    EXPECT_EQ(as(script, "GET", "/api/v1/devices").body().as_list()->size(), 1U);
    ASSERT_EQ(as_owner("POST", "/api/v1/tokens", R"({"name": "anns"})").status(), 201);
    EXPECT_EQ(as(token, "GET", "/api/v1/tokens").body().as_list()->size(), 1U);
    EXPECT_EQ(as(token, "DELETE", "/api/v1/tokens/anns").status(), 404);
    EXPECT_EQ(as_owner("GET", "/api/v1/tokens").body().as_list()->size(), 2U);
    ASSERT_EQ(as_owner("DELETE", "/api/v1/persons/Ben").status(), 204);
    EXPECT_EQ(as(script, "GET", "/api/v1/devices").status(), 401);
}

TEST_F(PersonsTest, AnEventNamesThePersonBehindIt) {
    const std::string token = ben(R"("role": "member")");
    as(token, "POST", "/api/v1/conversation", R"({"text": "turn on the desk lamp"})");
    const Value event = as_owner("GET", "/api/v1/events").body().at("events").as_list()->back();
    EXPECT_EQ(event.at("kind"), Value("command_issued"));
    EXPECT_EQ(event.at("cause").at("subject").at("name"), Value("Ben"));
    EXPECT_EQ(event.at("cause").at("via"), Value("sentence"));
    EXPECT_EQ(event.at("cause").at("said"), Value("turn on the desk lamp"));
}

} // namespace
} // namespace hearth::api
