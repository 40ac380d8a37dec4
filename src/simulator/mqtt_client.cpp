#include "simulator/mqtt_client.h"

#include "base/text.h"
#include "codec/mqtt/decoder.h"
#include "codec/mqtt/encoder.h"

#include <algorithm>
#include <utility>

namespace hearth::simulator {
namespace {

constexpr std::uint16_t subscribe_packet_id = 1; ///< publishes take those above

/// A view of the message, good for as long as that.
mqtt::Publish packet_of(const Message& message, std::uint16_t packet_id) {
    mqtt::Publish packet;
    packet.topic = message.topic;
    packet.payload = message.payload;
    packet.qos = message.qos;
    packet.retain = message.retain;
    packet.packet_id = packet_id;
    return packet;
}

} // namespace

MqttClient::MqttClient(ClientOptions options, Link& link, ClientOwner& owner, Random& random,
                       ClientLimits limits)
    : options_(std::move(options))
    , link_(link)
    , owner_(owner)
    , random_(random)
    , limits_(limits)
    , back_off_(limits.first_back_off)
    , window_(limits.in_flight) {}

void MqttClient::start(Micros now) {
    now_ = now;
    state_ = State::opening;
    connect_deadline_ = now + limits_.connect_timeout;
    link_.open();
}

void MqttClient::stop() {
    stopping_ = true;
    if (state_ == State::connected) send(mqtt::Disconnect());
    if (state_ == State::waiting || state_ == State::idle) {
        state_ = State::stopped;
    } else if (state_ != State::stopped && state_ != State::closing) {
        state_ = State::closing;
        link_.close();
    }
}

Result<void> MqttClient::publish(const Message& message) {
    if (message.topic.size() + message.payload.size() > limits_.packet_bytes)
        return fail(Code::limit, "message of {} bytes; at most {} are sent",
                    message.topic.size() + message.payload.size(), limits_.packet_bytes);
    if (message.qos == mqtt::Qos::at_most_once) {
        if (!is_connected()) return fail(Code::unavailable, "not connected");
        send(packet_of(message, 0));
        return {};
    }
    if (queued_.size() >= limits_.queued)
        return fail(Code::limit, "{} messages wait to be sent", queued_.size());
    queued_.push_back(message);
    if (is_connected()) fill_window();
    return {};
}

void MqttClient::opened(Micros now) {
    now_ = now;
    if (state_ != State::opening) return;
    state_ = State::greeting;
    send_connect();
}

std::size_t MqttClient::received(std::string_view bytes, Micros now) {
    now_ = heard_at_ = now;
    std::size_t done = 0;
    while (state_ != State::closing && state_ != State::stopped) {
        const mqtt::FrameResult next = mqtt::next_frame(bytes.substr(done), limits_.packet_bytes);
        if (next.status == mqtt::FrameResult::Status::incomplete) return done;
        if (next.status == mqtt::FrameResult::Status::error) {
            drop("the broker sent " + next.error.detail);
            break;
        }
        done += next.frame.size;
        if (!handle(next.frame)) break;
    }
    return bytes.size(); // what comes after the end is of no use
}

void MqttClient::closed(std::string_view why, Micros now) {
    now_ = now;
    if (state_ == State::stopped || state_ == State::waiting) return;
    ping_deadline_.reset();
    if (stopping_) {
        state_ = State::stopped;
        return;
    }
    state_ = State::waiting;
    SeededRandom chance(random_.next());
    retry_at_ =
        now + static_cast<Micros>(static_cast<double>(back_off_) * chance.between(0.8, 1.2));
    back_off_ = std::min(2 * back_off_, limits_.longest_back_off);
    owner_.lost(why_.empty() ? why : why_);
    why_.clear();
}

void MqttClient::advance(Micros now) {
    now_ = now;
    switch (state_) {
    case State::waiting:
        if (now >= retry_at_) start(now);
        break;
    case State::opening:
    case State::greeting:
    case State::subscribing:
        if (now >= connect_deadline_) drop("the broker did not answer in time");
        break;
    case State::connected:
        if (ping_deadline_ && now >= *ping_deadline_)
            drop("the broker did not answer a ping");
        else if (!ping_deadline_ && now - std::min(sent_at_, heard_at_) >= keep_alive_ / 2)
            send_ping();
        break;
    default:
        break;
    }
}

template <class Packet>
void MqttClient::send(const Packet& packet) {
    out_.clear();
    mqtt::Checked<void> encoded;
    if constexpr (std::is_same_v<Packet, mqtt::Connect>)
        encoded = mqtt::encode(out_, packet);
    else
        encoded = mqtt::encode(out_, packet, options_.version);
    if (!encoded) {
        owner_.rejected("", encoded.error().detail);
        return;
    }
    link_.send(out_);
    sent_at_ = now_;
}

void MqttClient::send_connect() {
    mqtt::Connect connect;
    connect.version = options_.version;
    connect.client_id = options_.client_id;
    connect.keep_alive_s = options_.keep_alive_s;
    keep_alive_ = options_.keep_alive_s * seconds;
    if (options_.will) {
        mqtt::Will& will = connect.will.emplace();
        will.topic = options_.will->topic;
        will.payload = options_.will->payload;
        will.qos = options_.will->qos;
        will.retain = options_.will->retain;
    }
    if (options_.user_name) connect.user_name = *options_.user_name;
    if (options_.password) connect.password = *options_.password;
    send(connect);
}

void MqttClient::send_subscribe() {
    std::string block;
    for (const auto& [filter, qos] : options_.subscriptions) {
        mqtt::Subscription subscription;
        subscription.filter = filter;
        subscription.qos = qos;
        if (!mqtt::append_subscription(block, subscription))
            owner_.rejected(filter, "the filter is too long");
    }
    mqtt::Subscribe subscribe;
    subscribe.packet_id = subscribe_packet_id;
    subscribe.subscriptions = mqtt::SubscriptionList(block);
    send(subscribe);
}

void MqttClient::send_ping() {
    send(mqtt::Pingreq());
    ping_deadline_ = now_ + std::max<Micros>(seconds, keep_alive_ / 2);
}

void MqttClient::send_in_flight() {
    for (const auto& [id, message] : in_flight_) {
        // A clean session: for the broker it is a first delivery, so no DUP (3.3.1.1).
        send(packet_of(message, id));
    }
}

void MqttClient::fill_window() {
    while (!queued_.empty() && in_flight_.size() < window_) {
        const std::uint16_t id = free_packet_id();
        const Message& message = in_flight_[id] = std::move(queued_.front());
        queued_.pop_front();
        send(packet_of(message, id));
    }
}

std::uint16_t MqttClient::free_packet_id() {
    // The window is far smaller than the numbers, so one is always free.
    do {
        ++last_packet_id_;
        if (last_packet_id_ <= subscribe_packet_id) last_packet_id_ = subscribe_packet_id + 1;
    } while (in_flight_.contains(last_packet_id_));
    return last_packet_id_;
}

bool MqttClient::handle(const mqtt::Frame& frame) {
    const mqtt::PacketType type = frame.type();
    if (!mqtt::may_send(mqtt::Sender::server, type, options_.version))
        return drop(fmt::format("the broker sent a {}", mqtt::to_string(type)));
    // A PUBLISH may come before the SUBACK (3.8.4), nothing at all before the CONNACK.
    if ((state_ == State::greeting) != (type == mqtt::PacketType::connack))
        return drop(fmt::format("the broker sent {} out of turn", mqtt::to_string(type)));
    auto packet = mqtt::decode(frame, options_.version);
    if (!packet) return drop("the broker sent " + packet.error().detail);
    return std::visit(
        [&](const auto& one) {
            using One = std::decay_t<decltype(one)>;
            if constexpr (requires { this->handle_packet(one); })
                return handle_packet(one);
            else if constexpr (std::is_same_v<One, mqtt::Pingresp>)
                return ping_deadline_.reset(), true;
            else
                return true; // UNSUBACK, AUTH: never asked for
        },
        *packet);
}

bool MqttClient::is_refusal(mqtt::ReasonCode reason) const {
    return reason == mqtt::ReasonCode::bad_user_name_or_password ||
           reason == mqtt::ReasonCode::not_authorized || reason == mqtt::ReasonCode::banned;
}

bool MqttClient::handle_packet(const mqtt::Connack& connack) {
    if (is_refusal(connack.reason))
        return give_up({Code::refused, fmt::format("the broker does not let \"{}\" in ({})",
                                                   printable(options_.client_id, 60),
                                                   mqtt::to_string(connack.reason))});
    if (mqtt::is_failure(connack.reason))
        return drop(fmt::format("the broker refused: {}", mqtt::to_string(connack.reason)));
    window_ = limits_.in_flight;
    if (connack.properties.receive_maximum)
        window_ = std::min<std::size_t>(window_, *connack.properties.receive_maximum);
    if (connack.properties.server_keep_alive_s)
        keep_alive_ = std::max<Micros>(1, *connack.properties.server_keep_alive_s) * seconds;
    if (options_.subscriptions.empty()) return handle_packet(mqtt::Suback());
    state_ = State::subscribing;
    send_subscribe();
    return true;
}

bool MqttClient::handle_packet(const mqtt::Suback& suback) {
    auto subscription = options_.subscriptions.begin();
    for (const mqtt::ReasonCode reason : suback.reasons) {
        if (subscription == options_.subscriptions.end()) break;
        if (mqtt::is_failure(reason))
            return give_up(
                {Code::refused,
                 fmt::format("the broker does not let \"{}\" subscribe to {} ({})",
                             printable(options_.client_id, 60), printable(subscription->first, 100),
                             mqtt::to_string(reason))});
        ++subscription;
    }
    if (state_ == State::connected) return true;
    state_ = State::connected;
    back_off_ = limits_.first_back_off;
    send_in_flight();
    owner_.connected(now_);
    fill_window();
    return true;
}

bool MqttClient::handle_packet(const mqtt::Publish& publish) {
    if (publish.qos == mqtt::Qos::exactly_once)
        return drop("the broker sent QoS 2, which was not subscribed to");
    if (publish.topic.empty()) return drop("the broker sent a topic alias that was not allowed");
    if (publish.qos == mqtt::Qos::at_least_once) {
        mqtt::Ack ack;
        ack.packet_id = publish.packet_id;
        send(ack);
    }
    owner_.received(publish, now_);
    return true;
}

bool MqttClient::handle_packet(const mqtt::Ack& ack) {
    const auto found = in_flight_.find(ack.packet_id);
    if (ack.type != mqtt::PacketType::puback || found == in_flight_.end()) return true;
    if (mqtt::is_failure(ack.reason))
        owner_.rejected(found->second.topic, mqtt::to_string(ack.reason));
    in_flight_.erase(found);
    if (is_connected()) fill_window();
    return true;
}

bool MqttClient::handle_packet(const mqtt::Disconnect& disconnect) {
    const std::string why =
        fmt::format("the broker hung up: {}", mqtt::to_string(disconnect.reason));
    if (is_refusal(disconnect.reason)) return give_up({Code::refused, why});
    return drop(why);
}

bool MqttClient::give_up(const Error& error) {
    stopping_ = true;
    state_ = State::closing;
    link_.close();
    owner_.refused(error);
    return false;
}

bool MqttClient::drop(std::string why) {
    why_ = std::move(why);
    state_ = State::closing;
    link_.close();
    return false;
}

} // namespace hearth::simulator
