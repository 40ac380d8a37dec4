#include "broker/quotas.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hearth::broker {
namespace {

using testing::HasSubstr;

BrokerLimits small() {
    BrokerLimits limits;
    limits.sessions = 4;
    limits.sessions_per_credential = 3;
    limits.queued_messages_per_credential = 4;
    limits.queued_messages_in_all = 8;
    limits.queued_bytes_per_credential = 100;
    limits.queued_bytes_in_all = 160;
    return limits;
}

TEST(QuotasTest, OneCredentialTakesItsShareAndLeavesTheRest) {
    Quotas quotas(small());
    for (int i = 0; i < 3; ++i) {
        EXPECT_TRUE(quotas.has_room(1, Resource::sessions));
        quotas.take(1, Resource::sessions);
    }
    EXPECT_FALSE(quotas.has_room(1, Resource::sessions));
    EXPECT_THAT(quotas.why_full(1, "plug", Resource::sessions),
                HasSubstr("credential plug has 3 sessions of 3: more are allowed by "
                          "broker.sessions_per_credential"));
    EXPECT_TRUE(quotas.has_room(2, Resource::sessions));
}

TEST(QuotasTest, AllTogetherHaveALimitToo) {
    Quotas quotas(small());
    quotas.take(1, Resource::sessions, 2);
    quotas.take(2, Resource::sessions, 2);
    EXPECT_FALSE(quotas.has_room(3, Resource::sessions));
    EXPECT_THAT(quotas.why_full(3, "plug", Resource::sessions),
                HasSubstr("all clients together have 4 sessions of 4: more are allowed by "
                          "broker.sessions"));
    EXPECT_THAT(quotas.why_full(0, "", Resource::sessions, 5), HasSubstr("clients without a name"));
}

TEST(QuotasTest, WhatIsGivenBackCanBeTakenAgain) {
    Quotas quotas(small());
    quotas.take(1, Resource::sessions, 3);
    quotas.give_back(1, Resource::sessions, 2);
    EXPECT_EQ(quotas.used(1, Resource::sessions), 1U);
    EXPECT_EQ(quotas.used(Resource::sessions), 1U);
    EXPECT_TRUE(quotas.has_room(1, Resource::sessions, 2));
    EXPECT_FALSE(quotas.has_room(1, Resource::sessions, 3));
}

TEST(QuotasTest, AnAmountBeyondAllNumbersIsTooMuchToo) {
    Quotas quotas(small());
    quotas.take(1, Resource::queued_bytes, 90);
    EXPECT_FALSE(quotas.has_room(1, Resource::queued_bytes, SIZE_MAX));
}

TEST(QuotasTest, WhatWaitsLeavesAQuarterForWhatFlows) {
    Quotas quotas(small());
    quotas.take(1, Resource::queued_bytes, 75);
    EXPECT_FALSE(quotas.has_queue_room(1, 1, false));
    EXPECT_TRUE(quotas.has_queue_room(1, 25, true));
    EXPECT_FALSE(quotas.has_queue_room(1, 26, true));
    quotas.take(2, Resource::queued_bytes, 45);
    EXPECT_FALSE(quotas.has_queue_room(3, 1, false)) << "of all together 120 of 160";
    EXPECT_TRUE(quotas.has_queue_room(3, 40, true));
}

} // namespace
} // namespace hearth::broker
