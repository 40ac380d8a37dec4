#pragma once

#include "access/grants.h"
#include "base/result.h"
#include "home/cause.h"

namespace hearth::home {

struct Ask;
struct Device;

/// Who judges whether somebody may do something. Called on the home's shard, for each command, each
/// route of the API and each device that a live stream tells of: an answer costs no more than some
/// look-ups. Rights change at any time; nobody keeps an answer.
class Authority {
public:
    virtual ~Authority() = default;

    /// With one device. Errors: refused, and the text says who may not do what.
    virtual Result<void> may(const Subject& subject, access::Verb verb,
                             const Device& device) const = 0;
    /// With the home as a whole: everywhere, with everything. Errors: refused.
    virtual Result<void> may(const Subject& subject, access::Verb verb) const = 0;
};

/// What somebody must be allowed in order to ask that of a device: `open` where the catalogue says
/// that it lets somebody in (AskFirst::by_hand), else `use`.
access::Verb verb_of(const Device& device, const Ask& ask);

} // namespace hearth::home
