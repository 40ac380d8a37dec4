#pragma once

#include "base/time.h"

#include <cstddef>
#include <limits>
#include <set>
#include <utility>
#include <vector>

namespace hearth::simulator {

class Story;

/// A time that never comes.
constexpr Micros never = std::numeric_limits<Micros>::max();

/// Something that acts at times of its own.
class Actor {
public:
    Actor() = default;
    virtual ~Actor() = default;
    Actor(const Actor&) = delete;
    Actor& operator=(const Actor&) = delete;

    /// The simulated time at which it next has something to do; never for nothing.
    virtual Micros next() const = 0;
    /// Does what is due at `now`, which is next(); afterwards next() is later.
    virtual void act(Micros now) = 0;

protected:
    /// To be called when next() has changed outside of act().
    void reschedule();

private:
    friend class Story;
    Story* story_ = nullptr;
    std::size_t index_ = 0;
    Micros scheduled_ = never;
};

/// Lets actors act in the order of simulated time, each at exactly its time: so the same seed gives
/// the same story, however large the steps are in which it is told.
class Story {
public:
    explicit Story(Micros begin)
        : now_(begin) {}

    /// The actor must outlive the story or at least its last advance().
    void add(Actor& actor);

    /// Simulated time: that of the last act, or to which the story was told.
    Micros now() const { return now_; }
    Micros next() const { return queue_.empty() ? never : queue_.begin()->first; }

    /// Tells the story up to `until`, but no more than `limit` acts. Returns whether it got there.
    bool advance(Micros until, std::size_t limit = std::numeric_limits<std::size_t>::max());

private:
    friend class Actor;
    void schedule(Actor& actor);

    Micros now_;
    std::vector<Actor*> actors_;
    std::set<std::pair<Micros, std::size_t>> queue_;
};

} // namespace hearth::simulator
