#include "automations/automations.h"

#include "automations/records.h"
#include "base/text.h"

#include <algorithm>
#include <array>

/// Keeping: adding, changing and removing.
namespace hearth::automations {
namespace {

constexpr std::array<std::string_view, 5> states{"enabled", "disabled", "waiting", "invalid",
                                                 "set_aside"};

journal::Kind kind(RecordKind kind) {
    return static_cast<journal::Kind>(kind);
}

} // namespace

std::string_view to_string(State state) {
    return states[static_cast<std::size_t>(state)];
}

Automations::Automations(Parts parts, const Limits& limits)
    : parts_(parts)
    , limits_(limits)
    , wall_(parts.clock) {
    parts_.home.listen([this](const home::Event& event, const std::vector<home::Change>& changes) {
        live_ = true;
        hear(event, changes);
    });
    parts_.home.follow_replay(
        [this](const home::Event& event, const std::vector<home::Change>& changes) {
            hear(event, changes);
        });
}

Automations::~Automations() = default;

// --- Looking -----------------------------------------------------------------------------------

Kept* Automations::kept(std::string_view id) {
    const auto found = automations_.find(id);
    return found != automations_.end() ? &found->second : nullptr;
}

const Kept* Automations::kept(std::string_view id) const {
    const auto found = automations_.find(id);
    return found != automations_.end() ? &found->second : nullptr;
}

Result<Kept*> Automations::existing(std::string_view id) {
    if (Kept* found = kept(id)) return found;
    return fail(Code::not_found,
                "there is no automation \"{}\"; `hearth automations` lists those there are",
                printable(id, 60));
}

const Automation* Automations::find(std::string_view id) const {
    const Kept* found = kept(id);
    return found != nullptr ? &found->automation : nullptr;
}

home::Subject Automations::author_of(std::string_view id) const {
    const Automation* found = find(id);
    return found != nullptr && !found->versions.empty() ? found->versions.back().cause.subject
                                                        : home::Subject();
}

Result<const Automation*> Automations::find_by_word(std::string_view word) const {
    if (const Automation* exact = find(word)) return exact;
    for (const auto& [id, kept] : automations_)
        if (equal_fold(kept.automation.name(), word)) return &kept.automation;
    return fail(Code::not_found,
                "there is no automation \"{}\"; `hearth automations` lists those there are",
                printable(word, 60));
}

std::vector<const Automation*> Automations::list() const {
    std::vector<const Automation*> all;
    for (const auto& [id, kept] : automations_)
        all.push_back(&kept.automation);
    return all;
}

const Run* Automations::find_run(RunId run) const {
    const auto found = runs_.find(run);
    return found != runs_.end() ? &found->second : nullptr;
}

Run* Automations::run_of(RunId id) {
    const auto found = runs_.find(id);
    return found != runs_.end() ? &found->second : nullptr;
}

const Run* Automations::last_run(std::string_view id) const {
    const Kept* found = kept(id);
    return found != nullptr && !found->runs.empty() ? find_run(found->runs.back()) : nullptr;
}

std::vector<const Run*> Automations::runs(std::string_view id) const {
    std::vector<const Run*> all;
    if (const Kept* found = kept(id))
        for (auto run = found->runs.rbegin(); run != found->runs.rend(); ++run)
            all.push_back(find_run(*run));
    return all;
}

std::size_t Automations::running() const {
    const auto runs = [](const auto& entry) { return entry.second.running != 0; };
    return static_cast<std::size_t>(std::ranges::count_if(automations_, runs));
}

const Action* Automations::action_of(const Run& run, const StepPath& path) const {
    const Kept* found = kept(run.automation);
    if (found == nullptr || found->automation.version() != run.version) return nullptr;
    return find_action(found->automation.definition, path);
}

// --- Checking ----------------------------------------------------------------------------------

Result<Automations::Checked> Automations::checked(const Value& value, bool may_wait) const {
    auto definition = parse_definition(value, limits_);
    if (!definition) return std::unexpected(definition.error());
    Checked result{std::move(*definition), State::enabled, {}, {}};
    const auto good =
        resolve(result.definition, {parts_.home, parts_.place.has_value()}, &result.missing);
    if (good) return result;
    if (!may_wait) return std::unexpected(good.error());
    result.state = State::invalid;
    result.detail = good.error().detail;
    if (good.error().code != Code::not_found) return result;
    result.state = State::waiting;
    result.detail = "waiting for " + result.detail;
    if (!parts_.home.find_by_word(result.missing))
        result.detail = fmt::format("waiting for device \"{}\"", printable(result.missing, 60));
    return result;
}

Result<void> Automations::check(const Value& definition) const {
    const auto good = checked(definition, false);
    if (!good) return std::unexpected(good.error());
    return {};
}

Result<void> Automations::check_name(std::string_view name, std::string_view own_id) const {
    for (const auto& [id, kept] : automations_)
        if (id != own_id && equal_fold(kept.automation.name(), name))
            return fail(Code::conflict, "there is an automation \"{}\" already",
                        printable(name, 60));
    return {};
}

/// Told when it is written, where that is known then; an expression's value is judged when it is
/// asked for, as everything is.
Result<void> Automations::check_rights(const home::Subject& author,
                                       const Definition& definition) const {
    for (const Action& action : definition.actions) {
        const auto* set = std::get_if<SetAction>(&action);
        const home::Device* device = set != nullptr ? parts_.home.find(set->device) : nullptr;
        if (device == nullptr) continue;
        for (const SetValue& value : set->values) {
            if (value.expression) continue;
            const access::Verb verb = home::verb_of(*device, {value.path, value.value});
            if (const auto good = parts_.home.may(author, verb, *device); !good) return good;
        }
    }
    return {};
}

AutomationId Automations::free_id(std::string_view name) const {
    const std::string base = slug(name);
    AutomationId id = base;
    for (int suffix = 2; automations_.contains(id); ++suffix)
        id = fmt::format("{}_{}", base, suffix);
    return id;
}

// --- Keeping -----------------------------------------------------------------------------------

Result<AutomationId> Automations::add(home::Cause cause, const Value& definition) {
    return add(std::move(cause), definition, false);
}

Result<AutomationId> Automations::add_waiting(home::Cause cause, const Value& definition) {
    return add(std::move(cause), definition, true);
}

Result<AutomationId> Automations::add(home::Cause cause, const Value& definition, bool may_wait) {
    if (automations_.size() >= limits_.automations)
        return fail(Code::limit, "the home has {} automations and takes no more",
                    automations_.size());
    auto good = checked(definition, may_wait);
    if (!good) return std::unexpected(good.error());
    if (auto free = check_name(good->definition.name, {}); !free)
        return std::unexpected(free.error());
    if (auto allowed = check_rights(cause.subject, good->definition); !allowed)
        return std::unexpected(allowed.error());
    AutomationId id = free_id(good->definition.name);
    keep_version(id, {1, parts_.clock.utc(), cause, {}}, std::move(*good));
    take_up(*kept(id), {});
    tell_edit(std::move(cause), *kept(id), "added");
    return id;
}

Result<void> Automations::change(home::Cause cause, std::string_view id, const Value& definition) {
    return change(std::move(cause), id, definition, false);
}

Result<void> Automations::change_waiting(home::Cause cause, std::string_view id,
                                         const Value& definition) {
    return change(std::move(cause), id, definition, true);
}

Result<void> Automations::change(home::Cause cause, std::string_view id, const Value& definition,
                                 bool may_wait) {
    const auto found = existing(id);
    if (!found) return std::unexpected(found.error());
    Kept& known = **found;
    auto good = checked(definition, may_wait);
    if (!good) return std::unexpected(good.error());
    if (auto free = check_name(good->definition.name, known.automation.id); !free) return free;
    if (auto allowed = check_rights(cause.subject, good->definition); !allowed) return allowed;
    const Version& last = known.automation.versions.back();
    if (automations::to_value(good->definition) == last.definition &&
        cause.subject == last.cause.subject)
        return {};
    stop_run(known, RunState::stopped, "the automation was changed");
    if (good->state == State::enabled && known.automation.state == State::disabled)
        good->state = State::disabled;
    const Held before = held_by(known);
    keep_version(known.automation.id,
                 {known.automation.version() + 1, parts_.clock.utc(), cause, {}}, std::move(*good));
    take_up(known, before);
    tell_edit(std::move(cause), known, "changed");
    return {};
}

Result<void> Automations::remove(home::Cause cause, std::string_view id) {
    const auto found = existing(id);
    if (!found) return std::unexpected(found.error());
    for (const RunId number : std::vector<RunId>((*found)->runs.begin(), (*found)->runs.end()))
        if (Run* run = run_of(number); run != nullptr && is_open(*run))
            end(*run, RunState::stopped, "the automation was removed");
    tell_edit(std::move(cause), **found, "removed");
    const AutomationId whole_id = (*found)->automation.id;
    parts_.journal.append(kind(RecordKind::automation_removed), record_version, whole_id);
    apply_removed(whole_id);
    return {};
}

Result<void> Automations::enable(home::Cause cause, std::string_view id, bool enabled) {
    const auto found = existing(id);
    if (!found) return std::unexpected(found.error());
    Kept& known = **found;
    const State state = known.automation.state;
    if (!enabled) {
        if (state == State::disabled) return {};
        stop_run(known, RunState::stopped, "the automation was disabled");
        set_state(known, State::disabled, {});
        tell_edit(std::move(cause), known, "disabled");
        return {};
    }
    if (state == State::enabled || state == State::waiting) return {};
    auto good = checked(known.automation.versions.back().definition, true);
    if (!good) return std::unexpected(good.error());
    const State now = good->state;
    std::string detail = good->detail;
    keep_version(known.automation.id, known.automation.versions.back(), std::move(*good));
    // The version keeps the time at which it was written; this one tells since when it counts.
    set_state(known, now, std::move(detail));
    take_up(known, {});
    tell_edit(std::move(cause), known, "enabled");
    return {};
}

void Automations::tell_edit(home::Cause cause, const Kept& known, std::string_view change) {
    const Automation& automation = known.automation;
    (void)parts_.home.record(
        std::move(cause),
        home::AutomationEdited{automation.id, automation.name(), std::string(change)});
}

void Automations::keep_version(const AutomationId& id, Version version, Checked good) {
    live_ = true;
    version.definition = automations::to_value(good.definition);
    parts_.journal.append(
        kind(RecordKind::automation_set), record_version,
        encode(VersionRecord{id, version, good.state, good.detail, good.missing}));
    apply_version(id, std::move(version), std::move(good));
}

void Automations::set_state(Kept& known, State state, std::string detail) {
    const Micros now = parts_.clock.utc();
    parts_.journal.append(kind(RecordKind::automation_state), record_version,
                          encode(StateRecord{known.automation.id, now, state, detail}));
    apply_state(known, state, std::move(detail), now);
}

/// Those that wait, where a device that they may mean has joined or got another name.
void Automations::look_again() {
    while (!look_again_.empty()) {
        const AutomationId id = *look_again_.begin();
        look_again_.erase(look_again_.begin());
        const Kept* known = kept(id);
        if (known == nullptr || known->automation.state != State::waiting) continue;
        auto good = checked(known->automation.versions.back().definition, true);
        if (!good || (good->state == State::waiting && good->detail == known->automation.detail &&
                      good->missing == known->missing))
            continue;
        keep_version(id, known->automation.versions.back(), std::move(*good));
        take_up(*known, {});
    }
}

} // namespace hearth::automations
