#include "net/certificate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hearth::net {
namespace {

using testing::MatchesRegex;

CertificateRequest request() {
    return {.names = {"hub", "hub.local"},
            .addresses = {"192.168.1.5", "2001:db8::5"},
            .now = 1'750'000'000 * seconds};
}

TEST(Certificate, IsReadBackAsItWasMade) {
    const auto made = make_certificate(request());
    ASSERT_TRUE(made) << made.error().detail;
    EXPECT_EQ(made->not_after, request().now + 397 * days);
    EXPECT_THAT(made->fingerprint, MatchesRegex("[0-9A-F][0-9A-F](:[0-9A-F][0-9A-F])+"));
    EXPECT_EQ(made->fingerprint.size(), 32U * 3 - 1);
    const auto read = read_certificate(made->certificate_pem, made->key_pem).value();
    EXPECT_EQ(read.fingerprint, made->fingerprint);
    EXPECT_EQ(read.not_after, made->not_after);
}

TEST(Certificate, EachHasAKeyOfItsOwn) {
    const auto one = make_certificate(request()).value();
    const auto other = make_certificate(request()).value();
    EXPECT_NE(one.fingerprint, other.fingerprint);
    EXPECT_EQ(read_certificate(one.certificate_pem, other.key_pem).error().code, Code::damaged);
}

TEST(Certificate, WhatIsNoPemIsDamaged) {
    const auto made = make_certificate(request()).value();
    for (const std::string& text :
         {std::string(), std::string("x"), made.certificate_pem.substr(9)})
        EXPECT_EQ(read_certificate(text, made.key_pem).error().code, Code::damaged);
    EXPECT_EQ(read_certificate(made.certificate_pem, "").error().code, Code::damaged);
}

TEST(Certificate, NamesThatWouldSmuggleInOthersAreRefused) {
    for (const char* name : {"", "a,DNS:b", "a b", "é"}) {
        auto bad = request();
        bad.names = {name};
        EXPECT_EQ(make_certificate(bad).error().code, Code::invalid) << name;
    }
    auto bad = request();
    bad.addresses = {"1.2.3.4,DNS:evil"};
    EXPECT_EQ(make_certificate(bad).error().code, Code::invalid);
    bad.names.clear();
    EXPECT_EQ(make_certificate(bad).error().code, Code::invalid);
}

TEST(OwnAddresses, AreNeverLoopback) {
    for (const std::string& address : own_addresses()) {
        EXPECT_NE(address, "::1");
        EXPECT_THAT(address, testing::Not(testing::StartsWith("127.")));
    }
    EXPECT_FALSE(own_host_name().empty());
}

} // namespace
} // namespace hearth::net
