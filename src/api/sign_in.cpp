#include "api/api.h"
#include "api/connection_book.h"
#include "api/problem.h"
#include "api/views.h"
#include "base/text.h"

/// Who one is: claiming the hub, logging in and out. Passwords are hashed on the workers.
namespace hearth::api {
namespace {

std::string set_cookie(std::string_view token, Micros max_age, bool secure) {
    return fmt::format("{}={}; Path=/; HttpOnly; SameSite=Strict; Max-Age={}{}", session_cookie,
                       token, max_age / seconds, secure ? "; Secure" : "");
}

Response claimed_already() {
    return problem({Code::conflict, "this hub is claimed already; log in with your name"});
}

Response wrong_code(const access::ClaimCode& claim, access::ClaimCode::Verdict verdict) {
    using Verdict = access::ClaimCode::Verdict;
    constexpr std::string_view another = "run `hearth claim` on the hub for another";
    switch (verdict) {
    case Verdict::wrong:
        return problem({Code::refused, fmt::format("this is not the claim code; {} tries are left",
                                                   claim.tries_left())});
    case Verdict::used_up:
        return problem({Code::refused, fmt::format("the claim code was tried {} times and is void; "
                                                   "{}",
                                                   access::ClaimCode::tries, another)});
    case Verdict::expired:
        return problem(
            {Code::refused, fmt::format("the claim code is older than {} minutes; {}",
                                        access::ClaimCode::good_for / minutes, another)});
    default:
        return problem({Code::refused, fmt::format("there is no claim code; {}", another)});
    }
}

Response wrong_password(std::uint32_t tries_left) {
    if (tries_left > 0)
        return problem({Code::refused, fmt::format("the name or the password is wrong; after {} "
                                                   "more tries each has to wait some seconds",
                                                   tries_left)});
    return problem({Code::refused,
                    "the name or the password is wrong; too many failed log-ins make "
                    "each further one wait some seconds"});
}

} // namespace

void Api::add_sign_in_routes() {
    router_.add(
        "GET", "/api/v1/session", needs_nothing,
        [this](const Request& request, const PathParts&, const Responder& respond) {
            respond(session_state(request));
        },
        Router::Door::everybody);
    router_.add(
        "POST", "/api/v1/claim", needs_nothing,
        [this](const Request& request, const PathParts&, const Responder& respond) {
            claim(request, respond);
        },
        Router::Door::everybody);
    router_.add("POST", "/api/v1/claim-codes", access::Verb::manage,
                [this](const Request&, const PathParts&, const Responder& respond) {
                    respond(make_claim_code());
                });
    router_.add(
        "POST", "/api/v1/session", needs_nothing,
        [this](const Request& request, const PathParts&, const Responder& respond) {
            sign_in(request, respond);
        },
        Router::Door::everybody);
    router_.add("DELETE", "/api/v1/session", needs_nothing,
                [this](const Request& request, const PathParts&, const Responder& respond) {
                    if (request.caller.kind != Caller::Kind::session)
                        return respond(problem({Code::invalid, "you have no session to end"}));
                    end_session(request.caller, request.caller.id, respond);
                });
}

Response Api::make_claim_code() {
    if (context_.persons.claimed()) return claimed_already();
    const std::string code = context_.claim.make(context_.random, context_.clock.steady());
    return json(ValueMap{{"code", code}, {"good_for_s", access::ClaimCode::good_for / seconds}},
                201);
}

/// The cookie is given anew, so that it lasts as long as the session.
Response Api::session_state(const Request& request) const {
    const access::Person* person = context_.persons.find_person(request.caller.person);
    Response response =
        json(ValueMap{{"claimed", context_.persons.claimed()},
                      {"person", person != nullptr ? whole_person_value(*person) : Value()},
                      {"version", HEARTH_VERSION}});
    if (request.caller.by_cookie)
        response.headers.emplace_back("Set-Cookie",
                                      set_cookie(cookie_value(request.cookie, session_cookie),
                                                 access::Session::good_for, request.secure));
    return response;
}

void Api::claim(const Request& request, const Responder& respond) {
    const auto body = read_object(request, respond);
    if (!body) return;
    for (const char* key : {"code", "name", "password"})
        if (!body->at(key).is_string())
            return respond(problem({Code::invalid, fmt::format("\"{}\" must be a text", key)}));
    if (context_.persons.claimed()) return respond(claimed_already());
    const std::string name = *body->at("name").as_string();
    std::string password = *body->at("password").as_string();
    // What cannot become a person costs no try.
    for (const auto& good : {access::check_display_name(name), access::check_password(password)})
        if (!good) return respond(problem(good.error()));
    if (is_too_busy(respond)) return;
    const auto verdict =
        context_.claim.redeem(*body->at("code").as_string(), context_.clock.steady());
    if (verdict != access::ClaimCode::Verdict::accepted) {
        context_.refusals.add("api", request.peer, {Code::refused, "a wrong claim code"});
        return respond(wrong_code(context_.claim, verdict));
    }
    hash_and_claim(request, name, std::move(password), respond);
}

void Api::hash_and_claim(const Request& request, const std::string& name, std::string password,
                         const Responder& respond) {
    hash_password(std::move(password), [this, request, name, respond](Result<std::string> hash) {
        finish_claim(request, name, hash, respond);
    });
}

void Api::hash_password(std::string password, std::function<void(Result<std::string>)> then) {
    struct Job {
        std::string password;
        std::string salt;
        Result<std::string> hash;
    };
    const auto job = std::make_shared<Job>(
        Job{std::move(password), access::make_salt(context_.random), std::string()});
    run_password_job(
        [job, cost = context_.password_cost] {
            job->hash = access::hash_password(job->password, job->salt, cost);
        },
        [job, then = std::move(then)] { then(std::move(job->hash)); });
}

void Api::finish_claim(const Request& request, const std::string& name,
                       const Result<std::string>& hash, const Responder& respond) {
    if (!hash) return respond(problem(hash.error()));
    if (context_.persons.claimed()) return respond(claimed_already());
    if (!is_written(respond)) return;
    const auto person = context_.persons.add_person(name, *hash);
    if (!person) return respond(problem(person.error()));
    answer_signed_in(request, *person, 201, respond);
}

void Api::sign_in(const Request& request, const Responder& respond) {
    const auto body = read_object(request, respond);
    if (!body) return;
    for (const char* key : {"name", "password"})
        if (!body->at(key).is_string())
            return respond(problem({Code::invalid, fmt::format("\"{}\" must be a text", key)}));
    if (is_too_busy(respond)) return;
    const std::string name = *body->at("name").as_string();
    const auto verdict = sign_ins_.begin(name, household_of(request.peer), context_.clock.steady());
    if (verdict.refused) {
        context_.refusals.add("api", request.peer, {Code::limit, "too many failed log-ins"});
        return respond(come_again_after(verdict.wait));
    }
    if (verdict.wait == 0)
        return check_sign_in(request, name, *body->at("password").as_string(), respond);
    context_.after(verdict.wait,
                   [this, request, name, respond, password = *body->at("password").as_string()] {
                       if (!respond.is_done()) check_sign_in(request, name, password, respond);
                   });
}

void Api::check_sign_in(const Request& request, const std::string& name,
                        const std::string& password, const Responder& respond) {
    if (is_too_busy(respond)) return;
    const access::Person* person = context_.persons.find_named(name);
    struct Job {
        std::string password;
        std::string hash;
        bool good;
    };
    const auto job =
        std::make_shared<Job>(Job{password, person != nullptr ? person->password_hash : "", false});
    const std::string id = person != nullptr ? person->id : "";
    run_password_job([job] { job->good = access::password_matches(job->hash, job->password); },
                     [this, job, request, name, id, respond] {
                         finish_sign_in(request, name, job->good ? id : "", respond);
                     });
}

/// `person` is empty where the password was wrong.
void Api::finish_sign_in(const Request& request, const std::string& name, const std::string& person,
                         const Responder& respond) {
    const access::Person* known = context_.persons.find_person(person);
    const std::string household = household_of(request.peer);
    const Micros now = context_.clock.steady();
    if (known == nullptr) {
        context_.refusals.add("api", request.peer, {Code::refused, "a failed log-in"});
        return respond(wrong_password(sign_ins_.free_tries_left(name, household, now)));
    }
    sign_ins_.succeeded(name, household, now);
    if (!context_.persons.is_here(person))
        return refuse(request, {Code::refused, "your time in this home is over; ask its owner"},
                      respond);
    answer_signed_in(request, *known, 200, respond);
}

void Api::answer_signed_in(const Request& request, const access::Person& person, int status,
                           const Responder& respond) {
    auto opened = context_.persons.open_session(person.id, request.user_agent);
    if (!is_written(respond)) return void(context_.persons.close_session(opened.id));
    Response response =
        json(ValueMap{{"person", whole_person_value(person)}, {"token", opened.token}}, status);
    response.headers.emplace_back(
        "Set-Cookie", set_cookie(opened.token, access::Session::good_for, request.secure));
    when_committed(respond, [response = std::move(response)] { return response; });
}

void Api::end_session(const Caller& caller, const std::string& id, const Responder& respond) {
    const access::Session* session = context_.persons.find_session(id);
    if (session == nullptr || !may_see(caller, session->person))
        return respond(problem({Code::not_found, "there is no such session"}));
    const bool own = caller.kind == Caller::Kind::session && caller.id == id;
    const auto closed = context_.persons.close_session(id);
    if (!closed) return respond(problem(closed.error()));
    when_committed(respond, [forget = own && caller.by_cookie] {
        Response response = no_content();
        if (forget) response.headers.emplace_back("Set-Cookie", set_cookie("", 0, false));
        return response;
    });
}

bool Api::is_too_busy(const Responder& respond) const {
    if (password_jobs_ < limits_.password_jobs) return false;
    Response busy = problem({Code::unavailable, "too many log in at once; try again"});
    busy.headers.emplace_back("Retry-After", "1");
    respond(std::move(busy));
    return true;
}

void Api::run_password_job(std::function<void()> job, std::function<void()> done) {
    ++password_jobs_;
    context_.workers.run(std::move(job), [this, done = std::move(done)] {
        --password_jobs_;
        done();
    });
}

} // namespace hearth::api
