#pragma once

#include "base/result.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace hearth::simulator {

struct Login {
    std::string user_name;
    std::string password;

    bool operator==(const Login&) const = default;
};

/// What `--credentials FILE` holds, as YAML or JSON: one login for all clients, logins for some
/// clients by their credential name, or both (then the one is for all others).
///
///     username: demo
///     password: …
///     clients:
///       zigbee2mqtt: {username: zigbee2mqtt, password: …}
///
/// The answer of `hearth credential add NAME --json` is such a file: `name` means `username`, and
/// what else it says (`topics`, `created`) is passed over.
class Credentials {
public:
    /// Errors: invalid, naming the place; the text itself is never part of an error.
    static Result<Credentials> parse(std::string_view text);

    /// The login of a client, or nothing where the file has none for it.
    std::optional<Login> find(std::string_view client) const;

private:
    std::optional<Login> for_all_;
    std::map<std::string, Login, std::less<>> by_client_;
};

} // namespace hearth::simulator
