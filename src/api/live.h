#pragma once

#include "api/http.h"
#include "base/metrics.h"
#include "base/time.h"
#include "home/home.h"
#include "home/person_book.h"

#include <functional>
#include <list>
#include <optional>
#include <string>
#include <vector>

namespace hearth::api {

struct LiveLimits {
    std::size_t subscribers = 64;
    /// Of texts that wait for one subscriber; who has more waiting is dropped. Texts are shared by
    /// all who wait for them. A first snapshot is allowed beyond it.
    std::size_t queue_bytes = 4U << 20;
    /// How often a subscriber hears that the hub is still there.
    Micros heartbeat = 5 * seconds;
};

/// The live stream: tells every subscriber each event once, in order, and after it the devices that
/// it changed. A subscriber either goes on after an event that it names or begins with a snapshot.
///
///     {"kind": "snapshot", "event": 41, "time": "…", "devices": […], "areas": […]}
///     {"kind": "event", "event": {"id": 42, …}}
///     {"kind": "device", "device": {…}}
///     {"kind": "heartbeat", "event": 42, "time": "…"}
///
/// A heartbeat comes every five seconds to everyone for whom nothing else waits: a browser shows
/// its scripts no ping, and a connection that is silently gone looks like a quiet home without it.
///
/// What happens in one turn goes out together, so a device that changed several times in it comes
/// once, after the last of those events. A subscriber that reads too slowly is closed with 1013; it
/// may come back and go on where it was. Costs nothing while nobody subscribes.
///
/// Everybody hears of what they may see (home/authority.h). Who sees not all gets a new snapshot
/// when that may have changed: rights, or a device's room or type.
///
/// Belongs to the home's shard.
class Live {
public:
    using After = std::function<void(Micros delay, std::function<void()> task)>;
    /// Whether what let a subscriber in still stands.
    using Allowed = std::function<bool()>;

    /// `after` runs a task on the shard once this turn's events are recorded.
    Live(const Clock& clock, home::Home& home, const home::PersonBook& persons, Metrics& metrics,
         After after, const LiveLimits& limits = {});

    /// What a request for the stream is answered with. `since`: the last event that the client has.
    /// `viewer`: whose eyes it is for.
    Response open(std::optional<home::EventId> since, home::Subject viewer, Allowed allowed);

    /// Closes (1008) those whose right is gone, and shows whose rights have changed, or who sees
    /// not all, what they may see now. To be called after something was revoked or changed.
    void check_rights();

    std::size_t subscribers() const { return subscribers_.size(); }

private:
    using Text = WebSocket::Text;

    struct Subscriber {
        std::shared_ptr<WebSocket> socket;
        home::Subject viewer;
        Allowed allowed;
        std::optional<access::Rights> rights; ///< as they were when it was shown the home
        bool sees_all = true;
        home::EventId last = 0;    ///< what it has been told
        std::size_t allowance = 0; ///< bytes that may wait
    };
    struct Pending {
        home::EventId event;
        home::DeviceId device; ///< that it is about; may be empty
        Text text;
    };

    void hear(const home::Event& event, const std::vector<home::Change>& changes);
    void join(const std::shared_ptr<WebSocket>& socket, std::optional<home::EventId> since,
              const home::Subject& viewer, const Allowed& allowed);
    bool sees_all(const home::Subject& viewer) const;
    std::optional<access::Rights> rights_of(const home::Subject& viewer) const;
    bool may_know(const Subscriber& subscriber, const home::DeviceId& device) const;
    std::optional<std::vector<Text>> missed(home::EventId since) const;
    Text snapshot(const home::Subject& viewer) const;
    void show_anew(Subscriber& subscriber);
    void close_barred();
    std::optional<Text> device_text(const home::DeviceId& id) const;
    void flush();
    void tell(Subscriber& subscriber, const std::vector<Pending>& texts);
    void leave(const WebSocket* socket);
    void beat_later();
    void beat();

    const Clock& clock_;
    home::Home& home_;
    const home::PersonBook& persons_;
    Counter& dropped_;
    After after_;
    LiveLimits limits_;
    std::list<Subscriber> subscribers_;
    std::vector<Pending> events_; ///< of this turn
    std::vector<std::pair<home::DeviceId, home::EventId>>
        touched_;                ///< of this turn: by which event
    bool views_changed_ = false; ///< in this turn: devices may be seen by others than before
    bool flush_waits_ = false;
    bool beat_waits_ = false;
};

} // namespace hearth::api
