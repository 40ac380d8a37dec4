#include "api/api.h"
#include "api/problem.h"
#include "base/text.h"

/// Sentences.
namespace hearth::api {
namespace {

Result<void> read_part(assistant::Said& said, const std::string& key, const Value& value) {
    if (key == "confirm") {
        if (value.is_null()) return {};
        if (!value.is_bool()) return fail(Code::invalid, "confirm must be true or false");
        said.confirm = value.bool_or(false);
        return {};
    }
    std::string* const field = key == "text"           ? &said.text
                               : key == "lang"         ? &said.language
                               : key == "area"         ? &said.area
                               : key == "conversation" ? &said.conversation
                               : key == "question"     ? &said.question
                                                       : nullptr;
    if (field == nullptr)
        return fail(Code::invalid,
                    "unknown key \"{}\"; known are text, lang, area, conversation, confirm and "
                    "question",
                    printable(key, 40));
    if (value.is_null() && field != &said.text) return {};
    if (!value.is_string()) return fail(Code::invalid, "{} must be a text", key);
    *field = *value.as_string();
    return {};
}

Result<assistant::Said> read_said(const Request& request, const Value& body, home::Subject caller,
                                  std::string key_owner) {
    assistant::Said said;
    said.key = request.idempotency_key;
    said.key_owner = std::move(key_owner);
    said.caller = std::move(caller);
    for (const auto& [key, value] : *body.as_map())
        if (auto done = read_part(said, key, value); !done) return fail(done);
    if (said.confirm && body.find("text"))
        return fail(Code::invalid, "either text or confirm, not both");
    if (said.confirm && said.conversation.empty())
        return fail(Code::invalid, "confirm needs the conversation that the question belongs to");
    return said;
}

} // namespace

void Api::add_conversation_routes() {
    router_.add(
        "POST", "/api/v1/conversation", needs_nothing,
        [this](const Request& request, const PathParts&, const Responder& respond) {
            const auto body = read_object(request, respond);
            if (!body) return;
            const auto said =
                read_said(request, *body, subject_of(request.caller), key_owner_of(request));
            if (!said) return respond(problem(said.error()));
            context_.assistant.say(*said, [this, respond, answers = said->confirm.has_value()](
                                              Result<assistant::Answer> got) {
                if (!got)
                    return respond(answers ? problem(got.error()) : problem_with_key(got.error()));
                when_committed(respond, [answer = assistant::to_value(*got, context_.home)] {
                    return json(answer);
                });
            });
        });
}

} // namespace hearth::api
