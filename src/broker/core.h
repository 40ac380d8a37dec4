#pragma once

#include "broker/ack_gate.h"
#include "broker/broker.h"
#include "broker/connection.h"
#include "broker/counters.h"
#include "broker/publish_encoder.h"
#include "broker/records.h"
#include "broker/retained.h"
#include "broker/route_cache.h"
#include "broker/session.h"
#include "broker/subscriptions.h"
#include "broker/timers.h"
#include "codec/mqtt/decoder.h"

#include <deque>
#include <map>
#include <optional>
#include <span>
#include <unordered_map>

namespace hearth::broker {

/// Inside of this room: the broker's state and what happens to it, a .cpp for each family of
/// packets. Functions that may end a connection return false or take its id; nobody keeps a
/// reference to a Connection over one that can.
class Broker::Core {
public:
    Core(const BrokerParts& parts, const BrokerLimits& limits);

    using Index = std::uint32_t; ///< of a Connection

    // connections.cpp: bytes in, packets out, the end of connections
    void opened(ConnectionId id, const net::Address& peer);
    std::size_t received(ConnectionId id, std::string_view bytes);
    void closed(ConnectionId id, std::string_view why);
    void end_turn();
    void close_all();

    // timing.cpp
    void start();
    void advance();
    Micros next_deadline() const { return timers_.next(); }

    // revoke.cpp
    void drop_sessions_of(std::string_view credential);
    void recheck_subscriptions();
    void drop_retained_of(IdentityIndex identity);

    // local.cpp
    SubscriptionId subscribe(std::string_view filter, LocalSubscriber& subscriber);
    void unsubscribe(SubscriptionId subscription);
    std::size_t publish(Message message);

    // replay.cpp, snapshot.cpp
    Result<void> replay(const journal::Record& record);
    void reset();
    void snapshot(journal::SnapshotSink& sink) const;
    Stats stats() const;

private:
    /// Who publishes: a client (or its will), or hearth itself.
    struct Publisher {
        SessionIndex session = none;
        IdentityIndex identity = 0;
        std::string_view client_id;
        std::uint16_t qos2_packet_id = 0; ///< to be remembered with the message
    };
    /// A publication that waits for the one under way.
    struct Pending {
        Message message;
        std::string properties;
        Micros expires_at = 0;
        IdentityIndex identity = 0;
        std::string client_id;
    };
    struct LocalEntry {
        LocalSubscriber* subscriber = nullptr;
        std::uint32_t subscription = none;
    };
    /// A delivery of the message under way that leaves at once.
    struct Leaving {
        SessionIndex session = none;
        std::uint16_t packet_id = 0;
        Qos qos = Qos::at_most_once;
        bool retain = false;
        std::string subscription_ids;
    };
    enum class Parting { graceful, lost }; ///< without or with a will
    struct NewTarget {
        SessionIndex session = none;
        Qos qos = Qos::at_most_once;
        bool retain = false;
        std::string subscription_ids;
    };

    // connections.cpp
    bool handle(Index at, const mqtt::Frame& frame);
    bool handle_connected(Index at, const mqtt::Frame& frame);
    bool handle_pingreq(Index at, const mqtt::Frame& frame);
    bool handle_disconnect(Index at, const mqtt::Frame& frame);
    void refuse_frame(Index at, const mqtt::PacketError& error, std::string_view bytes);
    bool fail_connection(Index at, mqtt::ReasonCode reason, std::string_view detail,
                         std::string_view excerpt = {});
    void part(Index at, Parting parting, std::string_view why);
    void detach(Index at, Parting parting);
    std::string who(const Connection& connection) const;
    void refused(const Connection& connection, Code code, std::string detail,
                 std::string_view excerpt = {});
    void send(Connection& connection, std::string_view bytes);
    void send_disconnect(Connection& connection, mqtt::ReasonCode reason, std::string_view detail);

    // gate.cpp: what waits for the disk
    bool must_wait(journal::Sequence before) const { return parts_.journal.last() != before; }
    void answer(Connection& connection, AckGate::Kind kind, std::string_view bytes, bool wait);
    void release(const AckGate::Held& held, std::string_view bytes, const Result<void>& committed);
    void ease(Connection& connection, const AckGate::Held& held);

