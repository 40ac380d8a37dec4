#pragma once

#include "automations/definition.h"
#include "automations/run.h"

#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace hearth::automations {

/// What becomes of an automation.
enum class State : std::uint8_t {
    enabled,
    disabled,  ///< by a person
    waiting,   ///< it names a device or attribute that has not joined yet (home files only)
    invalid,   ///< what it names has joined, but it makes no sense with it (home files only)
    set_aside, ///< by hearth, as it reached a limit of its runs; enable() lets it try again
};
std::string_view to_string(State state);

/// One earlier or present wording of an automation.
struct Version {
    std::uint32_t number = 0; ///< from 1
    Micros at = 0;
    home::Cause cause; ///< who wrote it
    Value definition;  ///< devices by their ids, as soon as they are known
};

/// A rule that reacts. Only Automations changes it.
struct Automation {
    AutomationId id;
    State state = State::enabled;
    std::string detail;            ///< why it waits, is invalid or set aside: one line; else empty
    std::vector<Version> versions; ///< oldest first, at most Limits::versions; the last one counts
    Definition definition;         ///< the last version, compiled

    const std::string& name() const { return definition.name; }
    std::uint32_t version() const { return versions.empty() ? 0 : versions.back().number; }
};

/// An automation and what belongs to it.
struct Kept {
    Automation automation;
    std::deque<RunId> runs;  ///< those kept, oldest first
    std::size_t not_met = 0; ///< how many of them ended at their conditions
    RunId running = 0;       ///< 0 where none is
    Micros minute = 0;       ///< steady clock: when the minute that is counted began
    std::uint32_t in_minute = 0;
    std::map<std::size_t, Micros> planned; ///< by trigger: the time (UTC) it last fired for
    Micros since = 0;                      ///< UTC: in this state, with this wording
    std::string missing;                   ///< the word of the device that it waits for
    home::EventId queued_event = 0;        ///< the last event that it matched
    std::size_t pending = 0;               ///< matches that wait for their turn
    std::size_t crowded = 0;               ///< of these, those behind everybody else's
    std::uint64_t lost = 0;                ///< matches since the start for which there was no room
    std::uint64_t lost_untold = 0;
    Micros lost_at = 0; ///< UTC: the last of them
};

/// How an event came about.
struct Chain {
    std::uint32_t depth = 0;  ///< runs that led to it, each the cause of the next
    std::uint32_t streak = 0; ///< the same, where time alone speaks for it; lost in a restart
};

/// A trigger that matched and waits for its turn.
struct Match {
    AutomationId automation;
    std::size_t trigger = 0;
    home::EventId event = 0; ///< 0 for a time of day
    Micros at = 0;           ///< UTC: of the event, or the time planned
    std::uint32_t depth = 0;
    home::DeviceId device;
    Value from;
    Value to;
    std::uint32_t streak = 0; ///< of its chain; not written down
};

/// A trigger whose value must stay as it is for some time.
using HoldKey = std::pair<AutomationId, std::size_t>;
struct Hold {
    Match match;
    Micros due = 0; ///< UTC
    // Not written down:
    bool earlier = false; ///< from before the start: due keeps its UTC until the clock is settled
    bool unsure = false;  ///< its value may have changed unseen; it waits for the device's word
};

} // namespace hearth::automations
