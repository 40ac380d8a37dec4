// What is answered while the disk takes nothing is true: "nothing was done" where nothing was.
#include "api/test_api.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hearth::api {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

struct FullDiskTest : testing::Test, TestApi {
    const Error full{Code::unavailable, "no room"};

    void expect_nothing_done(const Asked& asked, const std::string& what) {
        EXPECT_EQ(asked.status(), 503) << what;
        EXPECT_THAT(asked.detail(), HasSubstr("nothing was done")) << what;
    }
};

constexpr const char* rule =
    R"({"name":"R","triggers":[{"time":"07:00"}],"actions":[{"delay":"00:00:01"}]})";

TEST_F(FullDiskTest, WhatMakesOrChangesSomethingIsRefusedBefore) {
    journal.fail(full);
    const auto before = journal.last();
    for (const auto& [method, path, body] :
         std::vector<std::tuple<std::string, std::string, std::string>>{
             {"POST", "/api/v1/tokens", R"({"name":"t"})"},
             {"POST", "/api/v1/credentials", R"({"name":"plug"})"},
             {"POST", "/api/v1/automations", rule},
             {"POST", "/api/v1/claim", R"({"code":"x","name":"Ann","password":"correct horse"})"},
             {"POST", "/api/v1/session", R"({"name":"Ann","password":"correct horse"})"},
             {"PATCH", "/api/v1/devices/Lamp", R"({"name":"Other"})"},
             {"POST", "/api/v1/devices/Lamp/commands", R"({"set":{"on_off.on":true}})"}})
        expect_nothing_done(ask(method, path, body), method + " " + path);
    EXPECT_EQ(journal.last(), before);
    EXPECT_EQ(ask("GET", "/api/v1/devices").status(), 200) << "what is only looked at is shown";
}

TEST_F(FullDiskTest, WhatIsMadeInTheMomentInWhichTheDiskTurnsFullIsTakenBack) {
    journal.fail_at_next_write(full);
    expect_nothing_done(ask("POST", "/api/v1/tokens", R"({"name":"t"})"), "a token");
    EXPECT_THAT(persons.tokens(), IsEmpty());
}

TEST_F(FullDiskTest, CredentialsAreTakenBackToo) {
    journal.fail_at_next_write(full);
    expect_nothing_done(ask("POST", "/api/v1/credentials", R"({"name":"plug"})"), "credentials");
    EXPECT_THAT(credentials.all(), IsEmpty());
}

TEST_F(FullDiskTest, ASessionIsTakenBackToo) {
    claim_for_ann();
    const auto before = persons.sessions().size();
    journal.fail_at_next_write(full);
    const auto asked = finished(
        request("POST", "/api/v1/session", R"({"name":"Ann","password":"correct horse"})"));
    expect_nothing_done(asked, "a session");
    EXPECT_EQ(persons.sessions().size(), before);
}

TEST_F(FullDiskTest, DeletingGoesOnAndSaysThatItMayNotLast) {
    ask("POST", "/api/v1/credentials", R"({"name":"plug"})");
    journal.commit();
    journal.fail(full);
    const auto asked = ask("DELETE", "/api/v1/credentials/plug");
    journal.commit();
    EXPECT_EQ(asked.status(), 503);
    EXPECT_THAT(asked.detail(), HasSubstr("may have been done"));
    EXPECT_THAT(credentials.all(), IsEmpty()) << "it is what makes room";
}

TEST_F(FullDiskTest, WhatWasDoneBeforeTheDiskFailedIsSaidToBeMaybeDone) {
    const auto asked =
        ask("POST", "/api/v1/devices/Lamp/commands", R"({"set":{"on_off.on":true}})");
    journal.fail({Code::io, "fdatasync failed"});
    EXPECT_EQ(asked.status(), 503) << "also where it is an I/O error";
    EXPECT_THAT(asked.detail(), HasSubstr("fdatasync failed; it may have been done"));
}

} // namespace
} // namespace hearth::api
