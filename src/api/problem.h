#pragma once

#include "api/http.h"
#include "base/json.h"
#include "base/result.h"
#include "base/time.h"
#include "base/value.h"

#include <optional>

namespace hearth::api {

/// An error as RFC 9457 wants it: {"type", "title", "status", "detail", "code"}.
Response problem(const Error& error);
/// An error of a request with an idempotency key: a key that stands for another request is 422.
Response problem_with_key(const Error& error);
/// The same for what only HTTP has a status for.
Response problem(int status, std::string_view code, std::string_view detail);
/// 429 with Retry-After: too many failed log-ins.
Response come_again_after(Micros wait);
/// The HTTP status that tells a client what kind of error it is.
int status_of(Code code);

Response json(const Value& value, int status = 200);
/// 204: done, and there is nothing to say.
Response no_content();

/// What a request's JSON body may cost: less than base/json's own limits, because everybody in the
/// network may send one. Its length is limited by the server already.
constexpr JsonLimits body_limits{.bytes = 1U << 20, .depth = 32, .values = 10'000};

/// The body as a JSON object, or nothing: then it has answered with what is wrong (400; 413 for a
/// text that is too long).
std::optional<Value> read_object(const Request& request, const Responder& respond);

} // namespace hearth::api
