#include "automations/automations.h"
#include "automations/records.h"
#include "base/bytes.h"
#include "base/text.h"

#include <algorithm>

/// How records change the automations, and how they are written down and read back.
namespace hearth::automations {
namespace {

journal::Kind kind(RecordKind kind) {
    return static_cast<journal::Kind>(kind);
}

bool is_timed(const Trigger& trigger) {
    return std::holds_alternative<TimeTrigger>(trigger) ||
           std::holds_alternative<SunTrigger>(trigger);
}

} // namespace

/// Takes an automation out of everything that looks for it by its triggers.
void Automations::unplug(Kept& kept) {
    const AutomationId& id = kept.automation.id;
    index_.remove(kept);
    forget_plans(kept);
    empty_queue(kept);
    for (std::size_t i = 0; i < kept.automation.definition.triggers.size(); ++i)
        stop_hold({id, i});
    std::erase_if(waiting_, [&](const auto& entry) { return entry.second == id; });
}

void Automations::plug(Kept& kept) {
    if (kept.automation.state == State::enabled) index_.add(kept);
    if (kept.automation.state == State::waiting)
        waiting_.emplace(to_lower(kept.missing), kept.automation.id);
    if (resumed_) plan(kept, parts_.clock.utc());
}

void Automations::apply_version(const AutomationId& id, Version version, Checked checked) {
    Kept& kept = automations_[id];
    Automation& automation = kept.automation;
    if (!automation.id.empty()) unplug(kept);
    automation.id = id;
    automation.state = checked.state;
    automation.detail = std::move(checked.detail);
    automation.definition = std::move(checked.definition);
    kept.missing = std::move(checked.missing);
    kept.planned.clear();
    kept.since = version.at;
    std::vector<Version>& versions = automation.versions;
    if (!versions.empty() && versions.back().number == version.number) versions.pop_back();
    versions.push_back(std::move(version));
    if (versions.size() > limits_.versions) versions.erase(versions.begin());
    plug(kept);
}

void Automations::apply_state(Kept& kept, State state, std::string detail, Micros at) {
    unplug(kept);
    kept.automation.state = state;
    kept.automation.detail = std::move(detail);
    kept.since = at;
    plug(kept);
}

void Automations::apply_removed(std::string_view id) {
    const auto found = automations_.find(id);
    if (found == automations_.end()) return;
    unplug(found->second);
    for (const RunId run : found->second.runs)
        runs_.erase(run);
    automations_.erase(found);
}

/// A match that became a run, or was ignored: it is done with, wherever it stands.
void Automations::finish_match(const Match& match) {
    Kept* found = kept(match.automation);
    if (found == nullptr) return;
    take_from_queue(*found, match);
    const auto held = holds_.find({match.automation, match.trigger});
    if (held != holds_.end() && held->second.match.event == match.event &&
        held->second.match.at == match.at)
        stop_hold({match.automation, match.trigger});
    if (match.trigger >= found->automation.definition.triggers.size()) return;
    if (is_timed(found->automation.definition.triggers[match.trigger]))
        found->planned[match.trigger] = match.at;
}

void Automations::apply_began(Run run, const Match& match) {
    finish_match(match);
    last_run_ = std::max(last_run_, run.id);
    Kept* found = kept(run.automation);
    if (found == nullptr) return;
    found->runs.push_back(run.id);
    if (run.state == RunState::running) found->running = run.id;
    if (run.state == RunState::not_met) ++found->not_met;
    runs_.insert_or_assign(run.id, std::move(run));
    trim_traces(*found);
}

/// Its command may have been settled before the step was written down.
void Automations::apply_step(Run& run, Step step) {
    Step* known = find_step(run, step.path);
    if (known == nullptr) known = &run.steps.emplace_back(Step{.path = step.path});
    stop_delay(run);
    if (!step.settlement) step.settlement = known->settlement;
    *known = std::move(step);
    if (known->state == StepState::waiting) set_delay(run);
}

void Automations::apply_ignored(Run& run, const Match& match, Micros at) {
    finish_match(match);
    ++run.ignored;
    run.last_ignored = at;
}

/// Its part is done: it keeps nobody from running, and its trace stays until its end is known.
void Automations::apply_waits(Run& run) {
    run.state = RunState::waiting;
    if (Kept* found = kept(run.automation); found != nullptr && found->running == run.id)
        found->running = 0;
}

void Automations::apply_ended(Run& run, RunState state, std::string detail, Micros at) {
    run.state = state;
    run.detail = std::move(detail);
    run.ended = at;
    stop_delay(run);
    Kept* found = kept(run.automation);
    if (found != nullptr && found->running == run.id) found->running = 0;
    if (found != nullptr) trim_traces(*found);
}

/// Runs that have not ended stay. Those whose conditions did not hold go first where they are many:
/// they would push out the few that did something.
void Automations::trim_traces(Kept& kept) {
    const auto is_idle = [&](RunId id) { return runs_.at(id).state == RunState::not_met; };
    const auto has_ended = [&](RunId id) { return !is_open(runs_.at(id)); };
    while (kept.runs.size() > limits_.traces + (kept.running != 0 ? 1 : 0)) {
        const bool any = kept.not_met * 2 <= limits_.traces;
        auto oldest = std::ranges::find_if(
            kept.runs, [&](RunId id) { return has_ended(id) && (any || is_idle(id)); });
        if (oldest == kept.runs.end()) return;
        if (is_idle(*oldest)) --kept.not_met;
        runs_.erase(*oldest);
        kept.runs.erase(oldest);
    }
}

// --- journal::Owner ----------------------------------------------------------------------------

void Automations::reset() {
    automations_.clear();
    runs_.clear();
    last_run_ = 0;
    index_.clear();
    matches_.clear();
    crowd_.clear();
    losing_.clear();
    ready_.clear();
    holds_.clear();
    hold_alarms_.clear();
    unsure_.clear();
    delay_alarms_.clear();
    earlier_delays_.clear();
    plans_.clear();
    live_ = false;
    commands_.clear();
    issued_depth_.clear();
    waiting_.clear();
    look_again_.clear();
}

void Automations::snapshot(journal::SnapshotSink& sink) const {
    const auto put = [&](RecordKind which, std::string_view payload) {
        sink.put(kind(which), record_version, payload);
    };
    std::string counters;
    ByteWriter(counters).varint(last_run_);
    put(RecordKind::counters_kept, counters);
    for (const auto& [id, kept] : automations_) {
        const Automation& automation = kept.automation;
        for (const Version& version : automation.versions)
            put(RecordKind::automation_set, encode(VersionRecord{id, version, automation.state,
                                                                 automation.detail, kept.missing}));
        put(RecordKind::automation_state,
            encode(StateRecord{id, kept.since, automation.state, automation.detail}));
        for (const auto& [trigger, time] : kept.planned)
            put(RecordKind::planned_kept, encode(PlannedRecord{id, trigger, time}));
    }
    snapshot_runs(sink);
}

void Automations::snapshot_runs(journal::SnapshotSink& sink) const {
    const auto put = [&](RecordKind which, std::string_view payload) {
        sink.put(kind(which), record_version, payload);
    };
    for (const auto& [id, run] : runs_)
        put(RecordKind::run_kept, encode(run));
    for (const auto& [key, hold] : holds_)
        put(RecordKind::hold_kept, encode(hold));
    for (const std::deque<Match>* matches : {&matches_, &crowd_})
        for (const Match& match : *matches)
            put(RecordKind::match_kept, encode(match));
}

Result<void> Automations::replay_version(std::string_view payload) {
    auto record = decode_version(payload);
    if (!record) return std::unexpected(record.error());
    Checked checked{{}, record->state, std::move(record->detail), std::move(record->missing)};
    auto definition = parse_definition(record->version.definition, limits_);
    if (definition) {
        checked.definition = std::move(*definition);
    } else {
        // Limits that were lowered since: it is kept for people to see, and does nothing.
        checked.state = State::invalid;
        checked.detail = definition.error().detail;
        checked.definition.name = record->version.definition.at("name").string_or("");
    }
    apply_version(record->automation, std::move(record->version), std::move(checked));
    return {};
}

Result<void> Automations::replay_state(const journal::Record& record) {
    auto state = decode_state(record.payload);
    if (!state) return std::unexpected(state.error());
    Kept* known = kept(state->automation);
    // What could not be compiled stays invalid.
    if (known != nullptr && !known->automation.definition.actions.empty())
        apply_state(*known, state->state, std::move(state->detail), state->at);
    return {};
}

Result<void> Automations::replay_run(const journal::Record& record) {
    auto run = decode_run(record.payload, record.version);
    if (!run) return std::unexpected(run.error());
    const RunId id = run->id;
    apply_began(std::move(*run), {});
    const Run* known = run_of(id);
    if (known == nullptr) return {};
    for (const Step& step : known->steps)
        if (step.command != 0 && !step.settlement)
            commands_.insert_or_assign(step.command, StepKey{id, step.path});
    if (known->state == RunState::running && !known->steps.empty() &&
        known->steps.back().state == StepState::waiting)
        set_delay(*known);
    return {};
}

Result<void> Automations::replay(const journal::Record& record) {
    if (record.version > record_version)
        return fail(Code::newer, "record {} of kind {} has version {}; this hearth reads up to {}",
                    record.sequence, record.kind, record.version, record_version);
    switch (static_cast<RecordKind>(record.kind)) {
    case RecordKind::automation_set:
        return replay_version(record.payload);
    case RecordKind::automation_state:
        return replay_state(record);
    case RecordKind::automation_removed:
        apply_removed(record.payload);
        return {};
    case RecordKind::run_began: {
        auto began = decode_began(record.payload, record.version);
        if (!began) return std::unexpected(began.error());
        apply_began(std::move(began->run), began->match);
        return {};
    }
    case RecordKind::run_step: {
        auto step = decode_step(record.payload, record.version);
        if (!step) return std::unexpected(step.error());
        if (Run* run = run_of(step->run)) apply_step(*run, std::move(step->step));
        return {};
    }
    case RecordKind::run_waits: {
        const auto waits = decode_waits(record.payload);
        if (!waits) return std::unexpected(waits.error());
        if (Run* run = run_of(waits->run)) apply_waits(*run);
        return {};
    }
    case RecordKind::match_ignored: {
        auto ignored = decode_ignored(record.payload);
        if (!ignored) return std::unexpected(ignored.error());
        if (Run* run = run_of(ignored->run)) apply_ignored(*run, ignored->match, ignored->at);
        return {};
    }
    case RecordKind::counters_kept: {
        ByteReader in(record.payload);
        last_run_ = in.varint();
        return in.finish("counters_kept");
    }
    case RecordKind::run_kept:
        return replay_run(record);
    case RecordKind::hold_kept: {
        auto hold = decode_hold(record.payload);
        if (!hold) return std::unexpected(hold.error());
        keep_hold(std::move(*hold));
        return {};
    }
    case RecordKind::match_kept: {
        auto match = decode_match(record.payload);
        if (!match) return std::unexpected(match.error());
        if (Kept* known = kept(match->automation)) queue(*known, std::move(*match));
        return {};
    }
    case RecordKind::planned_kept: {
        const auto planned = decode_planned(record.payload);
        if (!planned) return std::unexpected(planned.error());
        if (Kept* known = kept(planned->automation))
            known->planned[planned->trigger] = planned->time;
        return {};
    }
    }
    return fail(Code::newer, "record {} has kind {}, which this hearth does not know",
                record.sequence, record.kind);
}

} // namespace hearth::automations
