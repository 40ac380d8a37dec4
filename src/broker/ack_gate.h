#pragma once

#include "base/result.h"
#include "broker/outlet.h"
#include "broker/ring.h"
#include "journal/journal.h"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hearth::broker {

/// Bytes that may leave only once the journal's records so far are committed: answers that promise
/// something, and messages and releases that must not be told twice.
///
/// What is held during a turn makes one batch with one when_committed(), asked for by end_turn().
/// Batches come out in order, and within one everything in the order of holding.
class AckGate {
public:
    enum class Kind : std::uint8_t { puback, answer, publish, connack, close };

    struct Held {
        ConnectionId connection = 0;
        std::uint32_t size = 0;
        Kind kind = Kind::answer;
        SharedBytes shared{}; ///< instead of bytes of the batch
    };
    /// Told for each held thing, with its bytes (none where they are shared); `committed` is the
    /// journal's answer.
    using Release =
        std::function<void(const Held&, std::string_view bytes, const Result<void>& committed)>;

    /// The journal must not call back after this has gone.
    AckGate(journal::Journal& journal, Release release)
        : journal_(journal)
        , release_(std::move(release)) {}

    void hold(ConnectionId connection, Kind kind, std::string_view bytes);
    /// A part of a message that many get.
    void hold(ConnectionId connection, SharedBytes bytes);
    /// Asks for the commit of what was held since the last time.
    void end_turn();

    /// All records up to this one are known to be committed.
    journal::Sequence committed() const { return committed_; }
    std::size_t waiting() const { return waiting_; }

private:
    struct Batch {
        std::string bytes;
        std::vector<Held> held;
        journal::Sequence sequence = 0;
    };

    void committed(const Result<void>& outcome);

    journal::Journal& journal_;
    Release release_;
    Batch open_;
    Ring<Batch> asked_;
    std::vector<Batch> spare_; ///< keeps the memory of batches that are through
    journal::Sequence committed_ = 0;
    std::size_t waiting_ = 0;
};

/// Takes messages for the gate as if it were their way out.
class GatedOutlet final : public Outlet {
public:
    explicit GatedOutlet(AckGate& gate)
        : gate_(gate) {}

    void send(ConnectionId id, std::string_view bytes) override {
        gate_.hold(id, AckGate::Kind::publish, bytes);
    }
    void send(ConnectionId id, SharedBytes bytes) override { gate_.hold(id, std::move(bytes)); }
    void close(ConnectionId, std::string_view) override {}
    void turn_away(ConnectionId, std::string_view) override {}
    void pause(ConnectionId) override {}
    void resume(ConnectionId) override {}
    std::size_t unsent(ConnectionId) const override { return 0; }

private:
    AckGate& gate_;
};

} // namespace hearth::broker
