#include "hub/client.h"

#include "codec/mqtt/decoder.h"

#include <algorithm>
#include <variant>

#include <fmt/core.h>

namespace hearth::hub_fuzz {

using mqtt::PacketType;

void Client::begin(ConnectionId connection, const Hope& hope) {
    id = connection;
    open = true;
    may_close = !hope.accepted;
    heard_ = false;
    hope_ = hope;
    unread_.clear();
    grants.clear();
    due.clear();
    if (hope.accepted && hope.present == Sessions::Answer::no) {
        sent.clear();
        taken_.clear();
    }
    for (auto& [packet_id, mine] : sent) {
        mine.here = false;
        if (mine.state != Sent::State::published) due.push_back({PacketType::pubrel, packet_id});
    }
}

std::uint16_t Client::free_id() const {
    std::uint16_t packet_id = 1;
    while (sent.contains(packet_id))
        ++packet_id;
    return packet_id;
}

void Client::read(std::string_view bytes) {
    unread_ += bytes;
    std::string_view rest = unread_;
    while (!rest.empty()) {
        const auto next = mqtt::next_frame(rest, mqtt::max_packet_size);
        if (next.status == mqtt::FrameResult::Status::incomplete) break;
        require(next.status == mqtt::FrameResult::Status::frame, "the broker sends packets");
        const auto packet = mqtt::decode(next.frame, words().version);
        require(packet.has_value(), "the broker's packets can be read");
        std::visit([&](const auto& one) { take(one); }, *packet);
        rest.remove_prefix(next.frame.size);
    }
    unread_ = std::string(rest);
}

void Client::take(const mqtt::Connack& connack) {
    const bool accepted = connack.reason == mqtt::ReasonCode::success;
    trace("    {} < CONNACK {}{}", words().id, accepted ? "accepted" : "refused",
          connack.session_present ? ", present" : "");
    require(!heard_ && accepted == hope_.accepted, "CONNECT is answered as it must be", words().id);
    heard_ = true;
    if (!accepted) return;
    const bool fits = hope_.present == Sessions::Answer::either ||
                      connack.session_present == (hope_.present == Sessions::Answer::yes);
    require(fits, "a session is there when it was kept, and only then", words().id);
    if (connack.session_present || hope_.present != Sessions::Answer::either) return;
    sent.clear();
    taken_.clear();
    due.clear();
}

void Client::take(const mqtt::Publish& publish) {
    const Delivery delivery{{std::string(publish.topic), std::string(publish.payload)},
                            static_cast<std::size_t>(publish.qos),
                            publish.retain,
                            publish.duplicate};
    trace("    {} < {} q{} #{}{}{} = {}", words().id, publish.topic, delivery.qos,
          publish.packet_id, publish.retain ? " retained" : "", publish.duplicate ? " again" : "",
          publish.payload);
    require(heard_, "nothing comes before the CONNACK", words().id);
    if (delivery.qos == 1) due.push_back({PacketType::puback, publish.packet_id});
    if (delivery.qos == 2) due.push_back({PacketType::pubrec, publish.packet_id});
    if (delivery.qos == 2 && !taken_.insert(publish.packet_id).second) return;
    const auto in_flight =
        std::ranges::count_if(due, [](const Due& one) { return one.type != PacketType::pubrel; });
    require(in_flight <= small_limits().in_flight, "no more are in flight than allowed");
    const std::string wrong = sessions_.take(index_, delivery);
    require(wrong.empty(), "a client gets what it must, in order, and nothing else",
            fmt::format("{}: {} = {} (QoS {}): {}", words().id, publish.topic, publish.payload,
                        delivery.qos, wrong));
}

void Client::take(const mqtt::Ack& ack) {
    trace("    {} < {} #{} 0x{:02X}", words().id, mqtt::to_string(ack.type), ack.packet_id,
          static_cast<unsigned>(ack.reason));
    if (ack.type == PacketType::pubrel) {
        taken_.erase(ack.packet_id);
        due.push_back({PacketType::pubcomp, ack.packet_id});
        return;
    }
    const auto found = sent.find(ack.packet_id);
    require(found != sent.end(), "only what was sent is acknowledged", words().id);
    taken(found->second, ack);
    const bool over = ack.type != PacketType::pubrec || mqtt::is_failure(ack.reason);
    if (over) sent.erase(found);
}

/// Committed before acknowledged; and a message that was refused is not said to be taken.
void Client::taken(Sent& mine, const mqtt::Ack& ack) {
    const PacketType fitting = mine.state == Sent::State::released ? PacketType::pubcomp
                               : mine.qos == 1                     ? PacketType::puback
                                                                   : PacketType::pubrec;
    require(ack.type == fitting, "the acknowledgement fits", words().id);
    if (fitting != PacketType::pubcomp && is_v5())
        require(mqtt::is_failure(ack.reason) == mine.refused, "what is refused is told so",
                mine.said.topic);
    const bool recorded = mine.window.after > mine.window.before && !mine.refused;
    require(!recorded || disk_.committed() >= mine.window.after,
            "what is acknowledged is committed", mine.said.topic);
    if (fitting != PacketType::pubrec || mqtt::is_failure(ack.reason)) return;
    mine.state = Sent::State::received;
    due.push_back({PacketType::pubrel, ack.packet_id});
}

void Client::take(const mqtt::Suback& suback) {
    require(!grants.empty(), "only a SUBSCRIBE is answered", words().id);
    const std::vector<Sessions::Answer> expected = std::move(grants.front());
    grants.pop_front();
    std::size_t i = 0;
    for (const mqtt::ReasonCode reason : suback.reasons) {
        require(i < expected.size(), "a SUBACK says one thing of each filter");
        require(expected[i] == Sessions::Answer::either ||
                    (expected[i] == Sessions::Answer::yes) == !mqtt::is_failure(reason),
                "a subscription is granted to whom it is due", words().id);
        ++i;
    }
}

void Client::take(const mqtt::Disconnect&) {
    trace("    {} < DISCONNECT", words().id);
    require(may_close, "nobody is disconnected without a reason", words().id);
}

std::string Client::waits_for() const {
    if (!open || stuck) return {};
    if (!heard_) return "CONNACK";
    if (!grants.empty()) return "SUBACK";
    for (const auto& [packet_id, mine] : sent)
        if (mine.here) return fmt::format("the acknowledgement of #{}", packet_id);
    return {};
}

} // namespace hearth::hub_fuzz
