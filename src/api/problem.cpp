#include "api/problem.h"

namespace hearth::api {
namespace {

std::string_view title_of(int status) {
    switch (status) {
    case 400:
        return "Bad request";
    case 401:
        return "Not logged in";
    case 403:
        return "Refused";
    case 404:
        return "Not found";
    case 405:
        return "Method not allowed";
    case 409:
        return "Conflict";
    case 413:
        return "Too large";
    case 421:
        return "Wrong host";
    case 422:
        return "Not the same request";
    case 426:
        return "Upgrade required";
    case 431:
        return "Header too large";
    case 429:
        return "Limit reached";
    case 503:
        return "Not now";
    case 504:
        return "No answer in time";
    default:
        return "Error";
    }
}

} // namespace

int status_of(Code code) {
    switch (code) {
    case Code::invalid:
        return 400;
    case Code::not_found:
        return 404;
    case Code::refused:
        return 403;
    case Code::conflict:
        return 409;
    case Code::limit:
        return 429;
    case Code::timed_out:
        return 504;
    case Code::unavailable:
        return 503;
    default:
        return 500;
    }
}

Response problem(const Error& error) {
    return problem(status_of(error.code), to_string(error.code), error.detail);
}

Response problem_with_key(const Error& error) {
    const int status = error.code == Code::conflict ? 422 : status_of(error.code);
    return problem(status, to_string(error.code), error.detail);
}

Response problem(int status, std::string_view code, std::string_view detail) {
    const ValueMap body{{"type", "about:blank"},
                        {"title", title_of(status)},
                        {"status", status},
                        {"code", code},
                        {"detail", detail}};
    return {status, "application/problem+json", to_json(body) + "\n", {}, nullptr};
}

Response json(const Value& value, int status) {
    return {status, "application/json", to_json(value) + "\n", {}, nullptr};
}

Response no_content() {
    return {204, "", "", {}, nullptr};
}

std::optional<Value> read_object(const Request& request, const Responder& respond) {
    if (request.body.size() > body_limits.bytes) {
        respond(problem(413, "limit", "the body is too large"));
        return std::nullopt;
    }
    auto body = parse_json(request.body, body_limits);
    if (body && body->is_map()) return std::move(*body);
    // Too deep or too many values is the sender's fault, not one of his rate.
    respond(
        problem({Code::invalid, body ? "the body must be a JSON object" : body.error().detail}));
    return std::nullopt;
}

/// Whole seconds, so that who comes after so many is not too early.
Response come_again_after(Micros wait) {
    const Micros wait_s = (wait + seconds - 1) / seconds;
    Response refused =
        problem({Code::limit, fmt::format("too many failed log-ins; try again in {} s", wait_s)});
    refused.headers.emplace_back("Retry-After", std::to_string(wait_s));
    return refused;
}

} // namespace hearth::api
