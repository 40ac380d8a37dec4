#pragma once

#include "net/zone_rules.h"

#include <string>

/// Zones by their names, out of the system's zone files (the package tzdata), which are kept up to
/// date with what governments decide: /usr/share/zoneinfo, or $TZDIR.
namespace hearth::net {

/// "Europe/Paris" (the names of the IANA time zone database); empty for the zone of this machine,
/// as the C library finds it: $TZ, else /etc/localtime, else UTC. Reads a file: at start. Errors:
/// not_found, for a zone that is not installed; damaged.
Result<ZoneRules> system_zone(const std::string& name);

} // namespace hearth::net
