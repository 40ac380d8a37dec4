#include "api/api.h"

#include "api/problem.h"
#include "base/crypto.h"
#include "base/text.h"

namespace hearth::api {
namespace {

constexpr std::string_view bearer = "Bearer ";

} // namespace

Api::Api(ApiContext context, const ApiLimits& limits)
    : context_(std::move(context))
    , limits_(limits) {
    add_device_routes();
    add_event_routes();
    add_credential_routes();
    add_status_routes();
}

void Api::handle(const Request& request, const Responder& respond) {
    const Router::Match match = router_.find(request.method, request.path);
    const bool open = match.open && request.from_loopback;
    const bool known = request.authorization.starts_with(bearer) &&
                       equal_secret(std::string_view(request.authorization).substr(bearer.size()),
                                    context_.admin_token);
    if (!open && !known) {
        context_.refusals.add("api", request.path,
                              {Code::refused, "a request without a valid token"});
        return respond({401, "application/problem+json",
                        "{\"title\":\"Not logged in\",\"status\":401,\"detail\":\"send "
                        "Authorization: Bearer TOKEN; the token of this machine stands in "
                        "admin.token of the data folder\"}\n"});
    }
    if (match.route != nullptr) return (*match.route)(request, match.parts, respond);
    if (match.path_known)
        return respond({405, "application/problem+json",
                        "{\"title\":\"Method not allowed\",\"status\":405}\n"});
    respond(problem(
        {Code::not_found, fmt::format("there is nothing at {}", printable(request.path, 100))}));
}

void Api::when_committed(const Responder& respond, std::function<Response()> answer) {
    context_.journal.when_committed(
        [respond, answer = std::move(answer)](const Result<void>& committed) {
            respond(committed ? answer() : problem(committed.error()));
        });
}

home::Cause Api::cause() const {
    return {home::Cause::By::api, "admin token", 0};
}

} // namespace hearth::api
