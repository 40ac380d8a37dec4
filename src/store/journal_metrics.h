#pragma once

#include "base/metrics.h"
#include "base/time.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string_view>

namespace hearth::store {

/// The numbers that a FileJournal tells about itself, as hearth_journal_*.
class JournalMetrics {
public:
    explicit JournalMetrics(Metrics& metrics);

    void committed(Micros latency);
    void segments(std::size_t count) { gauges_->segments = count; }
    void accepts(bool does) { gauges_->accepts = does; }
    void cursor_lag(std::uint64_t behind) { gauges_->cursor_lag = behind; }
    void cursor_lost(std::string_view cursor, std::uint64_t count);

    Counter& records;
    Counter& bytes; ///< handed to the operating system, checkpoints included
    Counter& commits;
    Counter& checkpoints;
    Counter& damaged;
    Counter& io_errors;
    Counter& disk_full;

private:
    /// Shared with the registry, which may still be rendered when the journal is gone.
    struct Gauges {
        std::atomic<std::uint64_t> segments = 0;
        std::atomic<bool> accepts = true;
        std::atomic<std::uint64_t> cursor_lag = 0;
        std::atomic<Micros> slowest_commit = 0;
    };

    struct Bucket {
        Micros up_to = 0;
        Counter* counter = nullptr;
    };

    Metrics& registry_;
    std::array<Bucket, 7> latency_{};
    Counter& latency_sum_;
    std::shared_ptr<Gauges> gauges_;
};

} // namespace hearth::store
