#include "api/test_api.h"

#include <gtest/gtest.h>

namespace hearth::api {
namespace {

struct CatalogRouteTest : ::testing::Test, TestApi {};

TEST_F(CatalogRouteTest, TypesAndCapabilitiesAreShownAsTheCatalogueHasThem) {
    const Value body = ask("GET", "/api/v1/catalog").body();
    const Value& lock = body.at("device_types").at("lock");
    EXPECT_EQ(lock.at("icon"), Value("lock"));
    EXPECT_EQ(lock.at("primary"), Value("lock.state"));
    EXPECT_EQ(lock.at("domains"), Value(ValueList{"lock"}));
    EXPECT_EQ(lock.at("matter"), Value(ValueList{10}));
    EXPECT_EQ(body.at("device_types").at("garage_door").at("classes"), Value(ValueList{"garage"}));
    EXPECT_EQ(body.at("readings").as_list()->front(), Value("occupancy.occupied"));
    const Value& level = body.at("capabilities").at("level").at("percent");
    EXPECT_EQ(to_json(level), R"({"type":"number","unit":"%","min":0.0,"max":100.0,"write":true})");
    const Value& on = body.at("capabilities").at("on_off").at("on");
    EXPECT_EQ(on.at("ask_first").at("values"), Value(ValueList{true}));
    EXPECT_TRUE(body.at("capabilities").at("untyped").at("*").is_map());
}

TEST_F(CatalogRouteTest, WhoHasItAlreadyGetsItNotAgain) {
    const std::string etag = ask("GET", "/api/v1/catalog").header("ETag");
    ASSERT_TRUE(etag.starts_with("\"") && etag.ends_with("\"")) << etag;
    const auto again = [&](std::string known) {
        Request asked = request("GET", "/api/v1/catalog");
        asked.authorization = "Bearer secret";
        asked.if_none_match = std::move(known);
        return send(std::move(asked));
    };
    for (const std::string& known : {etag, "W/" + etag, "\"old\", " + etag, std::string("*")}) {
        EXPECT_EQ(again(known).status(), 304) << known;
        EXPECT_EQ((*again(known).answer)->body, "");
    }
    EXPECT_EQ(again("\"old\"").status(), 200);
    EXPECT_EQ(ask("GET", "/api/v1/catalog").header("Cache-Control"), "private, no-cache");
}

TEST_F(CatalogRouteTest, WhoHasNotComeInIsNotShownIt) {
    EXPECT_EQ(ask("GET", "/api/v1/catalog", "", "").status(), 401);
}

} // namespace
} // namespace hearth::api
