#include "automations/automations.h"

#include <algorithm>

/// Delays and times of day. All are written down in UTC, as a restart must find them again; when
/// the wall clock is set, what runs is moved with it, and times of day are planned anew.
namespace hearth::automations {
namespace {

/// Where the sun does not set for half a year, the search goes on until it does.
constexpr int most_days_ahead = 400;
/// A time of day that has been had does not come again when the clock is set back, unless it is
/// further in the future than this: then the clock that showed it was wrong.
constexpr Micros believable_lead = days;

Micros day_of(Micros local) {
    return local >= 0 ? local / days : (local - days + 1) / days;
}

/// 1970-01-01 was a Thursday.
bool is_on(Weekdays weekdays, Micros day) {
    const Micros since_monday = ((day + 3) % 7 + 7) % 7;
    return (weekdays >> since_monday & 1) != 0;
}

/// When the clock on the wall shows a time. Of the hour that spring leaves out, all comes at the
/// change: so nothing is left out, and nothing comes after what is later on the wall.
Micros moment_of(const TimeZone& zone, Micros local) {
    const Micros shown = zone.to_utc(local);
    if (zone.to_local(shown) == local) return shown;
    const Micros offset = zone.offset_at(shown);
    Micros before = local - offset; // not yet summer there
    Micros after = shown;
    while (after - before > 1) {
        const Micros middle = before + (after - before) / 2;
        (zone.offset_at(middle) == offset ? after : before) = middle;
    }
    return after;
}

/// The newest time in the journal: mostly its end. Where that is long before what came earlier, the
/// clock had begun anew meanwhile; where it is a little before, the clock had been ahead and was
/// set.
Micros last_known_time(const home::Home& home) {
    const auto& events = home.recent_events().entries();
    if (events.empty()) return 0;
    Micros newest = 0;
    for (const auto& event : events)
        newest = std::max(newest, event.at);
    const Micros end = events.back().at;
    return newest - end < days ? end : newest;
}

} // namespace

void Automations::resume() {
    if (resumed_) return;
    wall_.start(last_known_time(parts_.home));
    live_ = resumed_ = true;
    first_event_ = parts_.home.last_event();
    for (auto& [id, kept] : automations_)
        plan(kept, parts_.clock.utc() - limits_.missed_time);
    resume_holds();
    for (const RunId id : earlier_delays_)
        if (const Run* run = run_of(id))
            delay_alarms_.set(id, wall_.steady_of(run->steps.back().until));
    forget_lost_commands();
    for (const auto& [id, run] : runs_) {
        const bool delayed = !run.steps.empty() && run.steps.back().state == StepState::waiting;
        const bool answered = count_steps(run).unanswered == 0;
        if ((run.state == RunState::running && !delayed) ||
            (run.state == RunState::waiting && answered))
            ready_.push_back(id);
    }
}

/// Where the record of its end was damaged, nobody will tell what became of a command any more.
void Automations::forget_lost_commands() {
    std::erase_if(commands_, [&](const auto& entry) {
        const auto& [command, key] = entry;
        if (parts_.home.open_commands().contains(command)) return false;
        Run* run = run_of(key.run);
        if (Step* step = run != nullptr ? find_step(*run, key.path) : nullptr) {
            step->settlement = home::Settlement::timed_out;
            step->detail = "what became of it is not known";
        }
        return true;
    });
}

void Automations::look_at_clock() {
    const Micros jump = wall_.look();
    if (jump == 0) return;
    clock_set_after_ = parts_.home.last_event();
    clock_set_at_ = parts_.clock.utc();
    move_holds(jump);
    move_delays(jump);
    for (auto& [id, kept] : automations_)
        plan(kept, parts_.clock.utc() - limits_.missed_time);
}

// --- Delays ------------------------------------------------------------------------------------

void Automations::set_delay(const Run& run) {
    const Micros until = run.steps.back().until;
    if (live_)
        delay_alarms_.set(run.id, parts_.clock.steady() + until - parts_.clock.utc());
    else
        earlier_delays_.insert(run.id);
}

void Automations::stop_delay(const Run& run) {
    delay_alarms_.stop(run.id);
    earlier_delays_.erase(run.id);
}

/// The new time is written down: the old one would mean another moment after a restart.
void Automations::move_delays(Micros jump) {
    for (auto& [id, run] : runs_) {
        if (!delay_alarms_.contains(id)) continue;
        Step step = run.steps.back();
        if (earlier_delays_.contains(id)) {
            delay_alarms_.set(id, wall_.steady_of(step.until));
            continue;
        }
        step.until += jump;
        record_step(run, std::move(step));
    }
    if (wall_.settled()) earlier_delays_.clear();
}

void Automations::wake_delays() {
    while (const auto id = delay_alarms_.take(parts_.clock.steady())) {
        Run* run = run_of(*id);
        if (run == nullptr || run->state != RunState::running) continue;
        Step step = run->steps.back();
        step.state = StepState::done;
        record_step(*run, std::move(step));
        ready_.push_back(*id);
    }
}

// --- Times of day ------------------------------------------------------------------------------

std::optional<Automations::Planned> Automations::next_time(const Trigger& trigger,
                                                           Micros after) const {
    const auto* time = std::get_if<TimeTrigger>(&trigger);
    const auto* sun = std::get_if<SunTrigger>(&trigger);
    if (time == nullptr && (sun == nullptr || !parts_.place)) return std::nullopt;
    const Weekdays weekdays = time != nullptr ? time->weekdays : sun->weekdays;
    const Micros today = day_of(parts_.zone.to_local(after));
    for (Micros day = today - 1; day < today + most_days_ahead; ++day) {
        if (!is_on(weekdays, day)) continue;
        std::optional<Planned> next;
        if (time != nullptr) {
            const Micros local = day * days + time->time;
            next = Planned{moment_of(parts_.zone, local), local, {}};
        } else if (const auto passes = sun_event(
                       sun->event, parts_.zone.to_utc(day * days + 12 * hours), *parts_.place)) {
            const Micros at = *passes + sun->offset;
            next = Planned{at, parts_.zone.to_local(at), {}};
        }
        if (next && next->at > after) return next;
    }
    return std::nullopt;
}

/// Plans the times of an automation's triggers after the earliest that may be made up for, and
/// after those that it has had. It gets none of the time before it was there.
void Automations::plan(Kept& kept, Micros earliest) {
    forget_plans(kept);
    if (kept.automation.state != State::enabled) return;
    const Micros now = parts_.clock.utc();
    const Micros since = kept.since <= now ? std::max(kept.since, earliest) : now;
    const std::vector<Trigger>& triggers = kept.automation.definition.triggers;
    for (std::size_t i = 0; i < triggers.size(); ++i) {
        const auto had = kept.planned.find(i);
        const bool counts = had != kept.planned.end() && had->second <= now + believable_lead;
        plan({kept.automation.id, i}, triggers[i], counts ? std::max(since, had->second) : since);
    }
}

void Automations::plan(const HoldKey& key, const Trigger& trigger, Micros after) {
    auto next = next_time(trigger, after);
    if (!next) return;
    next->key = key;
    plans_.insert(std::move(*next));
}

void Automations::forget_plans(const Kept& kept) {
    std::erase_if(plans_,
                  [&](const Planned& plan) { return plan.key.first == kept.automation.id; });
}

/// What passed long ago, as the process stood still, is left out.
void Automations::fire_plans(Micros now) {
    const Micros oldest = now - limits_.missed_time;
    while (!plans_.empty() && plans_.begin()->at <= now) {
        const Planned plan_due = *plans_.begin();
        plans_.erase(plans_.begin());
        const auto& [id, number] = plan_due.key;
        Kept* found = kept(id);
        if (found == nullptr) continue;
        const Trigger& trigger = found->automation.definition.triggers[number];
        if (plan_due.at >= oldest) {
            found->planned[number] = plan_due.at;
            Match match;
            match.automation = id;
            match.trigger = number;
            match.at = plan_due.at;
            if (has_room(*found))
                queue(*found, std::move(match));
            else
                lose(*found, plan_due.at);
        }
        plan(plan_due.key, trigger, std::max(plan_due.at, oldest));
    }
}

std::optional<Micros> Automations::next_deadline() const {
    if (!resumed_) return std::nullopt;
    if (queued() != 0 || !ready_.empty() || !look_again_.empty()) return parts_.clock.steady();
    std::optional<Micros> next;
    const auto consider = [&](std::optional<Micros> due) {
        if (due) next = std::min(next.value_or(*due), *due);
    };
    consider(hold_alarms_.next());
    consider(delay_alarms_.next());
    if (!plans_.empty()) consider(plans_.begin()->at - wall_.ahead());
    return next;
}

void Automations::advance() {
    if (!resumed_) return;
    look_at_clock();
    const Micros now = parts_.clock.utc();
    if (!look_again_.empty()) look_again();
    fire_holds();
    fire_plans(now);
    wake_delays();
    if (!losing_.empty()) tell_lost();
    for (std::size_t work = limits_.work_per_turn; work > 0; --work) {
        if (!ready_.empty()) {
            const RunId id = ready_.front();
            ready_.pop_front();
            Run* run = run_of(id);
            if (run != nullptr && is_open(*run)) go_on(*run);
        } else if (queued() != 0) {
            // It leaves the queue when the run is journaled.
            const Match match = (matches_.empty() ? crowd_ : matches_).front();
            begin(match);
        } else {
            return;
        }
    }
}

} // namespace hearth::automations
