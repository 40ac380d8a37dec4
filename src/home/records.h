#pragma once

#include "home/fact.h"
#include "journal/journal.h"

#include <string>

/// How facts and the home's state are written in the journal. Numbers are for ever.
namespace hearth::home {

enum class RecordKind : journal::Kind {
    // Events, in the order of Fact's alternatives.
    area_added = 100,
    device_joined = 101,
    device_changed = 102,
    device_left = 103,
    device_edited = 104,
    availability_changed = 105,
    attribute_reported = 106,
    command_issued = 107,
    command_settled = 108,
    automation_ran = 109,
    notified = 110,
    automation_edited = 111,
    // Not an event: an adapter's note; empty bytes forget it.
    note_kept = 150,
    // Only in checkpoints.
    home_state = 170,    ///< the counters
    area_state = 171,    ///< an area
    device_state = 172,  ///< a device with its whole twin
    command_state = 173, ///< a command that is not settled
    key_state = 174,     ///< an idempotency key and its command
};

constexpr std::uint8_t record_version = 1;

struct OpenCommand;

std::string encode(const Event& event);
Result<Event> decode_event(const journal::Record& record);

std::string encode_area(const Area& area);
Result<Area> decode_area(std::string_view payload);
std::string encode_device(const Device& device);
/// The specs in it are its own; Home shares them.
Result<Device> decode_device(std::string_view payload);
std::string encode_open_command(const OpenCommand& open);
Result<OpenCommand> decode_open_command(std::string_view payload);
/// What makes two specs the same, as bytes.
std::string encode_spec(const AttributeSpec& spec);

struct Note {
    std::string adapter;
    std::string key;
    std::string bytes;
};
std::string encode_note(std::string_view adapter, std::string_view key, std::string_view bytes);
Result<Note> decode_note(std::string_view payload);

/// Whether a record is an event (and not a note or a checkpoint's state).
bool is_event(journal::Kind kind);
journal::Kind record_kind(const Fact& fact);

/// A record of this room as JSON, for `hearth journal cat`.
Result<Value> describe(const journal::Record& record);

} // namespace hearth::home