    // connect.cpp
    bool handle_connect(Index at, const mqtt::Frame& frame);
    bool accept(Index at, const mqtt::Connect& connect, const std::string& credential);
    bool check_connect(Index at, const mqtt::Connect& connect);
    bool check_will(Index at, const mqtt::Connect& connect, IdentityIndex identity);
    bool refuse_connect(Index at, mqtt::Version version, mqtt::ReasonCode reason,
                        std::string_view detail);
    bool may_take(Index at, SessionIndex existing, const mqtt::Connect& connect,
                  IdentityIndex identity);
    void take_over(SessionIndex existing);
    SessionIndex open_session(std::string_view client_id, IdentityIndex owner,
                              std::uint32_t expiry_s);
    void resume_session(SessionIndex index, std::uint32_t expiry_s);
    void settle_connection(Connection& connection, SessionIndex index,
                           const mqtt::Connect& connect);
    void send_connack(Index at, const mqtt::Connect& connect, bool present, bool wait,
                      std::string_view assigned_id);
    std::uint32_t expiry_of(const mqtt::Connect& connect) const;
    void redeliver(Index at);

    // sessions.cpp
    void leave_session(SessionIndex index);
    void end_session(SessionIndex index);
    void set_session_timer(SessionIndex index);
    void record_session(RecordKind kind, const Session& session);

    // will.cpp
    void take_will(Connection& connection, const mqtt::Connect& connect, IdentityIndex owner);
    void schedule_will(std::unique_ptr<Will> will, SessionIndex index);
    void publish_will(const Will& will, std::string_view client_id);
    void forget_will(SessionIndex index);
    void release_will(SessionIndex index);

    // publish.cpp: a client's PUBLISH
    bool handle_publish(Index at, const mqtt::Frame& frame);
    bool resolve_alias(Index at, mqtt::Publish& publish);
    bool within_receive_maximum(Index at, const mqtt::Publish& publish);
    bool refuse_publish(Index at, const mqtt::Publish& publish, mqtt::ReasonCode reason,
                        const Error& why);
    bool deliver_publish(Index at, const mqtt::Publish& publish);
    void acknowledge_publish(ConnectionId id, const mqtt::Publish& publish, std::size_t receivers,
                             bool wait);
    bool may_publish(Route& route, IdentityIndex identity);
    MessageView view_of(const mqtt::Publish& publish);

    // deliver.cpp: one message to all who want it
    std::size_t distribute(const MessageView& message, const Publisher& publisher);
    std::size_t tell_locals(const MessageView& message, const Publisher& publisher,
                            std::span<const SubscriptionId> locals);
    std::size_t admit_all(const Route& route, const MessageView& message,
                          const Publisher& publisher);
    bool admit(NewTarget target, const MessageView& message);
    bool queue(const NewTarget& target, const MessageView& message);
    std::optional<NewTarget> pick_member(std::uint32_t group, const MessageView& message);
    void record_publication(const MessageView& message, const Publisher& publisher,
                            RetainAction retain);
    RetainAction retain_action(const MessageView& message) const;
    void retain(const MessageView& message, IdentityIndex owner, RetainAction action);
    void send_leaving(const MessageView& message);
    void send_publish(Connection& connection, Session& session, const Leaving& leaving,
                      bool duplicate);
    std::size_t write_publish(Connection& connection, const Session& session,
                              const PublishCopy& copy);
    bool socket_has_room(Connection& connection);
    std::uint16_t new_packet_id(Session& session);
    bool may_fly(const Session& session);
    void drop_for_full_queue(Session& session, const MessageView& message);
    void drain_pending();
    Route& route_of(std::string_view topic);

    // pump.cpp: what waits goes out when there is room
    void pump(Index at);
    bool pump_waiting(Index at, Session& session);
    bool pump_retained(Index at, Session& session);
    void starve(Index at);
    void send_retained_reply(Connection& connection, Session& session, const RetainedReply& reply);
    void record_retained_reply(const Session& session, const RetainedReply& reply,
                               std::uint16_t packet_id);
    void queue_rest_of_retained(Connection& connection, Session& session);
    void step(RecordKind kind, const Session& session, std::uint16_t packet_id);

