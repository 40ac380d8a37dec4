#pragma once

#include "base/result.h"
#include "base/value.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What is known of devices before any device is: capabilities and their attributes, in Matter's
/// words (catalog/capabilities.yaml). Immutable once loaded; safe from any thread.
namespace hearth::catalog {

enum class AttributeType { boolean, integer, number, enumeration, text };

std::string_view to_string(AttributeType type);
std::optional<AttributeType> parse_attribute_type(std::string_view text);

/// An attribute of the same endpoint and a value of it.
struct ValueOf {
    std::string path; ///< "on_off.on"
    Value value;
};

/// What a device tells while it is on its way to what was asked of it.
struct UnderWay {
    std::string by;              ///< the attribute that tells: "cover.motion"
    std::vector<std::string> is; ///< one of these words
    std::string to;              ///< only on the way to this value; empty for any

    bool operator==(const UnderWay&) const = default;
};

/// What is asked about before a sentence does it: what opens, unlocks, disarms or heats.
struct AskFirst {
    std::vector<Value> values;      ///< these; any where empty
    std::optional<double> above;    ///< numbers above this one
    std::vector<std::string> types; ///< of devices of these types; of all where empty
    bool by_hand = false;           ///< the page asks too

    bool concerns(std::string_view device_type) const;

    bool covers(const Value& value, std::string_view device_type) const;
};

/// An attribute (or command) as the catalogue describes it; a device may narrow it.
struct AttributeInfo {
    AttributeType type = AttributeType::text;
    std::string unit;
    std::optional<double> min;
    std::optional<double> max;
    std::vector<std::string> options; ///< of an enumeration
    bool write = false;               ///< may be set, where a device allows it
    bool command = false;             ///< is done, not kept: it has no reported value
    // How a wish for it is understood; capabilities.yaml tells more.
    std::optional<ValueOf> zero_is;  ///< 0 and this are the same wish
    std::optional<ValueOf> needs;    ///< a wish for it contradicts a wish for another value of this
    std::vector<UnderWay> under_way; ///< it is on its way
    bool gradual = false;            ///< told step by step while it moves
    std::optional<AskFirst> ask_first;
};

class Catalog {
public:
    /// Reads the text of capabilities.yaml. Errors name the capability and attribute.
    static Result<Catalog> parse(std::string_view yaml);

    /// The catalogue that this program was built with.
    static const Catalog& builtin();

    /// "on_off.on" (no endpoint), or nullptr.
    const AttributeInfo* find(std::string_view capability_dot_attribute) const;

    /// What of an attribute is asked about first, or nullptr; also of what has no entry of its own
    /// ("untyped.alarm_state").
    const AskFirst* ask_first(std::string_view capability_dot_attribute) const;

    const std::map<std::string, AttributeInfo, std::less<>>& all() const { return attributes_; }

private:
    std::map<std::string, AttributeInfo, std::less<>> attributes_;
};

} // namespace hearth::catalog
