#include "api/api.h"
#include "api/problem.h"

/// Where people are logged in, and the tokens of their programs.
namespace hearth::api {
namespace {

Value token_value(const access::ApiToken& token) {
    return ValueMap{{"name", token.name},
                    {"person", token.person.empty() ? Value() : Value(token.person)},
                    {"created", to_rfc3339(token.created_at)}};
}

Value session_value(const access::Session& session, const Caller& caller) {
    const bool current = caller.kind == Caller::Kind::session && caller.id == session.id;
    return ValueMap{{"id", session.id},
                    {"person", session.person},
                    {"client", session.client},
                    {"created", to_rfc3339(session.created_at)},
                    {"used", to_rfc3339(session.used_at)},
                    {"expires", to_rfc3339(session.used_at + access::Session::good_for)},
                    {"current", current}};
}

} // namespace

/// People see and end their own sessions and tokens; who manages the home, all.
bool Api::may_see(const Caller& caller, std::string_view person) const {
    return caller.person == person ||
           context_.home.may(subject_of(caller), access::Verb::manage).has_value();
}

void Api::add_session_routes() {
    router_.add("GET", "/api/v1/sessions", needs_nothing,
                [this](const Request& request, const PathParts&, const Responder& respond) {
                    ValueList all;
                    for (const access::Session* session : context_.persons.sessions())
                        if (may_see(request.caller, session->person))
                            all.push_back(session_value(*session, request.caller));
                    respond(json(all));
                });
    router_.add("DELETE", "/api/v1/sessions/{}", needs_nothing,
                [this](const Request& request, const PathParts& parts, const Responder& respond) {
                    end_session(request.caller, parts.at(0), respond);
                });
}

void Api::add_token_routes() {
    router_.add("GET", "/api/v1/tokens", needs_nothing,
                [this](const Request& request, const PathParts&, const Responder& respond) {
                    ValueList all;
                    for (const auto& [name, token] : context_.persons.tokens())
                        if (may_see(request.caller, token.person))
                            all.push_back(token_value(token));
                    respond(json(all));
                });
    router_.add("POST", "/api/v1/tokens", needs_nothing,
                [this](const Request& request, const PathParts&, const Responder& respond) {
                    add_token(request, respond);
                });
    router_.add("DELETE", "/api/v1/tokens/{}", needs_nothing,
                [this](const Request& request, const PathParts& parts, const Responder& respond) {
                    const access::ApiToken* token = context_.persons.find_token(parts.at(0));
                    if (token != nullptr && !may_see(request.caller, token->person))
                        return respond(problem({Code::not_found, "you have no such token"}));
                    const auto done = context_.persons.revoke_token(parts.at(0));
                    if (!done) return respond(problem(done.error()));
                    when_committed(respond, no_content);
                });
}

void Api::add_token(const Request& request, const Responder& respond) {
    const auto body = read_object(request, respond);
    if (!body) return;
    if (!body->at("name").is_string())
        return respond(problem({Code::invalid, "the body must be {\"name\": \"…\"}"}));
    const std::string name = *body->at("name").as_string();
    const auto key = context_.persons.add_token(name, request.caller.person);
    if (!key) return respond(problem(key.error()));
    if (!is_written(respond)) return void(context_.persons.revoke_token(name));
    Value made = token_value(*context_.persons.find_token(name));
    made.as_map()->append("token", *key);
    when_committed(respond, [made = std::move(made)] { return json(made, 201); });
}

} // namespace hearth::api
