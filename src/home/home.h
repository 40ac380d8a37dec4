#pragma once

#include "base/random.h"
#include "base/result.h"
#include "base/time.h"
#include "home/authority.h"
#include "home/fact.h"
#include "home/key_book.h"
#include "home/recent_events.h"
#include "journal/journal.h"

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace hearth::home {

/// Everything of a home that can grow has a limit here; reaching one is Code::limit.
struct HomeLimits {
    std::size_t devices = 20'000;
    std::size_t areas = 1'000;
    std::size_t suggested_areas = 500; ///< of them, those that only devices have suggested
    std::size_t aliases_per_area = 50;
    std::size_t attributes_per_device = 1'000;
    std::size_t options_per_attribute = 1'000;
    std::size_t option_bytes = 200;
    std::size_t unit_bytes = 64;
    std::size_t description_bytes = 1U << 20; ///< of all that a device tells of itself
    std::size_t aliases_per_device = 50;
    std::size_t name_bytes = 200;          ///< of a name, an external id, a model, a version
    std::size_t text_value_bytes = 16'384; ///< of a reported or desired text
    std::size_t report_bytes = 1U << 20;   ///< of all texts in one report or command
    std::size_t twin_bytes = 4U << 20;     ///< of all texts that one twin holds
    std::size_t detail_bytes = 1'000;      ///< of what an adapter says of a settlement
    std::size_t open_commands = 10'000;
    std::size_t asks_per_command = 50;
    std::size_t remembered_keys = 1'000;      ///< idempotency keys of one caller, across restarts
    std::size_t remembered_keys_all = 10'000; ///< of all callers
    std::size_t key_bytes = 128;
    std::size_t recent_events = 5'000;          ///< kept in memory for the API
    std::size_t recent_event_bytes = 32U << 20; ///< of them, as they stand in the journal
    std::size_t checkpoint_events = 1'000;      ///< of these, kept across a checkpoint
    std::size_t note_bytes = 1U << 20;          ///< of one adapter note with its key
    std::size_t notes_bytes = 256U << 20;       ///< of all notes
    Micros command_timeout = 10 * seconds;
    Micros under_way_at_most = 5 * minutes; ///< a device may be on its way to what was asked
};

/// Brings a command to its device: the program's switchboard of adapters.
class Sender {
public:
    virtual ~Sender() = default;
    /// Called once the command is journaled (and, where it must not happen twice, committed). The
    /// adapter may settle it at once through Home::settle(). Must not record facts otherwise.
    virtual void send(const Device& device, const Command& command) = 0;
};

/// What changed in a twin by one event: for listeners.
struct Change {
    Path path;
    Value before;
    Value after;
};

/// A command that is not settled yet.
struct OpenCommand {
    Command command;
    Cause cause;
    EventId issued_in = 0;
    /// Steady clock: when it is settled as timed out; 0 before resume_commands(). Later than the
    /// command's own deadline while the device is on its way.
    Micros due = 0;
    bool under_way = false; ///< the device tells that it is on its way to what was asked

    // Home's own.
    Micros patience = 0;  ///< how long the device may be silent
    Micros first_due = 0; ///< steady clock: as it was asked; no way there makes it earlier
    Micros begun = 0;     ///< steady clock: when it first was on its way; 0 where it never was
    bool by_word = false; ///< a word of the device says so, until another word does
};

struct CommandRequest {
    DeviceId device;
    std::vector<Ask> asks;
    std::optional<Micros> timeout; ///< else HomeLimits::command_timeout
    /// Idempotency key, at most HomeLimits::key_bytes; empty for none. Those of automations are
    /// neither looked for nor remembered here: they know their own steps again.
    std::string key;
    /// Whose key it is ("token my script"); empty for the cause.
    std::string caller = {};
    /// Where one request makes several commands under one key: which of them, and the fingerprint
    /// of the whole request. Empty for the command's own.
    std::string part = {};
    std::string asked = {};
};

/// What a person changes of a device; what is not said stays.
struct DeviceEdit {
    std::optional<std::string> name;
    std::optional<std::string> area; ///< id, name or alias of one; empty for none
    std::optional<std::vector<std::string>> aliases;
};

/// One household: its devices, its twins and the single order of everything that happens in it.
///
/// A home is the unit of sharding. It lives on one shard, is called only from that shard's thread
/// and so needs no lock. It does no I/O of its own: the journal, the clock, the randomness and the
/// sender are handed to it, and a test hands it others.
///
/// While an event is being told to the listeners, whatever they ask for (a command, through
/// issue()) is queued and happens after all have heard the event: no re-entrance.
class Home final : public journal::Owner {
public:
    /// `changes` is empty for events that change no attribute.
    using Listener = std::function<void(const Event&, const std::vector<Change>& changes)>;

    Home(const Clock& clock, Random& random, journal::Journal& journal, Sender& sender,
         const HomeLimits& limits = {});

    /// Who judges each command from now on; outlives the home. Without one everything is allowed:
    /// what has no people yet, and tests.
    void judge_by(const Authority& authority) { authority_ = &authority; }
    /// Whether somebody may do that; see Authority.
    Result<void> may(const Subject& subject, access::Verb verb, const Device& device) const;
    Result<void> may(const Subject& subject, access::Verb verb) const;
    bool may_see(const Subject& subject, const Device& device) const {
        return may(subject, access::Verb::see, device).has_value();
    }

    // --- What happens -------------------------------------------------------------------------

    /// Journals a fact, applies it to its twin, then tells the listeners, in that order. Facts of
    /// commands and new devices have functions of their own below. Errors: Code::not_found (device,
    /// attribute), invalid (a value that does not fit), limit.
    Result<EventId> record(Cause cause, Fact fact);

    /// A device announces itself: joins, comes back, changes its description, or nothing at all.
    /// Returns its id. Errors: invalid (a description that makes no sense), limit.
    Result<DeviceId> announce(Cause cause, DeviceDescription description);

    // --- What is asked ------------------------------------------------------------------------

    /// Checks a command against the device's capabilities, journals it and sends it on its way. Its
    /// fate comes back as a CommandSettled event. What is not by a rule is sent only once it is
    /// written. Errors: not_found (also where its subject may not see the device), refused (its
    /// subject may not ask that), invalid, limit, unavailable (the disk takes nothing);
    /// then nothing is journaled. A key that the same caller used before asks for nothing new: the
    /// earlier command's id comes back, also after a restart; for another request, it is a
    /// conflict and nothing is done. What contradicts itself (off, and at 70 %) is invalid.
    Result<CommandId> issue(Cause cause, CommandRequest request);

    /// Whether a key may be used for this request: nothing, or conflict as issue() has it. For who
    /// makes several commands of one request and wants all or none.
    Result<void> check_key(const KeyUse& use) const;

    /// The device or its adapter answers a command otherwise than by reporting. A command that is
    /// settled already stays as it is.
    void settle(CommandId command, Settlement settlement, std::string detail);

    /// Lets go of what was asked of a device and never confirmed: of one attribute, or of all where
    /// `path` is empty. Nothing is sent. Errors: not_found (the device, or nothing is asked of that
    /// attribute), conflict (its command is still under way).
    Result<void> withdraw(Cause cause, const DeviceId& device, std::string_view path);

    /// Gives a device another name, area or aliases: all that is asked, in one event, or nothing.
    /// An area that does not exist yet is added. Errors: not_found, invalid, limit.
    Result<void> edit(Cause cause, const DeviceId& device, DeviceEdit asked);
    /// The area of that id, name or alias; added where there is none. At the limit, areas that only
    /// devices have suggested and that stand empty go first.
    Result<AreaId> add_area(Cause cause, Area area);
    /// Removes an area; the devices in it are in none from then on. Errors: not_found.
    Result<void> remove_area(Cause cause, const AreaId& area);

    /// Forgets a device that has left: its id, names and area. What is open for it is settled;
    /// rules that name it keep their text. Errors: not_found; conflict while it is present, since
    /// it would announce itself again and come back as a stranger.
    Result<void> forget(Cause cause, const DeviceId& device);

    // --- Time ---------------------------------------------------------------------------------

    /// Settles every command whose deadline has passed. Called by the shard.
    void advance();
    /// When advance() has something to do next (steady clock), or nothing.
    std::optional<Micros> next_deadline() const;
    /// After replay, once adapters run: sends again what may be sent twice and whose deadline has
    /// not passed, and settles the rest, except where the device was on its way.
    void resume_commands();

    // --- Listening and looking ----------------------------------------------------------------

    /// Listeners hear every event once, in order. They may issue commands, never record facts.
    void listen(Listener listener);
    /// Hears each event that replay() applies, with its changes: for what follows from events
    /// alone, so that it need not be journaled again. It may ask for nothing.
    void follow_replay(Listener follower);

    const Device* find(std::string_view id) const;
    const Device* find_external(std::string_view adapter, std::string_view external_id) const;
    /// By id, else by name or alias whatever the case. Errors: not_found; conflict where several
    /// have that name (the text lists their ids).
    Result<const Device*> find_by_word(std::string_view word) const;
    /// The same of devices that have left.
    Result<const Device*> find_left_by_word(std::string_view word) const;
    /// Devices that are present, in the order of their ids.
    std::vector<const Device*> devices() const;
    /// Devices that have left and are not forgotten, in the order in which they left.
    std::vector<const Device*> left_devices() const;
    const std::map<AreaId, Area, std::less<>>& areas() const { return areas_; }
    const Area* find_area(std::string_view word) const;

    const RecentEvents& recent_events() const { return events_; }
    EventId last_event() const { return last_event_; }
    const std::map<CommandId, OpenCommand>& open_commands() const { return open_; }
    /// What became of a command: known for those of recent events and those with a remembered key.
    std::optional<CommandSettled> find_settled(CommandId command) const;

    const HomeLimits& limits() const { return limits_; }
    /// Whether one value is short enough to be reported or asked for. Errors: limit.
    Result<void> check_size(const Path& path, const Value& value) const;

    // --- Notes: what an adapter must remember across restarts ------------------------------------

    /// Keeps bytes under a key, journaled; empty bytes forget. No event. Errors: limit.
    Result<void> keep_note(std::string_view adapter, std::string_view key, std::string_view bytes);
    const std::map<std::string, std::string, std::less<>>& notes(std::string_view adapter) const;

    // --- journal::Owner -----------------------------------------------------------------------

    journal::KindRange kinds() const override { return journal::home_kinds; }
    Result<void> replay(const journal::Record& record) override;
    void reset() override;
    void snapshot(journal::SnapshotSink& sink) const override;

private:
    Result<void> check(const Fact& fact) const;
    Result<void> check_text(std::string_view what, std::string_view text) const;
    Result<void> check_report(const Device& device, const AttributeReported& report) const;
    Result<void> check_request(const Subject& subject, const CommandRequest& request) const;
    static bool somebody_is_told(const Cause& cause);
    Result<void> check_ask(const Device& device, const Ask& ask) const;
    Result<void> check_texts(const Device& device, const std::vector<Ask>& asks) const;
    Result<void> check_description(const DeviceDescription& description) const;
    Result<void> check_spec(const AttributeSpec& spec) const;

    EventId journal_and_apply(Cause cause, Fact fact, std::vector<Change>* changed = nullptr);
    std::vector<Change> apply(const Event& event);
    void tell(const Event& event, const std::vector<Change>& changes);
    void run_queue();
    void keep_event(const Event& event, std::uint8_t version, std::string_view bytes);
    Result<const Device*> find_named(std::string_view word, bool present) const;
    Cause linked_to_command(Cause cause, const Fact& fact) const;

    void apply_fact(const Event& event, const AreaAdded& fact, std::vector<Change>& changes);
    void apply_fact(const Event& event, const DeviceJoined& fact, std::vector<Change>& changes);
    void apply_fact(const Event& event, const DeviceChanged& fact, std::vector<Change>& changes);
    void apply_fact(const Event& event, const DeviceLeft& fact, std::vector<Change>& changes);
    void apply_fact(const Event& event, const DeviceEdited& fact, std::vector<Change>& changes);
    void apply_fact(const Event& event, const AvailabilityChanged& fact,
                    std::vector<Change>& changes);
    void apply_fact(const Event& event, const AttributeReported& fact,
                    std::vector<Change>& changes);
    void apply_fact(const Event& event, const CommandIssued& fact, std::vector<Change>& changes);
    void apply_fact(const Event& event, const CommandSettled& fact, std::vector<Change>& changes);
    void apply_fact(const Event&, const AutomationRan&, std::vector<Change>&) {}
    void apply_fact(const Event&, const AutomationEdited&, std::vector<Change>&) {}
    void apply_fact(const Event&, const DeviceHanded&, std::vector<Change>&) {}
    void apply_fact(const Event& event, const DesiredWithdrawn& fact, std::vector<Change>& changes);
    void apply_fact(const Event& event, const DeviceForgotten& fact, std::vector<Change>& changes);
    void apply_fact(const Event& event, const AreaRemoved& fact, std::vector<Change>& changes);
    void apply_fact(const Event& event, const CommandUnderWay& fact, std::vector<Change>& changes);
    void apply_fact(const Event&, const Notified&, std::vector<Change>&) {}

    Result<void> replay_counters(std::string_view payload);
    Result<void> replay_event(const journal::Record& record);
    Result<void> replay_state(const journal::Record& record);
    Result<void> replay_device(const journal::Record& record);
    Result<void> replay_command(const journal::Record& record);

    Result<void> check_edit(DeviceEdit& asked) const;
    void describe(Device& device, const DeviceDescription& description);
    SharedSpec share(const AttributeSpec& spec);

    void start(Cause cause, Command command, Micros timeout);
    void dispatch(CommandId id);
    void hand_over(CommandId id);
    void conclude(CommandId id, const Cause& cause);
    void confirm_answered(const DeviceId& device, EventId answer);
    void schedule(OpenCommand& open, Micros due);
    void unschedule(const OpenCommand& open);
    bool make_room_for_device();
    bool make_room_for_area(bool suggested);

    // On the way (home_under_way.cpp).
    void look_at_progress(const DeviceId& device, EventId event,
                          const std::vector<Change>& changes);
    void follow(CommandId id, const Cause& cause, const std::vector<Change>& changes);
    void set_under_way(OpenCommand& open, bool under_way, const Cause& cause);
    struct Told {
        bool on_its_way = false;
        bool just_now = false; ///< some word came with this event
    };
    Told told_by_words(const OpenCommand& open, const Device& device, const Ask& ask,
                       EventId event) const;
    void settle_because(Cause cause, CommandId id, Settlement settlement, std::string detail);
    bool is_met(const OpenCommand& open, const Ask& ask) const;
    bool must_happen_once(const Command& command) const;
    Micros resume_time() const;
    Device* device(std::string_view id);
    void set_note(std::string_view adapter, std::string_view key, std::string_view bytes);

    const Clock& clock_;
    Random& random_;
    journal::Journal& journal_;
    Sender& sender_;
    HomeLimits limits_;
    const Authority* authority_ = nullptr;

    std::map<DeviceId, Device, std::less<>> devices_;
    mutable const Device* last_found_ = nullptr; ///< by find(), in devices_
    std::map<std::pair<std::string, std::string>, DeviceId> external_;
    std::map<AreaId, Area, std::less<>> areas_;
    std::map<CommandId, OpenCommand> open_;
    KeyBook keys_;
    std::set<std::pair<EventId, DeviceId>> left_;       ///< devices that have left, by when
    std::multimap<Micros, CommandId> due_;              ///< steady clock
    std::unordered_map<std::string, SharedSpec> specs_; ///< by their encoding
    std::size_t specs_after_clean_up_ = 0;
    std::map<std::string, std::map<std::string, std::string, std::less<>>, std::less<>> notes_;
    std::size_t notes_size_ = 0;

    EventId last_event_ = 0;
    CommandId last_command_ = 0;
    RecentEvents events_;
    std::vector<Listener> listeners_;
    std::vector<Listener> followers_; ///< of a replay
    bool telling_ = false;
    bool draining_ = false;
    std::deque<std::function<void()>> queue_;
};

} // namespace hearth::home