    // acks.cpp
    bool handle_ack(Index at, const mqtt::Frame& frame);
    bool handle_puback(Index at, const mqtt::Ack& ack);
    bool handle_pubrec(Index at, const mqtt::Ack& ack);
    bool handle_pubrel(Index at, const mqtt::Ack& ack);
    bool handle_pubcomp(Index at, const mqtt::Ack& ack);
    void finish_delivery(Index at, Session& session, std::size_t position);
    void send_ack(Connection& connection, mqtt::PacketType type, std::uint16_t packet_id,
                  mqtt::ReasonCode reason, bool wait, std::string_view detail = {});

    // subscribe.cpp
    bool handle_subscribe(Index at, const mqtt::Frame& frame);
    mqtt::ReasonCode subscribe_one(Index at, const mqtt::Subscription& wanted,
                                   std::uint32_t identifier);
    std::optional<mqtt::ReasonCode> check_subscription(Connection& connection,
                                                       const mqtt::Subscription& wanted);
    void send_retained(Connection& connection, std::string_view filter,
                       const SubscriptionOptions& options);
    bool handle_unsubscribe(Index at, const mqtt::Frame& frame);
    mqtt::ReasonCode unsubscribe_one(Session& session, std::string_view filter);
    void record_subscription(const Session& session, std::string_view filter,
                             const SubscriptionOptions& options);

    // timing.cpp
    void run_timer(const Timers::Timer& timer);
    void check_keep_alive(ConnectionId id);
    void check_session(SessionIndex index);
    void check_will_delay(SessionIndex index);
    void note_retained_expiry(Micros expires_at);
    void expire_retained();

    // replay.cpp
    Result<void> replay_published(const journal::Record& record);
    Result<void> replay_retained(const journal::Record& record);
    Result<void> replay_session(const journal::Record& record);
    Result<void> replay_subscription(const journal::Record& record);
    Result<void> replay_step(const journal::Record& record);
    Result<void> replay_state(const journal::Record& record);
    void replay_target(const PublishedTarget& target, const MessageRef& message);
    void apply_step(RecordKind kind, Session& session, std::uint16_t packet_id);

    // snapshot.cpp
    void snapshot_session(journal::SnapshotSink& sink, const Session& session,
                          std::unordered_map<const StoredMessage*, std::uint64_t>& numbers) const;
    void
    snapshot_deliveries(journal::SnapshotSink& sink, const Session& session,
                        std::unordered_map<const StoredMessage*, std::uint64_t>& numbers) const;

    void append(RecordKind kind, std::string_view payload) {
        parts_.journal.append(static_cast<journal::Kind>(kind), record_version, payload);
    }
    Connection* connection_of(const Session& session) {
        return session.connected() ? &connections_[session.connection] : nullptr;
    }

    BrokerParts parts_;
    BrokerLimits limits_;
    Counters counters_;

    MessagePool pool_; ///< before all that holds messages
    Identities identities_;
    Sessions sessions_;
    Connections connections_;
    Subscriptions subscriptions_;
    RouteCache routes_;
    Retained retained_;
    Timers timers_;
    AckGate gate_;
    PublishEncoder encoder_;

    std::map<SubscriptionId, LocalEntry> locals_;
    SubscriptionId next_local_ = 1;
    std::deque<Pending> pending_;
    std::size_t drained_ = 0; ///< of pending_, since the message that they follow from
    bool distributing_ = false;

    std::unordered_map<SessionIndex, std::unique_ptr<Will>> delayed_wills_;
    std::vector<ConnectionId> starving_;
    SessionNumber next_session_number_ = 1;
    std::size_t persistent_sessions_ = 0;
    std::size_t connected_ = 0;
    Micros retained_timer_at_ = 0;
    std::unordered_map<std::uint64_t, MessageRef> checkpoint_messages_; ///< while one is replayed

    // Scratch, kept for its memory.
    std::string bytes_;
    std::string record_;
    std::string targets_;
    std::string properties_;
    std::size_t target_count_ = 0;
    MessageRef stored_; ///< the message under way, once somebody keeps it
    std::vector<Leaving> leaving_;
    std::vector<SubscriptionId> heard_;
    std::vector<std::string> revoked_; ///< credentials to be dropped after the message under way
};

} // namespace hearth::broker
