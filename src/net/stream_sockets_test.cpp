#include "net/stream_sockets_fixture.h"

#include <netinet/tcp.h>

namespace hearth::net {
namespace {

using testing::HasSubstr;

TEST_F(StreamSocketsTest, BytesGoBothWays) {
    start();
    TestClient client = connect();
    EXPECT_EQ(handler.peers[last_id()].host, "127.0.0.1");
    EXPECT_EQ(sockets->open_connections(), 1U);

    client.send("ping");
    EXPECT_TRUE(turn_until([&] { return handler.received_bytes[last_id()] == "ping"; }));
    sockets->send(last_id(), "pong");
    EXPECT_EQ(sockets->unsent(last_id()), 4U);
    EXPECT_EQ(receive(client, 4), "pong");
    EXPECT_EQ(sockets->unsent(last_id()), 0U);
}

TEST_F(StreamSocketsTest, ListensOnIpv6Too) {
    start();
    const auto bound = sockets->listen({"::1", 0});
    ASSERT_TRUE(bound) << bound.error().detail;
    EXPECT_EQ(bound->host, "::1");

    const auto id = sockets->connect(*bound);
    ASSERT_TRUE(id) << id.error().detail;
    EXPECT_TRUE(turn_until([&] { return handler.opened_ids.size() == 2; }));
    for (const auto& [each, peer] : handler.peers)
        EXPECT_EQ(peer.host, "::1");
}

TEST_F(StreamSocketsTest, APortInUseIsNamedWithWhatToDo) {
    start();
    const auto again = sockets->listen(server);
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().code, Code::conflict);
    EXPECT_THAT(again.error().detail, HasSubstr(server.to_string() + ": the port is in use"));
    EXPECT_THAT(again.error().detail, HasSubstr("choose another port"));
}

TEST_F(StreamSocketsTest, AnAddressOfAnotherMachineIsRefused) {
    start();
    const auto bound = sockets->listen({"192.0.2.1", 0}); // RFC 5737: nobody's
    ASSERT_FALSE(bound);
    EXPECT_THAT(bound.error().detail, HasSubstr("no such address"));
    EXPECT_EQ(sockets->listen({"localhost", 0}).error().code, Code::invalid);
}

TEST_F(StreamSocketsTest, AfterStopListeningNobodyComesAndConnectionsStay) {
    start();
    TestClient client = connect();
    sockets->stop_listening();
    const auto refused = sockets->connect(server);
    ASSERT_TRUE(refused);
    EXPECT_TRUE(turn_until_closed(*refused));
    sockets->send(last_id(), "still here");
    EXPECT_EQ(receive(client, 10), "still here");
}

TEST_F(StreamSocketsTest, WhatIsLeftOverComesAgainWithWhatFollows) {
    start();
    TestClient client = connect();
    std::vector<std::string> offers;
    handler.on_received = [&](ConnectionId, std::string_view bytes) -> std::size_t {
        offers.emplace_back(bytes);
        const auto end = bytes.rfind('.');
        return end == std::string_view::npos ? 0 : end + 1;
    };
    client.send("first.sec");
    EXPECT_TRUE(turn_until([&] { return offers.size() == 1; }));
    client.send("ond");
    EXPECT_TRUE(turn_until([&] { return offers.size() == 2; }));
    client.send(".third.");
    EXPECT_TRUE(turn_until([&] { return offers.size() == 3; }));
    EXPECT_THAT(offers, testing::ElementsAre("first.sec", "second", "second.third."));
}

TEST_F(StreamSocketsTest, APacketOfManyReadsArrivesWholeAndWhatFollowsToo) {
    start();
    TestClient client = connect();
    // A packet is a digit d and 10^d bytes.
    std::vector<std::string> packets;
    handler.on_received = [&](ConnectionId, std::string_view bytes) {
        std::size_t used = 0;
        while (used < bytes.size()) {
            std::size_t size = 1;
            for (char power = '0'; power < bytes[used]; ++power)
                size *= 10;
            if (bytes.size() - used < 1 + size) break;
            packets.emplace_back(bytes.substr(used + 1, size));
            used += 1 + size;
        }
        return used;
    };
    std::string stream;
    for (int round = 0; round < 3; ++round) {
        stream += "5" + std::string(100'000, 'a');
        stream += "1" + std::string(10, 'b');
        stream += "4" + std::string(10'000, 'c');
        stream += "5" + std::string(100'000, 'd');
        stream += "0e";
    }
    std::string_view left = stream;
    EXPECT_TRUE(turn_until([&] {
        left.remove_prefix(client.send(left));
        return packets.size() == 15;
    }));
    ASSERT_EQ(packets.size(), 15U);
    for (std::size_t i = 0; i < packets.size(); i += 5) {
        EXPECT_EQ(packets[i], std::string(100'000, 'a'));
        EXPECT_EQ(packets[i + 1], std::string(10, 'b'));
        EXPECT_EQ(packets[i + 2], std::string(10'000, 'c'));
        EXPECT_EQ(packets[i + 3], std::string(100'000, 'd'));
        EXPECT_EQ(packets[i + 4], "e");
    }
}

TEST_F(StreamSocketsTest, WhatIsSentInOneTurnLeavesInOneCall) {
    start();
    TestClient client = connect();
    const auto before = sockets->counters().send_calls;
    const auto large = std::make_shared<const std::string>(5000, 's');
    sockets->send(last_id(), "one ");
    sockets->send(last_id(), "two ");
    sockets->send(last_id(), large);
    sockets->send(last_id(), std::make_shared<const std::string>(" small"));
    EXPECT_EQ(sockets->counters().send_calls, before); // not before flush()
    EXPECT_EQ(receive(client, 5014), "one two " + *large + " small");
    EXPECT_EQ(sockets->counters().send_calls, before + 1);
}

TEST_F(StreamSocketsTest, ATurnWithNothingToSendSendsNothing) {
    start();
    TestClient client = connect();
    const auto before = sockets->counters().send_calls;
    for (int i = 0; i < 5; ++i)
        shard.turn(0);
    EXPECT_EQ(sockets->counters().send_calls, before);
}

TEST_F(StreamSocketsTest, LargeSharedBytesAreHeldOnlyUntilTheyAreSent) {
    start();
    TestClient client = connect();
    const auto shared = std::make_shared<const std::string>(5000, 's');
    sockets->send(last_id(), shared);
    EXPECT_EQ(shared.use_count(), 2);
    receive(client, 5000);
    EXPECT_EQ(shared.use_count(), 1);
}

TEST_F(StreamSocketsTest, ConnectionsDoNotWaitForMoreToSend) {
    start();
    TestClient client = connect();
    // The server's end is the descriptor of this process whose peer is the client.
    sockaddr_in own{};
    socklen_t size = sizeof own;
    getsockname(client.descriptor(), reinterpret_cast<sockaddr*>(&own), &size);
    int found = 0;
    for (int descriptor = 0; descriptor < 1000; ++descriptor) {
        sockaddr_in peer{};
        size = sizeof peer;
        if (getpeername(descriptor, reinterpret_cast<sockaddr*>(&peer), &size) != 0) continue;
        if (peer.sin_port != own.sin_port) continue;
        ++found;
        int on = 0;
        size = sizeof on;
        getsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, &size);
        EXPECT_NE(on, 0);
    }
    EXPECT_EQ(found, 1);
}

TEST_F(StreamSocketsTest, ConnectOpensAndWhatWasSentMeanwhileLeaves) {
    start();
    const auto id = sockets->connect(server);
    ASSERT_TRUE(id);
    sockets->send(*id, "hello");
    shard.turn(0);
    EXPECT_TRUE(turn_until([&] { return handler.opened_ids.size() == 2; }));
    const ConnectionId other =
        handler.opened_ids[0] == *id ? handler.opened_ids[1] : handler.opened_ids[0];
    EXPECT_EQ(handler.peers[*id], server);
    EXPECT_TRUE(turn_until([&] { return handler.received_bytes[other] == "hello"; }));
}

TEST_F(StreamSocketsTest, AConnectThatIsRefusedIsToldAsClosedAndNeverAsOpened) {
    start();
    sockets->stop_listening();
    const auto id = sockets->connect(server);
    ASSERT_TRUE(id);
    EXPECT_TRUE(turn_until_closed(*id));
    EXPECT_THAT(handler.closed_why[*id], HasSubstr("Connection refused"));
    EXPECT_TRUE(handler.opened_ids.empty());
    EXPECT_EQ(sockets->open_connections(), 0U);
}

TEST_F(StreamSocketsTest, AHandlerThatIsToldMayUseTheSocketsAtOnce) {
    start();
    handler.on_opened = [&](ConnectionId id) { sockets->send(id, "welcome"); };
    handler.on_received = [&](ConnectionId id, std::string_view bytes) {
        sockets->send(id, bytes);
        return bytes.size();
    };
    TestClient client = connect();
    client.send("echo");
    EXPECT_EQ(receive(client, 11), "welcomeecho");
}

TEST_F(StreamSocketsTest, AnIdOfThePastMeansNobody) {
    start();
    TestClient first = connect();
    const ConnectionId old = last_id();
    first.close();
    EXPECT_TRUE(turn_until_closed(old));

    TestClient second = connect();
    ASSERT_NE(last_id(), old);
    sockets->send(old, "for the dead");
    sockets->close(old, "again");
    sockets->abort(old, "again");
    sockets->pause(old);
    sockets->resume(old);
    EXPECT_EQ(sockets->unsent(old), 0U);
    sockets->send(last_id(), "x");
    EXPECT_EQ(receive(second, 1), "x");
    EXPECT_EQ(sockets->open_connections(), 1U);
}

TEST_F(StreamSocketsTest, TwoThousandConnectionsAreServed) {
    start();
    handler.on_received = [&](ConnectionId id, std::string_view bytes) {
        sockets->send(id, bytes);
        return bytes.size();
    };
    std::vector<TestClient> clients;
    for (int i = 0; i < 2000; ++i) {
        clients.push_back(TestClient::connect_to(server));
        if (i % 100 == 0) shard.turn(0);
    }
    EXPECT_TRUE(turn_until([&] { return sockets->open_connections() == 2000; }));
    for (const TestClient& client : clients)
        client.send("hi");
    for (TestClient& client : clients)
        ASSERT_EQ(receive(client, 2), "hi");
    clients.clear();
    EXPECT_TRUE(turn_until([&] { return handler.closed_why.size() == 2000; }));
    EXPECT_EQ(sockets->open_connections(), 0U);
}

TEST_F(StreamSocketsTest, CountersAreShownAsMetrics) {
    start();
    Metrics metrics;
    sockets->show_in(metrics);
    TestClient client = connect();
    EXPECT_THAT(metrics.render(), HasSubstr("\nhearth_net_connections 1\n"));
    EXPECT_THAT(metrics.render(), HasSubstr("\nhearth_net_accepted 1\n"));
}

} // namespace
} // namespace hearth::net
