#include "automations/automations.h"
#include "automations/records.h"

#include <algorithm>
#include <utility>

/// Held-for: a value must stay as it is for some time. What events say begins and ends it, in a
/// replay as in life; only what is taken up from a value that held before is written down.
namespace hearth::automations {
namespace {

/// Whether a trigger asks in both wordings for the same.
bool is_same(const Trigger& a, const Trigger& b) {
    const auto* one = std::get_if<AttributeTrigger>(&a);
    const auto* other = std::get_if<AttributeTrigger>(&b);
    return one != nullptr && other != nullptr && *one == *other;
}

} // namespace

/// Where it may not begin as too many run already, it is told.
void Automations::keep_hold(Hold hold) {
    const HoldKey key{hold.match.automation, hold.match.trigger};
    stop_hold(key);
    if (holds_.size() >= limits_.holds) {
        if (resumed_ && parts_.refusals != nullptr)
            parts_.refusals->add("automations", key.first,
                                 {Code::limit, fmt::format("{} held-for timers run already; this "
                                                           "one is not started",
                                                           holds_.size())});
        return;
    }
    hold.earlier = !live_;
    if (live_) hold_alarms_.set(key, parts_.clock.steady() + hold.due - parts_.clock.utc());
    if (hold.unsure) unsure_.insert(key);
    holds_.emplace(key, std::move(hold));
}

void Automations::stop_hold(const HoldKey& key) {
    hold_alarms_.stop(key);
    unsure_.erase(key);
    holds_.erase(key);
}

/// What a device that has left last said holds no longer.
void Automations::stop_holds_of(const home::DeviceId& device) {
    for_holds_of(device, [&](const HoldKey& key) { stop_hold(key); });
}

/// What a device that cannot be reached last said may be so no longer.
void Automations::doubt_holds_of(const home::DeviceId& device) {
    for_holds_of(device, [&](const HoldKey& key) { doubt(key); });
}

template <class Use>
void Automations::for_holds_of(const home::DeviceId& device, Use&& use) {
    const DeviceWatch* watch = index_.find(device);
    if (watch == nullptr) return;
    for (const auto& [path, waiting] : watch->paths)
        for (const WatchRef& ref : waiting.refs)
            use(HoldKey{ref.kept->automation.id, ref.trigger});
}

void Automations::doubt(const HoldKey& key) {
    const auto found = holds_.find(key);
    if (found == holds_.end()) return;
    found->second.unsure = true;
    unsure_.insert(key);
}

/// Its device has said again that it is so.
void Automations::vouch(const HoldKey& key) {
    // Between replay and resume(), adapters read again what the broker had kept: that is its
    // memory, and nobody's word.
    if (live_ && !resumed_) return;
    if (unsure_.erase(key) == 0) return;
    holds_.at(key).unsure = false;
    if (live_ && !hold_alarms_.contains(key)) hold_alarms_.set(key, parts_.clock.steady());
}

/// From now on the timers run. One whose time came while hearth was down, or comes before devices
/// had time to come back, waits for its device's word: the value is older than the start.
void Automations::resume_holds() {
    const Micros now = parts_.clock.steady();
    for (auto& [key, hold] : holds_) {
        if (hold.earlier) hold_alarms_.set(key, wall_.steady_of(hold.due));
        const home::Device* device = parts_.home.find(hold.match.device);
        const bool soon = hold.earlier && wall_.steady_of(hold.due) < now + limits_.return_time;
        if (soon || (device != nullptr && !device->online)) doubt(key);
    }
}

void Automations::move_holds(Micros jump) {
    const bool settled = wall_.settled();
    for (auto& [key, hold] : holds_) {
        if (hold.earlier) {
            if (hold_alarms_.contains(key)) hold_alarms_.set(key, wall_.steady_of(hold.due));
            hold.earlier = !settled;
            continue;
        }
        hold.due += jump;
        journal_hold(hold);
    }
}

void Automations::journal_hold(const Hold& hold) {
    parts_.journal.append(static_cast<journal::Kind>(RecordKind::hold_kept), record_version,
                          encode(hold));
}

/// One that nobody has vouched for stays without an alarm until its device speaks.
void Automations::fire_holds() {
    while (const auto key = hold_alarms_.take(parts_.clock.steady())) {
        const auto found = holds_.find(*key);
        const home::Device* device = parts_.home.find(found->second.match.device);
        if (device != nullptr && !device->online) doubt(*key);
        if (found->second.unsure) continue;
        Match match = std::move(found->second.match);
        stop_hold(*key);
        Kept* rule = kept(match.automation);
        if (rule == nullptr) continue;
        if (has_room(*rule))
            queue(*rule, std::move(match));
        else
            lose(*rule, parts_.clock.utc());
    }
}

// --- Taking up -------------------------------------------------------------------------------

/// What is there of an automation's triggers before its wording or state changes.
Automations::Held Automations::held_by(const Kept& kept) const {
    Held held;
    if (kept.automation.state != State::enabled) return held;
    held.triggers = kept.automation.definition.triggers;
    for (std::size_t i = 0; i < held.triggers.size(); ++i) {
        const auto hold = holds_.find({kept.automation.id, i});
        if (hold != holds_.end()) held.holds.emplace(i, hold->second);
    }
    return held;
}

/// A value that holds already when an automation begins to look counts from when it was last told.
/// A trigger that the wording before had too goes on as it was: if its time is over, it had its
/// turn.
void Automations::take_up(const Kept& kept, const Held& before) {
    if (kept.automation.state != State::enabled) return;
    const std::vector<Trigger>& triggers = kept.automation.definition.triggers;
    for (std::size_t i = 0; i < triggers.size(); ++i) {
        const auto* trigger = std::get_if<AttributeTrigger>(&triggers[i]);
        if (trigger == nullptr || trigger->hold == 0) continue;
        const auto same = std::ranges::find_if(
            before.triggers, [&](const Trigger& other) { return is_same(other, triggers[i]); });
        std::optional<Hold> hold;
        if (same == before.triggers.end())
            hold = hold_of_now(*trigger);
        else if (const auto known =
                     before.holds.find(static_cast<std::size_t>(same - before.triggers.begin()));
                 known != before.holds.end())
            hold = in_present_utc(known->second);
        if (!hold) continue;
        hold->match.automation = kept.automation.id;
        hold->match.trigger = i;
        journal_hold(*hold);
        keep_hold(std::move(*hold));
    }
}

/// One from before the start is due by the clock that was right then.
Hold Automations::in_present_utc(Hold hold) const {
    if (resumed_ && std::exchange(hold.earlier, false))
        hold.due = parts_.clock.utc() + wall_.steady_of(hold.due) - parts_.clock.steady();
    return hold;
}

std::optional<Hold> Automations::hold_of_now(const AttributeTrigger& trigger) const {
    const home::Device* device = parts_.home.find(trigger.device);
    const home::Attribute* attribute =
        device != nullptr && device->present ? device->find(trigger.path.text) : nullptr;
    if (attribute == nullptr || attribute->reported.is_null() || trigger.from ||
        !trigger.test.holds(*attribute->spec, attribute->reported))
        return std::nullopt;
    const Micros now = parts_.clock.utc();
    // What was told before the clock was set has a time that means nothing now.
    const bool before_set =
        attribute->reported_in > first_event_ && attribute->reported_in <= clock_set_after_;
    const Micros since = before_set ? clock_set_at_ : attribute->reported_at;
    const Micros passed = std::clamp<Micros>(now - since, 0, trigger.hold);
    Hold hold;
    hold.match = {{},
                  0,
                  attribute->reported_in,
                  attribute->reported_at,
                  0,
                  trigger.device,
                  {},
                  attribute->reported};
    hold.due = now + trigger.hold - passed;
    hold.unsure = !resumed_ || attribute->reported_in <= first_event_ || !device->online;
    return hold;
}

} // namespace hearth::automations
