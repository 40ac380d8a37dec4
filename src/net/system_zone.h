#pragma once

#include "base/result.h"
#include "base/time.h"

#include <string>

namespace hearth::net {

/// The local time of this process, as the C library knows it from the system's zone files (tzdata).
class SystemZone final : public TimeZone {
public:
    /// Makes "Europe/Paris" the zone of the whole process; empty leaves the system's own. To be
    /// called once, before there are threads. Errors: not_found, for a zone that is not installed.
    static Result<void> choose(const std::string& name);

    Micros offset_at(Micros utc) const override;
};

} // namespace hearth::net
