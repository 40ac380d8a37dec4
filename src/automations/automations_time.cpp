#include "automations/automations.h"

#include <algorithm>
#include <cstdlib>

/// Delays, held-for timers and times of day. All are due in UTC, as a restart must find them again;
/// when the wall clock is set, what runs is moved with it, and times of day are planned anew.
namespace hearth::automations {
namespace {

/// More than the clocks drift apart between two turns: then the wall clock was set.
constexpr Micros clock_was_set = 2 * seconds;
/// Where the sun does not set for half a year, the search goes on until it does.
constexpr int most_days_ahead = 400;
/// A planned time this far in the future was fired by a clock that was wrong.
constexpr Micros believable_lead = 2 * hours;

Micros day_of(Micros local) {
    return local >= 0 ? local / days : (local - days + 1) / days;
}

/// 1970-01-01 was a Thursday.
bool is_on(Weekdays weekdays, Micros day) {
    const Micros since_monday = ((day + 3) % 7 + 7) % 7;
    return (weekdays >> since_monday & 1) != 0;
}

} // namespace

void Automations::resume() {
    if (resumed_) return;
    const Micros now = parts_.clock.utc();
    wall_offset_ = now - parts_.clock.steady();
    resumed_ = true;
    for (auto& [id, kept] : automations_)
        plan(kept, std::max(kept.since, now - limits_.missed_time));
    for (const auto& [id, run] : runs_) {
        const bool waits = !run.steps.empty() && run.steps.back().state == StepState::waiting;
        if (run.state == RunState::running && !waits) ready_.push_back(id);
    }
}

void Automations::look_at_clock() {
    const Micros offset = parts_.clock.utc() - parts_.clock.steady();
    const Micros jump = offset - wall_offset_;
    wall_offset_ = offset;
    if (std::abs(jump) < clock_was_set) return;
    holds_due_.clear();
    for (auto& [key, hold] : holds_) {
        hold.due += jump;
        holds_due_.emplace(hold.due, key);
    }
    std::set<std::pair<Micros, RunId>> moved;
    for (const auto& [due, id] : delays_) {
        moved.emplace(due + jump, id);
        if (Run* run = run_of(id)) run->steps.back().until = due + jump;
    }
    delays_ = std::move(moved);
    plans_.clear();
    for (auto& [id, kept] : automations_)
        plan(kept, parts_.clock.utc());
}

std::optional<Micros> Automations::next_time(const Trigger& trigger, Micros after) const {
    const auto* time = std::get_if<TimeTrigger>(&trigger);
    const auto* sun = std::get_if<SunTrigger>(&trigger);
    if (time == nullptr && (sun == nullptr || !parts_.place)) return std::nullopt;
    const Weekdays weekdays = time != nullptr ? time->weekdays : sun->weekdays;
    const Micros today = day_of(parts_.zone.to_local(after));
    for (Micros day = today - 1; day < today + most_days_ahead; ++day) {
        if (!is_on(weekdays, day)) continue;
        std::optional<Micros> next;
        if (time != nullptr)
            next = parts_.zone.to_utc(day * days + time->time);
        else if (const auto passes = sun_event(
                     sun->event, parts_.zone.to_utc(day * days + 12 * hours), *parts_.place))
            next = *passes + sun->offset;
        if (next && *next > after) return next;
    }
    return std::nullopt;
}

/// Plans the times of an automation's triggers after a moment, and after those it has had already.
void Automations::plan(Kept& kept, Micros after) {
    forget_plans(kept);
    if (kept.automation.state != State::enabled) return;
    const std::vector<Trigger>& triggers = kept.automation.definition.triggers;
    for (std::size_t i = 0; i < triggers.size(); ++i) {
        Micros from = after;
        const auto had = kept.planned.find(i);
        if (had != kept.planned.end() && had->second <= parts_.clock.utc() + believable_lead)
            from = std::max(from, had->second);
        if (const auto next = next_time(triggers[i], from))
            plans_.emplace(*next, HoldKey{kept.automation.id, i});
    }
}

void Automations::forget_plans(const Kept& kept) {
    std::erase_if(plans_,
                  [&](const auto& plan) { return plan.second.first == kept.automation.id; });
}

void Automations::fire_holds(Micros now) {
    while (!holds_due_.empty() && holds_due_.begin()->first <= now) {
        const auto found = holds_.find(holds_due_.begin()->second);
        holds_due_.erase(holds_due_.begin());
        Match match = std::move(found->second.match);
        holds_.erase(found);
        queue(std::move(match));
    }
}

void Automations::fire_plans(Micros now) {
    while (!plans_.empty() && plans_.begin()->first <= now) {
        const auto [time, key] = *plans_.begin();
        plans_.erase(plans_.begin());
        Kept* found = kept(key.first);
        if (found == nullptr) continue;
        found->planned[key.second] = time;
        queue({key.first, key.second, 0, time, 0, {}, {}, {}});
        const Trigger& trigger = found->automation.definition.triggers[key.second];
        if (const auto next = next_time(trigger, time)) plans_.emplace(*next, key);
    }
}

void Automations::wake_delays(Micros now) {
    while (!delays_.empty() && delays_.begin()->first <= now) {
        const RunId id = delays_.begin()->second;
        delays_.erase(delays_.begin());
        Run* run = run_of(id);
        if (run == nullptr || run->state != RunState::running) continue;
        Step step = run->steps.back();
        step.state = StepState::done;
        record_step(*run, run->steps.size() - 1, std::move(step));
        ready_.push_back(id);
    }
}

std::optional<Micros> Automations::next_deadline() const {
    if (!resumed_) return std::nullopt;
    if (!matches_.empty() || !ready_.empty() || !look_again_.empty()) return parts_.clock.steady();
    std::optional<Micros> next;
    const auto consider = [&](const auto& due) {
        if (!due.empty()) next = std::min(next.value_or(due.begin()->first), due.begin()->first);
    };
    consider(holds_due_);
    consider(delays_);
    consider(plans_);
    if (next) *next -= wall_offset_;
    return next;
}

void Automations::advance() {
    if (!resumed_) return;
    look_at_clock();
    const Micros now = parts_.clock.utc();
    if (!look_again_.empty()) look_again();
    fire_holds(now);
    fire_plans(now);
    wake_delays(now);
    for (std::size_t work = limits_.work_per_turn; work > 0; --work) {
        if (!ready_.empty()) {
            const RunId id = ready_.front();
            ready_.pop_front();
            Run* run = run_of(id);
            if (run != nullptr && run->state == RunState::running) go_on(*run);
        } else if (!matches_.empty()) {
            // It leaves the queue when the run is journaled.
            const Match match = matches_.front();
            begin(match);
        } else {
            return;
        }
    }
}

} // namespace hearth::automations
