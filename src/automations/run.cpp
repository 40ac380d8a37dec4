#include "automations/run.h"

#include <array>

namespace hearth::automations {
namespace {

constexpr std::array<std::string_view, 6> run_states{"running", "finished",  "not_met",
                                                     "failed",  "restarted", "stopped"};
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

} // namespace hearth::automations
