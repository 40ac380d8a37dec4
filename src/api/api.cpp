#include "api/api.h"

#include "api/origin.h"
#include "api/problem.h"
#include "base/crypto.h"
#include "base/text.h"

namespace hearth::api {
namespace {

constexpr std::string_view bearer = "Bearer ";

/// A page of another origin may look (it cannot read the answer), but change nothing. The header
/// Authorization no page can forge; a cookie the browser adds by itself.
bool must_be_refused(const Request& request) {
    const bool changes = request.method != "GET" && request.method != "HEAD";
    if (!changes && !request.upgrade) return false;
    if (request.caller.by_cookie) return !is_same_origin(request);
    return (request.upgrade || request.authorization.empty()) && is_cross_site(request);
}

/// Whether a request makes or changes something that has to last. Commands the home refuses itself,
/// since one whose key was used before is only looked up, and a sentence may be a question.
/// Deleting goes on: it is what makes room.
bool needs_the_disk(const Request& request) {
    return (request.method == "POST" || request.method == "PUT" || request.method == "PATCH") &&
           request.path != "/api/v1/conversation" && !request.path.ends_with("/commands");
}

} // namespace

Api::Api(ApiContext context, const ApiLimits& limits)
    : context_(std::move(context))
    , limits_(limits)
    , live_(context_.clock, context_.home, context_.persons, context_.metrics, context_.after,
            limits.live) {
    add_device_routes();
    add_area_routes();
    add_catalog_routes();
    add_command_routes();
    add_desired_routes();
    add_event_routes();
    add_credential_routes();
    add_status_routes();
    add_sign_in_routes();
    add_person_routes();
    add_session_routes();
    add_token_routes();
    add_live_routes();
    add_automation_routes();
    add_conversation_routes();
    context_.persons.on_revoked([this] { live_.check_rights(); });
}

void Api::handle(Request& request, const Responder& respond) {
    const Router::Match match = router_.find(request.method, request.path);
    request.caller = identify(request);
    if (must_be_refused(request)) {
        context_.refusals.add("api", request.path, {Code::refused, "a cross-site request"},
                              request.origin);
        return respond(problem(403, "cross_site",
                               "a page of another site sent this; only the hub's own page may"));
    }
    const bool open = match.door == Router::Door::everybody ||
                      (match.door == Router::Door::here && request.from_loopback);
    if (!open && request.caller.kind == Caller::Kind::nobody) {
        context_.refusals.add("api", request.path,
                              {Code::refused, "a request without a valid token"});
        return respond(problem(401, "refused",
                               "log in, or send Authorization: Bearer TOKEN; the token of this "
                               "machine stands in admin.token of the data folder"));
    }
    if (match.needs && request.caller.kind != Caller::Kind::nobody)
        if (const auto good = context_.home.may(subject_of(request.caller), *match.needs); !good)
            return refuse(request, good.error(), respond);
    if (auto late = too_late(request)) return respond(std::move(*late));
    if (match.route != nullptr && needs_the_disk(request) && !context_.journal.accepts())
        return respond(
            problem({Code::unavailable,
                     "nothing was done: the disk takes nothing; the hub's log says why"}));
    if (match.route != nullptr)
        return (*match.route)(request, match.parts,
                              request.method == "GET" ? respond : telling(request, respond));
    if (match.path_known) return respond(problem(405, "invalid", "this path has no such method"));
    respond(problem(
        {Code::not_found, fmt::format("there is nothing at {}", printable(request.path, 100))}));
}

/// A request may lie in a cable that is out, or before a hub that hangs, long after its sender gave
/// it up. Done then, it would move something that nobody asks for any more.
std::optional<Response> Api::too_late(const Request& request) const {
    if (request.not_after.empty()) return std::nullopt;
    const auto until = parse_rfc3339(request.not_after);
    if (!until) return problem({Code::invalid, "Not-After: " + until.error().detail});
    if (context_.clock.utc() <= *until) return std::nullopt;
    context_.refusals.add("api", request.path, {Code::timed_out, "a request that came too late"},
                          request.not_after);
    return problem(409, "too_late",
                   "this came after " + to_rfc3339(*until) +
                       ", when it was not wanted any more; "
                       "nothing was done");
}

/// A request that makes no sense is told in the list of what was refused, without its body, which
/// may hold a password. Who is not let in is told where that is decided.
Responder Api::telling(const Request& request, const Responder& respond) {
    // The same request, so that whoever prepares an answer sees that its client has gone.
    return respond.watched([this, path = request.path](const Response& response) {
        const int status = response.status;
        if (status == 400 || status == 404 || status == 409 || status == 413 || status == 422) {
            const auto said = parse_json(response.body);
            const Code code = status == 413                    ? Code::limit
                              : status == 404                  ? Code::not_found
                              : status == 409 || status == 422 ? Code::conflict
                                                               : Code::invalid;
            context_.refusals.add(
                "api", path, {code, said ? std::string(said->at("detail").string_or("")) : ""});
        }
    });
}

Caller Api::identify(const Request& request) {
    std::string_view token;
    const bool by_cookie = request.authorization.empty();
    if (by_cookie)
        token = cookie_value(request.cookie, session_cookie);
    else if (request.authorization.starts_with(bearer))
        token = std::string_view(request.authorization).substr(bearer.size());
    if (token.empty()) return {};
    if (!by_cookie && equal_secret(token, context_.admin_token))
        return {Caller::Kind::admin, "", "", false};
    const auto known = context_.persons.authenticate(token);
    if (known.session != nullptr)
        return {Caller::Kind::session, known.session->id, known.session->person, by_cookie};
    if (known.token != nullptr && !by_cookie)
        return {Caller::Kind::token, known.token->name, known.token->person, false};
    return {};
}

void Api::when_committed(const Responder& respond, std::function<Response()> answer) {
    context_.journal.when_committed(
        [respond, answer = std::move(answer)](const Result<void>& committed) {
            if (committed) return respond(answer());
            const Error& error = committed.error();
            respond(problem(503, to_string(error.code),
                            error.detail + "; it may have been done, but is not on the disk: look "
                                           "before you ask again"));
        });
}

std::string Api::key_owner_of(const Request& request) {
    switch (request.caller.kind) {
    case Caller::Kind::session:
        return "session " + request.caller.id;
    case Caller::Kind::token:
        return "token " + request.caller.id;
    default:
        return "admin token";
    }
}

bool Api::is_written(const Responder& respond) {
    if (context_.journal.write_now()) return true;
    respond(problem(
        {Code::unavailable, "nothing was done: it could not be written; the hub's log says why"}));
    return false;
}

home::Subject Api::subject_of(const Caller& caller) {
    using Kind = home::Subject::Kind;
    switch (caller.kind) {
    case Caller::Kind::session:
        return {Kind::person, caller.person};
    case Caller::Kind::token:
        return {Kind::token, caller.id};
    case Caller::Kind::admin:
        return {Kind::hub, std::string(home::admin_part)};
    case Caller::Kind::nobody:
        return {};
    }
    return {};
}

/// A browser that shows the page brings its cookie; hearth's own command line tells its name.
home::Via Api::via_of(const Request& request) {
    if (request.caller.by_cookie) return home::Via::page;
    return request.user_agent.starts_with("hearth/") ? home::Via::cli : home::Via::api;
}

home::Cause Api::cause_of(const Request& request) {
    return {.subject = subject_of(request.caller), .via = via_of(request)};
}

/// Whoever has come in, and may not do this.
void Api::refuse(const Request& request, const Error& why, const Responder& respond) {
    context_.refusals.add("api", request.path, why);
    respond(problem(403, "refused", why.detail));
}

} // namespace hearth::api
