#include "adapters/mqtt_discovery/value_timers.h"

namespace hearth::mqtt_discovery {

/// One that is to end later than before keeps its entry; one that is to end sooner gets another.
bool ValueTimers::start(TimerKey key, Micros due) {
    const auto known = running_.find(key);
    if (known == running_.end() && !has_room()) return false;
    Running& running = known != running_.end() ? known->second : running_[key];
    const bool queue = known == running_.end() || due < running.queued;
    running.due = due;
    if (!queue) return true;
    running.queued = due;
    queue_.push({due, key});
    if (queue_.size() > 2 * running_.size() + 64) drop_stale();
    return true;
}

/// Entries of what was stopped do not pile up.
void ValueTimers::drop_stale() {
    std::vector<Queued> good;
    for (const auto& [key, running] : running_)
        good.push_back({running.queued, key});
    queue_ = decltype(queue_)(std::greater<>(), std::move(good));
}

std::vector<TimerKey> ValueTimers::take_due(Micros now) {
    std::vector<TimerKey> due;
    while (!queue_.empty() && queue_.top().at <= now) {
        const Queued top = queue_.top();
        queue_.pop();
        const auto found = running_.find(top.key);
        // Stopped, or started anew since.
        if (found == running_.end() || found->second.queued != top.at) continue;
        if (found->second.due <= now) {
            due.push_back(top.key);
            running_.erase(found);
            continue;
        }
        found->second.queued = found->second.due;
        queue_.push({found->second.due, top.key});
    }
    return due;
}

std::optional<Micros> ValueTimers::next() const {
    if (running_.empty()) return std::nullopt;
    return queue_.top().at;
}

} // namespace hearth::mqtt_discovery
