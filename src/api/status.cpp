#include "api/api.h"
#include "api/problem.h"

/// What the hub tells of itself.
namespace hearth::api {

void Api::add_status_routes() {
    router_.add("GET", "/api/v1/status", needs_nothing,
                [this](const Request&, const PathParts&, const Responder& respond) {
                    respond(json(ValueMap{
                        {"version", HEARTH_VERSION},
                        {"time", to_rfc3339(context_.clock.utc())},
                        {"devices", Value::of_unsigned(context_.home.devices().size())},
                        {"areas", Value::of_unsigned(context_.home.areas().size())},
                        {"last_event", Value::of_unsigned(context_.home.last_event())},
                        {"open_commands", Value::of_unsigned(context_.home.open_commands().size())},
                        {"journal_accepts", context_.journal.accepts()},
                        {"listeners", context_.listeners()}}));
                });
    router_.add("GET", "/api/v1/refused", access::Verb::manage,
                [this](const Request&, const PathParts&, const Responder& respond) {
                    ValueList refused;
                    for (const Refusal& refusal : context_.refusals.list())
                        refused.push_back(ValueMap{{"number", Value::of_unsigned(refusal.number)},
                                                   {"time", to_rfc3339(refusal.at)},
                                                   {"source", refusal.source},
                                                   {"from", refusal.from},
                                                   {"code", to_string(refusal.code)},
                                                   {"why", refusal.why},
                                                   {"excerpt", refusal.excerpt}});
                    respond(
                        json(ValueMap{{"refused", std::move(refused)},
                                      {"total", Value::of_unsigned(context_.refusals.total())}}));
                });
    router_.add(
        "GET", "/metrics", access::Verb::see,
        [this](const Request&, const PathParts&, const Responder& respond) {
            respond({200,
                     "text/plain; version=0.0.4; charset=utf-8",
                     context_.metrics.render(),
                     {},
                     nullptr});
        },
        Router::Door::here);
    router_.add(
        "GET", "/api/v1/openapi.json", needs_nothing,
        [](const Request&, const PathParts&, const Responder& respond) {
            respond({200, "application/json", std::string(openapi_document()), {}, nullptr});
        },
        Router::Door::here);
}

} // namespace hearth::api
