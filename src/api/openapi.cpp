#include "api/api.h"
#include "api/openapi_text.h"

namespace hearth::api {

std::string_view openapi_document() {
    return openapi_text;
}

} // namespace hearth::api
