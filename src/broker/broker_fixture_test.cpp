#include "broker/broker_fixture.h"

#include <fmt/core.h>

namespace hearth::broker::test {

void World::make() {
    broker = std::make_unique<Broker>(
        BrokerParts{clock, random, journal, authorizer, outlet, metrics, refusals, memory}, limits);
}

World::World(const journal::MemoryJournal& before, Micros utc, const BrokerLimits& broker_limits)
    : limits(broker_limits)
    , clock(utc) {
    make();
    if (!before.replay_into({broker.get()})) std::abort();
    for (const auto& record : before.records())
        journal.append(record.kind, record.version, record.payload);
    broker->start();
}

void Client::open(bool loopback) {
    id = world_.next_connection++;
    world_.broker->opened(id, {loopback ? "127.0.0.1" : "192.168.1.9", 40'000});
}

void Client::send(const mqtt::Packet& packet) {
    std::string bytes;
    if (!mqtt::encode(bytes, packet, version_)) std::abort();
    raw(bytes);
}

Client& Client::connect(std::string_view client_id, const ConnectOptions& options, bool commit) {
    if (id == 0 || is_closed()) open(options.loopback);
    mqtt::Connect connect;
    connect.version = version_;
    connect.v31 = options.v31;
    connect.bridge = options.bridge;
    connect.clean_start = options.clean;
    connect.keep_alive_s = options.keep_alive_s;
    connect.client_id = client_id;
    connect.will = options.will;
    if (options.user) {
        connect.user_name = *options.user;
        connect.password = options.password;
    }
    connect.properties = options.properties;
    send(connect);
    if (commit) world_.commit();
    return *this;
}

void Client::publish(std::string_view topic, std::string_view payload,
                     const PublishOptions& options) {
    mqtt::Publish publish;
    publish.topic = topic;
    publish.payload = payload;
    publish.qos = static_cast<mqtt::Qos>(options.qos);
    publish.retain = options.retain;
    publish.duplicate = options.duplicate;
    publish.properties = options.properties;
    if (options.qos > 0) publish.packet_id = options.id != 0 ? options.id : next_id_++;
    send(publish);
}

void Client::subscribe(std::string_view filter, const SubscribeOptions& options) {
    std::string block;
    if (!mqtt::append_subscription(block,
                                   {filter, static_cast<mqtt::Qos>(options.qos), options.no_local,
                                    options.as_published, options.retain_handling}))
        std::abort();
    mqtt::Subscribe subscribe;
    subscribe.packet_id = 1;
    if (options.identifier != 0) subscribe.properties.subscription_id = options.identifier;
    subscribe.subscriptions = mqtt::SubscriptionList(block);
    send(subscribe);
}

void Client::unsubscribe(std::string_view filter) {
    std::string block;
    if (!mqtt::append_filter(block, filter)) std::abort();
    mqtt::Unsubscribe unsubscribe;
    unsubscribe.packet_id = 2;
    unsubscribe.filters = mqtt::FilterList(block);
    send(unsubscribe);
}

void Client::ack(mqtt::PacketType type, std::uint16_t packet_id, mqtt::ReasonCode reason) {
    mqtt::Ack ack;
    ack.type = type;
    ack.packet_id = packet_id;
    ack.reason = reason;
    send(ack);
}

Lines Client::take() {
    bytes_ += world_.outlet.out[id];
    world_.outlet.out[id].clear();
    Lines lines;
    std::string_view rest = bytes_;
    while (!rest.empty()) {
        const auto next = mqtt::next_frame(rest, mqtt::max_packet_size);
        if (next.status == mqtt::FrameResult::Status::incomplete) break;
        if (next.status == mqtt::FrameResult::Status::error) {
            lines.push_back("broken: " + next.error.detail);
            break;
        }
        const auto packet = mqtt::decode(next.frame, version_);
        lines.push_back(packet ? describe(*packet) : "broken: " + packet.error().detail);
        rest.remove_prefix(next.frame.size);
    }
    bytes_ = std::string(rest);
    return lines;
}

namespace {

std::string reason(mqtt::ReasonCode code) {
    if (code == mqtt::ReasonCode::success) return "";
    return fmt::format(" 0x{:02X}", static_cast<unsigned>(code));
}

std::string properties(const mqtt::PublishProperties& of) {
    std::string text;
    if (of.message_expiry_s) text += fmt::format(" expiry={}", *of.message_expiry_s);
    if (of.content_type) text += fmt::format(" type={}", *of.content_type);
    if (of.response_topic) text += fmt::format(" answer={}", *of.response_topic);
    for (const auto& user : of.user_properties)
        text += fmt::format(" {}={}", user.name, user.value);
    for (const std::uint32_t id : of.subscription_ids)
        text += fmt::format(" sub={}", id);
    return text;
}

struct Describe {
    std::string operator()(const mqtt::Connack& connack) const {
        std::string text = "CONNACK" + reason(connack.reason);
        if (connack.session_present) text += " present";
        if (connack.properties.assigned_client_id) text += " assigned";
        if (connack.properties.session_expiry_s)
            text += fmt::format(" expiry={}", *connack.properties.session_expiry_s);
        return text;
    }
    std::string operator()(const mqtt::Publish& publish) const {
        std::string text =
            fmt::format("PUBLISH {} q{}", publish.topic, static_cast<int>(publish.qos));
        if (publish.packet_id != 0) text += fmt::format(" #{}", publish.packet_id);
        if (publish.retain) text += " retain";
        if (publish.duplicate) text += " dup";
        text += properties(publish.properties);
        return text + fmt::format(" = {}", publish.payload);
    }
    std::string operator()(const mqtt::Ack& ack) const {
        return fmt::format("{} #{}{}", mqtt::to_string(ack.type), ack.packet_id,
                           reason(ack.reason));
    }
    std::string operator()(const mqtt::Suback& suback) const {
        std::string text = "SUBACK";
        for (const mqtt::ReasonCode code : suback.reasons)
            text += fmt::format(" 0x{:02X}", static_cast<unsigned>(code));
        return text;
    }
    std::string operator()(const mqtt::Unsuback& unsuback) const {
        std::string text = "UNSUBACK";
        for (const mqtt::ReasonCode code : unsuback.reasons)
            text += fmt::format(" 0x{:02X}", static_cast<unsigned>(code));
        return text;
    }
    std::string operator()(const mqtt::Disconnect& disconnect) const {
        return "DISCONNECT" + reason(disconnect.reason);
    }
    std::string operator()(const mqtt::Pingresp&) const { return "PINGRESP"; }
    template <class Other>
    std::string operator()(const Other&) const {
        return "a packet that only clients send";
    }
};

} // namespace

std::string describe(const mqtt::Packet& packet) {
    return std::visit(Describe{}, packet);
}

Result<void> Ear::received(std::string_view topic, std::string_view payload, const Origin& origin) {
    std::string line = fmt::format("{} = {}", topic, payload);
    if (origin.retained) line += " (retained)";
    if (!origin.client_id.empty()) line += fmt::format(" from {}", origin.client_id);
    if (origin.by == Origin::By::hearth) line += " by hearth";
    if (!origin.credential.empty()) line += fmt::format(" of {}", origin.credential);
    heard.push_back(line);
    last = origin;
    if (then) then(topic);
    if (refused.contains(std::string(topic))) return fail(Code::refused, "not this one");
    return {};
}

void Ear::dropped(std::string_view topic) {
    heard.push_back(fmt::format("{} is dropped", topic));
    if (then) then(topic);
}

} // namespace hearth::broker::test
