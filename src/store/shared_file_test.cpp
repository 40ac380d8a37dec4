#include "store/shared_file.h"

#include <atomic>
#include <thread>

#include <gtest/gtest.h>

namespace hearth::store {
namespace {

/// As Linux does it: of two syncs at once one is told of the error, the next hears nothing.
class Forgetful final : public File {
public:
    Result<std::string> read(std::uint64_t, std::size_t) override { return std::string(); }
    Result<void> write(std::uint64_t, std::string_view) override { return {}; }
    Result<void> sync() override {
        overlapped = overlapped || ++inside > 1;
        std::this_thread::yield();
        --inside;
        return failing.exchange(false) ? fail(Code::io, "a lost write") : Result<void>();
    }
    Result<void> allocate(std::uint64_t) override { return {}; }
    Result<void> clear(std::uint64_t) override { return {}; }
    Result<void> truncate(std::uint64_t) override { return {}; }
    Result<std::uint64_t> size() override { return 0; }

    std::atomic<bool> failing = false;
    std::atomic<bool> overlapped = false;
    std::atomic<int> inside = 0;
};

TEST(SharedFile, AFailedSyncIsToldToEverybodyAfterIt) {
    auto made = std::make_unique<Forgetful>();
    Forgetful& under = *made;
    SharedFile file(std::move(made));
    EXPECT_TRUE(file.sync());
    under.failing = true;
    const auto first = file.sync();
    ASSERT_FALSE(first);
    const auto second = file.sync();
    ASSERT_FALSE(second) << "the system has told it to somebody else";
    EXPECT_EQ(second.error(), first.error());
}

TEST(SharedFile, OfManySyncsAtOnceNoneMissesTheFailure) {
    auto made = std::make_unique<Forgetful>();
    Forgetful& under = *made;
    SharedFile file(std::move(made));
    under.failing = true;
    std::atomic<int> failures = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&] {
            for (int n = 0; n < 100; ++n)
                failures += file.sync() ? 0 : 1;
        });
    for (std::thread& thread : threads)
        thread.join();
    EXPECT_EQ(failures, 400);
    EXPECT_FALSE(under.overlapped);
}

} // namespace
} // namespace hearth::store
