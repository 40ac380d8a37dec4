#pragma once

#include "base/random.h"
#include "base/result.h"
#include "base/time.h"
#include "codec/mqtt/frame.h"
#include "codec/mqtt/packet.h"

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hearth::simulator {

/// A message with memory of its own.
struct Message {
    std::string topic;
    std::string payload;
    mqtt::Qos qos = mqtt::Qos::at_most_once;
    bool retain = false;

    bool operator==(const Message&) const = default;
};

struct ClientOptions {
    std::string client_id;
    mqtt::Version version = mqtt::Version::v311;
    std::uint16_t keep_alive_s = 60; ///< at least 1
    std::optional<Message> will;
    std::optional<std::string> user_name;
    std::optional<std::string> password; ///< never without user_name
    /// Asked for on every connection; QoS at most 1.
    std::vector<std::pair<std::string, mqtt::Qos>> subscriptions;
};

struct ClientLimits {
    std::size_t packet_bytes = 256U << 10; ///< longest packet that is accepted
    std::size_t in_flight = 20;            ///< QoS 1 messages that wait for their PUBACK
    std::size_t queued = 10'000;           ///< QoS 1 messages that wait for room in flight
    Micros connect_timeout = 10 * seconds; ///< until the CONNACK
    Micros first_back_off = seconds;
    Micros longest_back_off = 30 * seconds;
};

/// The connection below a client: real, or a test's.
class Link {
public:
    virtual ~Link() = default;
    /// Starts to connect; MqttClient::opened() or closed() is called later, never from within.
    virtual void open() = 0;
    virtual void send(std::string_view bytes) = 0;
    /// MqttClient::closed() follows, never from within.
    virtual void close() = 0;
};

/// Whom a client serves.
class ClientOwner {
public:
    virtual ~ClientOwner() = default;
    /// The broker has accepted the client and all its subscriptions.
    virtual void connected(Micros now) = 0;
    virtual void received(const mqtt::Publish& message, Micros now) = 0;
    /// The connection is gone or did not come about; the client tries again by itself.
    virtual void lost(std::string_view why) = 0;
    /// The broker does not let the client do what it needs; the client has stopped for good.
    virtual void refused(const Error& error) = 0;
    /// One message was not taken (only 5.0 tells so); the client goes on.
    virtual void rejected(std::string_view topic, std::string_view why) = 0;
};

/// An MQTT client as firmware has one, for 3.1.1 and 5.0: a clean session, a will, keep-alive, QoS
/// 0 and 1 both ways, and connecting again after 1, 2, 4 … 30 seconds (with some chance, so that
/// many do not come at once).
///
/// A QoS 1 message is sent again on the next connection until it is acknowledged. A QoS 0 message
/// without a connection is dropped, as firmware does.
///
/// Has no socket, clock or thread: it is called with the time (of a steady clock) and with bytes.
/// Owns nothing that it is handed; link, owner and random must outlive it.
class MqttClient {
public:
    MqttClient(ClientOptions options, Link& link, ClientOwner& owner, Random& random,
               ClientLimits limits = {});
    MqttClient(const MqttClient&) = delete;
    MqttClient& operator=(const MqttClient&) = delete;

    void start(Micros now);
    /// Says goodbye (DISCONNECT, so that the broker drops the will) and closes; tries no more.
    void stop();

    /// Errors: limit where `queued` is reached or the message is too large; unavailable for QoS 0
    /// without a connection.
    Result<void> publish(const Message& message);

    bool is_connected() const { return state_ == State::connected; }
    bool is_stopped() const { return state_ == State::stopped; }
    /// QoS 1 messages that the broker has not acknowledged yet.
    std::size_t unacknowledged() const { return in_flight_.size() + queued_.size(); }
    const ClientOptions& options() const { return options_; }

    // From the link.
    void opened(Micros now);
    /// Returns how many bytes are done with.
    std::size_t received(std::string_view bytes, Micros now);
    void closed(std::string_view why, Micros now);

    /// To be called at least every second: keep-alive, time-outs, connecting again.
    void advance(Micros now);

private:
    enum class State { idle, opening, greeting, subscribing, connected, waiting, closing, stopped };

    void send_connect();
    void send_subscribe();
    void send_ping();
    void send_in_flight();
    void fill_window();
    template <class Packet>
    void send(const Packet& packet);
    bool handle(const mqtt::Frame& frame);
    bool handle_packet(const mqtt::Connack& connack);
    bool handle_packet(const mqtt::Suback& suback);
    bool handle_packet(const mqtt::Publish& publish);
    bool handle_packet(const mqtt::Ack& ack);
    bool handle_packet(const mqtt::Disconnect& disconnect);
    bool is_refusal(mqtt::ReasonCode reason) const;
    /// Both return false, so that a handler can end with them.
    bool give_up(const Error& error);
    bool drop(std::string why);
    std::uint16_t free_packet_id();

    ClientOptions options_;
    Link& link_;
    ClientOwner& owner_;
    Random& random_;
    ClientLimits limits_;
    State state_ = State::idle;
    bool stopping_ = false;
    std::string why_; ///< this side closed the connection
    Micros now_ = 0;
    Micros connect_deadline_ = 0;
    Micros retry_at_ = 0;
    Micros back_off_;
    Micros sent_at_ = 0;
    Micros heard_at_ = 0;
    Micros keep_alive_ = 0;
    std::optional<Micros> ping_deadline_;
    std::size_t window_;
    std::uint16_t last_packet_id_ = 0;
    std::map<std::uint16_t, Message> in_flight_;
    std::deque<Message> queued_;
    std::string out_; ///< kept for its memory
};

} // namespace hearth::simulator
