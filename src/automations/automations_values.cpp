#include "automations/automations.h"
#include "automations/records.h"
#include "base/bytes.h"

/// Automations, versions and traces as values, for the API and the command line.
namespace hearth::automations {
namespace {

template <class Part>
ValueList sentences(const std::vector<Part>& parts, const home::Home& home) {
    ValueList list;
    for (const Part& part : parts)
        list.emplace_back(describe(part, home));
    return list;
}

void put_outcome(ValueMap& map, const Run& run) {
    const StepCounts counts = count_steps(run);
    map.append("state", to_string(outcome_of(run)));
    map.append("steps_total", Value::of_unsigned(counts.total));
    map.append("steps_failed", Value::of_unsigned(counts.failed));
    map.append("steps_unanswered", Value::of_unsigned(counts.unanswered));
    const bool untold = run.detail.empty() && run.state == RunState::finished;
    const std::string detail = untold ? failure_text(run) : run.detail;
    if (!detail.empty()) map.append("detail", detail);
}

Value run_summary(const Run& run) {
    ValueMap map{{"run", Value::of_unsigned(run.id)}};
    put_outcome(map, run);
    map.append("started", to_rfc3339(run.started));
    if (run.ended != 0) map.append("ended", to_rfc3339(run.ended));
    return map;
}

Value step_value(const Step& step) {
    ValueMap map{{"step", step.path.text()},
                 {"text", step.text},
                 {"state", to_string(outcome_of(step))},
                 {"time", to_rfc3339(step.at)}};
    if (!step.detail.empty()) map.append("detail", step.detail);
    if (step.command != 0) map.append("command", Value::of_unsigned(step.command));
    if (step.settlement) map.append("settlement", home::to_string(*step.settlement));
    if (step.until != 0) map.append("until", to_rfc3339(step.until));
    return map;
}

Value described(std::string_view kind, ValueMap map) {
    ValueMap all{{"kind", kind}};
    for (auto& [key, value] : map)
        all.append(key, std::move(value));
    return all;
}

Value match_value(const Match& match) {
    ValueMap map{{"automation", match.automation},
                 {"trigger", Value::of_unsigned(match.trigger)},
                 {"time", to_rfc3339(match.at)}};
    if (match.event != 0) map.append("event", Value::of_unsigned(match.event));
    return map;
}

Value version_value(const Version& version) {
    return ValueMap{{"version", Value::of_unsigned(version.number)},
                    {"time", to_rfc3339(version.at)},
                    {"cause", home::to_value(version.cause)},
                    {"definition", version.definition}};
}

/// The trace of a run without the automation's name, which a record does not have.
Value bare_trace(const Run& run) {
    ValueMap map{{"run", Value::of_unsigned(run.id)},
                 {"automation", run.automation},
                 {"version", Value::of_unsigned(run.version)}};
    put_outcome(map, run);
    map.append("cause", home::to_value(run.cause));
    map.append("started", to_rfc3339(run.started));
    if (run.ended != 0) map.append("ended", to_rfc3339(run.ended));
    map.append("trigger", run.trigger);
    map.append("conditions", run.conditions);
    ValueList steps;
    for (const Step& step : run.steps)
        steps.push_back(step_value(step));
    map.append("steps", std::move(steps));
    if (run.ignored != 0)
        map.append("ignored", ValueMap{{"count", Value::of_unsigned(run.ignored)},
                                       {"last", to_rfc3339(run.last_ignored)}});
    return map;
}

Result<Value> describe_version(std::string_view payload) {
    const auto record = decode_version(payload);
    if (!record) return std::unexpected(record.error());
    Value value = version_value(record->version);
    value.as_map()->append("automation", record->automation);
    value.as_map()->append("state", to_string(record->state));
    if (!record->detail.empty()) value.as_map()->append("detail", record->detail);
    return described("automation_set", std::move(*value.as_map()));
}

Result<Value> describe_state(std::string_view payload) {
    const auto record = decode_state(payload);
    if (!record) return std::unexpected(record.error());
    return described("automation_state", {{"automation", record->automation},
                                          {"time", to_rfc3339(record->at)},
                                          {"state", to_string(record->state)},
                                          {"detail", record->detail}});
}

Result<Value> describe_run(std::string_view kind, const Result<Run>& run) {
    if (!run) return std::unexpected(run.error());
    Value value = bare_trace(*run);
    return described(kind, std::move(*value.as_map()));
}

Result<Value> describe_began(const journal::Record& of) {
    auto record = decode_began(of.payload, of.version);
    if (!record) return std::unexpected(record.error());
    return describe_run("run_began", std::move(record->run));
}

Result<Value> describe_step(const journal::Record& of) {
    const auto record = decode_step(of.payload, of.version);
    if (!record) return std::unexpected(record.error());
    Value value = step_value(record->step);
    value.as_map()->append("run", Value::of_unsigned(record->run));
    return described("run_step", std::move(*value.as_map()));
}

Result<Value> describe_match(std::string_view kind, const Result<Match>& match) {
    if (!match) return std::unexpected(match.error());
    Value value = match_value(*match);
    return described(kind, std::move(*value.as_map()));
}

Result<Value> describe_ignored(std::string_view payload) {
    auto record = decode_ignored(payload);
    if (!record) return std::unexpected(record.error());
    return describe_match("match_ignored", std::move(record->match));
}

Result<Value> describe_hold(std::string_view payload) {
    auto record = decode_hold(payload);
    if (!record) return std::unexpected(record.error());
    return describe_match("hold_kept", std::move(record->match));
}

Result<Value> describe_waits(std::string_view payload) {
    const auto record = decode_waits(payload);
    if (!record) return std::unexpected(record.error());
    return described("run_waits", {{"run", Value::of_unsigned(record->run)}});
}

Result<Value> describe_planned(std::string_view payload) {
    const auto record = decode_planned(payload);
    if (!record) return std::unexpected(record.error());
    return described("planned_kept", {{"automation", record->automation},
                                      {"trigger", Value::of_unsigned(record->trigger)},
                                      {"time", to_rfc3339(record->time)}});
}

Result<Value> describe_counters(std::string_view payload) {
    ByteReader in(payload);
    const std::uint64_t last_run = in.varint();
    const auto good = in.finish("counters_kept");
    if (!good) return std::unexpected(good.error());
    return described("automations_state", {{"last_run", Value::of_unsigned(last_run)}});
}

} // namespace

Value Automations::to_value(const Automation& automation) const {
    const Kept* found = kept(automation.id);
    ValueMap map{
        {"id", automation.id}, {"name", automation.name()}, {"state", to_string(automation.state)}};
    if (!automation.detail.empty()) map.append("detail", automation.detail);
    map.append("mode", automation.definition.mode == Mode::single ? "single" : "restart");
    map.append("version", Value::of_unsigned(automation.version()));
    map.append("changed", to_rfc3339(automation.versions.back().at));
    map.append("running", found != nullptr && found->running != 0);
    ValueList silent;
    for (auto key = unsure_.lower_bound({automation.id, 0});
         key != unsure_.end() && key->first == automation.id; ++key) {
        const home::Device* device = parts_.home.find(holds_.at(*key).match.device);
        if (device != nullptr && !hold_alarms_.contains(*key)) silent.emplace_back(device->name());
    }
    if (!silent.empty()) map.append("waits_for", std::move(silent));
    if (found != nullptr && found->lost != 0)
        map.append("lost", ValueMap{{"count", Value::of_unsigned(found->lost)},
                                    {"last", to_rfc3339(found->lost_at)}});
    if (const Run* last = last_run(automation.id)) map.append("last_run", run_summary(*last));
    return map;
}

Value Automations::show_value(const Automation& automation) const {
    Value value = to_value(automation);
    const Definition& definition = automation.definition;
    ValueMap& map = *value.as_map();
    map.append("definition", automation.versions.back().definition);
    map.append("triggers", sentences(definition.triggers, parts_.home));
    map.append("conditions", sentences(definition.conditions, parts_.home));
    map.append("actions", sentences(definition.actions, parts_.home));
    return value;
}

Value Automations::versions_value(const Automation& automation) const {
    ValueList list;
    for (auto version = automation.versions.rbegin(); version != automation.versions.rend();
         ++version)
        list.push_back(version_value(*version));
    return list;
}

Value Automations::trace_value(const Run& run) const {
    Value value = bare_trace(run);
    if (const Kept* found = kept(run.automation))
        value.as_map()->append("name", found->automation.name());
    return value;
}

Result<Value> Automations::describe(const journal::Record& record) {
    switch (static_cast<RecordKind>(record.kind)) {
    case RecordKind::automation_set:
        return describe_version(record.payload);
    case RecordKind::automation_state:
        return describe_state(record.payload);
    case RecordKind::automation_removed:
        return described("automation_removed", {{"automation", record.payload}});
    case RecordKind::run_began:
        return describe_began(record);
    case RecordKind::run_step:
        return describe_step(record);
    case RecordKind::run_waits:
        return describe_waits(record.payload);
    case RecordKind::match_ignored:
        return describe_ignored(record.payload);
    case RecordKind::counters_kept:
        return describe_counters(record.payload);
    case RecordKind::run_kept:
        return describe_run("run_state", decode_run(record.payload, record.version));
    case RecordKind::hold_kept:
        return describe_hold(record.payload);
    case RecordKind::match_kept:
        return describe_match("match_kept", decode_match(record.payload));
    case RecordKind::planned_kept:
        return describe_planned(record.payload);
    }
    return fail(Code::newer, "record kind {} is not known", record.kind);
}

} // namespace hearth::automations
