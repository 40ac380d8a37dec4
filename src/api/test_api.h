#pragma once

#include "api/api.h"
#include "base/json.h"
#include "home/household.h"
#include "journal/memory_journal.h"

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>

/// An Api over a home in memory, whose time, disk and workers a test turns by hand.
namespace hearth::api {

class NoSender final : public home::Sender {
public:
    void send(const home::Device&, const home::Command&) override {}
};

/// Does its work when it is told to.
class HeldWorkers final : public net::Workers {
public:
    void run(Job job, Job done) override { waiting.emplace_back(std::move(job), std::move(done)); }
    void work() {
        for (auto& [job, done] : std::exchange(waiting, {})) {
            job();
            done();
        }
    }

    std::deque<std::pair<Job, Job>> waiting;
};

/// A WebSocket that keeps what is sent; `takes` says whether its client reads.
class FakeSocket final : public WebSocket {
public:
    void send(Text text) override {
        if (closed_with) return;
        texts.push_back(parse_json(*text, {.bytes = 100U << 20, .values = 10'000'000}).value());
        if (!reads) queued += text->size();
    }
    std::size_t queued_bytes() const override { return queued; }
    void close(std::uint16_t code, std::string_view) override { closed_with = code; }
    void on_closed(std::function<void()> then) override { told = std::move(then); }

    std::vector<Value> texts;
    bool reads = true;
    std::size_t queued = 0;
    std::optional<std::uint16_t> closed_with;
    std::function<void()> told;
};

/// Read once for all tests.
inline const language::Languages& languages() {
    static const language::Languages all = language::Languages::make().value();
    return all;
}

struct TestApi {
    explicit TestApi(std::size_t waiting_requests = 2)
        : limits{.waiting_requests = waiting_requests,
                 .password_jobs = 2,
                 .live = {.subscribers = 2, .queue_bytes = 4'000}} {
        home.judge_by(household);
    }

    ManualClock clock;
    SeededRandom random{1};
    journal::MemoryJournal journal;
    NoSender sender;
    HeldWorkers workers;
    home::Home home{clock, random, journal, sender, {.recent_events = 100}};
    home::CredentialBook credentials{clock, random, journal};
    home::PersonBook persons{clock, random, journal};
    Metrics metrics;
    Refusals refusals{clock, metrics};
    access::ClaimCode claim;
    std::multimap<Micros, std::function<void()>> timers;
    FixedZone zone;
    automations::Automations automations{{clock, random, journal, home, zone, {}, &refusals}};
    home::Household household{clock, persons,
                              [this](std::string_view id) { return automations.author_of(id); }};
    assistant::Assistant assistant{home, languages(), clock, random,
                                   [this](Micros delay, auto task) {
                                       timers.emplace(clock.steady() + delay, std::move(task));
                                   }};
    ApiLimits limits;
    Api api{{.clock = clock,
             .random = random,
             .home = home,
             .credentials = credentials,
             .persons = persons,
             .automations = automations,
             .assistant = assistant,
             .journal = journal,
             .refusals = refusals,
             .metrics = metrics,
             .claim = claim,
             .workers = workers,
             .sources = [](const home::Device&) { return Value("a topic"); },
             .hand = [this](home::Cause cause, const home::Device& device,
                            const std::string& credential) -> Result<void> {
                 if (credential != "lock2")
                     return fail(Code::not_found, "there is no such credential");
                 const auto done = home.record(std::move(cause),
                                               home::DeviceHanded{device.id, "lock1", credential});
                 return done ? Result<void>() : std::unexpected(done.error());
             },
             .check_filter = [](std::string_view filter) -> Result<void> {
                 if (filter.empty()) return fail(Code::invalid, "no filter");
                 return {};
             },
             .after =
                 [this](Micros delay, std::function<void()> task) {
                     timers.emplace(clock.steady() + delay, std::move(task));
                 },
             .listeners = [] { return Value(ValueMap{{"mqtt", "127.0.0.1:1883"}}); },
             .admin_token = "secret",
             .password_cost = {.memory_kib = 64, .passes = 1}},
            limits};
    home::DeviceId lamp = announce("lamp", "Lamp");

    home::DeviceId announce(std::string id, std::string name) {
        return home
            .announce({}, {.adapter = "test",
                           .external_id = std::move(id),
                           .name = std::move(name),
                           .type = "light",
                           .attributes = {{.path = {"on_off.on"},
                                           .type = catalog::AttributeType::boolean,
                                           .writable = true},
                                          {.path = {"level.percent"},
                                           .type = catalog::AttributeType::number,
                                           .min = 0,
                                           .max = 100,
                                           .writable = true}}})
            .value();
    }

    struct Asked {
        std::shared_ptr<std::optional<Response>> answer;
        std::shared_ptr<Responder> responder;
        bool answered() const { return answer->has_value(); }
        int status() const { return answered() ? (*answer)->status : 0; }
        Value body() const { return parse_json((*answer)->body).value(); }
        std::string detail() const { return std::string(body().at("detail").string_or("")); }
        std::string header(std::string_view name) const {
            for (const auto& [key, value] : (*answer)->headers)
                if (key == name) return value;
            return "";
        }
    };

    /// A request as the server would hand it over, from this machine and without a token.
    static Request request(std::string method, const std::string& target, std::string body = {}) {
        Request request;
        request.method = std::move(method);
        request.path = target.substr(0, target.find('?'));
        request.body = std::move(body);
        request.from_loopback = true;
        request.peer = "127.0.0.1";
        request.host = "127.0.0.1:8080";
        if (target.find('?') != std::string::npos)
            for (std::string rest = target.substr(target.find('?') + 1); !rest.empty();) {
                const std::string pair = rest.substr(0, rest.find('&'));
                request.query[pair.substr(0, pair.find('='))] = pair.substr(pair.find('=') + 1);
                rest = pair.size() < rest.size() ? rest.substr(pair.size() + 1) : "";
            }
        return request;
    }
    /// The answer at once, or once the workers and the disk have done their part.
    Asked send(Request request) {
        Asked asked;
        asked.answer = std::make_shared<std::optional<Response>>();
        asked.responder = std::make_shared<Responder>(
            [answer = asked.answer](Response response) { *answer = std::move(response); });
        api.handle(request, *asked.responder);
        return asked;
    }
    Asked finished(Request request) {
        const Asked asked = send(std::move(request));
        workers.work();
        journal.commit();
        return asked;
    }
    Asked ask(std::string method, const std::string& target, std::string body = {},
              std::string token = "Bearer secret", bool loopback = true) {
        Request asked = request(std::move(method), target, std::move(body));
        asked.authorization = std::move(token);
        asked.from_loopback = loopback;
        return send(std::move(asked));
    }
    void turn(Micros by) {
        clock.turn(by);
        while (!timers.empty() && timers.begin()->first <= clock.steady()) {
            const auto task = std::move(timers.begin()->second);
            timers.erase(timers.begin());
            task();
        }
    }
    void report(const std::string& path, const Value& value) {
        home.record(home::Cause::of_device(lamp), home::AttributeReported{lamp, {{{path}, value}}})
            .value();
    }
    /// Claims the hub for Ann; returns her session's token.
    std::string claim_for_ann() {
        const ValueMap body{{"code", claim.make(random, clock.steady())},
                            {"name", "Ann"},
                            {"password", "correct horse"}};
        return std::string(finished(request("POST", "/api/v1/claim", to_json(body)))
                               .body()
                               .at("token")
                               .string_or(""));
    }
};

} // namespace hearth::api
