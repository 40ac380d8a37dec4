#include "automations/records.h"

#include "base/bytes.h"
#include "home/record_parts.h"

namespace hearth::automations {
namespace {

/// Since then a step is written with its path; before, its index stood where the record has it.
constexpr std::uint8_t with_paths = 3;

template <class Enum>
Enum read_enum(ByteReader& in, std::uint8_t count) {
    return static_cast<Enum>(in.u8() % count);
}

home::Cause read_cause(ByteReader& in) {
    bool itself = false;
    return home::read_cause(in, itself);
}

void write(ByteWriter& out, const Match& match) {
    out.string(match.automation);
    out.varint(match.trigger);
    out.varint(match.event);
    out.zigzag(match.at);
    out.varint(match.depth);
    out.string(match.device);
    out.value(match.from);
    out.value(match.to);
}

Match read_match(ByteReader& in) {
    Match match;
    match.automation = in.string();
    match.trigger = in.varint();
    match.event = in.varint();
    match.at = in.zigzag();
    match.depth = static_cast<std::uint32_t>(in.varint());
    match.device = in.string();
    match.from = in.value();
    match.to = in.value();
    return match;
}

StepPath read_path(ByteReader& in) {
    const auto path = StepPath::parse(in.string());
    if (!path) in.refuse();
    return path.value_or(StepPath::first());
}

StepPath path_of_index(ByteReader& in, std::uint64_t index) {
    const auto path = StepPath::of_index(index);
    if (!path) in.refuse();
    return path.value_or(StepPath::first());
}

void write(ByteWriter& out, const Step& step) {
    out.string(step.path.text());
    out.u8(static_cast<std::uint8_t>(step.state));
    out.zigzag(step.at);
    out.string(step.text);
    out.string(step.detail);
    out.varint(step.command);
    out.u8(step.settlement ? static_cast<std::uint8_t>(*step.settlement) + 1 : 0);
    out.zigzag(step.until);
}

/// Without its path.
Step read_step(ByteReader& in, StepPath path) {
    Step step{.path = std::move(path)};
    step.state = read_enum<StepState>(in, 3);
    step.at = in.zigzag();
    step.text = in.string();
    step.detail = in.string();
    step.command = in.varint();
    const auto settlement = static_cast<std::uint8_t>(in.u8() % 5);
    if (settlement != 0) step.settlement = static_cast<home::Settlement>(settlement - 1);
    step.until = in.zigzag();
    return step;
}

void write(ByteWriter& out, const Run& run) {
    out.varint(run.id);
    out.string(run.automation);
    out.varint(run.version);
    out.u8(static_cast<std::uint8_t>(run.state));
    out.string(run.detail);
    home::write(out, run.cause, {});
    out.varint(run.event);
    out.zigzag(run.started);
    out.zigzag(run.ended);
    out.varint(run.depth);
    out.value(run.trigger);
    out.value(run.conditions);
    out.varint(run.steps.size());
    for (const Step& step : run.steps)
        write(out, step);
    out.varint(run.ignored);
    out.zigzag(run.last_ignored);
    out.boolean(run.told);
}

Run read_run(ByteReader& in, std::uint8_t version) {
    Run run;
    run.id = in.varint();
    run.automation = in.string();
    run.version = static_cast<std::uint32_t>(in.varint());
    run.state = read_enum<RunState>(in, 7);
    run.detail = in.string();
    run.cause = read_cause(in);
    run.event = in.varint();
    run.started = in.zigzag();
    run.ended = in.zigzag();
    run.depth = static_cast<std::uint32_t>(in.varint());
    run.trigger = in.value();
    run.conditions = in.value();
    for (std::size_t left = in.count(); left > 0 && in.ok(); --left)
        run.steps.push_back(read_step(
            in, version >= with_paths ? read_path(in) : path_of_index(in, run.steps.size())));
    run.ignored = static_cast<std::uint32_t>(in.varint());
    run.last_ignored = in.zigzag();
    run.told = in.boolean();
    return run;
}

template <class Write>
std::string encoded(Write&& write_all) {
    std::string bytes;
    ByteWriter out(bytes);
    write_all(out);
    return bytes;
}

template <class Record>
Result<Record> finished(const ByteReader& in, Record record, std::string_view what) {
    const auto good = in.finish(what);
    if (!good) return std::unexpected(good.error());
    return record;
}

} // namespace

std::string encode(const VersionRecord& record) {
    return encoded([&](ByteWriter& out) {
        out.string(record.automation);
        out.varint(record.version.number);
        out.zigzag(record.version.at);
        home::write(out, record.version.cause, {});
        out.value(record.version.definition);
        out.u8(static_cast<std::uint8_t>(record.state));
        out.string(record.detail);
        out.string(record.missing);
    });
}

Result<VersionRecord> decode_version(std::string_view payload) {
    ByteReader in(payload);
    VersionRecord record;
    record.automation = in.string();
    record.version.number = static_cast<std::uint32_t>(in.varint());
    record.version.at = in.zigzag();
    record.version.cause = read_cause(in);
    record.version.definition = in.value();
    record.state = read_enum<State>(in, 5);
    record.detail = in.string();
    record.missing = in.string();
    return finished(in, std::move(record), "automation_set");
}

std::string encode(const StateRecord& record) {
    return encoded([&](ByteWriter& out) {
        out.string(record.automation);
        out.zigzag(record.at);
        out.u8(static_cast<std::uint8_t>(record.state));
        out.string(record.detail);
    });
}

Result<StateRecord> decode_state(std::string_view payload) {
    ByteReader in(payload);
    StateRecord record;
    record.automation = in.string();
    record.at = in.zigzag();
    record.state = read_enum<State>(in, 5);
    record.detail = in.string();
    return finished(in, std::move(record), "automation_state");
}

std::string encode(const BeganRecord& record) {
    return encoded([&](ByteWriter& out) {
        write(out, record.run);
        write(out, record.match);
    });
}

Result<BeganRecord> decode_began(std::string_view payload, std::uint8_t version) {
    ByteReader in(payload);
    BeganRecord record;
    record.run = read_run(in, version);
    record.match = read_match(in);
    return finished(in, std::move(record), "run_began");
}

std::string encode(const StepRecord& record) {
    return encoded([&](ByteWriter& out) {
        out.varint(record.run);
        write(out, record.step);
    });
}

Result<StepRecord> decode_step(std::string_view payload, std::uint8_t version) {
    ByteReader in(payload);
    const RunId run = in.varint();
    StepPath path = version >= with_paths ? read_path(in) : path_of_index(in, in.varint());
    StepRecord record{run, read_step(in, std::move(path))};
    return finished(in, std::move(record), "run_step");
}

std::string encode(const IgnoredRecord& record) {
    return encoded([&](ByteWriter& out) {
        out.varint(record.run);
        write(out, record.match);
        out.zigzag(record.at);
    });
}

Result<IgnoredRecord> decode_ignored(std::string_view payload) {
    ByteReader in(payload);
    IgnoredRecord record;
    record.run = in.varint();
    record.match = read_match(in);
    record.at = in.zigzag();
    return finished(in, std::move(record), "match_ignored");
}

std::string encode(const WaitsRecord& record) {
    return encoded([&](ByteWriter& out) { out.varint(record.run); });
}

Result<WaitsRecord> decode_waits(std::string_view payload) {
    ByteReader in(payload);
    const WaitsRecord record{in.varint()};
    return finished(in, record, "run_waits");
}

std::string encode(const PlannedRecord& record) {
    return encoded([&](ByteWriter& out) {
        out.string(record.automation);
        out.varint(record.trigger);
        out.zigzag(record.time);
    });
}

Result<PlannedRecord> decode_planned(std::string_view payload) {
    ByteReader in(payload);
    PlannedRecord record;
    record.automation = in.string();
    record.trigger = in.varint();
    record.time = in.zigzag();
    return finished(in, std::move(record), "planned_kept");
}

std::string encode(const Run& run) {
    return encoded([&](ByteWriter& out) { write(out, run); });
}

Result<Run> decode_run(std::string_view payload, std::uint8_t version) {
    ByteReader in(payload);
    Run run = read_run(in, version);
    return finished(in, std::move(run), "run_kept");
}

std::string encode(const Hold& hold) {
    return encoded([&](ByteWriter& out) {
        write(out, hold.match);
        out.zigzag(hold.due);
    });
}

Result<Hold> decode_hold(std::string_view payload) {
    ByteReader in(payload);
    Hold hold;
    hold.match = read_match(in);
    hold.due = in.zigzag();
    return finished(in, std::move(hold), "hold_kept");
}

std::string encode(const Match& match) {
    return encoded([&](ByteWriter& out) { write(out, match); });
}

Result<Match> decode_match(std::string_view payload) {
    ByteReader in(payload);
    Match match = read_match(in);
    return finished(in, std::move(match), "match_kept");
}

} // namespace hearth::automations
