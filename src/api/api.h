#pragma once

#include "access/claim_code.h"
#include "api/http.h"
#include "api/router.h"
#include "base/refusals.h"
#include "home/credential_book.h"
#include "home/home.h"
#include "journal/journal.h"

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
    journal::Journal& journal;
    Refusals& refusals;
    Metrics& metrics;
    access::ClaimCode& claim;
    /// Where a device's attributes come from, as its adapter says.
    std::function<Value(const home::Device&)> sources;
    /// Checks an MQTT topic filter.
    std::function<Result<void>(std::string_view filter)> check_filter;
    /// Runs a task on the shard after a while.
    std::function<void(Micros delay, std::function<void()> task)> after;
    /// Where the hub listens: {"http": "127.0.0.1:8080", "mqtt": "127.0.0.1:1883"}.
    std::function<Value()> listeners;
    std::string admin_token;
};

struct ApiLimits {
    std::size_t waiting_requests = 1'000;
    Micros longest_wait = 60 * seconds;
    std::size_t events_per_page = 1'000;
    std::size_t events_of_device = 20; ///< in one device's own page
};

/// /api/v1 and /metrics: shows the home and turns requests into commands. It decides nothing that
/// the home does not check again. What it acknowledges with 2xx is committed.
///
/// Every request needs `Authorization: Bearer TOKEN`; /metrics and the OpenAPI document need none
/// from this machine. Belongs to the home's shard.
class Api {
public:
    explicit Api(ApiContext context, const ApiLimits& limits = {});

    void handle(const Request& request, const Responder& respond);

    /// "GET /api/v1/devices", …
    std::vector<std::string> routes() const { return router_.all(); }

private:
    struct EventWaiter {
        home::EventId since;
        std::string device;
        std::size_t limit;
        Responder respond;
    };

    void add_device_routes();
    void add_event_routes();
    void add_credential_routes();
    void add_status_routes();

    void edit_device(const Request& request, const home::Device& device, const Responder& respond);
    void post_command(const Request& request, const home::Device& device, const Responder& respond);
    void await_settlement(home::CommandId command, Micros wait, const Responder& respond);
    Response command_response(home::CommandId command) const;
    static Response settled_response(const home::CommandSettled& settled);
    void get_events(const Request& request, const Responder& respond);
    void wake_event_waiters();
    Response events_page(const EventWaiter& waiter) const;
    void add_credential(const Request& request, const Responder& respond);

    /// Answers once everything that the request led to is committed, or with what went wrong.
    void when_committed(const Responder& respond, std::function<Response()> answer);
    home::Cause cause() const;

    ApiContext context_;
    ApiLimits limits_;
    Router router_;
    std::list<EventWaiter> event_waiters_;
    bool waking_ = false;
    std::multimap<home::CommandId, Responder> command_waiters_;
};

/// One device as `hearth devices --json` prints it.
Value device_summary(const home::Home& home, const home::Device& device);

/// The OpenAPI 3.1 description of all this.
std::string_view openapi_document();

} // namespace hearth::api
