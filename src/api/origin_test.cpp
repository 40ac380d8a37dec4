#include "api/origin.h"

#include <gtest/gtest.h>

namespace hearth::api {
namespace {

TEST(OwnHost, IsAnAddressLocalhostOrAKnownName) {
    const auto names = names_of_machine("Hub.example.org");
    for (const char* host :
         {"127.0.0.1", "127.0.0.1:8080", "192.168.1.5:8443", "[::1]:8080", "[fe80::1]", "localhost",
          "LocalHost:8080", "localhost.", "hub", "HUB.local:8443", "hub.lan", "hub.home.arpa"})
        EXPECT_TRUE(is_own_host(host, names)) << host;
    for (const char* host :
         {"", ":8080", "example.org", "hub.example.org", "127.0.0.1.example.org", "localhost.evil",
          "[::1", "[evil]:8080", "[::1]x", "[::1]:8080x", "localhost:80:80", "localhost:80@evil",
          "evil", "1.2.3", "[localhost]"})
        EXPECT_FALSE(is_own_host(host, names)) << host;
    EXPECT_TRUE(names_of_machine("").empty());
}

Request from(std::string origin, std::string site = "", std::string host = "127.0.0.1:8080",
             bool secure = false) {
    Request request;
    request.origin = std::move(origin);
    request.sec_fetch_site = std::move(site);
    request.host = std::move(host);
    request.secure = secure;
    return request;
}

TEST(CrossSite, IsEveryOriginButTheHubsOwn) {
    EXPECT_FALSE(is_cross_site(from("http://127.0.0.1:8080")));
    EXPECT_FALSE(is_cross_site(from("https://hub.local", "", "hub.local:443", true)));
    EXPECT_FALSE(is_cross_site(from("http://HUB.local:80", "", "hub.local")));
    for (const char* origin :
         {"http://evil.example", "http://127.0.0.1:8081", "https://127.0.0.1:8080", "null",
          "http://127.0.0.1", "http://127.0.0.1:8080.evil", "http://localhost:8080", "http://",
          "127.0.0.1:8080"})
        EXPECT_TRUE(is_cross_site(from(origin))) << origin;
}

TEST(CrossSite, FetchMetadataCountToo) {
    EXPECT_TRUE(is_cross_site(from("", "cross-site")));
    EXPECT_TRUE(is_cross_site(from("http://127.0.0.1:8080", "cross-site")));
    EXPECT_TRUE(is_cross_site(from("", "same-site"))) << "another port of this machine";
    EXPECT_FALSE(is_cross_site(from("", "none")));
}

TEST(SameOrigin, MustBeProvenByABrowser) {
    EXPECT_TRUE(is_same_origin(from("http://127.0.0.1:8080")));
    EXPECT_TRUE(is_same_origin(from("", "same-origin")));
    EXPECT_FALSE(is_same_origin(from("")));
    EXPECT_FALSE(is_same_origin(from("", "none")));
    EXPECT_FALSE(is_same_origin(from("http://evil.example", "same-origin")));
}

TEST(Cookie, IsFoundByItsWholeName) {
    EXPECT_EQ(cookie_value("a=1; hearth_session=xyz; b=2", "hearth_session"), "xyz");
    EXPECT_EQ(cookie_value("not_hearth_session=1", "hearth_session"), "");
    EXPECT_EQ(cookie_value("hearth_session", "hearth_session"), "");
    EXPECT_EQ(cookie_value("hearth_session=", "hearth_session"), "");
    EXPECT_EQ(cookie_value("", "hearth_session"), "");
}

TEST(OriginTest, KnowsAHostName) {
    for (const char* good : {"home.example.org", "hub", "a-b.c_d.e", "xn--caf-dma.example"})
        EXPECT_TRUE(is_host_name(good)) << good;
    for (const char* bad :
         {"", ".", "home..org", "home.example.org:8080", "https://home", "a b", "*"})
        EXPECT_FALSE(is_host_name(bad)) << bad;
}

} // namespace
} // namespace hearth::api
