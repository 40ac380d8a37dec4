#pragma once

#include "automations/definition.h"
#include "automations/step_path.h"
#include "home/fact.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hearth::automations {

/// The number of a run: from 1, for the life of the home.
using RunId = std::uint64_t;

enum class RunState : std::uint8_t {
    running,
    finished,
    not_met,   ///< its conditions did not hold: no step was done
    failed,    ///< it went through, but a step could not be done or its device did not do it
    restarted, ///< another trigger took its place
    stopped,   ///< the automation was changed, disabled, removed or set aside
    waiting,   ///< it went through, and devices have still to answer; another run may begin
};
std::string_view to_string(RunState state);
std::optional<RunState> parse_run_state(std::string_view text);

enum class StepState : std::uint8_t { waiting, done, failed };
std::string_view to_string(StepState state);

/// One step of a run. That of a command is done once it was issued; outcome_of() tells what came of
/// it.
struct Step {
    StepPath path; ///< no two steps of a run have the same
    StepState state = StepState::done;
    Micros at = 0;
    std::string text;   ///< what was done: "Hall light: on_off.on = true"
    std::string detail; ///< why it failed
    home::CommandId command = 0;
    std::optional<home::Settlement> settlement; ///< once the command's fate is known
    Micros until = 0;                           ///< of a delay: when it ends, UTC
};

/// One execution of an automation and the explanation of it. Only Automations changes it.
struct Run {
    RunId id = 0;
    AutomationId automation;
    std::uint32_t version = 0; ///< of the automation
    RunState state = RunState::running;
    std::string detail;
    /// Who started it by hand; else the automation itself, for the trigger's event.
    home::Cause cause;
    /// The event that its commands answer: the trigger's, or the one that told of its start.
    home::EventId event = 0;
    Micros started = 0; ///< UTC
    Micros ended = 0;
    std::uint32_t depth = 0;  ///< how many runs led to it
    std::uint32_t streak = 0; ///< Chain::streak; not written down
    Value trigger;            ///< {"text", "index", "event", "from", "to", "time"…}
    Value conditions;         ///< [{"text", "result", "operands"}]
    std::vector<Step> steps;  ///< in the order in which they began; the last one may wait
    std::uint32_t ignored = 0;
    Micros last_ignored = 0;
    bool told = false; ///< the event stream knows of its start
};

/// The step of that path, or nullptr where it has not begun.
Step* find_step(Run& run, const StepPath& path);
const Step* find_step(const Run& run, const StepPath& path);
/// Where the run goes on: what comes after the last step that began. Whether an action stands there
/// is the definition's matter; nothing where no path leads on.
std::optional<StepPath> next_step(const Run& run);

/// What a step has come to: a command's step waits for the device's answer, and has failed where
/// the command was refused or timed out.
StepState outcome_of(const Step& step);

struct StepCounts {
    std::size_t total = 0; ///< begun
    std::size_t failed = 0;
    std::size_t unanswered = 0; ///< commands whose fate is not known yet
};
StepCounts count_steps(const Run& run);

/// Whether its end has still to be told.
constexpr bool is_open(const Run& run) {
    return run.state == RunState::running || run.state == RunState::waiting;
}

/// What a run has come to. Older journals called one finished before its devices had answered.
RunState outcome_of(const Run& run);
/// "1 of 2 steps failed; step 1: the device has not answered", or empty.
std::string failure_text(const Run& run);

} // namespace hearth::automations
