#include "base/bytes.h"
#include "home/home.h"
#include "home/records.h"

/// Records as JSON, for people: `hearth journal cat`.
namespace hearth::home {
namespace {

Result<Value> describe_device(const journal::Record& record) {
    const auto device = decode_device(record.payload, record.version);
    if (!device) return std::unexpected(device.error());
    ValueMap map;
    map.append("kind", "device_state");
    map.append("device", device->id);
    map.append("name", device->name());
    map.append("area", device->area);
    map.append("adapter", device->adapter);
    map.append("external_id", device->external_id);
    map.append("present", device->present);
    map.append("online", device->online);
    map.append("reported", reported_value(*device));
    map.append("desired", desired_value(*device));
    return map;
}

Result<Value> describe_open_command(const journal::Record& record) {
    const auto open = decode_open_command(record.payload, record.version);
    if (!open) return std::unexpected(open.error());
    Value described =
        to_value(Event{open->issued_in, 0, open->cause, CommandIssued{open->command}});
    described.as_map()->set("kind", "command_state");
    described.as_map()->erase("time");
    return described;
}

Result<Value> describe_note(std::string_view payload) {
    const auto note = decode_note(payload);
    if (!note) return std::unexpected(note.error());
    return ValueMap{{"kind", "note_kept"},
                    {"adapter", note->adapter},
                    {"key", note->key},
                    {"bytes", Value::of_unsigned(note->bytes.size())}};
}

Result<Value> describe_area(const journal::Record& record) {
    const auto area = decode_area(record.payload, record.version);
    if (!area) return std::unexpected(area.error());
    return ValueMap{{"kind", "area_state"}, {"area", area->id}, {"name", area->name}};
}

Result<Value> describe_counters(std::string_view payload) {
    ByteReader in(payload);
    const std::uint64_t events = in.varint();
    const std::uint64_t commands = in.varint();
    if (!in.ok()) return fail(Code::damaged, "home_state: the record ends too early");
    return ValueMap{{"kind", "home_state"},
                    {"last_event", Value::of_unsigned(events)},
                    {"last_command", Value::of_unsigned(commands)}};
}

Result<Value> describe_key(const journal::Record& record) {
    const auto entry = decode_key(record.payload, record.version);
    if (!entry) return std::unexpected(entry.error());
    return ValueMap{{"kind", "key_state"},
                    {"key", entry->use.key},
                    {"caller", entry->use.caller},
                    {"command", Value::of_unsigned(entry->command)}};
}

} // namespace

Result<Value> describe(const journal::Record& record) {
    if (is_event(record.kind)) {
        const auto event = decode_event(record);
        if (!event) return std::unexpected(event.error());
        return to_value(*event);
    }
    const auto known = check_version(record);
    if (!known) return std::unexpected(known.error());
    switch (static_cast<RecordKind>(record.kind)) {
    case RecordKind::note_kept:
        return describe_note(record.payload);
    case RecordKind::home_state:
        return describe_counters(record.payload);
    case RecordKind::area_state:
        return describe_area(record);
    case RecordKind::device_state:
        return describe_device(record);
    case RecordKind::command_state:
        return describe_open_command(record);
    case RecordKind::key_state:
        return describe_key(record);
    default:
        return fail(Code::newer, "record kind {} is not known", record.kind);
    }
}

} // namespace hearth::home
