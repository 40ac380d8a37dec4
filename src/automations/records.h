#pragma once

#include "automations/kept.h"
#include "journal/journal.h"

#include <string>
#include <string_view>

/// How automations and their runs are written in the journal. Numbers are for ever.
///
/// Which triggers match and what holds follows from the home's events and is not journaled; that a
/// run was told of, ended, issued a command or notified stands in the home's own events.
namespace hearth::automations {

enum class RecordKind : journal::Kind {
    automation_set = 400,     ///< a version
    automation_state = 401,   ///< enabled, disabled, set aside…
    automation_removed = 402, ///< with everything of it
    run_began = 410,          ///< with its match, which is then done with
    run_step = 411,           ///< a step was done, failed, or waits
    match_ignored = 412,      ///< mode single, while a run is under way
    run_waits = 413,          ///< its steps are done; devices have still to answer
    // In checkpoints. Of the holds also those that no event tells: taken up from a value that held
    // before, or moved as the clock was set.
    counters_kept = 450,
    run_kept = 451,
    hold_kept = 452,
    match_kept = 453,
    planned_kept = 454, ///< for which time a time trigger last fired
};

/// Of all kinds; older ones are read, too.
///
/// | version | has beside the one before |
/// |---|---|
/// | 2 | a cause tells who said it, where a sentence asked |
/// | 3 | a step has a path (step_path.h) instead of its index: run_began, run_step, run_kept |
/// | 3 | who and by which way, of every cause (home/cause.h) |
constexpr std::uint8_t record_version = 3;

struct VersionRecord {
    AutomationId automation;
    Version version;
    State state = State::enabled;
    std::string detail;
    std::string missing; ///< the word of the device that it waits for
};
struct StateRecord {
    AutomationId automation;
    Micros at = 0;
    State state = State::enabled;
    std::string detail;
};
struct BeganRecord {
    Run run;
    Match match; ///< of a run by hand: without automation
};
struct StepRecord {
    RunId run = 0;
    Step step;
};
struct IgnoredRecord {
    RunId run = 0;
    Match match;
    Micros at = 0;
};
struct WaitsRecord {
    RunId run = 0;
};
struct PlannedRecord {
    AutomationId automation;
    std::size_t trigger = 0;
    Micros time = 0;
};

std::string encode(const VersionRecord& record);
std::string encode(const StateRecord& record);
std::string encode(const BeganRecord& record);
std::string encode(const StepRecord& record);
std::string encode(const IgnoredRecord& record);
std::string encode(const WaitsRecord& record);
std::string encode(const PlannedRecord& record);
std::string encode(const Run& run);
std::string encode(const Hold& hold);
std::string encode(const Match& match);

// Errors: damaged. Some take the version that the record was written in.
Result<VersionRecord> decode_version(std::string_view payload);
Result<StateRecord> decode_state(std::string_view payload);
Result<BeganRecord> decode_began(std::string_view payload, std::uint8_t version);
Result<StepRecord> decode_step(std::string_view payload, std::uint8_t version);
Result<IgnoredRecord> decode_ignored(std::string_view payload);
Result<WaitsRecord> decode_waits(std::string_view payload);
Result<PlannedRecord> decode_planned(std::string_view payload);
Result<Run> decode_run(std::string_view payload, std::uint8_t version);
Result<Hold> decode_hold(std::string_view payload);
Result<Match> decode_match(std::string_view payload);

} // namespace hearth::automations
