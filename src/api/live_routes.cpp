#include "api/api.h"
#include "api/problem.h"
#include "base/text.h"

/// The door to the live stream (live.h).
namespace hearth::api {

void Api::add_live_routes() {
    router_.add("GET", "/api/v1/live", needs_nothing,
                [this](const Request& request, const PathParts&, const Responder& respond) {
                    open_live(request, respond);
                });
}

void Api::open_live(const Request& request, const Responder& respond) {
    if (!request.upgrade) {
        Response refused = problem(426, "invalid", "this is a WebSocket; ask for an upgrade to it");
        refused.headers.emplace_back("Upgrade", "websocket");
        return respond(std::move(refused));
    }
    std::optional<home::EventId> since;
    if (const auto given = request.query.find("since"); given != request.query.end()) {
        long long number = 0;
        if (!parse_integer(given->second, number) || number < 0)
            return respond(problem({Code::invalid, "since must be the number of an event"}));
        since = static_cast<home::EventId>(number);
    }
    respond(live_.open(since, subject_of(request.caller), [this, caller = request.caller] {
        if (!caller.person.empty() && !context_.persons.is_here(caller.person)) return false;
        if (caller.kind == Caller::Kind::session)
            return context_.persons.find_session(caller.id) != nullptr;
        return caller.kind == Caller::Kind::admin ||
               context_.persons.find_token(caller.id) != nullptr;
    }));
}

} // namespace hearth::api
