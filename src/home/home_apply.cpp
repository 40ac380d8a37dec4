#include "base/bytes.h"
#include "home/home.h"
#include "home/records.h"

#include <algorithm>

/// How events change the home, and how the home is written down and read back. What happens here
/// depends on the event and the home alone, never on the clock or on chance: so a replay of the
/// journal rebuilds the home exactly.
namespace hearth::home {
namespace {

constexpr std::size_t shared_specs_before_clean_up = 1024;

journal::Kind kind(RecordKind kind) {
    return static_cast<journal::Kind>(kind);
}

} // namespace

std::vector<Change> Home::apply(const Event& event) {
    std::vector<Change> changes;
    last_event_ = event.id;
    std::visit([&](const auto& fact) { apply_fact(event, fact, changes); }, event.fact);
    return changes;
}

void Home::apply_fact(const Event&, const AreaAdded& fact, std::vector<Change>&) {
    areas_.insert_or_assign(fact.area.id, fact.area);
}

void Home::apply_fact(const Event& event, const DeviceJoined& fact, std::vector<Change>&) {
    Device& joined = devices_[fact.device];
    if (joined.id.empty()) {
        joined.id = fact.device;
        joined.area = fact.area;
        joined.joined_at = event.at;
    }
    joined.present = true;
    joined.online = true;
    describe(joined, fact.description);
}

void Home::apply_fact(const Event&, const DeviceChanged& fact, std::vector<Change>&) {
    if (Device* changed = device(fact.device)) describe(*changed, fact.description);
}

void Home::apply_fact(const Event&, const DeviceLeft& fact, std::vector<Change>&) {
    if (Device* left = device(fact.device)) {
        left->present = false;
        left->online = false;
    }
}

void Home::apply_fact(const Event&, const DeviceEdited& fact, std::vector<Change>&) {
    if (Device* edited = device(fact.device)) {
        edited->given_name = fact.name;
        edited->area = fact.area;
        edited->aliases = fact.aliases;
    }
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
        if (attribute->reported != value) changes.push_back({path, attribute->reported, value});
        attribute->reported = value;
        attribute->reported_at = event.at;
        attribute->reported_in = event.id;
    }
    // Once its command is settled, a wish holds until the device says otherwise.
    std::erase_if(reporting->desires, [&](const Desire& desire) {
        const Attribute* attribute = reporting->find(desire.path.text);
        return !desire.open && attribute != nullptr && attribute->reported_in == event.id &&
               !meets(*attribute->spec, attribute->reported, desire.value);
    });
}

void Home::apply_fact(const Event& event, const CommandIssued& fact, std::vector<Change>&) {
    const Command& command = fact.command;
    last_command_ = std::max(last_command_, command.id);
    if (event.cause.by != Cause::By::automation) remember_key(command.key, command.id);
    open_.insert_or_assign(command.id, OpenCommand{command, event.cause, event.id, 0});
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
}

void Home::apply_fact(const Event&, const CommandSettled& fact, std::vector<Change>&) {
    open_.erase(fact.command);
    Device* target = device(fact.device);
    if (target == nullptr) return;
    std::erase(target->open_commands, fact.command);
    if (fact.settlement == Settlement::refused)
        std::erase_if(target->desires,
                      [&](const Desire& desire) { return desire.command == fact.command; });
    for (Desire& desire : target->desires)
        if (desire.command == fact.command) desire.open = false;
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
        if (before != nullptr && check_value(spec, before->reported)) {
            attribute.reported = before->reported;
            attribute.reported_at = before->reported_at;
            attribute.reported_in = before->reported_in;
        }
        attributes.push_back(std::move(attribute));
    }
    device.attributes = std::move(attributes);
    std::erase_if(device.desires,
                  [&](const Desire& desire) { return device.find(desire.path.text) == nullptr; });
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
    external_.clear();
    areas_.clear();
    open_.clear();
    due_.clear();
    keys_.clear();
    specs_.clear();
    notes_.clear();
    events_.clear();
    notes_size_ = 0;
    specs_after_clean_up_ = 0;
    last_event_ = 0;
    last_command_ = 0;
}

void Home::snapshot(journal::SnapshotSink& sink) const {
    const auto put = [&](RecordKind which, std::string_view payload) {
        sink.put(kind(which), record_version, payload);
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
    for (const auto& [key, command] : keys_) {
        std::string bytes;
        ByteWriter writer(bytes);
        writer.string(key);
        writer.varint(command);
        put(RecordKind::key_state, bytes);
    }
    for (const auto& [adapter, notes] : notes_)
        for (const auto& [key, bytes] : notes)
            put(RecordKind::note_kept, encode_note(adapter, key, bytes));
    const std::size_t skipped =
        events_.size() - std::min(events_.size(), limits_.checkpoint_events);
    for (std::size_t i = skipped; i < events_.size(); ++i)
        sink.put(record_kind(events_[i].fact), record_version, encode(events_[i]));
}

Result<void> Home::replay(const journal::Record& record) {
    if (is_event(record.kind)) {
        auto event = decode_event(record);
        if (!event) return std::unexpected(event.error());
        // In a checkpoint, events only tell what was; the state beside them holds their effect.
        if (!record.state && event->id > last_event_) {
            const std::vector<Change> changes = apply(*event);
            for (const Listener& follower : followers_)
                follower(*event, changes);
        }
        keep_event(std::move(*event));
        return {};
    }
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
        auto area = decode_area(record.payload);
        if (!area) return std::unexpected(area.error());
        areas_.insert_or_assign(area->id, std::move(*area));
        return {};
    }
    case RecordKind::device_state:
        return replay_device(record.payload);
    case RecordKind::command_state:
        return replay_command(record.payload);
    case RecordKind::key_state: {
        ByteReader in(record.payload);
        const std::string key(in.string());
        remember_key(key, in.varint());
        return in.finish("key_state");
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

Result<void> Home::replay_device(std::string_view payload) {
    auto read = decode_device(payload);
    if (!read) return std::unexpected(read.error());
    for (Attribute& attribute : read->attributes)
        attribute.spec = share(*attribute.spec);
    external_[{read->adapter, read->external_id}] = read->id;
    devices_.insert_or_assign(read->id, std::move(*read));
    return {};
}

Result<void> Home::replay_command(std::string_view payload) {
    auto open = decode_open_command(payload);
    if (!open) return std::unexpected(open.error());
    if (Device* target = device(open->command.device))
        target->open_commands.push_back(open->command.id);
    open_.insert_or_assign(open->command.id, std::move(*open));
    return {};
}

} // namespace hearth::home
