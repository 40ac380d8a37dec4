#include "access/try_limit.h"

#include <algorithm>

namespace hearth::access {

Micros TryLimit::begin(std::string_view who, Micros now) {
    std::deque<Micros>& tries = tries_of(who, now);
    while (!tries.empty() && now - tries.front() >= window_)
        tries.pop_front();
    if (tries.size() >= tries_) return std::max<Micros>(tries.front() + window_ - now, 1);
    tries.push_back(now);
    return 0;
}

void TryLimit::forgive(std::string_view who) {
    const auto found = all_.find(who);
    std::deque<Micros>& tries = found != all_.end() ? found->second : others_;
    if (!tries.empty()) tries.pop_back();
    if (found != all_.end() && tries.empty()) all_.erase(found);
}

std::deque<Micros>& TryLimit::tries_of(std::string_view who, Micros now) {
    if (const auto found = all_.find(who); found != all_.end()) return found->second;
    if (all_.size() >= names_)
        std::erase_if(all_, [&](const auto& entry) {
            return entry.second.empty() || now - entry.second.back() >= window_;
        });
    if (all_.size() >= names_) return others_;
    return all_[std::string(who)];
}

} // namespace hearth::access
