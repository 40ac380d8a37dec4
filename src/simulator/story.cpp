#include "simulator/story.h"

#include <algorithm>

namespace hearth::simulator {

void Actor::reschedule() {
    if (story_ != nullptr) story_->schedule(*this);
}

void Story::add(Actor& actor) {
    actor.story_ = this;
    actor.index_ = actors_.size();
    actors_.push_back(&actor);
    actor.scheduled_ = never;
    schedule(actor);
}

void Story::schedule(Actor& actor) {
    if (actor.scheduled_ != never) queue_.erase({actor.scheduled_, actor.index_});
    actor.scheduled_ = actor.next();
    if (actor.scheduled_ != never) queue_.emplace(actor.scheduled_, actor.index_);
}

bool Story::advance(Micros until, std::size_t limit) {
    for (std::size_t acts = 0; next() <= until && next() != never; ++acts) {
        if (acts >= limit) return false;
        const auto [at, index] = *queue_.begin();
        now_ = std::max(now_, at);
        Actor& actor = *actors_[index];
        actor.act(now_);
        schedule(actor);
    }
    now_ = std::max(now_, until);
    return true;
}

} // namespace hearth::simulator
