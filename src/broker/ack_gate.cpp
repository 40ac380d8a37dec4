#include "broker/ack_gate.h"

#include <utility>

namespace hearth::broker {

void AckGate::hold(ConnectionId connection, Kind kind, std::string_view bytes) {
    open_.bytes += bytes;
    open_.held.push_back({connection, static_cast<std::uint32_t>(bytes.size()), kind, {}});
    ++waiting_;
}

void AckGate::hold(ConnectionId connection, SharedBytes bytes) {
    const auto size = static_cast<std::uint32_t>(bytes->size());
    open_.held.push_back({connection, size, Kind::publish, std::move(bytes)});
    ++waiting_;
}

void AckGate::end_turn() {
    if (open_.held.empty()) return;
    open_.sequence = journal_.last();
    asked_.push_back(std::exchange(open_, {}));
    if (!spare_.empty()) {
        open_ = std::move(spare_.back());
        spare_.pop_back();
    }
    journal_.when_committed([this](const Result<void>& outcome) { committed(outcome); });
}

void AckGate::committed(const Result<void>& outcome) {
    Batch batch = asked_.pop_front();
    if (outcome) committed_ = batch.sequence;
    waiting_ -= batch.held.size();
    std::string_view rest = batch.bytes;
    for (const Held& held : batch.held) {
        const std::size_t here = held.shared ? 0 : held.size;
        release_(held, rest.substr(0, here), outcome);
        rest.remove_prefix(here);
    }
    constexpr std::size_t kept_bytes = 64U << 10;
    if (spare_.size() >= 4 || batch.bytes.capacity() > kept_bytes) return;
    batch.bytes.clear();
    batch.held.clear();
    spare_.push_back(std::move(batch));
}

} // namespace hearth::broker
