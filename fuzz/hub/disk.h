#pragma once

#include "journal/journal.h"

#include <deque>
#include <string>
#include <utility>
#include <vector>

namespace hearth::hub_fuzz {

/// A journal whose disk is in the fuzzer's hands: it says what is written, what is committed, when
/// the disk is full, and what is left after a death. As journal.h promises and store/file_journal.h
/// does it, with the files left out.
class Disk final : public journal::Journal {
public:
    using Owners = std::vector<journal::Owner*>;
    enum class Death { killed, power_cut };

    journal::Sequence append(journal::Kind kind, std::uint8_t version,
                             std::string_view payload) override;
    void when_committed(Committed then) override { waiting_.emplace_back(last_, std::move(then)); }
    bool write_now() override;
    bool accepts() const override { return accepts_; }
    journal::Sequence last() const override { return last_; }

    /// The end of a turn. Where the disk takes nothing, who waits is told so.
    void write();
    /// What is written is now committed, and who waits for it is told.
    void commit();
    /// The next write finds the disk full: the open batch is lost.
    void fill() { filling_ = accepts_; }
    /// A checkpoint of everything, on the disk at once; a full disk is healed by it.
    void checkpoint(const Owners& owners);

    /// Returns the last number that survives. Who waited is never told; numbers are not used again.
    journal::Sequence die(Death death);
    /// Hands what there is to its owners. False where one of them cannot read its own records.
    bool replay_into(const Owners& owners) const;

    journal::Sequence committed() const { return committed_; }
    std::size_t bytes() const { return bytes_; }

private:
    struct Stored {
        journal::Sequence sequence = 0;
        journal::Kind kind = 0;
        std::uint8_t version = 1;
        bool state = false;
        bool begins_checkpoint = false;
        std::string payload;
    };

    void keep_until(journal::Sequence mark);

    std::deque<Stored> records_; ///< grows evenly: what a packet costs is measured beside it
    std::deque<std::pair<journal::Sequence, Committed>> waiting_;
    journal::Sequence last_ = 0;
    journal::Sequence written_ = 0;
    journal::Sequence committed_ = 0;
    std::size_t bytes_ = 0;
    bool accepts_ = true;
    bool filling_ = false;
};

} // namespace hearth::hub_fuzz
