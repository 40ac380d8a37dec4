#pragma once

#include "journal/journal.h"

#include <deque>
#include <string>
#include <vector>

namespace hearth::journal {

/// A journal without a disk: for tests of what lives on a journal, and for hubs that keep nothing.
/// Commits happen when commit() is called, so a test decides what the "disk" has.
class MemoryJournal final : public Journal {
public:
    struct Stored {
        Sequence sequence = 0;
        Kind kind = 0;
        std::uint8_t version = 1;
        bool state = false;
        std::string payload;

        Record view() const { return {sequence, kind, version, state, payload}; }
    };

    Sequence append(Kind kind, std::uint8_t version, std::string_view payload) override;
    void when_committed(Committed then) override;
    bool accepts() const override { return accepts_; }
    Sequence last() const override { return last_; }

    /// Everything appended so far is now on the "disk"; who waits is told.
    void commit();
    /// From now on the "disk" is broken; who waits is told so.
    void fail(Error error);

    const std::vector<Stored>& records() const { return records_; }
    std::size_t waiting() const { return waiting_.size(); }

    /// Hands the records, from the last checkpoint on, to those owners that want their kind.
    Result<void> replay_into(std::initializer_list<Owner*> owners) const;
    /// Cuts off what is not committed, or all beyond `sequence`: what a crash does.
    void cut_after(Sequence sequence);
    /// Appends the owners' whole state as checkpoint records.
    void checkpoint(std::initializer_list<const Owner*> owners);

private:
    std::vector<Stored> records_;
    std::deque<Committed> waiting_;
    Sequence last_ = 0;
    bool accepts_ = true;
    Error failure_;
};

} // namespace hearth::journal
