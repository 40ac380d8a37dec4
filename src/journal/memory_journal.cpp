#include "journal/memory_journal.h"

#include <algorithm>
#include <utility>

namespace hearth::journal {

Sequence MemoryJournal::append(Kind kind, std::uint8_t version, std::string_view payload) {
    if (accepts_) records_.push_back({last_ + 1, kind, version, false, std::string(payload)});
    return ++last_;
}

void MemoryJournal::when_committed(Committed then) {
    waiting_.push_back(std::move(then));
}

void MemoryJournal::commit() {
    const Result<void> outcome = accepts_ ? Result<void>() : std::unexpected(failure_);
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
}

} // namespace hearth::journal
