#include "automations/automations.h"
#include "automations/evaluation.h"
#include "automations/records.h"
#include "base/text.h"

/// Running: from a match over conditions to steps.
namespace hearth::automations {
namespace {

journal::Kind kind(RecordKind kind) {
    return static_cast<journal::Kind>(kind);
}

/// What a trace and the expressions of a run know of its trigger.
Value trigger_value(const Definition& definition, const Match& match, const home::Home& home) {
    const Trigger& trigger = definition.triggers[match.trigger];
    ValueMap map{{"index", Value::of_unsigned(match.trigger)},
                 {"text", describe(trigger, home)},
                 {"time", to_rfc3339(match.at)}};
    if (match.event != 0) map.append("event", Value::of_unsigned(match.event));
    if (match.device.empty()) return map;
    map.append("device", match.device);
    if (const home::Device* device = home.find(match.device)) map.append("name", device->name());
    if (const auto* attribute = std::get_if<AttributeTrigger>(&trigger)) {
        map.append("attribute", attribute->path.text);
        map.append("from", match.from);
        map.append("to", match.to);
    }
    return map;
}

} // namespace

// --- Beginning ---------------------------------------------------------------------------------

void Automations::begin(const Match& match) {
    Kept* found = kept(match.automation);
    if (found == nullptr || found->automation.state != State::enabled) return finish_match(match);
    if (!is_within_limits(*found, match)) return;
    const Definition& definition = found->automation.definition;
    const Micros now = parts_.clock.utc();
    if (Run* under_way = run_of(found->running);
        under_way != nullptr && definition.mode == Mode::single) {
        parts_.journal.append(kind(RecordKind::match_ignored), record_version,
                              encode(IgnoredRecord{under_way->id, match, now}));
        return apply_ignored(*under_way, match, now);
    }
    Run run = new_run(*found, match);
    const Evaluation::Around around{parts_.home, parts_.zone, parts_.place, now, limits_};
    if (!Evaluation(definition, run.trigger, around).check(run.conditions)) {
        run.state = RunState::not_met;
        run.ended = now;
    } else {
        stop_run(*found, RunState::restarted, "it was triggered again");
    }
    begin_run(std::move(run), match);
}

Run Automations::new_run(const Kept& kept, const Match& match) const {
    const Automation& automation = kept.automation;
    Run run{.id = last_run_ + 1, .automation = automation.id, .version = automation.version()};
    run.cause = home::Cause::of_automation(automation.id, match.event);
    run.event = match.event;
    run.started = parts_.clock.utc();
    run.depth = match.depth;
    run.streak = match.streak;
    run.conditions = ValueList();
    if (!match.automation.empty())
        run.trigger = trigger_value(automation.definition, match, parts_.home);
    return run;
}

/// A run that goes on does its steps before another match is looked at.
void Automations::begin_run(Run run, const Match& match) {
    const RunId id = run.id;
    const bool goes_on = run.state == RunState::running;
    parts_.journal.append(kind(RecordKind::run_began), record_version,
                          encode(BeganRecord{run, match}));
    apply_began(std::move(run), match);
    if (goes_on) ready_.push_back(id);
}

Result<RunId> Automations::run(home::Cause cause, std::string_view id) {
    const auto found = existing(id);
    if (!found) return std::unexpected(found.error());
    Kept& known = **found;
    const Automation& automation = known.automation;
    if (!resumed_) return fail(Code::unavailable, "hearth is still starting; try again");
    if (automation.state != State::enabled && automation.state != State::disabled)
        return fail(Code::refused, "{} is {}: {}", automation.name(), to_string(automation.state),
                    automation.detail);
    if (known.running != 0 && automation.definition.mode == Mode::single)
        return fail(Code::conflict, "{} is running already (run {})", automation.name(),
                    known.running);
    stop_run(known, RunState::restarted, "it was started again by hand");
    Run run = new_run(known, {});
    run.trigger = ValueMap{{"text", "by hand"}, {"time", to_rfc3339(run.started)}};
    run.event = cause.event;
    run.cause = std::move(cause);
    const RunId number = run.id;
    begin_run(std::move(run), {});
    return number;
}

/// Sets aside what never ends: an automation that runs too often, or that its own effects start.
bool Automations::is_within_limits(Kept& kept, const Match& match) {
    if (match.depth > limits_.cascade_depth) {
        set_aside(kept, fmt::format("runs of automations led to each other {} times in a row, this "
                                    "one among them; see to it that they come to an end",
                                    match.depth));
        return false;
    }
    if (match.streak > limits_.streak) {
        set_aside(kept,
                  fmt::format("{} times in a row it was started by what automations had set a "
                              "moment before; see to it that this comes to an end",
                              match.streak));
        return false;
    }
    const Micros now = parts_.clock.steady();
    if (now - kept.minute >= minutes) {
        kept.minute = now;
        kept.in_minute = 0;
    }
    if (kept.in_minute >= limits_.runs_per_minute) {
        set_aside(kept, fmt::format("it was triggered more than {} times in a minute",
                                    limits_.runs_per_minute));
        return false;
    }
    ++kept.in_minute;
    return true;
}

void Automations::set_aside(Kept& kept, std::string reason) {
    stop_run(kept, RunState::stopped, "the automation was set aside");
    set_state(kept, State::set_aside, reason);
    const Automation& automation = kept.automation;
    if (parts_.refusals != nullptr)
        parts_.refusals->add("automations", automation.id, {Code::limit, reason});
    (void)parts_.home.record(
        home::Cause::of_automation(automation.id),
        home::AutomationRan{automation.id, 0, automation.name(), "set_aside", std::move(reason)});
}

// --- Steps -------------------------------------------------------------------------------------

home::Cause Automations::cause_of(const Run& run) const {
    return home::Cause::of_automation(run.automation, run.event);
}

void Automations::tell(const Run& run, std::string_view state, std::string detail) {
    const Kept* found = kept(run.automation);
    const bool by_hand = state == "started" && !run.cause.is_by(home::Subject::Kind::automation);
    const auto told = parts_.home.record(
        by_hand ? run.cause : cause_of(run),
        home::AutomationRan{run.automation, run.id,
                            found != nullptr ? found->automation.name() : run.automation,
                            std::string(state), std::move(detail)});
    (void)told; // what stands in it has been checked
}

/// Does one step. What the home tells of it comes back through hear().
void Automations::go_on(Run& run) {
    if (!run.told) tell(run, "started", {});
    const auto path = run.state == RunState::running ? next_step(run) : std::nullopt;
    if (const Action* action = path ? action_of(run, *path) : nullptr) {
        do_step(run, *path, *action);
        if (run.steps.back().state == StepState::waiting) return;
        ready_.push_front(run.id);
        return;
    }
    if (run.state == RunState::running && count_steps(run).unanswered != 0)
        return wait_for_answers(run);
    conclude(run);
}

/// Its end is told once its devices have answered, or have not in time: until then nobody knows
/// whether it did what it was to do.
void Automations::wait_for_answers(Run& run) {
    parts_.journal.append(kind(RecordKind::run_waits), record_version, encode(WaitsRecord{run.id}));
    apply_waits(run);
}

void Automations::conclude(Run& run) {
    if (count_steps(run).unanswered != 0) return;
    std::string failure = failure_text(run);
    const RunState state = failure.empty() ? RunState::finished : RunState::failed;
    end(run, state, std::move(failure));
}

void Automations::do_step(Run& run, StepPath path, const Action& action) {
    Step step{.path = std::move(path),
              .at = parts_.clock.utc(),
              .text = automations::describe(action, parts_.home)};
    if (const auto* set = std::get_if<SetAction>(&action)) {
        step = do_set(run, *set, std::move(step));
    } else if (const auto* notify = std::get_if<NotifyAction>(&action)) {
        step = do_notify(run, *notify, std::move(step));
    } else if (const Micros time = std::get<DelayAction>(action).time; time > 0) {
        step.state = StepState::waiting;
        step.until = step.at + time;
    }
    record_step(run, std::move(step));
}

Step Automations::do_set(const Run& run, const SetAction& action, Step step) {
    const auto failed = [&](const std::string& why) {
        step.state = StepState::failed;
        step.detail = printable(why, limits_.detail_bytes);
        return step;
    };
    const home::Device* device = parts_.home.find(action.device);
    if (device == nullptr || !device->present) return failed("the device has left");
    const Definition& definition = kept(run.automation)->automation.definition;
    const Evaluation::Around around{parts_.home, parts_.zone, parts_.place, step.at, limits_};
    const Evaluation evaluation(definition, run.trigger, around);
    home::CommandRequest request{action.device, {}, {}, to_string(StepKey{run.id, step.path})};
    std::string text = device->name() + ":";
    for (const SetValue& set : action.values) {
        const home::Attribute* attribute = device->find(set.path.text);
        if (attribute == nullptr) return failed("it has no " + set.path.text + " any more");
        auto value = evaluation.value_of(set, *attribute->spec);
        if (!value) return failed(set.path.text + ": " + value.error().detail);
        text += fmt::format("{} {} = {}", text.ends_with(':') ? "" : ",", set.path.text,
                            value_text(*value, limits_.detail_bytes));
        request.asks.push_back({set.path, std::move(*value)});
    }
    step.text = std::move(text);
    const auto issued = parts_.home.issue(cause_of(run), std::move(request));
    if (!issued) return failed(issued.error().detail);
    step.command = *issued;
    return step;
}

Step Automations::do_notify(const Run& run, const NotifyAction& action, Step step) {
    const Definition& definition = kept(run.automation)->automation.definition;
    const Evaluation::Around around{parts_.home, parts_.zone, parts_.place, step.at, limits_};
    auto text = Evaluation(definition, run.trigger, around).render(action.text);
    if (text) step.text = "notify: " + printable(*text, limits_.detail_bytes);
    const auto told =
        text ? parts_.home.record(cause_of(run), home::Notified{std::move(*text), run.automation,
                                                                run.id, step.path.text()})
             : std::unexpected(text.error());
    if (told) return step;
    step.state = StepState::failed;
    step.detail = printable(told.error().detail, limits_.detail_bytes);
    return step;
}

void Automations::record_step(Run& run, Step step) {
    // A command may have been settled while it was issued.
    if (const Step* known = find_step(run, step.path); known != nullptr && !step.settlement) {
        step.settlement = known->settlement;
        if (step.detail.empty()) step.detail = known->detail;
    }
    parts_.journal.append(kind(RecordKind::run_step), record_version,
                          encode(StepRecord{run.id, step}));
    apply_step(run, std::move(step));
}

void Automations::end(Run& run, RunState state, std::string detail) {
    if (!run.told) tell(run, "started", {});
    detail = printable(detail, limits_.detail_bytes);
    tell(run, to_string(state), std::move(detail));
}

void Automations::stop_run(Kept& kept, RunState state, std::string detail) {
    if (Run* run = run_of(kept.running)) end(*run, state, std::move(detail));
}

} // namespace hearth::automations
