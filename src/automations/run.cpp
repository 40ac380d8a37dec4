#include "automations/run.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace hearth::automations {
namespace {

constexpr std::array<std::string_view, 7> run_states{"running",   "finished", "not_met", "failed",
                                                     "restarted", "stopped",  "waiting"};
constexpr std::array<std::string_view, 3> step_states{"waiting", "done", "failed"};

} // namespace

std::string_view to_string(RunState state) {
    return run_states[static_cast<std::size_t>(state)];
}

std::optional<RunState> parse_run_state(std::string_view text) {
    for (std::size_t i = 0; i < run_states.size(); ++i)
        if (run_states[i] == text) return static_cast<RunState>(i);
    return std::nullopt;
}

std::string_view to_string(StepState state) {
    return step_states[static_cast<std::size_t>(state)];
}

Step* find_step(Run& run, const StepPath& path) {
    const auto found = std::ranges::find(run.steps, path, &Step::path);
    return found != run.steps.end() ? &*found : nullptr;
}

const Step* find_step(const Run& run, const StepPath& path) {
    const auto found = std::ranges::find(run.steps, path, &Step::path);
    return found != run.steps.end() ? &*found : nullptr;
}

std::optional<StepPath> next_step(const Run& run) {
    if (run.steps.empty()) return StepPath::first();
    return run.steps.back().path.next();
}

StepState outcome_of(const Step& step) {
    if (step.command == 0 || step.state == StepState::failed) return step.state;
    if (!step.settlement) return StepState::waiting;
    const bool good = *step.settlement == home::Settlement::confirmed ||
                      *step.settlement == home::Settlement::assumed;
    return good ? StepState::done : StepState::failed;
}

StepCounts count_steps(const Run& run) {
    StepCounts counts{.total = run.steps.size()};
    for (const Step& step : run.steps) {
        if (outcome_of(step) == StepState::failed) ++counts.failed;
        if (step.command != 0 && !step.settlement) ++counts.unanswered;
    }
    return counts;
}

RunState outcome_of(const Run& run) {
    if (run.state != RunState::finished) return run.state;
    const StepCounts counts = count_steps(run);
    if (counts.unanswered != 0) return RunState::waiting;
    return counts.failed != 0 ? RunState::failed : RunState::finished;
}

std::string failure_text(const Run& run) {
    for (const Step& step : run.steps)
        if (outcome_of(step) == StepState::failed)
            return fmt::format("{} of {} steps failed; step {}: {}", count_steps(run).failed,
                               run.steps.size(), step.path.text(), step.detail);
    return {};
}

} // namespace hearth::automations
