#include "broker/broker_fixture.h"
#include "broker/records.h"

#include <algorithm>

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hearth::broker::test {
namespace {

/// The whole state of a broker as text, whatever the order in which tables keep it.
class State final : public journal::SnapshotSink {
public:
    void put(journal::Kind kind, std::uint8_t version, std::string_view payload) override {
        const journal::Record record{1, kind, version, true, payload};
        switch (static_cast<RecordKind>(kind)) {
        case RecordKind::message_state: {
            const auto state = decode_message_state(payload);
            messages_[state->number] =
                fmt::format("{} = {}", state->message.topic, state->message.payload);
            break;
        }
        case RecordKind::delivery_state: {
            const auto state = decode_delivery(payload);
            deliveries_[state->target.session] +=
                fmt::format("\n  #{} q{}{} {}", state->target.packet_id,
                            static_cast<int>(state->target.qos), state->released ? " released" : "",
                            state->released ? "" : messages_.at(state->message));
            break;
        }
        default:
            lines_.push_back(fmt::format("{} {}", kind, payload));
        }
        EXPECT_TRUE(broker::describe(record)) << kind;
    }

    std::string text() {
        std::ranges::sort(lines_);
        std::string text;
        for (const std::string& line : lines_)
            text += line + '\n';
        for (const auto& [session, list] : deliveries_)
            text += fmt::format("{}:{}\n", session, list);
        return text;
    }

private:
    std::vector<std::string> lines_;
    std::map<std::uint64_t, std::string> messages_;
    std::map<SessionNumber, std::string> deliveries_;
};

std::string state_of(const Broker& broker) {
    State state;
    broker.snapshot(state);
    return state.text();
}

/// Some clients that do anything, by a seed.
class Crowd {
public:
    Crowd(World& world, std::uint64_t seed)
        : world_(world)
        , random_(seed) {
        for (int i = 0; i < 5; ++i)
            clients_.emplace_back(world, i % 2 == 0 ? Version::v5 : Version::v311);
    }

    void act() {
        const std::size_t who = pick(clients_.size());
        Client& client = clients_[who];
        if (client.id == 0 || client.is_closed()) {
            connect(client, who);
            return;
        }
        switch (pick(12)) {
        case 0:
            client.vanish(), client.id = 0;
            break;
        case 1:
            client.disconnect();
            break;
        case 2:
            client.unsubscribe(filter());
            break;
        case 3:
        case 4:
            client.subscribe(filter(), {.qos = static_cast<int>(pick(3))});
            break;
        case 5:
            world_.pass(static_cast<Micros>(pick(20)) * seconds);
            break;
        case 6:
        case 7:
            answer(client);
            break;
        default:
            publish(client);
        }
    }

private:
    std::size_t pick(std::size_t below) { return random_.next() % below; }
    std::string filter() {
        static constexpr std::array<const char*, 5> filters{"t/1", "t/+", "#", "t/2",
                                                            "$share/g/t/#"};
        return filters[pick(filters.size())];
    }
    void connect(Client& client, std::size_t who) {
        ConnectOptions options;
        options.clean = pick(6) == 0;
        options.properties.session_expiry_s = pick(5) == 0 ? 0 : 60;
        options.properties.receive_maximum = static_cast<std::uint16_t>(2 + pick(3));
        client.connect("client-" + std::to_string(who), options, pick(2) == 0);
    }
    void publish(Client& client) {
        PublishOptions options;
        options.qos = static_cast<int>(pick(3));
        options.retain = pick(4) == 0;
        options.id = static_cast<std::uint16_t>(1 + pick(5));
        client.publish("t/" + std::to_string(pick(4)),
                       options.retain && pick(3) == 0 ? "" : std::to_string(counter_++), options);
    }
    void answer(Client& client) {
        world_.commit();
        for (const std::string& line : client.take()) {
            const std::size_t mark = line.find('#');
            if (mark == std::string::npos || pick(4) == 0) continue;
            const auto id = static_cast<std::uint16_t>(std::stoi(line.substr(mark + 1)));
            if (line.contains(" q1 ")) client.puback(id);
            if (line.contains(" q2 ")) client.pubrec(id);
            if (line.starts_with("PUBREL")) client.pubcomp(id);
            if (line.starts_with("PUBREC")) client.pubrel(id);
        }
    }

    World& world_;
    SeededRandom random_;
    std::vector<Client> clients_;
    int counter_ = 0;
};

std::string replayed(const World& world) {
    World other; // its own journal stays empty: only replay() is looked at
    other.broker->reset();
    EXPECT_TRUE(world.journal.replay_into({other.broker.get()}));
    return state_of(*other.broker);
}

TEST(ReplayTest, WhateverHappenedReplayRebuildsIt) {
    for (std::uint64_t seed = 1; seed <= 30; ++seed) {
        World world;
        Crowd crowd(world, seed);
        for (int i = 0; i < 400; ++i) {
            crowd.act();
            if (i % 40 == 0) ASSERT_EQ(replayed(world), state_of(*world.broker)) << seed;
        }
        world.commit();
        ASSERT_EQ(replayed(world), state_of(*world.broker)) << seed;
    }
}

TEST(ReplayTest, ACheckpointIsTheWholeStateAndLifeGoesOnFromIt) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        World world;
        Crowd crowd(world, seed);
        for (int i = 0; i < 200; ++i)
            crowd.act();
        world.journal.checkpoint({world.broker.get()});
        ASSERT_EQ(replayed(world), state_of(*world.broker)) << seed;
        for (int i = 0; i < 200; ++i)
            crowd.act();
        ASSERT_EQ(replayed(world), state_of(*world.broker)) << seed;
    }
}

