#include "home/home.h"

#include "base/text.h"
#include "home/records.h"

#include <algorithm>
#include <cassert>

namespace hearth::home {

Home::Home(const Clock& clock, Random& random, journal::Journal& journal, Sender& sender,
           const HomeLimits& limits)
    : clock_(clock)
    , random_(random)
    , journal_(journal)
    , sender_(sender)
    , limits_(limits) {}

// --- What happens ------------------------------------------------------------------------------

Result<EventId> Home::record(Cause cause, Fact fact) {
    assert(!telling_ && "listeners issue commands, they never record facts");
    const auto good = check(fact);
    if (!good) return std::unexpected(good.error());
    const bool report = std::holds_alternative<AttributeReported>(fact);
    cause = linked_to_command(std::move(cause), fact);
    const DeviceId device(device_of(fact));
    const EventId id = journal_and_apply(std::move(cause), std::move(fact)).id;
    if (report) confirm_answered(device, id);
    run_queue();
    return id;
}

Result<void> Home::check(const Fact& fact) const {
    const bool recordable = std::holds_alternative<AttributeReported>(fact) ||
                            std::holds_alternative<AvailabilityChanged>(fact) ||
                            std::holds_alternative<DeviceLeft>(fact);
    if (const auto* ran = std::get_if<AutomationRan>(&fact))
        return check_text("the end of a run", ran->detail);
    if (const auto* notified = std::get_if<Notified>(&fact))
        return check_text("a notification", notified->text);
    if (std::holds_alternative<AutomationEdited>(fact)) return {};
    if (!recordable) return fail(Code::refused, "{} is not recorded from outside", kind_of(fact));
    const Device* device = find(device_of(fact));
    if (device == nullptr || !device->present)
        return fail(Code::not_found, "there is no device {}", printable(device_of(fact), 40));
    const auto* report = std::get_if<AttributeReported>(&fact);
    if (report == nullptr) return {};
    for (const auto& [path, value] : report->values) {
        const Attribute* attribute = device->find(path.text);
        if (attribute == nullptr)
            return fail(Code::not_found, "{} has no attribute {}", device->name(), path.text);
        const auto fits = check_value(*attribute->spec, value);
        if (!fits) return fits;
        if (value.string_or("").size() > limits_.text_value_bytes)
            return fail(Code::limit, "{} is longer than {} bytes", path.text,
                        limits_.text_value_bytes);
    }
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
                if (path == ask.path && meets(*device->find(path.text)->spec, value, ask.value))
                    cause.event = open.issued_in;
    }
    return cause;
}

const Event& Home::journal_and_apply(Cause cause, Fact fact) {
    Event event{last_event_ + 1, clock_.utc(), std::move(cause), std::move(fact)};
    journal_.append(record_kind(event.fact), record_version, encode(event));
    const std::vector<Change> changes = apply(event);
    keep_event(std::move(event));
    const Event& kept = events_.back();
    tell(kept, changes);
    return kept;
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

void Home::keep_event(Event event) {
    events_.push_back(std::move(event));
    if (events_.size() > limits_.recent_events) events_.pop_front();
}

void Home::listen(Listener listener) {
    listeners_.push_back(std::move(listener));
}

void Home::follow_replay(Listener follower) {
    followers_.push_back(std::move(follower));
}

// --- Looking -----------------------------------------------------------------------------------

const Device* Home::find(std::string_view id) const {
    const auto found = devices_.find(id);
    return found != devices_.end() ? &found->second : nullptr;
}

Device* Home::device(std::string_view id) {
    return const_cast<Device*>(find(id));
}

const Device* Home::find_external(std::string_view adapter, std::string_view external_id) const {
    const auto found = external_.find({std::string(adapter), std::string(external_id)});
    return found != external_.end() ? find(found->second) : nullptr;
}

Result<const Device*> Home::find_by_word(std::string_view word) const {
    if (const Device* exact = find(word); exact != nullptr && exact->present) return exact;
    std::vector<const Device*> named;
    for (const auto& [id, device] : devices_) {
        const auto same = [&](std::string_view name) { return equal_fold(name, word); };
        if (device.present && (same(device.name()) || std::ranges::any_of(device.aliases, same)))
            named.push_back(&device);
    }
    if (named.empty())
        return fail(Code::not_found,
                    "there is no device \"{}\"; `hearth devices` lists those there are",
                    printable(word, 60));
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
    const std::size_t before = found != notes.end() ? found->second.size() : 0;
    if (bytes.empty() ? found == notes.end() : found != notes.end() && found->second == bytes)
        return {};
    if (bytes.size() > limits_.note_bytes ||
        notes_size_ - before + bytes.size() > limits_.notes_bytes)
        return fail(Code::limit, "no room to remember {} bytes for {}: at most {} each, {} in all",
                    bytes.size(), printable(key, 60), limits_.note_bytes, limits_.notes_bytes);
    journal_.append(static_cast<journal::Kind>(RecordKind::note_kept), record_version,
                    encode_note(adapter, key, bytes));
    set_note(adapter, key, bytes);
    return {};
}

void Home::set_note(std::string_view adapter, std::string_view key, std::string_view bytes) {
    auto& notes = notes_[std::string(adapter)];
    std::string& note = notes[std::string(key)];
    notes_size_ = notes_size_ - note.size() + bytes.size();
    note = bytes;
    if (bytes.empty()) notes.erase(notes.find(key));
}

const std::map<std::string, std::string, std::less<>>& Home::notes(std::string_view adapter) const {
    static const std::map<std::string, std::string, std::less<>> none;
    const auto found = notes_.find(adapter);
    return found != notes_.end() ? found->second : none;
}

} // namespace hearth::home
