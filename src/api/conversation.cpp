#include "api/api.h"
#include "api/problem.h"
#include "base/text.h"

/// Sentences.
namespace hearth::api {
namespace {

Result<assistant::Said> read_said(const Request& request, const Value& body) {
    assistant::Said said;
    said.key = request.idempotency_key;
    for (const auto& [key, value] : *body.as_map()) {
        std::string* const field = key == "text"   ? &said.text
                                   : key == "lang" ? &said.language
                                   : key == "area" ? &said.area
                                                   : nullptr;
        if (field == nullptr)
            return fail(Code::invalid, "unknown key \"{}\"; known are text, lang and area",
                        printable(key, 40));
        if (value.is_null() && field != &said.text) continue;
        if (!value.is_string()) return fail(Code::invalid, "{} must be a text", key);
        *field = *value.as_string();
    }
    return said;
}

} // namespace

void Api::add_conversation_routes() {
    router_.add("POST", "/api/v1/conversation",
                [this](const Request& request, const PathParts&, const Responder& respond) {
                    const auto body = read_object(request, respond);
                    if (!body) return;
                    const auto said = read_said(request, *body);
                    if (!said) return respond(problem(said.error()));
                    context_.assistant.say(*said, [this, respond](Result<assistant::Answer> got) {
                        if (!got) return respond(problem(got.error()));
                        when_committed(
                            respond, [answer = assistant::to_value(*got)] { return json(answer); });
                    });
                });
}

} // namespace hearth::api
