#pragma once

#include "base/metrics.h"
#include "base/time.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>

namespace hearth::store {

/// The numbers that a FileJournal tells about itself, as hearth_journal_*.
class JournalMetrics {
public:
    explicit JournalMetrics(Metrics& metrics);

    void committed(Micros latency);
    void segments(std::size_t count) { gauges_->segments = count; }
    void accepts(bool does) { gauges_->accepts = does; }

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
        std::atomic<Micros> slowest_commit = 0;
    };

    struct Bucket {
        Micros up_to = 0;
        Counter* counter = nullptr;
    };

    std::array<Bucket, 7> latency_{};
    Counter& latency_sum_;
    std::shared_ptr<Gauges> gauges_;
};

} // namespace hearth::store
