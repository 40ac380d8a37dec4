#pragma once

#include "base/memory_watch.h"
#include "base/metrics.h"
#include "base/random.h"
#include "base/refusals.h"
#include "base/time.h"
#include "broker/authorizer.h"
#include "broker/limits.h"
#include "broker/message.h"
#include "broker/outlet.h"
#include "journal/journal.h"
#include "net/stream_sockets.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hearth::broker {

/// What the broker lives on. All of it outlives the broker; the journal must not call back after
/// the broker has gone.
struct BrokerParts {
    const Clock& clock;
    Random& random; ///< for client ids that the broker makes up
    journal::Journal& journal;
    Authorizer& authorizer;
    Outlet& outlet;
    Metrics& metrics; ///< its gauges read the broker: render only while it lives
    Refusals& refusals;
    MemoryWatch* memory = nullptr; ///< while it is full nothing new is kept for anybody
};

/// The MQTT broker of one home: 3.1.1 (OASIS, 2014) and 5.0 (OASIS, 2019).
///
/// It lives on its home's shard, is called only from that thread, and has no lock, no socket, no
/// file and no clock of its own. Bytes come in through received(), leave through the Outlet, and
/// what must survive goes through the journal.
///
/// Life: construct; replay() the journal's records; start(); then the StreamHandler's calls as they
/// come. In each turn of the shard, after all reading and before the journal writes: end_turn().
/// advance() when next_deadline() has come, or simply in each turn.
///
/// **What is durable.** Retained messages; sessions that outlive their connection (3.1.1 without
/// clean session, 5.0 with a session expiry), with their subscriptions, queued messages and the
/// state of everything in flight in both directions. A PUBLISH is one record, whatever it leads to.
/// PUBACK, PUBREC, PUBCOMP, SUBACK, UNSUBACK and CONNACK leave at once if nothing was journaled
/// since their packet came, neither here nor by a LocalSubscriber; else when that is committed. So
/// do QoS 2 messages and PUBRELs to persistent sessions, which a power cut must not let happen
/// twice, and to everybody what came as QoS 2 from a persistent session, with all that follows it
/// to the same client and what hearth itself publishes meanwhile. Nothing else of QoS 0 or 1 waits.
/// What of a new subscription's retained messages has not been sent when the hub crashes is not
/// sent again.
///
/// **Wills** are written before their CONNACK leaves. When the hub dies, the wills of those who
/// were connected are published unless they are back within their delay and
/// BrokerLimits::will_grace.
///
/// **While the journal accepts nothing** (full disk): PUBLISH of QoS 1 and 2 is refused (5.0: 0x97;
/// 3.1.1: the connection is closed, so that the client keeps its message), new persistent sessions
/// and their subscriptions are refused, retained messages are not kept; QoS 0 flows on.
///
/// **Rights.** A 3.1.1 PUBLISH that is not allowed is acknowledged and dropped, as 3.3.5-2 of 3.1.1
/// permits: closing would make the client try for ever. The list of refusals says what to do.
///
/// **Client ids** are names within a credential: two credentials may use the same one and have a
/// session each, so that none can be squatted or taken over by another. Clients without a name
/// share one space of their own.
///
/// **Quotas.** What a credential's clients take is limited (quotas.h) below what all may have, so
/// that one credential hurts itself alone. Refusals name the setting that would allow more. The
/// same happens to all that would add while the program's memory is used up (BrokerParts::memory).
/// Where an allocation fails all the same, the connection whose packet asked for it is closed.
///
/// **Wrong passwords** are answered late once they are many of one name or address
/// (BrokerLimits::password_tries); a right one is let in at once whatever went before, so that
/// nobody can lock a device out. Guessing is hopeless because keys have 256 bits, not because of
/// this: it keeps the noise down.
///
/// **Order.** All messages to one session keep the order in which they were published, per QoS.
/// Overlapping subscriptions give one copy, with the highest QoS and all identifiers (3.3.4).
/// What one member of a shared subscription has got is not handed to another when it vanishes.
class Broker final : public LocalBus, public journal::Owner, public net::StreamHandler {
public:
    explicit Broker(const BrokerParts& parts, const BrokerLimits& limits = {});
    ~Broker() override;
    Broker(const Broker&) = delete;
    Broker& operator=(const Broker&) = delete;

    /// Once, after replay and before the first connection: sessions that were connected when the
    /// hub stopped begin to expire.
    void start();

    // --- Clients: see net/stream_sockets.h ----------------------------------------------------

    void opened(ConnectionId id, const net::Address& peer) override;
    std::size_t received(ConnectionId id, std::string_view bytes) override;
    void closed(ConnectionId id, std::string_view why) override;

    /// A step of each turn, after reading and before the journal's write and the sockets' flush:
    /// asks for the commits that answers wait for, and feeds slow consumers.
    void end_turn();
    /// Whether the last turn left work that waits for nothing but the next one.
    bool has_more() const;

    /// Closes what has been silent for too long, ends sessions, publishes delayed wills.
    void advance();
    /// When advance() is needed next, by the steady clock; 0 for never.
    Micros next_deadline() const;

    /// Ends every session of a credential at once: connections are closed (0x98), subscriptions,
    /// queues and the retained messages that it published are forgotten, its wills are not
    /// published.
    void drop_sessions_of(std::string_view credential);
    /// Rights have been taken away without ending the credential: subscriptions that are no longer
    /// allowed are removed. (Cached verdicts follow Authorizer::epoch() by themselves.)
    void recheck_subscriptions();
    /// The hub is stopping: tells 5.0 clients so (0x8B) and closes all. Wills are published.
    void close_all();

    // --- The program inside: see message.h ----------------------------------------------------

    SubscriptionId subscribe(std::string_view filter, LocalSubscriber& subscriber) override;
    void unsubscribe(SubscriptionId subscription) override;
    /// From within received() it is queued and published after the message under way.
    std::size_t publish(Message message) override;
    Result<std::size_t> publish_for(std::string_view credential, Message message) override;
    bool retains(std::string_view topic) const override;
    bool hand_retained(std::string_view topic, std::string_view credential) override;
    const Authorizer& rights() const override;

    // --- The journal --------------------------------------------------------------------------

    journal::KindRange kinds() const override { return journal::broker_kinds; }
    Result<void> replay(const journal::Record& record) override;
    void reset() override;
    void snapshot(journal::SnapshotSink& sink) const override;

    // --- What there is ------------------------------------------------------------------------

    struct Stats {
        std::size_t connections = 0; ///< with an accepted CONNECT
        std::size_t sessions = 0;
        std::size_t persistent_sessions = 0;
        std::size_t subscriptions = 0;
        std::size_t retained = 0;
        std::size_t retained_bytes = 0;
        std::size_t waiting_answers = 0;
    };
    Stats stats() const;

private:
    class Core;
    std::unique_ptr<Core> core_;
};

} // namespace hearth::broker
