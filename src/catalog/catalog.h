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

/// An attribute (or command) as the catalogue describes it; a device may narrow it.
struct AttributeInfo {
    AttributeType type = AttributeType::text;
    std::string unit;
    std::optional<double> min;
    std::optional<double> max;
    std::vector<std::string> options; ///< of an enumeration
    bool write = false;               ///< may be set, where a device allows it
    bool command = false;             ///< is done, not kept: it has no reported value
};

class Catalog {
public:
    /// Reads the text of capabilities.yaml. Errors name the capability and attribute.
    static Result<Catalog> parse(std::string_view yaml);

    /// The catalogue that this program was built with.
    static const Catalog& builtin();

    /// "on_off.on" (no endpoint), or nullptr.
    const AttributeInfo* find(std::string_view capability_dot_attribute) const;

    const std::map<std::string, AttributeInfo, std::less<>>& all() const { return attributes_; }

private:
    std::map<std::string, AttributeInfo, std::less<>> attributes_;
};

} // namespace hearth::catalog
