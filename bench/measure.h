#pragma once

#include <algorithm>
#include <cstdint>
#include <ctime>
#include <vector>

/// Clocks and middles: what every benchmark needs.
namespace hearth::bench {

inline double micros_of(clockid_t clock) {
    timespec now{};
    ::clock_gettime(clock, &now);
    return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

/// Wall time and this thread's time on a processor, both in microseconds. The second does not count
/// what others do meanwhile on a busy machine (but feels their use of caches).
struct Stopwatch {
    double wall = micros_of(CLOCK_MONOTONIC);
    double cpu = micros_of(CLOCK_THREAD_CPUTIME_ID);

    double wall_passed() const { return micros_of(CLOCK_MONOTONIC) - wall; }
    double cpu_passed() const { return micros_of(CLOCK_THREAD_CPUTIME_ID) - cpu; }
};

/// The value below which `part` (0 to 1) of them lie. Sorts; 0 where there is none.
inline double percentile(std::vector<double>& values, double part) {
    if (values.empty()) return 0;
    std::ranges::sort(values);
    return values[static_cast<std::size_t>(part * static_cast<double>(values.size() - 1))];
}

inline double median(std::vector<double> values) {
    return percentile(values, 0.5);
}

} // namespace hearth::bench
