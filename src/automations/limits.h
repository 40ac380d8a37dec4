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
    /// Triggers of one automation that matched and wait for their turn; more are lost and told.
    std::size_t pending_matches = 1'000;
    /// So many of one automation wait in the order in which they came, and are never lost to
    /// others.
    std::size_t fair_matches = 4;
    /// Those beyond, of all automations: they come after everybody else's.
    std::size_t queued_matches = 20'000;
    std::size_t holds = 20'000; ///< held-for timers that run
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
    /// Within this time after an automation set an attribute, a report of that value counts as its
    /// effect, also where the device did not answer the command.
    Micros effect_time = 10 * seconds;
    /// A second net, for devices that answer otherwise than they were asked: so many runs in a row
    /// were started by an attribute that an automation had set within effect_time. A person who
    /// plays with a switch does not get that far.
    std::uint32_t streak = 1'000;
    /// A time of day that passed while hearth was down, or was left out as the clock was set, is
    /// made up for if it is no older than this.
    Micros missed_time = 5 * minutes;
    /// After a start devices have so long to come back: a held-for that ends earlier waits for its
    /// device's word.
    Micros return_time = minutes;
    Micros tell_lost = minutes; ///< triggers that are lost are told at the latest after this time
    std::size_t expression_steps = 20'000; ///< of one expression (templating::Limits)
};

} // namespace hearth::automations
