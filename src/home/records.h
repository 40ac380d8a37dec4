#pragma once

#include "home/fact.h"
#include "home/key_book.h"
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
    desired_withdrawn = 112,
    device_forgotten = 113,
    area_removed = 114,
    command_under_way = 115,
    device_handed = 116,
    // Not an event: an adapter's note; empty bytes forget it.
    note_kept = 150,
    // Only in checkpoints.
    home_state = 170,    ///< the counters
    area_state = 171,    ///< an area
    device_state = 172,  ///< a device with its whole twin
    command_state = 173, ///< a command that is not settled
    key_state = 174,     ///< an idempotency key and its command
};

/// The version in which records of a kind are written now; older ones are read, too.
///
/// | kind | version | has beside the one before |
/// |---|---|---|
/// | command_issued, command_state | 2 | whose key it is, which part, the request's fingerprint |
/// | key_state | 2 | the same, and what became of the command |
/// | area_state | 2 | whether only devices have suggested it |
/// | device_state | 2 | whether a person placed it, and when it left |
/// | device_state | 3 | what the device calls its attributes |
/// | device_joined, device_changed | 2 | the same |
/// | command_issued, command_state | 3 | who said it, where a sentence asked |
/// | command_state | 3 | whether the device is on its way |
/// | command_settled, desired_withdrawn | 2 | the same |
/// | area_added, area_removed, device_edited, device_handed, device_forgotten | 2 | the same |
/// | automation_ran, automation_edited | 2 | the same |
/// | notified | 2 | the step's path, as text, instead of its number from 0 |
/// | all events, command_state | one more | who and by which way, of every cause (cause.h) |
constexpr std::uint8_t version_of(RecordKind kind) {
    switch (kind) {
    case RecordKind::key_state:
    case RecordKind::area_state:
    case RecordKind::device_left:
    case RecordKind::availability_changed:
    case RecordKind::attribute_reported:
    case RecordKind::notified:
    case RecordKind::command_under_way:
        return 2;
    case RecordKind::device_state:
    case RecordKind::device_joined:
    case RecordKind::device_changed:
    case RecordKind::area_added:
    case RecordKind::area_removed:
    case RecordKind::device_edited:
    case RecordKind::device_handed:
    case RecordKind::device_forgotten:
    case RecordKind::command_settled:
    case RecordKind::desired_withdrawn:
    case RecordKind::automation_ran:
    case RecordKind::automation_edited:
        return 3;
    case RecordKind::command_issued:
    case RecordKind::command_state:
        return 4;
    default:
        return 1;
    }
}
/// Whether this hearth can read a record of this room. Errors: newer.
Result<void> check_version(const journal::Record& record);

struct OpenCommand;

std::string encode(const Event& event);
Result<Event> decode_event(const journal::Record& record);

// Decoding takes the version that the record was written in.
std::string encode_area(const Area& area);
Result<Area> decode_area(std::string_view payload, std::uint8_t version);
std::string encode_device(const Device& device);
/// The specs in it are its own; Home shares them.
Result<Device> decode_device(std::string_view payload, std::uint8_t version);
std::string encode_open_command(const OpenCommand& open);
Result<OpenCommand> decode_open_command(std::string_view payload, std::uint8_t version);
std::string encode_key(const KeyBook::Entry& entry);
Result<KeyBook::Entry> decode_key(std::string_view payload, std::uint8_t version);
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
