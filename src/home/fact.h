#pragma once

#include "base/time.h"
#include "home/cause.h"
#include "home/device.h"
#include "home/ids.h"

#include <string>
#include <utility>
#include <variant>
#include <vector>

/// Facts: what has happened, in the past tense. A fact that was recorded has a number and a cause
/// and is then an Event.
namespace hearth::home {

struct Area {
    AreaId id;
    std::string name;
    std::string floor;
    std::vector<std::string> aliases;
    /// A device suggested it and no person has put anything there: it may go when room is needed.
    bool suggested = false;

    bool operator==(const Area&) const = default;
};

struct AreaAdded {
    Area area;
};

/// A device was announced that the home did not know, or one has come back.
struct DeviceJoined {
    DeviceId device;
    AreaId area;
    DeviceDescription description;
};

/// A known device describes itself differently than before.
struct DeviceChanged {
    DeviceId device;
    DeviceDescription description;
};

/// Its adapter says that the device is gone for good.
struct DeviceLeft {
    DeviceId device;
};

/// A person gave it another name, area or aliases: the whole of all three, as they are from now on.
struct DeviceEdited {
    DeviceId device;
    std::string name;
    AreaId area;
    std::vector<std::string> aliases;
};

struct AvailabilityChanged {
    DeviceId device;
    bool online = true;
};

/// One message of a device: all attributes that it told at once.
struct AttributeReported {
    DeviceId device;
    std::vector<std::pair<Path, Value>> values;
    Micros device_time = 0; ///< the device's own clock, 0 where it told none
};

/// One attribute to set, or one command to run (its path names a command; `value` its arguments).
struct Ask {
    Path path;
    Value value;
};

/// An idempotency key in use: who asks twice with the same key asks once.
struct KeyUse {
    /// Whose key it is: "token my script"; two callers may use the same. Empty in records of before
    /// there were callers.
    std::string caller;
    std::string key;   ///< empty for none
    std::string part;  ///< which command of the request, where one request makes several
    std::string asked; ///< fingerprint of the request; empty in old records
};

struct Command {
    CommandId id = 0;
    DeviceId device;
    std::vector<Ask> asks;
    Micros deadline = 0; ///< UTC; then it is settled as timed out
    std::string key;     ///< idempotency key; empty for none
    std::string caller;  ///< whose key it is, and for what: as in KeyUse
    std::string part;
    std::string asked;

    KeyUse key_use() const { return {caller, key, part, asked}; }
};

struct CommandIssued {
    Command command;
};

enum class Settlement : std::uint8_t {
    confirmed, ///< the device reported what was asked for
    assumed,   ///< it was sent, and this device never answers
    refused,   ///< by the device, its adapter, or because it contradicts the device
    timed_out, ///< no answer until the deadline
};
std::string_view to_string(Settlement settlement);

struct CommandSettled {
    CommandId command = 0;
    DeviceId device;
    Settlement settlement = Settlement::confirmed;
    std::string detail; ///< one line, where there is something to say
};

/// A run of an automation began or ended, or an automation was set aside (then `run` is 0). Which
/// states there are is the matter of automations/.
struct AutomationRan {
    std::string automation; ///< its id
    std::uint64_t run = 0;
    std::string name;
    std::string state;  ///< "started", "finished", "failed", "restarted", "stopped", "set_aside"
    std::string detail; ///< one line, where there is something to say
};

/// People are told something.
struct Notified {
    std::string text;
    std::string automation; ///< whose run says it, with its step; empty where no run does
    std::uint64_t run = 0;
    std::string step; ///< its path: "1" for the first one; automations/ tells which there are
};

/// Somebody wrote, changed, switched or removed an automation.
struct AutomationEdited {
    std::string automation; ///< its id
    std::string name;
    std::string change; ///< "added", "changed", "enabled", "disabled", "removed"
};

/// A person let go of what was asked and never confirmed: nothing is owed on these paths any more.
struct DesiredWithdrawn {
    DeviceId device;
    std::vector<Path> paths;
};

/// A device that has left is forgotten: its id, names and area wait for it no longer.
struct DeviceForgotten {
    DeviceId device;
};

/// An area is there no more, and no device is in it.
struct AreaRemoved {
    AreaId area;
    std::string name;
};

/// The device tells that it is on its way to what a command asked for, or that it is so no longer
/// without having arrived. While it is, the command's deadline waits.
struct CommandUnderWay {
    CommandId command = 0;
    DeviceId device;
    bool under_way = true;
};

/// A person gave a device to another owner: who may speak for it towards its adapter.
struct DeviceHanded {
    DeviceId device;
    std::string from; ///< a credential; empty for clients without a name
    std::string to;
};

using Fact = std::variant<AreaAdded, DeviceJoined, DeviceChanged, DeviceLeft, DeviceEdited,
                          AvailabilityChanged, AttributeReported, CommandIssued, CommandSettled,
                          AutomationRan, Notified, AutomationEdited, DesiredWithdrawn,
                          DeviceForgotten, AreaRemoved, CommandUnderWay, DeviceHanded>;

/// "attribute_reported", "command_issued"…: the `kind` of an event in the API.
std::string_view kind_of(const Fact& fact);
/// The device it is about, or empty.
std::string_view device_of(const Fact& fact);

/// A numbered fact. Immutable once recorded.
struct Event {
    EventId id = 0;
    Micros at = 0;
    Cause cause;
    Fact fact;
};

/// {"id", "time", "kind", "cause", "device", …}: one line of `hearth events --json`.
Value to_value(const Event& event);

} // namespace hearth::home
