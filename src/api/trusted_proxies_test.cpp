#include "api/trusted_proxies.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hearth::api {
namespace {

TrustedProxies trusted(std::string_view list) {
    return TrustedProxies::parse(list).value();
}

Forwarding by(std::string_view forwarded_for, std::string_view proto = "") {
    return {forwarded_for, proto, true};
}

TEST(TrustedProxiesTest, HoldsAddressesAndNetworks) {
    const TrustedProxies proxies = trusted("127.0.0.1, 10.1.0.0/16 ,2001:db8::/32,::1");
    for (const char* inside :
         {"127.0.0.1", "10.1.255.7", "2001:db8:7::1", "::1", "::ffff:10.1.0.1"})
        EXPECT_TRUE(proxies.holds(inside)) << inside;
    for (const char* outside : {"127.0.0.2", "10.2.0.1", "2001:db9::1", "", "localhost", "10.1"})
        EXPECT_FALSE(proxies.holds(outside)) << outside;
    EXPECT_FALSE(TrustedProxies().holds("127.0.0.1"));
}

TEST(TrustedProxiesTest, WhatIsNoAddressIsNamed) {
    for (const char* bad : {"proxy.example", "10.0.0.0/33", "10.0.0", "::g", "127.0.0.1,,x"}) {
        const auto parsed = TrustedProxies::parse(bad);
        ASSERT_FALSE(parsed.has_value()) << bad;
        EXPECT_THAT(parsed.error().detail, testing::HasSubstr("is no address or network"));
    }
    EXPECT_TRUE(TrustedProxies::parse("").has_value());
}

TEST(TrustedProxiesTest, AStrangersHeadersAreNotBelieved) {
    const TrustedProxies proxies = trusted("10.0.0.1");
    EXPECT_EQ(proxies.client_of("192.0.2.9", false, by("198.51.100.1", "https")),
              (Client{"192.0.2.9", false, false}));
}

TEST(TrustedProxiesTest, ATrustedProxyTellsWhoAskedAndHow) {
    const TrustedProxies proxies = trusted("127.0.0.1,10.0.0.1");
    EXPECT_EQ(proxies.client_of("127.0.0.1", false, by("198.51.100.1", "https")),
              (Client{"198.51.100.1", false, true}));
    // What the client itself wrote stands before what the proxies wrote.
    EXPECT_EQ(proxies.client_of("127.0.0.1", true, by("1.2.3.4, 198.51.100.1, 10.0.0.1", "http")),
              (Client{"198.51.100.1", false, false}));
    EXPECT_EQ(proxies.client_of("127.0.0.1", false, by("[2001:db8::5]:4711")),
              (Client{"2001:db8::5", false, false}));
    EXPECT_EQ(proxies.client_of("127.0.0.1", false, by("198.51.100.1:4711")),
              (Client{"198.51.100.1", false, false}));
    EXPECT_EQ(proxies.client_of("127.0.0.1", false, by("unknown")),
              (Client{"127.0.0.1", false, false}));
}

TEST(TrustedProxiesTest, WhatCameThroughAProxyIsNotOfThisMachineWhoeverTheProxyIs) {
    const TrustedProxies none;
    EXPECT_TRUE(none.client_of("127.0.0.1", false, {}).from_loopback);
    EXPECT_TRUE(none.client_of("::1", false, {}).from_loopback);
    EXPECT_FALSE(none.client_of("127.0.0.1", false, by("127.0.0.1")).from_loopback);
    EXPECT_FALSE(trusted("127.0.0.1").client_of("127.0.0.1", false, by("127.0.0.1")).from_loopback);
    EXPECT_FALSE(none.client_of("127.0.0.1", false, {"", "", true}).from_loopback);
    EXPECT_FALSE(none.client_of("192.0.2.1", false, {}).from_loopback);
}

} // namespace
} // namespace hearth::api
