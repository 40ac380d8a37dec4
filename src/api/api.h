#pragma once

#include "access/claim_code.h"
#include "access/password.h"
#include "access/sign_in_limit.h"
#include "api/http.h"
#include "api/live.h"
#include "api/router.h"
#include "assistant/assistant.h"
#include "automations/automations.h"
#include "base/refusals.h"
#include "home/credential_book.h"
#include "home/home.h"
#include "home/person_book.h"
#include "journal/journal.h"
#include "net/workers.h"

#include <functional>
#include <list>
#include <map>
#include <string>
#include <vector>

namespace hearth::api {

/// What the API shows and by what it acts. Everything referred to outlives the Api.
struct ApiContext {
    const Clock& clock;
    Random& random;
    home::Home& home;
    home::CredentialBook& credentials;
    home::PersonBook& persons;
    automations::Automations& automations;
    assistant::Assistant& assistant;
    journal::Journal& journal;
    Refusals& refusals;
    Metrics& metrics;
    access::ClaimCode& claim;
    net::Workers& workers; ///< hash the passwords
    /// Where a device's attributes come from, as its adapter says.
    std::function<Value(const home::Device&)> sources;
    /// Gives a device to another credential; says who did it in the home's events.
    std::function<Result<void>(home::Cause, const home::Device&, const std::string& credential)>
        hand;
    /// Checks an MQTT topic filter.
    std::function<Result<void>(std::string_view filter)> check_filter;
    /// Runs a task on the shard after a while.
    std::function<void(Micros delay, std::function<void()> task)> after;
    /// Where the hub listens: {"http": "127.0.0.1:8080", "mqtt": "127.0.0.1:1883", "https": …}.
    std::function<Value()> listeners;
    std::string admin_token;
    access::PasswordCost password_cost = {};
};

/// Where a browser keeps its session's token.
constexpr std::string_view session_cookie = "hearth_session";

struct ApiLimits {
    std::size_t waiting_requests = 1'000;
    Micros longest_wait = 60 * seconds;
    std::size_t events_per_page = 1'000;
    std::size_t events_of_device = 20; ///< in one device's own page
    /// Passwords that are hashed or wait for it: each takes PasswordCost::memory_kib.
    std::size_t password_jobs = 8;
    LiveLimits live = {};
};

/// /api/v1 and /metrics: shows the home and turns requests into commands. It decides nothing that
/// the home does not check again. What it acknowledges with 2xx is committed.
///
/// A request is let in by `Authorization: Bearer TOKEN` (the admin token, an API token, a
/// session's) or by the cookie hearth_session; router.h says which routes need neither, and which
/// right each needs (home/authority.h). Devices that somebody may not see are not there for them,
/// in answers as in the live stream. What a
/// browser sends from a page of another origin changes nothing and opens no stream (403
/// cross_site), and what only a cookie vouches for must be proven to come from the hub's own page.
/// Belongs to the home's shard.
class Api {
public:
    explicit Api(ApiContext context, const ApiLimits& limits = {});

    /// Fills in request.caller.
    void handle(Request& request, const Responder& respond);

    /// "GET /api/v1/devices", …
    std::vector<std::string> routes() const { return router_.all(); }

private:
    struct EventWaiter {
        home::Subject viewer;
        home::EventId since;
        home::EventId before; ///< 0 for no end
        std::string device;
        std::size_t limit;
        Responder respond;
    };

    void add_device_routes();
    void add_area_routes();
    void add_catalog_routes();
    void add_command_routes();
    void add_desired_routes();
    void add_event_routes();
    void add_credential_routes();
    void add_status_routes();
    void add_sign_in_routes();
    void add_person_routes();
    void add_session_routes();
    void add_token_routes();
    void add_live_routes();
    void add_automation_routes();
    void add_run_routes();
    void add_conversation_routes();

    Responder telling(const Request& request, const Responder& respond);
    Caller identify(const Request& request);
    /// What a request is answered with that comes later than its sender wanted it done.
    std::optional<Response> too_late(const Request& request) const;

