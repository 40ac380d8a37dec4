#pragma once

#include "base/result.h"
#include "base/time.h"
#include "catalog/catalog.h"
#include "home/ids.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hearth::home {

/// Names one attribute of a device: "on_off.on", or with an endpoint "left/on_off.on".
/// The main endpoint has no name. What hearth has no word for is "untyped.NAME".
struct Path {
    std::string text;

    std::string_view endpoint() const;       ///< "left" or ""
    std::string_view capability_key() const; ///< "left/on_off": the first key in a twin's JSON
    std::string_view attribute() const;      ///< "on"
    std::string_view capability_attribute() const; ///< "on_off.on", as the catalogue knows it

    auto operator<=>(const Path&) const = default;
};

/// Each part is one or more letters, digits, "_" or "-" (any UTF-8 letter will do); at most
/// max_path_bytes in all.
constexpr std::size_t max_path_bytes = 128;
Result<Path> parse_path(std::string_view text);
Path make_path(std::string_view endpoint, std::string_view capability, std::string_view attribute);
/// Another attribute of the same endpoint: beside("left/level.percent", "on_off.on") is
/// "left/on_off.on".
Path beside(const Path& path, std::string_view capability_attribute);

constexpr std::string_view untyped_capability = "untyped";

/// What one attribute of one device can hold: the catalogue's word, narrowed to the device.
struct AttributeSpec {
    Path path;
    /// What the device itself calls it: "Wind speed". Empty where it has no name of its own.
    std::string label;
    catalog::AttributeType type = catalog::AttributeType::text;
    std::string unit;
    std::optional<double> min;
    std::optional<double> max;
    std::vector<std::string> options; ///< of an enumeration
    bool writable = false;
    bool command = false; ///< done rather than kept; never has a reported value
    /// Whether the device tells its value: if not, a command on it is `assumed` once sent.
    bool answers = true;
    /// How far a reported number may be from the one asked for and still confirm it.
    double tolerance = 0;

    bool operator==(const AttributeSpec&) const = default;
};

/// Why a value does not fit an attribute, or nothing. Errors name the path and what is allowed.
Result<void> check_value(const AttributeSpec& spec, const Value& value);
/// The same for what a device tells. More is believed than may be asked for: null, by which it
/// takes back what it told; and of a writable attribute a number beyond the range in which it can
/// be set, as long as the catalogue's word can have it (a boiler that is at 70 and takes 30 to 65).
Result<void> check_reported(const AttributeSpec& spec, const Value& value);
bool is_zero(const Value& value);
/// Whether a reported value is the wanted one, as this device can tell it: a lamp that is asked for
/// 50 % and has 255 steps reports 50.2. The one answer for everybody who compares: a command that
/// waits, a rule's trigger or condition. Numbers may differ by `tolerance`, whether they are whole
/// or not; anything else is equal or it is not. Null (not told yet) matches only null.
bool matches(const AttributeSpec& spec, const Value& wanted, const Value& reported);

/// What an adapter knows of a device; it may announce the same device again at any time.
struct DeviceDescription {
    std::string adapter;     ///< "mqtt_discovery"
    std::string external_id; ///< the adapter's own id of it, stable for ever
    std::string name;        ///< as the device calls itself; a person's name for it wins
    std::string type;        ///< "light", "plug", "sensor"…: what a page draws
    std::string manufacturer;
    std::string model;
    std::string version;        ///< of its firmware
    std::string suggested_area; ///< only used for a new device
    std::vector<AttributeSpec> attributes;

    bool operator==(const DeviceDescription&) const = default;
};

/// Equal specs are shared: ten thousand thermometers hold one. Immutable, so that sharing needs no
/// care.
using SharedSpec = std::shared_ptr<const AttributeSpec>;

/// One attribute of a twin.
struct Attribute {
    SharedSpec spec;
    Value reported; ///< null until the device has told it, and once it has taken it back
    Micros reported_at = 0;
    EventId reported_in = 0;
};

/// What was asked for and is not yet superseded by what the device says.
struct Desire {
    Path path;
    Value value;
    CommandId command = 0;
    bool open = true; ///< the command is not settled yet
};

/// A device and its twin. Only Home changes it.
struct Device {
    DeviceId id;
    std::string adapter;
    std::string external_id;
    std::string own_name;   ///< as it calls itself
    std::string given_name; ///< as a person calls it; empty until somebody does
    std::vector<std::string> aliases;
    AreaId area;
    std::string type;
    std::string manufacturer;
    std::string model;
    std::string version;
    bool online = true;
    bool present = true; ///< false once it has left; its id, names and area wait for its return
    bool placed = false; ///< a person has chosen its area
    EventId left_in = 0; ///< the event by which it left; 0 while it is present
    Micros joined_at = 0;
    std::vector<Attribute> attributes;    ///< sorted by path
    std::vector<Desire> desires;          ///< a handful at most
    std::vector<CommandId> open_commands; ///< oldest first
    std::size_t text_bytes = 0;           ///< of all texts in `attributes` and `desires`

    /// Whether a person has given it a name, an alias or a place.
    bool is_edited() const { return placed || !given_name.empty() || !aliases.empty(); }
    const std::string& name() const { return given_name.empty() ? own_name : given_name; }
    const Attribute* find(std::string_view path) const;
    Attribute* find(std::string_view path);
    Desire* desire(std::string_view path);
    const Desire* desire(std::string_view path) const;
};

/// The attribute by which the twin says what is wished: the one itself, or where the catalogue has
/// one that says the same, that (a level of 0 is on_off.on = false). nullptr where it says
/// otherwise.
const Attribute* fulfilled_by(const Device& device, const Path& path, const Value& wanted);

/// {"on_off": {"on": true}, "left/on_off": {…}}: what was reported, null attributes left out.
Value reported_value(const Device& device);
/// The same of what is desired.
Value desired_value(const Device& device);
/// Desired values that the device has not reported.
Value delta_value(const Device& device);

} // namespace hearth::home
