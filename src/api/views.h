#pragma once

#include "base/value.h"
#include "home/home.h"
#include "home/person_book.h"

/// The home as JSON shows it: the same in an answer and in the live stream. Of what a `viewer` may
/// not see, nothing is shown.
namespace hearth::api {

/// One device as `hearth devices --json` prints it.
Value device_summary(const home::Home& home, const home::Device& device);
/// All devices that are present: GET /api/v1/devices.
Value devices_value(const home::Home& home, const home::Subject& viewer);
/// All that have left and are not forgotten, by when they left: GET /api/v1/devices?left=true.
Value left_devices_value(const home::Home& home, const home::Subject& viewer);
/// Whether somebody may know of an event: of those about a device who may see it, of the rest who
/// may see the home as a whole.
bool may_know(const home::Home& home, const home::Subject& viewer, const home::Event& event);
/// An event, with the name of the person who caused it.
Value event_value(const home::Event& event, const home::PersonBook& persons);
/// Who somebody is and what they may do.
Value whole_person_value(const access::Person& person);
/// GET /api/v1/areas.
Value areas_value(const home::Home& home);

} // namespace hearth::api
