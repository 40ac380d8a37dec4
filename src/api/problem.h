#pragma once

#include "api/http.h"
#include "base/result.h"
#include "base/value.h"

namespace hearth::api {

/// An error as RFC 9457 wants it: {"type", "title", "status", "detail", "code"}.
Response problem(const Error& error);
/// The HTTP status that tells a client what kind of error it is.
int status_of(Code code);

Response json(const Value& value, int status = 200);

} // namespace hearth::api
