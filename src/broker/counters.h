#pragma once

#include "base/metrics.h"

#include <array>

namespace hearth::broker {

/// What the broker counts (Prometheus names in counters.cpp).
struct Counters {
    explicit Counters(Metrics& metrics);

    std::array<Counter*, 3> messages_in;  ///< by QoS
    std::array<Counter*, 3> messages_out; ///< by QoS
    Counter& bytes_in;
    Counter& bytes_out;
    Counter& connects;
    Counter& login_failures;  ///< wrong names or passwords
    Counter& out_of_memory;   ///< connections closed because no memory was left for their packet
    Counter& turned_away;     ///< silent connections that made room for others
    Counter& dropped_slow;    ///< QoS 0 to a client that does not read
    Counter& dropped_full;    ///< QoS 1 and 2 for a full queue
    Counter& dropped_expired; ///< waited longer than their expiry
    Counter& dropped_large;   ///< longer than the client takes
    Counter& dropped_local;   ///< local subscribers publish to each other without end
};

} // namespace hearth::broker
