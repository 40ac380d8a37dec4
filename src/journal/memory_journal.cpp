#include "journal/memory_journal.h"

#include "base/check.h"

#include <algorithm>
#include <utility>

namespace hearth::journal {

Sequence MemoryJournal::append(Kind kind, std::uint8_t version, std::string_view payload) {
    // Files would never take it: whoever built it has forgotten a limit.
    HEARTH_CHECK(payload.size() <= max_payload);
    if (accepts_) records_.push_back({last_ + 1, kind, version, false, std::string(payload)});
    ++last_;
    if (readers_.book) readers_.book->appended(kind, last_);
    return last_;
}

void MemoryJournal::when_committed(Committed then) {
    waiting_.push_back(std::move(then));
}

bool MemoryJournal::write_now() {
    if (next_failure_) {
        failure_ = *std::exchange(next_failure_, std::nullopt);
        accepts_ = false;
    }
    return accepts_;
}

void MemoryJournal::commit() {
    const Result<void> outcome = accepts_ ? Result<void>() : std::unexpected(failure_);
    if (accepts_) {
        if (readers_.book) readers_.book->put_marks(0, 0, false);
        committed_ = last_;
        if (readers_.book) readers_.book->committed(committed_);
    }
    // Who is told may ask again: that waits for the next commit.
    for (Committed& then : std::exchange(waiting_, {}))
        then(outcome);
}

void MemoryJournal::fail(Error error) {
    accepts_ = false;
    failure_ = std::move(error);
    commit();
}

Result<void> MemoryJournal::replay_into(std::initializer_list<Owner*> owners) const {
    bool in_checkpoint = false;
    for (const Stored& stored : records_) {
        if (stored.state && !in_checkpoint)
            for (Owner* owner : owners)
                owner->reset();
        in_checkpoint = stored.state;
        for (Owner* owner : owners) {
            if (!owner->kinds().contains(stored.kind)) continue;
            const auto done = owner->replay(stored.view());
            if (!done) return done;
        }
    }
    return {};
}

void MemoryJournal::cut_after(Sequence sequence) {
    std::erase_if(records_, [&](const Stored& stored) { return stored.sequence > sequence; });
    last_ = std::min(last_, sequence);
    committed_ = last_;
    readers_ = Readers();
}

void MemoryJournal::drop_before(Sequence sequence) {
    std::erase_if(records_, [&](const Stored& stored) { return stored.sequence < sequence; });
    if (readers_.book) (void)readers_.book->newly_losing(sequence - 1);
}

void MemoryJournal::checkpoint(std::initializer_list<const Owner*> owners) {
    class Sink final : public SnapshotSink {
    public:
        explicit Sink(MemoryJournal& journal)
            : journal_(journal) {}
        void put(Kind kind, std::uint8_t version, std::string_view payload) override {
            journal_.append(kind, version, payload);
            journal_.records_.back().state = true;
        }

    private:
        MemoryJournal& journal_;
    } sink(*this);
    for (const Owner* owner : owners)
        owner->snapshot(sink);
    book().snapshot(sink);
}

CursorBook& MemoryJournal::book() {
    if (readers_.book == nullptr) {
        CursorHost& host = *this;
        readers_.book = std::make_unique<CursorBook>(host);
        const auto read = replay_into({readers_.book.get()});
        HEARTH_CHECK(read.has_value());
        readers_.book->replayed(last_);
    }
    return *readers_.book;
}

Sequence MemoryJournal::append_mark(Kind kind, std::string_view payload) {
    return append(kind, 1, payload);
}

Sequence MemoryJournal::oldest_record() const {
    return records_.empty() ? last_ + 1 : records_.front().sequence;
}

void MemoryJournal::fetch(const ReadRequest& request, Answer answer) {
    readers_.waiting.emplace_back(request, std::move(answer));
}

void MemoryJournal::answer_reads() {
    // Who is answered may ask again: that waits for the next time.
    for (auto& [request, answer] : std::exchange(readers_.waiting, {}))
        request.state ? answer(collect_state(request)) : answer(collect(request));
}

ReadAnswer MemoryJournal::collect(const ReadRequest& request) const {
    BatchBuilder builder(request);
    for (const Stored& stored : records_) {
        // Here a checkpoint's parts are numbered too; they are no more for listeners than marks.
        const Kind kind = stored.state ? filler_kind : stored.kind;
        const auto next = builder.consider(stored.sequence, kind, stored.payload.size());
        if (next == BatchBuilder::Next::stop) return builder.finish(false);
        if (next == BatchBuilder::Next::take) builder.take(stored.view());
    }
    return builder.finish(true);
}

Result<ReadAnswer> MemoryJournal::collect_state(const ReadRequest& request) {
    auto end = records_.rbegin();
    while (end != records_.rend() && !end->state)
        ++end;
    if (end == records_.rend() || end->sequence < request.after)
        return hearth::fail(Code::refused, "there is no checkpoint after record {}", request.after);
    auto first = end.base();
    while (first != records_.begin() && std::prev(first)->state)
        --first;
    auto& [state_of, read] = readers_.state[request.cursor];
    const bool other = std::exchange(state_of, end->sequence) != end->sequence;
    if (other || request.state_begins) read = 0;
    StateBuilder builder(request, read == 0);
    for (auto part = first + static_cast<std::ptrdiff_t>(read); part != end.base(); ++part) {
        if (!builder.take(part->view())) return builder.finish();
        ++read;
    }
    builder.ends(state_of);
    return builder.finish();
}

} // namespace hearth::journal
