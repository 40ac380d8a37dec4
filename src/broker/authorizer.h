#pragma once

#include "base/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hearth::broker {

/// What a CONNECT says about who sends it.
struct Login {
    std::string_view client_id;
    std::optional<std::string_view> user_name;
    std::optional<std::string_view> password;
    bool loopback = false; ///< the peer is on this machine
};

/// Who may come in and what they may do. The program answers from the home's credentials; see
/// rights.h for the rules. Called on the shard's thread; must not call the broker.
///
/// The broker remembers verdicts for as long as epoch() stays the same. Who takes rights away also
/// calls Broker::drop_sessions_of(), so that live sessions end at once.
class Authorizer {
public:
    virtual ~Authorizer() = default;

    /// The name of the credential, which the session belongs to from then on; empty for anonymous.
    /// Errors go to the client: Code::refused is "not authorized" (0x87), Code::invalid "bad user
    /// name or password" (0x86), anything else "server unavailable" (0x88).
    virtual Result<std::string> authenticate(const Login& login) = 0;

    /// Whether there is such a credential (still). The empty name: whether clients without one are
    /// let in.
    virtual bool knows(std::string_view credential) const = 0;
    /// `topic` may be a filter. True only if all topics that it matches are allowed.
    virtual bool may_publish(std::string_view credential, std::string_view topic) const = 0;
    /// `filter` is without "$share/GROUP/". True only if all topics that it matches are allowed.
    virtual bool may_subscribe(std::string_view credential, std::string_view filter) const = 0;

    /// Changes whenever a verdict may have changed.
    virtual std::uint64_t epoch() const = 0;
};

} // namespace hearth::broker
