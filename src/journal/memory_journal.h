#pragma once

#include "journal/cursor_book.h"
#include "journal/journal.h"

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hearth::journal {

/// A journal without a disk: for tests of what lives on a journal, and for hubs that keep nothing.
/// Commits happen when commit() is called, so a test decides what the "disk" has. A payload longer
/// than max_payload ends the program: a test finds who builds it.
class MemoryJournal final : public Journal, private CursorHost {
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
    bool write_now() override;
    bool accepts() const override { return accepts_; }
    Sequence last() const override { return last_; }
    /// Positions are written by commit(), reads are answered by answer_reads().
    Cursors* cursors() override { return &book(); }

    /// Everything appended so far is now on the "disk"; who waits is told.
    void commit();
    /// From now on the "disk" is broken; who waits is told so.
    void fail(Error error);
    /// The "disk" is broken too, but nobody knows before the next write_now().
    void fail_at_next_write(Error error) { next_failure_ = std::move(error); }

    /// Who reads by a cursor is answered with what is committed.
    void answer_reads();
    /// Lets go of the records before this one, as files do when more is held than they may.
    void drop_before(Sequence sequence);

    const std::vector<Stored>& records() const { return records_; }
    std::size_t waiting() const { return waiting_.size(); }

    /// Hands the records, from the last checkpoint on, to those owners that want their kind.
    Result<void> replay_into(std::initializer_list<Owner*> owners) const;
    /// Cuts off what is not committed, or all beyond `sequence`: what a crash does. Who has a
    /// cursor open has let go of it before.
    void cut_after(Sequence sequence);
    /// Appends the owners' whole state as checkpoint records.
    void checkpoint(std::initializer_list<const Owner*> owners);

private:
    /// A copy of the journal is another disk, on which nobody has a cursor open.
    struct Readers {
        Readers() = default;
        ~Readers() = default;
        Readers(const Readers&) {}
        Readers& operator=(const Readers&) {
            waiting.clear();
            book.reset();
            return *this;
        }
        std::unique_ptr<CursorBook> book; ///< read from the records when it is first asked for
        std::deque<std::pair<ReadRequest, Answer>> waiting;
        /// How many parts of a checkpoint each cursor has read, and of which: its last number.
        std::map<std::string, std::pair<Sequence, std::size_t>> state;
    };

    CursorBook& book();
    Sequence append_mark(Kind kind, std::string_view payload) override;
    Sequence newest_committed() const override { return committed_; }
    Sequence newest_record() const override { return last_; }
    Sequence oldest_record() const override;
    void fetch(const ReadRequest& request, Answer answer) override;
    void cursor_lost(std::string_view, const SequenceRange&) override {}
    ReadAnswer collect(const ReadRequest& request) const;
    Result<ReadAnswer> collect_state(const ReadRequest& request);

    std::vector<Stored> records_;
    std::deque<Committed> waiting_;
    Sequence last_ = 0;
    Sequence committed_ = 0;
    Readers readers_;
    bool accepts_ = true;
    Error failure_;
    std::optional<Error> next_failure_;
};

} // namespace hearth::journal
