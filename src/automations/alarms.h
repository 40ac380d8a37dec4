#pragma once

#include "base/time.h"

#include <map>
#include <optional>
#include <set>
#include <utility>

namespace hearth::automations {

/// What is due when, on the steady clock; one time for each key. Not thread-safe, no limit of its
/// own: who sets alarms has one.
template <class Key>
class Alarms {
public:
    /// Another time takes the place of an earlier one.
    void set(const Key& key, Micros due) {
        stop(key);
        by_time_.emplace(due, key);
        by_key_.emplace(key, due);
    }
    void stop(const Key& key) {
        const auto found = by_key_.find(key);
        if (found == by_key_.end()) return;
        by_time_.erase({found->second, key});
        by_key_.erase(found);
    }
    bool contains(const Key& key) const { return by_key_.contains(key); }
    /// Takes out the first that is due, or tells that none is.
    std::optional<Key> take(Micros now) {
        if (by_time_.empty() || by_time_.begin()->first > now) return std::nullopt;
        const Key key = by_time_.begin()->second;
        stop(key);
        return key;
    }
    std::optional<Micros> next() const {
        if (by_time_.empty()) return std::nullopt;
        return by_time_.begin()->first;
    }
    void clear() {
        by_time_.clear();
        by_key_.clear();
    }

private:
    std::map<Key, Micros> by_key_;
    std::set<std::pair<Micros, Key>> by_time_;
};

} // namespace hearth::automations
