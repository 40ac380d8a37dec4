#pragma once

#include "broker/ack_gate.h"
#include "broker/broker.h"
#include "broker/connection.h"
#include "broker/counters.h"
#include "broker/login_failures.h"
#include "broker/peers.h"
#include "broker/publish_encoder.h"
#include "broker/quotas.h"
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
#include <set>
#include <span>
#include <unordered_map>

namespace hearth::broker {

/// A will as it stands in the journal. core_will.cpp
WillRecord record_of(const Will& will, SessionNumber session, std::string_view client_id,
                     std::string_view owner);

/// Inside of this room: the broker's state and what happens to it, a core_….cpp for each family of
/// packets. Functions that may end a connection return false or take its id; nobody keeps a
/// reference to a Connection over one that can.
class Broker::Core {
public:
    Core(const BrokerParts& parts, const BrokerLimits& limits);

    using Index = std::uint32_t; ///< of a Connection

    // core_connections.cpp: bytes in, packets out, the end of connections
    void opened(ConnectionId id, const net::Address& peer);
    std::size_t received(ConnectionId id, std::string_view bytes);
    void closed(ConnectionId id, std::string_view why);
    void end_turn();
    void close_all();

    // core_timing.cpp
    void start();
    void advance();
    Micros next_deadline() const { return timers_.next(); }
    bool has_more() const { return more_retained_; }

    // core_revoke.cpp
    void drop_sessions_of(std::string_view credential);
    void recheck_subscriptions();

    // core_local.cpp
    SubscriptionId subscribe(std::string_view filter, LocalSubscriber& subscriber);
    void unsubscribe(SubscriptionId subscription);
    std::size_t publish(Message message);
    Result<std::size_t> publish_for(std::string_view credential, Message message);
    bool retains(std::string_view topic) const;
    bool hand_retained(std::string_view topic, std::string_view credential);
    const Authorizer& rights() const { return parts_.authorizer; }

    // core_replay.cpp, core_snapshot.cpp
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
        std::uint64_t number = 0;         ///< as Message has it
    };
    /// A publication that waits for the one under way.
    struct Pending {
        Message message;
        std::string properties;
        Micros expires_at = 0;
        IdentityIndex identity = 0;
        std::string client_id;
        std::uint64_t will = 0; ///< the number of the will that it is
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
        journal::Sequence after = 0; ///< as StoredMessage has it
    };
    enum class Parting { graceful, lost }; ///< without or with a will
    struct NewTarget {
        SessionIndex session = none;
        Qos qos = Qos::at_most_once;
        bool retain = false;
        std::string subscription_ids;
    };

    // core_local.cpp
    std::size_t publish_as(IdentityIndex identity, Message message);

    // core_revoke.cpp
    void drop_retained_of(std::string_view identity);
    void drop_retained(std::span<const MessageRef> messages);
    void tell_dropped(std::string_view topic);

    // core_connections.cpp
    void make_room(Index newcomer);
    void turn_away(ConnectionId id, std::string_view setting);
    bool hold_incoming(Index at, std::size_t bytes);
    bool handle(Index at, const mqtt::Frame& frame);
    bool handle_or_drop(Index at, const mqtt::Frame& frame);
    void drop_out_of_memory(ConnectionId id);
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

    // core_gate.cpp: what waits for the disk
    bool must_wait(journal::Sequence before) const { return parts_.journal.last() != before; }
    void answer(Connection& connection, AckGate::Kind kind, std::string_view bytes, bool wait);
    void release(const AckGate::Held& held, std::string_view bytes, const Result<void>& committed);
    void ease(Connection& connection, const AckGate::Held& held);