TEST(ReplayTest, ADamagedRecordIsAnErrorNotACrash) {
    World world;
    Crowd crowd(world, 5);
    for (int i = 0; i < 300; ++i)
        crowd.act();
    SeededRandom random(6);
    World other;
    for (const auto& stored : world.journal.records()) {
        std::string payload = stored.payload;
        if (!payload.empty()) payload[random.next() % payload.size()] ^= 0x41;
        payload.resize(random.next() % (payload.size() + 1));
        (void)other.broker->replay({1, stored.kind, stored.version, stored.state, payload});
        (void)broker::describe({1, stored.kind, stored.version, stored.state, payload});
    }
    EXPECT_FALSE(other.broker->replay({1, 299, 1, false, "x"}));
    EXPECT_FALSE(other.broker->replay({1, 200, 2, false, "x"}));
}

/// A publisher and a subscriber as good clients are: they keep what is not acknowledged, and the
/// subscriber keeps the identifiers of QoS 2 until they are released.
struct Pair {
    enum class Phase { sent, released };
    struct Open {
        std::string payload;
        int qos = 1;
        Phase phase = Phase::sent;
    };

    std::map<std::uint16_t, Open> open;
    std::uint16_t next_id = 1;
    int published = 0;
    std::vector<std::string> delivered;
    std::set<std::uint16_t> held;

    void publish(Client& publisher, int qos) {
        const std::uint16_t id = next_id++;
        open[id] = {std::to_string(published++) + "/" + std::to_string(qos), qos};
        publisher.publish("t", open[id].payload, {.qos = qos, .id = id});
    }
    void resume(Client& publisher) const {
        for (const auto& [id, message] : open) {
            if (message.phase == Phase::released)
                publisher.pubrel(id);
            else
                publisher.publish("t", message.payload,
                                  {.qos = message.qos, .id = id, .duplicate = true});
        }
    }
    bool listen(Client& publisher, Client& subscriber) {
        const Lines answers = publisher.take();
        for (const std::string& line : answers)
            hear_answer(publisher, line);
        const Lines messages = subscriber.take();
        for (const std::string& line : messages)
            hear_message(subscriber, line);
        return !answers.empty() || !messages.empty();
    }
    void hear_answer(Client& publisher, const std::string& line) {
        if (!line.contains('#')) return;
        const auto id = static_cast<std::uint16_t>(std::stoi(line.substr(line.find('#') + 1)));
        if (line.starts_with("PUBREC")) {
            open[id].phase = Phase::released;
            publisher.pubrel(id);
        } else {
            open.erase(id);
        }
    }
    void hear_message(Client& subscriber, const std::string& line) {
        if (!line.contains('#')) return;
        const auto id = static_cast<std::uint16_t>(std::stoi(line.substr(line.find('#') + 1)));
        if (line.starts_with("PUBREL")) {
            held.erase(id);
            subscriber.pubcomp(id);
            return;
        }
        const bool twice = line.contains(" q2 ");
        if (!twice || held.insert(id).second) delivered.push_back(line.substr(line.find("= ") + 2));
        twice ? subscriber.pubrec(id) : subscriber.puback(id);
    }
};

