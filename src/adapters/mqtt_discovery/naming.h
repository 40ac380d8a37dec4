#pragma once

#include "adapters/mqtt_discovery/discovery_message.h"
#include "adapters/mqtt_discovery/entity.h"

#include <string>
#include <string_view>

/// Readable, stable names for what hearth has no word for, and for endpoints. They come from the
/// object id or from the place of the value in the device's JSON, never from the order of arrival.
namespace hearth::mqtt_discovery {

/// What a component is called, from its options, its topic and its device.
Identity identify(const DiscoveryTopic& topic, const ComponentConfig& component,
                  const DeviceInfo& device);

/// How strong `key` claims `path`: "temperature" owns temperature.celsius, "local_temperature" is
/// likely it, "temperature_l2" is one of several.
Claim claim_of(std::string_view key, std::string_view path);

/// Whether a key is the word for a path, or that word with a part before or after ("state_l1" for
/// on_off.on), and means a value of it and not a limit or a wish.
bool speaks_of(std::string_view key, std::string_view path);

/// What is left of a key without its word: "state_l1" → "l1", "local_temperature" → "local",
/// "POWER2" → "2"; the key itself where nothing is left.
std::string endpoint_of(std::string_view key, std::string_view path, std::string_view platform);

/// What a component calls its attributes to people: its announced name without the device's own in
/// front, which Home Assistant leaves away too ("Kitchen plug power" of "Kitchen plug" → "Power").
/// Empty where it has none of its own.
std::string label_of(std::string_view name, std::string_view device_name);

/// A name as part of a path: a slug of at most 60 bytes.
std::string short_slug(std::string_view text);

} // namespace hearth::mqtt_discovery
