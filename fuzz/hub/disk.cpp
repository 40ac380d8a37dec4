#include "hub/disk.h"

namespace hearth::hub_fuzz {

journal::Sequence Disk::append(journal::Kind kind, std::uint8_t version, std::string_view payload) {
    ++last_;
    if (!accepts_) return last_;
    records_.push_back(
        {.sequence = last_, .kind = kind, .version = version, .payload = std::string(payload)});
    bytes_ += payload.size() + sizeof(Stored);
    return last_;
}

bool Disk::write_now() {
    if (filling_ && written_ != last_) {
        keep_until(written_);
        accepts_ = false;
        filling_ = false;
    }
    if (accepts_) written_ = last_;
    return accepts_;
}

void Disk::write() {
    if (write_now()) return;
    const Error full{Code::unavailable, "the disk is full"};
    for (auto& [sequence, then] : std::exchange(waiting_, {}))
        then(std::unexpected(full));
}

void Disk::commit() {
    if (!accepts_) return;
    committed_ = written_;
    // Who is told may ask again: that waits for the next commit.
    std::vector<Committed> told;
    while (!waiting_.empty() && waiting_.front().first <= committed_) {
        told.push_back(std::move(waiting_.front().second));
        waiting_.pop_front();
    }
    for (const Committed& then : told)
        then({});
}

void Disk::checkpoint(const Owners& owners) {
    class Sink final : public journal::SnapshotSink {
    public:
        explicit Sink(Disk& disk)
            : disk_(disk) {}
        void put(journal::Kind kind, std::uint8_t version, std::string_view payload) override {
            disk_.append(kind, version, payload);
            disk_.records_.back().state = true;
            disk_.records_.back().begins_checkpoint = std::exchange(begins_, false);
        }

    private:
        Disk& disk_;
        bool begins_ = true;
    } sink(*this);
    accepts_ = true;
    filling_ = false;
    for (const journal::Owner* owner : owners)
        owner->snapshot(sink);
    written_ = last_;
    commit();
}

journal::Sequence Disk::die(Death death) {
    const journal::Sequence mark = death == Death::killed ? written_ : committed_;
    keep_until(mark);
    waiting_.clear();
    accepts_ = true;
    filling_ = false;
    written_ = last_;
    committed_ = last_;
    return mark;
}

bool Disk::replay_into(const Owners& owners) const {
    for (const Stored& stored : records_) {
        if (stored.begins_checkpoint)
            for (journal::Owner* owner : owners)
                owner->reset();
        for (journal::Owner* owner : owners) {
            const bool theirs = owner->kinds().contains(stored.kind);
            if (theirs && !owner->replay({stored.sequence, stored.kind, stored.version,
                                          stored.state, stored.payload}))
                return false;
        }
    }
    return true;
}

void Disk::keep_until(journal::Sequence mark) {
    while (!records_.empty() && records_.back().sequence > mark)
        records_.pop_back();
}

} // namespace hearth::hub_fuzz
