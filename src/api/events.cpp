#include "api/api.h"
#include "api/problem.h"
#include "api/views.h"
#include "base/text.h"

/// Events: a page of those after a number, at once or as soon as there is one (long polling).
namespace hearth::api {
namespace {

Result<std::uint64_t> read_number(const Request& request, std::string_view key,
                                  std::uint64_t fallback) {
    const auto found = request.query.find(key);
    if (found == request.query.end()) return fallback;
    long long number = 0;
    if (!parse_integer(found->second, number) || number < 0)
        return fail(Code::invalid, "{} must be a whole number from 0, not \"{}\"", key,
                    printable(found->second, 40));
    return static_cast<std::uint64_t>(number);
}

bool is_of(const home::RecentEvents::Entry& entry, std::string_view device) {
    return entry.mentions(device) && home::device_of(entry.event().fact) == device;
}

} // namespace

void Api::add_event_routes() {
    router_.add("GET", "/api/v1/events", needs_nothing,
                [this](const Request& request, const PathParts&, const Responder& respond) {
                    get_events(request, respond);
                });
    context_.home.listen([this](const home::Event&, const auto&) {
        if (event_waiters_.empty() || waking_) return;
        // Once for all events of this turn.
        waking_ = true;
        context_.after(0, [this] { wake_event_waiters(); });
    });
}

void Api::get_events(const Request& request, const Responder& respond) {
    const home::EventId last = context_.home.last_event();
    const auto since = read_number(request, "since", 0);
    const auto limit = read_number(request, "limit", limits_.events_per_page);
    const auto wait = read_number(request, "wait_s", 0);
    const auto before = read_number(request, "before", 0);
    for (const auto* number : {&since, &limit, &wait, &before})
        if (!*number) return respond(problem(number->error()));
    EventWaiter waiter{subject_of(request.caller),
                       *since,
                       *before,
                       {},
                       std::min<std::size_t>(*limit, limits_.events_per_page),
                       respond};
    if (const auto device = request.query.find("device"); device != request.query.end()) {
        const auto found = visible_device(request, device->second);
        if (!found) return respond(problem(found.error()));
        waiter.device = (*found)->id;
    }
    // A number that is still to come is one of another life of this home (a copy was put back): its
    // holder learns the newest at once, and does not wait for years.
    if (*wait == 0 || *since != last || *before != 0) return respond(events_page(waiter));
    if (!may_wait()) return respond(problem({Code::limit, "too many requests wait already"}));
    event_waiters_.push_back(waiter);
    const auto longest_s = static_cast<std::uint64_t>(limits_.longest_wait / seconds);
    const Micros longest = static_cast<Micros>(std::min(*wait, longest_s)) * seconds;
    context_.after(longest, [this, waiter] {
        std::erase_if(event_waiters_, [&](const EventWaiter& other) {
            return other.respond.is_done() || other.respond.is_same(waiter.respond);
        });
        if (!waiter.respond.is_done()) waiter.respond(events_page(waiter));
    });
}

void Api::wake_event_waiters() {
    waking_ = false;
    for (const EventWaiter& waiter : std::exchange(event_waiters_, {}))
        waiter.respond(events_page(waiter));
}

/// Without `since` the newest page is wanted (of those before `before`), else the first one after
/// it.
Response Api::events_page(const EventWaiter& waiter) const {
    const home::RecentEvents& recent = context_.home.recent_events();
    const bool all = context_.home.may(waiter.viewer, access::Verb::see).has_value();
    std::vector<const home::RecentEvents::Entry*> wanted;
    home::EventId last = std::min(waiter.since, context_.home.last_event());
    for (std::size_t i = recent.first_after(waiter.since); i < recent.size(); ++i) {
        const home::RecentEvents::Entry& entry = recent.entries()[i];
        if (waiter.before != 0 && entry.id >= waiter.before) break;
        if (waiter.since != 0 && wanted.size() >= waiter.limit) break;
        last = entry.id;
        if (!all && !may_know(context_.home, waiter.viewer, entry.event())) continue;
        if (waiter.device.empty() || is_of(entry, waiter.device)) wanted.push_back(&entry);
    }
    const std::size_t extra = wanted.size() > waiter.limit ? wanted.size() - waiter.limit : 0;
    ValueList events;
    for (std::size_t i = extra; i < wanted.size(); ++i)
        events.push_back(event_value(wanted[i]->event(), context_.persons));
    return page_of(std::move(events), last);
}

/// {"events": […], "oldest", "last"}: where `since` is before `oldest`, events are missing here
/// that the journal still has.
Response Api::page_of(ValueList events, home::EventId last) const {
    const auto& recent = context_.home.recent_events();
    const home::EventId oldest =
        recent.empty() ? context_.home.last_event() + 1 : recent.entries().front().id;
    return json(ValueMap{{"events", std::move(events)},
                         {"oldest", Value::of_unsigned(oldest)},
                         {"last", Value::of_unsigned(last)}});
}

} // namespace hearth::api
