#include "api/api.h"
#include "api/problem.h"

/// MQTT credentials.
namespace hearth::api {
namespace {

Value credential_value(const access::Credential& credential) {
    return ValueMap{{"name", credential.name},
                    {"topics", ValueList(credential.topics.begin(), credential.topics.end())},
                    {"created", to_rfc3339(credential.created_at)}};
}

} // namespace

void Api::add_credential_routes() {
    router_.add("GET", "/api/v1/credentials", access::Verb::manage,
                [this](const Request&, const PathParts&, const Responder& respond) {
                    ValueList all;
                    for (const auto& [name, credential] : context_.credentials.all())
                        all.push_back(credential_value(credential));
                    respond(json(all));
                });
    router_.add("POST", "/api/v1/credentials", access::Verb::manage,
                [this](const Request& request, const PathParts&, const Responder& respond) {
                    add_credential(request, respond);
                });
    router_.add("DELETE", "/api/v1/credentials/{}", access::Verb::manage,
                [this](const Request&, const PathParts& parts, const Responder& respond) {
                    const auto done = context_.credentials.revoke(parts.at(0));
                    if (!done) return respond(problem(done.error()));
                    when_committed(respond, [] { return no_content(); });
                });
}

void Api::add_credential(const Request& request, const Responder& respond) {
    const auto body = read_object(request, respond);
    if (!body) return;
    std::vector<std::string> topics;
    const Value& wanted = body->at("topics");
    if (!body->at("name").is_string() || !(wanted.is_null() || wanted.is_list()))
        return respond(
            problem({Code::invalid, "the body must be {\"name\": \"…\", \"topics\": [\"…\"]}"}));
    for (const Value& topic : wanted.is_list() ? *wanted.as_list() : ValueList()) {
        const auto good = context_.check_filter(topic.string_or(""));
        if (!good) return respond(problem(good.error()));
        topics.emplace_back(topic.string_or(""));
    }
    const std::string name = *body->at("name").as_string();
    auto key = context_.credentials.add(name, std::move(topics));
    if (!key) return respond(problem(key.error()));
    if (!is_written(respond)) return void(context_.credentials.revoke(name));
    when_committed(respond, [this, name, key = std::move(*key)] {
        const access::Credential* added = context_.credentials.find(name);
        if (added == nullptr)
            return problem({Code::conflict, "the credential was revoked meanwhile"});
        Value value = credential_value(*added);
        value.as_map()->append("password", key);
        return json(value, 201);
    });
}

} // namespace hearth::api
