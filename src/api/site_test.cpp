#include "api/site.h"

#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hearth::api {
namespace {

using testing::HasSubstr;
using namespace std::string_view_literals;

/// "hello\n", packed.
constexpr std::string_view hello =
    "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xcb\x48\xcd\xc9\xc9\xe7\x02\x00\x20\x30\x3a\x36\x06"
    "\x00\x00\x00"sv;

constexpr std::array files{
    SiteFile{"/assets/app-BkT3x_z1.js", "text/javascript; charset=utf-8", "\"a1\"", hello, true},
    SiteFile{"/index.html", "text/html; charset=utf-8", "\"b2\"", hello, false},
};

Request get(std::string path, std::string accept = "gzip, br") {
    Request request;
    request.method = "GET";
    request.path = std::move(path);
    request.accept_encoding = std::move(accept);
    return request;
}

std::string header(const Response& response, std::string_view name) {
    for (const auto& [key, value] : response.headers)
        if (key == name) return value;
    return "";
}

TEST(Site, GivesFilesAsTheyLieThere) {
    const Site site(files);
    const auto page = site.answer(get("/"));
    EXPECT_EQ(page.status, 200);
    EXPECT_EQ(page.content_type, "text/html; charset=utf-8");
    EXPECT_EQ(page.body, hello);
    EXPECT_EQ(header(page, "Content-Encoding"), "gzip");
    EXPECT_EQ(header(page, "Cache-Control"), "no-cache");
    EXPECT_THAT(header(page, "Content-Security-Policy"), HasSubstr("default-src 'self'"));
    EXPECT_THAT(header(page, "Content-Security-Policy"), HasSubstr("frame-ancestors 'none'"));
    const auto script = site.answer(get("/assets/app-BkT3x_z1.js"));
    EXPECT_THAT(header(script, "Cache-Control"), HasSubstr("immutable"));
}

TEST(Site, UnpacksForWhoTakesNoGzip) {
    const Site site(files);
    for (const char* accept : {"", "identity", "br", "gzip;q=0", "gzip; q=0.0", "xgzip"}) {
        const auto page = site.answer(get("/", accept));
        EXPECT_EQ(page.body, "hello\n") << accept;
        EXPECT_EQ(header(page, "Content-Encoding"), "") << accept;
    }
    for (const char* accept : {"GZIP", "br, gzip;q=0.5", "*"})
        EXPECT_EQ(site.answer(get("/", accept)).body, hello) << accept;
}

TEST(Site, WhatTheClientHasIsNotSentAgain) {
    const Site site(files);
    Request request = get("/");
    for (const char* known : {"\"b2\"", "W/\"b2\"", "\"x\", \"b2\"", "*"}) {
        request.if_none_match = known;
        const auto page = site.answer(request);
        EXPECT_EQ(page.status, 304) << known;
        EXPECT_TRUE(page.body.empty());
    }
    request.if_none_match = "\"old\"";
    EXPECT_EQ(site.answer(request).status, 200);
}

TEST(Site, PlacesWithinThePageGetThePage) {
    const Site site(files);
    EXPECT_EQ(site.answer(get("/devices/Lamp")).body, hello);
    EXPECT_EQ(site.answer(get("/assets/gone-12345678.js")).status, 404);
    EXPECT_EQ(site.answer(get("/../../etc/passwd.txt")).status, 404);
    Request post = get("/");
    post.method = "POST";
    EXPECT_EQ(site.answer(post).status, 405);
}

TEST(Site, WithoutAPageSaysHowToBuildIt) {
    const Site site(std::span<const SiteFile>{});
    const auto page = site.answer(get("/"));
    EXPECT_EQ(page.status, 200);
    EXPECT_THAT(page.body, HasSubstr("scripts/build-ui"));
}

TEST(Site, AlwaysHasAnIcon) {
    for (const Site& site : {Site(files), Site(std::span<const SiteFile>{})})
        for (const char* path : {"/favicon.ico", "/favicon.svg"}) {
            EXPECT_EQ(site.answer(get(path)).status, 200);
            EXPECT_EQ(site.answer(get(path)).content_type, "image/svg+xml");
        }
}

TEST(Site, LeavesTheApiAlone) {
    for (const char* path : {"/", "/index.html", "/apis", "/metricsx", "/favicon.ico"})
        EXPECT_TRUE(Site::owns(path)) << path;
    for (const char* path : {"/api", "/api/v1/devices", "/api/", "/metrics", "/mqtt"})
        EXPECT_FALSE(Site::owns(path)) << path;
}

TEST(Gzip, DamagedBytesAreAnError) {
    EXPECT_EQ(unpack_gzip(hello).value(), "hello\n");
    for (std::size_t length = 0; length < hello.size(); ++length)
        EXPECT_FALSE(unpack_gzip(hello.substr(0, length))) << length;
    std::string huge(hello);
    huge.back() = '\x7f';
    EXPECT_EQ(unpack_gzip(huge).error().code, Code::limit);
    std::string flags(hello);
    flags[3] = 4;
    EXPECT_FALSE(unpack_gzip(flags));
}

TEST(EmbeddedSite, CanBeUnpackedWhole) {
    for (const SiteFile& file : embedded_site())
        EXPECT_TRUE(unpack_gzip(file.bytes)) << file.path;
}

} // namespace
} // namespace hearth::api
