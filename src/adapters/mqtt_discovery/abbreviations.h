#pragma once

#include "base/value.h"

namespace hearth::mqtt_discovery {

/// Writes the short keys of a discovery message in full ("stat_t" becomes "state_topic"), at its
/// top level and in `device`, `origin`, `availability` and each of `components`. Unknown keys stay.
/// The names are those of Home Assistant's documentation ("Supported abbreviations in MQTT
/// discovery messages"). What is no map is left alone.
void expand_abbreviations(Value& config);

} // namespace hearth::mqtt_discovery
