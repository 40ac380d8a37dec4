#include "store/journal_metrics.h"

#include <fmt/core.h>

namespace hearth::store {
namespace {

constexpr std::array<Micros, 7> bounds{milliseconds / 2,   milliseconds,       5 * milliseconds,
                                       20 * milliseconds,  100 * milliseconds, 1 * seconds,
                                       1'000'000 * seconds};

} // namespace

JournalMetrics::JournalMetrics(Metrics& metrics)
    : records(metrics.counter("hearth_journal_records_total", "Records appended"))
    , bytes(metrics.counter("hearth_journal_bytes_total",
                            "Bytes written to journal files, checkpoints included"))
    , commits(metrics.counter("hearth_journal_commits_total", "Group commits (fdatasync)"))
    , checkpoints(metrics.counter("hearth_journal_checkpoints_total", "Checkpoints committed"))
    , damaged(metrics.counter("hearth_journal_damaged_total", "Damaged places found at start"))
    , io_errors(metrics.counter("hearth_journal_failures_total",
                                "Times that nothing could be made durable any more",
                                R"(reason="io")"))
    , disk_full(metrics.counter("hearth_journal_failures_total",
                                "Times that nothing could be made durable any more",
                                R"(reason="full")"))
    , registry_(metrics)
    , latency_sum_(metrics.counter("hearth_journal_commit_microseconds_total",
                                   "Time spent in group commits"))
    , gauges_(std::make_shared<Gauges>()) {
    for (std::size_t i = 0; i < bounds.size(); ++i) {
        const bool last = i + 1 == bounds.size();
        const std::string label =
            last ? R"(le="+Inf")"
                 : fmt::format(R"(le="{}")", static_cast<double>(bounds[i]) / seconds);
        latency_[i] = {bounds[i],
                       &metrics.counter("hearth_journal_commits_within_seconds_total",
                                        "Group commits that took at most so long", label)};
    }
    metrics.gauge("hearth_journal_segments", "Segment files kept",
                  [gauges = gauges_] { return static_cast<double>(gauges->segments.load()); });
    metrics.gauge("hearth_journal_accepts", "1 while records can be made durable",
                  [gauges = gauges_] { return gauges->accepts.load() ? 1.0 : 0.0; });
    metrics.gauge("hearth_journal_cursor_lag_records",
                  "Records that the listener furthest behind has still to read",
                  [gauges = gauges_] { return static_cast<double>(gauges->cursor_lag.load()); });
    metrics.gauge("hearth_journal_slowest_commit_seconds", "Slowest group commit since the start",
                  [gauges = gauges_] {
                      return static_cast<double>(gauges->slowest_commit.load()) / seconds;
                  });
}

void JournalMetrics::cursor_lost(std::string_view cursor, std::uint64_t count) {
    registry_
        .counter("hearth_journal_cursor_lost_records_total",
                 "Records that were gone before the listener had read them",
                 fmt::format(R"(cursor="{}")", cursor))
        .add(count);
}

void JournalMetrics::committed(Micros latency) {
    commits.add();
    latency_sum_.add(static_cast<std::uint64_t>(latency));
    if (latency > gauges_->slowest_commit) gauges_->slowest_commit = latency;
    for (const Bucket& bucket : latency_)
        if (latency <= bucket.up_to) bucket.counter->add();
}

} // namespace hearth::store