ConnectOptions kept() {
    ConnectOptions options;
    options.clean = false;
    options.properties.session_expiry_s = 3'600;
    return options;
}

/// The power fails when only the first `kept_records` are on the disk; the pair goes on with the
/// hub that starts again from them.
void check_cut(const World& world, journal::Sequence kept_records, Pair pair) {
    journal::MemoryJournal disk;
    for (const auto& record : world.journal.records())
        if (record.sequence <= kept_records)
            disk.append(record.kind, record.version, record.payload);
    World after(disk, world.clock.utc());
    Client publisher(after, Version::v5);
    Client subscriber(after, Version::v5);
    publisher.connect("publisher", kept());
    subscriber.connect("subscriber", kept());
    pair.resume(publisher);
    do
        after.commit();
    while (pair.listen(publisher, subscriber));

    EXPECT_TRUE(pair.open.empty());
    std::map<std::string, int> times;
    for (const std::string& payload : pair.delivered)
        ++times[payload];
    for (int i = 0; i < pair.published; ++i)
        for (const int qos : {1, 2}) {
            const auto found = times.find(fmt::format("{}/{}", i, qos));
            if (found != times.end() && qos == 2)
                EXPECT_EQ(found->second, 1) << found->first << " at " << kept_records;
        }
    EXPECT_EQ(times.size(), static_cast<std::size_t>(pair.published)) << "at " << kept_records;
}

TEST(ReplayTest, CutAfterAnyRecordNothingAcknowledgedIsMissingAndQos2ComesOnce) {
    int cuts = 0;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        World world;
        SeededRandom random(seed);
        Client publisher(world, Version::v5);
        Client subscriber(world, Version::v5);
        publisher.connect("publisher", kept());
        subscriber.connect("subscriber", kept());
        subscriber.subscribe("t", {.qos = 2});
        world.commit();
        Pair pair;
        pair.listen(publisher, subscriber);
        journal::Sequence committed = world.journal.last();
        for (int i = 0; i < 40; ++i) {
            if (random.next() % 2 == 0 && pair.open.size() < 5)
                pair.publish(publisher, 1 + static_cast<int>(random.next() % 2));
            if (random.next() % 2 == 0) pair.listen(publisher, subscriber);
            for (journal::Sequence at = committed; at <= world.journal.last(); ++at, ++cuts)
                check_cut(world, at, pair);
            if (random.next() % 3 != 0) continue;
            world.commit();
            committed = world.journal.last();
        }
        if (testing::Test::HasFailure()) FAIL() << "seed " << seed;
    }
    EXPECT_GT(cuts, 1'000);
}

TEST(ReplayTest, QosOneMessagesOfOneTopicKeepTheirOrder) {
    World world;
    Client publisher(world, Version::v5);
    Client subscriber(world, Version::v5);
    publisher.connect("publisher", kept());
    subscriber.connect("subscriber", kept());
    subscriber.subscribe("t", {.qos = 2});
    world.commit();
    Pair pair;
    pair.listen(publisher, subscriber);
    for (int i = 0; i < 300; ++i) {
        pair.publish(publisher, 1);
        if (i % 7 == 0) world.commit(), pair.listen(publisher, subscriber);
    }
    do
        world.commit();
    while (pair.listen(publisher, subscriber));
    ASSERT_EQ(pair.delivered.size(), 300U);
    for (int i = 0; i < 300; ++i)
        EXPECT_EQ(pair.delivered[static_cast<std::size_t>(i)], fmt::format("{}/1", i));
}

} // namespace
} // namespace hearth::broker::test