    void claim(const Request& request, const Responder& respond);
    void hash_and_claim(const Request& request, const std::string& name, std::string password,
                        const Responder& respond);
    void hash_password(std::string password, std::function<void(Result<std::string>)> then);
    void finish_claim(const Request& request, const std::string& name,
                      const Result<std::string>& hash, const Responder& respond);
    void sign_in(const Request& request, const Responder& respond);
    void check_sign_in(const Request& request, const std::string& name, const std::string& password,
                       const Responder& respond);
    void finish_sign_in(const Request& request, const std::string& name, const std::string& person,
                        const Responder& respond);
    void answer_signed_in(const Request& request, const access::Person& person, int status,
                          const Responder& respond);
    Response make_claim_code();
    Response session_state(const Request& request) const;
    bool may_see(const Caller& caller, std::string_view person) const;
    void end_session(const Caller& caller, const std::string& id, const Responder& respond);
    Result<const access::Person*> person_of(std::string_view word) const;
    Value person_value(const access::Person& person, const Caller& caller) const;
    void add_person(const Request& request, const Responder& respond);
    void change_person(const Request& request, const std::string& word, const Responder& respond);
    void forget_person(const Request& request, const std::string& word, const Responder& respond);
    void change_password(const Request& request, const std::string& word, const Responder& respond);
    void check_old_password(const Request& request, const access::Person& person,
                            std::string old_password, std::string password,
                            const Responder& respond);
    void set_password(const Request& request, const std::string& person, std::string password,
                      const Responder& respond);
    void add_token(const Request& request, const Responder& respond);
    void open_live(const Request& request, const Responder& respond);
    /// Whether too many passwords are being hashed already; then it has answered so. To be asked
    /// before anything counts as a try.
    bool is_too_busy(const Responder& respond) const;
    /// Hashes on the workers, then goes on here.
    void run_password_job(std::function<void()> job, std::function<void()> done);

    void edit_device(const Request& request, const home::Device& device, const Responder& respond);
    void hand_device(const Request& request, std::string_view word, const Responder& respond);
    void withdraw_desired(const Request& request, const home::DeviceId& id, const std::string& path,
                          const Responder& respond);
    void post_command(const Request& request, const home::Device& device, const Responder& respond);
    void forget_device(const Request& request, const std::string& word, const Responder& respond);
    void remove_area(const Request& request, const std::string& word, const Responder& respond);
    bool may_wait();
    void await_settlement(home::CommandId command, Micros wait, const Responder& respond);
    Response command_response(home::CommandId command) const;
    bool may_know_of(const home::Subject& viewer, home::CommandId command) const;
    static Response settled_response(const home::CommandSettled& settled);
    Result<const home::Device*> visible_device(const Request& request, std::string_view word) const;
    bool is_allowed(const Request& request, access::Verb verb, const home::Device& device,
                    const Responder& respond);
    bool may_move_to(const Request& request, const home::Device& device, const std::string& area,
                     const Responder& respond);
    void refuse(const Request& request, const Error& why, const Responder& respond);
    using DeviceRoute = std::function<void(const Request&, const home::Device&, const Responder&)>;
    Router::Route on_device(DeviceRoute route);
    using AutomationRoute =
        std::function<void(const Request&, const automations::Automation&, const Responder&)>;
    Router::Route on_automation(AutomationRoute route);
    void add_automation(const Request& request, const Responder& respond);
    void change_automation(const Request& request, const std::string& id, const Responder& respond);
    void enable_automation(const Request& request, const std::string& id, const Responder& respond);
    Response automation_response(const std::string& id, int status) const;
    void get_events(const Request& request, const Responder& respond);
    void wake_event_waiters();
    Response events_page(const EventWaiter& waiter) const;
    Response page_of(ValueList events, home::EventId last) const;
    void add_credential(const Request& request, const Responder& respond);

    /// Answers once everything that the request led to is committed; or 503, which says that it may
    /// have been done.
    void when_committed(const Responder& respond, std::function<Response()> answer);
    /// Whose an idempotency key of this request is: each session and each token has its own.
    static std::string key_owner_of(const Request& request);
    /// Whether what was just made is written. Where it is not, this has answered 503, and the
    /// caller takes it back.
    bool is_written(const Responder& respond);
    static home::Subject subject_of(const Caller& caller);
    static home::Via via_of(const Request& request);
    static home::Cause cause_of(const Request& request);

    ApiContext context_;
    ApiLimits limits_;
    Router router_;
    Live live_;
    access::SignInLimit sign_ins_;
    std::size_t password_jobs_ = 0;
    std::list<EventWaiter> event_waiters_;
    bool waking_ = false;
    std::multimap<home::CommandId, Responder> command_waiters_;
};

/// The OpenAPI 3.1 description of all this.
std::string_view openapi_document();

} // namespace hearth::api
