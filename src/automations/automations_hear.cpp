#include "automations/automations.h"
#include "base/text.h"

#include <algorithm>
#include <utility>

/// What events mean for triggers and runs. It happens the same in a replay as in life, so it must
/// depend on the event and on what was applied before, never on the clock.
namespace hearth::automations {
void Automations::hear(const home::Event& event, const std::vector<home::Change>& changes) {
    if (const auto* report = std::get_if<home::AttributeReported>(&event.fact))
        hear_report(event, *report, changes);
    else if (const auto* available = std::get_if<home::AvailabilityChanged>(&event.fact))
        hear_device(event, available->device,
                    available->online ? DeviceTrigger::What::online : DeviceTrigger::What::offline);
    else if (const auto* issued = std::get_if<home::CommandIssued>(&event.fact))
        hear_issued(event, *issued);
    else if (const auto* settled = std::get_if<home::CommandSettled>(&event.fact))
        hear_settled(event, *settled);
    else if (const auto* ran = std::get_if<home::AutomationRan>(&event.fact))
        hear_ran(event, *ran);
    else if (const auto* notified = std::get_if<home::Notified>(&event.fact))
        hear_notified(event, *notified);
    else if (const auto* left = std::get_if<home::DeviceLeft>(&event.fact))
        hear_device(event, left->device, DeviceTrigger::What::left);
    else if (const auto* joined = std::get_if<home::DeviceJoined>(&event.fact))
        hear_device(event, joined->device, DeviceTrigger::What::joined);
    if (!waiting_.empty()) hear_names(home::DeviceId(home::device_of(event.fact)));
}

void Automations::hear_report(const home::Event& event, const home::AttributeReported& report,
                              const std::vector<home::Change>& changes) {
    DeviceWatch* watch = index_.find(report.device);
    const home::Device* device = parts_.home.find(report.device);
    if (watch == nullptr || device == nullptr) return;
    for (const auto& [path, value] : report.values) {
        const auto found = watch->paths.find(path.text);
        const home::Attribute* attribute = device->find(path.text);
        if (found == watch->paths.end() || attribute == nullptr) continue;
        const auto change =
            std::ranges::find(changes, path.text, [](const auto& c) { return c.path.text; });
        const bool changed = change != changes.end();
        Seen seen{event,
                  report.device,
                  *attribute->spec,
                  changed ? change->before : value,
                  value,
                  changed,
                  {}};
        seen.chain = chain_of(seen, found->second.asked);
        for (const WatchRef& ref : found->second.refs)
            consider(ref, seen);
    }
}

/// Where nothing is asked of the value, every change matches; else it must come to pass the test.
/// What was never reported before passes no test, so a first report counts as a change.
void Automations::consider(const WatchRef& ref, const Seen& seen) {
    const auto& trigger =
        std::get<AttributeTrigger>(ref.kept->automation.definition.triggers[ref.trigger]);
    const bool holds = trigger.test.holds(seen.spec, seen.to);
    if (trigger.reported) {
        if (holds) queue_once(ref, seen);
        return;
    }
    const bool held = !seen.changed || (!trigger.test.empty() && !seen.from.is_null() &&
                                        trigger.test.holds(seen.spec, seen.from));
    if (holds && held) {
        if (trigger.hold != 0 && !unsure_.empty()) vouch({ref.kept->automation.id, ref.trigger});
        return;
    }
    if (!seen.changed) return;
    if (trigger.hold != 0) stop_hold({ref.kept->automation.id, ref.trigger});
    if (!holds || (trigger.from && !home::matches(seen.spec, *trigger.from, seen.from))) return;
    if (trigger.hold == 0) return queue_once(ref, seen);
    keep_hold({match_of(ref, seen), seen.event.at + trigger.hold});
}

Match Automations::match_of(const WatchRef& ref, const Seen& seen) {
    Match match{ref.kept->automation.id, ref.trigger, seen.event.id, seen.event.at,
                seen.chain.depth,        seen.device, seen.from,     seen.to};
    match.streak = seen.chain.streak;
    return match;
}

/// Two triggers of an automation that match the same event are one reason to run.
void Automations::queue_once(const WatchRef& ref, const Seen& seen) {
    Kept& found = *ref.kept;
    if (std::exchange(found.queued_event, seen.event.id) == seen.event.id) return;
    if (!has_room(found)) return lose(found, seen.event.at);
    queue(found, match_of(ref, seen));
}

/// How many runs led to a report. A command is the cause of what answers it; where it was settled
/// without an answer, of the next report that says what was asked. What no command explains came
/// from outside (a hand, the weather) and begins a new chain.
Chain Automations::chain_of(const Seen& seen, Asked& asked) const {
    Chain chain;
    const bool recent = asked.at != 0 && seen.event.at - asked.at <= limits_.effect_time;
    if (recent) chain.streak = asked.chain.streak + 1;
    const auto issued = issued_depth_.find(seen.event.cause.event);
    if (issued != issued_depth_.end()) {
        chain.depth = issued->second + 1;
    } else if (asked.echo_until >= seen.event.at && asked.at != 0 &&
               home::matches(seen.spec, asked.value, seen.to)) {
        chain.depth = asked.chain.depth + 1;
        asked.echo_until = 0;
    } else if (asked.known && seen.changed) {
        asked.echo_until = 0;
    }
    return chain;
}

void Automations::hear_device(const home::Event& event, const home::DeviceId& device,
                              DeviceTrigger::What what) {
    if (what == DeviceTrigger::What::left) stop_holds_of(device);
    if (what == DeviceTrigger::What::offline) doubt_holds_of(device);
    static const home::AttributeSpec no_attribute;
    static const Value no_value;
    const Seen seen{event, device, no_attribute, no_value, no_value, true, {}};
    const auto match = [&](const WatchRef& ref) { queue_once(ref, seen); };
    if (const DeviceWatch* watch = index_.find(device))
        std::ranges::for_each(watch->events[static_cast<std::size_t>(what)], match);
    std::ranges::for_each(index_.of_any_device(what), match);
}

void Automations::hear_names(const home::DeviceId& id) {
    const home::Device* device = id.empty() ? nullptr : parts_.home.find(id);
    if (device == nullptr) return;
    const auto wake = [&](std::string_view name) {
        const auto [first, last] = waiting_.equal_range(to_lower(name));
        for (auto entry = first; entry != last; ++entry)
            look_again_.insert(entry->second);
    };
    wake(device->id);
    wake(device->name());
    for (const std::string& alias : device->aliases)
        wake(alias);
}

void Automations::hear_issued(const home::Event& event, const home::CommandIssued& issued) {
    const auto key = event.cause.is_by(home::Subject::Kind::automation)
                         ? parse_step_key(issued.command.key)
                         : std::nullopt;
    Run* run = key ? run_of(key->run) : nullptr;
    if (run != nullptr && run->state != RunState::running) run = nullptr;
    note_asks(event, issued, run);
    if (run == nullptr) return;
    issued_depth_[event.id] = run->depth;
    if (issued_depth_.size() > limits_.cascade_memory) issued_depth_.erase(issued_depth_.begin());
    commands_.insert_or_assign(issued.command.id, *key);
    if (find_step(*run, key->path) != nullptr) return;
    // In a replay, this may be all that is left of the step; in life, its record follows.
    Step step{.path = key->path, .at = event.at, .command = issued.command.id};
    const Action* action = resumed_ ? nullptr : action_of(*run, key->path);
    if (action != nullptr) step.text = automations::describe(*action, parts_.home);
    apply_step(*run, std::move(step));
}

/// Whose command an attribute follows from now on: a run's, or (with none) somebody else's.
void Automations::note_asks(const home::Event& event, const home::CommandIssued& issued,
                            const Run* run) {
    DeviceWatch* watch = index_.find(issued.command.device);
    if (watch == nullptr) return;
    for (const home::Ask& ask : issued.command.asks) {
        const auto path = watch->paths.find(ask.path.text);
        if (path == watch->paths.end()) continue;
        Asked& asked = path->second.asked;
        asked = {};
        if (run == nullptr) continue;
        asked.at = event.at;
        asked.command = issued.command.id;
        asked.issued_in = event.id;
        asked.value = ask.value;
        asked.chain = {run->depth, run->streak};
    }
}

/// A command that ends without a report may have an effect yet, unless it was refused.
void Automations::expect_echo(const home::Event& event, const home::CommandSettled& settled) {
    DeviceWatch* watch = index_.find(settled.device);
    if (watch == nullptr) return;
    for (auto& [path, waiting] : watch->paths) {
        Asked& asked = waiting.asked;
        if (asked.command != settled.command || asked.at == 0) continue;
        const bool open =
            settled.settlement != home::Settlement::refused && event.cause.event == asked.issued_in;
        asked.echo_until = open ? event.at + limits_.effect_time : 0;
        asked.known = settled.settlement == home::Settlement::confirmed;
    }
}

void Automations::hear_settled(const home::Event& event, const home::CommandSettled& settled) {
    const auto found = commands_.find(settled.command);
    if (found == commands_.end()) return;
    expect_echo(event, settled);
    const StepKey key = std::move(found->second);
    commands_.erase(found);
    Run* run = run_of(key.run);
    Step* step = run != nullptr ? find_step(*run, key.path) : nullptr;
    if (step == nullptr) return;
    step->settlement = settled.settlement;
    if (step->detail.empty()) step->detail = printable(settled.detail, limits_.detail_bytes);
    if (resumed_ && run->state == RunState::waiting && count_steps(*run).unanswered == 0)
        ready_.push_back(key.run);
}

void Automations::hear_ran(const home::Event& event, const home::AutomationRan& ran) {
    Run* run = run_of(ran.run);
    if (run == nullptr || !is_open(*run)) return;
    if (ran.state == "started") {
        run->told = true;
        if (run->event == 0) run->event = event.id;
    } else if (const auto state = parse_run_state(ran.state)) {
        apply_ended(*run, *state, ran.detail, event.at);
    }
}

void Automations::hear_notified(const home::Event& event, const home::Notified& notified) {
    Run* run = run_of(notified.run);
    const auto path = StepPath::parse(notified.step);
    if (run == nullptr || run->state != RunState::running || !path) return;
    if (find_step(*run, *path) != nullptr) return;
    apply_step(*run, {.path = *path,
                      .at = event.at,
                      .text = "notify: " + printable(notified.text, limits_.detail_bytes)});
}

} // namespace hearth::automations
