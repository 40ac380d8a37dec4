#pragma once

#include "automations/alarms.h"
#include "automations/index.h"
#include "automations/kept.h"
#include "automations/run.h"
#include "automations/step_key.h"
#include "automations/wall_clock.h"
#include "base/random.h"
#include "base/refusals.h"
#include "home/home.h"

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hearth::automations {

/// What Automations is handed. All of it must outlive it. `zone` and `place` are the home's.
struct Parts {
    const Clock& clock;
    Random& random;
    journal::Journal& journal;
    home::Home& home;
    const TimeZone& zone;
    std::optional<Place> place;   ///< without it, automations with the sun are refused
    Refusals* refusals = nullptr; ///< where limits that are reached are told; may be left out
};

/// The automations of one home: keeps them, hears every event, and runs what is triggered.
///
/// Life: make it after Home and before the journal is replayed (it listens to the home from its
/// constructor on, also to what is replayed), add it to the journal as an owner, replay, then call
/// resume() once the adapters run, and from then on advance() in each turn after Home::advance().
/// It must live as long as the home tells events.
///
/// What a listener hears is only noted; conditions are looked at and steps are done in advance(),
/// at most Limits::work_per_turn of them. Everything here belongs to the home's shard. No I/O, no
/// thread, no clock of its own.
///
/// Exactly once: which triggers have matched follows from the home's events alone, in a replay as
/// in life; a run is journaled before its first step; each command carries the key of its step
/// (step_key.h) and each notification its run and step, by which a replay recognises what was done
/// although its record is missing.
///
/// Time: what begins in this life is bound to the steady clock, so it lasts as long as it should
/// whenever the wall clock is set. What a restart found keeps its UTC (WallClock tells until when).
/// A delay that was due while hearth was down goes on at once. A held-for that was due then, or is
/// within Limits::return_time of the start, waits until its device has told the value again; so
/// does one whose device went offline. A time of day comes once, also where the clock is set over
/// it or back; in the hour that spring leaves out it comes at the change, in its order.
class Automations final : public journal::Owner {
public:
    explicit Automations(Parts parts, const Limits& limits = {});
    ~Automations() override;
    Automations(const Automations&) = delete;
    Automations& operator=(const Automations&) = delete;

    // --- Keeping ------------------------------------------------------------------------------
    // A definition is a map as docs/automations.md tells, the same from YAML and JSON. Errors have
    // one line: invalid (unknown key, type that does not fit, triggers itself), not_found (device,
    // attribute), conflict (name taken, ambiguous device), refused (its author may not do what it
    // does), limit. Never from within a listener.
    //
    // Who wrote the last version is its author, with whose rights it acts (author_of): what they
    // may not do fails as it would if they asked themselves, also where their rights were taken
    // later.

    /// Adds an automation and returns its id, a slug of its name that never changes.
    Result<AutomationId> add(home::Cause cause, const Value& definition);
    /// The same for home files, which are read before devices join: with a device or attribute that
    /// is not there it waits (State::waiting) instead of being refused.
    Result<AutomationId> add_waiting(home::Cause cause, const Value& definition);
    /// Gives it another wording: a new version, which also ends its run and enables it where it was
    /// invalid or set aside. The same wording again by its author changes nothing.
    Result<void> change(home::Cause cause, std::string_view id, const Value& definition);
    /// The same for home files: waits instead of being refused.
    Result<void> change_waiting(home::Cause cause, std::string_view id, const Value& definition);
    /// Removes it with its versions and traces; a run that is under way stops.
    Result<void> remove(home::Cause cause, std::string_view id);
    /// Disabling stops a run that is under way; enabling lets one that was set aside try again.
    Result<void> enable(home::Cause cause, std::string_view id, bool enabled);
    /// Checks a definition as add() does, and keeps nothing: for an editor.
    Result<void> check(const Value& definition) const;

    /// Starts a run by hand, whatever its conditions say; its steps are done in the next advance().
    /// `cause` is the person or API client. Errors: not_found; conflict where mode is single and a
    /// run is under way; refused where it waits, is invalid or set aside (a disabled one may run).
    Result<RunId> run(home::Cause cause, std::string_view id);

    // --- Time ---------------------------------------------------------------------------------

    /// After the replay, once adapters run: goes on with runs and timers. Before it, advance() does
    /// nothing.
    void resume();
    /// Does what is due: matches, steps, delays, held-for, times of day. A step of the turn.
    void advance();
    /// When advance() has something to do (steady clock; the past where it has now), or nothing.
    std::optional<Micros> next_deadline() const;

    // --- Looking ------------------------------------------------------------------------------

    const Automation* find(std::string_view id) const;
    /// Nobody where there is no such automation.
    home::Subject author_of(std::string_view id) const;
    /// By id, else by name whatever the case. Errors: not_found.
    Result<const Automation*> find_by_word(std::string_view word) const;
    /// In the order of their ids.
    std::vector<const Automation*> list() const;
    /// A run that is still kept, or nullptr.
    const Run* find_run(RunId run) const;
    /// The newest run of an automation, or nullptr.
    const Run* last_run(std::string_view id) const;
    /// Its kept runs, newest first; at most Limits::traces and the one under way.
    std::vector<const Run*> runs(std::string_view id) const;

    /// {"id", "name", "state", "detail"?, "mode", "version", "changed", "running", "last_run"?:
    ///  {"run", OUTCOME, "started", "ended"?}}: one entry of a list. OUTCOME is "state",
    ///  "steps_total", "steps_failed", "steps_unanswered" and "detail"?. "lost": {"count", "last"}
    ///  tells of triggers since the start that found no place to wait, "waits_for" of devices that
    ///  have to say again what a held-for that is due depends on.
    Value to_value(const Automation& automation) const;
    /// The same with "definition", and "triggers", "conditions" and "actions" as sentences with the
    /// devices' names: for `show` and a page.
    Value show_value(const Automation& automation) const;
    /// [{"version", "time", "cause", "definition"}], newest first.
    Value versions_value(const Automation& automation) const;
    /// A trace: {"run", "automation", "name", "version", OUTCOME, "cause", "started", "ended"?,
    ///  "trigger": {…}, "conditions": [{"text", "result", "operands"}], "steps":
    ///  [{"step" (its path), "text", "state", "time", "detail"?, "command"?, "settlement"?,
    ///  "until"?}], "ignored"?: {"count", "last"}}.
    Value trace_value(const Run& run) const;

    std::size_t size() const { return automations_.size(); }
    std::size_t queued() const { return matches_.size() + crowd_.size(); }
    std::size_t running() const;

    // --- journal::Owner -----------------------------------------------------------------------

    journal::KindRange kinds() const override { return journal::automation_kinds; }
    Result<void> replay(const journal::Record& record) override;
    void reset() override;
    void snapshot(journal::SnapshotSink& sink) const override;

    /// A record of this room as JSON, for `hearth journal cat`.
    static Result<Value> describe(const journal::Record& record);

private:
    // Keeping (automations.cpp).
    struct Checked {
        Definition definition;
        State state = State::enabled;
        std::string detail;
        std::string missing; ///< the word of the device that it waits for
    };
    Result<Checked> checked(const Value& definition, bool may_wait) const;
    Result<void> check_name(std::string_view name, std::string_view own_id) const;
    Result<void> check_rights(const home::Subject& author, const Definition& definition) const;
    Result<AutomationId> add(home::Cause cause, const Value& definition, bool may_wait);
    Result<void> change(home::Cause cause, std::string_view id, const Value& definition,
                        bool may_wait);
    AutomationId free_id(std::string_view name) const;
    void keep_version(const AutomationId& id, Version version, Checked checked);
    void set_state(Kept& kept, State state, std::string detail);
    void look_again();
    Kept* kept(std::string_view id);
    const Kept* kept(std::string_view id) const;
    Result<Kept*> existing(std::string_view id);
    Run* run_of(RunId id);
    const Action* action_of(const Run& run, const StepPath& path) const;

    // How records change it, in life and in a replay (automations_apply.cpp).
    void apply_version(const AutomationId& id, Version version, Checked checked);
    void apply_state(Kept& kept, State state, std::string detail, Micros at);
    void apply_removed(std::string_view id);
    void tell_edit(home::Cause cause, const Kept& known, std::string_view change);
    void apply_began(Run run, const Match& match);
    void apply_step(Run& run, Step step);
    void apply_ignored(Run& run, const Match& match, Micros at);
    void apply_waits(Run& run);
    void apply_ended(Run& run, RunState state, std::string detail, Micros at);
    Result<void> replay_version(std::string_view payload);
    Result<void> replay_state(const journal::Record& record);
    Result<void> replay_run(const journal::Record& record);
    void unplug(Kept& kept);
    void plug(Kept& kept);
    void finish_match(const Match& match);
    void trim_traces(Kept& kept);
    void snapshot_runs(journal::SnapshotSink& sink) const;

    // Held-for (automations_holds.cpp).
    struct Held {
        std::vector<Trigger> triggers;
        std::map<std::size_t, Hold> holds; ///< by trigger
    };
    void keep_hold(Hold hold);
    void stop_hold(const HoldKey& key);
    void stop_holds_of(const home::DeviceId& device);
    void doubt_holds_of(const home::DeviceId& device);
    template <class Use>
    void for_holds_of(const home::DeviceId& device, Use&& use);
    void doubt(const HoldKey& key);
    void vouch(const HoldKey& key);
    void resume_holds();
    void move_holds(Micros jump);
    void journal_hold(const Hold& hold);
    void fire_holds();
    Held held_by(const Kept& kept) const;
    void take_up(const Kept& kept, const Held& before);
    Hold in_present_utc(Hold hold) const;
    std::optional<Hold> hold_of_now(const AttributeTrigger& trigger) const;

    // Hearing (automations_hear.cpp): what events mean for triggers and runs.
    /// One attribute in a report, or a device's event.
    struct Seen {
        const home::Event& event;
        const home::DeviceId& device;
        const home::AttributeSpec& spec;
        const Value& from;
        const Value& to;
        bool changed = false;
        Chain chain;
    };
    void hear(const home::Event& event, const std::vector<home::Change>& changes);
    void hear_report(const home::Event& event, const home::AttributeReported& report,
                     const std::vector<home::Change>& changes);
    void hear_device(const home::Event& event, const home::DeviceId& device,
                     DeviceTrigger::What what);
    void hear_names(const home::DeviceId& device);
    void hear_issued(const home::Event& event, const home::CommandIssued& issued);
    void hear_settled(const home::Event& event, const home::CommandSettled& settled);
    void note_asks(const home::Event& event, const home::CommandIssued& issued, const Run* run);
    void expect_echo(const home::Event& event, const home::CommandSettled& settled);
    void hear_ran(const home::Event& event, const home::AutomationRan& ran);
    void hear_notified(const home::Event& event, const home::Notified& notified);
    void consider(const WatchRef& ref, const Seen& seen);
    static Match match_of(const WatchRef& ref, const Seen& seen);
    void queue_once(const WatchRef& ref, const Seen& seen);
    Chain chain_of(const Seen& seen, Asked& asked) const;

    // Waiting for a turn (automations_queue.cpp).
    bool has_room(const Kept& kept) const;
    void queue(Kept& kept, Match match);
    void lose(Kept& kept, Micros at);
    void tell_lost();
    void take_from_queue(Kept& kept, const Match& match);
    void empty_queue(Kept& kept);

    // Time (automations_time.cpp).
    void forget_lost_commands();
    void look_at_clock();
    void move_delays(Micros jump);
    void set_delay(const Run& run);
    void stop_delay(const Run& run);
    void plan(Kept& kept, Micros earliest);
    void plan(const HoldKey& key, const Trigger& trigger, Micros after);
    void forget_plans(const Kept& kept);
    struct Planned {
        Micros at = 0;    ///< UTC
        Micros local = 0; ///< what the clock on the wall was asked for: orders those of one moment
        HoldKey key;

        auto operator<=>(const Planned&) const = default;
    };
    std::optional<Planned> next_time(const Trigger& trigger, Micros after) const;
    void fire_plans(Micros now);
    void wake_delays();

    // Running (automations_run.cpp).
    void begin(const Match& match);
    Run new_run(const Kept& kept, const Match& match) const;
    void begin_run(Run run, const Match& match);
    bool is_within_limits(Kept& kept, const Match& match);
    void go_on(Run& run);
    void do_step(Run& run, StepPath path, const Action& action);
    Step do_set(const Run& run, const SetAction& action, Step step);
    Step do_notify(const Run& run, const NotifyAction& action, Step step);
    void record_step(Run& run, Step step);
    void tell(const Run& run, std::string_view state, std::string detail);
    void wait_for_answers(Run& run);
    void conclude(Run& run);
    void end(Run& run, RunState state, std::string detail);
    void stop_run(Kept& kept, RunState state, std::string detail);
    void set_aside(Kept& kept, std::string reason);
    home::Cause cause_of(const Run& run) const;

    Parts parts_;
    Limits limits_;

    std::map<AutomationId, Kept, std::less<>> automations_;
    std::map<RunId, Run> runs_;
    RunId last_run_ = 0;
    Index index_;                           ///< of those that are enabled
    std::deque<Match> matches_;             ///< oldest first
    std::deque<Match> crowd_;               ///< of those that have many waiting; after matches_
    std::map<AutomationId, Micros> losing_; ///< who lost matches, since when (steady clock)
    std::deque<RunId> ready_;               ///< runs whose next step can be done
    std::map<HoldKey, Hold> holds_;
    Alarms<HoldKey> hold_alarms_; ///< of those that wait for their time only
    std::set<HoldKey> unsure_;    ///< holds that wait for their device's word
    Alarms<RunId> delay_alarms_;
    std::set<RunId> earlier_delays_;              ///< from before the start, as Hold::earlier
    std::set<Planned> plans_;                     ///< after resume()
    std::map<home::CommandId, StepKey> commands_; ///< not settled yet
    std::map<home::EventId, std::uint32_t> issued_depth_;           ///< by the event of the command
    std::multimap<std::string, AutomationId, std::less<>> waiting_; ///< by a device's word
    std::set<AutomationId> look_again_;
    WallClock wall_;
    home::EventId first_event_ = 0;     ///< the newest one when this life began
    home::EventId clock_set_after_ = 0; ///< the newest one when the clock was last set
    Micros clock_set_at_ = 0;           ///< UTC, as it was set
    bool live_ = false;                 ///< the replay is over
    bool resumed_ = false;
};

} // namespace hearth::automations
