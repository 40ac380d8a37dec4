#include "net/timers.h"

#include <utility>

namespace hearth::net {

Timers::Id Timers::add(Micros due, Micros interval, Task task) {
    const Id id = ++last_id_;
    timers_.emplace(Key{due, id}, Timer{interval, std::move(task)});
    due_of_.emplace(id, due);
    return id;
}

void Timers::cancel(Id id) {
    const auto found = due_of_.find(id);
    if (found == due_of_.end()) return;
    timers_.erase(Key{found->second, id});
    due_of_.erase(found);
}

std::optional<Micros> Timers::next() const {
    if (timers_.empty()) return std::nullopt;
    return timers_.begin()->first.due;
}

void Timers::run_due(Micros now) {
    running_.clear();
    for (const auto& [key, timer] : timers_) {
        if (key.due > now) break;
        running_.push_back(key);
    }
    for (const Key& key : running_)
        run(key, now);
}

void Timers::run(Key key, Micros now) {
    // Out of the table while it runs, since the task may add and cancel, itself included.
    auto node = timers_.extract(key);
    if (node.empty()) return; // an earlier one of this turn has cancelled it
    const Micros interval = node.mapped().interval;
    if (interval == 0) due_of_.erase(key.id);

    node.mapped().task();

    const auto still = due_of_.find(key.id);
    if (interval == 0 || still == due_of_.end()) return;
    const Micros due = key.due + interval > now ? key.due + interval : now + interval;
    node.key().due = due;
    still->second = due;
    timers_.insert(std::move(node));
}

} // namespace hearth::net
