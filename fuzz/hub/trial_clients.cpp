#include "codec/mqtt/encoder.h"
#include "hub/trial.h"

#include <algorithm>

#include <fmt/core.h>

#if __has_feature(address_sanitizer)
#include <sanitizer/allocator_interface.h>
#endif

/// What clients do.
namespace hearth::hub_fuzz {
namespace {

std::size_t allocated() {
#if __has_feature(address_sanitizer)
    return __sanitizer_get_current_allocated_bytes();
#else
    return 0;
#endif
}

std::size_t index_of(const std::vector<Client>& all, const Client& client) {
    return static_cast<std::size_t>(&client - all.data());
}

} // namespace

/// What a packet leads to is in proportion to its length; what is written and sent does not count.
Window Trial::receive(ConnectionId connection, std::string_view bytes) {
    constexpr std::size_t per_byte = 8;
    const bool announces = static_cast<std::uint8_t>(bytes[0]) >> 4 == 3; // or may do so
    const std::size_t at_most = announces ? 128U << 10 : 16U << 10;
    phase_ = Phase::packet;
    const journal::Sequence before = disk_.last();
    const std::size_t elsewhere = disk_.bytes() + life_->outlet.bytes();
    const std::size_t memory = allocated();
    (void)life_->broker.received(connection, bytes);
    const std::size_t more = 4 * (disk_.bytes() + life_->outlet.bytes() - elsewhere);
    require(allocated() <= memory + at_most + per_byte * bytes.size() + more,
            "a packet costs no more memory than its length allows",
            fmt::format("{} bytes took {}", bytes.size(), allocated() - memory));
    return since(before);
}

Window Trial::send(Client& client, const mqtt::Packet& packet) {
    std::string bytes;
    require(mqtt::encode(bytes, packet, client.words().version).has_value(), "a packet is made");
    return receive(client.id, bytes);
}

void Trial::connect(Client& client, std::uint8_t how) {
    const std::size_t index = index_of(clients_, client);
    const std::string credential(client.words().credential);
    const std::string key = keys_[credential];
    const std::string will_topic = credential + "/will";
    const std::string will = fmt::format("will {}", ++number_);
    mqtt::Connect connect;
    connect.version = client.words().version;
    connect.clean_start = (how & 1U) != 0;
    connect.client_id = client.words().id;
    connect.user_name = credential;
    connect.password = key;
    const bool kept = client.is_v5() ? (how & 2U) != 0 : !connect.clean_start;
    if (client.is_v5() && kept) connect.properties.session_expiry_s = 0xFFFFFFFF;
    if ((how & 4U) != 0)
        connect.will = mqtt::Will{will_topic, will, mqtt::Qos::at_least_once, false, {}};
    // One that is kept already comes back also while nothing can be kept.
    Sessions::Answer present =
        connect.clean_start ? Sessions::Answer::no : sessions_.is_present(index);
    if (client.is_ready() && !sessions_.is_kept(index)) present = Sessions::Answer::no;
    if (!disk_.accepts() && present == Sessions::Answer::either) return;
    const bool known = sessions_.known.contains(credential);
    const bool accepted = known && (!kept || disk_.accepts() || present == Sessions::Answer::yes);
    const ConnectionId before = client.id;
    const bool takes_over = client.open && accepted;
    if (client.open && !accepted) return; // it would be refused, and the old connection stay
    trace("{} connects, {}{}", client.words().id, connect.clean_start ? "clean" : "",
          kept ? ", kept" : "");
    if ((how & 4U) != 0) sessions_.leave_will(will);
    client.will = (how & 4U) != 0 ? will : "";
    client.begin(++connection_, {accepted, present});
    life_->broker.opened(client.id, {"127.0.0.1", 40'000});
    const Window window = send(client, connect);
    if (takes_over) (void)life_->outlet.take(before);
    if (accepted) sessions_.connect(index, connect.clean_start, kept, window);
}

void Trial::publish(Client& client, const Operation& how) {
    const std::string& topic = topics()[how.b % topics().size()];
    const std::size_t qos = std::min(how.a >> 2 & 3, 2);
    speak(client, {{topic, payload_of(topic, how.c, ++number_)}, qos, (how.a & 16U) != 0, 0, 0});
}

/// Retained on a topic of its own, and mostly soon over.
void Trial::publish_for_a_while(Client& client, const Operation& how) {
    constexpr std::array<std::uint32_t, 4> expiries{3, 3, 5, 1'000};
    if (!client.is_v5()) return;
    const std::string topic = fmt::format("{}/{}", client.words().credential, how.b % 6U);
    speak(client, {{topic, payload_of(topic, how.c, ++number_)},
                   how.a >> 2 & 1U,
                   true,
                   expiries[how.a >> 4 & 3U],
                   0});
}

/// A message that expires every few seconds, as a sensor sends them: nothing may wait for a pause.
void Trial::keep_publishing(Client& client, Operation how) {
    constexpr int times = 8;
    constexpr std::uint8_t five_seconds = 3; // of step()
    how.a &= 0xFBU;                          // QoS 0: nothing is acknowledged meanwhile
    for (int i = 0; i < times; ++i, ++how.b) {
        publish_for_a_while(client, how);
        turn();
        step(five_seconds);
    }
}

void Trial::publish_again(Client& client, std::uint8_t which) {
    for (auto& [packet_id, mine] : client.sent) {
        const bool over = mine.here || mine.state != Client::Sent::State::published;
        if (over || which-- % 2U != 0) continue;
        const bool unsure = mine.qos == 2 && sessions_.holds(index_of(clients_, client),
                                                             packet_id) == Sessions::Answer::either;
        if (unsure && is_announcement(mine.said.topic)) return;
        return speak(client, {mine.said, mine.qos, mine.retain, 0, packet_id});
    }
}

void Trial::speak(Client& client, const Speech& speech) {
    if (!client.is_ready()) return;
    const auto& [said, qos, retain, expiry_s, again] = speech;
    mqtt::Publish publish;
    publish.topic = said.topic;
    publish.payload = said.payload;
    publish.qos = static_cast<mqtt::Qos>(qos);
    publish.retain = retain;
    publish.duplicate = again != 0;
    if (qos > 0) publish.packet_id = again != 0 ? again : client.free_id();
    if (expiry_s != 0) publish.properties.message_expiry_s = expiry_s;
    trace("{} > {} q{} #{}{}{} = {}", client.words().id, said.topic, qos, publish.packet_id,
          retain ? " retained" : "", again != 0 ? " again" : "", said.payload);
    const bool accepts = disk_.accepts();
    const bool held = qos == 2 && sessions_.holds(index_of(clients_, client), publish.packet_id) ==
                                      Sessions::Answer::yes;
    const bool unkept = qos > 0 && !accepts && !held;
    const bool allowed = sessions_.may_publish(client.words().credential, said.topic);
    if (allowed) twins_.says(said);
    if (unkept && !client.is_v5()) client.may_close = true;
    life_->bus.refused = false;
    const Window window = send(client, publish);
    const bool refused = unkept || (!held && (life_->bus.refused || !allowed));
    if (qos > 0) {
        Client::Sent mine{said, qos, retain, Client::Sent::State::published, true, refused, window};
        if (held && client.sent.contains(publish.packet_id))
            mine.window = client.sent.at(publish.packet_id).window;
        client.sent[publish.packet_id] = mine;
    }
    if (!refused && !held) accepted(client, speech, publish.packet_id, window, accepts);
    if (refused && qos == 2) sessions_.release(index_of(clients_, client), publish.packet_id);
    spoken();
}

void Trial::accepted(Client& client, const Speech& speech, std::uint16_t packet_id,
                     const Window& window, bool accepts) {
    constexpr Micros sweep = 10 * seconds;
    const std::size_t index = index_of(clients_, client);
    Publication publication;
    publication.said = speech.said;
    publication.qos = speech.qos;
    publication.retain = speech.retain;
    publication.owner = client.words().credential;
    publication.accepts = accepts;
    publication.window = window;
    if (speech.expiry_s != 0) {
        const Micros expiry = speech.expiry_s * seconds;
        publication.expires_at = clock_.utc() + expiry;
        publication.swept_by = clock_.steady() + std::max(expiry, sweep) + sweep;
    }
    if (speech.qos == 2) {
        publication.must = sessions_.holds(index, packet_id) == Sessions::Answer::no;
        sessions_.hold(index, packet_id, window);
    }
    sessions_.publish(publication);
    if (is_announcement(speech.said.topic)) rewired();
    twins_.said(*life_, speech.said);
}

void Trial::subscribe(Client& client, const Operation& how) {
    if (!client.is_ready()) return;
    constexpr std::size_t many = 200;
    const std::size_t index = index_of(clients_, client);
    std::vector<std::string> wanted{filters()[how.b % filters().size()]};
    const bool often = (how.c >> 2 & 7U) == 7 && crowded_-- > 0;
    if ((how.c & 0x40U) != 0 && !often)
        wanted.push_back(filters()[(how.b + 1U) % filters().size()]);
    const std::size_t qos = how.c % 3U;
    std::string block;
    std::vector<Sessions::Answer> answers;
    const std::size_t times = often ? many : 1;
    for (const std::string& filter : wanted) {
        const auto answer = sessions_.will_grant(index, filter, disk_.accepts());
        if (answer == Sessions::Answer::either) return;
        for (std::size_t i = 0; i < times; ++i) {
            require(mqtt::append_subscription(block, {filter, static_cast<mqtt::Qos>(qos)}),
                    "a filter fits");
            answers.push_back(answer);
        }
    }
    trace("{} subscribes to {} q{}, {} times", client.words().id,
          wanted.front() + (wanted.size() > 1 ? " and " + wanted[1] : ""), qos, times);
    mqtt::Subscribe packet;
    packet.packet_id = 60'000;
    packet.subscriptions = mqtt::SubscriptionList(block);
    client.grants.push_back(answers);
    const Window window = send(client, packet);
    for (std::size_t i = 0; i < wanted.size(); ++i)
        if (answers[i * times] == Sessions::Answer::yes)
            sessions_.subscribe(index, wanted[i], qos, clock_.utc(), window);
}

void Trial::unsubscribe(Client& client, std::uint8_t which) {
    if (!client.is_ready()) return;
    const std::string& filter = filters()[which % filters().size()];
    trace("{} unsubscribes from {}", client.words().id, filter);
    std::string block;
    require(mqtt::append_filter(block, filter), "a filter fits");
    mqtt::Unsubscribe packet;
    packet.packet_id = 60'001;
    packet.filters = mqtt::FilterList(block);
    sessions_.unsubscribe(index_of(clients_, client), filter, send(client, packet));
}

void Trial::acknowledge(Client& client, std::size_t most) {
    if (!client.is_ready()) return;
    const std::size_t index = index_of(clients_, client);
    for (; most > 0 && !client.due.empty() && client.open; --most) {
        const Client::Due due = client.due.front();
        client.due.pop_front();
        mqtt::Ack ack;
        ack.type = due.type;
        ack.packet_id = due.id;
        const bool lets_go = disk_.accepts() || !sessions_.is_numbered(index);
        trace("{} > {} #{}", client.words().id, mqtt::to_string(due.type), due.id);
        const Window window = send(client, ack);
        if (due.type != mqtt::PacketType::pubrel || !client.sent.contains(due.id)) continue;
        Client::Sent& mine = client.sent.at(due.id);
        mine.state = Client::Sent::State::released;
        mine.here = mine.here && lets_go; // else it is not answered, and asks again
        mine.window = window;
        if (lets_go) sessions_.release(index, due.id);
    }
}

void Trial::disconnect(Client& client, bool in_order) {
    if (!client.open) return;
    trace("{} goes{}", client.words().id, in_order ? "" : " without a word");
    const bool was_in = client.is_in();
    if (in_order && client.is_ready()) {
        wills_over_.emplace_back(client.will, send(client, mqtt::Disconnect{}));
        sessions_.forget_will(client.will);
    } else {
        life_->broker.closed(client.id, "lost");
    }
    (void)life_->outlet.take(client.id);
    client.end();
    if (was_in) sessions_.disconnect(index_of(clients_, client));
}

/// Three bytes that are no packet, or one that says nothing.
void Trial::garbage(Client& client, const Operation& how) {
    if (!client.is_ready()) return;
    const std::string bytes{static_cast<char>(how.a), static_cast<char>(how.b),
                            static_cast<char>(how.c)};
    client.may_close = true;
    trace("{} > garbage", client.words().id);
    (void)receive(client.id, bytes);
    disconnect(client, false);
}

} // namespace hearth::hub_fuzz
