#include "api/problem.h"

#include "base/json.h"

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
    const int status = status_of(error.code);
    const ValueMap body{{"type", "about:blank"},
                        {"title", title_of(status)},
                        {"status", status},
                        {"code", to_string(error.code)},
                        {"detail", error.detail}};
    return {status, "application/problem+json", to_json(body) + "\n"};
}

Response json(const Value& value, int status) {
    return {status, "application/json", to_json(value) + "\n"};
}

} // namespace hearth::api
