#include "automations/automations.h"

#include <algorithm>
#include <utility>

/// Matches that wait for their turn. A storm on one attribute, or one automation that is triggered
/// faster than it runs, must not push out or hold up the others: each has some places of its own in
/// the order of events, and only what is beyond them shares a limit and comes last.
namespace hearth::automations {
namespace {

bool is_same(const Match& a, const Match& b) {
    return a.automation == b.automation && a.trigger == b.trigger && a.event == b.event &&
           a.at == b.at;
}

bool take(std::deque<Match>& matches, const Match& match) {
    const auto found =
        std::ranges::find_if(matches, [&](const Match& other) { return is_same(other, match); });
    if (found == matches.end()) return false;
    matches.erase(found);
    return true;
}

} // namespace

bool Automations::has_room(const Kept& kept) const {
    if (kept.crowded == 0 && kept.pending < limits_.fair_matches) return true;
    return kept.pending < limits_.pending_matches && crowd_.size() < limits_.queued_matches;
}

/// Those of one automation stay in their order.
void Automations::queue(Kept& kept, Match match) {
    const bool fair = kept.crowded == 0 && kept.pending < limits_.fair_matches;
    ++kept.pending;
    if (!fair) ++kept.crowded;
    (fair ? matches_ : crowd_).push_back(std::move(match));
}

/// Only counted: there may be millions.
void Automations::lose(Kept& kept, Micros at) {
    if (!resumed_) return;
    ++kept.lost;
    kept.lost_at = at;
    if (kept.lost_untold++ == 0) losing_.emplace(kept.automation.id, parts_.clock.steady());
}

/// Once for each burst, and now and then where it does not end.
void Automations::tell_lost() {
    const Micros now = parts_.clock.steady();
    std::erase_if(losing_, [&](const auto& entry) {
        Kept* found = kept(entry.first);
        if (found == nullptr) return true;
        if (found->pending != 0 && now - entry.second < limits_.tell_lost) return false;
        if (parts_.refusals != nullptr)
            parts_.refusals->add(
                "automations", entry.first,
                {Code::limit, fmt::format("it was triggered faster than it can run: {} triggers "
                                          "found no place to wait and are lost",
                                          std::exchange(found->lost_untold, 0))});
        return true;
    });
}

void Automations::take_from_queue(Kept& kept, const Match& match) {
    if (kept.pending == 0) return;
    if (take(matches_, match)) {
        --kept.pending;
    } else if (kept.crowded != 0 && take(crowd_, match)) {
        --kept.pending;
        --kept.crowded;
    }
}

void Automations::empty_queue(Kept& kept) {
    if (kept.pending == 0) return;
    const auto is_its = [&](const Match& match) { return match.automation == kept.automation.id; };
    std::erase_if(matches_, is_its);
    std::erase_if(crowd_, is_its);
    kept.pending = kept.crowded = 0;
}

} // namespace hearth::automations
