#include "api/live.h"

#include "api/problem.h"
#include "api/views.h"
#include "base/json.h"

#include <algorithm>
#include <utility>

namespace hearth::api {
namespace {

WebSocket::Text text_of(const Value& message) {
    return std::make_shared<const std::string>(to_json(message));
}

WebSocket::Text event_text(const home::Event& event, const home::PersonBook& persons) {
    return text_of(ValueMap{{"kind", "event"}, {"event", event_value(event, persons)}});
}

/// Whether other people than before may see a device after it.
bool changes_views(const home::Fact& fact) {
    return std::holds_alternative<home::DeviceEdited>(fact) ||
           std::holds_alternative<home::DeviceLeft>(fact) ||
           std::holds_alternative<home::DeviceForgotten>(fact) ||
           std::holds_alternative<home::DeviceChanged>(fact) ||
           std::holds_alternative<home::AreaRemoved>(fact);
}

/// A report of values that the twin had already changes nothing that a page shows.
bool changes_device(const home::Event& event, const std::vector<home::Change>& changes) {
    if (home::device_of(event.fact).empty()) return false;
    return !std::holds_alternative<home::AttributeReported>(event.fact) || !changes.empty();
}

} // namespace

Live::Live(const Clock& clock, home::Home& home, const home::PersonBook& persons, Metrics& metrics,
           After after, const LiveLimits& limits)
    : clock_(clock)
    , home_(home)
    , persons_(persons)
    , dropped_(metrics.counter("hearth_live_dropped_total",
                               "Live subscribers that were closed for reading too slowly"))
    , after_(std::move(after))
    , limits_(limits) {
    metrics.gauge("hearth_live_subscribers", "Open live streams",
                  [this] { return static_cast<double>(subscribers_.size()); });
    home_.listen([this](const home::Event& event, const std::vector<home::Change>& changes) {
        hear(event, changes);
    });
}

Response Live::open(std::optional<home::EventId> since, home::Subject viewer, Allowed allowed) {
    if (subscribers_.size() >= limits_.subscribers)
        return problem({Code::limit, fmt::format("{} live streams are open already, which is the "
                                                 "limit; close one",
                                                 limits_.subscribers)});
    Response response{101, "", "", {}, nullptr};
    response.web_socket = [this, since, viewer = std::move(viewer), allowed = std::move(allowed)](
                              const auto& socket) { join(socket, since, viewer, allowed); };
    return response;
}

/// Between the answer and the handshake's end something may have changed: all is asked again.
void Live::join(const std::shared_ptr<WebSocket>& socket, std::optional<home::EventId> since,
                const home::Subject& viewer, const Allowed& allowed) {
    if (!allowed()) return socket->close(close_code::policy, "revoked");
    if (subscribers_.size() >= limits_.subscribers)
        return socket->close(close_code::try_later, "too many live streams");
    socket->on_closed([this, socket = socket.get()] { leave(socket); });
    subscribers_.push_back({socket, viewer, allowed, rights_of(viewer), sees_all(viewer),
                            home_.last_event(), limits_.queue_bytes});
    beat_later();
    if (since && subscribers_.back().sees_all)
        if (const auto texts = missed(*since)) {
            for (const Text& text : *texts)
                socket->send(text);
            return;
        }
    show_anew(subscribers_.back());
}

bool Live::sees_all(const home::Subject& viewer) const {
    return home_.may(viewer, access::Verb::see).has_value();
}

/// Of a person; others have none that a page would draw itself by.
std::optional<access::Rights> Live::rights_of(const home::Subject& viewer) const {
    if (viewer.kind != home::Subject::Kind::person) return std::nullopt;
    const access::Person* person = persons_.find_person(viewer.id);
    return person != nullptr ? std::optional(person->rights) : std::nullopt;
}

bool Live::may_know(const Subscriber& subscriber, const home::DeviceId& id) const {
    if (subscriber.sees_all) return true;
    const home::Device* device = home_.find(id);
    return device != nullptr && home_.may_see(subscriber.viewer, *device);
}

void Live::show_anew(Subscriber& subscriber) {
    const Text whole = snapshot(subscriber.viewer);
    subscriber.allowance = limits_.queue_bytes + whole->size();
    subscriber.last = home_.last_event();
    subscriber.socket->send(whole);
}

/// The events after `since` and the devices that they touched, as they are now; or nothing where
/// some of them are not in memory any more, never were, or are more than a snapshot is worth.
std::optional<std::vector<Live::Text>> Live::missed(home::EventId since) const {
    const auto& recent = home_.recent_events();
    if (since > home_.last_event()) return std::nullopt;
    if (since < home_.last_event() && (recent.empty() || since + 1 < recent.entries().front().id))
        return std::nullopt;
    std::vector<Text> texts;
    std::vector<home::DeviceId> touched;
    std::size_t size = 0;
    for (std::size_t i = recent.first_after(since); i < recent.size(); ++i) {
        const home::Event event = recent[i];
        texts.push_back(event_text(event, persons_));
        size += texts.back()->size();
        if (size > limits_.queue_bytes / 2) return std::nullopt;
        const home::DeviceId id(home::device_of(event.fact));
        if (!id.empty() && std::ranges::find(touched, id) == touched.end()) touched.push_back(id);
    }
    for (const home::DeviceId& id : touched)
        if (const auto text = device_text(id)) texts.push_back(*text);
    return texts;
}

Live::Text Live::snapshot(const home::Subject& viewer) const {
    return text_of(ValueMap{{"kind", "snapshot"},
                            {"event", Value::of_unsigned(home_.last_event())},
                            {"time", to_rfc3339(clock_.utc())},
                            {"devices", devices_value(home_, viewer)},
                            {"areas", areas_value(home_)}});
}

std::optional<Live::Text> Live::device_text(const home::DeviceId& id) const {
    const home::Device* device = home_.find(id);
    if (device == nullptr || !device->present) return std::nullopt;
    return text_of(ValueMap{{"kind", "device"}, {"device", device_summary(home_, *device)}});
}

void Live::hear(const home::Event& event, const std::vector<home::Change>& changes) {
    if (subscribers_.empty()) return;
    events_.push_back(
        {event.id, home::DeviceId(home::device_of(event.fact)), event_text(event, persons_)});
    views_changed_ = views_changed_ || changes_views(event.fact);
    if (changes_device(event, changes)) {
        const home::DeviceId id(home::device_of(event.fact));
        const auto known = std::ranges::find(touched_, id, &decltype(touched_)::value_type::first);
        if (known != touched_.end()) touched_.erase(known);
        touched_.emplace_back(id, event.id);
    }
    if (!std::exchange(flush_waits_, true)) after_(0, [this] { flush(); });
}

void Live::flush() {
    flush_waits_ = false;
    std::vector<Pending> texts = std::exchange(events_, {});
    for (const auto& [id, event] : std::exchange(touched_, {}))
        if (auto text = device_text(id)) texts.push_back({event, id, std::move(*text)});
    const bool views_changed = std::exchange(views_changed_, false);
    for (auto next = subscribers_.begin(); next != subscribers_.end();) {
        const auto subscriber = next++; // leave() takes it out
        if (views_changed && !subscriber->sees_all)
            show_anew(*subscriber);
        else
            tell(*subscriber, texts);
    }
}

void Live::tell(Subscriber& subscriber, const std::vector<Pending>& texts) {
    const std::shared_ptr<WebSocket> socket = subscriber.socket;
    const home::EventId had = subscriber.last;
    for (const auto& [event, device, text] : texts) {
        if (event <= had) continue; // its snapshot has it
        subscriber.last = std::max(subscriber.last, event);
        if (may_know(subscriber, device)) socket->send(text);
    }
    if (socket->queued_bytes() <= subscriber.allowance) return;
    dropped_.add();
    leave(socket.get());
    socket->close(close_code::try_later, "you read too slowly; come back with since=EVENT");
}

void Live::beat_later() {
    if (!std::exchange(beat_waits_, true)) after_(limits_.heartbeat, [this] { beat(); });
}

/// Nobody listens, nothing beats: an idle hub is not woken.
void Live::beat() {
    beat_waits_ = false;
    close_barred(); // somebody's time here may be over
    if (subscribers_.empty()) return;
    const Text text = text_of(ValueMap{{"kind", "heartbeat"},
                                       {"event", Value::of_unsigned(home_.last_event())},
                                       {"time", to_rfc3339(clock_.utc())}});
    for (const Subscriber& subscriber : subscribers_)
        if (subscriber.socket->queued_bytes() == 0) subscriber.socket->send(text);
    beat_later();
}

void Live::check_rights() {
    close_barred();
    for (Subscriber& subscriber : subscribers_) {
        const bool saw_all = std::exchange(subscriber.sees_all, sees_all(subscriber.viewer));
        const auto rights = rights_of(subscriber.viewer);
        const bool same = std::exchange(subscriber.rights, rights) == rights;
        if (!same || !saw_all || !subscriber.sees_all) show_anew(subscriber);
    }
}

void Live::close_barred() {
    for (auto next = subscribers_.begin(); next != subscribers_.end();) {
        const auto subscriber = next++;
        if (subscriber->allowed()) continue;
        const std::shared_ptr<WebSocket> socket = subscriber->socket;
        leave(socket.get());
        socket->close(close_code::policy, "revoked");
    }
}

void Live::leave(const WebSocket* socket) {
    std::erase_if(subscribers_,
                  [&](const Subscriber& other) { return other.socket.get() == socket; });
}

} // namespace hearth::api
