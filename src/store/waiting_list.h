#pragma once

#include "journal/journal.h"

#include <deque>
#include <optional>

namespace hearth::store {

/// Who waits for a commit, in the order of asking. Answers keep that order: one whose commit has
/// failed waits until all before it know their fate. Belongs to the shard's thread.
class WaitingList {
public:
    using Committed = journal::Journal::Committed;

    void add(journal::Sequence up_to, Committed then, std::optional<Error> failure) {
        list_.push_back({up_to, std::move(then), std::move(failure)});
    }

    /// Those that wait for a record above `sequence` will not get it.
    void fail_above(journal::Sequence sequence, const Error& failure) {
        for (Waiting& waiting : list_)
            if (waiting.up_to > sequence && !waiting.failure) waiting.failure = failure;
    }

    /// Whether somebody waits for a record above `committed` that may still come.
    bool urgent(journal::Sequence committed) const {
        for (auto it = list_.rbegin(); it != list_.rend(); ++it)
            if (!it->failure && it->up_to > committed) return true;
        return false;
    }

    /// Calls those whose fate is known. They may add to the list; that is answered too.
    void answer(journal::Sequence committed) {
        while (!list_.empty() && (list_.front().failure || list_.front().up_to <= committed)) {
            Waiting first = std::move(list_.front());
            list_.pop_front();
            first.then(first.failure ? Result<void>(std::unexpected(std::move(*first.failure)))
                                     : Result<void>());
        }
    }

private:
    struct Waiting {
        journal::Sequence up_to = 0;
        Committed then;
        std::optional<Error> failure;
    };

    std::deque<Waiting> list_;
};

} // namespace hearth::store
