#include "home/home.h"

#include "base/text.h"
#include "home/records.h"

#include <algorithm>
#include <cassert>
#include <ranges>

namespace hearth::home {
namespace {

/// Whether a value that is being reported is what was asked for, in its own words or in those that
/// say the same.
bool answers(const Device& device, const Ask& ask, const Path& path, const Value& value) {
    if (path == ask.path) return matches(*device.find(path.text)->spec, ask.value, value);
    if (!is_zero(ask.value)) return false;
    const catalog::AttributeInfo* info =
        catalog::Catalog::builtin().find(ask.path.capability_attribute());
    return info != nullptr && info->zero_is && value == info->zero_is->value &&
           path == beside(ask.path, info->zero_is->path);
}

} // namespace

Home::Home(const Clock& clock, Random& random, journal::Journal& journal, Sender& sender,
           const HomeLimits& limits)
    : clock_(clock)
    , random_(random)
    , journal_(journal)
    , sender_(sender)
    , limits_(limits)
    , keys_({limits.remembered_keys, limits.remembered_keys_all}) {}

// --- What happens ------------------------------------------------------------------------------

Result<EventId> Home::record(Cause cause, Fact fact) {
    assert(!telling_ && "listeners issue commands, they never record facts");
    const auto good = check(fact);
    if (!good) return std::unexpected(good.error());
    const bool report = std::holds_alternative<AttributeReported>(fact);
    const bool moves = report || std::holds_alternative<AvailabilityChanged>(fact);
    cause = linked_to_command(std::move(cause), fact);
    const DeviceId device(device_of(fact));
    std::vector<Change> changes;
    const EventId id = journal_and_apply(std::move(cause), std::move(fact), &changes);
    if (report) confirm_answered(device, id);
    if (moves && !open_.empty()) look_at_progress(device, id, changes);
    run_queue();
    return id;
}

Result<void> Home::check(const Fact& fact) const {
    const bool recordable = std::holds_alternative<AttributeReported>(fact) ||
                            std::holds_alternative<AvailabilityChanged>(fact) ||
                            std::holds_alternative<DeviceLeft>(fact) ||
                            std::holds_alternative<DeviceHanded>(fact);
    if (const auto* ran = std::get_if<AutomationRan>(&fact))
        return check_text("the end of a run", ran->detail);
    if (const auto* notified = std::get_if<Notified>(&fact))
        return check_text("a notification", notified->text);
    if (std::holds_alternative<AutomationEdited>(fact)) return {};
    if (!recordable) return fail(Code::refused, "{} is not recorded from outside", kind_of(fact));
    const Device* device = find(device_of(fact));
    const bool handed = std::holds_alternative<DeviceHanded>(fact); // that, also once it has left
    if (device == nullptr || !(device->present || handed))
        return fail(Code::not_found, "there is no device {}", printable(device_of(fact), 40));
    const auto* report = std::get_if<AttributeReported>(&fact);
    return report != nullptr ? check_report(*device, *report) : Result<void>();
}

Result<void> Home::check_size(const Path& path, const Value& value) const {
    if (value.string_or("").size() <= limits_.text_value_bytes) return {};
    return fail(Code::limit, "{} is longer than {} bytes", path.text, limits_.text_value_bytes);
}

Result<void> Home::check_report(const Device& device, const AttributeReported& report) const {
    if (report.values.size() > limits_.attributes_per_device)
        return fail(Code::limit, "{} values in one report; at most {} are taken",
                    report.values.size(), limits_.attributes_per_device);
    std::size_t texts = 0;
    std::size_t replaced = 0;
    std::set<const Attribute*> counted; ///< a path that comes twice frees its text once
    for (const auto& [path, value] : report.values) {
        const Attribute* attribute = device.find(path.text);
        if (attribute == nullptr)
            return fail(Code::not_found, "{} has no attribute {}", device.name(), path.text);
        const auto fits = check_reported(*attribute->spec, value);
        if (!fits) return fits;
        if (const auto short_enough = check_size(path, value); !short_enough) return short_enough;
        texts += value.string_or("").size();
        const std::size_t before = attribute->reported.string_or("").size();
        if (before > 0 && counted.insert(attribute).second) replaced += before;
    }
    if (texts > limits_.report_bytes)
        return fail(Code::limit, "{} tells {} bytes of text at once; at most {} are taken",
                    device.name(), texts, limits_.report_bytes);
    if (texts > replaced && device.text_bytes + texts - replaced > limits_.twin_bytes)
        return fail(Code::limit, "the texts of {} would take {} bytes; at most {} are kept",
                    device.name(), device.text_bytes + texts - replaced, limits_.twin_bytes);
    return {};
}

Result<void> Home::check_text(std::string_view what, std::string_view text) const {
    if (text.size() > limits_.text_value_bytes)
        return fail(Code::limit, "{} has {} bytes; at most {} are allowed", what, text.size(),
                    limits_.text_value_bytes);
    if (!is_utf8(text)) return fail(Code::invalid, "{} must be UTF-8 text", what);
    return {};
}

/// A report that answers a command gets the command's event as its cause.
Cause Home::linked_to_command(Cause cause, const Fact& fact) const {
    const auto* report = std::get_if<AttributeReported>(&fact);
    if (report == nullptr || cause.event != 0) return cause;
    const Device* device = find(report->device);
    for (const CommandId id : device->open_commands) {
        const OpenCommand& open = open_.at(id);
        for (const Ask& ask : open.command.asks)
            for (const auto& [path, value] : report->values)
                if (answers(*device, ask, path, value)) cause.event = open.issued_in;
    }
    return cause;
}

EventId Home::journal_and_apply(Cause cause, Fact fact, std::vector<Change>* changed) {
    const Event event{last_event_ + 1, clock_.utc(), std::move(cause), std::move(fact)};
    const std::string bytes = encode(event);
    const journal::Kind kind = record_kind(event.fact);
    const std::uint8_t version = version_of(static_cast<RecordKind>(kind));
    journal_.append(kind, version, bytes);
    std::vector<Change> changes = apply(event);
    keep_event(event, version, bytes);
    tell(event, changes);
    if (changed != nullptr) *changed = std::move(changes);
    return event.id;
}

void Home::tell(const Event& event, const std::vector<Change>& changes) {
    telling_ = true;
    for (const Listener& listener : listeners_)
        listener(event, changes);
    telling_ = false;
}

void Home::run_queue() {
    if (draining_ || telling_) return;
    draining_ = true;
    while (!queue_.empty()) {
        const std::function<void()> next = std::move(queue_.front());
        queue_.pop_front();
        next();
    }
    draining_ = false;
}

/// The newest one is always kept.
void Home::keep_event(const Event& event, std::uint8_t version, std::string_view bytes) {
    events_.add(event.id, event.at, record_kind(event.fact), version, bytes);
    while (events_.size() > 1 &&
           (events_.size() > limits_.recent_events || events_.bytes() > limits_.recent_event_bytes))
        events_.drop_oldest();
}

void Home::listen(Listener listener) {
    listeners_.push_back(std::move(listener));
}

void Home::follow_replay(Listener follower) {
    followers_.push_back(std::move(follower));
}

// --- Looking -----------------------------------------------------------------------------------

const Device* Home::find(std::string_view id) const {
    // One report asks for its device again and again.
    if (last_found_ != nullptr && last_found_->id == id) return last_found_;
    const auto found = devices_.find(id);
    if (found == devices_.end()) return nullptr;
    return last_found_ = &found->second;
}

Device* Home::device(std::string_view id) {
    return const_cast<Device*>(find(id));
}

const Device* Home::find_external(std::string_view adapter, std::string_view external_id) const {
    const auto found = external_.find({std::string(adapter), std::string(external_id)});
    return found != external_.end() ? find(found->second) : nullptr;
}

Result<const Device*> Home::find_by_word(std::string_view word) const {
    return find_named(word, true);
}

Result<const Device*> Home::find_left_by_word(std::string_view word) const {
    return find_named(word, false);
}

Result<const Device*> Home::find_named(std::string_view word, bool present) const {
    if (const Device* exact = find(word); exact != nullptr && exact->present == present)
        return exact;
    std::vector<const Device*> named;
    for (const auto& [id, device] : devices_) {
        const auto same = [&](std::string_view name) { return equal_fold(name, word); };
        if (device.present == present &&
            (same(device.name()) || std::ranges::any_of(device.aliases, same)))
            named.push_back(&device);
    }
    if (named.empty())
        return fail(Code::not_found,
                    "there is no device \"{}\"{}; `hearth devices{}` lists those there are",
                    printable(word, 60), present ? "" : " that has left", present ? "" : " --left");
    if (named.size() == 1) return named.front();
    std::string ids;
    for (const Device* device : named)
        ids += (ids.empty() ? "" : ", ") + device->id;
    return fail(Code::conflict, "{} devices are called \"{}\"; say which by its id: {}",
                named.size(), printable(word, 60), ids);
}

std::vector<const Device*> Home::devices() const {
    std::vector<const Device*> present;
    for (const auto& [id, device] : devices_)
        if (device.present) present.push_back(&device);
    return present;
}

std::vector<const Device*> Home::left_devices() const {
    std::vector<const Device*> left;
    for (const auto& [event, id] : left_)
        left.push_back(find(id));
    return left;
}

std::optional<CommandSettled> Home::find_settled(CommandId command) const {
    for (const RecentEvents::Entry& entry : std::views::reverse(events_.entries())) {
        if (entry.kind != static_cast<journal::Kind>(RecordKind::command_settled)) continue;
        const Event event = entry.event();
        const auto& settled = std::get<CommandSettled>(event.fact);
        if (settled.command == command) return settled;
    }
    const KeyBook::Entry* entry = keys_.find_command(command);
    if (entry == nullptr || !entry->settlement) return std::nullopt;
    return CommandSettled{command, {}, *entry->settlement, entry->detail};
}

const Area* Home::find_area(std::string_view word) const {
    if (const auto found = areas_.find(word); found != areas_.end()) return &found->second;
    const auto same = [&](std::string_view name) { return equal_fold(name, word); };
    for (const auto& [id, area] : areas_)
        if (same(area.name) || std::ranges::any_of(area.aliases, same)) return &area;
    return nullptr;
}

// --- Notes -------------------------------------------------------------------------------------

Result<void> Home::keep_note(std::string_view adapter, std::string_view key,
                             std::string_view bytes) {
    auto& notes = notes_[std::string(adapter)];
    const auto found = notes.find(key);
    const std::size_t before = found != notes.end() ? key.size() + found->second.size() : 0;
    const std::size_t after = bytes.empty() ? 0 : key.size() + bytes.size();
    if (bytes.empty() ? found == notes.end() : found != notes.end() && found->second == bytes)
        return {};
    if (after > limits_.note_bytes || notes_size_ - before + after > limits_.notes_bytes)
        return fail(Code::limit, "no room to remember {} bytes for {}: at most {} each, {} in all",
                    after, printable(key, 60), limits_.note_bytes, limits_.notes_bytes);
    journal_.append(static_cast<journal::Kind>(RecordKind::note_kept),
                    version_of(RecordKind::note_kept), encode_note(adapter, key, bytes));
    set_note(adapter, key, bytes);
    return {};
}

void Home::set_note(std::string_view adapter, std::string_view key, std::string_view bytes) {
    auto& notes = notes_[std::string(adapter)];
    if (const auto known = notes.find(key); known != notes.end()) {
        notes_size_ -= key.size() + known->second.size();
        notes.erase(known);
    }
    if (bytes.empty()) return;
    notes_size_ += key.size() + bytes.size();
    notes.emplace(key, bytes);
}

const std::map<std::string, std::string, std::less<>>& Home::notes(std::string_view adapter) const {
    static const std::map<std::string, std::string, std::less<>> none;
    const auto found = notes_.find(adapter);
    return found != notes_.end() ? found->second : none;
}

} // namespace hearth::home
