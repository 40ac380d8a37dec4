#pragma once

#include "base/value.h"
#include "home/home.h"

/// The home as JSON shows it: the same in an answer and in the live stream.
namespace hearth::api {

/// One device as `hearth devices --json` prints it.
Value device_summary(const home::Home& home, const home::Device& device);
/// All devices that are present: GET /api/v1/devices.
Value devices_value(const home::Home& home);
/// All that have left and are not forgotten, by when they left: GET /api/v1/devices?left=true.
Value left_devices_value(const home::Home& home);
/// GET /api/v1/areas.
Value areas_value(const home::Home& home);

} // namespace hearth::api
