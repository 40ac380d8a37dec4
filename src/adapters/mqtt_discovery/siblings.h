#pragma once

#include "adapters/mqtt_discovery/thing.h"

#include <string>
#include <vector>

namespace hearth::mqtt_discovery {

/// Equal siblings: several components of one kind that are commanded alike and of which none is the
/// device's main one, as the relays of a box in a shed, two doors of one controller, two lamps of
/// one fixture. None of them gets the plain word, for "turn on the shed box" and a rule on
/// `on_off.on` would move just the one that happens to stand first in the alphabet. All stand on
/// endpoints, and what is measured of one stands on the endpoint of that one:
/// `well_pump/on_off.on`, `well_pump/power.watts`.
///
/// An endpoint is called after the component's object id or its place in the JSON where these tell
/// siblings apart (`l1`, `left`), else after its announced name, else after the whole object id.
/// Nothing of it depends on the order in which they came. Whoever is alone stays plain, and so does
/// the main one (`name: null`) beside others; a sibling that is announced later makes the first
/// one move: see docs/mqtt-discovery.md.
///
/// Sets `of_sibling` of every thing that belongs to a sibling, and its `endpoint` where it stands
/// on the sibling's.
void place_siblings(std::vector<Thing>& things, const std::string& device_name);

} // namespace hearth::mqtt_discovery
