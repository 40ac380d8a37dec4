#include "api/api.h"
#include "api/connection_book.h"
#include "api/problem.h"
#include "api/views.h"
#include "base/text.h"

#include <algorithm>
#include <initializer_list>

#include <fmt/ranges.h>

/// The people of the home: who they are, what they may do, their passwords.
namespace hearth::api {
namespace {

Result<void> check_keys(const Value& body, std::initializer_list<std::string_view> known) {
    for (const auto& [key, value] : *body.as_map())
        if (std::ranges::find(known, key) == known.end())
            return fail(Code::invalid, "unknown key \"{}\"; known are {}", printable(key, 40),
                        fmt::join(known, ", "));
    return {};
}

Result<std::string> read_text(const Value& body, std::string_view key) {
    if (!body.at(key).is_string()) return fail(Code::invalid, "\"{}\" must be a text", key);
    return *body.at(key).as_string();
}

/// The word for an area may be its name: kept is its id.
Result<access::Rights> read_rights(const Value& body, access::Rights base, const home::Home& home) {
    auto rights = access::read_rights(*body.as_map(), std::move(base));
    if (!rights || !body.as_map()->contains("grants")) return rights;
    for (access::Grant& grant : rights->grants)
        for (std::string& word : grant.areas) {
            const home::Area* area = home.find_area(word);
            if (area == nullptr)
                return fail(Code::not_found, "there is no area \"{}\"", printable(word, 60));
            word = area->id;
        }
    return rights;
}

} // namespace

void Api::add_person_routes() {
    using access::Verb;
    router_.add("GET", "/api/v1/persons", needs_nothing,
                [this](const Request& request, const PathParts&, const Responder& respond) {
                    ValueList all;
                    for (const auto& [id, person] : context_.persons.persons())
                        all.push_back(person_value(person, request.caller));
                    respond(json(all));
                });
    router_.add("POST", "/api/v1/persons", Verb::manage,
                [this](const Request& request, const PathParts&, const Responder& respond) {
                    add_person(request, respond);
                });
    router_.add("PATCH", "/api/v1/persons/{}", Verb::manage,
                [this](const Request& request, const PathParts& parts, const Responder& respond) {
                    change_person(request, parts.at(0), respond);
                });
    router_.add("DELETE", "/api/v1/persons/{}", Verb::manage,
                [this](const Request& request, const PathParts& parts, const Responder& respond) {
                    forget_person(request, parts.at(0), respond);
                });
    router_.add("PUT", "/api/v1/persons/{}/password", needs_nothing,
                [this](const Request& request, const PathParts& parts, const Responder& respond) {
                    change_password(request, parts.at(0), respond);
                });
}

/// By id, else by name whatever the case.
Result<const access::Person*> Api::person_of(std::string_view word) const {
    const access::Person* person = context_.persons.find_person(word);
    if (person == nullptr) person = context_.persons.find_named(word);
    if (person == nullptr)
        return fail(Code::not_found, "there is no person \"{}\"", printable(word, 80));
    return person;
}

/// Everybody who comes in knows who lives here; what others may do is who manages' to know.
Value Api::person_value(const access::Person& person, const Caller& caller) const {
    const bool whole = caller.person == person.id ||
                       context_.home.may(subject_of(caller), access::Verb::manage).has_value();
    if (!whole) return ValueMap{{"id", person.id}, {"name", person.name}};
    Value shown = whole_person_value(person);
    shown.as_map()->append("created", to_rfc3339(person.created_at));
    return shown;
}

void Api::add_person(const Request& request, const Responder& respond) {
    const auto body = read_object(request, respond);
    if (!body) return;
    const auto known = check_keys(*body, {"name", "password", "role", "until", "grants"});
    if (!known) return respond(problem(known.error()));
    const auto name = read_text(*body, "name");
    const auto password = read_text(*body, "password");
    for (const auto* text : {&name, &password})
        if (!*text) return respond(problem(text->error()));
    const auto rights =
        read_rights(*body, {.role = access::Role::member, .until = 0, .grants = {}}, context_.home);
    if (!rights) return respond(problem(rights.error()));
    for (const auto& good : {access::check_display_name(*name), access::check_password(*password)})
        if (!good) return respond(problem(good.error()));
    if (is_too_busy(respond)) return;
    hash_password(*password, [this, name = *name, rights = *rights, caller = request.caller,
                              respond](Result<std::string> hash) {
        if (!hash) return respond(problem(hash.error()));
        if (!is_written(respond)) return;
        const auto person = context_.persons.add_person(name, std::move(*hash), rights);
        if (!person) return respond(problem(person.error()));
        when_committed(respond,
                       [shown = person_value(*person, caller)] { return json(shown, 201); });
    });
}

void Api::change_person(const Request& request, const std::string& word, const Responder& respond) {
    const auto person = person_of(word);
    if (!person) return respond(problem(person.error()));
    const auto body = read_object(request, respond);
    if (!body) return;
    const auto known = check_keys(*body, {"name", "role", "until", "grants"});
    if (!known) return respond(problem(known.error()));
    std::string name = (*person)->name;
    if (body->as_map()->contains("name")) {
        const auto given = read_text(*body, "name");
        if (!given) return respond(problem(given.error()));
        name = *given;
    }
    auto rights = read_rights(*body, (*person)->rights, context_.home);
    if (!rights) return respond(problem(rights.error()));
    const std::string id = (*person)->id;
    const auto done = context_.persons.change_person(id, name, std::move(*rights));
    if (!done) return respond(problem(done.error()));
    when_committed(respond, [this, id, caller = request.caller] {
        const access::Person* changed = context_.persons.find_person(id);
        return changed != nullptr ? json(person_value(*changed, caller))
                                  : problem({Code::conflict, "they have been forgotten meanwhile"});
    });
}

void Api::forget_person(const Request&, const std::string& word, const Responder& respond) {
    const auto person = person_of(word);
    if (!person) return respond(problem(person.error()));
    const auto done = context_.persons.forget_person(std::string((*person)->id));
    if (!done) return respond(problem(done.error()));
    when_committed(respond, [] { return no_content(); });
}

/// One's own with the old one; who manages the home sets one that was forgotten.
void Api::change_password(const Request& request, const std::string& word,
                          const Responder& respond) {
    const auto person = person_of(word);
    if (!person) return respond(problem(person.error()));
    const auto body = read_object(request, respond);
    if (!body) return;
    const auto known = check_keys(*body, {"password", "old_password"});
    if (!known) return respond(problem(known.error()));
    const auto password = read_text(*body, "password");
    if (!password) return respond(problem(password.error()));
    if (const auto good = access::check_password(*password); !good)
        return respond(problem(good.error()));
    if (is_too_busy(respond)) return;
    const bool own =
        request.caller.kind == Caller::Kind::session && request.caller.person == (*person)->id;
    if (own) {
        const auto old = read_text(*body, "old_password");
        if (!old) return respond(problem(old.error()));
        return check_old_password(request, **person, *old, *password, respond);
    }
    const auto allowed = context_.home.may(subject_of(request.caller), access::Verb::manage);
    if (!allowed) return refuse(request, allowed.error(), respond);
    set_password(request, (*person)->id, *password, respond);
}

/// Whoever finds a page open must not guess it at leisure: tries count as those of log-ins.
void Api::check_old_password(const Request& request, const access::Person& person,
                             std::string old_password, std::string password,
                             const Responder& respond) {
    const std::string household = household_of(request.peer);
    const auto verdict = sign_ins_.begin(person.name, household, context_.clock.steady());
    if (verdict.refused || verdict.wait > 0) return respond(come_again_after(verdict.wait));
    struct Job {
        std::string old_password;
        std::string hash;
        bool good = false;
    };
    const auto job = std::make_shared<Job>(Job{std::move(old_password), person.password_hash});
    run_password_job([job] { job->good = access::password_matches(job->hash, job->old_password); },
                     [this, job, request, id = person.id, name = person.name, household, respond,
                      password = std::move(password)] {
                         if (!job->good)
                             return refuse(request, {Code::refused, "the old password is wrong"},
                                           respond);
                         sign_ins_.succeeded(name, household, context_.clock.steady());
                         set_password(request, id, password, respond);
                     });
}

/// The session that asks goes on; all others of that person end.
void Api::set_password(const Request& request, const std::string& person, std::string password,
                       const Responder& respond) {
    hash_password(std::move(password), [this, person, caller = request.caller,
                                        respond](Result<std::string> hash) {
        if (!hash) return respond(problem(hash.error()));
        if (!is_written(respond)) return;
        const bool own = caller.kind == Caller::Kind::session && caller.person == person;
        const auto done =
            context_.persons.set_password(person, std::move(*hash), own ? caller.id : "");
        if (!done) return respond(problem(done.error()));
        when_committed(respond, [] { return no_content(); });
    });
}

} // namespace hearth::api
