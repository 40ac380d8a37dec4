#pragma once

#include "journal/cursors.h"
#include "store/test_journal.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace hearth::store::testing {

/// A toy listener, as a history would be: what it has taken in lies in a place of its own and
/// outlives the hub. It notices what is out of order, and what is never told as lost but missing.
class Listener {
public:
    explicit Listener(journal::BatchLimits limits = {})
        : limits_(limits) {}

    void start(journal::Journal& journal,
               journal::CursorStart begin = journal::CursorStart::oldest) {
        auto opened = journal.cursors()->open("toy", begin);
        ASSERT_TRUE(opened) << opened.error().detail;
        cursor_ = std::move(*opened);
        batch_.reset();
        busy_ = false;
    }
    /// Dies with the hub.
    void stop() { cursor_.reset(); }

    /// Asks for the next batch, unless one is under way.
    void ask() {
        if (busy_ || cursor_->lag() == 0) return;
        busy_ = true;
        cursor_->read(limits_, [this](Result<journal::Batch> batch) {
            ASSERT_TRUE(batch) << batch.error().detail;
            check(*batch);
            batch_ = std::move(*batch);
        });
    }
    /// Takes in what was read, if anything was.
    void deal() {
        if (!batch_) return;
        for (const auto& record : batch_->records)
            seen[record.sequence] = record.payload;
        if (batch_->lost) lost.push_back(*batch_->lost);
        if (batch_->last != 0) ASSERT_TRUE(cursor_->done(batch_->last));
        ++batches;
        batch_.reset();
        busy_ = false;
    }
    /// Until there is nothing more.
    void catch_up(Hub& hub) {
        for (int i = 0; i < 100'000 && cursor_->lag() > 0; ++i) {
            ask();
            hub.settle();
            deal();
        }
        EXPECT_EQ(cursor_->lag(), 0U);
    }

    journal::Cursor& cursor() { return *cursor_; }

    std::map<journal::Sequence, std::string> seen;
    std::vector<journal::SequenceRange> lost;
    std::size_t batches = 0;

private:
    void check(const journal::Batch& batch) const {
        auto before = cursor_->position();
        if (batch.lost) {
            EXPECT_EQ(batch.lost->first, before + 1);
            before = batch.lost->last;
        }
        for (const auto& record : batch.records) {
            EXPECT_GT(record.sequence, before) << "out of order";
            EXPECT_FALSE(journal::cursor_kinds.contains(record.kind));
            before = record.sequence;
        }
        EXPECT_LE(batch.records.size(), limits_.records);
    }

    journal::BatchLimits limits_;
    std::unique_ptr<journal::Cursor> cursor_;
    std::optional<journal::Batch> batch_; ///< read and not dealt with
    bool busy_ = false;
};

} // namespace hearth::store::testing
