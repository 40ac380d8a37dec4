// Commands where the disk takes nothing: what is told to be not done has not been sent.
#include "home/test_home.h"

namespace hearth::home {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

using NotWrittenTest = HomeTest;

const Error full{Code::unavailable, "the disk is full"};
const Cause rule = Cause::of_automation("evening");

CommandRequest on(const DeviceId& device) {
    return {.device = device, .asks = {{{"on_off.on"}, true}}, .key = "once"};
}

TEST_F(NotWrittenTest, ACommandIsRefusedBeforeAnythingIsDone) {
    const DeviceId id = add();
    journal.fail(full);
    const auto records = journal.last();
    const auto asked = home.issue(somebody, on(id));
    ASSERT_FALSE(asked);
    EXPECT_EQ(asked.error().code, Code::unavailable);
    EXPECT_THAT(asked.error().detail, HasSubstr("nothing was done"));
    EXPECT_THAT(sender.sent, IsEmpty());
    EXPECT_EQ(journal.last(), records);
    EXPECT_EQ(desired(id), "{}");
}

TEST_F(NotWrittenTest, TheCommandThatFindsOutIsNotSentEither) {
    const DeviceId id = add();
    journal.fail_at_next_write(full);
    const auto asked = home.issue(somebody, on(id));
    ASSERT_TRUE(asked);
    EXPECT_THAT(sender.sent, IsEmpty());
    ASSERT_TRUE(settled(*asked));
    EXPECT_EQ(settled(*asked)->settlement, Settlement::refused);
    EXPECT_THAT(settled(*asked)->detail, HasSubstr("not sent"));
}

TEST_F(NotWrittenTest, ARuleGoesOnInMemory) {
    const DeviceId id = add();
    journal.fail(full);
    const auto asked = home.issue(rule, on(id));
    ASSERT_TRUE(asked);
    EXPECT_THAT(sender.sent, ElementsAre(*asked));
}

TEST_F(NotWrittenTest, AKeyThatWasUsedBeforeIsAnsweredAsBefore) {
    const DeviceId id = add();
    const auto first = home.issue(somebody, on(id));
    journal.fail(full);
    EXPECT_EQ(home.issue(somebody, on(id)), first);
}

} // namespace
} // namespace hearth::home
