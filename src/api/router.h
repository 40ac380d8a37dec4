#pragma once

#include "access/grants.h"
#include "api/http.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hearth::api {

/// The parts of a path that its pattern leaves open, in order.
using PathParts = std::vector<std::string>;

/// Finds the handler of a request. Patterns are "/api/v1/devices/{}"; {} stands for one part that
/// is not empty. A known path with another method gets 405, an unknown one 404.
class Router {
public:
    using Route = std::function<void(const Request&, const PathParts&, const Responder&)>;

    /// Who may come in.
    enum class Door {
        known,    ///< who has a token or a session
        here,     ///< also everybody on this machine
        everybody ///< whoever reaches the hub
    };

    /// What one must be allowed with the home as a whole. Nothing: whoever has come in; the route
    /// judges each device by itself, or is about one's own things.
    using Needs = std::optional<access::Verb>;

    void add(std::string_view method, std::string_view pattern, Needs needs, Route route,
             Door door = Door::known);

    struct Match {
        const Route* route = nullptr;
        Door door = Door::known;
        Needs needs;
        bool path_known = false;
        PathParts parts;
    };
    Match find(std::string_view method, std::string_view path) const;

    /// "GET /api/v1/devices" for each route: what the OpenAPI document is held against.
    std::vector<std::string> all() const;

private:
    struct Entry {
        std::string method;
        std::string pattern;
        std::vector<std::string> parts;
        Needs needs;
        Route route;
        Door door;
    };
    std::vector<Entry> entries_;
};

/// For Router::add: nothing beyond coming in.
constexpr Router::Needs needs_nothing = std::nullopt;

} // namespace hearth::api
