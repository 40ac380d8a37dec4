#pragma once

#include "base/time.h"

#include <cstddef>
#include <cstdint>

namespace hearth::automations {

/// Everything of automations that can grow has a limit here. Reaching one while a definition is
/// checked is Code::limit; reaching one of those for runs sets the automation aside, with a reason.
struct Limits {
    // Of a home.
    std::size_t automations = 5'000;
    std::size_t queued_matches = 20'000; ///< triggers that matched and wait for their turn
    std::size_t holds = 20'000;          ///< held-for timers that run
    // Of one definition.
    std::size_t triggers = 50;
    std::size_t conditions = 50;     ///< with those inside of all, any and not
    std::size_t condition_depth = 8; ///< of all, any and not in each other
    std::size_t actions = 100;
    std::size_t asks = 50;  ///< attributes that one action sets
    std::size_t names = 20; ///< of `with`
    std::size_t name_bytes = 200;
    std::size_t text_bytes = 4'096;   ///< of an expression or a notification
    Micros longest_time = 366 * days; ///< of a delay or a held-for
    // Of what is kept.
    std::size_t versions = 20;      ///< of one automation
    std::size_t traces = 20;        ///< of one automation, besides the run under way
    std::size_t detail_bytes = 300; ///< of one line or operand in a trace
    // Of runs.
    std::size_t work_per_turn = 1'000;      ///< matches and steps in one advance()
    std::uint32_t runs_per_minute = 60'000; ///< of one automation
    std::uint32_t cascade_depth = 10;       ///< runs that led to each other
    std::size_t cascade_memory = 10'000;    ///< commands whose run is remembered for that
    /// A change of an attribute within this time after an automation set it counts as its effect,
    /// also where the device does not say so.
    Micros effect_time = 10 * seconds;
    /// A time of day that passed while hearth was down is made up for if it is no older than this.
    Micros missed_time = 5 * minutes;
    std::size_t expression_steps = 20'000; ///< of one expression (templating::Limits)
};

} // namespace hearth::automations
