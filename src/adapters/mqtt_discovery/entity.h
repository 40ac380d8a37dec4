#pragma once

#include "adapters/mqtt_discovery/templates.h"
#include "base/result.h"
#include "base/value.h"
#include "broker/message.h"
#include "home/device.h"

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// One component of a discovery message, as far as hearth cares: what attributes it offers to its
/// device, what it listens to, how it reads messages and how it writes commands. It knows neither
/// the other components of the device nor the final paths: assembly.h decides those.
namespace hearth::mqtt_discovery {

/// How strong a claim on the device's own word is, where several components offer the same: the
/// strongest gets `temperature.celsius`, the others an endpoint, `floor/temperature.celsius`.
enum class Claim {
    own,      ///< it is called just so: "temperature"
    likely,   ///< the device's main feature, or a word beside it that says as much
    plain,    ///< one of several: "temperature_l2"
    internal, ///< of the device's inside: never the device's own word
};

/// One attribute that a component offers.
struct Offer {
    home::AttributeSpec spec; ///< its path has no endpoint yet: "on_off.on", "untyped.child_lock"
    std::string topic;        ///< where it is read; empty where it is not
    std::string source;       ///< the template it is read by, or ""
    std::string command_topic;
    /// Names its endpoint where it needs one; empty: it goes where its component goes.
    std::string key;
    Claim claim = Claim::plain;
    /// Nothing is known of its type beforehand: it follows what the device tells.
    bool flexible = false;
    /// Offered only once a message has told it, and never in the way of another: a robot may have a
    /// battery level in its state, or a sensor of its own for it. Such offers come last.
    bool when_told = false;
};

/// One topic that a component listens to, and how its messages are read.
struct Reading {
    std::string topic; ///< a filter
    SharedTemplate value_template;
    bool json = false;        ///< wants the message as JSON, where it has no template
    bool ignore_kept = false; ///< a retained message is of the past: an event, a press
};

/// Takes what one message told of one component.
class Report {
public:
    virtual ~Report() = default;
    /// Null takes back what was told of the offer.
    virtual void put(std::size_t offer, Value value) = 0;
    /// Something in the message makes no sense; the rest counts.
    virtual void problem(std::string what) = 0;
};

/// What a command asks of one component.
struct Asked {
    std::vector<std::pair<std::size_t, Value>> asks; ///< offer, value
    /// What the device last told of an offer; null where it has not.
    std::function<Value(std::size_t)> current;

    const Value* find(std::size_t offer) const {
        for (const auto& [asked, value] : asks)
            if (asked == offer) return &value;
        return nullptr;
    }
};

/// Collects the messages that make up a command.
class Outbox {
public:
    void publish(const std::string& topic, std::string payload) {
        messages.push_back({topic, std::move(payload), qos, retain, {}});
    }
    /// Renders the payload with these names; without a template `plain` is the payload. An empty
    /// rendering means that there is nothing to send, as in Home Assistant.
    Result<void> publish(const std::string& topic, const SharedTemplate& command_template,
                         const ValueMap& names, std::string plain);

    std::vector<broker::Message> messages;
    broker::Qos qos = broker::Qos::at_most_once;
    bool retain = false;
};

class Entity {
public:
    virtual ~Entity() = default;

    /// Always the same, in the same order: others refer to them by their index.
    virtual std::vector<Offer> offers() const = 0;
    virtual std::vector<Reading> readings() const = 0;
    /// `value` is what the reading's template gave, else the message as text (or as JSON). It may
    /// be null or a word for it: see takes_back().
    virtual void decode(std::size_t reading, const Value& value, Report& report) const = 0;
    virtual Result<void> encode(const Asked& asked, Outbox& outbox) const = 0;
};

/// What a component is called and stands for, beside its own options.
struct Identity {
    std::string platform;
    std::string object;   ///< a slug of its object id without the device's own part
    std::string place;    ///< a slug of the one place in JSON that its value comes from, or ""
    bool main = false;    ///< `name: null`: the device's main feature
    bool setting = false; ///< entity_category config
    bool diagnostic = false;

    /// The readable name that untyped attributes and endpoints are made from.
    const std::string& key() const { return place.empty() ? object : place; }
    bool is_plain() const { return !setting && !diagnostic; }
};

/// Whether a value takes back what was told before, so that it is unknown from now on: null, "None"
/// (as a template prints it), "unknown", "unavailable". An empty text takes nothing back: a
/// template prints it where the message is about something else.
bool takes_back(const Value& value);
/// Whether a value says nothing: it is empty, or takes back what was told.
bool is_nothing(const Value& value);

/// A number as a payload: whole ones without a fraction.
std::string number_text(double number);
/// The same as a Value: whole numbers become integers.
Value number_value(double number);

} // namespace hearth::mqtt_discovery
