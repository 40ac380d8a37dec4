#include "access/password.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hearth::access {
namespace {

constexpr PasswordCost cheap{.memory_kib = 64, .passes = 1};

TEST(Password, MatchesOnlyItself) {
    SeededRandom random{1};
    const std::string hash = hash_password("correct horse", make_salt(random), cheap).value();
    EXPECT_TRUE(password_matches(hash, "correct horse"));
    EXPECT_FALSE(password_matches(hash, "correct horsE"));
    EXPECT_FALSE(password_matches(hash, ""));
}

TEST(Password, IsKeptAsArgon2idWithTheRecommendedCost) {
    SeededRandom random{1};
    const std::string hash = hash_password("correct horse", make_salt(random)).value();
    EXPECT_THAT(hash, testing::StartsWith("$argon2id$v=19$m=19456,t=2,p=1$"));
    EXPECT_TRUE(password_matches(hash, "correct horse"));
}

TEST(Password, EqualPasswordsHaveDifferentHashes) {
    SeededRandom random{1};
    const std::string one = hash_password("correct horse", make_salt(random), cheap).value();
    EXPECT_NE(one, hash_password("correct horse", make_salt(random), cheap).value());
}

TEST(Password, NobodyHasNone) {
    EXPECT_FALSE(password_matches("", ""));
    EXPECT_FALSE(password_matches("", "correct horse"));
    EXPECT_FALSE(password_matches("no hash at all", "correct horse"));
}

TEST(Password, IsCountedInCharactersOfAnyScript) {
    EXPECT_TRUE(check_password("12345678"));
    EXPECT_FALSE(check_password("1234567"));
    EXPECT_FALSE(check_password("密码密码密码密")) << "seven characters, twenty-one bytes";
    EXPECT_TRUE(check_password("密码密码密码密码"));
    EXPECT_TRUE(check_password(std::string(200, 'x')));
    EXPECT_FALSE(check_password(std::string(201, 'x')));
    EXPECT_FALSE(check_password("12345678\xff"));
}

} // namespace
} // namespace hearth::access
