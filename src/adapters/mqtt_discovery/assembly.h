#pragma once

#include "adapters/mqtt_discovery/component.h"
#include "home/device.h"

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

/// Many components become one device: which of them gets which of hearth's words, and what the
/// device is called and is.
///
/// The rules, none of which depends on the order in which components came:
/// 1. Two components that read the same value from the same place are one attribute.
/// 2. Where several offer the same word, the strongest Claim gets it, the others stand on endpoints
///    that are called after what tells them apart: `l1/on_off.on`, `floor/temperature.celsius`. A
///    component with several attributes moves as a whole. Of several equal siblings none gets it:
///    siblings.h.
/// 3. What hearth has no word for is `untyped.NAME`; where two have one name, their object ids tell
///    them apart.
/// 4. The name that a component announces is the label of its attributes: naming.h, label_of().
namespace hearth::mqtt_discovery {

/// A place where an attribute is read or set.
struct Source {
    const Component* component = nullptr;
    std::size_t offer = 0;
};

struct AssembledAttribute {
    home::AttributeSpec spec;
    bool flexible = false;
    Source writer; ///< whom commands go to; no component where it cannot be set
    std::vector<Source> sources;
};

struct Assembled {
    std::string type;
    std::string name; ///< as the device calls itself; empty where it does not
    std::string manufacturer;
    std::string model;
    std::string version;
    std::string suggested_area;
    std::vector<AssembledAttribute> attributes; ///< sorted by path
};

/// Decides for all components of one device, and sets their slots.
Assembled assemble(const std::vector<Component*>& components);

/// What kind of device has these components and attributes: a type of the catalogue, or "unknown".
std::string device_type(const std::vector<Component*>& components,
                        const std::vector<AssembledAttribute>& attributes);

} // namespace hearth::mqtt_discovery