    // core_connect.cpp
    bool handle_connect(Index at, const mqtt::Frame& frame);
    bool accept(Index at, const mqtt::Connect& connect, const std::string& credential);
    bool check_connect(Index at, const mqtt::Connect& connect);
    bool refuse_login(Index at, const mqtt::Connect& connect, const Error& why);
    void answer_late(Index at);
    void send_refusal(Index at, mqtt::Version version, mqtt::ReasonCode reason,
                      std::string_view detail);
    bool check_will(Index at, const mqtt::Connect& connect, IdentityIndex identity);
    bool refuse_connect(Index at, mqtt::Version version, mqtt::ReasonCode reason,
                        std::string_view detail);
    bool may_take(Index at, SessionIndex existing, const mqtt::Connect& connect,
                  IdentityIndex identity);
    bool has_room_for(Index at, SessionIndex existing, const mqtt::Connect& connect,
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

    // core_sessions.cpp
    void leave_session(SessionIndex index);
    void end_session(SessionIndex index);
    void set_session_timer(SessionIndex index);
    void record_session(RecordKind kind, const Session& session);

    // core_will.cpp
    void take_will(Connection& connection, const mqtt::Connect& connect, IdentityIndex owner);
    void record_will_over(std::uint64_t number);
    void resume_wills();
    void resume_will(KeptWill kept);
    void forget_orphan(std::string_view client_id, IdentityIndex owner);
    void forget_orphans_of(IdentityIndex owner);
    void release_orphans();
    void schedule_will(std::unique_ptr<Will> will, SessionIndex index);
    void publish_will(Will will, std::string_view client_id);
    void forget_will(SessionIndex index);
    void release_will(SessionIndex index);

    // core_publish.cpp: a client's PUBLISH
    bool handle_publish(Index at, const mqtt::Frame& frame);
    bool resolve_alias(Index at, mqtt::Publish& publish);
    bool within_receive_maximum(Index at, const mqtt::Publish& publish);
    bool refuse_publish(Index at, const mqtt::Publish& publish, mqtt::ReasonCode reason,
                        const Error& why);
    bool turn_down(Index at, const mqtt::Publish& publish, mqtt::ReasonCode reason,
                   std::string_view detail);
    bool deliver_publish(Index at, const mqtt::Publish& publish);
    void acknowledge_publish(ConnectionId id, const mqtt::Publish& publish, std::size_t receivers,
                             bool wait);
    bool may_publish(std::string_view topic, IdentityIndex identity);
    MessageView view_of(const mqtt::Publish& publish);
    bool memory_for(const MessageView& message) const;

    // core_deliver.cpp: one message to all who want it
    Result<std::size_t> distribute(const MessageView& message, const Publisher& publisher);
    Result<std::size_t> tell_locals(const MessageView& message, const Publisher& publisher,
                                    std::span<const SubscriptionId> locals, RetainAction action);
    std::size_t admit_all(const Route& route, const MessageView& message,
                          const Publisher& publisher);
    bool has_been_given(const Target& target, const MessageView& message) const;
    bool has_been_given(std::uint32_t group, const MessageView& message) const;
    void remember_number(std::uint64_t number);
    bool admit(NewTarget target, const MessageView& message);
    bool queue(const NewTarget& target, const MessageView& message);
    std::optional<NewTarget> pick_member(std::uint32_t group, const MessageView& message);
    journal::Sequence record_publication(const MessageView& message, const Publisher& publisher,
                                         RetainAction retain);
    RetainAction retain_action(const MessageView& message, const Publisher& publisher) const;
    std::optional<Resource> no_room_to_retain(const MessageView& message,
                                              IdentityIndex owner) const;
    void retain(const MessageView& message, IdentityIndex owner, RetainAction action);
    void send_leaving(const MessageView& message, journal::Sequence after);
    void send_publish(Connection& connection, Session& session, const Leaving& leaving,
                      bool duplicate);
    std::size_t write_publish(Connection& connection, const Session& session,
                              const PublishCopy& copy, journal::Sequence after);
    bool waits_for_disk(const Connection& connection, const Session& session,
                        const PublishCopy& copy, journal::Sequence after) const;
    bool socket_has_room(Connection& connection);
    std::uint16_t new_packet_id(Session& session);
    bool may_fly(const Session& session);
    void drop_for_full_queue(Session& session, const MessageView& message, bool flies);
    void drain_pending();
    Route& route_of(std::string_view topic);

    // core_backpressure.cpp: what waits goes out when there is room
    void pump(Index at);
    bool pump_again(Index at, Session& session);
    void let_go(Connection& connection, Session& session);
    /// Drops what has expired of those that wait longest.
    void skip_expired(Session& session);
    bool pump_waiting(Index at, Session& session);
    void starve(Index at);
    void step(RecordKind kind, const Session& session, std::uint16_t packet_id);

    // core_retained.cpp: retained messages to who has subscribed
    void owe_retained(Session& session, std::uint32_t subscription);
    bool pump_retained(Index at, Session& session);
    enum class Walked { through, blocked };
    /// Nodes of the tree that the walks of all clients visit in a turn, and those of one of them at
    /// a time: a few milliseconds.
    static constexpr std::size_t retained_steps_per_turn = 32'768;
    static constexpr std::size_t retained_steps_at_a_time = 16'384;
    Walked walk_retained(Index at, Session& session, RetainedOwed& owed);
    bool hand_over_retained(Index at, Session& session, const RetainedOwed& owed,
                            const Retained::Entry& entry);
    void record_retained_reply(const Session& session, std::string_view topic,
                               const PublishedTarget& target);
    void queue_rest_of_retained(Session& session);
    bool queue_retained(Session& session, const RetainedOwed& owed, const Retained::Entry& entry);
    void forget_owed(Session& session, std::uint32_t subscription);

    // core_acks.cpp
    bool handle_ack(Index at, const mqtt::Frame& frame);
    bool handle_puback(Index at, const mqtt::Ack& ack);
    bool handle_pubrec(Index at, const mqtt::Ack& ack);
    bool handle_pubrel(Index at, const mqtt::Ack& ack);
    bool handle_pubcomp(Index at, const mqtt::Ack& ack);
    void finish_delivery(Index at, Session& session, std::size_t position);
    void send_ack(Connection& connection, mqtt::PacketType type, std::uint16_t packet_id,
                  mqtt::ReasonCode reason, bool wait, std::string_view detail = {});

    // core_subscribe.cpp
    bool handle_subscribe(Index at, const mqtt::Frame& frame);
    mqtt::ReasonCode subscribe_one(Index at, const mqtt::Subscription& wanted,
                                   std::uint32_t identifier);
    std::optional<mqtt::ReasonCode> check_subscription(Connection& connection,
                                                       const mqtt::Subscription& wanted);
    bool handle_unsubscribe(Index at, const mqtt::Frame& frame);
    mqtt::ReasonCode unsubscribe_one(Session& session, std::string_view filter);
    void record_subscription(const Session& session, std::string_view filter,
                             const SubscriptionOptions& options);

    // core_timing.cpp
    void run_timer(const Timers::Timer& timer);
    void check_keep_alive(ConnectionId id);
    void check_session(SessionIndex index);
    void check_will_delay(SessionIndex index);
    void note_retained_expiry(Micros expires_at);
    void expire_retained();

    // core_replay.cpp
    Result<void> replay_published(const journal::Record& record);
    Result<void> replay_retained(const journal::Record& record);
    Result<void> replay_session(const journal::Record& record);
    Result<void> replay_subscription(const journal::Record& record);
    Result<void> replay_step(const journal::Record& record);
    Result<void> replay_state(const journal::Record& record);
    Result<void> replay_will(const journal::Record& record);
    void replay_target(const PublishedTarget& target, MessageRef message);
    MessageRef dropped_message();
    void tell_dropped_at_replay();
    void apply_step(RecordKind kind, Session& session, std::uint16_t packet_id);

    // core_snapshot.cpp
    void snapshot_wills(journal::SnapshotSink& sink) const;
    void snapshot_session(journal::SnapshotSink& sink, const Session& session,
                          std::unordered_map<const StoredMessage*, std::uint64_t>& numbers) const;
    void
    snapshot_deliveries(journal::SnapshotSink& sink, const Session& session,
                        std::unordered_map<const StoredMessage*, std::uint64_t>& numbers) const;

    void append(RecordKind kind, std::string_view payload, std::uint8_t version = record_version) {
        parts_.journal.append(static_cast<journal::Kind>(kind), version, payload);
    }
    Connection* connection_of(const Session& session) {
        return session.connected() ? &connections_[session.connection] : nullptr;
    }

    BrokerParts parts_;
    BrokerLimits limits_;
    Counters counters_;

    MessagePool pool_;           ///< before all that holds messages
    Quotas quotas_;              ///< before all that takes from it
    Retained retained_{quotas_}; ///< before the sessions, whose walks rest in it
    Identities identities_;
    Sessions sessions_{quotas_};
    Connections connections_;
    Peers peers_;
    LoginFailures failures_by_name_;
    LoginFailures failures_by_address_;
    Micros told_failures_at_ = 0; ///< steady
    Micros told_crowd_at_ = 0;    ///< steady; when a crowd of strangers was last told of
    Subscriptions subscriptions_{quotas_};
    RouteCache routes_;
    Timers timers_;
    AckGate gate_;
    PublishEncoder encoder_;

    std::map<SubscriptionId, LocalEntry> locals_;
    SubscriptionId next_local_ = 1;
    std::set<std::uint64_t> numbers_; ///< of hearth's publications that kept sessions were given
    std::deque<Pending> pending_;
    std::size_t drained_ = 0; ///< of pending_, since the message that they follow from
    bool distributing_ = false;
    journal::Sequence newest_once_ = 0; ///< record of the newest message that must not come twice

    std::unordered_map<SessionIndex, std::unique_ptr<Will>> delayed_wills_;
    /// By client id: of clients that were connected when the hub died, and whose session did too.
    std::unordered_multimap<std::string, Will> orphaned_wills_;
    Micros orphans_due_at_ = 0;                    ///< steady
    std::map<std::uint64_t, KeptWill> kept_wills_; ///< by number, between replay and start()
    std::uint64_t next_will_ = 1;
    std::vector<ConnectionId> starving_;
    std::size_t retained_steps_ = 0; ///< that walks may still make in this turn
    bool more_retained_ = false;     ///< a walk waits for nothing but the next turn
    SessionNumber next_session_number_ = 1;
    std::size_t persistent_sessions_ = 0;
    std::size_t connected_ = 0;
    Micros retained_timer_at_ = 0;
    std::unordered_map<std::uint64_t, MessageRef> checkpoint_messages_; ///< while one is replayed
    std::size_t checkpoint_bytes_ = 0;                                  ///< of these
    std::size_t dropped_at_replay_ = 0;
    std::size_t replayed_bytes_ = 0; ///< since memory was looked at

    // Scratch, kept for its memory.
    TopicTree::Levels levels_;
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
