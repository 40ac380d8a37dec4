#pragma once

#include "base/metrics.h"
#include "base/result.h"
#include "base/time.h"

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>

namespace hearth {

/// Something from outside that was not accepted.
struct Refusal {
    std::uint64_t number = 0; ///< counts all refusals since the start of the program, from 1
    Micros at = 0;
    std::string source; ///< which room: "mqtt", "discovery", "api", "journal", "config"
    std::string from;   ///< who sent it: a client id, a topic, an address; made printable
    Code code = Code::invalid;
    std::string why;     ///< one line: what is wrong and what to do about it
    std::string excerpt; ///< the beginning of what was refused, made printable
};

/// The list of what was refused, so that a person finds out why a device does not appear. Keeps the
/// last `limit`, and counts them all as hearth_refused_total{source,code}.
///
/// Belongs to the shard's thread. An exact repeat of the newest entry takes its place, so that one
/// babbling device does not push out everything else.
class Refusals {
public:
    static constexpr std::size_t default_limit = 500;

    Refusals(const Clock& clock, Metrics& metrics, std::size_t limit = default_limit)
        : clock_(clock)
        , metrics_(metrics)
        , limit_(limit) {}

    void add(std::string_view source, std::string_view from, const Error& error,
             std::string_view excerpt = {});

    /// Oldest first.
    const std::deque<Refusal>& list() const { return list_; }
    std::uint64_t total() const { return total_; }

private:
    const Clock& clock_;
    Metrics& metrics_;
    std::size_t limit_;
    std::uint64_t total_ = 0;
    std::deque<Refusal> list_;
};

} // namespace hearth
