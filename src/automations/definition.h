#pragma once

#include "automations/limits.h"
#include "automations/step_path.h"
#include "automations/sun.h"
#include "home/home.h"
#include "template/template.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

/// What an automation says, compiled from the Value of its YAML or JSON. docs/automations.md tells
/// the language. Stateless.
namespace hearth::automations {

using AutomationId = std::string;

/// Days of the week as bits, Monday is 1. All where none are named.
using Weekdays = std::uint8_t;
constexpr Weekdays all_days = 0x7f;

enum class Mode : std::uint8_t {
    single,  ///< while it runs, triggers are ignored
    restart, ///< a trigger ends the run and begins another
};

// --- Triggers: any of them starts a run
// -----------------------------------------------------------

/// What a value is held against. Where nothing is set, every value will do.
struct Test {
    std::optional<Value> is;
    std::optional<Value> is_not;
    std::optional<double> above;
    std::optional<double> below;

    bool empty() const { return !is && !is_not && !above && !below; }
    /// `is` and `is_not` compare as a command does with its answer (home::matches): a lamp that was
    /// set to 50 and reports 50.2 is at 50. `above` and `below` are exact.
    bool holds(const home::AttributeSpec& spec, const Value& value) const;

    bool operator==(const Test&) const = default;
};

/// An attribute comes to pass the test (`to`, `above`, `below`), or changes at all.
struct AttributeTrigger {
    home::DeviceId device; ///< a name or alias until resolve()
    home::Path path;
    Test test;
    std::optional<Value> from;
    Micros hold = 0;       ///< it must then stay so for this long
    bool reported = false; ///< each report counts, also one that changes nothing (a button's press)

    bool operator==(const AttributeTrigger&) const = default;
};

struct DeviceTrigger {
    enum class What : std::uint8_t { joined, left, online, offline };
    home::DeviceId device; ///< empty for any device
    What what = What::joined;
};

struct TimeTrigger {
    Micros time = 0; ///< since local midnight
    Weekdays weekdays = all_days;
};

struct SunTrigger {
    SunEvent event = SunEvent::sunset;
    Micros offset = 0;
    Weekdays weekdays = all_days;
};

using Trigger = std::variant<AttributeTrigger, DeviceTrigger, TimeTrigger, SunTrigger>;

// --- Conditions: all of them must hold
// ------------------------------------------------------------

struct AttributeCondition {
    home::DeviceId device;
    home::Path path;
    Test test;
};

/// Local time is in [after, before), over midnight where `before` is the earlier one.
struct TimeCondition {
    std::optional<Micros> after;
    std::optional<Micros> before;
    Weekdays weekdays = all_days;
};

struct SunCondition {
    bool up = true;
};

/// Whether the device can be reached; one that has left cannot.
struct OnlineCondition {
    home::DeviceId device;
    bool online = true;
};

struct ExpressionCondition {
    templating::Template expression;
};

struct GroupCondition;
using Condition = std::variant<AttributeCondition, OnlineCondition, TimeCondition, SunCondition,
                               ExpressionCondition, GroupCondition>;

struct GroupCondition {
    enum class How : std::uint8_t { all, any, none };
    How how = How::all;
    std::vector<Condition> parts;
};

// --- Actions: one after the other
// -----------------------------------------------------------------

struct SetValue {
    home::Path path;
    Value value; ///< as written
    std::optional<templating::Template> expression;
};

struct SetAction {
    home::DeviceId device;
    std::vector<SetValue> values;
};

struct DelayAction {
    Micros time = 0;
};

struct NotifyAction {
    templating::Template text;
};

using Action = std::variant<SetAction, DelayAction, NotifyAction>;

struct Definition {
    std::string name;
    Mode mode = Mode::single;
    std::vector<std::pair<std::string, home::DeviceId>> with; ///< names for expressions
    std::vector<Trigger> triggers;
    std::vector<Condition> conditions;
    std::vector<Action> actions;
};

/// Compiles a definition; nothing is looked up. Errors: invalid, limit; "triggers[0]: for: …".
Result<Definition> parse_definition(const Value& value, const Limits& limits = {});

/// The action at a path, or nullptr where none stands there. Lives as long as the definition.
const Action* find_action(const Definition& definition, const StepPath& path);

/// What a definition is checked against.
struct Surroundings {
    const home::Home& home;
    bool has_place = false;
};

/// Puts ids in place of the devices' names and checks that everything fits: attributes, their types
/// and ranges, and that it does not trigger itself. Errors: not_found (a device or attribute),
/// conflict (several devices of that name), invalid, refused (triggers itself, cannot be set).
/// `missing` gets the device's word where one is not found.
Result<void> resolve(Definition& definition, const Surroundings& around,
                     std::string* missing = nullptr);

/// The Value again, with whatever stands in `device` fields now; parse_definition() reads it back.
Value to_value(const Definition& definition);

/// Sentences for people, with the devices' present names: "Hall motion occupancy.occupied becomes
/// true for 5min".
std::string describe(const Trigger& trigger, const home::Home& home);
std::string describe(const Condition& condition, const home::Home& home);
std::string describe(const Action& action, const home::Home& home);

/// A scalar as a line shows it, cut to so many bytes.
std::string value_text(const Value& value, std::size_t bytes);

/// "5min", "1h 30min", "2.5s", "250ms", "2d": one or more numbers with their units.
Result<Micros> parse_length(std::string_view text);
std::string length_text(Micros length);
/// "07:30" or "07:30:15".
Result<Micros> parse_time_of_day(std::string_view text);
std::string time_of_day_text(Micros time);
/// "mon" for 0.
std::string_view weekday_name(std::size_t since_monday);

} // namespace hearth::automations
