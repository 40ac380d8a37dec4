#include "broker/login_failures.h"

namespace hearth::broker {

bool LoginFailures::add(std::string_view key, Micros now) {
    Count& count = count_of(key, now);
    if (count.failures == 0 || now - count.since >= window_) count = {now, 0};
    return ++count.failures > most_;
}

LoginFailures::Count& LoginFailures::count_of(std::string_view key, Micros now) {
    if (const auto found = counts_.find(key); found != counts_.end()) return found->second;
    if (counts_.size() >= keys_)
        std::erase_if(counts_,
                      [&](const auto& entry) { return now - entry.second.since >= window_; });
    if (counts_.size() >= keys_) return others_;
    return counts_[std::string(key)];
}

} // namespace hearth::broker
