#include "base/bytes.h"
#include "home/home.h"
#include "home/records.h"

#include <algorithm>
#include <ranges>

/// How events change the home, and how the home is written down and read back. What happens here
/// depends on the event and the home alone, never on the clock or on chance: so a replay of the
/// journal rebuilds the home exactly.
namespace hearth::home {
namespace {

constexpr std::size_t shared_specs_before_clean_up = 1024;
/// Longer texts of a device are given back when it leaves: it tells them anew when it returns. What
/// is short stays, so that a rule does not take a return for a change.
constexpr std::size_t kept_text_bytes = 64;

std::size_t text_size(const Value& value) {
    return value.string_or("").size();
}

std::size_t text_bytes_of(const Device& device) {
    std::size_t bytes = 0;
    for (const Attribute& attribute : device.attributes)
        bytes += text_size(attribute.reported);
    for (const Desire& desire : device.desires)
        bytes += text_size(desire.value);
    return bytes;
}

/// Whether an event told the attribute that is wished for, or the one that says the same.
bool is_told_in(const Device& device, const Desire& desire, EventId event) {
    const Attribute* own = device.find(desire.path.text);
    if (own == nullptr) return false;
    if (own->reported_in == event) return true;
    const catalog::AttributeInfo* info =
        catalog::Catalog::builtin().find(desire.path.capability_attribute());
    if (info == nullptr || !info->zero_is || !is_zero(desire.value)) return false;
    const Attribute* same = device.find(beside(desire.path, info->zero_is->path).text);
    return same != nullptr && same->reported_in == event;
}

journal::Kind kind(RecordKind kind) {
    return static_cast<journal::Kind>(kind);
}

/// Before there were callers, a sentence's key had the device behind it.
KeyUse key_use_of(const Cause& cause, const Command& command) {
    KeyUse use = command.key_use();
    if (!use.caller.empty()) return use;
    const std::string suffix = ":" + command.device;
    if (cause.via == Via::sentence && use.key.ends_with(suffix)) {
        use.key.resize(use.key.size() - suffix.size());
        use.part = command.device;
    } else {
        use.asked = fingerprint(command.device, command.asks);
    }
    return use;
}

} // namespace

std::vector<Change> Home::apply(const Event& event) {
    std::vector<Change> changes;
    last_event_ = event.id;
    std::visit([&](const auto& fact) { apply_fact(event, fact, changes); }, event.fact);
    return changes;
}

void Home::apply_fact(const Event& event, const AreaAdded& fact, std::vector<Change>&) {
    Area area = fact.area;
    area.suggested = event.cause.is_by(Subject::Kind::device);
    areas_.insert_or_assign(area.id, std::move(area));
}

void Home::apply_fact(const Event&, const AreaRemoved& fact, std::vector<Change>&) {
    areas_.erase(fact.area);
    for (auto& [id, device] : devices_)
        if (device.area == fact.area) device.area.clear();
}

void Home::apply_fact(const Event& event, const DeviceJoined& fact, std::vector<Change>&) {
    Device& joined = devices_[fact.device];
    if (joined.id.empty()) {
        joined.id = fact.device;
        joined.area = fact.area;
        joined.joined_at = event.at;
    }
    left_.erase({joined.left_in, joined.id});
    joined.left_in = 0;
    joined.present = true;
    joined.online = true;
    describe(joined, fact.description);
}

void Home::apply_fact(const Event&, const DeviceChanged& fact, std::vector<Change>&) {
    if (Device* changed = device(fact.device)) describe(*changed, fact.description);
}

void Home::apply_fact(const Event& event, const DeviceLeft& fact, std::vector<Change>&) {
    Device* left = device(fact.device);
    if (left == nullptr) return;
    left->present = false;
    left->online = false;
    left->left_in = event.id;
    left_.emplace(event.id, left->id);
    left->desires = {};
    for (Attribute& attribute : left->attributes)
        if (text_size(attribute.reported) > kept_text_bytes) attribute.reported = {};
    left->text_bytes = text_bytes_of(*left);
}

void Home::apply_fact(const Event&, const DeviceForgotten& fact, std::vector<Change>&) {
    const auto found = devices_.find(fact.device);
    if (found == devices_.end()) return;
    const Device& gone = found->second;
    left_.erase({gone.left_in, gone.id});
    if (const auto known = external_.find({gone.adapter, gone.external_id});
        known != external_.end() && known->second == gone.id)
        external_.erase(known);
    last_found_ = nullptr;
    devices_.erase(found);
}

void Home::apply_fact(const Event&, const DeviceEdited& fact, std::vector<Change>&) {
    Device* edited = device(fact.device);
    if (edited == nullptr) return;
    if (edited->area != fact.area) edited->placed = !fact.area.empty();
    edited->given_name = fact.name;
    edited->area = fact.area;
    edited->aliases = fact.aliases;
    // What a person puts something into is the person's.
    if (const auto area = areas_.find(fact.area); edited->placed && area != areas_.end())
        area->second.suggested = false;
}

void Home::apply_fact(const Event&, const AvailabilityChanged& fact, std::vector<Change>&) {
    if (Device* changed = device(fact.device)) changed->online = fact.online;
}

void Home::apply_fact(const Event& event, const AttributeReported& fact,
                      std::vector<Change>& changes) {
    Device* reporting = device(fact.device);
    if (reporting == nullptr) return;
    for (const auto& [path, value] : fact.values) {
        Attribute* attribute = reporting->find(path.text);
        if (attribute == nullptr) continue;
        reporting->text_bytes += text_size(value);
        reporting->text_bytes -= text_size(attribute->reported);
        if (attribute->reported != value) {
            Change& change = changes.emplace_back(path, std::move(attribute->reported), value);
            attribute->reported = change.after;
        }
        attribute->reported_at = event.at;
        attribute->reported_in = event.id;
    }
    // Once its command is settled, a wish holds until the device says otherwise.
    std::erase_if(reporting->desires, [&](const Desire& desire) {
        const bool over = !desire.open && is_told_in(*reporting, desire, event.id) &&
                          fulfilled_by(*reporting, desire.path, desire.value) == nullptr;
        if (over) reporting->text_bytes -= text_size(desire.value);
        return over;
    });
}

void Home::apply_fact(const Event& event, const CommandIssued& fact, std::vector<Change>&) {
    const Command& command = fact.command;
    last_command_ = std::max(last_command_, command.id);
    if (!event.cause.is_by(Subject::Kind::automation))
        keys_.remember({key_use_of(event.cause, command), command.id, std::nullopt, {}});
    open_.insert_or_assign(
        command.id, OpenCommand{.command = command, .cause = event.cause, .issued_in = event.id});
    Device* target = device(command.device);
    if (target == nullptr) return;
    target->open_commands.push_back(command.id);
    for (const Ask& ask : command.asks) {
        const Attribute* attribute = target->find(ask.path.text);
        if (attribute == nullptr || attribute->spec->command) continue;
        if (Desire* known = target->desire(ask.path.text))
            *known = {ask.path, ask.value, command.id, true};
        else
            target->desires.push_back({ask.path, ask.value, command.id, true});
    }
    target->text_bytes = text_bytes_of(*target);
}

void Home::apply_fact(const Event&, const CommandUnderWay& fact, std::vector<Change>&) {
    if (const auto open = open_.find(fact.command); open != open_.end())
        open->second.under_way = fact.under_way;
}

void Home::apply_fact(const Event&, const CommandSettled& fact, std::vector<Change>&) {
    open_.erase(fact.command);
    keys_.settled(fact);
    Device* target = device(fact.device);
    if (target == nullptr) return;
    std::erase(target->open_commands, fact.command);
    if (fact.settlement == Settlement::refused)
        std::erase_if(target->desires,
                      [&](const Desire& desire) { return desire.command == fact.command; });
    target->text_bytes = text_bytes_of(*target);
    for (Desire& desire : target->desires)
        if (desire.command == fact.command) desire.open = false;
}

void Home::apply_fact(const Event&, const DesiredWithdrawn& fact, std::vector<Change>&) {
    Device* target = device(fact.device);
    if (target == nullptr) return;
    std::erase_if(target->desires, [&](const Desire& desire) {
        return std::ranges::find(fact.paths, desire.path) != fact.paths.end();
    });
    target->text_bytes = text_bytes_of(*target);
}

/// Takes over a description; what was reported on attributes that stay is kept.
void Home::describe(Device& device, const DeviceDescription& description) {
    device.adapter = description.adapter;
    device.external_id = description.external_id;
    device.own_name = description.name;
    device.type = description.type;
    device.manufacturer = description.manufacturer;
    device.model = description.model;
    device.version = description.version;
    external_[{device.adapter, device.external_id}] = device.id;
    std::vector<Attribute> attributes;
    attributes.reserve(description.attributes.size());
    for (const AttributeSpec& spec : description.attributes) {
        Attribute attribute{share(spec), {}, 0, 0};
        const Attribute* before = device.find(spec.path.text);
        if (before != nullptr && check_reported(spec, before->reported)) {
            attribute.reported = before->reported;
            attribute.reported_at = before->reported_at;
            attribute.reported_in = before->reported_in;
        }
        attributes.push_back(std::move(attribute));
    }
    device.attributes = std::move(attributes);
    std::erase_if(device.desires,
                  [&](const Desire& desire) { return device.find(desire.path.text) == nullptr; });
    device.text_bytes = text_bytes_of(device);
}

SharedSpec Home::share(const AttributeSpec& spec) {
    if (specs_.size() >= shared_specs_before_clean_up &&
        specs_.size() >= 2 * specs_after_clean_up_) {
        std::erase_if(specs_, [](const auto& entry) { return entry.second.use_count() == 1; });
        specs_after_clean_up_ = specs_.size();
    }
    SharedSpec& shared = specs_[encode_spec(spec)];
    if (shared == nullptr) shared = std::make_shared<const AttributeSpec>(spec);
    return shared;
}

// --- journal::Owner ----------------------------------------------------------------------------

void Home::reset() {
    devices_.clear();
    last_found_ = nullptr;
    external_.clear();
    areas_.clear();
    open_.clear();
    due_.clear();
    keys_.clear();
    specs_.clear();
    notes_.clear();
    left_.clear();
    events_.clear();
    notes_size_ = 0;
    specs_after_clean_up_ = 0;
    last_event_ = 0;
    last_command_ = 0;
}

void Home::snapshot(journal::SnapshotSink& sink) const {
    const auto put = [&](RecordKind which, std::string_view payload) {
        sink.put(kind(which), version_of(which), payload);
    };
    std::string counters;
    ByteWriter out(counters);
    out.varint(last_event_);
    out.varint(last_command_);
    put(RecordKind::home_state, counters);
    for (const auto& [id, area] : areas_)
        put(RecordKind::area_state, encode_area(area));
    for (const auto& [id, device] : devices_)
        put(RecordKind::device_state, encode_device(device));
    for (const auto& [id, open] : open_)
        put(RecordKind::command_state, encode_open_command(open));
    for (const auto& [command, entry] : keys_.entries())
        put(RecordKind::key_state, encode_key(entry));
    for (const auto& [adapter, notes] : notes_)
        for (const auto& [key, bytes] : notes)
            put(RecordKind::note_kept, encode_note(adapter, key, bytes));
    const auto& events = events_.entries();
    const std::size_t skipped = events.size() - std::min(events.size(), limits_.checkpoint_events);
    for (const RecentEvents::Entry& event : events | std::views::drop(skipped))
        sink.put(event.kind, event.version, event.bytes);
}

Result<void> Home::replay(const journal::Record& record) {
    return is_event(record.kind) ? replay_event(record) : replay_state(record);
}

Result<void> Home::replay_event(const journal::Record& record) {
    auto event = decode_event(record);
    if (!event) return std::unexpected(event.error());
    // In a checkpoint, events only tell what was; the state beside them holds their effect.
    if (!record.state && event->id > last_event_) {
        const std::vector<Change> changes = apply(*event);
        for (const Listener& follower : followers_)
            follower(*event, changes);
    } else if (const auto* issued = std::get_if<CommandIssued>(&event->fact)) {
        keys_.learn(issued->command);
    }
    keep_event(*event, record.version, record.payload);
    return {};
}

Result<void> Home::replay_state(const journal::Record& record) {
    const auto known = check_version(record);
    if (!known) return std::unexpected(known.error());
    switch (static_cast<RecordKind>(record.kind)) {
    case RecordKind::note_kept: {
        const auto note = decode_note(record.payload);
        if (!note) return std::unexpected(note.error());
        set_note(note->adapter, note->key, note->bytes);
        return {};
    }
    case RecordKind::home_state:
        return replay_counters(record.payload);
    case RecordKind::area_state: {
        auto area = decode_area(record.payload, record.version);
        if (!area) return std::unexpected(area.error());
        areas_.insert_or_assign(area->id, std::move(*area));
        return {};
    }
    case RecordKind::device_state:
        return replay_device(record);
    case RecordKind::command_state:
        return replay_command(record);
    case RecordKind::key_state: {
        auto entry = decode_key(record.payload, record.version);
        if (!entry) return std::unexpected(entry.error());
        keys_.remember(std::move(*entry));
        return {};
    }
    default:
        return fail(Code::newer, "record {} has kind {}, which this hearth does not know",
                    record.sequence, record.kind);
    }
}

Result<void> Home::replay_counters(std::string_view payload) {
    ByteReader in(payload);
    last_event_ = in.varint();
    last_command_ = in.varint();
    return in.finish("home_state");
}

Result<void> Home::replay_device(const journal::Record& record) {
    auto read = decode_device(record.payload, record.version);
    if (!read) return std::unexpected(read.error());
    for (Attribute& attribute : read->attributes)
        attribute.spec = share(*attribute.spec);
    external_[{read->adapter, read->external_id}] = read->id;
    read->text_bytes = text_bytes_of(*read);
    if (!read->present) left_.emplace(read->left_in, read->id);
    devices_.insert_or_assign(read->id, std::move(*read));
    return {};
}

Result<void> Home::replay_command(const journal::Record& record) {
    auto open = decode_open_command(record.payload, record.version);
    if (!open) return std::unexpected(open.error());
    if (Device* target = device(open->command.device))
        target->open_commands.push_back(open->command.id);
    open_.insert_or_assign(open->command.id, std::move(*open));
    return {};
}

} // namespace hearth::home
