#pragma once

#include "adapters/mqtt_discovery/assembly.h"
#include "adapters/mqtt_discovery/entity.h"

#include <string>
#include <string_view>
#include <tuple>
#include <vector>

/// Inside assembly: an attribute in the making.
namespace hearth::mqtt_discovery {

/// All offers that read one value from one place.
struct Thing {
    std::string path; ///< without endpoint
    std::vector<Source> sources;
    std::vector<Offer> offers; ///< by source
    Claim claim = Claim::internal;
    bool of_sibling = false; ///< of one of several equals: never the device's own word (siblings.h)
    std::string endpoint;    ///< that sibling's, where it stands there
    bool moved = false;      ///< it stands on an endpoint
    int detail = 0;          ///< how much its name tells, raised until names differ
    std::string final_path;

    bool is_untyped() const { return path.starts_with("untyped."); }
    const Component& component() const { return *sources.front().component; }
    const Identity& identity() const { return component().identity; }
};

/// Of two components that could do with the same word, the one that comes first here gets it.
std::size_t platform_order(std::string_view platform);

inline auto standing(const Thing& thing) {
    return std::tuple(thing.claim, platform_order(thing.identity().platform),
                      std::string_view(thing.identity().key()),
                      std::string_view(thing.component().id));
}

/// The endpoint where it stands by its own name alone, if it does not get the plain word.
std::string natural_endpoint(const Thing& thing);

/// What a component calls its attributes. One that is the device's main feature, or a device by
/// itself, has no name beside the device's.
std::string own_name_of(const Component& component, const std::string& device_name);

} // namespace hearth::mqtt_discovery
