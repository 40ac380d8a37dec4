#pragma once

#include "access/credentials.h"

#include <string>
#include <string_view>
#include <vector>

namespace hearth::broker {

/// Whether every topic that `asked` matches is also matched by `allowed`: "a/#" covers "a", "a/b"
/// and "a/+/c"; "a/+" covers "a/b" and "a/+" but not "a/#". As in MQTT 5.0 section 4.7.2, a leading
/// wildcard covers nothing that begins with '$'. Both must be valid filters without "$share/".
bool covers(std::string_view allowed, std::string_view asked);

/// What one credential may do, as plain lists of filters. Pure values: rights_of() makes them.
struct Rights {
    std::vector<std::string> publish;
    std::vector<std::string> subscribe;

    /// Topics that begin with '$' are never allowed. Both take a topic or a filter, of which every
    /// topic must be allowed.
    bool may_publish(std::string_view topic) const;
    bool may_subscribe(std::string_view filter) const;
};

/// Its own topics, those added to it, and those that all share (access/credentials.h). A name that
/// could be read as a pattern ('+', '#', '/', empty) gives no topics of its own (CVE-2017-7650).
Rights rights_of(const access::Credential& credential);

/// Of a client without a name, where those are let in: everything but '$'.
Rights rights_of_anonymous();

} // namespace hearth::broker
