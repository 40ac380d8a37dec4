#pragma once

#include "broker/broker.h"
#include "codec/mqtt/decoder.h"
#include "codec/mqtt/encoder.h"
#include "journal/memory_journal.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

/// For the broker's tests: a broker without sockets or disk, and clients that speak bytes with it.
namespace hearth::broker::test {

using mqtt::Version;
using Lines = std::vector<std::string>;

class FakeOutlet final : public Outlet {
public:
    void send(ConnectionId id, std::string_view bytes) override { out[id] += bytes; }
    void send(ConnectionId id, SharedBytes bytes) override { out[id] += *bytes; }
    void close(ConnectionId id, std::string_view) override { closed.insert(id); }
    void turn_away(ConnectionId id, std::string_view) override { closed.insert(id); }
    void pause(ConnectionId id) override { paused.insert(id); }
    void resume(ConnectionId id) override { paused.erase(id); }
    std::size_t unsent(ConnectionId id) const override {
        const auto found = stuck.find(id);
        return found == stuck.end() ? 0 : found->second;
    }

    std::map<ConnectionId, std::string> out;
    std::set<ConnectionId> closed;
    std::set<ConnectionId> paused;
    std::map<ConnectionId, std::size_t> stuck; ///< what unsent() says
};

/// Everybody may do everything, except as told.
class FakeAuthorizer final : public Authorizer {
public:
    Result<std::string> authenticate(const Login& login) override {
        if (!login.user_name) {
            if (anonymous) return std::string();
            return fail(Code::refused, "anonymous clients are not let in: give a user name");
        }
        if (login.password.value_or("") != "key")
            return fail(Code::invalid, "wrong user name or password");
        return std::string(*login.user_name);
    }
    bool knows(std::string_view) const override { return true; }
    bool may_publish(std::string_view credential, std::string_view topic) const override {
        ++asked;
        return !forbidden.contains(std::string(credential) + " > " + std::string(topic));
    }
    bool may_subscribe(std::string_view credential, std::string_view filter) const override {
        return !forbidden.contains(std::string(credential) + " < " + std::string(filter));
    }
    std::uint64_t epoch() const override { return now; }

    bool anonymous = true;
    std::uint64_t now = 1;
    std::set<std::string> forbidden; ///< "NAME > TOPIC" to publish, "NAME < FILTER" to subscribe
    mutable int asked = 0;
};

/// A hub's broker and what it lives on.
class World {
public:
    explicit World(const BrokerLimits& broker_limits = {}, MemoryWatch* memory_watch = nullptr)
        : limits(broker_limits)
        , memory(memory_watch) {
        make();
        broker->start();
    }
    /// The hub started again with what a journal holds.
    World(const journal::MemoryJournal& before, Micros utc, const BrokerLimits& broker_limits = {});

    /// The end of a turn, and whatever waits for the disk gets it.
    void commit() {
        broker->end_turn();
        journal.commit();
        broker->end_turn();
    }
    void pass(Micros time) {
        clock.turn(time);
        broker->advance();
    }
    /// The last thing refused.
    std::string refusal() const {
        return refusals.list().empty() ? "" : refusals.list().back().why;
    }

    BrokerLimits limits;
    MemoryWatch* memory = nullptr;
    ManualClock clock;
    SeededRandom random{7};
    journal::MemoryJournal journal;
    FakeAuthorizer authorizer;
    FakeOutlet outlet;
    Metrics metrics;
    Refusals refusals{clock, metrics};
    std::unique_ptr<Broker> broker;
    ConnectionId next_connection = 1;

private:
    void make();
};

struct ConnectOptions {
    bool clean = true;
    std::uint16_t keep_alive_s = 0;
    std::optional<std::string> user = {};
    std::string password = "key";
    std::optional<mqtt::Will> will = {};
    mqtt::ConnectProperties properties = {};
    bool loopback = true;
    bool v31 = false;
    bool bridge = false;
};

struct PublishOptions {
    int qos = 0;
    bool retain = false;
    std::uint16_t id = 0;
    bool duplicate = false;
    mqtt::PublishProperties properties = {};
};

struct SubscribeOptions {
    int qos = 0;
    std::uint32_t identifier = 0;
    bool no_local = false;
    bool as_published = false;
    mqtt::RetainHandling retain_handling = mqtt::RetainHandling::send;
};

/// One client's connection. What it is sent reads as lines: see describe().
class Client {
public:
    Client(World& world, Version version = Version::v311)
        : world_(world)
        , version_(version) {}

    /// Opens the connection, if it is not open, and sends CONNECT. Commits unless told otherwise.
    Client& connect(std::string_view client_id, const ConnectOptions& options = {},
                    bool commit = true);
    void open(bool loopback = true);
    void raw(std::string_view bytes) { world_.broker->received(id, bytes); }
    void send(const mqtt::Packet& packet);

    void publish(std::string_view topic, std::string_view payload,
                 const PublishOptions& options = {});
    void subscribe(std::string_view filter, const SubscribeOptions& options = {});
    void unsubscribe(std::string_view filter);
    void ack(mqtt::PacketType type, std::uint16_t packet_id,
             mqtt::ReasonCode reason = mqtt::ReasonCode::success);
    void puback(std::uint16_t packet_id) { ack(mqtt::PacketType::puback, packet_id); }
    void pubrec(std::uint16_t packet_id) { ack(mqtt::PacketType::pubrec, packet_id); }
    void pubrel(std::uint16_t packet_id) { ack(mqtt::PacketType::pubrel, packet_id); }
    void pubcomp(std::uint16_t packet_id) { ack(mqtt::PacketType::pubcomp, packet_id); }
    void disconnect() { send(mqtt::Disconnect{}); }
    /// The network is gone, without a word.
    void vanish() { world_.broker->closed(id, "lost"); }

    /// What has come since the last time.
    Lines take();
    bool is_closed() const { return world_.outlet.closed.contains(id); }

    ConnectionId id = 0;

private:
    World& world_;
    Version version_;
    std::string bytes_;
    std::uint16_t next_id_ = 1'000;
};

/// "PUBLISH a/b q1 #7 retain dup = payload", "PUBACK #7", "CONNACK present", with "0x87" for
/// reasons that are not success.
std::string describe(const mqtt::Packet& packet);

/// Listens like an adapter.
class Ear final : public LocalSubscriber {
public:
    Result<void> received(std::string_view topic, std::string_view payload,
                          const Origin& origin) override;
    void dropped(std::string_view topic) override;

    Lines heard; ///< "a/b = payload (retained) from client of credential", "a/b is dropped"
    std::function<void(std::string_view)> then; ///< called with the topic
    std::set<std::string> refused;              ///< topics that it refuses
    Origin last;                                ///< of the last message; its views are gone
};

} // namespace hearth::broker::test
