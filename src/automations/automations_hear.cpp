#include "automations/automations.h"
#include "base/text.h"

#include <algorithm>

/// What events mean for triggers and runs. It happens the same in a replay as in life, so it must
/// depend on the event and on what was applied before, never on the clock.
namespace hearth::automations {
namespace {

/// "run:RUN:STEP", the key of a run's command.
struct StepKey {
    RunId run = 0;
    std::size_t step = 0;
};

std::optional<StepKey> parse_key(std::string_view key) {
    const std::vector<std::string_view> parts = split(key, ':');
    long long run = 0;
    long long step = 0;
    if (parts.size() != 3 || parts[0] != "run" || !parse_integer(parts[1], run) ||
        !parse_integer(parts[2], step) || run <= 0 || step < 0)
        return std::nullopt;
    return StepKey{static_cast<RunId>(run), static_cast<std::size_t>(step)};
}

} // namespace

void Automations::hear(const home::Event& event, const std::vector<home::Change>& changes) {
    if (const auto* report = std::get_if<home::AttributeReported>(&event.fact))
        hear_report(event, *report, changes);
    else if (const auto* available = std::get_if<home::AvailabilityChanged>(&event.fact))
        hear_device(event, available->device,
                    available->online ? DeviceTrigger::What::online : DeviceTrigger::What::offline);
    else if (const auto* issued = std::get_if<home::CommandIssued>(&event.fact))
        hear_issued(event, *issued);
    else if (const auto* settled = std::get_if<home::CommandSettled>(&event.fact))
        hear_settled(*settled);
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
    if (watch == nullptr) return;
    for (const auto& [path, value] : report.values) {
        const auto found = watch->paths.find(path.text);
        if (found == watch->paths.end()) continue;
        const auto change =
            std::ranges::find(changes, path.text, [](const auto& c) { return c.path.text; });
        const bool changed = change != changes.end();
        const std::uint32_t depth = depth_of(event, found->second);
        for (const WatchRef& ref : found->second.refs)
            consider(ref,
                     {ref.kept->automation.id, ref.trigger, event.id, event.at, depth,
                      report.device, changed ? change->before : value, value},
                     changed);
    }
}

/// Where nothing is asked of the value, every change matches; else it must come to pass the test.
/// What was never reported before passes no test, so a first report counts as a change.
void Automations::consider(const WatchRef& ref, Match match, bool changed) {
    const auto& trigger =
        std::get<AttributeTrigger>(ref.kept->automation.definition.triggers[ref.trigger]);
    const bool holds = trigger.test.holds(match.to);
    if (trigger.reported) {
        if (holds) queue_once(std::move(match));
        return;
    }
    if (!changed) return;
    const bool held =
        !trigger.test.empty() && !match.from.is_null() && trigger.test.holds(match.from);
    if (holds && held) return;
    if (trigger.hold != 0) stop_hold({match.automation, match.trigger});
    if (!holds || (trigger.from && match.from != *trigger.from)) return;
    if (trigger.hold == 0) return queue_once(std::move(match));
    const Micros due = match.at + trigger.hold;
    keep_hold({std::move(match), due});
}

/// Two triggers of an automation that match the same event are one reason to run.
void Automations::queue_once(Match match) {
    Kept* found = kept(match.automation);
    if (found->queued_event == match.event) return;
    found->queued_event = match.event;
    queue(std::move(match));
}

void Automations::queue(Match match) {
    if (matches_.size() >= limits_.queued_matches) {
        if (resumed_ && parts_.refusals != nullptr)
            parts_.refusals->add("automations", match.automation,
                                 {Code::limit, fmt::format("{} triggers wait for their turn "
                                                           "already; this one is lost",
                                                           matches_.size())});
        return;
    }
    matches_.push_back(std::move(match));
}

/// How many runs led to an event: by the command that it answers, else by who last set what
/// changed.
std::uint32_t Automations::depth_of(const home::Event& event, const PathWatch& watch) const {
    std::uint32_t depth = 0;
    const auto issued = issued_depth_.find(event.cause.event);
    if (issued != issued_depth_.end()) depth = issued->second + 1;
    const bool recent = watch.asked_at != 0 && event.at - watch.asked_at <= limits_.effect_time;
    return recent ? std::max(depth, watch.asked_depth + 1) : depth;
}

void Automations::hear_device(const home::Event& event, const home::DeviceId& device,
                              DeviceTrigger::What what) {
    if (what == DeviceTrigger::What::left) stop_holds_of(device);
    const auto match = [&](const WatchRef& ref) {
        queue_once({ref.kept->automation.id, ref.trigger, event.id, event.at, 0, device, {}, {}});
    };
    if (const DeviceWatch* watch = index_.find(device))
        std::ranges::for_each(watch->events[static_cast<std::size_t>(what)], match);
    std::ranges::for_each(index_.of_any_device(what), match);
}

/// What a device that has left last said holds no longer.
void Automations::stop_holds_of(const home::DeviceId& device) {
    const DeviceWatch* watch = index_.find(device);
    if (watch == nullptr) return;
    for (const auto& [path, waiting] : watch->paths)
        for (const WatchRef& ref : waiting.refs)
            stop_hold({ref.kept->automation.id, ref.trigger});
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
    if (event.cause.by != home::Cause::By::automation) return;
    const auto key = parse_key(issued.command.key);
    Run* run = key ? run_of(key->run) : nullptr;
    if (run == nullptr || run->state != RunState::running) return;
    issued_depth_[event.id] = run->depth;
    if (issued_depth_.size() > limits_.cascade_memory) issued_depth_.erase(issued_depth_.begin());
    if (DeviceWatch* watch = index_.find(issued.command.device))
        for (const home::Ask& ask : issued.command.asks)
            if (const auto path = watch->paths.find(ask.path.text); path != watch->paths.end()) {
                path->second.asked_depth = run->depth;
                path->second.asked_at = event.at;
            }
    commands_[issued.command.id] = {key->run, key->step};
    // In a replay, this may be all that is left of the step; in life, its record follows.
    Step step{.at = event.at, .command = issued.command.id};
    const Action* action = resumed_ ? nullptr : action_of(*run, key->step);
    if (action != nullptr) step.text = automations::describe(*action, parts_.home);
    if (key->step == run->steps.size()) apply_step(*run, key->step, std::move(step));
}

void Automations::hear_settled(const home::CommandSettled& settled) {
    const auto found = commands_.find(settled.command);
    if (found == commands_.end()) return;
    const auto [id, number] = found->second;
    commands_.erase(found);
    Run* run = run_of(id);
    if (run == nullptr || number >= run->steps.size()) return;
    Step& step = run->steps[number];
    step.settlement = settled.settlement;
    if (step.detail.empty()) step.detail = printable(settled.detail, limits_.detail_bytes);
}

void Automations::hear_ran(const home::Event& event, const home::AutomationRan& ran) {
    Run* run = run_of(ran.run);
    if (run == nullptr || run->state != RunState::running) return;
    if (ran.state == "started") {
        run->told = true;
        if (run->event == 0) run->event = event.id;
    } else if (const auto state = parse_run_state(ran.state)) {
        apply_ended(*run, *state, ran.detail, event.at);
    }
}

void Automations::hear_notified(const home::Event& event, const home::Notified& notified) {
    Run* run = run_of(notified.run);
    if (run == nullptr || run->state != RunState::running || notified.step != run->steps.size())
        return;
    apply_step(
        *run, notified.step,
        {.at = event.at, .text = "notify: " + printable(notified.text, limits_.detail_bytes)});
}

} // namespace hearth::automations
