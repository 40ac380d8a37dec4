#include "base/crypto.h"
#include "base/random.h"

#include <set>

#include <gtest/gtest.h>

namespace hearth {
namespace {

TEST(Crc32c, AgreesWithRfc3720AppendixB4) {
    EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8A9136AAU);
    EXPECT_EQ(crc32c(std::string(32, '\xff')), 0x62A8AB43U);
    EXPECT_EQ(crc32c("123456789"), 0xE3069283U);
    EXPECT_EQ(crc32c("6789", crc32c("12345")), 0xE3069283U);
}

TEST(Sha256, AgreesWithFips180) {
    EXPECT_EQ(to_hex(sha256("abc")),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Hex, GoesThereAndBack) {
    EXPECT_EQ(from_hex("00fFa0"), std::string("\x00\xff\xa0", 3));
    EXPECT_EQ(from_hex("0"), "");
    EXPECT_EQ(from_hex("zz"), "");
}

TEST(EqualSecret, IsEqualityAllTheSame) {
    EXPECT_TRUE(equal_secret("abc", "abc"));
    EXPECT_FALSE(equal_secret("abc", "abd"));
    EXPECT_FALSE(equal_secret("abc", "ab"));
}

TEST(RandomId, DiffersEachTimeAndRepeatsWithItsSeed) {
    SecureRandom secure;
    std::set<std::string> ids;
    for (int i = 0; i < 1'000; ++i)
        ids.insert(random_id(secure, 8));
    EXPECT_EQ(ids.size(), 1'000U);
    SeededRandom a(5);
    SeededRandom b(5);
    EXPECT_EQ(random_id(a, 20), random_id(b, 20));
}

} // namespace
} // namespace hearth
