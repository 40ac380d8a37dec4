#pragma once

#include "api/http.h"
#include "base/metrics.h"
#include "base/time.h"
#include "home/home.h"

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
/// Belongs to the home's shard.
class Live {
public:
    using After = std::function<void(Micros delay, std::function<void()> task)>;
    /// Whether what let a subscriber in still stands.
    using Allowed = std::function<bool()>;

    /// `after` runs a task on the shard once this turn's events are recorded.
    Live(const Clock& clock, home::Home& home, Metrics& metrics, After after,
         const LiveLimits& limits = {});

    /// What a request for the stream is answered with. `since`: the last event that the client has.
    Response open(std::optional<home::EventId> since, Allowed allowed);

    /// Closes (1008) those whose right is gone. To be called after something was revoked.
    void check_rights();

    std::size_t subscribers() const { return subscribers_.size(); }

private:
    using Text = WebSocket::Text;

    struct Subscriber {
        std::shared_ptr<WebSocket> socket;
        Allowed allowed;
        home::EventId last = 0;    ///< what it has been told
        std::size_t allowance = 0; ///< bytes that may wait
    };
    struct Pending {
        home::EventId event;
        Text text;
    };

    void hear(const home::Event& event, const std::vector<home::Change>& changes);
    void join(const std::shared_ptr<WebSocket>& socket, std::optional<home::EventId> since,
              const Allowed& allowed);
    std::optional<std::vector<Text>> missed(home::EventId since) const;
    Text snapshot() const;
    std::optional<Text> device_text(const home::DeviceId& id) const;
    void flush();
    void tell(Subscriber& subscriber, const std::vector<Pending>& texts);
    void leave(const WebSocket* socket);
    void beat_later();
    void beat();

    const Clock& clock_;
    home::Home& home_;
    Counter& dropped_;
    After after_;
    LiveLimits limits_;
    std::list<Subscriber> subscribers_;
    std::vector<Pending> events_; ///< of this turn
    std::vector<std::pair<home::DeviceId, home::EventId>>
        touched_; ///< of this turn: by which event
    bool flush_waits_ = false;
    bool beat_waits_ = false;
};

} // namespace hearth::api
