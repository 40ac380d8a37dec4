#include "access/claim_code.h"

#include <gtest/gtest.h>

namespace hearth::access {
namespace {

struct ClaimCodeTest : testing::Test {
    SeededRandom random{1};
    ClaimCode claim;
};

TEST_F(ClaimCodeTest, IsGoodOnceWhateverItsCase) {
    std::string code = claim.make(random, 0);
    ASSERT_EQ(code.size(), 9U);
    EXPECT_EQ(code[4], '-');
    for (char& c : code)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    EXPECT_EQ(claim.redeem(code, 1), ClaimCode::Verdict::accepted);
    EXPECT_EQ(claim.redeem(code, 2), ClaimCode::Verdict::none);
}

TEST_F(ClaimCodeTest, ExpiresAfterAQuarterOfAnHour) {
    const std::string code = claim.make(random, 0);
    EXPECT_EQ(claim.redeem(code, ClaimCode::good_for + 1), ClaimCode::Verdict::expired);
    EXPECT_FALSE(claim.is_open(ClaimCode::good_for + 1));
}

TEST_F(ClaimCodeTest, TheTwentyFirstTryIsRefusedEvenWhenRight) {
    const std::string code = claim.make(random, 0);
    for (int i = 0; i < ClaimCode::tries; ++i)
        EXPECT_EQ(claim.redeem("AAAA-AAAA", 1), ClaimCode::Verdict::wrong);
    EXPECT_EQ(claim.redeem(code, 1), ClaimCode::Verdict::used_up);
}

TEST_F(ClaimCodeTest, ANewCodeVoidsTheOldOne) {
    const std::string old_code = claim.make(random, 0);
    const std::string new_code = claim.make(random, 1);
    EXPECT_EQ(claim.redeem(old_code, 2), ClaimCode::Verdict::wrong);
    EXPECT_EQ(claim.redeem(new_code, 2), ClaimCode::Verdict::accepted);
}

} // namespace
} // namespace hearth::access
